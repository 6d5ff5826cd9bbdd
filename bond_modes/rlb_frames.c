// SPDX-License-Identifier: GPL-2.0
/*
 * balance-alb: what is said and heard about addresses.
 *
 * An answer of ours to one peer tells the address of the port chosen for that
 * peer and leaves by it. What all hear (requests, announcements) leaves as it
 * is, by the active port: else it would come back by that one and look like
 * somebody else with our address. Who was misled by it is told later.
 *
 * Only addresses of this machine count: what is bridged, routed or signed is
 * not touched.
 */
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "balance.h"
#include "engine.h"
#include "rlb_mode.h"

#define ARP_MESSAGE	28
#define ND_MESSAGE_MAX	256	/* longer ones are not looked at */

/**
 * struct message - a frame about addresses
 * @f: what it tells
 * @key: us and the peer
 * @off: where the message begins, from skb->data
 * @len: its length
 */
struct message {
	struct rlb_frame f;
	struct rlb_key key;
	u32 off;
	u32 len;
};

static void note_tag(struct rlb_tags *tags, __be16 proto, u16 tci)
{
	tags->proto[tags->n] = proto;
	tags->tci[tags->n++] = tci & VLAN_VID_MASK;
}

/* Walk over the tags. Return: false when there are more than two. */
static bool open_tags(const struct sk_buff *skb, struct message *m,
		      __be16 *proto)
{
	struct rlb_tags *tags = &m->key.tags;

	*proto = skb->protocol;
	if (skb_vlan_tag_present(skb))
		note_tag(tags, skb->vlan_proto, skb_vlan_tag_get(skb));
	while (eth_type_vlan(*proto)) {
		const struct vlan_hdr *tag;
		struct vlan_hdr copy;

		tag = skb_header_pointer(skb, m->off, sizeof(copy), &copy);
		if (!tag || tags->n == ARRAY_SIZE(tags->tci))
			return false;
		note_tag(tags, *proto, ntohs(tag->h_vlan_TCI));
		*proto = tag->h_vlan_encapsulated_proto;
		m->off += VLAN_HLEN;
	}
	return true;
}

/**
 * read_message() - is this a frame about addresses, and what does it say?
 * @skb: the frame
 * @off: where the network header is, from skb->data; tags may come first
 * @m: filled
 *
 * Context: RCU, BH off.
 * Return: true when it tells an address that may be changed or noted.
 */
static bool read_message(const struct sk_buff *skb, u32 off, struct message *m)
{
	u8 copy[ND_MESSAGE_MAX];
	const u8 *net;
	__be16 proto;

	memset(m, 0, sizeof(*m));
	m->off = off;
	if (!open_tags(skb, m, &proto))
		return false;
	m->len = skb->len - m->off;
	if (proto == htons(ETH_P_ARP))
		m->len = min_t(u32, m->len, ARP_MESSAGE);
	else if (proto != htons(ETH_P_IPV6) || m->len > ND_MESSAGE_MAX)
		return false;
	net = skb_header_pointer(skb, m->off, m->len, copy);
	if (!net)
		return false;
	rlb_parse(&m->f, proto, net, m->len);
	return m->f.kind != RLB_OTHER && m->f.mac_off;
}

/* --- is it ours? ------------------------------------------------------------ */

static bool is_v4(const struct in6_addr *addr)
{
	return ipv6_addr_v4mapped(addr);
}

/* The VLAN on a device, or on the bridge it belongs to. */
static struct net_device *vlan_on(struct net_device *dev, __be16 proto, u16 tci)
{
	struct net_device *vlan, *bridge;

	vlan = __vlan_find_dev_deep_rcu(dev, proto, tci & VLAN_VID_MASK);
	bridge = netdev_master_upper_dev_get_rcu(dev);
	if (vlan || !bridge)
		return vlan;
	return __vlan_find_dev_deep_rcu(bridge, proto, tci & VLAN_VID_MASK);
}

/* The device that gets what carries these tags, if there is one. */
static struct net_device *tagged_dev(const struct bond *bond,
				     const struct rlb_tags *tags)
{
	struct net_device *dev = bond->dev;
	u32 i;

	/* VLAN 0 is a priority and no VLAN */
	for (i = 0; dev && i < tags->n; i++)
		if (tags->tci[i] & VLAN_VID_MASK)
			dev = vlan_on(dev, tags->proto[i], tags->tci[i]);
	return dev;
}

/* Its frames are told apart from the bond's, and it speaks for itself. */
static bool is_foreign(const struct bond *bond, const struct net_device *dev)
{
	return !ether_addr_equal(dev->dev_addr, bond->dev->dev_addr);
}

