// SPDX-License-Identifier: GPL-2.0
/*
 * The frames balance-alb reads, rewrites and makes: addresses of ours are
 * changed and nothing else; duplicate detection, announcements to all and
 * signed messages are left alone; checksums stay right.
 */
#include "kunit.h"
#include "bond_core/rlb.h"

#define US	cpu_to_be32(0xc0000201)
#define PEER	cpu_to_be32(0xc00002fe)

static const u8 port_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 7 };
static const u8 peer_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xfe };
static const struct in6_addr us6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct in6_addr peer6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 0xfe } };
static const struct in6_addr all_nodes = { .s6_addr = { 0xff, 2, [15] = 1 } };

static void client(struct rlb_client *c, bool six)
{
	memset(c, 0, sizeof(*c));
	c->key.own = six ? us6 : rlb_addr4(US);
	c->key.peer = six ? peer6 : rlb_addr4(PEER);
	memcpy(c->mac, peer_mac, ETH_ALEN);
}

static u32 sum16(const u8 *p, u32 len, u32 sum)
{
	for (u32 i = 0; i < len; i += 2)
		sum += get_unaligned_be16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u32 nd_sum(const u8 *ip)
{
	u32 len = get_unaligned_be16(ip + 4);

	return sum16(ip + 8, 32 + len, len + 58);
}

static void arp_update_is_well_formed(struct kunit *test)
{
	static const u8 want[RLB_ARP_LEN] = {
		2, 0, 0, 0, 0, 0xfe, 2, 0, 0, 0, 0, 7, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 7, 192, 0, 2, 1,
		2, 0, 0, 0, 0, 0xfe, 192, 0, 2, 0xfe,
	};
	struct rlb_client c;
	u8 buf[RLB_FRAME_MAX];

	client(&c, false);
	KUNIT_EXPECT_EQ(test, rlb_build(buf, &c, port_mac, false), RLB_ARP_LEN);
	KUNIT_EXPECT_MEMEQ(test, buf, want, sizeof(want));
}

static void nd_update_is_well_formed(struct kunit *test)
{
	struct rlb_client c;
	u8 buf[RLB_FRAME_MAX];

	client(&c, true);
	memset(buf, 0xee, sizeof(buf));
	KUNIT_EXPECT_EQ(test, rlb_build(buf, &c, port_mac, false), RLB_NA_LEN);
	KUNIT_EXPECT_MEMEQ(test, buf, peer_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, buf[14 + 40], 136);
	KUNIT_EXPECT_EQ(test, buf[14 + 40 + 4], 0x20);
	KUNIT_EXPECT_MEMEQ(test, buf + 14 + 40 + 26, port_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, nd_sum(buf + 14), 0xffff);
	rlb_build(buf, &c, port_mac, true);
	KUNIT_EXPECT_EQ(test, buf[14 + 40 + 4], 0xa0);
	KUNIT_EXPECT_EQ(test, nd_sum(buf + 14), 0xffff);
}

/* an ARP frame, parsed as the bond would when it leaves */
static struct rlb_frame arp(u8 *buf, u16 op, __be32 sip, __be32 tip)
{
	struct rlb_frame f;
	struct rlb_client c;

	client(&c, false);
	rlb_build(buf, &c, port_mac, false);
	memset(buf, 0xee, 12);
	put_unaligned_be16(op, buf + 14 + 6);
	memcpy(buf + 14 + 14, &sip, 4);
	memcpy(buf + 14 + 24, &tip, 4);
	rlb_parse(&f, cpu_to_be16(ETH_P_ARP), buf + 14, RLB_ARP_LEN - 14);
	return f;
}

static void arp_kinds(struct kunit *test)
{
	u8 buf[RLB_FRAME_MAX];
	struct rlb_frame f = arp(buf, 2, US, PEER);
	struct in6_addr us = rlb_addr4(US), peer = rlb_addr4(PEER);

	KUNIT_EXPECT_EQ(test, f.kind, RLB_REPLY);
	KUNIT_EXPECT_MEMEQ(test, &f.speaker, &us, 16);
	KUNIT_EXPECT_MEMEQ(test, &f.listener, &peer, 16);
	KUNIT_EXPECT_MEMEQ(test, f.mac, port_mac, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, arp(buf, 1, US, PEER).kind, RLB_REQUEST);
	KUNIT_EXPECT_EQ(test, arp(buf, 1, US, US).kind, RLB_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, arp(buf, 2, US, US).kind, RLB_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, arp(buf, 1, 0, PEER).kind, RLB_OTHER);
	KUNIT_EXPECT_EQ(test, arp(buf, 2, US, 0).kind, RLB_OTHER);
	KUNIT_EXPECT_EQ(test, arp(buf, 3, US, PEER).kind, RLB_OTHER);
	arp(buf, 2, US, PEER);
	for (u32 len = 0; len < 28; len++) {
		rlb_parse(&f, cpu_to_be16(ETH_P_ARP), buf + 14, len);
		KUNIT_EXPECT_EQ(test, f.kind, RLB_OTHER);
	}
	buf[14 + 5] = 6;
	rlb_parse(&f, cpu_to_be16(ETH_P_ARP), buf + 14, 28);
	KUNIT_EXPECT_EQ(test, f.kind, RLB_OTHER);
	buf[14 + 5] = 4;
	buf[14 + 3] = 6;
	rlb_parse(&f, cpu_to_be16(ETH_P_ARP), buf + 14, 28);
	KUNIT_EXPECT_EQ(test, f.kind, RLB_OTHER);
	rlb_parse(&f, cpu_to_be16(ETH_P_IP), buf + 14, 28);
	KUNIT_EXPECT_EQ(test, f.kind, RLB_OTHER);
}

static void arp_rewrite_changes_the_sender_only(struct kunit *test)
{
	u8 buf[RLB_FRAME_MAX], was[RLB_FRAME_MAX];
	struct rlb_frame f = arp(buf, 2, US, PEER);

	memcpy(was, buf, sizeof(was));
	rlb_rewrite(buf + 14, &f, peer_mac);
	memcpy(was + 14 + 8, peer_mac, ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, buf, was, RLB_ARP_LEN);
	/* a frame that tells nothing is not touched */
	f = arp(buf, 1, 0, PEER);
	memcpy(was, buf, sizeof(was));
	rlb_rewrite(buf + 14, &f, peer_mac);
	KUNIT_EXPECT_MEMEQ(test, buf, was, RLB_ARP_LEN);
}

/* an NA or NS of ours in buf; Return: what the parser says */
static struct rlb_frame nd(u8 *buf, u8 type, u8 option)
{
	struct rlb_frame f;
	struct rlb_client c;

	client(&c, true);
	rlb_build(buf, &c, port_mac, false);
	buf[54] = type;
	buf[54 + 24] = option;
	rlb_parse(&f, cpu_to_be16(ETH_P_IPV6), buf + 14, RLB_NA_LEN - 14);
	return f;
}

static struct rlb_frame again(const u8 *buf, u32 len)
{
	struct rlb_frame f;

	rlb_parse(&f, cpu_to_be16(ETH_P_IPV6), buf + 14, len);
	return f;
}

static void nd_kinds(struct kunit *test)
{
	u8 buf[RLB_FRAME_MAX];
	u32 all = RLB_NA_LEN - 14;
	struct rlb_frame f = nd(buf, 136, 2);

	KUNIT_EXPECT_EQ(test, f.kind, RLB_REPLY);
	KUNIT_EXPECT_MEMEQ(test, &f.speaker, &us6, 16);
	KUNIT_EXPECT_MEMEQ(test, &f.listener, &peer6, 16);
	KUNIT_EXPECT_MEMEQ(test, f.mac, port_mac, ETH_ALEN);
	memcpy(buf + 14 + 24, &all_nodes, 16);
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_ANNOUNCE);

	f = nd(buf, 135, 1);
	KUNIT_EXPECT_EQ(test, f.kind, RLB_REQUEST);
	KUNIT_EXPECT_MEMEQ(test, &f.speaker, &us6, 16);
	KUNIT_EXPECT_MEMEQ(test, &f.listener, &us6, 16);
	KUNIT_EXPECT_NE(test, f.mac_off, 0);
	/* without any option */
	buf[14 + 5] = 24;
	KUNIT_EXPECT_EQ(test, again(buf, 64).kind, RLB_REQUEST);
	KUNIT_EXPECT_EQ(test, again(buf, 64).mac_off, 0);
	/* told without a MAC address: nothing to rewrite */
	KUNIT_EXPECT_EQ(test, nd(buf, 135, 2).mac_off, 0);
	KUNIT_EXPECT_EQ(test, nd(buf, 136, 1).kind, RLB_REPLY);
}

