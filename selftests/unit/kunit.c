// SPDX-License-Identifier: GPL-2.0
/*
 * The runner behind kunit.h: runs every registered suite of this program,
 * prints TAP and ends with "N passed, M failed[, K skipped]". An argument runs
 * only the cases whose name contains it.
 */
#include "kunit.h"

#define MAX_SUITES 16

struct kunit_block {
	struct kunit_block *next;
	u8 bytes[] __aligned(16);
};

static struct kunit_suite *suites[MAX_SUITES];
static unsigned int n_suites, passed, failed, skipped;

void kunit_register(struct kunit_suite *suite)
{
	if (n_suites == MAX_SUITES)
		abort();
	suites[n_suites++] = suite;
}

void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	struct kunit_block *b = calloc(1, sizeof(*b) + size);

	(void)gfp;
	if (!b)
		abort();
	b->next = test->blocks;
	test->blocks = b;
	return b->bytes;
}

void kunit_leave(struct kunit *test)
{
	longjmp(test->leave, 1);
}

void kunit_complain(struct kunit *test, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	test->failed = true;
	printf("    # %s:%d: ", file, line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void kunit_check_num(struct kunit *test, const char *file, int line, bool ok,
		     const char *expr, long long left, long long right)
{
	if (!ok)
		kunit_complain(test, file, line, "expected %s, but %lld (0x%llx) and %lld (0x%llx)",
			       expr, left, left, right, right);
}

static void print_bytes(const char *side, const u8 *p, size_t len)
{
	printf("    #   %s", side);
	for (size_t i = 0; i < len; i++)
		printf(" %02x", p[i]);
	putchar('\n');
}

void kunit_check_mem(struct kunit *test, const char *file, int line, bool ok,
		     const char *expr, const void *left, const void *right, size_t len)
{
	if (ok)
		return;
	kunit_complain(test, file, line, "expected %s over %zu bytes", expr, len);
	print_bytes("left ", left, len);
	print_bytes("right", right, len);
}

/* One run of one case; volatile only because longjmp() passes through. */
static void run_one(struct kunit_suite *suite, struct kunit_case *c,
		    const void *param, const char *desc)
{
	static struct kunit test;
	const char *verdict;

	memset(&test, 0, sizeof(test));
	test.param_value = param;
	if (!setjmp(test.leave)) {
		if (suite->init && suite->init(&test))
			kunit_complain(&test, __FILE__, __LINE__, "suite init failed");
		else
			c->run_case(&test);
	}
	if (suite->exit)
		suite->exit(&test);
	while (test.blocks) {
		struct kunit_block *b = test.blocks;

		test.blocks = b->next;
		free(b);
	}

	verdict = test.failed ? "not ok" : "ok";
	if (test.failed)
		failed++;
	else if (test.skipped)
		skipped++;
	else
		passed++;
	printf("%s %u %s: %s%s%s%s%s\n", verdict, passed + failed + skipped, suite->name,
	       c->name, desc[0] ? " " : "", desc, test.skipped ? " # SKIP " : "",
	       test.skipped ? test.skipped : "");
}

static void run_case(struct kunit_suite *suite, struct kunit_case *c)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = NULL;

	if (!c->generate_params) {
		run_one(suite, c, NULL, "");
		return;
	}
	while ((param = c->generate_params(param, desc))) {
		run_one(suite, c, param, desc);
		desc[0] = 0;
	}
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "";

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned int i = 0; i < n_suites; i++) {
		struct kunit_suite *s = suites[i];

		if (s->suite_init && s->suite_init(s)) {
			printf("not ok %u %s: suite_init\n", ++failed + passed, s->name);
			continue;
		}
		for (struct kunit_case *c = s->test_cases; c->run_case; c++)
			if (strstr(c->name, only))
				run_case(s, c);
		if (s->suite_exit)
			s->suite_exit(s);
	}
	printf("1..%u\n", passed + failed + skipped);
	return failed ? 1 : 0;
}
