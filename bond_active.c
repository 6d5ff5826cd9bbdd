// SPDX-License-Identifier: GPL-2.0
/*
 * Switch first, tell later.
 *
 * Settling has two phases. The first decides (bond_core/link.c,
 * bond_core/choose.c) and publishes the view, under the bond's own lock, in
 * whatever context learned the news: a notifier, a timer, the transmit path.
 * The second tells the world under RTNL; it compares what is with what was
 * told, so that it does not matter how often or how late it runs.
 */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netns/generic.h>

#include "bond_core/choose.h"
#include "bond_core/speed.h"
#include "bond.h"
#include "bond_trace.h"
#include "engine.h"
#include "learn.h"
#include "ledger.h"

/* --- phase one ------------------------------------------------------- */

/* Does a change of this port reopen the choice of the active port? */
static bool reopens_choice(const struct bond *bond, const struct bond_port *port)
{
	const struct bond_port *active = bond->active;

	if (!active || port == active || port == bond->primary)
		return true;
	if (!bond_port_live(active))
		return true;
	return port->link.state == LINK_UP && port->cfg.prio > active->cfg.prio;
}

/*
 * While the loss of the active port was tolerated, frames left by another and
 * moved the switches; its return moves them back, as a failover would.
 */
static void active_link_changed(struct bond *bond, enum link_state was,
				enum link_state now)
{
	if (now == LINK_FAIL) {
		WRITE_ONCE(bond->strayed, false);
	} else if (was == LINK_FAIL && now == LINK_UP &&
		   READ_ONCE(bond->strayed)) {
		bond->returned = true;
		WRITE_ONCE(bond->switches, bond->switches + 1);
	}
}

static void link_changed(struct bond_port *port, enum link_state was)
{
	struct bond *bond = port->bond;
	enum link_state now = port->link.state;

	WRITE_ONCE(port->link_since, jiffies);
	if (now == LINK_UP)
		WRITE_ONCE(port->probe.times.up, bond_now());
	if (now == LINK_DOWN)
		WRITE_ONCE(port->failures, port->failures + 1);
	if (reopens_choice(bond, port))
		bond->reselect = true;
	if (port == bond->active)
		active_link_changed(bond, was, now);
	bond_ledger_link(port, was, now);
	if (bond->mode->port_link)
		bond->mode->port_link(port, now);
	trace_bond_link(bond->dev, port->dev, was, now);
	/* the ledger wants to know whether it was silent before */
	if (now == LINK_DOWN)
		bond_probe_lost(port);
}

/* Nobody counts an updelay down while the bond is down. */
static bool waits_for_open(const struct bond_port *port)
{
	return port->link.state == LINK_BACK &&
	       !netif_running(port->bond->dev) && bond_monitor_signal(port);
}

/*
 * How much of its updelay does a port miss that is taken now, to follow an active
 * one? For the log.
 */
static void note_early(struct bond_port *port, u64 deadline, u64 now)
{
	WRITE_ONCE(port->early, deadline > now ? deadline - now : 0);
}

static void sooner(u64 *deadline, u64 when)
{
	if (when && (!*deadline || when < *deadline))
		*deadline = when;
}

static void choose_fact(const struct bond *bond, const struct bond_port *port,
			struct choose_port *fact)
{
	u64 reuse = port->damp.reuse;

	*fact = (struct choose_port) {
		.state = port->link.state,
		.live = bond_port_live(port),
		.primary = port == bond->primary,
		.prio = port->cfg.prio,
		.speed = speed_or_none(READ_ONCE(port->known_speed)),
		.full_duplex = READ_ONCE(port->known_duplex) == DUPLEX_FULL,
		.signal = bond_monitor_signal(port),
		.suppressed = reuse,
		.deadline = reuse ?: port->link.deadline,
	};
}

/* Return: how many candidates there are; @current_port: which is in use, or -1 */
static int choose_facts(struct bond *bond, int *current_port)
{
	const struct bond_port *port;
	int n = 0;

	*current_port = -1;
	list_for_each_entry(port, &bond->ports, list) {
		if (port->gone)
			continue;
		if (WARN_ON_ONCE(n >= bond->facts_cap))
			break;
		if (port == bond->active)
			*current_port = n;
		choose_fact(bond, port, &bond->facts[n++]);
	}
	return n;
}