/* a router's message in buf, or one to it: so many octets, then an option */
static struct rlb_frame router(u8 *buf, u8 type, u32 head, u8 option)
{
	u32 len = 40 + head + 8;

	nd(buf, type, 0);
	memcpy(buf + 14 + 24, &all_nodes, 16);
	buf[14 + 5] = head + 8;
	memset(buf + 54, 0, 32);
	buf[54] = type;
	buf[54 + head] = option;
	buf[54 + head + 1] = 1;
	memcpy(buf + 54 + head + 2, port_mac, ETH_ALEN);
	return again(buf, len);
}

static void what_routers_tell(struct kunit *test)
{
	static const struct {
		u8 type;
		u32 head;
	} row[] = { { 133, 8 }, { 134, 16 } };
	u8 buf[RLB_FRAME_MAX];

	for (u32 i = 0; i < ARRAY_SIZE(row); i++) {
		struct rlb_frame f = router(buf, row[i].type, row[i].head, 1);
		u32 all = 40 + row[i].head + 8;

		KUNIT_EXPECT_EQ(test, f.kind, RLB_ANNOUNCE);
		KUNIT_EXPECT_MEMEQ(test, &f.speaker, &us6, 16);
		KUNIT_EXPECT_MEMEQ(test, f.mac, port_mac, ETH_ALEN);
		KUNIT_EXPECT_EQ(test, f.mac_off, all - 6);
		for (u32 len = 0; len < all; len++)
			KUNIT_EXPECT_EQ(test, again(buf, len).kind, RLB_OTHER);
		buf[14 + 5] = row[i].head - 1;		/* cut short */
		KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
		/* it says no address, is signed, comes from nobody */
		KUNIT_EXPECT_EQ(test, router(buf, row[i].type, row[i].head, 5).mac_off, 0);
		KUNIT_EXPECT_EQ(test, router(buf, row[i].type, row[i].head, 12).kind, RLB_OTHER);
		router(buf, row[i].type, row[i].head, 1);
		memset(buf + 14 + 8, 0, 16);
		KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	}
}

