// SPDX-License-Identifier: GPL-2.0
/*
 * mailbox - asks a bond the questions that ib_core, mlx4 and mlx5 ask, with the running kernel's own header.
 *
 * /proc/bond_mailbox prints, for the reader's namespace, one line per bond and per port:
 *
 *	bond NAME mode N active PORT|-
 *	port NAME bond NAME active 0|1 inactive 0|1 txable 0|1
 *
 * /proc/bond_flows prints by which port each bond would send UDP datagrams from port N of 192.0.2.1 to port 9 of 192.0.2.2, and
 * by which if every port could be used, as RDMA asks for a connection's:
 *
 *	NAME N PORT|- PORT|-
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/udp.h>
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

/* --- by which port? ------------------------------------------------------------------------------------------------- */

enum { FIRST_FLOW = 5000, FLOWS = 32 };

/* As much of a datagram as decides about its way. */
static struct sk_buff *datagram(struct net_device *dev, u16 from)
{
	struct sk_buff *skb = alloc_skb(MAX_HEADER + 64, GFP_ATOMIC);
	struct ethhdr *eth;
	struct udphdr *udp;
	struct iphdr *ip;

	if (!skb)
		return NULL;
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	skb_reserve(skb, MAX_HEADER);
	skb_reset_mac_header(skb);
	eth = skb_put_zero(skb, sizeof(*eth));
	skb_set_network_header(skb, skb->len);
	ip = skb_put_zero(skb, sizeof(*ip));
	skb_set_transport_header(skb, skb->len);
	udp = skb_put_zero(skb, sizeof(*udp));
	ether_addr_copy(eth->h_source, dev->dev_addr);
	eth->h_proto = skb->protocol;
	ip->version = 4;
	ip->ihl = 5;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(sizeof(*ip) + sizeof(*udp));
	ip->saddr = htonl(0xc0000201);
	ip->daddr = htonl(0xc0000202);
	udp->source = htons(from);
	udp->dest = htons(9);
	return skb;
}

static void show_flow(struct seq_file *m, struct net_device *dev, u16 from)
{
	struct sk_buff *skb = datagram(dev, from);
	struct net_device *port, *any;

	if (!skb)
		return;
	port = netdev_get_xmit_slave(dev, skb, false);
	any = netdev_get_xmit_slave(dev, skb, true);
	seq_printf(m, "%s %u %s %s\n", dev->name, from, port ? port->name : "-",
		   any ? any->name : "-");
	kfree_skb(skb);
}

static int flows_show(struct seq_file *m, void *unused)
{
	struct net_device *dev;
	int i;

	rcu_read_lock();
	for_each_netdev_rcu(current->nsproxy->net_ns, dev)
		for (i = 0; netif_is_bond_master(dev) && i < FLOWS; i++)
			show_flow(m, dev, FIRST_FLOW + i);
	rcu_read_unlock();
	return 0;
}

static int __init mailbox_init(void)
{
	if (proc_create_single("bond_mailbox", 0400, NULL, mailbox_show) &&
	    proc_create_single("bond_flows", 0400, NULL, flows_show))
		return 0;
	remove_proc_subtree("bond_mailbox", NULL);
	return -ENOMEM;
}

static void __exit mailbox_exit(void)
{
	remove_proc_entry("bond_flows", NULL);
	remove_proc_entry("bond_mailbox", NULL);
}

module_init(mailbox_init);
module_exit(mailbox_exit);
MODULE_DESCRIPTION("Reads bonds the way other drivers do, for tests");
MODULE_LICENSE("GPL");
