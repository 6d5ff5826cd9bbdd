// SPDX-License-Identifier: GPL-2.0
/*
 * xmit_hash_policy arithmetic. The formulas themselves are proven frame by
 * frame against the kernel's own driver in selftests/net/hash_twin; here stand
 * the promises: known vectors, what a policy looks at and what it ignores, and
 * that no frame, however short or scattered, is read beyond its end.
 */
#include "kunit.h"
#include "flow_hash.h"

#define MAC_A 0x02, 0x00, 0x00, 0x00, 0x00, 0x0a
#define MAC_B 0x02, 0x00, 0x00, 0x00, 0x00, 0x0b

/* an exact copy on the heap, so that the address sanitizer sees its end */
static struct flow_pkt *frame(struct kunit *test, const u8 *data, u32 len, u16 proto)
{
	struct flow_pkt *pkt = kunit_kzalloc(test, sizeof(*pkt), GFP_KERNEL);
	u8 *copy = kunit_kzalloc(test, len ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pkt);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, data, len);
	pkt->data = copy;
	pkt->len = len;
	pkt->nhoff = 14;
	pkt->proto = cpu_to_be16(proto);
	return pkt;
}

static const u8 tcp4[] = {
	MAC_A, MAC_B, 0x08, 0x00,
	0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 7,
	0x12, 0x34, 0x00, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0,
};

static const u8 udp6[] = {
	MAC_A, MAC_B, 0x86, 0xdd,
	0x60, 0, 0, 0, 0, 8, 17, 64,
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0x12, 0x34, 0x00, 0x35, 0, 8, 0, 0,
};

/* memory order of an XOR of words, then the two folds: the documented sum */
static u32 folded(u32 hash)
{
	hash ^= hash >> 16;
	return hash ^ hash >> 8;
}

static u32 load(const u8 *p)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void layer2_is_two_octets_and_the_type(struct kunit *test)
{
	struct flow_pkt *pkt = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);

	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_LAYER2), 0x0a ^ 0x0b ^ 0x0800);
	pkt = frame(test, udp6, sizeof(udp6), ETH_P_IPV6);
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_LAYER2), 0x0a ^ 0x0b ^ 0x86dd);
}

static void ip_policies_follow_the_documented_formula(struct kunit *test)
{
	struct flow_pkt *pkt = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);
	u32 addrs = load(tcp4 + 26) ^ load(tcp4 + 30);
	u32 l2 = 0x0a ^ 0x0b ^ 0x0800;

	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_LAYER23), folded(l2 ^ addrs));
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_ENCAP23), folded(l2 ^ addrs));
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_LAYER34), folded(load(tcp4 + 34) ^ addrs) >> 1);
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_ENCAP34), folded(load(tcp4 + 34) ^ addrs) >> 1);
}

static void vlan_srcmac_uses_the_whole_accelerated_tag(struct kunit *test)
{
	struct flow_pkt *pkt = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);
	u32 plain = flow_hash(pkt, FLOW_VLAN_SRCMAC);

	KUNIT_EXPECT_EQ(test, plain, 0x020000 ^ 0x00000b);
	pkt->vlan = FLOW_VLAN_PRESENT | 0xa00b;
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_VLAN_SRCMAC), plain ^ 0xa00b);
}

static void both_directions_of_a_flow_hash_alike(struct kunit *test)
{
	u8 back[sizeof(tcp4)];

	memcpy(back, tcp4, sizeof(back));
	memcpy(back, tcp4 + 6, 6);
	memcpy(back + 6, tcp4, 6);
	memcpy(back + 26, tcp4 + 30, 4);
	memcpy(back + 30, tcp4 + 26, 4);
	for (int p = FLOW_LAYER2; p <= FLOW_LAYER23; p += FLOW_LAYER23 - FLOW_LAYER2)
		KUNIT_EXPECT_EQ(test, flow_hash(frame(test, tcp4, sizeof(tcp4), ETH_P_IP), p),
				flow_hash(frame(test, back, sizeof(back), ETH_P_IP), p));
}