/* An optimistic address (RFC 4429) is not to be claimed yet. */
static bool has_for_good(struct net_device *dev, const struct in6_addr *addr)
{
	return ipv6_chk_addr_and_flags(dev_net(dev), addr, dev, false, 1,
				       IFA_F_TENTATIVE | IFA_F_OPTIMISTIC);
}

/*
 * Bridges that know VLANs, ipvlan and the like have addresses behind us on
 * devices that tags do not lead to. An address on a device that is not behind
 * us is none of ours: Linux does not answer for it here.
 */
static struct net_device *far_holder6(const struct bond *bond,
				      const struct in6_addr *addr,
				      const struct rlb_tags *tags)
{
	struct net_device *dev, *from = bond->dev;
	struct net_device *above = netdev_master_upper_dev_get_rcu(from);
	/* what is inside of it has no place above the bond */
	bool ovs = above && netif_is_ovs_master(above);

	if (!ovs && !(above && netif_is_bridge_master(above)))
		from = tagged_dev(bond, tags);
	dev = from ? ipv6_dev_find(dev_net(from), addr, NULL) : NULL;
	if (!dev || is_foreign(bond, dev) || !has_for_good(dev, addr))
		return NULL;
	return ovs || netdev_has_upper_dev_all_rcu(from, dev) ? dev : NULL;
}

/*
 * Who has an IPv6 address of ours: the device or the bridge it belongs to, or
 * something farther. A link-local one that this machine has elsewhere may be
 * somebody else's on this link, as every router's fe80::1. For what a VRF's own
 * device has its member answers, at the member's address.
 */
static struct net_device *holder6(const struct bond *bond,
				  const struct in6_addr *addr,
				  const struct rlb_tags *tags)
{
	struct net_device *dev, *speaks = NULL;

	/* with ipv6.disable=1 there is not even a list to look at */
	if (!IS_ENABLED(CONFIG_IPV6) || !ipv6_mod_enabled())
		return NULL;
	for (dev = tagged_dev(bond, tags); dev;
	     dev = netdev_master_upper_dev_get_rcu(dev)) {
		speaks = speaks && netif_is_l3_master(dev) ? speaks : dev;
		if (!is_foreign(bond, speaks) && has_for_good(dev, addr))
			return dev;
	}
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL ? NULL :
	       far_holder6(bond, addr, tags);
}

/* Has a device behind us that speaks for itself this IPv4 address in a VRF? */
static bool is_taken4(const struct bond *bond, __be32 addr,
		      const struct net_device *vrf)
{
	struct net_device *dev = __ip_dev_find(dev_net(bond->dev), addr, false);

	/* for what a VRF's own device has its members answer */
	return dev && is_foreign(bond, dev) && !netif_is_l3_master(dev) &&
	       l3mdev_master_dev_rcu(dev) == vrf &&
	       netdev_has_upper_dev_all_rcu(bond->dev, dev);
}

/*
 * Does the device that is asked stay silent about the address, by arp_ignore?
 * Then it may be in use elsewhere, as that of a standby load balancer is. Who
 * asks is not looked at: 2 is taken for 1.
 */
static bool is_ignored4(struct net_device *dev, __be32 addr)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	switch (in_dev ? IN_DEV_ARP_IGNORE(in_dev) : 0) {
	case 1:
	case 2:
		return !inet_confirm_addr(dev_net(dev), in_dev, 0, addr,
					  RT_SCOPE_HOST);
	case 3:
		return !inet_confirm_addr(dev_net(dev), NULL, 0, addr,
					  RT_SCOPE_LINK);
	case 8:
		return true;
	default:
		return false;
	}
}

/* An IPv4 address is the machine's, or its VRF's, and any device answers. */
static bool has4(const struct bond *bond, __be32 addr,
		 const struct rlb_tags *tags)
{
	struct net_device *dev = tagged_dev(bond, tags) ?: bond->dev;
	struct net_device *above;

	while ((above = netdev_master_upper_dev_get_rcu(dev)) &&
	       !netif_is_l3_master(above))
		dev = above;
	return inet_addr_type_dev_table(dev_net(dev), dev, addr) == RTN_LOCAL &&
	       !is_ignored4(dev, addr) && !is_taken4(bond, addr, above);
}

/*
 * Does this machine have the address, so that it is for the bond to say where?
 * Others may speak through us.
 */
static bool is_local(const struct bond *bond, const struct in6_addr *addr,
		     const struct rlb_tags *tags)
{
	bool local;

	/* of its own: on transmit only BH are off */
	rcu_read_lock();
	local = is_v4(addr) ? has4(bond, addr->s6_addr32[3], tags) :
			      !!holder6(bond, addr, tags);
	rcu_read_unlock();
	return local;
}

