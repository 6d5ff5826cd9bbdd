/* SPDX-License-Identifier: GPL-2.0 */
/* The last step of transmit, inline where a mode chooses and sends in one. */
#ifndef BOND_SEND_H
#define BOND_SEND_H

#include <linux/netdevice.h>
#include <linux/netpoll.h>
#include <net/sch_generic.h>

#include "bond.h"
#include "engine.h"

/**
 * bond_send_on() - give a packet to a port as if it had been queued there
 * @port: the port
 * @skb: the packet, as ndo_start_xmit got it or made from that
 *
 * Context: BH off.
 * Return: what the port's queue says.
 */
static __always_inline netdev_tx_t bond_send_on(const struct bond_port *port,
						struct sk_buff *skb)
{
	skb->dev = port->dev;
	skb_set_queue_mapping(skb, qdisc_skb_cb(skb)->slave_dev_queue_mapping);
	/* ports have a netpoll instance whenever the bond is polled */
	if (unlikely(READ_ONCE(port->netpoll) &&
		     netpoll_tx_running(port->upper)))
		return bond_netpoll_send(port, skb);
	return dev_queue_xmit(skb);
}

#endif
