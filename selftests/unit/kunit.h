/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit's spelling for ordinary programs.
 *
 * A suite includes this file and the core headers it tests. In a kernel it is
 * <kunit/test.h>; here the same words print TAP. One suite file becomes one
 * program, so static names may repeat between suites.
 */
#ifndef SELFTESTS_KUNIT_H
#define SELFTESTS_KUNIT_H

#ifdef __KERNEL__

#include <kunit/test.h>

#else

#include <setjmp.h>
#include "bond_core/shim.h"

#define GFP_KERNEL 0
#define KUNIT_PARAM_DESC_SIZE 128
#define MODULE_LICENSE(x)	_Static_assert(1, "")
#define MODULE_DESCRIPTION(x)	_Static_assert(1, "")
#define MODULE_AUTHOR(x)	_Static_assert(1, "")

struct kunit {
	void *priv;
	const void *param_value;
	bool failed;
	const char *skipped;
	jmp_buf leave;
	struct kunit_block *blocks;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	struct kunit_case *test_cases;
};

void kunit_register(struct kunit_suite *suite);
void *kunit_kzalloc(struct kunit *test, size_t size, int gfp);
__attribute__((__noreturn__)) void kunit_leave(struct kunit *test);
__attribute__((__format__(printf, 4, 5)))
void kunit_complain(struct kunit *test, const char *file, int line, const char *fmt, ...);
void kunit_check_num(struct kunit *test, const char *file, int line, bool ok,
		     const char *expr, long long left, long long right);
void kunit_check_mem(struct kunit *test, const char *file, int line, bool ok,
		     const char *expr, const void *left, const void *right, size_t len);

#define kunit_kmalloc(test, size, gfp) kunit_kzalloc(test, size, gfp)
#define kunit_kcalloc(test, n, size, gfp) kunit_kzalloc(test, (n) * (size), gfp)
#define kunit_info(test, fmt, ...) printf("    # " fmt "\n", ##__VA_ARGS__)
#define kunit_skip(test, fmt, ...) \
	do { (test)->skipped = fmt; kunit_leave(test); } while (0)

#define KUNIT_CASE(fn) { .run_case = fn, .name = #fn }
#define KUNIT_CASE_SLOW(fn) KUNIT_CASE(fn)
#define KUNIT_CASE_PARAM(fn, gen) { .run_case = fn, .name = #fn, .generate_params = gen }
#define KUNIT_ARRAY_PARAM(n, array, get_desc)				\
	static const void *n##_gen_params(const void *prev, char *desc)	\
	{								\
		__typeof__((array)[0]) *p = prev ?			\
			(__typeof__((array)[0]) *)prev + 1 : (array);	\
		void (*describe)(__typeof__(p), char *) = get_desc;	\
									\
		if (p >= (array) + ARRAY_SIZE(array))			\
			return NULL;					\
		if (describe)						\
			describe(p, desc);				\
		return p;						\
	}

#define KUNIT_SUITE_ID2(line) kunit_suite_reg_##line
#define KUNIT_SUITE_ID(line) KUNIT_SUITE_ID2(line)
#define kunit_test_suites(...)						\
	static __attribute__((__constructor__)) void KUNIT_SUITE_ID(__LINE__)(void) \
	{								\
		struct kunit_suite *all[] = { __VA_ARGS__ };		\
									\
		for (size_t i = 0; i < ARRAY_SIZE(all); i++)		\
			kunit_register(all[i]);				\
	}								\
	_Static_assert(1, "")
#define kunit_test_suite(suite) kunit_test_suites(&suite)

/* what to do after a failed check: nothing, or leave the case */
#define KUNIT_STAY(test)	((void)0)
#define KUNIT_GO(test)		({ if ((test)->failed) kunit_leave(test); })

#define KUNIT_NUM(test, l, op, r, then) ({				\
	__typeof__(l) kunit_l = (l);					\
	__typeof__(r) kunit_r = (r);					\
	kunit_check_num(test, __FILE__, __LINE__, kunit_l op kunit_r,	\
			#l " " #op " " #r, (long long)kunit_l, (long long)kunit_r); \
	then(test); })
#define KUNIT_PTR(test, l, op, r, then) ({				\
	const void *kunit_l = (l), *kunit_r = (r);			\
	kunit_check_num(test, __FILE__, __LINE__, kunit_l op kunit_r,	\
			#l " " #op " " #r, (long)kunit_l, (long)kunit_r); \
	then(test); })
#define KUNIT_STR(test, l, op, r, then) ({				\
	const char *kunit_l = (l), *kunit_r = (r);			\
	if (!(strcmp(kunit_l, kunit_r) op 0))				\
		kunit_complain(test, __FILE__, __LINE__,		\
			       "%s: \"%s\" " #op " \"%s\"", #l, kunit_l, kunit_r); \
	then(test); })
#define KUNIT_MEM(test, l, op, r, n, then) ({				\
	const void *kunit_l = (l), *kunit_r = (r);			\
	size_t kunit_n = (n);						\
	kunit_check_mem(test, __FILE__, __LINE__, memcmp(kunit_l, kunit_r, kunit_n) op 0, \
			#l " " #op " " #r, kunit_l, kunit_r, kunit_n);	\
	then(test); })
#define KUNIT_BOOL(test, c, want, then) ({				\
	if ((!!(c)) != (want))						\
		kunit_complain(test, __FILE__, __LINE__, "expected %s to be %s", \
			       #c, want ? "true" : "false");		\
	then(test); })
