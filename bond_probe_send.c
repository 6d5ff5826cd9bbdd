// SPDX-License-Identifier: GPL-2.0
/*
 * The questions of the ARP and NS monitor: where a target's route leads, which
 * of our addresses asks, and which VLAN tags the devices between the bond and
 * that route would have added.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/math64.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "prober.h"

#define TAGS_MAX	8	/* as many devices as may be stacked */

/**
 * struct probe_way - how a target is asked
 * @v4: it is an IPv4 address
 * @slot: which IPv4 target it is
 * @to4: the target
 * @to_mac: whom the question goes to, ether_addr_to_u64(); 0 = all
 * @from4: our address, 0 if no route says which
 * @to6: the target
 * @from6: our address, :: if no route says which: then each port asks in its
 *	own name, see probe_asker6()
 * @tags: VLAN tags, outermost first
 * @ntags: their number
 */
struct probe_way {
	bool v4;
	u32 slot;
	__be32 to4;
	u64 to_mac;
	__be32 from4;
	struct in6_addr to6;
	struct in6_addr from6;
	struct {
		__be16 proto;
		u16 vid;
	} tags[TAGS_MAX];
	u32 ntags;
};

/* --- the way --------------------------------------------------------------- */

static struct net_device *upper_towards(struct net_device *dev,
					struct net_device *goal)
{
	struct net_device *upper;
	struct list_head *iter;

	netdev_for_each_upper_dev_rcu(dev, upper, iter)
		if (upper == goal || netdev_has_upper_dev_all_rcu(upper, goal))
			return upper;
	return NULL;
}

/* Collect the tags between the bond and the device a route leads to. */
static bool find_path(struct net_device *dev, struct net_device *goal,
		      struct probe_way *way)
{
	while (dev != goal) {
		dev = upper_towards(dev, goal);
		if (!dev)
			return false;
		if (!is_vlan_dev(dev))
			continue;
		if (way->ntags == TAGS_MAX)
			return false;
		way->tags[way->ntags].proto = vlan_dev_vlan_proto(dev);
		way->tags[way->ntags++].vid = vlan_dev_vlan_id(dev);
	}
	return true;
}

static __be32 address4(const struct net_device *dev, __be32 target)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	if (!in_dev)
		return 0;
	return inet_confirm_addr(dev_net(dev), in_dev, target, 0,
				 RT_SCOPE_HOST);
}

/*
 * Without a route the question still leaves, from nobody (by IPv6 in the name of
 * the port that asks): whoever answers shows that the port lives.
 */
static bool find_way4(const struct bond_view *v, struct probe_way *way)
{
	struct net_device *dev = v->bond->dev;
	struct flowi4 fl4 = { .daddr = way->to4 };
	struct rtable *rt;
	bool found;

	rt = ip_route_output_key(dev_net(dev), &fl4);
	if (IS_ERR(rt)) {
		if (v->probe->cfg.validate)
			net_warn_ratelimited("%s: no route to arp_ip_target %pI4 and arp_validate is set\n",
					     dev->name, &way->to4);
		return true;
	}
	found = find_path(dev, rt->dst.dev, way);
	if (!found && rt->rt_uses_gateway) {
		/* that some router elsewhere may know it is no route of ours */
		way->ntags = 0;
		found = true;
	} else if (found) {
		way->from4 = address4(rt->dst.dev, way->to4);
	}
	ip_rt_put(rt);
	return found;
}

