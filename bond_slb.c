// SPDX-License-Identifier: GPL-2.0
/*
 * slb: two switches that know nothing of a bond. They are one network, so what
 * is sent to everybody arrives at every port, and what we send ourselves comes
 * back by the others. With the option slb the bond hears the former at one port
 * only, its ear, and the latter not at all. xmit_hash_policy=vlan+srcmac does
 * the rest: an address is then seen by the switches in one place.
 *
 * Frames for one destination are taken wherever they arrive, but once: a switch
 * that has not yet heard that an address has moved must not cost packets, and
 * one that does not know it at all sends copies to every port.
 */
#include <linux/etherdevice.h>

#include "bond.h"
#include "engine.h"
#include "learn.h"

/*
 * The active port; it is kept as long as it lasts, so that a leg that returns
 * while its switch does not yet forward is not listened to in vain.
 */
static const struct bond_port *ear_of(const struct bond_view *v)
{
	const struct bond_port *ear = v->active;

	if (likely(ear && bond_port_live(ear)))
		return ear;
	if (ear)
		bond_view_lost(v, ear);
	ear = rcu_dereference(v->bond->view)->active;
	if (ear && bond_port_live(ear))
		return ear;
	/* its loss is being tolerated */
	return bond_view_next_live(v, 0);
}

/**
 * bond_rx_slb() - verdict where switches know nothing of the bond
 * @v: the view
 * @port: where the frame arrived
 * @skb: the frame
 *
 * Sockets bound to the port see what the bond does not take.
 *
 * Context: RCU, BH off.
 * Return: what becomes of the frame.
 */
enum bond_verdict bond_rx_slb(const struct bond_view *v,
			      const struct bond_port *port,
			      const struct sk_buff *skb)
{
	const u8 *dest = eth_hdr(skb)->h_dest;

	if (is_multicast_ether_addr(dest) && port != ear_of(v))
		return is_link_local_ether_addr(dest) ? BOND_RX_PASS :
							BOND_RX_EXACT;
	if (bond_learn_echo(v, skb) || bond_learn_twice(v, port, skb))
		return BOND_RX_EXACT;
	return BOND_RX_DELIVER;
}
