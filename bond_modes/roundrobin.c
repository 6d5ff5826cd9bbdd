// SPDX-License-Identifier: GPL-2.0
/*
 * balance-rr: packet after packet, port after port. Each CPU counts its own
 * packets, so no cache line is shared.
 */
#include <linux/if_vlan.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/random.h>
#include <linux/smp.h>

#include "bond.h"
#include "engine.h"
#include "send.h"
#include "../bond_core/flow.h"

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
	const struct vlan_ethhdr *tagged = (const void *)frame->data;
	u32 off = ETH_HLEN;
	__be16 proto;

	if (unlikely(frame->len < VLAN_ETH_HLEN + sizeof(struct iphdr)))
		return false;
	proto = bond_frame_proto(frame);
	if (eth_type_vlan(proto)) {
		proto = tagged->h_vlan_encapsulated_proto;
		off = VLAN_ETH_HLEN;
	}
	return proto == htons(ETH_P_IP) &&
	       ((const struct iphdr *)(frame->data + off))->protocol ==
		       IPPROTO_IGMP;
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

/* Nearly every packet goes to the port of its turn. */
static __always_inline bool rr_plain(const struct bond_view *v,
				     const struct sk_buff *skb, u32 turn,
				     struct bond_port **port)
{
	*port = v->ports[turn % v->usable];
	return likely(no_igmp(skb) && bond_port_live(*port));
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
	if (likely(v->usable && rr_plain(v, skb, turn, &port)))
		return port;
	return rr_other(v, skb, turn);
}

static noinline netdev_tx_t rr_send_other(struct sk_buff *skb,
					  const struct bond_view *v, u32 turn)
{
	return bond_xmit_to(skb, rr_other(v, skb, turn));
}

/* The same and the sending in one; only where some port is usable. */
static __always_inline netdev_tx_t rr_send(const struct bond_view *v,
					   struct sk_buff *skb, u32 turn)
{
	struct bond_port *port;

	if (likely(rr_plain(v, skb, turn, &port)))
		return bond_send_on(port, skb);
	return rr_send_other(skb, v, turn);
}

static __always_inline u32 rr_count(const struct bond_view *v)
{
	return this_cpu_inc_return(*v->rr_counter) - 1;
}

/* packets_per_slave 1 */
static struct bond_port *rr_pick(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	u32 count = rr_count(v);

	if (unlikely(!bond_skb_of(pkt)))
		return rr_frame(v, pkt, count / XDP_RUN);
	return rr_port(v, pkt, count);
}

static netdev_tx_t rr_xmit(struct sk_buff *skb, const struct bond_view *v)
{
	return rr_send(v, skb, rr_count(v));
}

static __always_inline u32 rr_bunch(const struct bond_view *v)
{
	return reciprocal_divide(rr_count(v), v->rr_divide);
}

/* packets_per_slave above 1 */
static struct bond_port *rr_pick_bunch(const struct bond_view *v,
				       const struct bond_pkt *pkt)
{
	return rr_port(v, pkt, rr_bunch(v));
}

static netdev_tx_t rr_xmit_bunch(struct sk_buff *skb, const struct bond_view *v)
{
	return rr_send(v, skb, rr_bunch(v));
}

/*
 * A random number, for a tenth of what the kernel's own cost. Nobody guesses
 * the seed, and processors do not go side by side.
 */
static __always_inline u32 rr_random(const struct bond_view *v)
{
	return flow_mix(rr_count(v), v->rr_seed ^ raw_smp_processor_id() << 16);
}

/* packets_per_slave 0 */
static struct bond_port *rr_pick_random(const struct bond_view *v,
					const struct bond_pkt *pkt)
{
	return rr_port(v, pkt, rr_random(v));
}

static netdev_tx_t rr_xmit_random(struct sk_buff *skb,
				  const struct bond_view *v)
{
	return rr_send(v, skb, rr_random(v));
}

static void rr_view(struct bond_view *v)
{
	if (v->rr_packets == 1) {
		v->xmit = rr_xmit;
	} else if (v->rr_packets) {
		v->pick = rr_pick_bunch;
		v->xmit = rr_xmit_bunch;
	} else {
		v->rr_seed = get_random_u32();
		v->pick = rr_pick_random;
		v->xmit = rr_xmit_random;
	}
	/* nobody has a turn */
	if (!v->usable)
		v->xmit = bond_xmit_picked;
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