static bool find_way6(const struct bond_view *v, struct probe_way *way)
{
	struct net_device *dev = v->bond->dev;
	struct flowi6 fl6 = { .daddr = way->to6 };
	struct dst_entry *dst;
	struct rt6_info *rt;
	bool found;

	if (!IS_ENABLED(CONFIG_IPV6) || !ipv6_mod_enabled())
		return false;
	if (ipv6_addr_type(&way->to6) & IPV6_ADDR_LINKLOCAL)
		fl6.flowi6_oif = dev->ifindex;
	dst = ip6_route_output(dev_net(dev), NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		if (v->probe->cfg.validate)
			net_warn_ratelimited("%s: no route to ns_ip6_target %pI6c and arp_validate is set\n",
					     dev->name, &way->to6);
		return true;
	}
	found = find_path(dev, dst->dev, way);
	rt = container_of(dst, struct rt6_info, dst);
	if (!found && (rt->rt6i_flags & RTF_GATEWAY)) {
		way->ntags = 0;
		found = true;
	} else if (found && ipv6_dev_get_saddr(dev_net(dev), dst->dev, &way->to6, 0,
					&way->from6))
		way->from6 = in6addr_any;
	dst_release(dst);
	return found;
}

/* --- the frame --------------------------------------------------------------- */

