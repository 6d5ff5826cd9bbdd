// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the kernel's own test of XDP over bonds, which is part of a program of hundreds of tests, alone; prints TAP.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdarg.h>

#include "network_helpers.h"
#include "test_progs.h"

void serial_test_xdp_bonding(void);

static const char *part;	/* the running subtest */
static int parts, failed_parts;
static bool failed;

static void settle(void)
{
	if (!part)
		return;
	parts++;
	failed_parts += failed;
	printf("%sok %d - %s\n", failed ? "not " : "", parts, part);
	part = NULL;
	failed = false;
}

bool test__start_subtest(const char *name)
{
	settle();
	part = name;
	return true;
}

bool verdict(bool good, const char *what, long long found)
{
	int error = errno;

	if (!good) {
		printf("# %s: %lld (errno %d, %s)\n", what, found, error, strerror(error));
		failed = true;
		/* what fails before the first part, or between two, counts as well */
		if (!part)
			part = "what is done around the tests";
	}
	return good;
}

int run(const char *format, ...)
{
	char command[1024];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	if (length < 0 || length >= (int)sizeof(command))
		return -1;
	return system(command);
}

struct nstoken {
	int home;
};

struct nstoken *open_netns(const char *name)
{
	struct nstoken *token = malloc(sizeof(*token));
	char path[256];
	int there = -1;

	if (!token)
		return NULL;
	snprintf(path, sizeof(path), "/var/run/netns/%s", name);
	token->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = open(path, O_RDONLY | O_CLOEXEC);
	if (token->home >= 0 && there >= 0 && !setns(there, CLONE_NEWNET)) {
		close(there);
		return token;
	}
	if (there >= 0)
		close(there);
	if (token->home >= 0)
		close(token->home);
	free(token);
	return NULL;
}

void close_netns(struct nstoken *token)
{
	if (!token)
		return;
	ASSERT_OK(setns(token->home, CLONE_NEWNET), "back to the first namespace");
	close(token->home);
	free(token);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	serial_test_xdp_bonding();
	settle();
	printf("1..%d\n", parts);
	return failed_parts || !parts;
}
