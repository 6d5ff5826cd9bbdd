// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload, network namespaces, and the notifier through which devices
 * tell their news.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/platform_device.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "agenda.h"
#include "bond.h"
#include "compat.h"
#include "crypto.h"
#include "doors.h"
#include "engine.h"
#include "steps.h"

unsigned int bond_net_id __read_mostly;
unsigned int bond_tx_queues;
struct bond_config bond_param_config;

/* --- the notifier ------------------------------------------------------ */

/*
 * Before anybody is told of a new device, so that who reads /proc at once finds
 * its file. A bond that comes from another namespace is on no list.
 */
static void bond_appears(struct bond *bond)
{
	struct bond_net *bn = net_generic(dev_net(bond->dev), bond_net_id);

	if (list_empty(&bond->list))
		list_add_tail(&bond->list, &bn->bonds);
	bond_procfs_bond_add(bond);
	bond_clients_bond_add(bond);
}

/* A bond that ends is taken off by ndo_uninit, later. */
static void bond_moves_away(struct bond *bond)
{
	if (bond->dev->reg_state != NETREG_REGISTERED)
		return;
	bond_clients_bond_del(bond);
	bond_procfs_bond_del(bond);
	list_del_init(&bond->list);
}

/* News of a bond itself. */
static void bond_event(struct bond *bond, unsigned long event)
{
	switch (event) {
	case NETDEV_REGISTER:
		bond_appears(bond);
		break;
	case NETDEV_UNREGISTER:
		bond_moves_away(bond);
		break;
	case NETDEV_CHANGENAME:
		bond_procfs_bond_del(bond);
		bond_procfs_bond_add(bond);
		bond_clients_bond_del(bond);
		bond_clients_bond_add(bond);
		break;
	case NETDEV_CHANGEUPPER:
		bond_uppers_changed(bond);
		break;
	case NETDEV_CHANGEADDR:
		if (bond->mode->address)
			bond->mode->address(bond);
		break;
	case NETDEV_CHANGE:
	case NETDEV_UP:
		if (bond->announce_first)
			bond_kick(bond, BOND_R_ANNOUNCE);
		break;
	}
}

/* News of a port. */
static void port_event(struct bond_port *port, unsigned long event)
{
	struct bond *bond = port->bond;

	switch (event) {
	case NETDEV_UNREGISTER:
		port->unregistering = true;
		bond_port_leave(bond, port->dev, NULL);
		break;
	case NETDEV_PRE_UP:
		bond_mac_own_opening(port, false);
		break;
	case NETDEV_UP:
		bond_mac_own_opening(port, true);
		fallthrough;
	case NETDEV_CHANGE:
	case NETDEV_GOING_DOWN:
	case NETDEV_DOWN:
		bond_monitor_port_event(port, event);
		break;
	case NETDEV_CHANGENAME:
		bond_port_renamed(port);
		break;
	case NETDEV_CHANGEADDR:
		if (bond->mode->traits & BOND_T_OWN_MACS)
			bond->mode->address(bond);
		bond_mac_port_changed(port);
		break;
	case NETDEV_FEAT_CHANGE:
		/* switching off its LRO would take the lock that is held */
		if (bond_compat_event_locked(port->dev) &&
		    (port->dev->features & NETIF_F_UPPER_DISABLES))
			bond_kick(bond, BOND_R_FEATURES);
		else
			bond_compute_features(bond);
		break;
	case BOND_COMPAT_XDP_FEAT_CHANGE:
		bond_xdp_features(bond);
		break;
	case NETDEV_NOTIFY_PEERS:
		bond_announce_port(port);
		break;
	case NETDEV_RESEND_IGMP:
		call_netdevice_notifiers(event, bond->dev);
		break;
	}
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (bond_is_ours(dev))
		bond_event(bond_of(dev), event);
	if (rcu_access_pointer(dev->rx_handler) == bond_handle_frame) {
		struct bond_port *port = bond_port_get_rtnl(dev);

		if (port->steps == bond_steps_count)
			port_event(port, event);
	}
	return NOTIFY_DONE;
}

static struct notifier_block bond_notifier = {
	.notifier_call = netdev_event,
};

/* --- namespaces -------------------------------------------------------- */

static int __net_init bond_net_init(struct net *net)
{
	struct bond_net *bn = net_generic(net, bond_net_id);
	int err;

	bn->net = net;
	INIT_LIST_HEAD(&bn->bonds);
	err = bond_procfs_init_net(bn);
	if (err)
		return err;
	err = bond_sysfs_init_net(bn);
	if (err)
		bond_procfs_exit_net(bn);
	else
		bond_clients_init_net(bn);
	return err;
}

/*
 * The core has removed the bonds before: at a namespace's end devices go before
 * subsystems such as this one, and at unload bond_netlink_exit() goes first. What
 * is left was made through bonding_masters since, so that file goes first.
 */
