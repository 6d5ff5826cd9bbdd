// SPDX-License-Identifier: GPL-2.0
/*
 * cryptport - a network device that encrypts for the stack, has a clock, and notices what leaves unencrypted.
 *
 * "ip link add c0 type cryptport" makes one.  It offers IPsec (ESP) and TLS transmit offload and hardware time stamps.  ESP
 * packets prepared for it are counted and consumed: nobody could decrypt them, as it does not really encrypt.  TLS records
 * are really encrypted.  Lines written to /proc/cryptport:
 *
 *	DEV peer DEV2		what DEV sends arrives at DEV2, and the other way round
 *	DEV states N		it has room for N IPsec states from now on
 *	DEV slow MS		adding a state takes that long
 *
 * Reading prints for each device: IPsec states held, how often one was added, deleted and freed, ESP packets that it
 * encrypted and those that somebody else had, TLS packets that it encrypted, time stamp settings, and leaks: packets that it
 * was given to encrypt without having been told how, or that have the word SECRET in them.  A state that is deleted or
 * freed without having been added counts as wrong.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>
#include <net/rtnetlink.h>
#include <net/tcp.h>
#include <net/tls.h>
#include <net/xfrm.h>

#define MAX_STATES	32
#define ESP_FEATURES	(NETIF_F_HW_ESP | NETIF_F_HW_ESP_TX_CSUM)

/**
 * struct cryptport - one device
 * @dev: itself
 * @peer: where its packets arrive; held, under RTNL and RCU
 * @room: number of states it takes
 * @slow: ms that adding one takes
 * @held: the states, under @lock
 * @dying: states that were deleted and not freed yet, under @lock
 * @lock: protects the tables
 * @adds: states added
 * @dels: states deleted
 * @frees: states freed
 * @wrong: states deleted or freed that were not there
 * @hw_esp: packets it encrypted for a state it holds
 * @sw_esp: packets that came encrypted
 * @hw_tls: packets of a TLS connection it encrypted
 * @sw_tls: packets of TLS that came encrypted
 * @leaks: packets that were not to leave like that
 * @clock: number of its clock
 * @stamps: flags, tx_type and rx_filter as they were set
 */
struct cryptport {
	struct net_device *dev;
	struct net_device __rcu *peer;
	int room;
	int slow;
	struct xfrm_state *held[MAX_STATES];
	struct xfrm_state *dying[MAX_STATES];
	spinlock_t lock;	/* protects held and dying */
	int adds;
	int dels;
	int frees;
	int wrong;
	atomic_t hw_esp;
	atomic_t sw_esp;
	atomic_t hw_tls;
	atomic_t sw_tls;
	atomic_t leaks;
	int clock;
	int stamps[3];
};

static int clocks;

/* --- IPsec --------------------------------------------------------------- */

static int slot_of(struct xfrm_state **table, const struct xfrm_state *x)
{
	int i;

	for (i = 0; i < MAX_STATES; i++)
		if (table[i] == x)
			return i;
	return -1;
}

static int state_add(struct net_device *dev, struct xfrm_state *x)
{
	struct cryptport *port = netdev_priv(dev);
	int i, n = 0;

	if (x->xso.type != XFRM_DEV_OFFLOAD_CRYPTO)
		return -EINVAL;
	if (port->slow)
		msleep(port->slow);
	spin_lock_bh(&port->lock);
	for (i = 0; i < MAX_STATES; i++)
		n += !!port->held[i];
	i = n < port->room ? slot_of(port->held, NULL) : -1;
	if (i >= 0) {
		port->held[i] = x;
		port->adds++;
		x->xso.offload_handle = i + 1;
	}
	spin_unlock_bh(&port->lock);
	return i < 0 ? -ENOSPC : 0;
}

static void state_delete(struct net_device *dev, struct xfrm_state *x)
{
	struct cryptport *port = netdev_priv(dev);
	int i, free;

	spin_lock_bh(&port->lock);
	i = slot_of(port->held, x);
	free = slot_of(port->dying, NULL);
	if (i < 0 || free < 0) {
		port->wrong++;
	} else {
		port->held[i] = NULL;
		port->dying[free] = x;
		port->dels++;
	}
	spin_unlock_bh(&port->lock);
}

