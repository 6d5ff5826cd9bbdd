// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls by which ifenslave programs of every age talk to a bond.
 *
 *	bondioctl new|old|new32|old32 enslave|release|hwaddr|active BOND PORT
 *	bondioctl ... info BOND
 *	bondioctl ... port BOND NUMBER
 *
 * "old" are the private numbers of before 2003. With "32" the call takes the
 * way of a 32-bit program: int 0x80, struct ifreq as those have it. Prints OK
 * or the errno, then what was asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if.h>
#include <linux/if_bonding.h>
#include <linux/sockios.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

struct command {
	const char *name;
	unsigned int now, old;
};

static const struct command commands[] = {
	{ "enslave", SIOCBONDENSLAVE, BOND_ENSLAVE_OLD },
	{ "release", SIOCBONDRELEASE, BOND_RELEASE_OLD },
	{ "hwaddr", SIOCBONDSETHWADDR, BOND_SETHWADDR_OLD },
	{ "active", SIOCBONDCHANGEACTIVE, BOND_CHANGE_ACTIVE_OLD },
	{ "info", SIOCBONDINFOQUERY, BOND_INFO_QUERY_OLD },
	{ "port", SIOCBONDSLAVEINFOQUERY, BOND_SLAVE_INFO_QUERY_OLD },
	{ NULL, 0, 0 },
};

/* all that a 32-bit program may point to, below 4 GiB */
struct low {
	struct ifreq ifr;
	struct ifbond bond;
	struct ifslave port;
};

static int call32(int fd, unsigned int cmd, void *arg)
{
	long rc = 54;	/* __NR_ioctl of i386 */

	__asm__ volatile("int $0x80" : "+a"(rc)
			 : "b"((long)fd), "c"((long)cmd), "d"(arg)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)rc < 0) {
		errno = -(int)rc;
		return -1;
	}
	return 0;
}

/* Where the answer goes: a pointer as wide as the caller's. */
static void point(struct ifreq *ifr, void *to, int narrow)
{
	unsigned int low = (uintptr_t)to;

	if (narrow)
		memcpy(&ifr->ifr_ifru, &low, sizeof(low));
	else
		ifr->ifr_data = to;
}

static void tell(const struct low *l, const char *what, int rc)
{
	printf("%s", rc ? strerrorname_np(errno) : "OK");
	if (!rc && !strcmp(what, "info"))
		printf(" mode %d, %d ports, miimon %d", l->bond.bond_mode,
		       l->bond.num_slaves, l->bond.miimon);
	if (!rc && !strcmp(what, "port"))
		printf(" %d %.15s link %d state %d failures %u",
		       l->port.slave_id, l->port.slave_name, l->port.link,
		       l->port.state, l->port.link_failure_count);
	puts("");
}

int main(int argc, char **argv)
{
	int narrow = argc > 1 && strstr(argv[1], "32");
	const struct command *c = commands;
	unsigned int cmd;
	struct low *l;
	int fd, rc;

	while (argc > 2 && c->name && strcmp(c->name, argv[2]))
		c++;
	if (argc < 4 || !c->name) {
		fprintf(stderr,
			"usage: bondioctl new|old|new32|old32 COMMAND BOND [PORT|NUMBER]\n");
		return 2;
	}
	l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (l == MAP_FAILED || fd < 0) {
		perror("bondioctl");
		return 2;
	}
	strncpy(l->ifr.ifr_name, argv[3], IFNAMSIZ - 1);
	if (!strcmp(c->name, "info")) {
		point(&l->ifr, &l->bond, narrow);
	} else if (!strcmp(c->name, "port")) {
		l->port.slave_id = argc > 4 ? atoi(argv[4]) : 0;
		point(&l->ifr, &l->port, narrow);
	} else if (argc > 4) {
		strncpy(l->ifr.ifr_slave, argv[4], IFNAMSIZ - 1);
	}
	cmd = strncmp(argv[1], "old", 3) ? c->now : c->old;
	rc = narrow ? call32(fd, cmd, &l->ifr) : ioctl(fd, cmd, &l->ifr);
	tell(l, c->name, rc);
	return 0;
}