static void all_fragments_of_a_packet_use_one_port(struct kunit *test)
{
	u8 first[sizeof(tcp4)], next[sizeof(tcp4)];

	memcpy(first, tcp4, sizeof(first));
	memcpy(next, tcp4, sizeof(next));
	put_unaligned_be16(0x2000, first + 20);
	put_unaligned_be16(0x0010, next + 20);
	memset(next + 34, 0xee, sizeof(next) - 34);
	for (int p = 0; p < FLOW_POLICIES; p++)
		KUNIT_EXPECT_EQ(test, flow_hash(frame(test, first, sizeof(first), ETH_P_IP), p),
				flow_hash(frame(test, next, sizeof(next), ETH_P_IP), p));
}

static void only_encap_policies_look_into_a_tunnel(struct kunit *test)
{
	u8 tunnel[14 + 20 + sizeof(tcp4) - 14];
	struct flow_pkt *outer, *inner = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);

	memcpy(tunnel, tcp4, 34);
	tunnel[23] = IPPROTO_IPIP;
	tunnel[29] = 99;
	memcpy(tunnel + 34, tcp4 + 14, sizeof(tcp4) - 14);
	outer = frame(test, tunnel, sizeof(tunnel), ETH_P_IP);
	KUNIT_EXPECT_EQ(test, flow_hash(outer, FLOW_ENCAP34), flow_hash(inner, FLOW_ENCAP34));
	KUNIT_EXPECT_EQ(test, flow_hash(outer, FLOW_ENCAP23), flow_hash(inner, FLOW_ENCAP23));
	KUNIT_EXPECT_NE(test, flow_hash(outer, FLOW_LAYER34), flow_hash(inner, FLOW_LAYER34));
	KUNIT_EXPECT_NE(test, flow_hash(outer, FLOW_LAYER23), flow_hash(inner, FLOW_LAYER23));
}

/* every ICMP type, as query and as bearer of a quoted packet */
static void icmp_errors_follow_the_packet_they_quote(struct kunit *test)
{
	static const u8 net4[] = { 0x45, [9] = 1, [12] = 192, 0, 2, 1, 198, 51, 100, 9 };
	u8 data[14 + 20 + 8 + 20 + 8] = { MAC_A, MAC_B, 8, 0 };
	u8 six[14 + 40 + 8 + 40 + 8] = { MAC_A, MAC_B, 0x86, 0xdd, 0x60, [14 + 6] = 58 };
	struct flow_pkt *quoted = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);
	struct flow_pkt *quoted6 = frame(test, udp6, sizeof(udp6), ETH_P_IPV6);

	memcpy(data + 14, net4, sizeof(net4));
	memcpy(data + 42, tcp4 + 14, 28);
	memcpy(six + 62, udp6 + 14, 48);
	for (int type = 0; type < 256; type++) {
		bool err4 = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
		bool err6 = type >= 1 && type <= 4;
		u32 h;

		data[34] = (u8)type;
		h = flow_hash(frame(test, data, sizeof(data), ETH_P_IP), FLOW_LAYER34);
		KUNIT_EXPECT_EQ_MSG(test, h == flow_hash(quoted, FLOW_LAYER34), err4, "type %d", type);
		six[54] = (u8)type;
		h = flow_hash(frame(test, six, sizeof(six), ETH_P_IPV6), FLOW_LAYER34);
		KUNIT_EXPECT_EQ_MSG(test, h == flow_hash(quoted6, FLOW_LAYER34), err6, "type %d", type);
	}
}

static const void *from_ctx(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	const struct flow_pkt *whole = pkt->ctx;

	if (n > FLOW_PULL_MAX || off + n > whole->len)
		return NULL;
	return memcpy(buf, whole->data + off, n);
}

