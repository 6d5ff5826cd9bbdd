// SPDX-License-Identifier: GPL-2.0
/*
 * failport - a network device that refuses on command, to see whether a failed join leaves anything behind.
 *
 * "ip link add f0 type failport" makes one, "type fixedport" one whose MAC cannot be changed, "type stiffport" one whose MAC
 * cannot be changed while it is up.  Like hardware, a failport goes back to the first namespace when its own ends.  Its
 * carrier is set by writing to its file carrier in sysfs.  Lines written to /proc/failport:
 *
 *	DEV speed MBPS [QUIET [ASKED]]
 *				what the driver reports from now on, 0: nothing, as at first; the carrier's news go with it unless
 *				it is quiet; it has to be asked that often in vain before
 *	DEV WHAT ERRNO [SKIP]	from now on WHAT fails on DEV with -ERRNO, after succeeding SKIP times
 *	clear			nothing fails any more
 *
 * WHAT: open, mac, mtu, vlan, or the notifier event that shall be vetoed: pre-up, up, pre-changeaddr, changeaddr, pre-changemtu,
 * changemtu, pre-changeupper, changeupper, join, changelowerstate.
 *
 * Reading prints what each device holds: VLANs, addresses, promiscuity, whether it is open, how many LACPDUs it was given
 * to send (in all namespaces) while it would not have let the answer in, and to which address it listens: like hardware it
 * looks at its device's when it is opened or told another.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <net/rtnetlink.h>

enum what { W_OPEN, W_MAC, W_MTU, W_VLAN, W_EVENT };

static const struct {
	const char *word;
	enum what what;
	unsigned long event;
} words[] = {
	{ "open", W_OPEN },
	{ "mac", W_MAC },
	{ "mtu", W_MTU },
	{ "vlan", W_VLAN },
	{ "pre-up", W_EVENT, NETDEV_PRE_UP },
	{ "up", W_EVENT, NETDEV_UP },
	{ "pre-changeaddr", W_EVENT, NETDEV_PRE_CHANGEADDR },
	{ "changeaddr", W_EVENT, NETDEV_CHANGEADDR },
	{ "pre-changemtu", W_EVENT, NETDEV_PRECHANGEMTU },
	{ "changemtu", W_EVENT, NETDEV_CHANGEMTU },
	{ "pre-changeupper", W_EVENT, NETDEV_PRECHANGEUPPER },
	{ "changeupper", W_EVENT, NETDEV_CHANGEUPPER },
	{ "join", W_EVENT, NETDEV_JOIN },
	{ "changelowerstate", W_EVENT, NETDEV_CHANGELOWERSTATE },
};

/**
 * struct fault - something that shall fail
 * @active: it shall
 * @dev: name of the device
 * @what: which operation
 * @event: for W_EVENT, which
 * @err: positive errno
 * @skip: successes still granted
 * @hits: how often it failed
 */
struct fault {
	bool active;
	char dev[IFNAMSIZ];
	enum what what;
	unsigned long event;
	int err;
	int skip;
	int hits;
};

/**
 * struct failport - what a device holds
 * @vlans: VLAN filters
 * @opened: between open and stop
 * @speed: what it reports, Mbit/s, 0 = nothing
 * @asked: how often it has to be asked before it does
 * @listens: it hears slow protocols
 * @deaf: LACPDUs sent while it did not
 * @heard: address it listens to, none before it is opened
 */
struct failport {
	int vlans;
	int opened;
	u32 speed;
	int asked;
	bool listens;
	unsigned int deaf;
	u8 heard[ETH_ALEN];
};

static struct fault fault;	/* under RTNL */

static int strike(const struct net_device *dev, enum what what, unsigned long event)
{
	if (!fault.active || fault.what != what || fault.event != event ||
	    strcmp(dev->name, fault.dev))
		return 0;
	if (fault.skip-- > 0)
		return 0;
	fault.hits++;
	return -fault.err;
}

static int port_open(struct net_device *dev)
{
	struct failport *port = netdev_priv(dev);
	int err = strike(dev, W_OPEN, 0);

	if (err)
		return err;
	port->opened++;
	ether_addr_copy(port->heard, dev->dev_addr);
	return 0;
}

static int port_stop(struct net_device *dev)
{
	struct failport *port = netdev_priv(dev);

	port->opened--;
	return 0;
}

