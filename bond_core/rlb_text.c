// SPDX-License-Identifier: GPL-2.0
/*
 * balance-alb's clients as users read them.
 */
#include "rlb.h"

/* The longest run of zero groups; Return: its length, start in *at. */
static u32 zero_run(const u8 *a, u32 *at)
{
	u32 i, n, best = 0;

	for (i = 0; i < 8; i++) {
		for (n = 0; i + n < 8 && !get_unaligned_be16(a + 2 * (i + n)); n++)
			;
		if (n > best) {
			best = n;
			*at = i;
		}
	}
	return best;
}

/* RFC 5952 */
static void print_addr(char *buf, u32 size, const struct in6_addr *addr)
{
	const struct in6_addr v4 = rlb_addr4(0);
	const u8 *a = addr->s6_addr;
	u32 i, at = 0, run = zero_run(a, &at), len = 0;

	if (!memcmp(addr, &v4, 12)) {
		scnprintf(buf, size, "%u.%u.%u.%u", a[12], a[13], a[14], a[15]);
		return;
	}
	for (i = 0; i < 8; i++) {
		if (run > 1 && i == at) {
			len += scnprintf(buf + len, size - len, i ? ":" : "::");
			i += run - 1;
			continue;
		}
		len += scnprintf(buf + len, size - len, i < 7 ? "%x:" : "%x",
				 get_unaligned_be16(a + 2 * i));
	}
}

/**
 * rlb_row() - a client as users read it
 * @buf: for the text, one line
 * @size: of @buf, RLB_ROW_MAX suffices
 * @c: the client
 * @port: name of its port
 *
 * Context: any, touches nothing but its arguments.
 * Return: length of the text.
 */
u32 rlb_row(char *buf, u32 size, const struct rlb_client *c, const char *port)
{
	char own[40], peer[40];

	print_addr(own, sizeof(own), &c->key.own);
	print_addr(peer, sizeof(peer), &c->key.peer);
	return scnprintf(buf, size, "%-15s %-15s %02x:%02x:%02x:%02x:%02x:%02x %s\n", own, peer,
			 c->mac[0], c->mac[1], c->mac[2], c->mac[3], c->mac[4], c->mac[5], port);
}
