// SPDX-License-Identifier: GPL-2.0
/*
 * The steps of joining, each beside its undoing, and the reasons to refuse a
 * device before the first of them.
 */
#include <linux/etherdevice.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "bond.h"
#include "compat.h"
#include "crypto.h"
#include "doors.h"
#include "engine.h"
#include "steps.h"

/* --- refusals ---------------------------------------------------------- */

/* bond_refuse() where the log does not name the device. */
#define refuse_plain(bond_, ea, err, why)				\
({									\
	if (ea)								\
		NL_SET_ERR_MSG(ea, why);				\
	else								\
		netdev_err((bond_)->dev, "Error: %s\n", why);		\
	err;								\
})

/* Another kind of link layer than the bond has or can take on? */
static int refuse_type(struct bond *bond, struct net_device *dev,
		       struct netlink_ext_ack *ea)
{
	if (bond->nports && bond->dev->type != dev->type)
		return bond_refuse(bond, dev, ea, -EINVAL,
				   "Device type is different from other slaves");
	/* an empty bond may still be of the type of the last port it had */
	if ((bond->mode->traits & BOND_T_ETHER_ONLY) &&
	    dev->type != ARPHRD_ETHER)
		return bond_refuse(bond, dev, ea, -EINVAL,
				   "8023AD mode requires Ethernet devices");
	return 0;
}

/* A device that no VLAN may stand on? Users are warned even if it fails later. */
static int refuse_vlan(struct bond *bond, struct net_device *dev,
		       struct netlink_ext_ack *ea)
{
	if (!(dev->features & NETIF_F_VLAN_CHALLENGED))
		return 0;
	if (vlan_uses_dev(bond->dev))
		return bond_refuse(bond, dev, ea, -EPERM,
				   "Can not enslave VLAN challenged device to VLAN enabled bond");
	netdev_warn(bond->dev, "(slave %s): enslaved VLAN challenged slave. Adding VLANs will be blocked as long as it is part of bond.\n",
		    dev->name);
	return 0;
}

/**
 * bond_port_refuse() - reasons not to let a device join
 * @bond: the bond
 * @dev: the device
 * @ea: where to explain
 *
 * Context: RTNL. Changes nothing.
 * Return: 0 or the -errno of the first reason.
 */
int bond_port_refuse(struct bond *bond, struct net_device *dev,
		     struct netlink_ext_ack *ea)
{
	int err;

	ASSERT_RTNL();
	if (dev->type == ARPHRD_CAN)
		return bond_refuse(bond, dev, ea, -EPERM,
				   "CAN device cannot be enslaved");
	if (netif_is_bond_slave(dev) || netdev_is_rx_handler_busy(dev))
		return bond_refuse(bond, dev, ea, -EBUSY,
				   "Device is in use and cannot be enslaved");
	if (dev == bond->dev)
		return refuse_plain(bond, ea, -EPERM,
				    "Cannot enslave bond to itself.");
	if (dev->flags & IFF_MASTER && !netif_is_bond_master(dev))
		return refuse_plain(bond, ea, -EPERM,
				    "Device type (master device) cannot be enslaved");
	err = refuse_vlan(bond, dev, ea);
	if (err)
		return err;
	if (dev->flags & IFF_UP)
		return bond_refuse(bond, dev, ea, -EPERM,
				   "Device can not be enslaved while up");
	return refuse_type(bond, dev, ea) ?: bond_xdp_refuse(bond, dev, ea);
}

/* --- steps --------------------------------------------------------------- */

static int reserve_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;

	port->bond_tso = bond->dev->tso_max_size;
	port->bond_type = bond->dev->type;
	memcpy(port->bond_addr, bond->dev->dev_addr, MAX_ADDR_LEN);
	port->bond_assign = bond->dev->addr_assign_type;
	return bond_view_reserve(bond, bond->nports + 1) ?:
	       bond_choice_reserve(bond, bond->nports + 1);
}

/* Who holds the device for himself lets go of it now, such as netconsole. */
static int notice_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	call_netdevice_notifiers(NETDEV_JOIN, port->dev);
	return 0;
}

