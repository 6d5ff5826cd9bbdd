/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Encryption by network cards. Which device is meant newer kernels say in an
 * argument; older ones mean xso.dev for whom the stack asked and xso.real_dev
 * for whom it asks on.
 */
#ifndef BOND_COMPAT_XFRM_H
#define BOND_COMPAT_XFRM_H

#include <linux/netdevice.h>
#include <net/xfrm.h>

#ifdef CONFIG_XFRM_OFFLOAD
static inline int bond_compat_xdo_add(struct net_device *dev,
				      struct xfrm_state *x,
				      struct netlink_ext_ack *ea)
{
#if defined(HAVE_XDO_DEV)
	return dev->xfrmdev_ops->xdo_dev_state_add(dev, x, ea);
#elif defined(HAVE_XDO_EXTACK)
	return dev->xfrmdev_ops->xdo_dev_state_add(x, ea);
#else
	return dev->xfrmdev_ops->xdo_dev_state_add(x);
#endif
}

static inline void bond_compat_xdo_delete(struct net_device *dev,
					  struct xfrm_state *x)
{
#ifdef HAVE_XDO_DEV
	dev->xfrmdev_ops->xdo_dev_state_delete(dev, x);
#else
	dev->xfrmdev_ops->xdo_dev_state_delete(x);
#endif
}

static inline void bond_compat_xdo_free(struct net_device *dev,
					struct xfrm_state *x)
{
#ifdef HAVE_XDO_DEV
	dev->xfrmdev_ops->xdo_dev_state_free(dev, x);
#else
	dev->xfrmdev_ops->xdo_dev_state_free(x);
#endif
}

static inline void bond_compat_xdo_stats(struct net_device *dev,
					 struct xfrm_state *x)
{
#ifdef HAVE_XDO_STATS
	if (dev->xfrmdev_ops->xdo_dev_state_update_stats)
		dev->xfrmdev_ops->xdo_dev_state_update_stats(x);
#endif
}

/* Our own operations, with the arguments the kernel gives them. */
#if defined(HAVE_XDO_DEV)
#define BOND_COMPAT_XDO_NAME(fn)	fn
#define BOND_COMPAT_XDO(add, del, free)
#else
#define BOND_COMPAT_XDO_NAME(fn)	fn##_compat
#ifdef HAVE_XDO_EXTACK
#define BOND_COMPAT_XDO_ADD(add)					\
static int add##_compat(struct xfrm_state *x, struct netlink_ext_ack *ea) \
{									\
	return add(x->xso.dev, x, ea);					\
}
#else
#define BOND_COMPAT_XDO_ADD(add)					\
static int add##_compat(struct xfrm_state *x)				\
{									\
	return add(x->xso.dev, x, NULL);				\
}
#endif
#define BOND_COMPAT_XDO(add, del, free)					\
BOND_COMPAT_XDO_ADD(add)						\
									\
static void del##_compat(struct xfrm_state *x)				\
{									\
	del(x->xso.dev, x);						\
}									\
									\
static void free##_compat(struct xfrm_state *x)				\
{									\
	free(x->xso.dev, x);						\
}
#endif

#ifdef HAVE_XDO_STATS
#define BOND_COMPAT_XDO_STATS(fn)	.xdo_dev_state_update_stats = fn,
#else
#define BOND_COMPAT_XDO_STATS(fn)
#endif
#endif /* CONFIG_XFRM_OFFLOAD */

#endif
