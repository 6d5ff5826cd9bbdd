// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: the handler on every port. The mode judges, this file acts.
 */
#include <linux/etherdevice.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>

#include "bond.h"
#include "engine.h"
#include "learn.h"

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
 * Return: what becomes of the frame.
 */
enum bond_verdict bond_rx_single(const struct bond_view *v,
				 struct bond_port *port, struct sk_buff *skb)
{
	struct bond_port *active = v->active;

	if (likely(port == active) || (v->flags & BOND_VIEW_ALL_ACTIVE))
		return BOND_RX_DELIVER;
	if (active && !bond_port_live(active) && bond_port_live(port)) {
		bond_view_lost(v, active);
		v = rcu_dereference(v->bond->view);
		active = v->active;
		/* still a dead one: its loss is tolerated, one stands in */
		if (active && !bond_port_live(active))
			active = bond_view_stand_in(v, 0);
		if (active == port)
			return BOND_RX_DELIVER;
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
 * Return: what becomes of the frame.
 */
enum bond_verdict bond_rx_any(const struct bond_view *v,
			      struct bond_port *port, struct sk_buff *skb)
{
	if (v->flags & BOND_VIEW_SLB)
		return bond_rx_slb(v, port, skb);
	return BOND_RX_DELIVER;
}

/**
 * bond_direct_single() - mode->direct for modes in which one port receives
 * @v: the view
 * @port: the port
 *
 * Context: bond->lock held.
 * Return: everything of the port that receives, nothing of the others.
 */
enum bond_direct bond_direct_single(const struct bond_view *v,
				    const struct bond_port *port)
{
	return port == v->active || (v->flags & BOND_VIEW_ALL_ACTIVE) ?
	       BOND_DIRECT_ALL : BOND_DIRECT_NONE;
}

/**
 * bond_direct_any() - mode->direct for modes in which every port receives
 * @v: the view
 * @port: the port
 *
 * Context: bond->lock held.
 * Return: everything.
 */
enum bond_direct bond_direct_any(const struct bond_view *v,
				 const struct bond_port *port)
{
	return BOND_DIRECT_ALL;
}

/* What the mode has to look at. */
static noinline rx_handler_result_t handle_judged(struct sk_buff **pskb,
						  struct bond_port *port)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);
	const struct bond_view *v = rcu_dereference(port->bond->view);

	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	if (v->flags & BOND_VIEW_PROBES)
		bond_probe_receive(v, port, skb);

	switch (v->mode->receive(v, port, skb)) {
	case BOND_RX_DELIVER:
		if (v->flags & BOND_VIEW_KNOWS)
			bond_learn_forget(v, port, skb);
		skb->dev = port->upper;
		return RX_HANDLER_ANOTHER;
	case BOND_RX_EXACT:
		return RX_HANDLER_EXACT;
	case BOND_RX_CONSUMED:
		return RX_HANDLER_CONSUMED;
	case BOND_RX_PASS:
		break;
	}
	return RX_HANDLER_PASS;
}

/* IP that tells no address of its sender, as neighbour discovery does. */
static __always_inline bool tells_nothing(const struct sk_buff *skb)
{
	if (likely(skb->protocol == htons(ETH_P_IP)))
		return true;
	return skb->protocol == htons(ETH_P_IPV6) &&
	       skb_headlen(skb) >= sizeof(struct ipv6hdr) &&
	       ((const struct ipv6hdr *)skb->data)->nexthdr != IPPROTO_ICMPV6;
}

static __always_inline bool goes_up(const struct bond_port *port,
				    const struct sk_buff *skb)
{
	u8 direct = READ_ONCE(port->direct);

	if (likely(direct == BOND_DIRECT_ALL))
		return true;
	if (direct == BOND_DIRECT_SILENT)
		return skb->pkt_type == PACKET_HOST && tells_nothing(skb);
	return direct == BOND_DIRECT_NOT_SLOW &&
	       skb->protocol != htons(ETH_P_SLOW);
}

/**
 * bond_handle_frame() - receive handler of a port
 * @pskb: the frame, may be replaced when it was shared
 *
 * Context: RCU, BH off.
 * Return: RX_HANDLER_ANOTHER for what is the bond's now, else as the mode judged.
 */
rx_handler_result_t bond_handle_frame(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct bond_port *port;

	port = rcu_dereference(skb->dev->rx_handler_data) + BOND_ABI_PORT_ROOM;
	if (unlikely(!goes_up(port, skb) || skb_shared(skb)))
		return handle_judged(pskb, port);
	skb->dev = port->upper;
	return RX_HANDLER_ANOTHER;
}