static void state_free(struct net_device *dev, struct xfrm_state *x)
{
	struct cryptport *port = netdev_priv(dev);
	int i;

	spin_lock_bh(&port->lock);
	i = slot_of(port->dying, x);
	if (i < 0) {
		port->wrong++;
	} else {
		port->dying[i] = NULL;
		port->frees++;
	}
	spin_unlock_bh(&port->lock);
}

#ifdef HAVE_XDO_DEV
static int xdo_add(struct net_device *dev, struct xfrm_state *x, struct netlink_ext_ack *ea)
{
	return state_add(dev, x);
}
#define xdo_delete	state_delete
#define xdo_free	state_free
#else
#ifdef HAVE_XDO_EXTACK
static int xdo_add(struct xfrm_state *x, struct netlink_ext_ack *ea)
#else
static int xdo_add(struct xfrm_state *x)
#endif
{
	return state_add(x->xso.real_dev, x);
}

static void xdo_delete(struct xfrm_state *x)
{
	state_delete(x->xso.real_dev, x);
}

static void xdo_free(struct xfrm_state *x)
{
	state_free(x->xso.real_dev, x);
}
#endif

static void xdo_advance_esn(struct xfrm_state *x)
{
}

static const struct xfrmdev_ops xfrm_ops = {
	.xdo_dev_state_add = xdo_add,
	.xdo_dev_state_delete = xdo_delete,
	.xdo_dev_state_free = xdo_free,
	.xdo_dev_state_advance_esn = xdo_advance_esn,
};

/* --- TLS ----------------------------------------------------------------- */

static int tls_add(struct net_device *dev, struct sock *sk, enum tls_offload_ctx_dir dir,
		   struct tls_crypto_info *info, u32 seq)
{
	return dir == TLS_OFFLOAD_CTX_DIR_TX ? 0 : -EOPNOTSUPP;
}

static void tls_del(struct net_device *dev, struct tls_context *ctx, enum tls_offload_ctx_dir dir)
{
}

static int tls_resync(struct net_device *dev, struct sock *sk, u32 seq, u8 *rcd_sn,
		      enum tls_offload_ctx_dir dir)
{
	return 0;
}

static const struct tlsdev_ops tls_ops = {
	.tls_dev_add = tls_add,
	.tls_dev_del = tls_del,
	.tls_dev_resync = tls_resync,
};

/* --- transmit ------------------------------------------------------------ */

static bool says_secret(const struct sk_buff *skb)
{
	char *copy = kmalloc(skb->len, GFP_ATOMIC);
	bool found = false;
	int i;

	if (copy && !skb_copy_bits(skb, 0, copy, skb->len))
		for (i = 0; i + 6 <= skb->len && !found; i++)
			found = !memcmp(copy + i, "SECRET", 6);
	kfree(copy);
	return found;
}

static bool is_esp(struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) && ip_hdr(skb)->protocol == IPPROTO_ESP;
}

/* Application data of TLS, as it begins a segment. */
static bool is_tls(struct sk_buff *skb)
{
	u8 head[3];
	int off;

	if (skb->protocol != htons(ETH_P_IP) || ip_hdr(skb)->protocol != IPPROTO_TCP)
		return false;
	off = skb_transport_offset(skb) + tcp_hdrlen(skb);
	return !skb_copy_bits(skb, off, head, 3) && head[0] == 23 && head[1] == 3 && head[2] == 3;
}

/* True when the packet was for the hardware to encrypt, and is gone. */
static bool esp_taken(struct cryptport *port, struct sk_buff *skb)
{
	struct xfrm_offload *xo = xfrm_offload(skb);
	bool held;

	if (!xo || !(xo->flags & XFRM_XMIT)) {
		if (is_esp(skb))
			atomic_inc(&port->sw_esp);
		return false;
	}
	spin_lock(&port->lock);
	held = slot_of(port->held, xfrm_input_state(skb)) >= 0;
	spin_unlock(&port->lock);
	atomic_inc(held ? &port->hw_esp : &port->leaks);
	dev_kfree_skb(skb);
	return true;
}

static struct sk_buff *tls_done(struct cryptport *port, struct sk_buff *skb)
{
	struct net_device *meant;

