/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's tests of bpf expect of the program they are part of, as far as xdp_bonding does: checks that say what
 * is wrong and go on, commands, subtests.  Theirs needs a kernel's debugging data and hundreds of other tests with it.
 */
#ifndef TEST_PROGS_H
#define TEST_PROGS_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

/**
 * test__start_subtest() - the next part begins, the one before is settled
 * @name: what it is called
 *
 * Return: whether it is to run; always.
 */
bool test__start_subtest(const char *name);

/**
 * verdict() - note what a check found
 * @good: whether it holds
 * @what: the test's words for it
 * @found: the number that was found
 *
 * Return: @good.
 */
bool verdict(bool good, const char *what, long long found);

/**
 * run() - have a shell run a command
 * @format: the command, as for printf()
 *
 * Return: what system() does; a command that is too long is -1.
 */
int run(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define PRINT_FAIL(format, ...) (printf("# " format, ##__VA_ARGS__), verdict(false, "PRINT_FAIL", 0))

#define ASSERT_RELATION(a, relation, b, what)                          \
	({                                                             \
		__typeof__(a) left_ = (a);                             \
		__typeof__(b) right_ = (b);                            \
		verdict(left_ relation right_, what, (long long)left_); \
	})
#define ASSERT_EQ(a, b, what) ASSERT_RELATION(a, ==, b, what)
#define ASSERT_NEQ(a, b, what) ASSERT_RELATION(a, !=, b, what)
#define ASSERT_LT(a, b, what) ASSERT_RELATION(a, <, b, what)
#define ASSERT_LE(a, b, what) ASSERT_RELATION(a, <=, b, what)
#define ASSERT_GT(a, b, what) ASSERT_RELATION(a, >, b, what)
#define ASSERT_GE(a, b, what) ASSERT_RELATION(a, >=, b, what)
#define ASSERT_OK(result, what) ASSERT_EQ(result, 0, what)
#define ASSERT_OK_PTR(pointer, what)                           \
	({                                                     \
		long error_ = libbpf_get_error(pointer);       \
		verdict(error_ == 0, what, error_);            \
	})
#define ASSERT_ERR_PTR(pointer, what)                          \
	({                                                     \
		long error_ = libbpf_get_error(pointer);       \
		verdict(error_ != 0, what, error_);            \
	})

#define SYS(label, ...)                                        \
	({                                                     \
		if (!ASSERT_OK(run(__VA_ARGS__), #__VA_ARGS__)) \
			goto label;                            \
	})
#define SYS_NOFAIL(...) ((void)run(__VA_ARGS__))

#endif
