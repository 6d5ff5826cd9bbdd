// SPDX-License-Identifier: GPL-2.0
/*
 * Learning frames: every lp_interval, and at once when another port has become
 * the active one, a port says whose addresses are behind it, so that switches
 * neither forget nor look in the wrong place. A frame of type 0x9000
 * (configuration test) from an address to itself goes no further than the
 * switch that knows it.
 */
#include <linux/if_bridge.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/pkt_sched.h>

#include "balance.h"
#include "engine.h"
#include "learn.h"

#define LEARN_LEN	60

/**
 * bond_balance_skb() - an empty frame for a port's device
 * @port: the port
 * @len: room for that many octets and tags
 *
 * Context: RCU.
 * Return: the frame, or NULL when memory is short.
 */
struct sk_buff *bond_balance_skb(const struct bond_port *port, u32 len)
{
	struct net_device *dev = port->dev;
	struct sk_buff *skb;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + len + dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb->priority = TC_PRIO_CONTROL;
	skb->dev = dev;
	return skb;
}

/**
 * bond_balance_finish() - a frame is written: headers and tags
 * @skb: a frame made by bond_balance_skb()
 * @tags: its tags. The outermost goes beside the frame, as drivers like it,
 *	the inner one into it
 *
 * Context: any.
 * Return: the frame, or NULL when memory is short; then @skb is gone.
 */
struct sk_buff *bond_balance_finish(struct sk_buff *skb,
				    const struct rlb_tags *tags)
{
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	if (tags->n > 1)
		skb = vlan_insert_tag_set_proto(skb, tags->proto[1],
						tags->tci[1]);
	if (skb && tags->n)
		__vlan_hwaccel_put_tag(skb, tags->proto[0], tags->tci[0]);
	return skb;
}

static void say(const struct bond_port *port, const u8 *mac,
		const struct rlb_tags *tags)
{
	struct sk_buff *skb = bond_balance_skb(port, LEARN_LEN);
	struct ethhdr *eth;

	if (!skb)
		return;
	eth = skb_put_zero(skb, LEARN_LEN);
	ether_addr_copy(eth->h_dest, mac);
	ether_addr_copy(eth->h_source, mac);
	eth->h_proto = htons(ETH_P_LOOPBACK);
	skb = bond_balance_finish(skb, tags);
	if (skb)
		dev_queue_xmit(skb);
}

/*
 * An address of the bond: other ports than the active one say their own, with
 * which they send, and in balance-alb are sent to. A foreign one: only the
 * active port, unless it is another's, as a VLAN or macvlan may have been
 * given.
 */
static void say_all(const struct bond_view *v, const u8 *mac,
		    const struct rlb_tags *tags)
{
	const struct bond_balance *bal = v->mode_data;
	bool own = ether_addr_equal(mac, bal->mac);
	u32 i;

	for (i = 0; !own && bal->rlb && i < v->usable; i++)
		if (ether_addr_equal(v->ports[i]->dev->dev_addr, mac)) {
			say(v->ports[i], mac, tags);
			return;
		}
	say(v->active, mac, tags);
	for (i = 0; own && i < v->usable; i++) {
		const struct bond_port *port = v->ports[i];

		/* not while addresses are about to be swapped */
		if (port == v->active ||
		    ether_addr_equal(port->dev->dev_addr, mac))
			continue;
		say(port, port->dev->dev_addr, tags);
	}
}

/*
 * A device above with an address of its own is not alone with it as a rule: the
 * other node of a cluster has the same (VRRP), or the host that a guest is about
 * to leave. So it has to have been seen behind us, and not outside since.
 */
static bool is_here(const struct bond_view *v, const struct net_device *upper,
		    const struct rlb_tags *tags)
{
	if (bond_balance_own(v, upper->dev_addr))
		return true;
	return netif_running(upper) && (v->flags & BOND_VIEW_KNOWS) &&
	       bond_learn_renew(v, upper->dev_addr, tags->n ? tags->proto[0] : 0,
				tags->n ? tags->tci[0] : 0);
}

/*
 * VLANs two deep and macvlans above @dev, whose own tags are @tags; those above
 * a bridge with the bond's address as well, for that is who they belong to.
 */
static void say_above(const struct bond_view *v, struct net_device *dev,
		      const struct rlb_tags *tags)
{
	struct net_device *upper;
	struct list_head *iter;

	netdev_for_each_upper_dev_rcu(dev, upper, iter) {
		const struct bond_balance *bal = v->mode_data;
		struct rlb_tags more = *tags;

		if (netif_is_bridge_master(upper) && dev == v->bond->dev &&
		    ether_addr_equal(upper->dev_addr, bal->mac))
			say_above(v, upper, tags);
		if (netif_is_macvlan(upper) && is_here(v, upper, tags))
			say_all(v, upper->dev_addr, tags);
		if (!is_vlan_dev(upper) || more.n == ARRAY_SIZE(more.tci))
			continue;
		more.proto[more.n] = vlan_dev_vlan_proto(upper);
		more.tci[more.n++] = vlan_dev_vlan_id(upper);
		if (is_here(v, upper, &more))
			say_all(v, upper->dev_addr, &more);
		say_above(v, upper, &more);
	}
}

/* Clients send to a lost port until they are told: the active one hears them. */
static void say_lost(const struct bond_view *v)
{
	const struct bond_balance *bal = v->mode_data;
	struct rlb_tags none = {};
	u32 i;

	for (i = v->usable; bal->rlb && i < v->total; i++) {
		const u8 *mac = v->ports[i]->dev->dev_addr;

		if (!ether_addr_equal(mac, bal->mac))
			say(v->active, mac, &none);
	}
}

/**
 * bond_balance_learn() - tell switches whose addresses are behind which port
 * @bond: the bond
 * @lost: a port was lost since the last time
 *
 * Context: softirq.
 */
void bond_balance_learn(const struct bond *bond, bool lost)
{
	const struct bond_view *v;
	struct rlb_tags none = {};

	rcu_read_lock();
	v = rcu_dereference(bond->view);
	if (v->active && v->mode_data && bond_port_live(v->active)) {
		say_all(v, ((struct bond_balance *)v->mode_data)->mac, &none);
		say_above(v, bond->dev, &none);
		if (lost)
			say_lost(v);
	}
	rcu_read_unlock();
}
