// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: the handler on every port. The mode judges, this file acts.
 */
#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "bond.h"
#include "engine.h"

/**
 * bond_rx_single() - verdict for modes in which one port receives
 * @v: the view
 * @port: where the frame arrived
 * @skb: the frame
 *
 * A frame on an idle port while the active one has lost its carrier is news:
 * the switch is made here, without waiting for anybody, and the frame is
 * delivered if the choice fell on its port.
 *
 * Context: RCU, BH off.
 */
enum bond_verdict bond_rx_single(const struct bond_view *v,
				 struct bond_port *port, struct sk_buff *skb)
{
	struct bond_port *active = v->active;

	if (likely(port == active) || (v->flags & BOND_VIEW_ALL_ACTIVE))
		return BOND_RX_DELIVER;
	if (active && !bond_port_live(active) && bond_port_live(port)) {
		if (bond_view_divert(v, active, 0)) {
			v = rcu_dereference(v->bond->view);
			if (v->active == port || !bond_port_live(v->active))
				return BOND_RX_DELIVER;
		}
	}
	if (is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return BOND_RX_PASS;
	return BOND_RX_EXACT;
}

/**
 * bond_rx_any() - verdict for modes in which every port receives
 * @v: the view
 * @port: where the frame arrived
 * @skb: the frame
 *
 * Context: RCU, BH off.
 */
enum bond_verdict bond_rx_any(const struct bond_view *v,
			      struct bond_port *port, struct sk_buff *skb)
{
	return BOND_RX_DELIVER;
}

/* Hand the frame up as one of the bond's. */
static rx_handler_result_t deliver(const struct bond_view *v,
				   struct sk_buff *skb)
{
	skb->dev = v->bond->dev;
	return RX_HANDLER_ANOTHER;
}

/**
 * bond_handle_frame() - receive handler of a port
 * @pskb: the frame, may be replaced when it was shared
 *
 * Context: RCU, BH off.
 */
rx_handler_result_t bond_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct bond_view *v;
	struct bond_port *port;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;

	port = bond_port_get_rcu(skb->dev);
	v = rcu_dereference(port->bond->view);
	if (v->flags & BOND_VIEW_RX_STAMP)
		WRITE_ONCE(port->last_rx, jiffies);

	switch (v->mode->receive(v, port, skb)) {
	case BOND_RX_DELIVER:
		return deliver(v, skb);
	case BOND_RX_EXACT:
		return RX_HANDLER_EXACT;
	case BOND_RX_CONSUMED:
		return RX_HANDLER_CONSUMED;
	case BOND_RX_PASS:
		break;
	}
	return RX_HANDLER_PASS;
}