/* frames that send the walk through every kind of header */
static const struct {
	u16 proto;
	u8 len;
	u8 net[100];
} odd_frames[] = {
	{ ETH_P_8021Q, 24, { 0, 5, 8, 0, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ ETH_P_PPP_SES, 8, { 0x11, 0, 0, 1, 0, 9, 0, 0x21 } },
	{ ETH_P_PPP_SES, 8, { 0x11, 0, 0, 1, 0, 9, 0, 0x57 } },
	{ ETH_P_PPP_SES, 8, { 0x11, 0, 0, 1, 0, 9, 0xc0, 0x21 } },
	{ ETH_P_PPP_SES, 8, { 0x11, 0, 0, 1, 0, 9, 0, 0x20 } },
	{ ETH_P_PPP_SES, 8, { 0x21 } },
	{ ETH_P_PPP_SES, 8, { 0x11, 1 } },
	{ ETH_P_BATMAN, 24, { 0x40, 15, [22] = 8, 6 } },
	{ ETH_P_BATMAN, 24, { 0x41, 15 } },
	{ ETH_P_BATMAN, 24, { 0x40, 14 } },
	{ ETH_P_HSR, 6, { 0, 0, 0, 0, 8, 6 } },
	{ ETH_P_PRP, 6, { 0, 0, 0, 0, 0x88, 0x47 } },
	{ ETH_P_TIPC, 16, { [12] = 1, 2, 3, 4 } },
	{ ETH_P_FCOE, 38, { 0 } },
	{ ETH_P_1588, 34, { 0 } },
	{ ETH_P_ARP, 28, { 0 } },
	{ ETH_P_LLDP, 28, { 0 } },
	{ ETH_P_IP, 20, { 0x44 } },
	{ ETH_P_IP, 24, { 0x46, [9] = 6, [20] = 1, 1, 1, 0 } },
	{ ETH_P_IP, 32, { 0x45, [9] = IPPROTO_AH, [24] = 1, 2, 3, 4 } },
	{ ETH_P_IP, 24, { 0x45, [9] = IPPROTO_ESP, [20] = 1, 2, 3, 4 } },
	{ ETH_P_IP, 24, { 0x45, [9] = IPPROTO_SCTP, [20] = 1, 2, 3, 4 } },
	{ ETH_P_IP, 24, { 0x45, [9] = 200, [20] = 1, 2, 3, 4 } },
	{ ETH_P_IP, 24, { 0x45, [9] = IPPROTO_MPLS, [20] = 1, 2, 3, 4 } },
	{ ETH_P_IP, 28, { 0x45, [9] = IPPROTO_ICMP, [20] = 8, 0, [24] = 0, 7 } },
	{ ETH_P_IP, 28, { 0x45, [9] = IPPROTO_ICMP, [20] = 8, 0, [24] = 0, 0 } },
	{ ETH_P_IP, 28, { 0x45, [9] = IPPROTO_ICMP, [20] = 9 } },
	{ ETH_P_IP, 56, { 0x45, [9] = IPPROTO_ICMP, [20] = 3, [28] = 0x45, [37] = 17, [48] = 1, 2, 3, 4 } },
	{ ETH_P_IPV6, 48, { 0x60, [6] = IPPROTO_ICMPV6, [40] = 128, [45] = 3 } },
	{ ETH_P_IPV6, 96, { 0x60, [6] = IPPROTO_ICMPV6, [40] = 1, [48] = 0x60, [54] = 6, [88] = 1, 2, 3, 4 } },
	{ ETH_P_IPV6, 56, { 0x60, [6] = 0, [40] = 17, [48] = 1, 2, 3, 4 } },
	{ ETH_P_IPV6, 48, { 0x60, [6] = 44, [40] = 17 } },
	{ ETH_P_IPV6, 80, { 0x60, [6] = 41, [40] = 0x60, [46] = 59 } },
	{ ETH_P_IP, 28, { 0x45, [9] = 0, [20] = 17 } },
	{ ETH_P_IP, 28, { 0x45, [9] = 44, [20] = 17 } },
	{ ETH_P_IP, 36, { 0x45, [9] = 47, [20] = 0xb0, 0, 8, 6 } },
	{ ETH_P_IP, 24, { 0x45, [9] = 47, [20] = 0x40, 0, 8, 6 } },
	{ ETH_P_IP, 24, { 0x45, [9] = 47, [20] = 0, 2, 8, 6 } },
	{ ETH_P_IP, 38, { 0x45, [9] = 47, [20] = 0, 0, 0x65, 0x58, [36] = 8, 6 } },
	{ ETH_P_IP, 40, { 0x45, [9] = 47, [20] = 0x30, 0x81, 0x88, 0x0b, [36] = 0xff, 3, 0, 0x21 } },
	{ ETH_P_IP, 36, { 0x45, [9] = 47, [20] = 0x30, 0x01, 0x88, 0x0b, [32] = 0xff, 3, 0, 0x57 } },
	{ ETH_P_IP, 36, { 0x45, [9] = 47, [20] = 0x30, 0x01, 0x88, 0x0b, [32] = 0xff, 3, 0xc0, 0x21 } },
	{ ETH_P_IP, 24, { 0x45, [9] = 47, [20] = 0x00, 0x01, 0x88, 0x0b } },
	{ ETH_P_IP, 24, { 0x45, [9] = 47, [20] = 0x20, 0x01, 0x08, 0x00 } },
};

static struct flow_pkt *odd_frame(struct kunit *test, unsigned int i)
{
	u8 data[14 + 100] = { MAC_A, MAC_B };

	put_unaligned_be16(odd_frames[i].proto, data + 12);
	memcpy(data + 14, odd_frames[i].net, odd_frames[i].len);
	return frame(test, data, 14 + odd_frames[i].len, odd_frames[i].proto);
}

static void a_scattered_frame_hashes_like_a_linear_one(struct kunit *test)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(odd_frames) + 2; i++) {
		struct flow_pkt *whole, part;

		if (i == ARRAY_SIZE(odd_frames))
			whole = frame(test, tcp4, sizeof(tcp4), ETH_P_IP);
		else if (i > ARRAY_SIZE(odd_frames))
			whole = frame(test, udp6, sizeof(udp6), ETH_P_IPV6);
		else
			whole = odd_frame(test, i);
		part = *whole;
		part.pull = from_ctx;
		part.ctx = whole;
		for (part.len = 0; part.len <= whole->len; part.len++)
			for (int p = 0; p < FLOW_POLICIES; p++)
				KUNIT_EXPECT_EQ_MSG(test, flow_hash(&part, p), flow_hash(whole, p),
						    "frame %u, policy %d, %u linear", i, p, part.len);
	}
}