static struct sk_buff *build_ether(struct net_device *dev,
				   const struct probe_way *way)
{
	u32 room = LL_RESERVED_SPACE(dev) + TAGS_MAX * VLAN_HLEN;
	struct in6_addr from6 = way->from6;
	struct sk_buff *skb;
	u8 *frame;

	skb = alloc_skb(room + PROBE_FRAME_MAX + dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	frame = skb_put(skb, PROBE_FRAME_MAX);
	if (ipv6_addr_any(&from6))
		probe_asker6(dev->dev_addr, &from6);
	if (way->v4)
		skb_trim(skb, probe_build_arp(frame, dev->dev_addr, way->from4,
					      way->to4));
	else
		skb_trim(skb, probe_build_ns(frame, dev->dev_addr, &from6,
					     &way->to6));
	if (way->to_mac)
		u64_to_ether_addr(way->to_mac, frame);
	skb->dev = dev;
	skb->protocol = way->v4 ? htons(ETH_P_ARP) : htons(ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	return skb;
}

/* Other link layers (InfiniBand) ask by ARP only. */
static struct sk_buff *build(struct net_device *dev,
			     const struct probe_way *way)
{
	if (dev->type == ARPHRD_ETHER)
		return build_ether(dev, way);
	if (!way->v4)
		return NULL;
	return arp_create(ARPOP_REQUEST, ETH_P_ARP, way->to4, dev, way->from4,
			  NULL, dev->dev_addr, NULL);
}

/* The outermost tag is left to the device, as everybody does. */
static struct sk_buff *tag(struct sk_buff *skb, const struct probe_way *way)
{
	u32 i;

	for (i = way->ntags; skb && i-- > 1;)
		skb = vlan_insert_tag_set_proto(skb, way->tags[i].proto,
						way->tags[i].vid);
	if (skb && way->ntags)
		__vlan_hwaccel_put_tag(skb, way->tags[0].proto,
				       way->tags[0].vid);
	return skb;
}

/*
 * A full queue of its own is no silence of a port's, as long as the device
 * takes something out of it. Of devices that lock for themselves (veth, VLAN)
 * nobody notes when they last did: what is heard has to tell.
 */
static bool moves(struct net_device *dev, u32 interval)
{
	if (bond_compat_is_lltx(dev))
		return true;
	return time_before(jiffies, dev_trans_start(dev) +
				    msecs_to_jiffies(interval) + 1);
}

static void ask_by(struct bond_port *port, const struct probe_way *way, u64 now)
{
	struct sk_buff *skb;
	int verdict;

	if (!bond_port_live(port))
		return;
	skb = build(port->dev, way);
	if (skb)
		skb = tag(skb, way);
	if (!skb)
		return;
	verdict = dev_queue_xmit(skb);
	if (!net_xmit_eval(verdict) ||
	    moves(port->dev, READ_ONCE(port->bond->config.arp_interval)))
		WRITE_ONCE(port->probe.times.tx, now);
}

/*
 * A port that carries nothing by LACP's word must not teach a switch that the
 * bond lives there. It is not judged either; one that was found silent is, and
 * by the answers it is found again where nobody talks LACP.
 */
static bool may_ask(const struct bond_view *v, const struct bond_port *port)
{
	return !(v->mode->traits & BOND_T_LACP) || READ_ONCE(port->tx_live) ||
	       READ_ONCE(port->probe.silent);
}

/* Has the target been heard lately, by whichever port? */
static bool is_there(const struct bond_view *v, const struct probe_way *way,
		     u64 now)
{
	const struct probe_config *cfg = &v->probe->cfg;

	return now <= READ_ONCE(v->bond->prober.spoke[way->slot]) +
		      (cfg->missed_max + 1ULL) * cfg->interval;
}

static bool all_silent(const struct bond_view *v)
{
	u32 i;

	for (i = 0; i < v->total; i++)
		if (!READ_ONCE(v->ports[i]->probe.silent))
			return false;
	return true;
}

/*
 * Ports with addresses of their own (balance-tlb, balance-alb) must not teach the
 * targets that the bond lives there, so they ask in nobody's name, or by IPv6 in
 * their own, which see probe_asker6(); in balance-alb the one with the bond's
 * address as well, or each question would bring all peers to that port. To a
 * target that is just coming up and looks for duplicates of its address, who asks
 * in nobody's name is one (RFC 5227, 2.1.1), and it gives the address up. So
 * while nobody hears it only the port with the bond's address asks, in
 * balance-alb this target alone; or where no port hears anybody each in its turn,
 * for then nobody can be led astray.
 *
 * Return: false when it is not for this port to ask; else the question is as
 * this port is to put it.
 */
static bool own_way(const struct bond_view *v, u32 i, bool same,
		    struct probe_way *way, u64 now)
{
	bool tells = v->mode->traits & BOND_T_TELLS;

	if (way->v4 && !is_there(v, way, now)) {
		if (all_silent(v))
			return div_u64(now, v->probe->cfg.interval) % v->total == i;
		if (!same)
			return false;
		if (tells)
			way->to_mac = READ_ONCE(v->bond->prober.spoke_from[way->slot]);
		tells &= !way->to_mac;
	}
	if (!same || tells) {
		way->from4 = 0;
		probe_asker6(v->ports[i]->dev->dev_addr, &way->from6);
	}
	return true;
}

/* Elsewhere a port has an address of its own by somebody's decision. */
static void ask_all(const struct bond_view *v, const struct probe_way *way,
		    u64 now)
{
	const struct net_device *dev = v->bond->dev;
	u32 i;

	for (i = 0; i < v->total; i++) {
		struct bond_port *port = v->ports[i];
		bool same = !memcmp(port->dev->dev_addr, dev->dev_addr,
				    dev->addr_len);
		struct probe_way mine = *way;

		if (!may_ask(v, port))
			continue;
		if (v->mode->traits & BOND_T_OWN_MACS) {
			if (!own_way(v, i, same, &mine, now))
				continue;
		} else if (!same) {
			mine.from4 = 0;
			probe_asker6(port->dev->dev_addr, &mine.from6);
		}
		ask_by(port, &mine, now);
	}
}

static void ask(const struct bond_view *v, struct bond_port *only,
		const struct probe_way *way, u64 now)
{
	if (only)
		ask_by(only, way, now);
	else
		ask_all(v, way, now);
}

/**
 * bond_probe_send() - ask every target
 * @v: a view with BOND_VIEW_PROBES
 * @only: the port that asks; NULL for all
 * @now: bond_now()
 *
 * Context: RCU, BH off, no locks held: the ports' devices are called.
 */
void bond_probe_send(const struct bond_view *v, struct bond_port *only,
		     u64 now)
{
	const struct bond_probe_plan *plan = v->probe;
	u32 i;

	for (i = 0; i < PROBE_TARGETS && plan->v4[i]; i++) {
		struct probe_way way = {
			.v4 = true, .slot = i, .to4 = plan->v4[i],
		};

		if (find_way4(v, &way))
			ask(v, only, &way, now);
	}
	for (i = 0; i < PROBE_TARGETS && !ipv6_addr_any(&plan->v6[i]); i++) {
		struct probe_way way = { .to6 = plan->v6[i] };

		if (find_way6(v, &way))
			ask(v, only, &way, now);
	}
}