/* EXPECT_..._MSG: the number check, then the message when it failed */
#define KUNIT_NUM_MSG(test, l, op, r, then, fmt, ...) ({		\
	__typeof__(l) kunit_l = (l);					\
	__typeof__(r) kunit_r = (r);					\
	if (!(kunit_l op kunit_r))					\
		kunit_complain(test, __FILE__, __LINE__,		\
			       #l " " #op " " #r " (%lld, %lld) " fmt,	\
			       (long long)kunit_l, (long long)kunit_r, ##__VA_ARGS__); \
	then(test); })
#define KUNIT_BOOL_MSG(test, c, want, then, fmt, ...) ({		\
	if ((!!(c)) != (want))						\
		kunit_complain(test, __FILE__, __LINE__, #c ": " fmt, ##__VA_ARGS__); \
	then(test); })

#define KUNIT_SUCCEED(test) ((void)(test))
#define KUNIT_FAIL(test, fmt, ...) \
	kunit_complain(test, __FILE__, __LINE__, fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(t, c) KUNIT_BOOL(t, c, true, KUNIT_STAY)
#define KUNIT_EXPECT_FALSE(t, c) KUNIT_BOOL(t, c, false, KUNIT_STAY)
#define KUNIT_EXPECT_EQ(t, l, r) KUNIT_NUM(t, l, ==, r, KUNIT_STAY)
#define KUNIT_EXPECT_NE(t, l, r) KUNIT_NUM(t, l, !=, r, KUNIT_STAY)
#define KUNIT_EXPECT_LT(t, l, r) KUNIT_NUM(t, l, <, r, KUNIT_STAY)
#define KUNIT_EXPECT_LE(t, l, r) KUNIT_NUM(t, l, <=, r, KUNIT_STAY)
#define KUNIT_EXPECT_GT(t, l, r) KUNIT_NUM(t, l, >, r, KUNIT_STAY)
#define KUNIT_EXPECT_GE(t, l, r) KUNIT_NUM(t, l, >=, r, KUNIT_STAY)
#define KUNIT_EXPECT_PTR_EQ(t, l, r) KUNIT_PTR(t, l, ==, r, KUNIT_STAY)
#define KUNIT_EXPECT_PTR_NE(t, l, r) KUNIT_PTR(t, l, !=, r, KUNIT_STAY)
#define KUNIT_EXPECT_NULL(t, p) KUNIT_PTR(t, p, ==, NULL, KUNIT_STAY)
#define KUNIT_EXPECT_NOT_NULL(t, p) KUNIT_PTR(t, p, !=, NULL, KUNIT_STAY)
#define KUNIT_EXPECT_STREQ(t, l, r) KUNIT_STR(t, l, ==, r, KUNIT_STAY)
#define KUNIT_EXPECT_STRNEQ(t, l, r) KUNIT_STR(t, l, !=, r, KUNIT_STAY)
#define KUNIT_EXPECT_MEMEQ(t, l, r, n) KUNIT_MEM(t, l, ==, r, n, KUNIT_STAY)
#define KUNIT_EXPECT_MEMNEQ(t, l, r, n) KUNIT_MEM(t, l, !=, r, n, KUNIT_STAY)

#define KUNIT_EXPECT_TRUE_MSG(t, c, ...) KUNIT_BOOL_MSG(t, c, true, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(t, c, ...) KUNIT_BOOL_MSG(t, c, false, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, ==, r, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_NE_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, !=, r, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_LT_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, <, r, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, <=, r, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_GT_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, >, r, KUNIT_STAY, __VA_ARGS__)
#define KUNIT_EXPECT_GE_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, >=, r, KUNIT_STAY, __VA_ARGS__)

#define KUNIT_ASSERT_TRUE(t, c) KUNIT_BOOL(t, c, true, KUNIT_GO)
#define KUNIT_ASSERT_FALSE(t, c) KUNIT_BOOL(t, c, false, KUNIT_GO)
#define KUNIT_ASSERT_EQ(t, l, r) KUNIT_NUM(t, l, ==, r, KUNIT_GO)
#define KUNIT_ASSERT_NE(t, l, r) KUNIT_NUM(t, l, !=, r, KUNIT_GO)
#define KUNIT_ASSERT_LT(t, l, r) KUNIT_NUM(t, l, <, r, KUNIT_GO)
#define KUNIT_ASSERT_LE(t, l, r) KUNIT_NUM(t, l, <=, r, KUNIT_GO)
#define KUNIT_ASSERT_GT(t, l, r) KUNIT_NUM(t, l, >, r, KUNIT_GO)
#define KUNIT_ASSERT_GE(t, l, r) KUNIT_NUM(t, l, >=, r, KUNIT_GO)
#define KUNIT_ASSERT_PTR_EQ(t, l, r) KUNIT_PTR(t, l, ==, r, KUNIT_GO)
#define KUNIT_ASSERT_NULL(t, p) KUNIT_PTR(t, p, ==, NULL, KUNIT_GO)
#define KUNIT_ASSERT_NOT_NULL(t, p) KUNIT_PTR(t, p, !=, NULL, KUNIT_GO)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(t, p) KUNIT_PTR(t, p, !=, NULL, KUNIT_GO)
#define KUNIT_ASSERT_STREQ(t, l, r) KUNIT_STR(t, l, ==, r, KUNIT_GO)
#define KUNIT_ASSERT_MEMEQ(t, l, r, n) KUNIT_MEM(t, l, ==, r, n, KUNIT_GO)
#define KUNIT_ASSERT_TRUE_MSG(t, c, ...) KUNIT_BOOL_MSG(t, c, true, KUNIT_GO, __VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(t, l, r, ...) KUNIT_NUM_MSG(t, l, ==, r, KUNIT_GO, __VA_ARGS__)

#endif /* __KERNEL__ */
#endif /* SELFTESTS_KUNIT_H */
