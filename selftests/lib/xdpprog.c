// SPDX-License-Identifier: GPL-2.0
/*
 * xdpprog - XDP programs for the tests, without a compiler in the guest.
 *
 *	xdpprog load pass|drop|tx PATH		pin a program that answers always the same
 *	xdpprog load drop-ip PATH		... that drops IPv4 and what has a tag, and lets the rest pass
 *	xdpprog load redirect PATH DEVICE	... that sends every frame to DEVICE
 *	xdpprog load spray PATH DEVICE [OFFSET]	... and gives it a random UDP source port first (at OFFSET, default 34)
 *	xdpprog load spread PATH DEVICE...	... and sends it to a random one of 1, 2, 4, 8... devices
 *	xdpprog link DEVICE PATH		attach natively by a BPF link, hold it until killed
 *	xdpprog send PATH COUNT [WORD=VALUE]...	let COUNT frames pass through the program as if received
 *		batch=16 vlan=ID sport=PORT dport=PORT src=IP dst=IP proto=N smac=MAC dmac=MAC; prints nanoseconds per frame
 *	xdpprog raw DEVICE COUNT [WORD=VALUE]...	send the same frame through DEVICE's queue, without XDP;
 *		flows=N takes N source ports and addresses in turn
 *
 * PATH is on a bpf file system; "ip link set DEVICE xdpdrv pinned PATH" attaches it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FLOW_PORT	34	/* UDP source port below an IPv4 header without options */
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define SET(reg, value)		INSN(BPF_ALU64 | BPF_MOV | BPF_K, reg, 0, 0, value)
#define COPY(to, from)		INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define ADD(reg, value)		INSN(BPF_ALU64 | BPF_ADD | BPF_K, reg, 0, 0, value)
#define AND(reg, value)		INSN(BPF_ALU64 | BPF_AND | BPF_K, reg, 0, 0, value)
#define TIMES(reg, value)	INSN(BPF_ALU64 | BPF_MUL | BPF_K, reg, 0, 0, value)
#define LOAD32(to, from, o)	INSN(BPF_LDX | BPF_MEM | BPF_W, to, from, o, 0)
#define LOAD16(to, from, o)	INSN(BPF_LDX | BPF_MEM | BPF_H, to, from, o, 0)
#define STORE16(to, from, o)	INSN(BPF_STX | BPF_MEM | BPF_H, to, from, o, 0)
#define SKIP_UNLESS_ABOVE(a, b, n) INSN(BPF_JMP | BPF_JLE | BPF_X, a, b, n, 0)
#define SKIP_UNLESS(reg, value, n) INSN(BPF_JMP | BPF_JNE | BPF_K, reg, 0, n, value)
#define CALL(helper)		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define EXIT			INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static void die(const char *what)
{
	fprintf(stderr, "xdpprog: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int bpf(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static unsigned int index_of(const char *name)
{
	unsigned int i = if_nametoindex(name);

	if (!i)
		die(name);
	return i;
}

static int prog_load(const struct bpf_insn *insns, unsigned int n)
{
	static char log[65536];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP, .insns = (uintptr_t)insns, .insn_cnt = n,
		.license = (uintptr_t)"GPL", .log_buf = (uintptr_t)log, .log_size = sizeof(log), .log_level = 1,
		.expected_attach_type = BPF_XDP,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		fprintf(stderr, "%s", log);
	return fd;
}

static int load_answer(int answer)
{
	const struct bpf_insn insns[] = { SET(BPF_REG_0, answer), EXIT };

	return prog_load(insns, COUNT(insns));
}

static int load_drop_ip(void)
{
	const struct bpf_insn insns[] = {
		LOAD32(BPF_REG_7, BPF_REG_1, 0),
		LOAD32(BPF_REG_8, BPF_REG_1, 4),
		SET(BPF_REG_0, XDP_PASS),
		COPY(BPF_REG_3, BPF_REG_7),
		ADD(BPF_REG_3, ETH_HLEN),
		SKIP_UNLESS_ABOVE(BPF_REG_3, BPF_REG_8, 1),
		EXIT,
		LOAD16(BPF_REG_4, BPF_REG_7, 12),
		SKIP_UNLESS(BPF_REG_4, htons(ETH_P_IP), 1),
		SET(BPF_REG_0, XDP_DROP),
		/* Let pass it would come back into the pool of "send" without its tag, on Linux 7.3. */
		SKIP_UNLESS(BPF_REG_4, htons(ETH_P_8021Q), 1),
		SET(BPF_REG_0, XDP_DROP),
		EXIT
	};

	return prog_load(insns, COUNT(insns));
}

static int load_redirect(int ifindex)
{
	const struct bpf_insn insns[] = {
		SET(BPF_REG_1, ifindex), SET(BPF_REG_2, 0), CALL(BPF_FUNC_redirect), EXIT
	};

	return prog_load(insns, COUNT(insns));
}

/* A random source port at @offset, and one of @count devices whose numbers are @step apart. */
static int load_spread(int first, int step, int count, int offset)
{
	const struct bpf_insn insns[] = {
		LOAD32(BPF_REG_7, BPF_REG_1, 0),
		LOAD32(BPF_REG_8, BPF_REG_1, 4),
		COPY(BPF_REG_3, BPF_REG_7),
		ADD(BPF_REG_3, offset + 2),
		SKIP_UNLESS_ABOVE(BPF_REG_3, BPF_REG_8, 2),
		SET(BPF_REG_0, XDP_DROP),
		EXIT,
		CALL(BPF_FUNC_get_prandom_u32),
		STORE16(BPF_REG_7, BPF_REG_0, offset),
		AND(BPF_REG_0, count - 1), TIMES(BPF_REG_0, step), ADD(BPF_REG_0, first),
		COPY(BPF_REG_1, BPF_REG_0), SET(BPF_REG_2, 0), CALL(BPF_FUNC_redirect), EXIT
	};

	return prog_load(insns, COUNT(insns));
}

static int load_spread_over(int count, char **names)
{
	int first, step, i;

	first = index_of(names[0]);
	step = count > 1 ? (int)index_of(names[1]) - first : 0;
	errno = EINVAL;
	if (count & (count - 1))
		die("spread: as many devices as a power of two");
	for (i = 1; i < count; i++)
		if ((int)index_of(names[i]) != first + i * step)
			die("spread: devices at equal distances");
	return load_spread(first, step, count, FLOW_PORT);
}

static int load(int argc, char **argv)
{
	union bpf_attr pin = {};
	int fd = -1;

	if (argc < 2)
		return 2;
	if (!strcmp(argv[0], "pass"))
		fd = load_answer(XDP_PASS);
	else if (!strcmp(argv[0], "drop"))
		fd = load_answer(XDP_DROP);
	else if (!strcmp(argv[0], "tx"))
		fd = load_answer(XDP_TX);
	else if (!strcmp(argv[0], "drop-ip"))
		fd = load_drop_ip();
	else if (!strcmp(argv[0], "redirect") && argc > 2)
		fd = load_redirect(index_of(argv[2]));
	else if (!strcmp(argv[0], "spray") && argc > 2)
		fd = load_spread(index_of(argv[2]), 0, 1, argc > 3 ? atoi(argv[3]) : FLOW_PORT);
	else if (!strcmp(argv[0], "spread") && argc > 2)
		fd = load_spread_over(argc - 2, argv + 2);
	else
		return 2;
	if (fd < 0)
		die("load");
	unlink(argv[1]);
	pin.pathname = (uintptr_t)argv[1];
	pin.bpf_fd = fd;
	if (bpf(BPF_OBJ_PIN, &pin))
		die(argv[1]);
	return 0;
}

static int pinned(const char *path)
{
	union bpf_attr attr = { .pathname = (uintptr_t)path };
	int fd = bpf(BPF_OBJ_GET, &attr);

	if (fd < 0)
		die(path);
	return fd;
}

static int hold_link(int argc, char **argv)
{
	union bpf_attr attr = {};

	if (argc < 2)
		return 2;
	attr.link_create.prog_fd = pinned(argv[1]);
	attr.link_create.target_ifindex = index_of(argv[0]);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = 1U << 2;	/* XDP_FLAGS_DRV_MODE */
	if (bpf(BPF_LINK_CREATE, &attr) < 0)
		die("link");
	printf("attached\n");
	fflush(stdout);
	pause();
	return 0;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put_mac(uint8_t *p, const char *text)
{
	unsigned int m[6];
	int i;

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6)
		die(text);
	for (i = 0; i < 6; i++)
		p[i] = m[i];
}

static const char *word(int argc, char **argv, const char *name, const char *otherwise)
{
	size_t n = strlen(name);

	for (; argc > 0; argc--, argv++)
		if (!strncmp(argv[0], name, n) && argv[0][n] == '=')
			return argv[0] + n + 1;
	return otherwise;
}

/* An UDP datagram of 60 octets, 64 with a tag; flow moves its source port and address on. */
static int frame(uint8_t *f, int flow, int argc, char **argv)
{
	int vlan = atoi(word(argc, argv, "vlan", "0"));
	uint32_t sum = 0;
	uint8_t *ip, *udp;
	int i;

	memset(f, 0, 64);
	put_mac(f, word(argc, argv, "dmac", "02:00:00:00:00:02"));
	put_mac(f + 6, word(argc, argv, "smac", "02:00:00:00:00:01"));
	ip = f + 14;
	if (vlan) {
		put16(f + 12, ETH_P_8021Q);
		put16(f + 14, vlan);
		ip = f + 18;
	}
	put16(ip - 2, ETH_P_IP);
	ip[0] = 0x45;
	put16(ip + 2, 46);
	ip[8] = 64;
	ip[9] = atoi(word(argc, argv, "proto", "17"));
	inet_pton(AF_INET, word(argc, argv, "src", "198.18.0.1"), ip + 12);
	inet_pton(AF_INET, word(argc, argv, "dst", "198.18.0.2"), ip + 16);
	ip[15] += flow;
	for (i = 0; i < 20; i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(ip + 10, ~(sum + (sum >> 16)));
	udp = ip + 20;
	put16(udp, atoi(word(argc, argv, "sport", "1000")) + flow);
	put16(udp + 2, atoi(word(argc, argv, "dport", "9")));
	put16(udp + 4, 26);
	return ip + 46 - f;
}

static int send_live(int argc, char **argv)
{
	union bpf_attr attr = {};
	uint8_t data[64];

	if (argc < 2)
		return 2;
	attr.test.prog_fd = pinned(argv[0]);
	attr.test.repeat = atoi(argv[1]);
	attr.test.data_in = (uintptr_t)data;
	attr.test.data_size_in = frame(data, 0, argc - 2, argv + 2);
	attr.test.flags = 1U << 1;	/* BPF_F_TEST_XDP_LIVE_FRAMES */
	attr.test.batch_size = atoi(word(argc - 2, argv + 2, "batch", "16"));
	if (bpf(BPF_PROG_TEST_RUN, &attr))
		die("send");
	printf("%u\n", attr.test.duration);
	return 0;
}

static int send_raw(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int fd, len, n, flows;
	uint8_t data[64];

	if (argc < 2)
		return 2;
	to.sll_ifindex = index_of(argv[0]);
	flows = atoi(word(argc - 2, argv + 2, "flows", "1"));
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		die("socket");
	for (n = atoi(argv[1]); n > 0; n--) {
		len = frame(data, n % flows, argc - 2, argv + 2);
		if (sendto(fd, data, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
			die("sendto");
	}
	return 0;
}

int main(int argc, char **argv)
{
	int rc = 2;

	if (argc > 2 && !strcmp(argv[1], "load"))
		rc = load(argc - 2, argv + 2);
	else if (argc > 2 && !strcmp(argv[1], "link"))
		rc = hold_link(argc - 2, argv + 2);
	else if (argc > 2 && !strcmp(argv[1], "send"))
		rc = send_live(argc - 2, argv + 2);
	else if (argc > 2 && !strcmp(argv[1], "raw"))
		rc = send_raw(argc - 2, argv + 2);
	if (rc == 2)
		fprintf(stderr, "usage: see the head of xdpprog.c\n");
	return rc;
}
