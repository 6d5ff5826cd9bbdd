// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit: pick and send. The mode picks, everything else about sending is
 * here, once.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/rcupdate.h>
#include <net/sch_generic.h>

#include "bond.h"
#include "engine.h"
#include "send.h"

static netdev_tx_t drop(struct net_device *dev, struct sk_buff *skb)
{
	dev_core_stats_tx_dropped_inc(dev);
	dev_kfree_skb_any(skb);
	return NET_XMIT_DROP;
}

/**
 * bond_xmit_all() - view->xmit where every port sends
 * @skb: the frame, its device the bond
 * @v: the view
 *
 * A copy to each usable port that could send; the last one takes the original.
 * A copy that cannot be made costs only its own port.
 *
 * Context: BH off.
 * Return: success when any port's queue says so; else NET_XMIT_DROP.
 */
netdev_tx_t bond_xmit_all(struct sk_buff *skb, const struct bond_view *v)
{
	struct net_device *dev = skb->dev;
	struct bond_port *last = NULL;
	bool sent = false;
	u32 i;

	for (i = 0; i < v->usable; i++) {
		struct bond_port *port = v->ports[i];
		struct sk_buff *copy;

		if (!bond_port_live(port))
			continue;
		if (last) {
			copy = bond_copy(skb);
			if (likely(copy))
				sent |= bond_send_on(last, copy) == NET_XMIT_SUCCESS;
			else
				dev_core_stats_tx_dropped_inc(dev);
		}
		last = port;
	}
	/* all those in use are dead, and that is tolerated or not known yet */
	if (unlikely(!last && v->total))
		last = bond_view_divert(v, v->ports[0], 0);
	if (unlikely(!last))
		return drop(dev, skb);
	sent |= bond_send_on(last, skb) == NET_XMIT_SUCCESS;
	return sent ? NET_XMIT_SUCCESS : NET_XMIT_DROP;
}

/**
 * bond_pick_override() - pick where some port has a queue of its own
 * @v: the view
 * @pkt: the packet
 *
 * Stands before the mode's own pick in the views of bonds that use queue_id.
 *
 * Context: RCU, BH off, the hot path.
 * Return: a port, BOND_PICK_ALL, or NULL to drop.
 */
struct bond_port *bond_pick_override(const struct bond_view *v,
				     const struct bond_pkt *pkt)
{
	struct sk_buff *skb = bond_skb_of(pkt);
	u16 queue = skb_get_queue_mapping(skb);
	u32 i;

	for (i = 0; queue && i < v->total; i++) {
		struct bond_port *port = v->ports[i];

		if (READ_ONCE(port->cfg.queue_id) != queue)
			continue;
		if (bond_port_live(port) &&
		    READ_ONCE(port->link.state) == LINK_UP)
			return port;
		break;
	}
	return v->pick_mode(v, pkt);
}

/**
 * bond_send() - give a packet to a port
 * @port: the port
 * @skb: the packet, as ndo_start_xmit got it or made from that
 *
 * Context: BH off.
 * Return: what the port's queue says.
 */
netdev_tx_t bond_send(const struct bond_port *port, struct sk_buff *skb)
{
	return bond_send_on(port, skb);
}

/*
 * The rare answers of a pick: nobody, everybody, or that it is done, and the
 * packet gone. What else this needs it finds again, so that packets for one
 * port do not pay for keeping it.
 */
static noinline netdev_tx_t send_rare(const struct bond_port *port,
				      struct sk_buff *skb)
{
	struct net_device *dev;

	if (port == BOND_PICK_SENT)
		return NET_XMIT_SUCCESS;
	dev = skb->dev;
	return port ? bond_xmit_all(skb, rcu_dereference_bh(bond_of(dev)->view)) :
		      drop(dev, skb);
}

/**
 * bond_xmit_to() - do what a pick says
 * @skb: the frame, its device the bond
 * @port: what the pick of the view in force said
 *
 * Context: BH off.
 * Return: what the port's queue says; NET_XMIT_DROP for nobody.
 */
netdev_tx_t bond_xmit_to(struct sk_buff *skb, struct bond_port *port)
{
	if (unlikely(port <= BOND_PICK_SENT))
		return send_rare(port, skb);
	return bond_send_on(port, skb);
}

/**
 * bond_xmit_picked() - view->xmit where nothing is known of the pick
 * @skb: the frame, its device the bond
 * @v: the view
 *
 * Context: BH off.
 * Return: see bond_xmit_to().
 */
netdev_tx_t bond_xmit_picked(struct sk_buff *skb, const struct bond_view *v)
{
	return bond_xmit_to(skb, v->pick(v, bond_pkt_skb(skb)));
}

/**
 * bond_start_xmit() - ndo_start_xmit
 * @skb: the frame
 * @dev: the bond
 *
 * BH is off, which is all that RCU asks of a reader of the view; taking its
 * lock as well would only cost time.
 *
 * Context: BH off, lockless (LLTX).
 * Return: what the port's queue says; NET_XMIT_DROP when no port could be
 * found.
 */
netdev_tx_t bond_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct bond_view *v = rcu_dereference_bh(bond_of(dev)->view);

	return v->xmit(skb, v);
}

/**
 * bond_select_queue() - ndo_select_queue
 * @dev: the bond
 * @skb: the frame
 * @sb_dev: unused
 *
 * The bond itself never queues, so any of its queues will do; what must
 * survive is the queue the sender had in mind, for the port's device.
 *
 * Context: RCU, BH off.
 * Return: a queue of @dev.
 */
u16 bond_select_queue(struct net_device *dev, struct sk_buff *skb,
		      struct net_device *sb_dev)
{
	u16 queue = skb_get_queue_mapping(skb);

	qdisc_skb_cb(skb)->slave_dev_queue_mapping = queue;
	if (likely(!queue))
		return 0;
	/* what was recorded on receive is one more, see skb_get_rx_queue() */
	queue--;
	while (unlikely(queue >= dev->real_num_tx_queues))
		queue -= dev->real_num_tx_queues;
	return queue;
}

/**
 * bond_get_xmit_slave() - ndo_get_xmit_slave: which port would this go to?
 * @dev: the bond
 * @skb: the frame
 * @all_slaves: choose as if every port were usable
 *
 * Context: RCU.
 * Return: the device, or NULL where the answer is none or all.
 */
struct net_device *bond_get_xmit_slave(struct net_device *dev,
				       struct sk_buff *skb, bool all_slaves)
{
	const struct bond_view *v = rcu_dereference(bond_of(dev)->view);
	struct bond_port *port;

	if (all_slaves && v->mode->pick_any)
		port = v->mode->pick_any(v, bond_pkt_skb(skb));
	else
		port = v->pick_only(v, bond_pkt_skb(skb));
	return port > BOND_PICK_ALL ? port->dev : NULL;
}
