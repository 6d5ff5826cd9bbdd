// SPDX-License-Identifier: GPL-2.0
/*
 * balance-rr: packet after packet, port after port. Each CPU counts its own
 * packets, so no cache line is shared.
 */
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/random.h>

#include "bond.h"
#include "engine.h"

/* Frames of XDP that go to one port in a row cost one call of its driver. */
#define XDP_RUN	16

/*
 * Membership reports all leave by one port, so that a snooping switch learns
 * one place for the bond.
 */
static noinline bool is_igmp(const struct sk_buff *skb)
{
	const struct iphdr *ip;
	struct iphdr copy;

	if (skb->protocol != htons(ETH_P_IP))
		return false;
	ip = skb_header_pointer(skb, skb_network_offset(skb), sizeof(copy),
				&copy);
	return ip && ip->protocol == IPPROTO_IGMP;
}

static __always_inline bool is_igmp_frame(const struct bond_frame *frame)
{
	const struct iphdr *ip = (const void *)(frame->data + ETH_HLEN);

	return frame->len >= ETH_HLEN + sizeof(*ip) &&
	       bond_frame_proto(frame) == htons(ETH_P_IP) &&
	       ip->protocol == IPPROTO_IGMP;
}

/* Seen at a glance, which is all that most packets get: this is no report. */
static __always_inline bool no_igmp(const struct sk_buff *skb)
{
	const struct iphdr *ip;

	if (skb->protocol != htons(ETH_P_IP))
		return true;
	ip = (const void *)skb_network_header(skb);
	return likely(skb_tail_pointer(skb) - (const u8 *)ip >=
		      (long)sizeof(*ip)) && ip->protocol != IPPROTO_IGMP;
}

static __always_inline struct bond_port *rr_at(const struct bond_view *v,
					       u32 turn, bool igmp)
{
	struct bond_port *port;
	u32 i;

	if (unlikely(!v->usable))
		return NULL;
	i = turn % v->usable;
	port = v->ports[i];
	if (unlikely(igmp) && v->active)
		port = v->active;
	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, i + 1);
}

static noinline struct bond_port *rr_frame(const struct bond_view *v,
					   const struct bond_pkt *pkt, u32 turn)
{
	return rr_at(v, turn, is_igmp_frame(bond_frame_of(pkt)));
}

/*
 * Where more must be looked at, or the port of this turn cannot send. Apart, so
 * that the others have no registers to save.
 */
static noinline struct bond_port *rr_other(const struct bond_view *v,
					   struct sk_buff *skb, u32 turn)
{
	return rr_at(v, turn, is_igmp(skb));
}

/* The port of this turn, or another if that one cannot send. */
static __always_inline struct bond_port *rr_port(const struct bond_view *v,
						 const struct bond_pkt *pkt,
						 u32 turn)
{
	struct sk_buff *skb = bond_skb_of(pkt);
	struct bond_port *port;

	if (unlikely(!skb))
		return rr_frame(v, pkt, turn);
	if (likely(v->usable)) {
		port = v->ports[turn % v->usable];
		if (likely(no_igmp(skb) && bond_port_live(port)))
			return port;
	}
	return rr_other(v, skb, turn);
}

/* packets_per_slave 1 */
static struct bond_port *rr_pick(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	u32 count = this_cpu_inc_return(*v->rr_counter) - 1;

	if (unlikely(!bond_skb_of(pkt)))
		return rr_frame(v, pkt, count / XDP_RUN);
	return rr_port(v, pkt, count);
}

/* packets_per_slave above 1 */
static struct bond_port *rr_pick_bunch(const struct bond_view *v,
				       const struct bond_pkt *pkt)
{
	u32 count = this_cpu_inc_return(*v->rr_counter) - 1;

	return rr_port(v, pkt, reciprocal_divide(count, v->rr_divide));
}

/* packets_per_slave 0 */
static struct bond_port *rr_pick_random(const struct bond_view *v,
					const struct bond_pkt *pkt)
{
	return rr_port(v, pkt, get_random_u32());
}

static void rr_view(struct bond_view *v)
{
	if (v->rr_packets != 1)
		v->pick = v->rr_packets ? rr_pick_bunch : rr_pick_random;
}

const struct bond_mode bond_mode_roundrobin = {
	.name		= "balance-rr",
	.title		= "load balancing (round-robin)",
	.id		= BOND_MODE_ROUNDROBIN,
	.traits		= BOND_T_QUEUE_OVERRIDE | BOND_T_XDP | BOND_T_IGMP |
			  BOND_T_ALL_FILTERS | BOND_T_SUM_SPEED | BOND_T_RX_ALL,
	.lag_tx		= NETDEV_LAG_TX_TYPE_ROUNDROBIN,
	.pick		= rr_pick,
	.view		= rr_view,
	.receive	= bond_rx_any,
	.direct		= bond_direct_any,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