static int port_set_mac(struct net_device *dev, void *addr)
{
	struct failport *port = netdev_priv(dev);
	int err = strike(dev, W_MAC, 0) ?: eth_mac_addr(dev, addr);

	if (!err)
		ether_addr_copy(port->heard, dev->dev_addr);
	return err;
}

static int port_change_mtu(struct net_device *dev, int mtu)
{
	int err = strike(dev, W_MTU, 0);

	if (!err)
		dev->mtu = mtu;
	return err;
}

static int port_vlan_add(struct net_device *dev, __be16 proto, u16 vid)
{
	struct failport *port = netdev_priv(dev);
	int err = strike(dev, W_VLAN, 0);

	if (!err)
		port->vlans++;
	return err;
}

static int port_vlan_kill(struct net_device *dev, __be16 proto, u16 vid)
{
	struct failport *port = netdev_priv(dev);

	port->vlans--;
	return 0;
}

static const u8 slow_protocols[ETH_ALEN] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x02 };

static void look_for_slow(struct net_device *dev, struct netdev_hw_addr_list *mc)
{
	struct failport *port = netdev_priv(dev);
	struct netdev_hw_addr *ha;
	bool listens = false;

	netdev_hw_addr_list_for_each(ha, mc)
		listens |= ether_addr_equal(ha->addr, slow_protocols);
	port->listens = listens;
}

/* Late, where the kernel lets drivers be. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#define RX_MODE_ASYNC
#endif
#ifdef RX_MODE_ASYNC
static int port_rx_mode(struct net_device *dev, struct netdev_hw_addr_list *uc,
			struct netdev_hw_addr_list *mc)
{
	look_for_slow(dev, mc);
	return 0;
}
#else
/* The device's lock for addresses is held. */
static void port_rx_mode(struct net_device *dev)
{
	look_for_slow(dev, &dev->mc);
}
#endif

static netdev_tx_t port_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct failport *port = netdev_priv(dev);

	if (skb->protocol == htons(ETH_P_SLOW) && !port->listens)
		port->deaf++;
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static int port_change_carrier(struct net_device *dev, bool on)
{
	if (on)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
	return 0;
}

static int port_ksettings(struct net_device *dev,
			  struct ethtool_link_ksettings *cmd)
{
	struct failport *port = netdev_priv(dev);

	if (!port->speed)
		return -EOPNOTSUPP;
	if (port->asked > 0) {
		port->asked--;
		return -EOPNOTSUPP;
	}
	cmd->base.speed = port->speed;
	cmd->base.duplex = DUPLEX_FULL;
	return 0;
}

static const struct ethtool_ops port_ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = port_ksettings,
};

static const struct net_device_ops port_ops = {
	.ndo_open = port_open,
	.ndo_stop = port_stop,
	.ndo_start_xmit = port_xmit,
	.ndo_set_mac_address = port_set_mac,
	.ndo_change_mtu = port_change_mtu,
#ifdef RX_MODE_ASYNC
	.ndo_set_rx_mode_async = port_rx_mode,
#else
	.ndo_set_rx_mode = port_rx_mode,
#endif
	.ndo_vlan_rx_add_vid = port_vlan_add,
	.ndo_vlan_rx_kill_vid = port_vlan_kill,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_change_carrier = port_change_carrier,
};

static struct net_device_ops fixed_ops;		/* the same without ndo_set_mac_address */

static void port_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

static void port_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &port_ops;
	dev->ethtool_ops = &port_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = port_free;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	dev->features |= NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_SG;
	dev->hw_features |= dev->features | NETIF_F_RXCSUM | NETIF_F_LRO;
	dev->max_mtu = 9000;
	eth_hw_addr_random(dev);
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
}

static struct rtnl_link_ops port_link_ops __read_mostly = {
	.kind = "failport",
	.priv_size = sizeof(struct failport),
	.setup = port_setup,
	.netns_refund = true,
};

static void fixed_setup(struct net_device *dev)
{
	port_setup(dev);
	dev->netdev_ops = &fixed_ops;
}

static struct rtnl_link_ops fixed_link_ops __read_mostly = {
	.kind = "fixedport",
	.priv_size = sizeof(struct failport),
	.setup = fixed_setup,
};

static void stiff_setup(struct net_device *dev)
{
	port_setup(dev);
	dev->priv_flags &= ~IFF_LIVE_ADDR_CHANGE;
}

static struct rtnl_link_ops stiff_link_ops __read_mostly = {
	.kind = "stiffport",
	.priv_size = sizeof(struct failport),
	.setup = stiff_setup,
};

