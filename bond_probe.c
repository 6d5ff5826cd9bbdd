// SPDX-License-Identifier: GPL-2.0
/*
 * The ARP and NS monitor of a bond: stamps what arrives, lets
 * bond_core/probe.c judge once per arp_interval, and asks again. All of it
 * runs in the receive path and in a timer's softirq, so that neither finding a
 * dead port nor leaving it ever waits for RTNL.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>

#include "agenda.h"
#include "bond.h"
#include "engine.h"
#include "prober.h"

#define LATE_MIN	2	/* ms every timer may be late */
#define TAGS_LEN	(8 * VLAN_HLEN)	/* octets of tags looked behind */
#define VIEW_RETRY	5	/* ms until a new view must be there */
#define CHANCE_MIN	10000	/* ms before a silent port of a LACP bond is tried */
#define CHANCE_TERMS	10	/* ... and intervals on top of those it may miss */
#define CHANCES_MAX	5	/* each wasted one doubles that, so often */

/* --- what arrives -------------------------------------------------------- */

static enum probe_role role_of(const struct bond_view *v,
			       const struct bond_port *port)
{
	if (!(v->mode->traits & BOND_T_PROBE_ACTIVE) || port == v->active)
		return PROBE_ON_ACTIVE;
	if (!v->active && port == READ_ONCE(v->bond->prober.trial))
		return PROBE_ON_TRIAL;
	return PROBE_ON_BACKUP;
}

static bool active_heard(const struct bond_view *v)
{
	const struct bond_port *active = v->active;

	return active && probe_last_rx(&active->probe.times, &v->probe->cfg) >
			 READ_ONCE(active->probe.times.up);
}

static bool has4(const struct net_device *dev, __be32 addr)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	return in_dev && inet_confirm_addr(dev_net(dev), in_dev, 0, addr,
					   RT_SCOPE_HOST);
}

static int upper_has4(struct net_device *dev, struct netdev_nested_priv *priv)
{
	return has4(dev, *(__be32 *)priv->data);
}

/*
 * Is this address on the bond or on anything above it? Nobody's address is
 * ours where ports ask in nobody's name, see bond_probe_send.c: in modes where
 * every port asks, and on a bond that has no address to ask with.
 */
static bool own4(void *ctx, __be32 addr)
{
	struct netdev_nested_priv priv = { .data = &addr };

	if (!addr)
		return !(READ_ONCE(bond_of(ctx)->mode)->traits & BOND_T_PROBE_ACTIVE) ||
		       !has4(ctx, 0);
	return has4(ctx, addr) ||
	       netdev_walk_all_upper_dev_rcu(ctx, upper_has4, &priv);
}

static bool has6(const struct net_device *dev, const struct in6_addr *addr)
{
	return ipv6_chk_addr(dev_net(dev), addr, dev, 0);
}

static int upper_has6(struct net_device *dev, struct netdev_nested_priv *priv)
{
	return has6(dev, priv->data);
}

/* Did one of our ports ask in its own name, or might it have? */
static bool asked6(const struct bond *bond, const struct in6_addr *addr)
{
	const struct bond_view *v = rcu_dereference(bond->view);
	struct in6_addr asker;
	u32 i;

	for (i = 0; i < v->total; i++) {
		probe_asker6(v->ports[i]->dev->dev_addr, &asker);
		if (ipv6_addr_equal(&asker, addr))
			return true;
	}
	return false;
}

static bool own6(void *ctx, const struct in6_addr *addr)
{
	struct netdev_nested_priv priv = { .data = (void *)addr };

	if (!IS_ENABLED(CONFIG_IPV6) || !ipv6_mod_enabled())
		return false;
	return has6(ctx, addr) || asked6(bond_of(ctx), addr) ||
	       netdev_walk_all_upper_dev_rcu(ctx, upper_has6, &priv);
}

/* The kernel has taken off the outermost tag; answers may have more. */
static __be16 skip_tags(const struct sk_buff *skb, u32 *offset)
{
	__be16 proto = skb->protocol;
	const struct vlan_hdr *tag;
	struct vlan_hdr copy;

	for (*offset = 0; eth_type_vlan(proto) && *offset < TAGS_LEN;
	     *offset += VLAN_HLEN) {
		tag = skb_header_pointer(skb, *offset, sizeof(copy), &copy);
		if (!tag)
			break;
		proto = tag->h_vlan_encapsulated_proto;
	}
	return proto;
}

/* Is the target there, whichever port hears it? See bond_probe_send.c. */
static void note_speaker(const struct bond_view *v, const struct probe_frame *f,
			 const struct sk_buff *skb)
{
	int slot = probe_spoke4(&v->probe->cfg, f);

	if (slot < 0)
		return;
	WRITE_ONCE(v->bond->prober.spoke[slot], bond_now());
	WRITE_ONCE(v->bond->prober.spoke_from[slot],
		   ether_addr_to_u64(eth_hdr(skb)->h_source));
}

