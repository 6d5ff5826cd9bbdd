/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What flow.c and flow_encap.c share: keys, the cursor, reading by offset.
 * Nobody else includes this.
 */
#ifndef BOND_CORE_FLOW_PARSE_H
#define BOND_CORE_FLOW_PARSE_H

#include "flow.h"
#include "flow_plain.h"

#ifndef ETH_P_CFM
#define ETH_P_CFM	0x8902	/* 802.1ag */
#endif

#define L2_LEN		FLOW_L2_LEN
#define IP4_LEN		FLOW_IP4_LEN
#define IP6_LEN		FLOW_IP6_LEN
#define IP4_FRAG	FLOW_IP4_FRAG

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
	if (likely(off <= pkt->len && n <= pkt->len - off))
		return pkt->data + off;
	return flow_pull(pkt, off, n, buf);
}

#define word	flow_word
#define addrs4	flow_addrs4
#define addrs6	flow_addrs6

#endif
