/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What flow.c and flow_encap.c share: keys, the cursor, reading by offset.
 * Nobody else includes this.
 */
#ifndef BOND_CORE_FLOW_PARSE_H
#define BOND_CORE_FLOW_PARSE_H

#include "flow.h"

#define L2_LEN		14
#define IP4_LEN		20
#define IP6_LEN		40
#define IP4_FRAG	0x3fff	/* more fragments, or an offset */

/**
 * struct flow_found - what the layer 3 policies mix
 * @addrs: source XOR destination address, folded to 32 bits
 * @ports: both ports as they stand in the frame, 0 = none
 * @icmp: type, code and identifier of an ICMP query, 0 = none
 */
struct flow_found {
	u32 addrs;
	u32 ports;
	u32 icmp;
};

/**
 * struct flow_cursor - where the walk stands
 * @off: offset of the header to be read
 * @proto: its ethertype, when it is a network header
 * @ip_proto: its IP protocol, when it is a transport header
 * @fragment: an IP fragment was seen: what follows has no ports
 */
struct flow_cursor {
	u32 off;
	__be16 proto;
	u8 ip_proto;
	bool fragment;
};

const u8 *flow_pull(const struct flow_pkt *pkt, u32 off, u32 n, void *buf);
u32 flow_read_ports(const struct flow_pkt *pkt, u32 off, u8 ip_proto);
u32 flow_read_icmp(const struct flow_pkt *pkt, u32 off);
bool flow_inner_keys(const struct flow_pkt *pkt, struct flow_found *k);

/* n octets at off: in place if linear, else copied into buf, NULL if absent */
static __always_inline const u8 *at(const struct flow_pkt *pkt, u32 off, u32 n, void *buf)
{
	if (likely(off + n <= pkt->len))
		return pkt->data + off;
	return flow_pull(pkt, off, n, buf);
}

static __always_inline u32 word(const u8 *p)
{
	return get_unaligned((const u32 *)p);
}

static __always_inline u32 addrs4(const u8 *ip)
{
	return word(ip + 12) ^ word(ip + 16);
}

static __always_inline u32 addrs6(const u8 *ip)
{
	const u64 *a = (const u64 *)(ip + 8);
	u64 x = get_unaligned(a) ^ get_unaligned(a + 1) ^
		get_unaligned(a + 2) ^ get_unaligned(a + 3);

	return (u32)(x ^ (x >> 32));
}

#endif
