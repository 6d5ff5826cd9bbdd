/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Small differences between the kernels we support, spelled the newest way.
 * The only place, with Kbuild.probe, that knows there is more than one kernel.
 */
#ifndef BOND_COMPAT_H
#define BOND_COMPAT_H

#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/phy.h>
#include <linux/rtnetlink.h>
#include <linux/uaccess.h>
#include <net/xdp.h>

/* --- engine --- */

#ifndef HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, const enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

/* The device does its own transmit locking. */
static inline void bond_compat_lltx(struct net_device *dev)
{
#ifdef HAVE_NETDEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

static inline bool bond_compat_is_lltx(const struct net_device *dev)
{
#ifdef HAVE_NETDEV_LLTX
	return dev->lltx;
#else
	return dev->features & NETIF_F_LLTX;
#endif
}

/*
 * Forget a head's connection and extensions without releasing them. Not by
 * skb_set_nfct(), which complains of what it takes for a lost reference.
 */
static inline void bond_compat_forget(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	skb->_nfct = 0;
#endif
#ifdef CONFIG_SKB_EXTENSIONS
	skb->active_extensions = 0;
#endif
}

/*
 * Does the device stay in the namespace it is in? Where that is a feature, which
 * users see by ethtool -k, it always does.
 */
static inline void bond_compat_netns_immutable(struct net_device *dev, bool stays)
{
#if defined(HAVE_NETDEV_NETNS_IMMUTABLE)
	dev->netns_immutable = stays;
#elif defined(HAVE_NETDEV_NETNS_LOCAL)
	dev->netns_local = stays;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/*
 * Newer kernels tell many drivers what to hear by a work that waits for RTNL,
 * long after an answer. A change of nothing has them told at once.
 */
static inline void bond_compat_rx_mode_now(struct net_device *dev)
{
#ifdef HAVE_RX_MODE_ASYNC
	const unsigned int asked = IFF_PROMISC | IFF_ALLMULTI;

	dev_change_flags(dev, (dev->flags & ~asked) | (dev->gflags & asked), NULL);
#endif
}

/* Features that a master has from its ports; false: do it yourself. */
static inline bool bond_compat_sum_features(struct net_device *dev)
{
#ifdef HAVE_MASTER_UPPER_FEATURES
	netdev_compute_master_upper_features(dev, false);
	return true;
#else
	return false;
#endif
}

/* header_ops.parse: newer kernels say whose header it is, others mean skb->dev. */
#ifdef HAVE_HEADER_PARSE_DEV
#define bond_compat_header_parse(skb, dev, haddr) \
	((dev)->header_ops->parse(skb, dev, haddr))
#define BOND_COMPAT_HEADER_PARSE(fn)					\
static int fn##_compat(const struct sk_buff *skb,			\
		       const struct net_device *dev,			\
		       unsigned char *haddr)				\
{									\
	return fn(skb, dev, haddr);					\
}
#else
#define bond_compat_header_parse(skb, dev, haddr) \
	((dev)->header_ops->parse(skb, haddr))
#define BOND_COMPAT_HEADER_PARSE(fn)					\
static int fn##_compat(const struct sk_buff *skb, unsigned char *haddr) \
{									\
	return fn(skb, skb->dev, haddr);				\
}
#endif

/* Newer kernels carry long addresses in a sockaddr that is long enough. */
#ifdef HAVE_MAC_SOCKADDR_STORAGE
#define BOND_SOCKADDR	struct sockaddr_storage
#else
#define BOND_SOCKADDR	struct sockaddr
#endif

static inline const u8 *bond_compat_sa_data(const void *addr)
{
	return (const u8 *)addr + offsetof(struct sockaddr, sa_data);
}

static inline int bond_compat_set_mac(struct net_device *dev, const u8 *mac,
				      struct netlink_ext_ack *ea)
{
	struct sockaddr_storage ss = {};

	ss.ss_family = dev->type;
	memcpy((u8 *)&ss + offsetof(struct sockaddr, sa_data), mac,
	       dev->addr_len);
	return dev_set_mac_address(dev, (BOND_SOCKADDR *)&ss, ea);
}

/* Some of what is used below is not for every module. */
#ifdef HAVE_NETIF_PRE_CHANGEADDR
#define BOND_MODULE_IMPORTS	MODULE_IMPORT_NS("NETDEV_INTERNAL")
#else
#define BOND_MODULE_IMPORTS	struct bond_imports_nothing
#endif

/* Does anybody mind that a device takes this address? */
static inline int bond_compat_pre_changeaddr(struct net_device *dev,
					     const u8 *mac,
					     struct netlink_ext_ack *ea)
{
#ifdef HAVE_NETIF_PRE_CHANGEADDR
	return netif_pre_changeaddr_notify(dev, mac, ea);
#else
	return dev_pre_changeaddr_notify(dev, mac, ea);
#endif
}

/* Keep IPv6 from configuring a port by itself. */
static inline void bond_compat_no_addrconf(struct net_device *dev, bool on)
{
#ifdef HAVE_IFF_NO_ADDRCONF
	if (on)
		dev->priv_flags |= IFF_NO_ADDRCONF;
	else
		dev->priv_flags &= ~IFF_NO_ADDRCONF;
#else
	if (on)
		dev->flags |= IFF_SLAVE;
	else
		dev->flags &= ~IFF_SLAVE;
#endif
}

/**
 * bond_compat_tls_ops() - give a device its operations for TLS
 * @dev: the device, not registered
 * @ops: the operations
 *
 * The member exists only in kernels that can offload TLS.
 *
 * Context: any; nobody else knows @dev.
 */
static inline void bond_compat_tls_ops(struct net_device *dev,
				       const struct tlsdev_ops *ops)
{
#if IS_ENABLED(CONFIG_TLS_DEVICE)
	dev->tlsdev_ops = ops;
#endif
}

/*
 * Newer kernels give some devices a lock of their own and call the notifiers
 * about their link with it held.
 */
#ifdef HAVE_NETDEV_OPS_LOCK
#include <net/netdev_lock.h>

static inline bool bond_compat_event_locked(const struct net_device *dev)
{
	return netdev_need_ops_lock(dev);
}
#else
static inline bool bond_compat_event_locked(const struct net_device *dev)
{
	return false;
}
#endif

/*
 * The MTU of a device that is being unregistered: told of a change, IP would
 * give it the address data that it has just lost.
 */
#ifdef HAVE_QUIET_SET_MTU
#define bond_compat_mtu_quiet	__dev_set_mtu
#else
static inline int bond_compat_mtu_quiet(struct net_device *dev, int mtu)
{
	int err = 0;

	netdev_lock_ops(dev);
	if (dev->netdev_ops->ndo_change_mtu)
		err = dev->netdev_ops->ndo_change_mtu(dev, mtu);
	else
		WRITE_ONCE(dev->mtu, mtu);
	netdev_unlock_ops(dev);
	return err;
}
#endif

#ifdef HAVE_NETIF_KSETTINGS
#define bond_compat_ksettings_event	netif_get_link_ksettings
#else
#define bond_compat_ksettings_event	__ethtool_get_link_ksettings
#endif

/* ndo_netpoll_setup lost its second argument. */
struct netpoll_info;
int bond_netpoll_setup(struct net_device *dev);
#ifdef HAVE_NETPOLL_SETUP_1ARG
#define bond_compat_netpoll_setup	bond_netpoll_setup
#else
static inline int bond_compat_netpoll_setup(struct net_device *dev,
					    struct netpoll_info *unused)
{
	return bond_netpoll_setup(dev);
}
#endif

#ifdef CONFIG_NET_POLL_CONTROLLER
#define BOND_COMPAT_NETPOLL_OPS					\
	.ndo_netpoll_setup	= bond_compat_netpoll_setup,	\
	.ndo_netpoll_cleanup	= bond_netpoll_cleanup,		\
	.ndo_poll_controller	= bond_poll_controller,
#else
#define BOND_COMPAT_NETPOLL_OPS
#endif

static inline void bond_compat_lockdep(struct net_device *dev)
{
	netdev_lockdep_set_classes(dev);
}

/* --- XDP --- */

/* Hand a command about XDP down to a port's driver. */
static inline int bond_compat_xdp_propagate(struct net_device *dev,
					    struct netdev_bpf *cmd)
{
#ifdef HAVE_XDP_PROPAGATE
	return dev_xdp_propagate(dev, cmd);
#else
	return dev->netdev_ops->ndo_bpf(dev, cmd);
#endif
}

/* Newer kernels have flags for what of XDP a device can. */
#ifdef HAVE_XDP_FEATURES
#define BOND_COMPAT_XDP_FEAT_CHANGE	NETDEV_XDP_FEAT_CHANGE

/* A bond has no queue of its own that could be lent without copying. */
static inline u32 bond_compat_xdp_all(void)
{
	return NETDEV_XDP_ACT_MASK & ~NETDEV_XDP_ACT_XSK_ZEROCOPY;
}

static inline u32 bond_compat_xdp_features(const struct net_device *dev)
{
	return dev->xdp_features;
}

static inline void bond_compat_xdp_set_features(struct net_device *dev, u32 can)
{
	xdp_set_features_flag(dev, can);
}
#else
#define BOND_COMPAT_XDP_FEAT_CHANGE	0x10000	/* an event that never comes */

static inline u32 bond_compat_xdp_all(void)
{
	return 0;
}

static inline u32 bond_compat_xdp_features(const struct net_device *dev)
{
	return 0;
}

static inline void bond_compat_xdp_set_features(struct net_device *dev, u32 can)
{
}
#endif

/* --- doors --- */

/* rtnl_link_ops.newlink got its arguments in a struct. */
#ifdef HAVE_NEWLINK_PARAMS
#define BOND_COMPAT_NEWLINK(fn)						\
static int fn##_compat(struct net_device *dev,				\
		       struct rtnl_newlink_params *params,		\
		       struct netlink_ext_ack *ea)			\
{									\
	return fn(dev, params->tb, params->data, ea);			\
}
#else
#define BOND_COMPAT_NEWLINK(fn)						\
static int fn##_compat(struct net *net, struct net_device *dev,		\
		       struct nlattr *tb[], struct nlattr *data[],	\
		       struct netlink_ext_ack *ea)			\
{									\
	return fn(dev, tb, data, ea);					\
}
#endif