/* Two tunnels of one type may differ: with one remote end, or with many. */
static int type_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	const struct bond *bond = port->bond;

	if (bond->dev->type == port->dev->type &&
	    (bond->nports || port->dev->type == ARPHRD_ETHER))
		return 0;
	return bond_adopt_type(port->bond, port->dev, ea);
}

/* The first port could not join after all: an empty bond is an Ethernet one. */
static void type_undo(struct bond_port *port)
{
	struct bond *bond = port->bond;

	if (port->joined || bond->nports || bond->dev->type == port->bond_type)
		return;
	bond_become_ethernet(bond);
	if (port->bond_type != ARPHRD_ETHER) {
		eth_random_addr(port->bond_addr);
		port->bond_assign = NET_ADDR_RANDOM;
	}
	bond_mac_return(bond, port->bond_addr, port->bond_assign);
}

/* May turn fail_over_mac to active. */
static int fit_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	port->bond_fom = port->bond->config.fail_over_mac;
	return bond_mac_fit(port, ea);
}

static void fit_undo(struct bond_port *port)
{
	if (!port->joined)
		bond_mac_set_policy(port->bond, port->bond_fom);
}

/* A bond without an address of its own takes that of its first port. */
static int adopt_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;
	int err;

	if (bond->nports || bond->dev->addr_assign_type != NET_ADDR_RANDOM)
		return 0;
	err = bond_mac_adopt(bond, port->dev, ea);
	port->adopted = !err;
	return err;
}

static void adopt_undo(struct bond_port *port)
{
	/* a port that was a member leaves the bond a new address instead */
	if (port->adopted && !port->joined)
		bond_mac_return(port->bond, port->bond_addr,
				port->bond_assign);
}

static int mtu_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	port->mtu = port->dev->mtu;
	return dev_set_mtu(port->dev, port->bond->dev->mtu);
}

static void mtu_undo(struct bond_port *port)
{
	if (port->dev->mtu == port->mtu)
		return;
	if (port->unregistering)
		bond_compat_mtu_quiet(port->dev, port->mtu);
	else
		dev_set_mtu(port->dev, port->mtu);
}

static int address_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	port->addr_len = port->dev->addr_len;
	memcpy(port->perm_addr, port->dev->dev_addr, port->addr_len);
	return bond_mac_join(port, ea);
}

static void address_undo(struct bond_port *port)
{
	bond_mac_leave(port);
}

static int flags_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	bond_compat_no_addrconf(port->dev, true);
	return 0;
}

static void flags_undo(struct bond_port *port)
{
	bond_compat_no_addrconf(port->dev, false);
}

static int open_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	int err = dev_open(port->dev, ea);

	if (err)
		port_err(port, "Opening slave failed\n");
	return err;
}

static void open_undo(struct bond_port *port)
{
	dev_close(port->dev);
}

static int stats_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	bond_stats_start(port);
	return 0;
}

static int netpoll_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	int err = bond_netpoll_join(port);

	if (err == -EOPNOTSUPP || err == -ENOTSUPP) {
		NL_SET_ERR_MSG(ea, "Slave device does not support netpoll");
		err = -EBUSY;
	}
	return err;
}

static void netpoll_undo(struct bond_port *port)
{
	bond_netpoll_leave(port);
}

static int vlan_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	return vlan_vids_add_by_dev(port->dev, port->bond->dev);
}

static void vlan_undo(struct bond_port *port)
{
	struct bond *bond = port->bond;
	const struct bond_port *other;

	vlan_vids_del_by_dev(port->dev, bond->dev);
	if (!port->joined || !(port->dev->features & NETIF_F_VLAN_CHALLENGED))
		return;
	bond_for_each_port(bond, other)
		if (other->dev->features & NETIF_F_VLAN_CHALLENGED)
			return;
	port_info(port, "last VLAN challenged slave left bond - VLAN blocking is removed\n");
}

static int handler_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	return netdev_rx_handler_register(port->dev, bond_handle_frame,
					  bond_port_mailbox(port));
}