static void __net_exit bond_net_exit_batch(struct list_head *nets)
{
	struct bond_net *bn;
	struct net *net;
	LIST_HEAD(doomed);

	list_for_each_entry(net, nets, exit_list)
		bond_sysfs_exit_net(net_generic(net, bond_net_id));

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list) {
		struct bond *bond, *next;

		bn = net_generic(net, bond_net_id);
		list_for_each_entry_safe(bond, next, &bn->bonds, list)
			bond_unregister(bond->dev, &doomed);
	}
	unregister_netdevice_many(&doomed);
	rtnl_unlock();

	list_for_each_entry(net, nets, exit_list) {
		bond_clients_exit_net(net_generic(net, bond_net_id));
		bond_procfs_exit_net(net_generic(net, bond_net_id));
	}
}

static struct pernet_operations bond_net_ops = {
	.init = bond_net_init,
	.exit_batch = bond_net_exit_batch,
	.id = &bond_net_id,
	.size = sizeof(struct bond_net),
};

/* --- shutdown ---------------------------------------------------------- */

static void say_goodbye(const struct bond_net *bn)
{
	struct bond *bond;

	ASSERT_RTNL();
	list_for_each_entry(bond, &bn->bonds, list)
		if (netif_running(bond->dev) && bond->mode->close)
			bond->mode->close(bond);
}

/* After all have begun to, so that they wait for their limits together. */
static void let_speak(const struct bond_net *bn)
{
	struct bond *bond;

	ASSERT_RTNL();
	list_for_each_entry(bond, &bn->bonds, list)
		if (bond->mode->linger)
			bond->mode->linger(bond);
}

/*
 * Links stay up until late in a shutdown, and a partner that was not told goes
 * on sending to a host that no longer listens. But it also stops carrying what
 * we send, and a disk behind the bond may still have to be flushed. Devices are
 * shut down in the reverse order of their registration, so a device of our own
 * has its turn after the disks that came with a connection through a bond, and
 * before the network cards.
 */
static void bond_shutdown(struct platform_device *pdev)
{
	struct net *net;

	rtnl_lock();
	down_read(&net_rwsem);
	for_each_net(net)
		say_goodbye(net_generic(net, bond_net_id));
	for_each_net(net)
		let_speak(net_generic(net, bond_net_id));
	up_read(&net_rwsem);
	rtnl_unlock();
}

static struct platform_driver bond_driver = {
	.driver = {
		.name = KBUILD_MODNAME,
		.suppress_bind_attrs = true,
	},
	.shutdown = bond_shutdown,
};

static struct platform_device *bond_device;

static int farewell_init(void)
{
	int err;

	err = platform_driver_register(&bond_driver);
	if (err)
		return err;
	bond_device = platform_device_register_simple(KBUILD_MODNAME,
						      PLATFORM_DEVID_NONE,
						      NULL, 0);
	if (!IS_ERR(bond_device))
		return 0;
	platform_driver_unregister(&bond_driver);
	return PTR_ERR(bond_device);
}

static void farewell_exit(void)
{
	platform_device_unregister(bond_device);
	platform_driver_unregister(&bond_driver);
}

/* --- load and unload --------------------------------------------------- */

static int __init make_bonds(unsigned int count)
{
	int err = 0;

	while (count-- && !err)
		err = bond_create(&init_net, NULL);
	return err;
}

/* No bond is left, and nobody who could make one. */
static void let_go(void)
{
	bond_clients_unload();
	bond_agenda_unload();
	bond_tls_exit();
	bond_copy_exit();
	/* ports and views are freed by RCU callbacks in this module */
	rcu_barrier();
}

static int __init bonding_init(void)
{
	unsigned int max_bonds;
	int err;

	err = bond_modes_check();
	if (err)
		return err;
	err = bond_param_check(&bond_param_config, &max_bonds, &bond_tx_queues);
	if (err)
		return err;
	err = bond_agenda_load();
	if (err)
		return err;
	bond_clients_load();
	err = register_netdevice_notifier(&bond_notifier);
	if (err)
		goto no_notifier;
	err = register_pernet_subsys(&bond_net_ops);
	if (err)
		goto no_net;
	err = bond_netlink_init();
	if (err)
		goto no_netlink;
	err = make_bonds(max_bonds);
	if (err)
		goto no_bonds;
	err = farewell_init();
	if (err)
		goto no_bonds;
	return 0;

no_bonds:
	bond_create_stop();
	bond_netlink_exit();
no_netlink:
	unregister_pernet_subsys(&bond_net_ops);
no_net:
	unregister_netdevice_notifier(&bond_notifier);
no_notifier:
	let_go();
	return err;
}

/*
 * The doors close first, then the bonds go, and only when no port is left may
 * the notifier go that would tell us of a port's end.
 */
static void __exit bonding_exit(void)
{
	farewell_exit();
	bond_create_stop();
	bond_netlink_exit();
	unregister_pernet_subsys(&bond_net_ops);
	unregister_netdevice_notifier(&bond_notifier);
	let_go();
}

module_init(bonding_init);
module_exit(bonding_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Ethernet Channel Bonding Driver");
MODULE_AUTHOR("the bonding.ko maintainers");
BOND_MODULE_IMPORTS;
