// SPDX-License-Identifier: GPL-2.0
/*
 * Any octets as ARP or neighbour discovery, to the monitor and to balance-alb:
 * nothing is read beyond the end, no frame is believed that does not name a
 * target and us, and a rewritten message differs in the MAC address and the
 * checksum only and keeps its checksum's sum.
 *
 * Input: octet 0 family and role, octet 1 arp_validate, then the network
 * header on.
 */
#include "bond_core/probe.h"
#include "bond_core/rlb.h"

static const __be32 v4[PROBE_TARGETS] = { 0x020000c0 };
static const struct in6_addr v6[PROBE_TARGETS] = {
	{ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 2 } },
};

static bool own4(void *ctx, __be32 addr)
{
	*(bool *)ctx = true;
	return addr == 0x010000c0;
}

static bool own6(void *ctx, const struct in6_addr *addr)
{
	*(bool *)ctx = true;
	return addr->s6_addr[15] == 1;
}

static void judge(const u8 *in, __be16 proto, const u8 *net, u32 len)
{
	bool asked = false;
	struct probe_config cfg = { .interval = 100, .missed_max = 2, .validate = in[1] % 7,
				    .v4 = v4, .v6 = v6 };
	struct probe_scene s = { .cfg = &cfg, .role = (in[0] >> 1) % 3, .to_us = true,
				 .active_heard = true, .now = 1000, .own4 = own4, .own6 = own6,
				 .ctx = &asked };
	struct probe_times t = { .tx = 990 };
	struct probe_frame f;
	bool validate, plain;

	probe_parse(&f, proto, net, len);
	plain = probe_counts(&cfg, s.role, f.kind, &validate);
	if (probe_receive(&t, &f, &s) && !plain && f.kind != PROBE_ARP && f.kind != PROBE_ND)
		abort();
	if (!plain && t.rx && !t.target_rx[0] && !t.target_rx[PROBE_TARGETS])
		abort();
	/* an address of ours is only looked for when a target was named */
	if (asked && !validate)
		abort();
}

static u32 sum16(const u8 *p, u32 len)
{
	u32 sum = 0;

	for (u32 i = 0; i + 1 < len; i += 2)
		sum += get_unaligned_be16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum % 0xffff;
}

static void rewrite(__be16 proto, u8 *net, u32 len)
{
	static const u8 mac[ETH_ALEN] = { 2, 0xff, 0, 7, 0x80, 1 };
	struct rlb_frame f, again;
	u32 before = sum16(net, len);
	u8 *was = malloc(len ? len : 1);

	memcpy(was, net, len);
	rlb_parse(&f, proto, net, len);
	if (f.kind == RLB_OTHER && f.mac_off)
		abort();
	rlb_rewrite(net, &f, mac);
	for (u32 i = 0; i < len; i++)
		if (net[i] != was[i] && (i < f.mac_off || i >= f.mac_off + ETH_ALEN) &&
		    (!f.sum_off || i < f.sum_off || i >= f.sum_off + 2))
			abort();
	if (f.mac_off && f.sum_off && sum16(net, len) != before)
		abort();
	rlb_parse(&again, proto, net, len);
	if (again.kind != f.kind || (f.mac_off && memcmp(again.mac, mac, ETH_ALEN)))
		abort();
	free(was);
}

int LLVMFuzzerTestOneInput(const u8 *in, size_t size)
{
	__be16 proto;
	u8 *net;
	u32 len;

	if (size < 2)
		return 0;
	len = (u32)(size - 2);
	net = malloc(len ? len : 1);
	memcpy(net, in + 2, len);
	proto = in[0] & 1 ? cpu_to_be16(ETH_P_ARP) : cpu_to_be16(ETH_P_IPV6);
	judge(in, proto, net, len);
	rewrite(proto, net, len);
	free(net);
	return 0;
}
