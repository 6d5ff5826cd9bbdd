// SPDX-License-Identifier: GPL-2.0
/*
 * Any octets as ARP or neighbour discovery, to the monitor and to balance-alb:
 * nothing is read beyond the end, no frame is believed that does not name a
 * target and us, and a rewritten message differs in the MAC address and the
 * checksum only and keeps its checksum's sum.
 *
 * Input: octet 0 protocol, role, when we asked; octet 1 arp_validate, whose
 * frame it is, which targets there are; then the network header on.
 */
#include "bond_core/probe.h"
#include "bond_core/rlb.h"

#define V6 { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 2 } }

/* one target, a full table, none */
static const __be32 v4_one[PROBE_TARGETS] = { 0x020000c0 };
static const __be32 v4_full[PROBE_TARGETS] = { [0 ... PROBE_TARGETS - 1] = 0x030000c0 };
static const __be32 *const v4[] = { v4_one, v4_full, NULL, v4_one };
static const struct in6_addr v6_one[PROBE_TARGETS] = { V6 };
static const struct in6_addr v6_full[PROBE_TARGETS] = {
	[0 ... PROBE_TARGETS - 1] = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 3 } },
};
static const struct in6_addr *const v6[] = { v6_one, v6_full, NULL, v6_one };

/* a moment ago, long ago, later by another processor's clock */
static const u64 asked_at[] = { 990, 500, 1005, 990 };

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
	struct probe_config cfg = { .interval = 100, .missed_max = 2, .validate = (in[1] & 7) % 7,
				    .v4 = v4[in[1] >> 5 & 3], .v6 = v6[in[1] >> 5 & 3] };
	struct probe_scene s = { .cfg = &cfg, .role = (in[0] >> 2 & 3) % 3, .to_us = !(in[1] & 8),
				 .active_heard = !(in[1] & 16), .now = 1000, .own4 = own4,
				 .own6 = own6, .ctx = &asked };
	struct probe_times t = { .tx = asked_at[in[0] >> 4 & 3] };
	struct probe_frame f;
	bool validate, plain;
	u32 lag;

	probe_parse(&f, proto, net, len);
	plain = probe_counts(&cfg, s.role, f.kind, &validate);
	if (probe_receive(&t, &f, &s) && !plain && f.kind != PROBE_ARP && f.kind != PROBE_ND)
		abort();
	if (!plain && t.rx && !t.target_rx[0] && !t.target_rx[PROBE_TARGETS])
		abort();
	/* an address of ours is only looked for when a target was named */
	if (asked && !validate)
		abort();
	/* a target's second answer says nothing of how long they take */
	lag = t.lag;
	probe_receive(&t, &f, &s);
	if (t.lag != lag)
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
	static const u16 protos[] = { ETH_P_IPV6, ETH_P_ARP, ETH_P_IPV6, ETH_P_IP };
	__be16 proto;
	u8 *net;
	u32 len;

	if (size < 2)
		return 0;
	len = (u32)(size - 2);
	net = malloc(len ? len : 1);
	memcpy(net, in + 2, len);
	proto = cpu_to_be16(protos[in[0] & 3]);
	judge(in, proto, net, len);
	rewrite(proto, net, len);
	free(net);
	return 0;
}
