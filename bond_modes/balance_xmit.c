// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb and balance-alb: by which port does a frame leave, and with
 * whose address?
 *
 * Only what the bond itself says is spread: its own IP unicast. A frame that
 * leaves by another port than the active one carries that port's address, so
 * that switches go on finding the bond's at the active port. Frames of others
 * (bridged guests, macvlans) are never touched and all go by the active port,
 * which is the one that hears the answers.
 */
#include <linux/if_vlan.h>
#include <linux/ipv6.h>

#include "balance.h"
#include "engine.h"
#include "hash.h"
#include "learn.h"
#include "rlb_mode.h"
#include "send.h"

/* Neighbour discovery and router messages (RFC 4861): 133 to 137. */
#define ND_FIRST	133
#define ND_LAST		137

/* Return: false also when the header cannot be read: such frames go the safe way. */
static noinline bool spreads_far_ip6(const struct sk_buff *skb, int off)
{
	const struct ipv6hdr *ip;
	struct ipv6hdr ip_copy;
	const u8 *type;
	u8 type_copy;

	ip = skb_header_pointer(skb, off, sizeof(ip_copy), &ip_copy);
	if (!ip)
		return false;
	if (ip->nexthdr != IPPROTO_ICMPV6)
		return true;
	type = skb_header_pointer(skb, off + sizeof(*ip), 1, &type_copy);
	return type && (*type < ND_FIRST || *type > ND_LAST);
}

static bool spreads_ip6(const struct sk_buff *skb, int off)
{
	const struct ipv6hdr *ip = (const void *)(skb->data + off);
	const u8 *type = (const u8 *)(ip + 1);

	/* without room for both on the stack */
	if (unlikely((int)skb_headlen(skb) - off < (int)sizeof(*ip) + 1))
		return spreads_far_ip6(skb, off);
	return ip->nexthdr != IPPROTO_ICMPV6 ||
	       *type < ND_FIRST || *type > ND_LAST;
}

/* Behind tags that stand in the frame itself. */
static noinline bool spreads_tagged(const struct sk_buff *skb)
{
	__be16 proto = skb->protocol;
	u32 off = ETH_HLEN;

	while (eth_type_vlan(proto)) {
		const struct vlan_hdr *tag;
		struct vlan_hdr copy;

		tag = skb_header_pointer(skb, off, sizeof(copy), &copy);
		if (!tag)
			return false;
		proto = tag->h_vlan_encapsulated_proto;
		off += VLAN_HLEN;
	}
	if (proto == htons(ETH_P_IPV6))
		return spreads_ip6(skb, off);
	return proto == htons(ETH_P_IP);
}

/* Unicast IP other than neighbour discovery? */
static __always_inline bool spreads(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (is_multicast_ether_addr(eth->h_dest))
		return false;
	if (likely(skb->protocol == htons(ETH_P_IP)))
		return true;
	if (skb->protocol == htons(ETH_P_IPV6))
		return spreads_ip6(skb, skb_network_offset(skb));
	return eth_type_vlan(skb->protocol) && spreads_tagged(skb);
}

/* Is this one of the ports' own addresses? */
static noinline bool is_a_port_s(const struct bond_view *v, const u8 *addr)
{
	u32 i;

	for (i = 0; i < v->total; i++)
		if (ether_addr_equal(v->ports[i]->dev->dev_addr, addr))
			return true;
	return false;
}

/* Two more octets must be readable behind the address. */
static __always_inline bool is_own(const struct bond_view *v, const u8 *addr)
{
	const struct bond_balance *bal = v->mode_data;

	if (likely(ether_addr_equal_64bits(addr, bal->mac)))
		return true;
	if (likely(!(READ_ONCE(bal->own) & BIT_ULL(addr[ETH_ALEN - 1] & 63))))
		return false;
	return is_a_port_s(v, addr);
}

/**
 * bond_balance_own() - is this address the bond's own or a port's?
 * @v: the view, of a bond with ports
 * @addr: the address, two more octets readable behind it
 *
 * Context: RCU.
 * Return: true when it is.
 */
bool bond_balance_own(const struct bond_view *v, const u8 *addr)
{
	return is_own(v, addr);
}

static __always_inline struct bond_port *live(const struct bond_view *v,
					      struct bond_port *port)
{
	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, 0);
}

/* A bucket that has no port yet gets one. */
static noinline struct bond_port *place(const struct bond_view *v,
					struct sk_buff *skb, u32 bucket)
{
	struct bond_balance *bal = v->mode_data;
	u32 slot = bond_balance_place(bal, bucket);

	if (slot == TLB_NOBODY)
		return live(v, v->active);
	this_cpu_add(bal->bytes[bucket], skb->len);
	return live(v, READ_ONCE(bal->port[slot]) ?: v->active);
}

/* tlb_dynamic_lb 1: every bucket of flows has its port */
static __always_inline struct bond_port *by_load(const struct bond_view *v,
						 struct sk_buff *skb)
{
	struct bond_balance *bal = v->mode_data;
	u32 bucket, slot;