	/* as other drivers look; "decrypted" stays set when the kernel has encrypted */
	if (!skb->sk || !sk_fullsock(skb->sk) ||
	    READ_ONCE(skb->sk->sk_validate_xmit_skb) != tls_validate_xmit_skb) {
		if (is_tls(skb))
			atomic_inc(&port->sw_tls);
		return skb;
	}
	if (skb->len == skb_transport_offset(skb) + tcp_hdrlen(skb))
		return skb;
	meant = rcu_access_pointer(tls_get_ctx(skb->sk)->netdev);
	if (meant && meant != port->dev) {
		atomic_inc(&port->leaks);
		dev_kfree_skb(skb);
		return NULL;
	}
	atomic_inc(&port->hw_tls);
	return tls_encrypt_skb(skb);
}

static netdev_tx_t port_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct cryptport *port = netdev_priv(dev);
	struct net_device *peer;

	skb_tx_timestamp(skb);
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	if (esp_taken(port, skb))
		return NETDEV_TX_OK;
	skb = tls_done(port, skb);
	if (!skb)
		return NETDEV_TX_OK;
	if (says_secret(skb))
		atomic_inc(&port->leaks);
	rcu_read_lock();
	peer = rcu_dereference(port->peer);
	if (peer && netif_carrier_ok(dev) && netif_running(peer))
		dev_forward_skb(peer, skb);
	else
		dev_kfree_skb(skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/* --- time stamps ---------------------------------------------------------- */

#ifdef HAVE_KERNEL_TS_INFO
#define ts_info_t struct kernel_ethtool_ts_info
#else
#define ts_info_t struct ethtool_ts_info
#endif

static int port_ts_info(struct net_device *dev, ts_info_t *info)
{
	struct cryptport *port = netdev_priv(dev);

	info->so_timestamping = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_HARDWARE |
				SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
	info->phc_index = port->clock;
	info->tx_types = BIT(HWTSTAMP_TX_OFF) | BIT(HWTSTAMP_TX_ON);
	info->rx_filters = BIT(HWTSTAMP_FILTER_NONE) | BIT(HWTSTAMP_FILTER_ALL);
	return 0;
}

#ifdef HAVE_NDO_HWTSTAMP
static int port_hwtstamp_get(struct net_device *dev, struct kernel_hwtstamp_config *config)
{
	struct cryptport *port = netdev_priv(dev);

	config->flags = port->stamps[0];
	config->tx_type = port->stamps[1];
	config->rx_filter = port->stamps[2];
	return 0;
}

static int port_hwtstamp_set(struct net_device *dev, struct kernel_hwtstamp_config *config,
			     struct netlink_ext_ack *ea)
{
	struct cryptport *port = netdev_priv(dev);

	if (config->rx_filter > HWTSTAMP_FILTER_ALL)
		return -ERANGE;
	port->stamps[0] = config->flags;
	port->stamps[1] = config->tx_type;
	port->stamps[2] = config->rx_filter;
	return 0;
}
#else
static int port_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct cryptport *port = netdev_priv(dev);
	int want[3];

	if (cmd == SIOCGHWTSTAMP)
		return copy_to_user(ifr->ifr_data, port->stamps, sizeof(want)) ? -EFAULT : 0;
	if (cmd != SIOCSHWTSTAMP)
		return -EOPNOTSUPP;
	if (copy_from_user(want, ifr->ifr_data, sizeof(want)))
		return -EFAULT;
	if (want[2] > HWTSTAMP_FILTER_ALL)
		return -ERANGE;
	memcpy(port->stamps, want, sizeof(want));
	return 0;
}
#endif

/* --- the device ------------------------------------------------------------ */

static int port_change_carrier(struct net_device *dev, bool on)
{
	if (on)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
	return 0;
}

static void port_rx_mode(struct net_device *dev)
{
}

static void unpeer(struct net_device *dev)
{
	struct cryptport *port = netdev_priv(dev), *other;
	struct net_device *peer = rtnl_dereference(port->peer);

	if (!peer)
		return;
	other = netdev_priv(peer);
	RCU_INIT_POINTER(port->peer, NULL);
	RCU_INIT_POINTER(other->peer, NULL);
}

static const struct ethtool_ops port_ethtool_ops = {
	.get_link = ethtool_op_get_link,
	.get_ts_info = port_ts_info,
};

static const struct net_device_ops port_ops = {
	.ndo_uninit = unpeer,
	.ndo_start_xmit = port_xmit,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_set_rx_mode = port_rx_mode,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_change_carrier = port_change_carrier,
#ifdef HAVE_NDO_HWTSTAMP
	.ndo_hwtstamp_get = port_hwtstamp_get,
	.ndo_hwtstamp_set = port_hwtstamp_set,
#else
	.ndo_eth_ioctl = port_ioctl,
#endif
};

