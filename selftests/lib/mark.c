// SPDX-License-Identifier: GPL-2.0
/*
 * mark N: tells the plugin of selftests/bench/lines.c that count N begins, 0: that the one under way ends.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define MARK	UINT64_C(0x5ca1ab1e000)

int main(int argc, char **argv)
{
	unsigned int n = argc == 2 ? atoi(argv[1]) : 512;
	volatile uint64_t *page;

	if (n >= 512) {
		fprintf(stderr, "usage: mark N, N below 512\n");
		return 2;
	}
	page = mmap((void *)MARK, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE,
		    -1, 0);
	if (page == MAP_FAILED) {
		perror("mark");
		return 1;
	}
	page[n] = 1;
	return 0;
}
