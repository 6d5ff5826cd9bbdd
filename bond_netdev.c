// SPDX-License-Identifier: GPL-2.0
/*
 * The bond as a network device: creation and the operations that fan out to
 * the ports, all or none.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "agenda.h"
#include "bond.h"
#include "compat.h"
#include "crypto.h"
#include "doors.h"
#include "engine.h"
#include "learn.h"

static const struct device_type bond_type = {
	.name = "bond",
};

/* Whom to remember may be a module parameter's wish. */
static int learn_init(struct bond *bond)
{
	return bond->config.slb || bond->config.announce ?
	       bond_learn_reserve(bond) : 0;
}

/*
 * ndo_init: everything that can fail, except what needs the name. After a
 * failure bond_register() frees what there is.
 */
static int bond_init(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);
	struct bond_net *bn = net_generic(dev_net(dev), bond_net_id);

	bond->rr_counter = alloc_percpu(u32);
	if (!bond->rr_counter)
		return -ENOMEM;
	if (bond_ledger_init(bond) || learn_init(bond) ||
	    bond_view_init(bond))
		return -ENOMEM;
	bond_compat_lockdep(dev);
	list_add_tail(&bond->list, &bn->bonds);
	bond_sysfs_prepare(dev);
	if (!is_valid_ether_addr(dev->dev_addr))
		eth_hw_addr_random(dev);
	return 0;
}

/* ndo_uninit: the device is unhashed, its ports go home */
static void bond_uninit(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);

	bond_port_leave_all(bond);
	bond_info(bond, "Released all slaves\n");
	bond_agenda_stop(bond);
	bond_clients_bond_del(bond);
	bond_procfs_bond_del(bond);
	list_del(&bond->list);
}

/* What bond_init() and the ports' joining have allocated. */
static void bond_free(struct bond *bond)
{
	bond_view_exit(bond);
	bond_ledger_exit(bond);
	bond_learn_exit(bond);
	bond_crypto_exit(bond);
	kfree(bond->facts);
	bond->facts = NULL;
	free_percpu(bond->rr_counter);
	bond->rr_counter = NULL;
}

/* Nobody can reach the device any more; runs without RTNL. */
static void bond_destructor(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);

	bond_agenda_wait(bond);
	bond_learn_quiet(bond);
	if (bond->mode->exit)
		bond->mode->exit(bond);
	bond_free(bond);
}

static int bond_open(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);
	int err;

	bond_opening(bond);
	if (bond->mode->open) {
		err = bond->mode->open(bond);
		if (err) {
			bond_closed(bond);
			return err;
		}
	}
	bond_filter_running(bond, true);
	bond_probe_config(bond);
	bond_opened(bond);
	return 0;
}

static int bond_close(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);

	bond->untold |= bond->announce_first && bond->announce_left;
	bond->announce_left = 0;
	bond->announce_first = false;
	bond->igmp_left = 0;
	bond_closed(bond);
	if (bond->mode->close)
		bond->mode->close(bond);
	bond_probe_config(bond);
	bond_filter_running(bond, false);
	return 0;
}

static int bond_change_mtu(struct net_device *dev, int mtu)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;
	int err;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		err = dev_set_mtu(port->dev, mtu);
		if (err)
			goto undo;
	}
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
undo:
	port_err(port, "err %d setting mtu to %d\n", err, mtu);
	list_for_each_entry_continue_reverse(port, &bond->ports, list)
		dev_set_mtu(port->dev, dev->mtu);
	return err;
}

static int bond_add_slave(struct net_device *dev, struct net_device *port_dev,
			  struct netlink_ext_ack *ea)
{
	return bond_port_join(bond_of(dev), port_dev, ea);
}

static int bond_del_slave(struct net_device *dev, struct net_device *port_dev)
{
	return bond_port_leave(bond_of(dev), port_dev, NULL);
}

static netdev_features_t bond_fix_features(struct net_device *dev,
					   netdev_features_t features)
{
	struct bond *bond = bond_of(dev);
	netdev_features_t mask = features;
	struct bond_port *port;

	/* TLS is not for users to switch: ports and settings decide */
	features &= ~(NETIF_F_ONE_FOR_ALL | BOND_TLS_FEATURES);
	features |= NETIF_F_ALL_FOR_ALL;
	bond_for_each_port(bond, port)
		features = netdev_increment_features(features,
						     port->dev->features, mask);
	features = netdev_add_tso_features(features, mask);
	/* the stack takes it away again without checksums */
	return features | bond_features_tls(bond);
}

/* A bond of tunnels has the address of a tunnel. */
static int bond_validate_addr(struct net_device *dev)
{
	return dev->type == ARPHRD_ETHER ? eth_validate_addr(dev) : 0;
}