static int port_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	return notifier_from_errno(strike(netdev_notifier_info_to_dev(ptr), W_EVENT, event));
}

static struct notifier_block port_notifier = { .notifier_call = port_event };

static int parse_what(const char *word, struct fault *want)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (!strcmp(word, words[i].word)) {
			want->what = words[i].what;
			want->event = words[i].event;
			return 0;
		}
	}
	return -EINVAL;
}

/* What a driver does when its link has negotiated anew; a quiet one forgets to say so. */
static int set_speed(const char *name, u32 speed, bool quiet, int asked)
{
	struct net_device *dev;
	int err = -ENODEV;

	rtnl_lock();
	dev = __dev_get_by_name(current->nsproxy->net_ns, name);
	if (dev && dev->ethtool_ops == &port_ethtool_ops) {
		((struct failport *)netdev_priv(dev))->speed = speed;
		((struct failport *)netdev_priv(dev))->asked = asked;
		if (!quiet)
			netdev_state_change(dev);
		err = 0;
	}
	rtnl_unlock();
	return err;
}

static int obey(char *line)
{
	struct fault want = {};
	int n, asked = 0;
	char word[24];

	if (strcmp(line, "clear")) {
		n = sscanf(line, "%15s %23s %d %d %d", want.dev, word, &want.err, &want.skip,
			   &asked);
		if (n >= 3 && !strcmp(word, "speed"))
			return set_speed(want.dev, want.err, want.skip, asked);
		if (n < 3 || want.err <= 0 || parse_what(word, &want))
			return -EINVAL;
		want.active = true;
	}
	rtnl_lock();
	want.hits = want.active ? 0 : fault.hits;
	fault = want;
	rtnl_unlock();
	return 0;
}

static ssize_t command_write(struct file *file, const char __user *user,
			     size_t count, loff_t *pos)
{
	char line[80] = "";
	int err;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, user, count))
		return -EFAULT;
	err = obey(strim(line));
	return err ?: count;
}

static int command_show(struct seq_file *m, void *unused)
{
	struct net_device *dev;

	rtnl_lock();
	seq_printf(m, "hits %d\n", fault.hits);
	for_each_netdev(current->nsproxy->net_ns, dev) {
		struct failport *port = netdev_priv(dev);

		if (dev->ethtool_ops != &port_ethtool_ops)
			continue;
		seq_printf(m, "%s open %d vlans %d unicast %d multicast %d promisc %u allmulti %u deaf %u heard %pM\n",
			   dev->name, port->opened, port->vlans, netdev_uc_count(dev),
			   netdev_mc_count(dev), dev->promiscuity, dev->allmulti, port->deaf,
			   is_zero_ether_addr(port->heard) ? dev->dev_addr : port->heard);
	}
	rtnl_unlock();
	return 0;
}

static int command_open(struct inode *inode, struct file *file)
{
	return single_open(file, command_show, NULL);
}

static const struct proc_ops command_ops = {
	.proc_open = command_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = command_write,
};

static struct rtnl_link_ops *kinds[] = { &port_link_ops, &fixed_link_ops, &stiff_link_ops };

static void forget_kinds(unsigned int n)
{
	while (n--)
		rtnl_link_unregister(kinds[n]);
}

static int __init failport_init(void)
{
	unsigned int n;
	int err;

	fixed_ops = port_ops;
	fixed_ops.ndo_set_mac_address = NULL;
	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		err = rtnl_link_register(kinds[n]);
		if (err)
			goto undo;
	}
	err = register_netdevice_notifier(&port_notifier);
	if (err)
		goto undo;
	if (proc_create("failport", 0600, NULL, &command_ops))
		return 0;
	err = -ENOMEM;
	unregister_netdevice_notifier(&port_notifier);
undo:
	forget_kinds(n);
	return err;
}

static void __exit failport_exit(void)
{
	remove_proc_entry("failport", NULL);
	unregister_netdevice_notifier(&port_notifier);
	forget_kinds(ARRAY_SIZE(kinds));
}

module_init(failport_init);
module_exit(failport_exit);
MODULE_DESCRIPTION("A network device that fails on command, for tests");
MODULE_ALIAS_RTNL_LINK("failport");
MODULE_ALIAS_RTNL_LINK("fixedport");
MODULE_ALIAS_RTNL_LINK("stiffport");
MODULE_LICENSE("GPL");