static void a_frame_cut_anywhere_is_not_read_beyond_its_end(struct kunit *test)
{
	u32 sum = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(odd_frames); i++) {
		struct flow_pkt *whole = odd_frame(test, i);

		for (u32 len = 0; len <= whole->len; len++) {
			struct flow_pkt *cut = frame(test, whole->data, len, odd_frames[i].proto);

			for (int p = 0; p < FLOW_POLICIES; p++)
				sum += flow_hash(cut, p);
			if (len < 14)
				KUNIT_EXPECT_EQ(test, flow_hash(cut, FLOW_LAYER34), 0);
		}
	}
	KUNIT_EXPECT_NE(test, sum, 0);
}

static void endless_headers_end(struct kunit *test)
{
	u8 *data = kunit_kzalloc(test, 4000, GFP_KERNEL);
	struct flow_pkt *pkt;

	for (int off = 14; off < 3996; off += 4)
		put_unaligned_be16(ETH_P_8021Q, data + off + 2);
	put_unaligned_be16(ETH_P_8021Q, data + 12);
	pkt = frame(test, data, 4000, ETH_P_8021Q);
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_ENCAP34), 0);
	KUNIT_EXPECT_EQ(test, flow_hash(pkt, FLOW_LAYER34), ETH_P_8021Q);
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(layer2_is_two_octets_and_the_type),
	KUNIT_CASE(ip_policies_follow_the_documented_formula),
	KUNIT_CASE(vlan_srcmac_uses_the_whole_accelerated_tag),
	KUNIT_CASE(both_directions_of_a_flow_hash_alike),
	KUNIT_CASE(all_fragments_of_a_packet_use_one_port),
	KUNIT_CASE(only_encap_policies_look_into_a_tunnel),
	KUNIT_CASE(icmp_errors_follow_the_packet_they_quote),
	KUNIT_CASE(a_scattered_frame_hashes_like_a_linear_one),
	KUNIT_CASE(a_frame_cut_anywhere_is_not_read_beyond_its_end),
	KUNIT_CASE(endless_headers_end),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "flow",
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);

MODULE_DESCRIPTION("xmit_hash_policy arithmetic");
MODULE_LICENSE("GPL");