static const struct net_device_ops bond_netdev_ops = {
	.ndo_init		= bond_init,
	.ndo_uninit		= bond_uninit,
	.ndo_open		= bond_open,
	.ndo_stop		= bond_close,
	.ndo_start_xmit		= bond_start_xmit,
	.ndo_select_queue	= bond_select_queue,
	.ndo_get_stats64	= bond_get_stats64,
	.ndo_change_rx_flags	= bond_change_rx_flags,
	.ndo_set_rx_mode	= bond_set_rx_mode,
	.ndo_change_mtu		= bond_change_mtu,
	.ndo_set_mac_address	= bond_set_mac_address,
	.ndo_validate_addr	= bond_validate_addr,
	.ndo_neigh_construct	= bond_neigh_construct,
	.ndo_vlan_rx_add_vid	= bond_vlan_rx_add_vid,
	.ndo_vlan_rx_kill_vid	= bond_vlan_rx_kill_vid,
	.ndo_add_slave		= bond_add_slave,
	.ndo_del_slave		= bond_del_slave,
	.ndo_fix_features	= bond_fix_features,
	.ndo_features_check	= bond_features_check,
	.ndo_sk_get_lower_dev	= bond_sk_get_lower_dev,
	.ndo_get_xmit_slave	= bond_get_xmit_slave,
	.ndo_bpf		= bond_bpf,
	.ndo_xdp_xmit		= bond_xdp_xmit,
	.ndo_xdp_get_xmit_slave	= bond_xdp_get_xmit_slave,
	BOND_COMPAT_NETPOLL_OPS
	.ndo_siocbond		= bond_siocbond,
	.ndo_siocdevprivate	= bond_siocdevprivate,
	.ndo_eth_ioctl		= bond_eth_ioctl,
	BOND_COMPAT_HWTSTAMP_OPS
};

/**
 * bond_is_ours() - is this device one of our bonds?
 * @dev: any device
 *
 * Context: any.
 * Return: true when it is.
 */
bool bond_is_ours(const struct net_device *dev)
{
	return dev->netdev_ops == &bond_netdev_ops;
}

/**
 * bond_setup() - rtnl_link_ops.setup: a bond before registration
 * @dev: the device, its private area zeroed
 *
 * Context: process, with or without RTNL; nobody else knows @dev.
 */
void bond_setup(struct net_device *dev)
{
	struct bond *bond = bond_of(dev);

	spin_lock_init(&bond->lock);
	spin_lock_init(&bond->stats_lock);
	INIT_LIST_HEAD(&bond->ports);
	INIT_LIST_HEAD(&bond->list);
	bond->dev = dev;
	bond->config = bond_param_config;
	bond->mode = bond_mode_by_id(bond->config.mode);
	bond_abi_bond_init(dev);
	bond_abi_bond_mode(dev, bond->config.mode);
	bond_agenda_init(bond);

	ether_setup(dev);
	dev->max_mtu = ETH_MAX_MTU;
	dev->netdev_ops = &bond_netdev_ops;
	dev->ethtool_ops = &bond_ethtool_ops;
	dev->needs_free_netdev = true;
	bond_crypto_setup(dev);
	SET_NETDEV_DEVTYPE(dev, &bond_type);

	dev->flags |= IFF_MASTER;
	dev->priv_flags |= IFF_BONDING | IFF_UNICAST_FLT | IFF_NO_QUEUE;
	dev->priv_flags &= ~(IFF_XMIT_DST_RELEASE | IFF_TX_SKB_SHARING);
	bond_compat_lltx(dev);
	bond_compat_netns_immutable(dev, false);
	bond_features_setup(dev);
}

/**
 * bond_register() - put a prepared bond on the system
 * @dev: a device that went through bond_setup()
 * @config: its settings, checked; NULL for those of the module's parameters
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -errno; then the caller frees @dev.
 */
int bond_register(struct net_device *dev, const struct bond_config *config)
{
	struct bond *bond = bond_of(dev);
	int err;

	ASSERT_RTNL();
	if (config) {
		bond->config = *config;
		bond->mode = bond_mode_by_id(config->mode);
		bond_abi_bond_mode(dev, config->mode);
		bond_features_setup(dev);
	}
	err = register_netdevice(dev);
	if (err) {
		bond_free(bond);
		return err;
	}
	netif_carrier_off(dev);
	/* Last: a failed registration would call it under RTNL. */
	dev->priv_destructor = bond_destructor;
	return 0;
}

/**
 * bond_unregister() - take a bond off the system
 * @dev: the bond
 * @head: list for unregister_netdevice_many(), or NULL
 *
 * Context: RTNL, may sleep. The ports leave in ndo_uninit.
 */
void bond_unregister(struct net_device *dev, struct list_head *head)
{
	ASSERT_RTNL();
	unregister_netdevice_queue(dev, head);
}

static bool no_more;	/* protected by RTNL */

/**
 * bond_create_stop() - the module is going: bond_create() makes no more bonds
 *
 * Its callers' doors, files of each namespace, close last. A bond made while
 * rtnl_link_unregister() is over and deleted by netlink would be destructed by
 * a module that is gone: only the former waits for such.
 *
 * Context: the module's exit or failed init, takes RTNL.
 */
void bond_create_stop(void)
{
	rtnl_lock();
	no_more = true;
	rtnl_unlock();
}

/**
 * bond_create() - make a bond with the settings of the module's parameters
 * @net: the namespace
 * @name: its name; NULL for the next free bond%d
 *
 * Context: process, takes RTNL.
 * Return: 0; -ENODEV while the module is going; or -errno.
 */
int bond_create(struct net *net, const char *name)
{
	struct net_device *dev;
	int err;

	dev = alloc_netdev_mq(BOND_ABI_BOND_ROOM + sizeof(struct bond),
			      name ?: "bond%d", NET_NAME_UNKNOWN, bond_setup,
			      bond_tx_queues);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &bond_link_ops;

	rtnl_lock();
	err = no_more ? -ENODEV : bond_register(dev, NULL);
	rtnl_unlock();
	if (err)
		free_netdev(dev);
	return err;
}
