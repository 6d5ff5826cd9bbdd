/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Small differences between the kernels we support, spelled the newest way.
 * The only place, with Kbuild.probe, that knows there is more than one kernel.
 */
#ifndef BOND_COMPAT_H
#define BOND_COMPAT_H

#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

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

/* The device stays in the namespace it was made in. */
static inline void bond_compat_netns_immutable(struct net_device *dev)
{
#if defined(HAVE_NETDEV_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#elif defined(HAVE_NETDEV_NETNS_LOCAL)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

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

/* --- doors --- */

#endif
