// SPDX-License-Identifier: GPL-2.0
/*
 * What the bond listens to, handed to the ports that receive for it: address
 * lists, promiscuity, VLAN filters. In modes with one active port only that
 * port has them, so that a backup's filter keeps other people's frames out.
 */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "bond.h"
#include "engine.h"

static bool wants_filters(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	return (bond->mode->traits & BOND_T_ALL_FILTERS) ||
	       port == bond->told_active;
}

/* Address lists are on the ports only while the bond is up. */
static void sync_lists(struct bond_port *port)
{
	if (!netif_running(port->bond->dev))
		return;

	dev_uc_sync_multiple(port->dev, port->bond->dev);
	dev_mc_sync_multiple(port->dev, port->bond->dev);
}

static void give_flags(struct bond_port *port)
{
	const struct net_device *bond_dev = port->bond->dev;

	if ((bond_dev->flags & IFF_PROMISC) && !port->promisc)
		port->promisc = !dev_set_promiscuity(port->dev, 1);
	if ((bond_dev->flags & IFF_ALLMULTI) && !port->allmulti)
		port->allmulti = !dev_set_allmulti(port->dev, 1);
}

static void take_flags(struct bond_port *port)
{
	if (port->promisc)
		dev_set_promiscuity(port->dev, -1);
	if (port->allmulti)
		dev_set_allmulti(port->dev, -1);
	port->promisc = false;
	port->allmulti = false;
}

/**
 * bond_filter_give() - let a port listen for the bond, if it is to
 * @port: the port
 *
 * Context: RTNL. Harmless when done already.
 */
void bond_filter_give(struct bond_port *port)
{
	ASSERT_RTNL();
	if (port->filters || !wants_filters(port))
		return;
	WRITE_ONCE(port->filters, true);
	give_flags(port);
	netif_addr_lock_bh(port->bond->dev);
	sync_lists(port);
	netif_addr_unlock_bh(port->bond->dev);
}

/**
 * bond_filter_take() - undo bond_filter_give()
 * @port: the port
 *
 * Context: RTNL. Harmless when nothing was given.
 */
void bond_filter_take(struct bond_port *port)
{
	ASSERT_RTNL();
	if (!port->filters)
		return;
	WRITE_ONCE(port->filters, false);
	take_flags(port);
	dev_uc_unsync(port->dev, port->bond->dev);
	dev_mc_unsync(port->dev, port->bond->dev);
}

/**
 * bond_filter_running() - the bond goes up or down
 * @bond: the bond
 * @running: up
 *
 * Context: RTNL.
 */
void bond_filter_running(struct bond *bond, bool running)
{
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		if (!port->filters)
			continue;
		if (running) {
			netif_addr_lock_bh(bond->dev);
			sync_lists(port);
			netif_addr_unlock_bh(bond->dev);
		} else {
			dev_uc_unsync(port->dev, bond->dev);
			dev_mc_unsync(port->dev, bond->dev);
		}
	}
}

/**
 * bond_filter_move() - the active port changes
 * @bond: the bond, whose told_active is still @from
 * @from: the port that listened, or NULL
 * @to: the port that shall, or NULL
 *
 * Context: RTNL.
 */
void bond_filter_move(struct bond *bond, struct bond_port *from,
		      struct bond_port *to)
{
	ASSERT_RTNL();
	bond->told_active = to;
	if (bond->mode->traits & BOND_T_ALL_FILTERS)
		return;
	/* a leaving port gives back what it has when its time has come */
	if (from && !READ_ONCE(from->gone))
		bond_filter_take(from);
	if (to)
		bond_filter_give(to);
}

/**
 * bond_set_rx_mode() - ndo_set_rx_mode: the bond's address lists changed
 * @dev: the bond
 *
 * Context: the bond's address lock held.
 */
void bond_set_rx_mode(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;

	rcu_read_lock();
	bond_for_each_port_rcu(bond, port)
		if (READ_ONCE(port->filters))
			sync_lists(port);
	rcu_read_unlock();
}

/**
 * bond_change_rx_flags() - ndo_change_rx_flags: promiscuity or all-multicast
 * @dev: the bond, whose flags are new already
 * @change: IFF_PROMISC and IFF_ALLMULTI as far as they changed
 *
 * Context: RTNL.
 */
void bond_change_rx_flags(struct net_device *dev, int change)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		if (!port->filters)
			continue;
		if ((change & IFF_PROMISC) && !(dev->flags & IFF_PROMISC) &&
		    port->promisc) {
			dev_set_promiscuity(port->dev, -1);
			port->promisc = false;
		}
		if ((change & IFF_ALLMULTI) && !(dev->flags & IFF_ALLMULTI) &&
		    port->allmulti) {
			dev_set_allmulti(port->dev, -1);
			port->allmulti = false;
		}
		give_flags(port);
	}
}

/**
 * bond_vlan_rx_add_vid() - ndo_vlan_rx_add_vid: on every port or on none
 * @dev: the bond
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0 or the refusing port's -errno.
 */
int bond_vlan_rx_add_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;
	int err;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		err = vlan_vid_add(port->dev, proto, vid);
		if (err)
			goto undo;
	}
	return 0;
undo:
	list_for_each_entry_continue_reverse(port, &bond->ports, list)
		vlan_vid_del(port->dev, proto, vid);
	return err;
}

/**
 * bond_vlan_rx_kill_vid() - ndo_vlan_rx_kill_vid
 * @dev: the bond
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @vid: VLAN id
 *
 * Context: RTNL.
 * Return: 0.
 */
int bond_vlan_rx_kill_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port)
		vlan_vid_del(port->dev, proto, vid);
	return 0;
}