static noinline void receive_judged(const struct bond_view *v,
				    struct bond_port *port,
				    const struct sk_buff *skb)
{
	struct probe_scene scene = {
		.cfg = &v->probe->cfg,
		.role = role_of(v, port),
		.to_us = skb->pkt_type != PACKET_OTHERHOST &&
			 skb->pkt_type != PACKET_LOOPBACK,
		.active_heard = active_heard(v),
		.now = bond_now(),
		.own4 = own4,
		.own6 = own6,
		.ctx = v->bond->dev,
	};
	struct probe_frame frame;
	u8 copy[PROBE_HEADER_MAX];
	u32 len, offset;
	const u8 *net;
	__be16 proto;

	proto = skip_tags(skb, &offset);
	len = min_t(u32, skb->len - offset, PROBE_HEADER_MAX);
	net = skb_header_pointer(skb, offset, len, copy);
	if (!net)
		return;
	probe_parse(&frame, proto, net, len);
	probe_receive(&port->probe.times, &frame, &scene);
	if (v->mode->traits & BOND_T_OWN_MACS)
		note_speaker(v, &frame, skb);
}

/* Any frame counts; answers are looked into to learn how long they take. */
static bool may_answer(const struct bond_probe_plan *plan,
		       const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		return !ipv6_addr_any(&plan->v6[0]);
	return skb->protocol == htons(ETH_P_ARP);
}

/**
 * bond_probe_receive() - a frame has arrived: is it a sign of life?
 * @v: a view with BOND_VIEW_PROBES
 * @port: where it arrived
 * @skb: the frame, at its network header
 *
 * Context: RCU, BH off.
 */
void bond_probe_receive(const struct bond_view *v, struct bond_port *port,
			const struct sk_buff *skb)
{
	u64 now;

	/* of the neighbour itself, and nothing of the way beyond */
	if (skb->protocol == htons(ETH_P_SLOW))
		return;
	if (v->probe->cfg.validate || may_answer(v->probe, skb)) {
		receive_judged(v, port, skb);
		return;
	}
	now = bond_now();
	if (READ_ONCE(port->probe.times.rx) != now)
		WRITE_ONCE(port->probe.times.rx, now);
}

/* --- judging ------------------------------------------------------------- */

static struct probe_seat seat_of(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	return (struct probe_seat) {
		.role = port == bond->active ? PROBE_ON_ACTIVE :
					       PROBE_ON_BACKUP,
		.up = !port->probe.silent,
		.someone_on_trial = !bond->active,
	};
}

static enum probe_verdict verdict_of(const struct bond_port *port,
				     const struct probe_config *cfg, u64 now)
{
	struct probe_seat seat = seat_of(port);

	if (port->bond->mode->traits & BOND_T_PROBE_ACTIVE)
		return probe_verdict_backup(&port->probe.times, cfg, &seat,
					    now);
	return probe_verdict_balance(&port->probe.times, cfg, seat.up, now);
}

static u64 deadline_of(const struct bond_port *port,
		       const struct probe_config *cfg)
{
	struct probe_seat seat = seat_of(port);

	if (!seat.up)
		return U64_MAX;
	if (port->bond->mode->traits & BOND_T_PROBE_ACTIVE)
		return probe_deadline_backup(&port->probe.times, cfg, &seat);
	return probe_deadline_balance(&port->probe.times, cfg);
}

/*
 * Come too late, the monitor cannot tell a silent port from one whose answer
 * waits as we did; it judges nobody and gives back the time. The second time,
 * and a little late, it judges as of when it wanted to: whose time is up by then
 * has failed, and nobody pays for what we missed since.
 */
static bool excuse(struct bond *bond, u64 now)
{
	struct bond_prober *p = &bond->prober;
	u64 late = now > p->wake ? now - p->wake : 0;
	struct bond_port *port;

	p->excused = !p->excused && late > p->interval / 10 + LATE_MIN;
	if (p->excused)
		list_for_each_entry(port, &bond->ports, list)
			probe_times_forgive(&port->probe.times, late, now);
	return p->excused;
}

/*
 * A port that has no carrier while its downdelay runs cannot be heard, and when
 * it is the one that asks nobody else is either: their time starts anew. Nor can
 * those be heard that wait for the one that asks, unless its questions arrive
 * somewhere: it may have become the active one on the wrong side of a dead link.
 */
