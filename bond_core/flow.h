/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which flow does a frame belong to, and which port does that flow use?
 *
 * flow_hash_*() are the arithmetic users know as xmit_hash_policy, bit for bit
 * that of the kernel's own driver, so that replacing the module re-deals no
 * flow. flow_table is the extension hash_table=resilient: a bucket table in
 * which only the flows of a lost port move.
 */
#ifndef BOND_CORE_FLOW_H
#define BOND_CORE_FLOW_H

#include "shim.h"

/**
 * enum flow_policy - xmit_hash_policy, numbered as on the wire
 * @FLOW_LAYER2: MAC addresses and packet type
 * @FLOW_LAYER34: ports and IP addresses, of the outermost IP header
 * @FLOW_LAYER23: layer2 and IP addresses, of the outermost IP header
 * @FLOW_ENCAP23: layer2 and the innermost IP addresses
 * @FLOW_ENCAP34: ports and IP addresses of the innermost headers
 * @FLOW_VLAN_SRCMAC: VLAN tag and source MAC
 * @FLOW_POLICIES: how many there are
 */
enum flow_policy {
	FLOW_LAYER2,
	FLOW_LAYER34,
	FLOW_LAYER23,
	FLOW_ENCAP23,
	FLOW_ENCAP34,
	FLOW_VLAN_SRCMAC,
	FLOW_POLICIES
};

/* largest single read beyond the linear part: an IPv6 header */
#define FLOW_PULL_MAX	40

/* flow_pkt.vlan: this bit says that the low 16 bits are a tag */
#define FLOW_VLAN_PRESENT	BIT(16)

/**
 * struct flow_pkt - a frame as the hash sees it
 * @data: first octet of the Ethernet header
 * @len: octets readable at @data
 * @nhoff: offset of the network header in @data, 14 for an ordinary frame
 * @proto: what the stack takes the network header for (skb->protocol)
 * @vlan: accelerated VLAN tag: 0, or FLOW_VLAN_PRESENT | TCI. Read by
 *	FLOW_VLAN_SRCMAC only, so other callers need not set it
 * @pull: how to read beyond @len: copy @n octets from offset @off into @buf
 *	(n <= FLOW_PULL_MAX) and return where they are, or NULL when the frame
 *	is shorter. May be NULL: then @len is all there is
 * @ctx: for @pull, the skb
 */
struct flow_pkt {
	const u8 *data;
	u32 len;
	u32 nhoff;
	__be16 proto;
	u32 vlan;
	const void *(*pull)(const struct flow_pkt *pkt, u32 off, u32 n, void *buf);
	void *ctx;
};

u32 flow_hash_layer2(const struct flow_pkt *pkt);
u32 flow_hash_layer23(const struct flow_pkt *pkt);
u32 flow_hash_layer34(const struct flow_pkt *pkt);
u32 flow_hash_encap23(const struct flow_pkt *pkt);
u32 flow_hash_encap34(const struct flow_pkt *pkt);
u32 flow_hash_vlan_srcmac(const struct flow_pkt *pkt);

#define FLOW_BUCKETS		1024
#define FLOW_TABLE_PORTS	64

/**
 * struct flow_table - buckets of flows and the ports they go to
 * @seed: stirred into every hash, so that boxes in a row choose differently
 * @n: ports in the table, 0 = nobody may send
 * @id: identity of each port, to recognise it in the next build
 * @weight: share of each port as last given (speed)
 * @bucket: index (below @n) of the port that owns each bucket
 */
struct flow_table {
	u32 seed;
	u32 n;
	u32 id[FLOW_TABLE_PORTS];
	u32 weight[FLOW_TABLE_PORTS];
	u8 bucket[FLOW_BUCKETS];
};

u32 flow_table_build(struct flow_table *table, const struct flow_table *old,
		     const u32 *ids, const u32 *weights, u32 n);

/**
 * flow_mix() - another hash for every seed, as even as the first
 * @hash: hash of a flow
 * @seed: flow_table.seed
 *
 * Of many hashes only the low octet lives: layer2 knows 256 flows of a
 * protocol. A good random function would put 256 flows unevenly. So the low
 * octet is permuted, in a way that the others and the seed decide: hashes
 * that fill it evenly still do, and boxes in a row with seeds of their own
 * choose as independently of each other as if they threw dice.
 *
 * Context: any, hot path.
 * Return: a number whose low bits are as even as those of @hash.
 */
static inline u32 flow_mix(u32 hash, u32 seed)
{
	u32 high = ((hash >> 8) ^ seed) * 0x9e3779b1U;
	u8 low;

	high = (high ^ (high >> 15)) * 0x85ebca77U;
	high ^= high >> 13;
	/* products with odd numbers and shifts to the right can all be undone */
	low = (u8)(hash ^ high) * 233U;
	low ^= low >> 4;
	low *= (high >> 15) | 1;
	low ^= low >> 5;
	low = (u8)(low ^ (high >> 8)) * 215U;
	low ^= low >> 3;
	low *= 121U;
	low ^= low >> 4;
	return (high & ~0xffU) | (u8)(low ^ (high >> 23));
}

/**
 * flow_table_port() - the port of a flow
 * @table: a table with at least one port
 * @hash: what flow_hash_*() said
 *
 * Context: any, hot path.
 * Return: index of the port in the array the table was built from.
 */
static inline u32 flow_table_port(const struct flow_table *table, u32 hash)
{
	return table->bucket[flow_mix(hash, table->seed) % FLOW_BUCKETS];
}

#endif