/* The port whose facts are those of this index, NULL for -1. */
static struct bond_port *chosen(const struct bond *bond, int index)
{
	struct bond_port *port;

	list_for_each_entry(port, &bond->ports, list)
		if (!port->gone && index-- == 0)
			return port;
	return NULL;
}

static bool step_link(struct bond_port *port, bool hurry, u64 now, u64 *deadline)
{
	struct bond *bond = port->bond;
	struct link_rules rules = {
		.updelay = bond->config.updelay,
		.downdelay = bond->config.downdelay,
		.hurry = hurry,
	};
	enum link_state was = port->link.state;
	u64 due = port->link.deadline;
	bool changed;

	/*
	 * Probes have a patience of their own; that nothing comes by a cable
	 * without carrier is no news.
	 */
	if (port->probe.silent && bond_port_live(port))
		rules.downdelay = 0;
	changed = link_step(&port->link, bond_monitor_believed(port, now), &rules,
			    now);
	if (changed) {
		note_early(port, was == LINK_BACK && bond->active ? due : 0,
			   now);
		link_changed(port, was);
	}
	/* also when it joined without a cable, or lost it while not in use */
	if (port->link.state == LINK_DOWN && !bond_port_live(port))
		bond_probe_lost(port);
	sooner(deadline, port->link.deadline);
	sooner(deadline, port->damp.reuse);
	return changed;
}

/* The port, if any, that nobody may keep waiting: no other is usable. */
static struct bond_port *hurried(struct bond *bond)
{
	int n, active;

	if (!netif_running(bond->dev) || bond_mode_any_port_up(bond))
		return NULL;
	n = choose_facts(bond, &active);
	return chosen(bond, choose_soonest(bond->facts, n));
}

/*
 * Step every link; answers whether any changed and the next deadline. Who is in
 * a hurry comes first: then the others are not, nor are they needed.
 */
static bool step_links(struct bond *bond, u64 now, u64 *deadline)
{
	struct bond_port *first = hurried(bond), *port;
	bool changed = false;

	*deadline = 0;
	if (first)
		changed = step_link(first, true, now, deadline);
	list_for_each_entry(port, &bond->ports, list)
		if (port != first && !port->gone && !waits_for_open(port))
			changed |= step_link(port, false, now, deadline);
	return changed;
}

/*
 * Once the last usable port is found lost the others are in another position:
 * one of them need not wait.
 */
static bool settle_links(struct bond *bond, u64 now, u64 *deadline)
{
	bool usable = bond_mode_any_port_up(bond);
	bool changed = step_links(bond, now, deadline);

	if (usable && netif_running(bond->dev) && !bond_mode_any_port_up(bond))
		changed |= step_links(bond, now, deadline);
	return changed;
}

static struct bond_port *choose_port(struct bond *bond)
{
	struct choose_rules rules = {
		.reselect = bond->config.primary_reselect,
		.force = bond->force_primary,
	};
	int n = choose_facts(bond, &rules.current_port);
	struct bond_port *port;

	port = chosen(bond, choose_active(bond->facts, n, &rules));
	/* it may have no link yet: its time comes with that */
	if (port && port == bond->primary)
		bond->force_primary = false;
	return port;
}

static void enter_active(struct bond *bond, struct bond_port *port)
{
	struct bond_port *was = bond->active;

	/* a new active port has a term to answer in */
	if (port)
		WRITE_ONCE(port->probe.times.up, bond_now());
	/* frames that left by another port in between have moved the switches */
	if (port && port->rank != bond->last_rank) {
		bond->last_rank = port->rank;
		bond->returned = false;
		WRITE_ONCE(bond->switches, bond->switches + 1);
	}
	WRITE_ONCE(bond->active, port);
	bond_ledger_active(bond, was, port);
	bond_abi_bond_active(bond->dev, port ? bond_port_mailbox(port) : NULL);
	trace_bond_active(bond->dev, was ? was->dev : NULL,
			  port ? port->dev : NULL);
}