/* Class attributes became constant. */
#ifdef HAVE_CONST_CLASS
#define BOND_CLASS	const struct class
#define BOND_CLASS_ATTR	const struct class_attribute
#else
#define BOND_CLASS	struct class
#define BOND_CLASS_ATTR	struct class_attribute
#endif

/* netdev_class_create_file_ns() takes the part of a namespace it needs. */
static inline int bond_compat_class_file(const struct class_attribute *attr,
					 struct net *net)
{
#ifdef HAVE_CLASS_FILE_NS_COMMON
	return netdev_class_create_file_ns(attr, &net->ns);
#else
	return netdev_class_create_file_ns(attr, net);
#endif
}

static inline void
bond_compat_class_file_remove(const struct class_attribute *attr,
			      struct net *net)
{
#ifdef HAVE_CLASS_FILE_NS_COMMON
	netdev_class_remove_file_ns(attr, &net->ns);
#else
	netdev_class_remove_file_ns(attr, net);
#endif
}

#ifdef HAVE_KERNEL_TS_INFO
#define bond_ts_info	kernel_ethtool_ts_info
#else
#define bond_ts_info	ethtool_ts_info
#endif

/* What a port's driver or PHY can stamp. */
static inline int bond_compat_ts_info(struct net_device *dev,
				      struct bond_ts_info *info)
{
#ifdef HAVE_TS_INFO_BY_LAYER
	return ethtool_get_ts_info_by_layer(dev, info);
#else
	const struct ethtool_ops *ops = dev->ethtool_ops;