static void handler_undo(struct bond_port *port)
{
	netdev_rx_handler_unregister(port->dev);
}

static enum netdev_lag_hash lag_hash(const struct bond *bond)
{
	static const enum netdev_lag_hash by_policy[] = {
		[BOND_XMIT_POLICY_LAYER2]  = NETDEV_LAG_HASH_L2,
		[BOND_XMIT_POLICY_LAYER34] = NETDEV_LAG_HASH_L34,
		[BOND_XMIT_POLICY_LAYER23] = NETDEV_LAG_HASH_L23,
		[BOND_XMIT_POLICY_ENCAP23] = NETDEV_LAG_HASH_E23,
		[BOND_XMIT_POLICY_ENCAP34] = NETDEV_LAG_HASH_E34,
		[BOND_XMIT_POLICY_VLAN_SRCMAC] = NETDEV_LAG_HASH_VLAN_SRCMAC,
	};

	if (bond->mode->lag_tx != NETDEV_LAG_TX_TYPE_HASH)
		return NETDEV_LAG_HASH_NONE;
	return bond->config.xmit_policy < ARRAY_SIZE(by_policy) ?
	       by_policy[bond->config.xmit_policy] : NETDEV_LAG_HASH_UNKNOWN;
}

/* A bond among the ports is marked as a bond by the same flag. */
static void unmark(struct net_device *dev)
{
	if (!(dev->flags & IFF_MASTER))
		dev->priv_flags &= ~IFF_BONDING;
}

/* What the first events of a member say of it; its link is looked at later. */
static enum link_state first_link(const struct bond_port *port)
{
	if (!bond_port_live(port))
		return LINK_DOWN;
	return port->bond->config.updelay ? LINK_BACK : LINK_UP;
}

/*
 * Drivers that carry out a bond in hardware look at IFF_BONDING when they are told
 * of a new or a lost master. Where a device is a port by both flags, XDP looks for
 * its master, and older kernels do not ask whether there is one.
 */
static bool xdp_looks(void)
{
	/* turned under RTNL, by bond_xdp.c */
	ASSERT_RTNL();
	return static_key_enabled(&bpf_master_redirect_enabled_key);
}

static int upper_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;
	struct netdev_lag_upper_info info = {
		.tx_type = bond->mode->lag_tx,
		.hash_type = lag_hash(bond),
	};
	/* IFF_SLAVE is there already where it keeps IPv6 from the port */
	bool late = (port->dev->flags & IFF_SLAVE) && xdp_looks();
	int err;

	WRITE_ONCE(port->told_link, first_link(port));
	if (!late)
		port->dev->priv_flags |= IFF_BONDING;
	err = netdev_master_upper_dev_link(port->dev, bond->dev,
					   bond_port_mailbox(port), &info, ea);
	if (err) {
		unmark(port->dev);
		return err;
	}
	port->dev->priv_flags |= IFF_BONDING;
	port->dev->flags |= IFF_SLAVE;
	bond_tell_lower_state(port);
	return 0;
}

/* Where XDP looks, who has seen both flags is waited for. */
static void upper_undo(struct bond_port *port)
{
	if (xdp_looks()) {
		port->dev->flags &= ~IFF_SLAVE;
		synchronize_net();
	}
	netdev_upper_dev_unlink(port->dev, port->bond->dev);
	port->dev->flags &= ~IFF_SLAVE;
	unmark(port->dev);
}

static int xdp_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	return bond_xdp_join(port, ea);
}

static void xdp_undo(struct bond_port *port)
{
	bond_xdp_leave(port);
}

/*
 * Without its last port the bond has no address to call its own, and who sends
 * through it without a queue, such as netconsole, is to stop.
 */
static void unlinked_undo(struct bond_port *port)
{
	struct bond *bond = port->bond;

	if (port->joined && !bond->nports) {
		bond_mac_orphan(bond);
		call_netdevice_notifiers(NETDEV_RELEASE, bond->dev);
	}
	if (port->featured)
		bond_compute_features(bond);
	if (!port->joined && !bond->nports)
		netif_set_tso_max_size(bond->dev, port->bond_tso);
}