static void port_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
}

static void port_setup(struct net_device *dev)
{
	struct cryptport *port = netdev_priv(dev);

	ether_setup(dev);
	dev->netdev_ops = &port_ops;
	dev->ethtool_ops = &port_ethtool_ops;
	dev->xfrmdev_ops = &xfrm_ops;
	dev->tlsdev_ops = &tls_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = port_free;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	dev->features |= NETIF_F_SG | NETIF_F_HW_CSUM | ESP_FEATURES | NETIF_F_HW_TLS_TX;
	dev->hw_features |= dev->features;
	dev->hw_enc_features |= ESP_FEATURES;
	eth_hw_addr_random(dev);
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	spin_lock_init(&port->lock);
	port->dev = dev;
	port->room = MAX_STATES;
	port->clock = clocks++;
}

static struct rtnl_link_ops port_link_ops __read_mostly = {
	.kind = "cryptport",
	.priv_size = sizeof(struct cryptport),
	.setup = port_setup,
};

/* --- the file -------------------------------------------------------------- */

static struct net_device *find(const char *name)
{
	struct net_device *dev = __dev_get_by_name(current->nsproxy->net_ns, name);

	return dev && dev->netdev_ops == &port_ops ? dev : NULL;
}

static int obey_locked(const char *name, const char *what, const char *arg)
{
	struct net_device *dev = find(name), *peer;
	struct cryptport *port, *other;
	int n = 0;

	if (!dev)
		return -ENODEV;
	port = netdev_priv(dev);
	if (!strcmp(what, "peer")) {
		peer = find(arg);
		if (!peer)
			return -ENODEV;
		other = netdev_priv(peer);
		rcu_assign_pointer(port->peer, peer);
		rcu_assign_pointer(other->peer, dev);
		return 0;
	}
	if (kstrtoint(arg, 10, &n))
		return -EINVAL;
	if (!strcmp(what, "states"))
		port->room = n;
	else if (!strcmp(what, "slow"))
		port->slow = n;
	else
		return -EINVAL;
	return 0;
}

static ssize_t command_write(struct file *file, const char __user *user, size_t count, loff_t *pos)
{
	char line[80] = "", name[16], what[16], arg[16];
	int err;

	if (count >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, user, count))
		return -EFAULT;
	if (sscanf(line, "%15s %15s %15s", name, what, arg) != 3)
		return -EINVAL;
	rtnl_lock();
	err = obey_locked(name, what, arg);
	rtnl_unlock();
	return err ?: count;
}

static int command_show(struct seq_file *m, void *unused)
{
	struct net_device *dev;
	int i, n;

	rtnl_lock();
	for_each_netdev(current->nsproxy->net_ns, dev) {
		struct cryptport *port = netdev_priv(dev);

		if (dev->netdev_ops != &port_ops)
			continue;
		for (i = n = 0; i < MAX_STATES; i++)
			n += !!port->held[i];
		seq_printf(m, "%s held %d adds %d dels %d frees %d wrong %d hw_esp %d sw_esp %d hw_tls %d sw_tls %d leaks %d clock %d stamps %d,%d,%d\n",
			   dev->name, n, port->adds, port->dels, port->frees, port->wrong,
			   atomic_read(&port->hw_esp), atomic_read(&port->sw_esp),
			   atomic_read(&port->hw_tls), atomic_read(&port->sw_tls),
			   atomic_read(&port->leaks), port->clock,
			   port->stamps[0], port->stamps[1], port->stamps[2]);
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

static int __init cryptport_init(void)
{
	int err;

	err = rtnl_link_register(&port_link_ops);
	if (!err && !proc_create("cryptport", 0600, NULL, &command_ops)) {
		rtnl_link_unregister(&port_link_ops);
		err = -ENOMEM;
	}
	return err;
}

static void __exit cryptport_exit(void)
{
	remove_proc_entry("cryptport", NULL);
	rtnl_link_unregister(&port_link_ops);
}

module_init(cryptport_init);
module_exit(cryptport_exit);
MODULE_DESCRIPTION("A network device that encrypts, for tests");
MODULE_ALIAS_RTNL_LINK("cryptport");
MODULE_LICENSE("GPL");