	memset(info, 0, sizeof(*info));
	info->cmd = ETHTOOL_GET_TS_INFO;
	if (phy_has_tsinfo(dev->phydev))
		return phy_ts_info(dev->phydev, info);
	if (ops && ops->get_ts_info)
		return ops->get_ts_info(dev, info);
	info->so_timestamping = SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE;
	info->phc_index = -1;
	return 0;
#endif
}

int bond_get_ts_info(struct net_device *dev, struct bond_ts_info *info);

struct kernel_hwtstamp_config;
int bond_hwtstamp_get(struct net_device *dev,
		      struct kernel_hwtstamp_config *config);
int bond_hwtstamp_set(struct net_device *dev,
		      struct kernel_hwtstamp_config *config,
		      struct netlink_ext_ack *ea);

/* Hardware's time stamps are set by operations of their own, once by ioctl. */
#ifdef HAVE_NDO_HWTSTAMP
#define BOND_COMPAT_HWTSTAMP_OPS			\
	.ndo_hwtstamp_get	= bond_hwtstamp_get,	\
	.ndo_hwtstamp_set	= bond_hwtstamp_set,

static inline int bond_compat_hwtstamp_ioctl(struct net_device *dev,
					     struct ifreq *ifr, int cmd)
{
	return -EOPNOTSUPP;
}
#else
#define BOND_COMPAT_HWTSTAMP_OPS

/**
 * struct kernel_hwtstamp_config - a request about time stamps, as far as we look
 * @flags: HWTSTAMP_FLAG_*
 * @ifr: where the caller's request is; the driver writes the answer there
 * @copied_to_user: it has done so
 */
struct kernel_hwtstamp_config {
	int flags;
	struct ifreq *ifr;
	bool copied_to_user;
};

static inline int bond_compat_hwtstamp_lower(struct net_device *dev, int cmd,
					     struct kernel_hwtstamp_config *config)
{
	if (!dev->netdev_ops->ndo_eth_ioctl)
		return -EOPNOTSUPP;
	if (!netif_device_present(dev))
		return -ENODEV;
	config->copied_to_user = true;
	return dev->netdev_ops->ndo_eth_ioctl(dev, config->ifr, cmd);
}

#define generic_hwtstamp_get_lower(dev, config) \
	bond_compat_hwtstamp_lower(dev, SIOCGHWTSTAMP, config)
#define generic_hwtstamp_set_lower(dev, config, ea) \
	bond_compat_hwtstamp_lower(dev, SIOCSHWTSTAMP, config)

static inline int bond_compat_hwtstamp_ioctl(struct net_device *dev,
					     struct ifreq *ifr, int cmd)
{
	struct kernel_hwtstamp_config config = { .ifr = ifr };
	struct hwtstamp_config want;

	if (copy_from_user(&want, ifr->ifr_data, sizeof(want)))
		return -EFAULT;
	config.flags = want.flags;
	return cmd == SIOCGHWTSTAMP ? bond_hwtstamp_get(dev, &config) :
				      bond_hwtstamp_set(dev, &config, NULL);
}
#endif

#endif
