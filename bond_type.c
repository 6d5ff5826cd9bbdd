// SPDX-License-Identifier: GPL-2.0
/*
 * The kind of link layer a bond is: Ethernet, or what its first port is
 * (InfiniBand, a tunnel, a monitor). Its ports are all of that kind.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/neighbour.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"

/* --- headers of other link layers ---------------------------------------- */

#define MAX_DEPTH	8	/* bonds on bonds: as many as the stack allows */

/*
 * The device whose headers the frames of a bond have. Such a device may look
 * into its own private data when it makes one, so it must be asked as itself.
 */
static struct net_device *header_device(struct net_device *dev)
{
	int depth;

	/* Where parse() is not told whose header it is, a team that asks us means itself. */
	if (!bond_is_ours(dev))
		return NULL;
	for (depth = 0; depth < MAX_DEPTH && bond_is_ours(dev); depth++) {
		const struct bond_view *v = rcu_dereference(bond_of(dev)->view);

		if (!v->total)
			return NULL;
		dev = (v->active ?: v->ports[0])->dev;
	}
	return bond_is_ours(dev) ? NULL : dev;
}

static int header_create(struct sk_buff *skb, struct net_device *dev,
			 unsigned short type, const void *daddr,
			 const void *saddr, unsigned int len)
{
	struct net_device *lower;
	int err = -ENETDOWN;

	rcu_read_lock();
	lower = header_device(dev);
	if (lower)
		err = dev_hard_header(skb, lower, type, daddr, saddr, len);
	rcu_read_unlock();
	return err;
}

static int header_parse(const struct sk_buff *skb, const struct net_device *dev,
			unsigned char *haddr)
{
	struct net_device *lower;
	int len = 0;

	rcu_read_lock();
	lower = header_device((struct net_device *)dev);
	if (lower && lower->header_ops && lower->header_ops->parse)
		len = bond_compat_header_parse(skb, lower, haddr);
	rcu_read_unlock();
	return len;
}

BOND_COMPAT_HEADER_PARSE(header_parse)

/* What is in a frame that somebody has made without saying so, 0 if unknown. */
static __be16 header_protocol(const struct sk_buff *skb)
{
	const struct net_device *lower;
	__be16 protocol = 0;

	rcu_read_lock();
	lower = header_device(skb->dev);
	if (lower && lower->header_ops && lower->header_ops->parse_protocol)
		protocol = lower->header_ops->parse_protocol(skb);
	rcu_read_unlock();
	return protocol;
}

static const struct header_ops bond_header_ops = {
	.create	= header_create,
	.parse	= header_parse_compat,
	.parse_protocol = header_protocol,
};

/*
 * Of frames without header. Never NULL: a neighbour of the time when the bond
 * was an Ethernet one would follow it.
 */
static const struct header_ops bond_no_header_ops = {
	.parse_protocol = header_protocol,
};

/**
 * bond_neigh_construct() - ndo_neigh_construct: nobody is asked for an address
 *	where frames have no header to put it in
 * @dev: the bond
 * @n: the new neighbour
 *
 * What ARP and ND do by themselves where header_ops is NULL.
 *
 * Context: the table's constructor has run, nobody else knows @n yet.
 * Return: 0.
 */
int bond_neigh_construct(struct net_device *dev, struct neighbour *n)
{
	if (dev->header_ops == &bond_no_header_ops) {
		n->nud_state = NUD_NOARP;
		n->output = n->ops->connected_output;
	}
	return 0;
}

/* --- changing ------------------------------------------------------------ */

/*
 * Ethernet again after another type.  What the device is apart from its type
 * stays: it may be up, promiscuous and a port of another bond.
 */
static void setup_ethernet(struct net_device *dev)
{
	unsigned int queue = dev->tx_queue_len;
	unsigned int max_mtu = dev->max_mtu;
	unsigned int flags = dev->flags;
	unsigned int mtu = dev->mtu;

	ether_setup(dev);
	if (flags & IFF_POINTOPOINT)
		flags = (flags & ~(IFF_POINTOPOINT | IFF_NOARP)) |
			IFF_BROADCAST | IFF_MULTICAST;
	dev->flags = flags;
	dev->tx_queue_len = queue;
	dev->mtu = mtu;
	dev->max_mtu = max_mtu;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
}

/**
 * bond_become_ethernet() - the kind of link layer a bond begins with
 * @bond: the bond, without ports
 *
 * Context: RTNL, may sleep. Nobody may object: it undoes bond_adopt_type().
 */
void bond_become_ethernet(struct bond *bond)
{
	ASSERT_RTNL();
	call_netdevice_notifiers(NETDEV_PRE_TYPE_CHANGE, bond->dev);
	dev_uc_flush(bond->dev);
	dev_mc_flush(bond->dev);
	setup_ethernet(bond->dev);
	call_netdevice_notifiers(NETDEV_POST_TYPE_CHANGE, bond->dev);
}

/* @dev: not an Ethernet one */
static void take_link_layer(struct net_device *bond_dev,
			    const struct net_device *dev)
{
	bool headers = dev->header_ops && dev->header_ops->create;

	bond_dev->header_ops = headers ? &bond_header_ops : &bond_no_header_ops;
	bond_dev->type = dev->type;
	bond_dev->hard_header_len = dev->hard_header_len;
	bond_dev->min_header_len = dev->min_header_len;
	bond_dev->needed_headroom = dev->needed_headroom;
	bond_dev->addr_len = dev->addr_len;
	memcpy(bond_dev->broadcast, dev->broadcast, dev->addr_len);
	if (bond_dev->flags & ~dev->flags & IFF_POINTOPOINT) {
		bond_dev->flags &= ~(IFF_POINTOPOINT | IFF_NOARP);
		bond_dev->flags |= IFF_BROADCAST | IFF_MULTICAST;
	}
	if (dev->flags & IFF_POINTOPOINT) {
		bond_dev->flags &= ~(IFF_BROADCAST | IFF_MULTICAST);
		bond_dev->flags |= IFF_POINTOPOINT | IFF_NOARP;
	}
}

/**
 * bond_adopt_type() - become the kind of link layer the first port is
 * @bond: the bond, without ports
 * @dev: the device about to join
 * @ea: where to explain a refusal
 *
 * Context: RTNL, may sleep.
 * Return: 0, or -EBUSY when somebody above the bond objects.
 */
int bond_adopt_type(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea)
{
	struct net_device *bond_dev = bond->dev;
	int err;

	ASSERT_RTNL();
	/* of the same kind, but maybe with one remote end where the last had many */
	if (bond_dev->type == dev->type && dev->type != ARPHRD_ETHER) {
		take_link_layer(bond_dev, dev);
		return 0;
	}
	err = call_netdevice_notifiers(NETDEV_PRE_TYPE_CHANGE, bond_dev);
	err = notifier_to_errno(err);
	if (err) {
		NL_SET_ERR_MSG(ea, "Refused to change device type");
		return -EBUSY;
	}
	dev_uc_flush(bond_dev);
	dev_mc_flush(bond_dev);
	if (dev->type == ARPHRD_ETHER)
		setup_ethernet(bond_dev);
	else
		take_link_layer(bond_dev, dev);
	call_netdevice_notifiers(NETDEV_POST_TYPE_CHANGE, bond_dev);
	return 0;
}