/* Peers drop a router whose advertisement does not say that it is one. */
static bool is_router(const struct bond *bond, const struct rlb_key *key)
{
	struct net_device *dev = is_v4(&key->own) ? NULL :
				 holder6(bond, &key->own, &key->tags);
	struct inet6_dev *idev = dev ? __in6_dev_get(dev) : NULL;

	return idev && READ_ONCE(idev->cnf.forwarding);
}

/* --- what we say -------------------------------------------------------------- */

/**
 * struct told - what a frame shall tell
 * @port: by which port
 * @mac: whose address
 */
struct told {
	struct bond_port *port;
	u8 mac[ETH_ALEN];
};

static void due_at(struct bond_balance *bal, u64 when)
{
	lockdep_assert_held(&bal->bond->lock);
	if (when == U64_MAX || (bal->rlb_due && bal->rlb_due <= when))
		return;
	bal->rlb_due = when;
	bond_balance_rearm(bal);
}

/* To one peer. */
static void choose(struct bond_balance *bal, const struct message *m,
		   const u8 *peer_mac, struct told *told)
{
	struct bond_rlb *rlb = bal->rlb;
	u64 now = bond_now();
	u32 slot;

	slot = rlb_use(&rlb->table, &m->key, peer_mac, now);
	if (slot != RLB_NOBODY) {
		told->port = rlb->port[slot];
		ether_addr_copy(told->mac, rlb->mac[slot]);
	}
	/* where the table is full somebody had to go, and is to be told */
	due_at(bal, rlb_leaving(&rlb->table));
}

/* Who was misled is told better so many ms later. */
static u64 wait_after(const struct message *m)
{
	return is_v4(&m->key.own) ? RLB_REQUEST_MS : RLB_SOLICIT_MS;
}

/*
 * To everybody: clients of other ports than the active one are misled. One who
 * is not known yet will be when he answers.
 */
static void mislead(struct bond_balance *bal, const struct message *m)
{
	struct bond_rlb *rlb = bal->rlb;
	u64 now = bond_now();

	if (m->f.kind == RLB_REQUEST)
		rlb_misled(&rlb->table, &m->key, rlb->home, now);
	/* a solicitation is heard by the one who is asked, ARP by all */
	if (m->f.kind != RLB_REQUEST || is_v4(&m->key.own))
		rlb_spoiled(&rlb->table, &m->key, rlb->home, now);
	due_at(bal, now + wait_after(m));
}

static bool rewrite(struct sk_buff *skb, struct message *m,
		    const struct told *told)
{
	struct ethhdr *eth;

	if (skb_ensure_writable(skb, m->off + m->len))
		return false;
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(eth->h_source, told->mac);
	/* the device fills the checksum in anyway */
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		m->f.sum_off = 0;
	rlb_rewrite(skb->data + m->off, &m->f, told->mac);
	return true;
}

/**
 * bond_rlb_send() - a frame of the bond's own that is not spread leaves
 * @v: the view, with an active port
 * @skb: the frame; what it tells is changed
 *
 * Context: RCU, BH off, transmit path.
 * Return: the port by which it must leave, or NULL for the active one.
 */
struct bond_port *bond_rlb_send(const struct bond_view *v, struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	struct bond_balance *bal = v->mode_data;
	struct told told = {};
	unsigned long flags;
	struct message m;
	bool one;

	if (!read_message(skb, ETH_HLEN, &m) || !is_local(v->bond, &m.f.speaker, &m.key.tags) ||
	    !ether_addr_equal(m.f.mac, bal->mac))
		return NULL;
	m.key.peer = m.f.listener;
	m.key.own = m.f.speaker;
	one = !is_multicast_ether_addr(eth->h_dest) && m.f.kind != RLB_ANNOUNCE;
	spin_lock_irqsave(&v->bond->lock, flags);
	if (one)
		choose(bal, &m, eth->h_dest, &told);
	else
		mislead(bal, &m);
	spin_unlock_irqrestore(&v->bond->lock, flags);
	if (!told.port || !bond_port_live(told.port) ||
	    !rewrite(skb, &m, &told))
		return NULL;
	return told.port;
}

/* --- what we hear ------------------------------------------------------------- */

/*
 * Who answers us becomes a client. So does who asks us alone for an IPv6
 * address: he checks what he knows, and our answer tells no MAC address (RFC
 * 4861, 4.4), so there is nothing to put his port's into and he is told by an
 * update. Who asks all becomes one when we answer: it may be for others to.
 */
static bool makes_client(const struct bond *bond, const struct message *m,
			 const u8 *to)
{
	if (m->f.kind == RLB_REQUEST &&
	    (is_v4(&m->key.own) || is_multicast_ether_addr(to)))
		return false;
	return is_local(bond, &m->key.own, &m->key.tags);
}