static bool is_excused(const struct bond_port *port,
		       const struct probe_config *cfg)
{
	const struct bond_port *active = port->bond->active;

	if (port->probe.silent)
		return false;
	/* nor can one on which a partner that keeps to LACP sends nothing yet */
	if ((port->bond->mode->traits & BOND_T_LACP) && !port->tx_live)
		return true;
	if (port->link.state == LINK_FAIL && !bond_port_live(port))
		return true;
	if (!(port->bond->mode->traits & BOND_T_PROBE_ACTIVE) || !active)
		return false;
	if (active->link.state == LINK_FAIL && !bond_port_live(active))
		return true;
	return port != active && probe_last_rx(&active->probe.times, cfg) <=
				 READ_ONCE(active->probe.times.up);
}

/*
 * A silent port is given up by LACP as well, and then its partner sends nothing
 * by which it could be found alive. It gets another chance: soon at first, each
 * time it wastes one only after twice as long.
 */
static u64 chance_after(const struct bond_port *port,
			const struct probe_config *cfg)
{
	u64 wait = (u64)cfg->interval * (cfg->missed_max + CHANCE_TERMS);

	return max_t(u64, wait, CHANCE_MIN) << port->probe.chances;
}

/*
 * Wasted is a chance that did not last: of the time in which it was judged, for
 * updelay and the aggregate wait would make any failure a new one.
 */
static void fell_silent(struct bond_port *port, const struct probe_config *cfg,
			u64 now)
{
	bool again = port->probe.silent_at &&
		     now - READ_ONCE(port->probe.times.up) <
		     2 * chance_after(port, cfg);

	port->probe.chances = again ? min(port->probe.chances + 1, CHANCES_MAX) : 0;
	port->probe.silent_at = now;
	WRITE_ONCE(port->probe.silent, true);
}

/**
 * bond_probe_renew() - something is another than it was
 * @port: the port; what it has wasted says nothing now
 *
 * Context: bond->lock held.
 */
void bond_probe_renew(struct bond_port *port)
{
	lockdep_assert_held(&port->bond->lock);
	port->probe.chances = 0;
	port->probe.silent_at = 0;
}

static bool has_chance(const struct bond_port *port,
		       const struct probe_config *cfg, u64 now)
{
	return (port->bond->mode->traits & BOND_T_LACP) && port->probe.silent &&
	       (!port->probe.silent_at ||
		now - port->probe.silent_at >= chance_after(port, cfg));
}

/* A chance that lasted was not wasted, whatever comes later. */
static bool has_lasted(const struct bond_port *port,
		       const struct probe_config *cfg, u64 now)
{
	return port->probe.silent_at && !port->probe.silent && port->tx_live &&
	       now - READ_ONCE(port->probe.times.up) >=
	       2 * chance_after(port, cfg);
}

/* The next cable of a LACP bond is judged by LACP first, and then anew. */
static bool has_new_start(struct bond_port *port)
{
	if (!(port->bond->mode->traits & BOND_T_LACP) || !port->probe.silent ||
	    bond_port_live(port))
		return false;
	bond_probe_renew(port);
	return true;
}

static enum probe_verdict judge_port(struct bond_port *port,
				     const struct probe_config *cfg, u64 now)
{
	if (has_lasted(port, cfg, now))
		bond_probe_renew(port);
	if (is_excused(port, cfg))
		probe_times_forgive(&port->probe.times, now, now);
	if (has_new_start(port))
		return PROBE_UP;
	if (has_chance(port, cfg, now)) {
		probe_times_forgive(&port->probe.times, now, now);
		return PROBE_UP;
	}
	/* what is still in a queue from before a cable went is no sign of life */
	if (port->probe.silent && !bond_port_live(port))
		return PROBE_KEEP;
	/* its question may be as late as we are */
	if (!port->probe.silent)
		now = min(now, port->bond->prober.wake);
	return verdict_of(port, cfg, now);
}

/**
 * bond_probe_lost() - a port's link is down, or its cable is out
 * @port: the port
 *
 * Whatever took it down, by the monitor's rules it is up when it is heard: a
 * cable that returns may lead to a switch that is not through with booting.
 * Ports of a LACP bond are tried by themselves, see chance_after(); at once when
 * their cable was out, be it for less than an interval.
 *
 * Context: bond->lock held, any context.
 */
void bond_probe_lost(struct bond_port *port)
{
	struct bond *bond = port->bond;
	struct probe_config cfg = { .interval = bond->prober.interval };

	lockdep_assert_held(&bond->lock);
	if (!bond->prober.on)
		return;
	if (bond->mode->traits & BOND_T_LACP) {
		if (has_new_start(port))
			WRITE_ONCE(port->probe.silent, false);
		return;
	}
	WRITE_ONCE(port->probe.silent, true);
	probe_times_lost(&port->probe.times, &cfg, bond_now());
}

/*
 * By which port of a group an answer comes is the choice of the partner, so the
 * ports of a LACP bond hear for each other: what is judged is the way beyond the
 * partner. The links to it are watched by LACP. A leg whose downdelay runs hears
 * nothing, and its time is merely put off.
 */
