// SPDX-License-Identifier: GPL-2.0
/*
 * What one processor writes and another one wants too: a plugin of QEMU that notes which kernel addresses each emulated
 * processor reads and writes between two marks. Memory that both use while one writes it is what makes two
 * processors slower than twice one, on any machine.
 *
 * A mark is a store of the guest's to MARK + 8 * n (mark.c): n = 0 ends a count, another one begins count n. Each
 * cache line that both processors used is printed when a count ends, to the file given as out=...:
 *
 *	COUNT LINE READS0 WRITES0 READS1 WRITES1 PC OFFSET
 *
 * PC is the instruction that wrote last, OFFSET where in the line.
 *
 * No Debian package carries the header of QEMU's plugins: what is used of interface version 1 is declared here.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK	UINT64_C(0x5ca1ab1e000)
#define CPUS	2
#define SLOTS	(1u << 20)	/* lines a processor may use in one count */

#define EXPORT	__attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { CB_NO_REGS = 0, MEM_RW = 3 };

EXPORT int qemu_plugin_version = 1;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   void (*cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *tb));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
				      void (*cb)(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t addr, void *pc),
				      int flags, int rw, void *pc);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);

struct line {
	uint64_t key;	/* address / 64; 0: free */
	uint64_t reads, writes, pc;
	unsigned int offset;
};

static struct line *lines[CPUS];
static volatile unsigned int count;	/* 0: none under way */
static pthread_mutex_t marking = PTHREAD_MUTEX_INITIALIZER;
static FILE *out;

static struct line *line_of(unsigned int cpu, uint64_t key, bool make)
{
	uint64_t i = key * UINT64_C(0x9e3779b97f4a7c15) >> 44;
	unsigned int tries;

	for (tries = 0; tries < SLOTS; tries++, i = (i + 1) % SLOTS) {
		struct line *l = &lines[cpu][i];

		if (l->key == key)
			return l;
		if (!l->key) {
			if (!make)
				return NULL;
			l->key = key;
			return l;
		}
	}
	fprintf(stderr, "lines: more than %u of them\n", SLOTS);
	abort();
}

static void print_shared(void)
{
	unsigned int i;

	for (i = 0; i < SLOTS; i++) {
		const struct line *a = &lines[0][i], *b;

		b = a->key ? line_of(1, a->key, false) : NULL;
		if (!b || !(a->writes + b->writes))
			continue;
		fprintf(out, "%u %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIx64 " %u\n", count,
			a->key << 6, a->reads, a->writes, b->reads, b->writes, a->writes ? a->pc : b->pc,
			a->writes ? a->offset : b->offset);
	}
	fflush(out);
}

static void mark(uint64_t n)
{
	unsigned int cpu;

	pthread_mutex_lock(&marking);
	if (count)
		print_shared();
	count = 0;
	for (cpu = 0; cpu < CPUS; cpu++)
		memset(lines[cpu], 0, SLOTS * sizeof(*lines[cpu]));
	count = n;
	pthread_mutex_unlock(&marking);
}

static void touched(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t addr, void *pc)
{
	struct line *l;

	if (!(addr >> 63)) {
		if (addr - MARK < 4096 && qemu_plugin_mem_is_store(info))
			mark((addr - MARK) / 8);
		return;
	}
	if (!count || cpu >= CPUS)
		return;
	l = line_of(cpu, addr >> 6, true);
	if (qemu_plugin_mem_is_store(info)) {
		l->writes++;
		l->pc = (uintptr_t)pc;
		l->offset = addr & 63;
	} else {
		l->reads++;
	}
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i;

	(void)id;
	for (i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		qemu_plugin_register_vcpu_mem_cb(insn, touched, CB_NO_REGS, MEM_RW,
						 (void *)(uintptr_t)qemu_plugin_insn_vaddr(insn));
	}
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	unsigned int cpu;

	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) || !(out = fopen(argv[0] + 4, "w"))) {
		fprintf(stderr, "lines: wants out=PATH\n");
		return -1;
	}
	for (cpu = 0; cpu < CPUS; cpu++) {
		lines[cpu] = calloc(SLOTS, sizeof(*lines[cpu]));
		if (!lines[cpu])
			return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