static void hear_announcement(struct bond_balance *bal, const struct message *m)
{
	unsigned long flags;

	spin_lock_irqsave(&bal->bond->lock, flags);
	due_at(bal, rlb_announced(&bal->rlb->table, &m->key, m->f.mac, bond_now()));
	spin_unlock_irqrestore(&bal->bond->lock, flags);
}

/**
 * bond_rlb_hear() - a frame that may tell a client's address was received
 * @v: the view
 * @skb: the frame, at its network header
 * @to: the MAC address to which it was sent
 *
 * A question to one address of ours shows which one the peer knows.
 *
 * Context: RCU, BH off, receive path.
 */
void bond_rlb_hear(const struct bond_view *v, const struct sk_buff *skb,
		   const u8 *to)
{
	struct bond_balance *bal = v->mode_data;
	unsigned long flags;
	struct message m;
	bool client;
	u32 told;
	u64 due;

	if (!read_message(skb, 0, &m))
		return;
	m.key.peer = m.f.speaker;
	m.key.own = m.f.listener;
	if (m.f.kind == RLB_ANNOUNCE) {
		hear_announcement(bal, &m);
		return;
	}
	/* what passes by on its way to others is not said to us */
	client = skb->pkt_type != PACKET_OTHERHOST &&
		 makes_client(v->bond, &m, to);
	spin_lock_irqsave(&v->bond->lock, flags);
	/* where one who asks all sends to until now is not known */
	told = m.f.kind == RLB_REPLY ? bal->rlb->home :
				       bond_rlb_slot(bal->rlb, to);
	if (client)
		due = rlb_answered(&bal->rlb->table, &m.key, m.f.mac, told,
				   bond_now());
	else
		due = rlb_heard(&bal->rlb->table, &m.key, m.f.mac, bond_now());
	due_at(bal, due);
	if (m.f.kind == RLB_REQUEST && told != RLB_NOBODY) {
		rlb_misled(&bal->rlb->table, &m.key, told, bond_now());
		due_at(bal, bond_now() + wait_after(&m));
	}
	/* the table may have been full, then another has to be told */
	due_at(bal, rlb_leaving(&bal->rlb->table));
	spin_unlock_irqrestore(&v->bond->lock, flags);
}

/* --- updates -------------------------------------------------------------------- */

static struct sk_buff *make_update(const struct bond_balance *bal,
				   const struct rlb_client *c)
{
	struct bond_port *port = bal->rlb->port[c->slot];
	struct sk_buff *skb = NULL;
	u32 len;

	/* within downdelay or updelay it may carry nothing yet */
	if (port && bond_port_live(port))
		skb = bond_balance_skb(port, RLB_FRAME_MAX);
	if (!skb)
		return NULL;
	len = rlb_build(skb->data, c, bal->rlb->mac[c->slot],
			is_router(bal->bond, &c->key));
	skb_put(skb, len);
	return bond_balance_finish(skb, &c->key.tags);
}

static void make_updates(struct bond_balance *bal, u64 now,
			 struct sk_buff_head *out)
{
	struct rlb_client c;
	struct sk_buff *skb;

	lockdep_assert_held(&bal->bond->lock);
	while (rlb_next(&bal->rlb->table, now, &c)) {
		skb = NULL;
		/* moved to another machine, or not back yet */
		if (is_local(bal->bond, &c.key.own, &c.key.tags))
			skb = make_update(bal, &c);
		if (skb)
			__skb_queue_tail(out, skb);
		else
			rlb_hold(&bal->rlb->table, &c, now);
	}
}

/**
 * bond_rlb_tick() - tell clients what is due
 * @bal: the balancing side of the bond
 * @now: ms
 *
 * Context: softirq.
 */
void bond_rlb_tick(struct bond_balance *bal, u64 now)
{
	struct bond *bond = bal->bond;
	struct sk_buff_head out;
	unsigned long flags;
	struct sk_buff *skb;

	__skb_queue_head_init(&out);
	/* ports whose frames were made outlive their sending */
	rcu_read_lock();
	spin_lock_irqsave(&bond->lock, flags);
	/* when it is up again, all that is owed is due at once */
	if (!netif_running(bond->dev))
		bal->rlb_due = 0;
	if (bal->rlb_due && bal->rlb_due <= now) {
		make_updates(bal, now, &out);
		bal->rlb_due = rlb_advance(&bal->rlb->table, now);
		if (bal->rlb_due == U64_MAX)
			bal->rlb_due = 0;
		bond_balance_rearm(bal);
	}
	spin_unlock_irqrestore(&bond->lock, flags);
	while ((skb = __skb_dequeue(&out)))
		dev_queue_xmit(skb);
	rcu_read_unlock();
}
