// SPDX-License-Identifier: GPL-2.0
/*
 * netpoll: while a netconsole message is being sent, frames must not go
 * through the ports' queues, so every port has a netpoll instance of its own
 * for as long as somebody polls the bond.
 */
#include <linux/netpoll.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"

#ifdef CONFIG_NET_POLL_CONTROLLER

static int enable(struct bond_port *port)
{
	struct netpoll *np;
	int err;

	if (port->netpoll)
		return 0;
	np = kzalloc(sizeof(*np), GFP_KERNEL);
	if (!np)
		return -ENOMEM;
	strscpy(np->dev_name, port->dev->name, sizeof(np->dev_name));
	err = __netpoll_setup(np, port->dev);
	if (err) {
		kfree(np);
		return err;
	}
	WRITE_ONCE(port->netpoll, np);
	return 0;
}

/**
 * bond_netpoll_leave() - a port is polled no longer
 * @port: the port
 *
 * Context: RTNL. Harmless when it never was.
 */
void bond_netpoll_leave(struct bond_port *port)
{
	struct netpoll *np = port->netpoll;

	ASSERT_RTNL();
	if (!np)
		return;
	WRITE_ONCE(port->netpoll, NULL);
	synchronize_net();
	__netpoll_free(np);
}

/**
 * bond_netpoll_join() - have a joining port polled if its bond is
 * @port: the port
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM, or what the device says, -EOPNOTSUPP for one that cannot.
 */
int bond_netpoll_join(struct bond_port *port)
{
	ASSERT_RTNL();
	return rtnl_dereference(port->bond->dev->npinfo) ? enable(port) : 0;
}

/**
 * bond_netpoll_send() - send by a port without its queue
 * @port: the port
 * @skb: the frame, its device set
 *
 * Context: interrupts off, called while netpoll transmits.
 * Return: what netpoll says; a port that is polled no longer drops it.
 */
netdev_tx_t bond_netpoll_send(const struct bond_port *port, struct sk_buff *skb)
{
	struct netpoll *np = READ_ONCE(port->netpoll);

	if (np)
		return netpoll_send_skb(np, skb);
	dev_core_stats_tx_dropped_inc(port->bond->dev);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/**
 * bond_netpoll_cleanup() - ndo_netpoll_cleanup
 * @dev: the bond
 *
 * Context: RTNL.
 */
void bond_netpoll_cleanup(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port)
		bond_netpoll_leave(port);
}

/**
 * bond_netpoll_setup() - ndo_netpoll_setup: every port or none
 * @dev: the bond
 *
 * Context: RTNL, may sleep.
 * Return: 0 or the refusing port's -errno.
 */
int bond_netpoll_setup(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;
	int err = 0;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		err = enable(port);
		if (err) {
			bond_netpoll_cleanup(dev);
			break;
		}
	}
	return err;
}

/**
 * bond_poll_controller() - ndo_poll_controller: collect from the ports
 * @dev: the bond
 *
 * Context: interrupts off, RCU.
 */
void bond_poll_controller(struct net_device *dev)
{
	const struct bond_view *v = rcu_dereference_bh(bond_of(dev)->view);
	bool single = (v->mode->traits & (BOND_T_RX_ALL | BOND_T_ACTIVE_PORT)) ==
		      BOND_T_ACTIVE_PORT;
	u32 i;

	for (i = 0; i < v->total; i++)
		if (!single || v->ports[i] == v->active)
			netpoll_poll_dev(v->ports[i]->dev);
}

#else

void bond_netpoll_leave(struct bond_port *port)
{
}

int bond_netpoll_join(struct bond_port *port)
{
	return 0;
}

netdev_tx_t bond_netpoll_send(const struct bond_port *port, struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

#endif