/*
 * A bond whose LRO is off hands on what arrives, so that nothing may have been
 * glued together. The stack switches it off in a port, but not in what the port
 * stands on: a macvlan has no LRO of its own, and the card below it goes on.
 */
static int features_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	if (!(port->bond->dev->features & NETIF_F_LRO))
		dev_disable_lro(port->dev);
	port->featured = true;
	bond_compute_features(port->bond);
	return 0;
}

static int sysfs_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	return bond_sysfs_port_add(port);
}

static void sysfs_undo(struct bond_port *port)
{
	bond_sysfs_port_del(port);
}

static int member_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	list_add_tail_rcu(&port->list, &bond->ports);
	bond->nports++;
	bond_compat_netns_immutable(bond->dev, true);
	if ((bond->mode->traits & BOND_T_ACTIVE_PORT) &&
	    !strcmp(bond->config.primary, port->dev->name))
		WRITE_ONCE(bond->primary, port);
	spin_unlock_irqrestore(&bond->lock, flags);
	return 0;
}

static void member_undo(struct bond_port *port)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	bond_stats_finish(port);
	if (bond->told_active == port)
		bond->told_active = NULL;
	spin_lock_irqsave(&bond->lock, flags);
	/* a view made since it became a member may show it, even as the active */
	WRITE_ONCE(port->gone, true);
	bond_port_deaf(port);
	if (bond->active == port)
		bond->reselect = true;
	list_del_rcu(&port->list);
	bond->nports--;
	bond_compat_netns_immutable(bond->dev, bond->nports);
	if (bond->primary == port)
		WRITE_ONCE(bond->primary, NULL);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (!port->joined)
		bond_republish(bond);
}

static int mode_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	const struct bond_mode *mode = port->bond->mode;

	return mode->port_join ? mode->port_join(port, ea) : 0;
}

static int listen_run(struct bond_port *port, struct netlink_ext_ack *ea)
{
	bond_filter_give(port);
	return 0;
}

/* Stands before the link to the master: promiscuity ends after membership. */
static void deaf_undo(struct bond_port *port)
{
	bond_probe_groups_leave(port);
	bond_filter_take(port);
}

static void crypto_undo(struct bond_port *port)
{
	bond_crypto_leave(port);
}

/*
 * The mode is undone first, by bond_port_leave(), while the port still is a
 * member. Only features come after it: limits on the size of what is sent that a
 * port lowers are lowered for good, so they wait until nothing can fail.
 */
const struct bond_step bond_steps[] = {
	{ "reserve",	reserve_run,	NULL },
	{ "notice",	notice_run,	NULL },
	{ "type",	type_run,	type_undo },
	{ "fit",	fit_run,	fit_undo },
	{ "adopt",	adopt_run,	adopt_undo },
	{ "mtu",	mtu_run,	mtu_undo, "dev_set_mtu" },
	{ "address",	address_run,	address_undo, "set_mac_address" },
	{ "flags",	flags_run,	flags_undo },
	{ "open",	open_run,	open_undo },
	{ "stats",	stats_run,	NULL },
	{ "netpoll",	netpoll_run,	netpoll_undo, "netpoll_setup" },
	{ "vlan",	vlan_run,	vlan_undo, "vlan_vids_add_by_dev" },
	{ "handler",	handler_run,	handler_undo, "netdev_rx_handler_register" },
	{ "deaf",	NULL,		deaf_undo },
	{ "unlinked",	NULL,		unlinked_undo },
	{ "upper",	upper_run,	upper_undo },
	{ "xdp",	xdp_run,	xdp_undo, "ndo_bpf" },
	{ "sysfs",	sysfs_run,	sysfs_undo, "bond_sysfs_slave_add" },
	{ "member",	member_run,	member_undo },
	{ "crypto",	NULL,		crypto_undo },
	{ "listen",	listen_run,	NULL },
	{ "mode",	mode_run,	NULL },
	{ "features",	features_run,	NULL },
};

const unsigned int bond_steps_count = ARRAY_SIZE(bond_steps);