	bucket = v->hash(bond_pkt_skb(skb)) % TLB_BUCKETS;
	slot = READ_ONCE(bal->tlb.bucket[bucket]);
	if (unlikely(slot == TLB_NOBODY))
		return place(v, skb, bucket);
	this_cpu_add(bal->bytes[bucket], skb->len);
	return live(v, READ_ONCE(bal->port[slot]) ?: v->active);
}

/* tlb_dynamic_lb 0: a flow's port is a matter of arithmetic */
static __always_inline struct bond_port *by_hash(const struct bond_view *v,
						 struct sk_buff *skb)
{
	return v->pick_flow(v, bond_pkt_skb(skb)) ?: live(v, v->active);
}

/* Let a frame say that it comes from the port by which it leaves. */
static __always_inline bool dress(struct sk_buff *skb, const u8 *addr)
{
	struct ethhdr *eth;

	if (unlikely(skb_cow_head(skb, 0)))
		return false;
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(eth->h_source, addr);
	return true;
}

/* What all are to hear, or what is said about addresses. */
static noinline struct bond_port *send_other(const struct bond_view *v,
					     struct sk_buff *skb)
{
	const struct bond_balance *bal = v->mode_data;
	struct bond_port *port = bal->rlb ? bond_rlb_send(v, skb) : NULL;

	return port ?: live(v, v->active);
}

/*
 * Clients of balance-alb that were told another port's address need it to be
 * found there. A bridge may have been given that for its own; by the active
 * port it would draw them away.
 */
static noinline bool undress(const struct bond_view *v, struct sk_buff *skb)
{
	const struct bond_balance *bal = v->mode_data;

	return !bal->rlb || dress(skb, bal->mac);
}

/* Does the frame have the bond's own address? */
static __always_inline bool is_plain(const struct bond_view *v,
				     const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct bond_balance *bal = v->mode_data;

	return ether_addr_equal_64bits(eth->h_source, bal->mac);
}

/*
 * Somebody behind us: he is announced when another port becomes the active one.
 * With announce all the engine has noted him.
 */
static noinline struct bond_port *send_foreign(const struct bond_view *v,
					       struct sk_buff *skb)
{
	if ((v->flags & BOND_VIEW_GUESTS) && skb_headlen(skb) >= ETH_HLEN)
		bond_learn_note(v, skb);
	return live(v, v->active);
}

typedef struct bond_port *(*spread_fn)(const struct bond_view *v,
				       struct sk_buff *skb);

/*
 * Choose a port, and when the frame is about to leave, make it fit. Without an
 * active port there is none; nor is mode_data to be followed then.
 */
static __always_inline struct bond_port *pick(const struct bond_view *v,
					      struct sk_buff *skb,
					      spread_fn spread, bool send)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct bond_balance *bal = v->mode_data;
	struct bond_port *port = v->active;

	if (unlikely(!port))
		return NULL;
	if (unlikely(skb_headlen(skb) < ETH_HLEN) ||
	    !is_own(v, eth->h_source))
		return send ? send_foreign(v, skb) : live(v, port);
	if (send && unlikely(!is_plain(v, skb)) && !undress(v, skb))
		return NULL;
	if (unlikely(!spreads(skb)))
		return send ? send_other(v, skb) : live(v, port);
	port = spread(v, skb);
	if (!send || port == v->active || unlikely(!port))
		return port;
	/* it has not given the bond's address up yet, and is not to draw it */
	if (unlikely(ether_addr_equal_64bits(port->dev->dev_addr, bal->mac)))
		return live(v, v->active);
	return likely(dress(skb, port->dev->dev_addr)) ? port : NULL;
}

/* A frame of XDP cannot be given another address here, and needs none there. */
#define DEFINE_PICK(spread)						\
static struct bond_port *pick_##spread(const struct bond_view *v,	\
				       const struct bond_pkt *pkt)	\
{									\
	struct sk_buff *skb = bond_skb_of(pkt);				\
									\
	if (!skb)							\
		return v->active ? live(v, v->active) : NULL;		\
	return pick(v, skb, spread, false);				\
}									\
									\
static struct bond_port *send_##spread(const struct bond_view *v,	\
				       const struct bond_pkt *pkt)	\
{									\
	return pick(v, bond_skb_of(pkt), spread, true);			\
}									\
									\
static netdev_tx_t xmit_##spread(struct sk_buff *skb,			\
				 const struct bond_view *v)		\
{									\
	return bond_xmit_to(skb, pick(v, skb, spread, true));		\
}

DEFINE_PICK(by_load)
DEFINE_PICK(by_hash)

/**
 * bond_balance_view_pick() - put the picks that suit the settings into a view
 * @v: the view
 *
 * Context: bond->lock held, but for a new bond's first view.
 */
void bond_balance_view_pick(struct bond_view *v)
{
	bool dynamic = v->bond->config.tlb_dynamic_lb;

	bond_hash_prepare(v);
	v->pick = dynamic ? send_by_load : send_by_hash;
	v->xmit = dynamic ? xmit_by_load : xmit_by_hash;
	v->pick_only = dynamic ? pick_by_load : pick_by_hash;
}