static void nd_that_is_left_alone(struct kunit *test)
{
	u8 buf[RLB_FRAME_MAX];
	u32 all = RLB_NA_LEN - 14, len;

	nd(buf, 135, 1);
	memset(buf + 14 + 8, 0, 16);			/* duplicate detection */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	KUNIT_EXPECT_EQ(test, nd(buf, 137, 1).kind, RLB_OTHER);	/* a redirect */
	KUNIT_EXPECT_EQ(test, nd(buf, 136, 11).kind, RLB_OTHER);	/* signed */
	KUNIT_EXPECT_EQ(test, nd(buf, 136, 12).kind, RLB_OTHER);
	nd(buf, 136, 2);
	buf[14 + 7] = 64;				/* from afar */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	nd(buf, 136, 2);
	buf[14 + 6] = 17;				/* not ICMP */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	nd(buf, 136, 2);
	memcpy(buf + 54 + 8, &all_nodes, 16);		/* nonsense */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	nd(buf, 136, 2);
	buf[54 + 25] = 0;				/* endless option */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	buf[54 + 25] = 2;				/* overlong option */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	nd(buf, 136, 2);
	for (len = 0; len < all; len++)
		KUNIT_EXPECT_EQ(test, again(buf, len).kind, RLB_OTHER);
	buf[14 + 5] = 30;				/* half an option */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
	buf[14 + 5] = 23;				/* no room for the target */
	KUNIT_EXPECT_EQ(test, again(buf, all).kind, RLB_OTHER);
}

static void nd_rewrite_keeps_the_checksum(struct kunit *test)
{
	u8 buf[RLB_FRAME_MAX], was[RLB_FRAME_MAX];
	struct rlb_frame f = nd(buf, 136, 2);
	u32 state = 3;

	memcpy(was, buf, sizeof(was));

	for (u32 i = 0; i < 1000; i++) {
		u8 mac[ETH_ALEN];

		for (u32 k = 0; k < ETH_ALEN; k++) {
			state = state * 1664525 + 1013904223;
			mac[k] = i < 10 ? (i & 1) * 0xff : state >> 24;
		}
		rlb_rewrite(buf + 14, &f, mac);
		KUNIT_ASSERT_MEMEQ(test, buf + 54 + 26, mac, ETH_ALEN);
		KUNIT_ASSERT_EQ(test, nd_sum(buf + 14), 0xffff);
		/* nothing else has changed */
		memcpy(was + 54 + 2, buf + 54 + 2, 2);
		memcpy(was + 54 + 26, mac, ETH_ALEN);
		KUNIT_ASSERT_MEMEQ(test, buf, was, RLB_NA_LEN);
	}
}

static struct kunit_case rlb_wire_cases[] = {
	KUNIT_CASE(arp_update_is_well_formed),
	KUNIT_CASE(nd_update_is_well_formed),
	KUNIT_CASE(arp_kinds),
	KUNIT_CASE(arp_rewrite_changes_the_sender_only),
	KUNIT_CASE(nd_kinds),
	KUNIT_CASE(what_routers_tell),
	KUNIT_CASE(nd_that_is_left_alone),
	KUNIT_CASE(nd_rewrite_keeps_the_checksum),
	{}
};

static struct kunit_suite rlb_wire_suite = {
	.name = "rlb_wire",
	.test_cases = rlb_wire_cases,
};

kunit_test_suite(rlb_wire_suite);

MODULE_DESCRIPTION("Frames that tell addresses");
MODULE_LICENSE("GPL");