/*
 * To a better port than one that does its work we go when the world can be
 * told at once: until then it sends to the old one, which nobody hears.
 */
static bool can_wait(const struct bond *bond, const struct bond_port *next)
{
	const struct bond_port *active = bond->active;

	return next && active && !active->gone && bond_port_live(active) &&
	       link_usable(active->link.state);
}

/*
 * Some modes without an active port still have one place for IGMP, or one that
 * hears broadcasts.
 */
static bool settle_active(struct bond *bond, bool tells)
{
	bool force = bond->force_primary;
	struct bond_port *port = NULL;

	if (!bond->reselect)
		return false;
	bond->reselect = false;
	if (!bond->emptying &&
	    ((bond->mode->traits & (BOND_T_ACTIVE_PORT | BOND_T_IGMP)) ||
	     bond->config.slb))
		port = choose_port(bond);
	if (port == bond->active)
		return false;
	if (!tells && can_wait(bond, port)) {
		bond->force_primary = force;
		bond->reselect = true;
		bond_kick(bond, BOND_R_LINKS);
		return false;
	}
	enter_active(bond, port);
	return true;
}

/* Which ports are users told to be "backup"? Those the mode leaves idle. */
static void settle_idle(struct bond *bond)
{
	bool single = bond->mode->traits & BOND_T_ACTIVE_PORT;
	bool deliver = bond->config.all_slaves_active;
	struct bond_port *port;
	bool idle, inactive;

	list_for_each_entry(port, &bond->ports, list) {
		if (port->gone)
			idle = true;
		else if (bond->mode->traits & BOND_T_RX_ALL)
			idle = false;
		else if (single)
			idle = port != bond->active;
		else
			idle = !port->tx_live;
		WRITE_ONCE(port->rx_idle, idle);
		inactive = single ? idle : !port->rx_live;
		bond_abi_port_state(bond_port_mailbox(port), idle,
				    inactive && !deliver);
	}
}

/*
 * Addresses behind us are now elsewhere, as the switches see it. @back: with the
 * port that was the active one before, see active_link_changed()
 */
static void announce_moved(struct bond *bond, bool moved, bool back)
{
	u32 traits = bond->mode->traits;

	if (!(traits & BOND_T_MOVES_MACS))
		return;
	if (!(traits & BOND_T_ACTIVE_PORT) || (bond->active && moved))
		bond_learn_announce(bond, back);
}

/* @tells: who calls holds RTNL and tells the world next. */
static void settle_locked(struct bond *bond, u64 since, enum bond_seen_by by,
			  bool tells)
{
	u64 now = bond_now(), deadline = 0;
	u32 switches = bond->switches;
	bool changed, moved, back;

	lockdep_assert_held(&bond->lock);
	bond_ledger_news(bond, since, by);
	changed = settle_links(bond, now, &deadline);
	moved = settle_active(bond, tells) || bond->switches != switches;
	back = bond->returned && bond->switches != switches;
	changed |= moved;
	if (changed || bond->dirty || bond->view_stale) {
		bond->dirty = false;
		settle_idle(bond);
		bond_view_publish(bond);
		bond_ledger_switched(bond);
		announce_moved(bond, moved, back);
		bond_kick(bond, BOND_R_TELL);
	} else {
		/* a suppression that ended without a link: nothing to publish */
		bond_ledger_switched(bond);
	}
	bond_learn_go_on(bond);
	if (bond->view_stale)
		deadline = now + 1;
	bond_wake_at(bond, BOND_R_LINKS, deadline);
}

/**
 * bond_active_reconsider() - something the choice of the active port hangs on
 *	is another now
 * @bond: the bond
 * @port: the port it is about, which may be neither in use nor in question, or
 *	NULL
 *
 * Whoever settles next chooses anew.
 *
 * Context: RTNL.
 */
void bond_active_reconsider(struct bond *bond, const struct bond_port *port)
{
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	if (!port || reopens_choice(bond, port))
		bond->reselect = true;
	spin_unlock_irqrestore(&bond->lock, flags);
}

