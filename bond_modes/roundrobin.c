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

/*
 * Membership reports all leave by one port, so that a snooping switch learns
 * one place for the bond.
 */
static bool is_igmp(const struct bond_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;
	const struct iphdr *ip;
	struct iphdr copy;

	if (pkt->proto != htons(ETH_P_IP) || !skb)
		return false;
	ip = skb_header_pointer(skb, skb_network_offset(skb), sizeof(copy),
				&copy);
	return ip && ip->protocol == IPPROTO_IGMP;
}

/* The turn of this packet, by the option packets_per_slave. */
static u32 rr_turn(const struct bond_view *v)
{
	u32 count;

	if (unlikely(!v->rr_packets))
		return get_random_u32();
	count = this_cpu_inc_return(*v->bond->rr_counter) - 1;
	if (v->rr_packets == 1)
		return count;
	return reciprocal_divide(count, v->rr_divide);
}

static struct bond_port *rr_pick(const struct bond_view *v,
				 const struct bond_pkt *pkt)
{
	struct bond_port *port;
	u32 i;

	if (unlikely(!v->usable))
		return NULL;
	i = rr_turn(v) % v->usable;
	port = v->ports[i];
	if (unlikely(is_igmp(pkt)) && v->active)
		port = v->active;
	if (likely(bond_port_live(port)))
		return port;
	return bond_view_divert(v, port, i + 1);
}

const struct bond_mode bond_mode_roundrobin = {
	.name		= "balance-rr",
	.title		= "load balancing (round-robin)",
	.id		= BOND_MODE_ROUNDROBIN,
	.traits		= BOND_T_QUEUE_OVERRIDE | BOND_T_XDP | BOND_T_IGMP |
			  BOND_T_ALL_FILTERS | BOND_T_SUM_SPEED | BOND_T_RX_ALL,
	.lag_tx		= NETDEV_LAG_TX_TYPE_ROUNDROBIN,
	.pick		= rr_pick,
	.receive	= bond_rx_any,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