static void hear_together(struct bond *bond)
{
	struct bond_port *port;
	u64 newest = 0;

	list_for_each_entry(port, &bond->ports, list)
		if (port->tx_live && bond_port_live(port))
			newest = max(newest, READ_ONCE(port->probe.times.rx));
	/* a loss of all carriers that nobody was told of yet is no silence */
	if (!newest)
		return;
	list_for_each_entry(port, &bond->ports, list)
		if (port->tx_live)
			WRITE_ONCE(port->probe.times.rx, newest);
}

/* Return: a port came to life or fell silent. */
static bool judge(struct bond *bond, const struct probe_config *cfg, u64 now)
{
	struct bond_port *port;
	bool changed = false;

	lockdep_assert_held(&bond->lock);
	if (excuse(bond, now))
		return false;
	if (bond->mode->traits & BOND_T_LACP)
		hear_together(bond);
	list_for_each_entry(port, &bond->ports, list) {
		enum probe_verdict verdict = judge_port(port, cfg, now);

		if (port->gone || verdict == PROBE_KEEP)
			continue;
		if (verdict == PROBE_DOWN)
			fell_silent(port, cfg, now);
		else
			WRITE_ONCE(port->probe.silent, false);
		changed = true;
	}
	return changed;
}

/* Run again to ask, or sooner when some port's time is up before. */
static void wake(struct bond *bond, const struct probe_config *cfg)
{
	struct bond_prober *p = &bond->prober;
	struct bond_port *port;

	p->wake = p->due;
	if (!p->excused)
		list_for_each_entry(port, &bond->ports, list) {
			/* packets that come in meanwhile move it */
			u64 deadline = deadline_of(port, cfg);

			if (!port->gone && deadline < p->wake)
				p->wake = deadline + 1;
		}
	bond_probe_at(bond, p->wake);
}

/* --- asking -------------------------------------------------------------- */

static bool may_try(void *ctx, u32 i)
{
	const struct bond_view *v = ctx;

	return bond_port_live(v->ports[i]) && !READ_ONCE(v->ports[i]->gone);
}

/*
 * Nobody is active: the ports ask one after the other, an interval each, so
 * that the switch does not learn our address in several places.
 */
static struct bond_port *next_trial(const struct bond_view *v, u64 now)
{
	struct bond *bond = v->bond;
	struct bond_port *port = NULL;
	unsigned long flags;
	u32 i;

	spin_lock_irqsave(&bond->lock, flags);
	for (i = 0; i < v->total; i++)
		if (v->ports[i] == bond->prober.trial)
			break;
	i = probe_next_trial(may_try, (void *)v, v->total, i);
	if (i < v->total) {
		port = v->ports[i];
		WRITE_ONCE(port->probe.times.up, now);
	}
	WRITE_ONCE(bond->prober.trial, port);
	spin_unlock_irqrestore(&bond->lock, flags);
	return port;
}

static void ask(const struct bond_view *v, u64 now)
{
	struct bond_port *only = NULL;

	if (v->mode->traits & BOND_T_PROBE_ACTIVE) {
		only = v->active ?: next_trial(v, now);
		if (!only)
			return;
	}
	bond_probe_send(v, only, now);
}

/* Return: an interval begins. Intervals lie on a grid. */
static bool interval_begins(struct bond_prober *p, u64 now)
{
	if (now < p->due)
		return false;
	p->due += p->interval;
	if (p->due <= now)
		p->due = now + p->interval;
	return true;
}

/* Return: whether to ask. */
static bool tick_locked(struct bond *bond, u64 now, bool *changed)
{
	const struct bond_view *v = rcu_dereference(bond->view);
	bool asks;

	lockdep_assert_held(&bond->lock);
	if (!bond->prober.on)
		return false;
	/* started just now, or with another interval: the view is about to follow */
	if (!(v->flags & BOND_VIEW_PROBES) ||
	    v->probe->cfg.interval != bond->prober.interval) {
		bond_probe_at(bond, now + VIEW_RETRY);
		return false;
	}
	*changed = judge(bond, &v->probe->cfg, now);
	asks = interval_begins(&bond->prober, now);
	wake(bond, &v->probe->cfg);
	return asks;
}

/**
 * bond_probe_tick() - judge, and ask again when an interval begins
 * @bond: the bond
 * @now: bond_now()
 *
 * Context: softirq of the agenda's timer, no locks.
 */
void bond_probe_tick(struct bond *bond, u64 now)
{
	const struct bond_view *v;
	bool asks, changed = false;
	unsigned long flags;

	rcu_read_lock();
	spin_lock_irqsave(&bond->lock, flags);
	asks = tick_locked(bond, now, &changed);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (changed)
		bond_settle_atomic(bond);
	v = rcu_dereference(bond->view);
	if (asks && (v->flags & BOND_VIEW_PROBES))
		ask(v, now);
	rcu_read_unlock();
}