static void settle_by(struct bond *bond, enum bond_seen_by by, bool tells)
{
	u64 since = ktime_get_ns();
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	settle_locked(bond, since, by, tells);
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_settle_because() - phase one: switch now
 * @bond: the bond
 * @by: who brought the news
 *
 * News from elsewhere than an event or an administrator come without RTNL: then
 * only a port that fails is left at once, a better one waits for the worker.
 *
 * Context: any, also the transmit path of the bond itself; RTNL with
 * %BOND_BY_EVENT and %BOND_BY_ADMIN. The agenda is asked to tell.
 */
void bond_settle_because(struct bond *bond, enum bond_seen_by by)
{
	bool tells = by == BOND_BY_EVENT || by == BOND_BY_ADMIN;

	if (tells)
		ASSERT_RTNL();
	settle_by(bond, by, tells);
}

/**
 * bond_settle_untold() - phase one for an event whose telling is left to others
 * @bond: the bond
 *
 * A port that fails is left at once. A better one waits for the worker, which
 * tells in the same go: until told, the network sends to the old port.
 *
 * Context: RTNL. The agenda is asked to tell.
 */
void bond_settle_untold(struct bond *bond)
{
	ASSERT_RTNL();
	settle_by(bond, BOND_BY_EVENT, false);
}

/* Has a port lost its carrier without anybody having told us yet? */
static bool is_behind(const struct bond *bond)
{
	const struct bond_port *port;

	bond_for_each_port(bond, port)
		if (READ_ONCE(port->link.state) == LINK_UP &&
		    !bond_port_live(port))
			return true;
	return false;
}

/**
 * bond_settle_others() - phase one for all other bonds that lost a carrier
 * @bond: the bond that was told first
 *
 * A switch that fails takes a carrier from many bonds at once. News of carrier
 * come one after the other, each with all its telling before the next; so the
 * first of them makes everybody switch.
 *
 * Context: RTNL.
 */
void bond_settle_others(const struct bond *bond)
{
	struct bond_net *bn = net_generic(dev_net(bond->dev), bond_net_id);
	struct bond *other;

	ASSERT_RTNL();
	list_for_each_entry(other, &bn->bonds, list)
		if (other != bond && is_behind(other))
			bond_settle_untold(other);
}

/**
 * bond_settle_atomic() - bond_settle_because() for news of the mode or of probes
 * @bond: the bond
 *
 * Context: any.
 */
void bond_settle_atomic(struct bond *bond)
{
	bond_settle_because(bond, BOND_BY_MODE);
}

/**
 * bond_settle() - both phases
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 */
void bond_settle(struct bond *bond)
{
	ASSERT_RTNL();
	settle_by(bond, BOND_BY_TIMER, true);
	clear_bit(BOND_R_TELL, &bond->agenda.pending);
	/* what is set after bond_tell() has looked is asked for again */
	smp_mb__after_atomic();
	bond_tell(bond);
	if (!READ_ONCE(bond->spare))
		bond_view_reserve(bond, bond->nports);
}

/* What of a delay was left when the bond was closed; all, if it began later. */
static u64 delay_left(const struct bond *bond, const struct bond_port *port)
{
	u64 closed_at = bond->closed_at, deadline = port->link.deadline;

	if (deadline <= closed_at)
		return 0;
	return min_t(u64, deadline - closed_at, bond->config.updelay);
}

/**
 * bond_opening() - the bond is about to be opened, before anything else of it
 * @bond: the bond
 *
 * Delays that waited for that begin now, or go on.
 *
 * Context: RTNL.
 */
void bond_opening(struct bond *bond)
{
	struct bond_port *port;
	unsigned long flags;
	u64 now;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	now = bond_now();
	list_for_each_entry(port, &bond->ports, list)
		if (port->link.state == LINK_BACK)
			port->link.deadline = now + delay_left(bond, port);
	spin_unlock_irqrestore(&bond->lock, flags);
}

/* Phase one after anything an administrator may have done. */
static void look_at_everything(struct bond *bond, bool tells)
{
	u64 since = ktime_get_ns();
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	settle_locked(bond, since, BOND_BY_ADMIN, tells);
	settle_idle(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_view_publish_sure(bond);
}

/**
 * bond_republish() - configuration or membership changed: look at everything
 * @bond: the bond
 *
 * Context: RTNL, may sleep. Cannot fail.
 */
void bond_republish(struct bond *bond)
{
	ASSERT_RTNL();
	look_at_everything(bond, true);
	bond_settle(bond);
}

/**
 * bond_uppers_changed() - a device was put above the bond or taken away
 * @bond: the bond
 *
 * Whoever does that may hold a lock of its own which it wants again to hear
 * our news (ipvlan does, since 7.3), so telling is left to the worker.
 *
 * Context: RTNL, may sleep. Cannot fail.
 */
void bond_uppers_changed(struct bond *bond)
{
	ASSERT_RTNL();
	look_at_everything(bond, false);
	bond_kick(bond, BOND_R_TELL);
}

/**
 * bond_opened() - the bond has just been opened
 * @bond: the bond
 *
 * Switches at once; telling is left to the worker, so that who hears of it
 * finds the bond up.
 *
 * Context: RTNL, may sleep.
 */
void bond_opened(struct bond *bond)
{
	ASSERT_RTNL();
	look_at_everything(bond, true);
	bond_kick(bond, BOND_R_TELL);
}

/**
 * bond_closed() - the bond is being closed
 * @bond: the bond, no longer running
 *
 * Delays stand still from now on.
 *
 * Context: RTNL.
 */
void bond_closed(struct bond *bond)
{
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	bond->closed_at = bond_now();
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_choice_reserve() - room to choose among that many ports
 * @bond: the bond
 * @cap: number of ports
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bond_choice_reserve(struct bond *bond, u32 cap)
{
	struct choose_port *facts, *old;
	unsigned long flags;

	ASSERT_RTNL();
	if (bond->facts_cap >= cap)
		return 0;
	facts = kcalloc(cap, sizeof(*facts), GFP_KERNEL);
	if (!facts)
		return -ENOMEM;
	spin_lock_irqsave(&bond->lock, flags);
	old = bond->facts;
	bond->facts = facts;
	bond->facts_cap = cap;
	spin_unlock_irqrestore(&bond->lock, flags);
	kfree(old);
	return 0;
}

static bool may_take_over(const struct bond *bond, const struct bond_port *port)
{
	lockdep_assert_held(&bond->lock);
	return port == bond->active ||
	       (bond->active && port->link.state == LINK_UP &&
		bond_port_live(port));
}

/**
 * bond_active_possible() - could this port be made the active one now?
 * @bond: the bond, in a mode with an active port
 * @port: a member
 *
 * Context: RTNL.
 * Return: false when it is down, its link is down, or no port is active now; so
 * does the kernel's own driver refuse active_slave.
 */
bool bond_active_possible(struct bond *bond, const struct bond_port *port)
{
	unsigned long flags;
	bool possible;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	possible = may_take_over(bond, port);
	spin_unlock_irqrestore(&bond->lock, flags);
	return possible;
}

/**
 * bond_active_set() - the administrator names the active port
 * @bond: the bond, in a mode with an active port
 * @port: a member, or NULL to let the driver choose anew
 *
 * Context: RTNL.
 * Return: 0, or -EINVAL when bond_active_possible() is no longer true.
 */
int bond_active_set(struct bond *bond, struct bond_port *port)
{
	unsigned long flags;
	int err = 0;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	bond_ledger_news(bond, ktime_get_ns(), BOND_BY_ADMIN);
	if (!port) {
		if (bond->active)
			enter_active(bond, NULL);
		bond->reselect = true;
		bond->dirty = true;
	} else if (!may_take_over(bond, port)) {
		err = -EINVAL;
	} else if (port != bond->active) {
		enter_active(bond, port);
		bond->dirty = true;
	}
	spin_unlock_irqrestore(&bond->lock, flags);
	if (err)
		return err;
	bond_republish(bond);
	spin_lock_irqsave(&bond->lock, flags);
	announce_moved(bond, true, false);
	spin_unlock_irqrestore(&bond->lock, flags);
	return 0;
}
