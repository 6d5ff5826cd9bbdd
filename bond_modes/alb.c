// SPDX-License-Identifier: GPL-2.0
/*
 * balance-alb: balance-tlb, and what comes in is spread over the ports as well,
 * by telling each peer the address of one of them (rlb_frames.c). Every port
 * hears its own address; what is for everybody, the active port alone.
 */
#include <linux/if_vlan.h>
#include <linux/ipv6.h>

#include "balance.h"
#include "engine.h"
#include "learn.h"
#include "rlb_mode.h"

/* For the stack, a frame for a port's address is one for the bond's. */
static void readdress(const struct bond_balance *bal, struct sk_buff *skb)
{
	if (!ether_addr_equal(eth_hdr(skb)->h_dest, bal->mac)) {
		if (skb_cow_head(skb, 0))
			return;
		ether_addr_copy(eth_hdr(skb)->h_dest, bal->mac);
	}
	skb->pkt_type = PACKET_HOST;
}

/* A frame that may tell an address of a peer. */
static __always_inline bool is_telling(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
		       ((const struct ipv6hdr *)skb->data)->nexthdr == IPPROTO_ICMPV6;
	return skb->protocol == htons(ETH_P_ARP) || eth_type_vlan(skb->protocol);
}

/*
 * A switch that does not know one of our addresses floods: the port that has
 * it gets its own copy, unless it cannot, or has just got the address.
 */
static bool comes_twice(const struct bond_view *v, const struct bond_port *port,
			const u8 *addr)
{
	const struct bond_balance *bal = v->mode_data;
	const struct bond_port *owner = NULL;
	u32 i;

	if (ether_addr_equal(addr, bal->mac))
		owner = v->active;
	for (i = 0; i < v->total && !owner; i++)
		if (ether_addr_equal(v->ports[i]->dev->dev_addr, addr))
			owner = v->ports[i];
	return owner && owner != port && bond_port_live(owner) &&
	       link_usable(READ_ONCE(owner->link.state)) &&
	       !bond_balance_moving(bal);
}

/*
 * A guest that has just come to us was told a port's address, and what it sends
 * there comes back. The bridge would take it for somebody outside.
 */
static bool is_from_guest(const struct bond_view *v, const struct sk_buff *skb)
{
	return (v->flags & BOND_VIEW_KNOWS) &&
	       bond_learn_knows(v, skb, eth_hdr(skb)->h_source);
}

/* Anything but a frame for the active port's own address that arrives there. */
static noinline enum bond_verdict judge(const struct bond_view *v,
					struct bond_port *port,
					struct sk_buff *skb)
{
	const struct bond_balance *bal = v->mode_data;
	const struct ethhdr *eth = eth_hdr(skb);

	if (!bal)
		return BOND_RX_EXACT;
	if (!is_multicast_ether_addr(eth->h_dest) &&
	    bond_balance_own(v, eth->h_dest)) {
		if (bond_balance_echo(v, skb) || is_from_guest(v, skb))
			return BOND_RX_EXACT;
		if (!(v->flags & BOND_VIEW_ALL_ACTIVE) &&
		    comes_twice(v, port, eth->h_dest))
			return BOND_RX_EXACT;
		readdress(bal, skb);
		return BOND_RX_DELIVER;
	}
	return bond_balance_receive(v, port, skb);
}

/* Traffic moves to a new active port before the bond's address does. */
static __always_inline bool has_swapped(const struct bond_view *v,
					const struct bond_port *active)
{
	return ether_addr_equal(active->dev->dev_addr, v->bond->dev->dev_addr);
}

/**
 * alb_direct() - mode->direct
 * @v: the view
 * @port: the port
 *
 * Until the active port has the bond's address, frames for its own must be
 * readdressed: a bridge above knows the bond's alone.
 *
 * Context: bond->lock held.
 * Return: as bond_balance_direct(), nothing before the swap.
 */
static enum bond_direct alb_direct(const struct bond_view *v,
				   const struct bond_port *port)
{
	if (port == v->active && !has_swapped(v, port))
		return BOND_DIRECT_NONE;
	return bond_balance_direct(v, port);
}

/**
 * alb_receive() - mode->receive
 * @v: the view
 * @port: where the frame arrived
 * @skb: the frame
 *
 * Context: RCU, BH off, the hot path.
 * Return: what becomes of the frame.
 */
static enum bond_verdict alb_receive(const struct bond_view *v,
				     struct bond_port *port,
				     struct sk_buff *skb)
{
	enum bond_verdict verdict = BOND_RX_DELIVER;
	bool telling = is_telling(skb);
	u8 to[ETH_ALEN];

	/* judge() may put another one in */
	if (unlikely(telling))
		ether_addr_copy(to, eth_hdr(skb)->h_dest);
	if (port != v->active || skb->pkt_type == PACKET_OTHERHOST ||
	    unlikely(!has_swapped(v, port)))
		verdict = judge(v, port, skb);
	if (unlikely(telling) && verdict == BOND_RX_DELIVER)
		bond_rlb_hear(v, skb, to);
	return verdict;
}

static int alb_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond_balance *bal = bond_balance_make(port->bond);

	if (!bal)
		return -ENOMEM;
	/* readers of @rlb come with the first view that has a port */
	if (!bal->rlb)
		bal->rlb = bond_rlb_make();
	if (!bal->rlb)
		return -ENOMEM;
	return bond_balance_join(port, ea);
}

const struct bond_mode bond_mode_alb = {
	.name		= "balance-alb",
	.title		= "adaptive load balancing",
	.id		= BOND_MODE_ALB,
	.traits		= BOND_T_ACTIVE_PORT | BOND_T_NO_PROBES | BOND_T_HASH_OPTIONAL |
			  BOND_T_SUM_SPEED | BOND_T_RX_ALL | BOND_T_IGMP | BOND_T_MOVES_MACS |
			  BOND_T_NEEDS_SPEED | BOND_T_XDP | BOND_T_OWN_MACS | BOND_T_LIVE_MACS |
			  BOND_T_TELLS,
	.lag_tx		= NETDEV_LAG_TX_TYPE_UNKNOWN,
	.open		= bond_balance_open,
	.close		= bond_balance_close,
	.exit		= bond_balance_exit,
	.port_join	= alb_join,
	.port_leave	= bond_balance_leave,
	.port_speed	= bond_balance_speed,
	.config		= bond_balance_config,
	.address	= bond_balance_address,
	.tick		= bond_balance_tick,
	.pick		= bond_pick_active, /* each view has a better one */
	.view		= bond_balance_view,
	.receive	= alb_receive,
	.direct		= alb_direct,
	.client		= bond_rlb_row,
	.counters	= 2,
	.counter_names	= bond_balance_counters,
	.count		= bond_balance_count,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
