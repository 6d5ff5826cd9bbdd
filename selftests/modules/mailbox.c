// SPDX-License-Identifier: GPL-2.0
/*
 * mailbox - asks a bond the questions that ib_core, mlx4 and mlx5 ask, with the running kernel's own header.
 *
 * /proc/bond_mailbox prints, for the reader's namespace, one line per bond and per port:
 *
 *	bond NAME mode N active PORT|-
 *	port NAME bond NAME active 0|1 inactive 0|1 txable 0|1
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <net/bonding.h>
#include <net/lag.h>

static void show_bond(struct seq_file *m, struct net_device *dev)
{
	struct bonding *bond = netdev_priv(dev);
	struct net_device *active = bond_option_active_slave_get_rcu(bond);

	seq_printf(m, "bond %s mode %d active %s\n", dev->name, BOND_MODE(bond),
		   active ? active->name : "-");
}

static void show_port(struct seq_file *m, struct net_device *dev)
{
	struct slave *slave = bond_slave_get_rcu(dev);

	if (!slave) {
		seq_printf(m, "port %s without handler data\n", dev->name);
		return;
	}
	seq_printf(m, "port %s bond %s active %d inactive %d txable %d\n",
		   slave->dev->name, slave->bond->dev->name,
		   bond_is_active_slave_dev(dev), bond_is_slave_inactive(slave),
		   net_lag_port_dev_txable(dev));
}

static int mailbox_show(struct seq_file *m, void *unused)
{
	struct net_device *dev;

	rcu_read_lock();
	for_each_netdev_rcu(current->nsproxy->net_ns, dev) {
		if (netif_is_bond_master(dev))
			show_bond(m, dev);
		if (netif_is_bond_slave(dev))
			show_port(m, dev);
	}
	rcu_read_unlock();
	return 0;
}

static int __init mailbox_init(void)
{
	return proc_create_single("bond_mailbox", 0400, NULL, mailbox_show) ? 0 : -ENOMEM;
}

static void __exit mailbox_exit(void)
{
	remove_proc_entry("bond_mailbox", NULL);
}

module_init(mailbox_init);
module_exit(mailbox_exit);
MODULE_DESCRIPTION("Reads bonds the way other drivers do, for tests");
MODULE_LICENSE("GPL");
