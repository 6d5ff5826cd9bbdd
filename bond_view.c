// SPDX-License-Identifier: GPL-2.0
/*
 * The view: build, publish, retire. Readers do one rcu_dereference() per
 * packet and never see a half-made change.
 */
#include <linux/slab.h>

#include "bond.h"
#include "bond_trace.h"
#include "crypto.h"
#include "engine.h"
#include "hash.h"
#include "learn.h"
#include "../bond_core/flow.h"

static struct bond_port *pick_none(const struct bond_view *v,
				   const struct bond_pkt *pkt)
{
	return NULL;
}

/* Stands in while a bond has no view of its own; chooses nothing. */
static struct bond_view empty_view = {
	.xmit = bond_xmit_picked,
	.pick = pick_none,
	.pick_mode = pick_none,
	.after_learn = pick_none,
	.after_crypto = pick_none,
	.pick_only = pick_none,
	.mode = &bond_mode_roundrobin,
};

/* Does the mode spread by hash, and by a table of flows? */
static bool wants_table(const struct bond *bond)
{
	return bond->config.hash_table && bond_mode_hashes(bond);
}

static struct bond_view *view_alloc(const struct bond *bond, u32 cap, gfp_t gfp)
{
	bool room = wants_table(bond);
	struct bond_view *view;
	size_t size;

	size = size_add(struct_size(view, ports, cap), sizeof(*view->probe));
	if (room)
		size = size_add(size, sizeof(struct flow_table));
	view = kzalloc(size, gfp);
	if (view) {
		view->cap = cap;
		view->room = room;
	}
	return view;
}

static void view_free(struct bond_view *view)
{
	if (view != &empty_view)
		kfree_rcu(view, rcu);
}

static u32 view_flags(const struct bond *bond)
{
	const struct bond_config *config = &bond->config;
	/* other link layers have no such addresses */
	bool learns = READ_ONCE(bond->learn) && bond->dev->type == ARPHRD_ETHER;
	const struct bond_port *port;
	u32 flags = 0;

	if (config->all_slaves_active)
		flags |= BOND_VIEW_ALL_ACTIVE;
	if (config->arp_interval)
		flags |= BOND_VIEW_PROBES;
	if (learns && (config->announce || config->slb))
		flags |= BOND_VIEW_LEARN;
	else if (learns && (bond->mode->traits & BOND_T_OWN_MACS))
		flags |= BOND_VIEW_GUESTS;
	if (learns && config->slb)
		flags |= BOND_VIEW_SLB;
	if (config->broadcast_neighbor)
		flags |= BOND_VIEW_NEIGHBORS;
	if (bond->mode->traits & BOND_T_QUEUE_OVERRIDE)
		list_for_each_entry(port, &bond->ports, list)
			if (port->cfg.queue_id)
				flags |= BOND_VIEW_QUEUE_OVERRIDE;
	if (READ_ONCE(bond->crypto) || READ_ONCE(bond->tls.used))
		flags |= BOND_VIEW_CRYPTO;
	return flags;
}

static void view_add_ports(struct bond_view *view, struct bond *bond)
{
	bool (*eligible)(const struct bond_port *port);
	struct bond_port *port;

	eligible = bond->mode->port_eligible;
	list_for_each_entry(port, &bond->ports, list)
		if (!port->gone && eligible(port))
			view->ports[view->usable++] = port;
	view->total = view->usable;
	list_for_each_entry(port, &bond->ports, list)
		if (!port->gone && !eligible(port))
			view->ports[view->total++] = port;
}

/* What may ports hand up without asking the mode? */
static void view_direct(const struct bond_view *view)
{
	bool looks = view->flags & (BOND_VIEW_PROBES | BOND_VIEW_LEARN);
	u32 i;

	for (i = 0; i < view->total; i++) {
		struct bond_port *port = view->ports[i];
		enum bond_direct direct = BOND_DIRECT_NONE;

		if (!looks)
			direct = view->mode->direct(view, port);
		WRITE_ONCE(port->direct, direct);
	}
}

/* Before the mode's own pick come those of what else is used, innermost first. */
static void view_stack_picks(struct bond_view *view)
{
	view->pick_mode = view->pick;
	if (view->flags & BOND_VIEW_QUEUE_OVERRIDE)
		view->pick = bond_pick_override;
	view->after_learn = view->pick;
	if (view->flags & BOND_VIEW_LEARN)
		view->pick = bond_pick_learn;
	view->after_crypto = view->pick;
	if (view->flags & BOND_VIEW_CRYPTO)
		view->pick = bond_pick_crypto;
	/* the mode's own knows of its own pick only */
	if (view->pick != view->pick_mode)
		view->xmit = bond_xmit_picked;
}

/* @table: of the view before, which may be this one */
static void view_fill(struct bond_view *view, struct bond *bond,
		      const struct flow_table *table)
{
	bool room = view->room;
	u32 cap = view->cap;

	memset(view, 0, sizeof(*view));
	view->cap = cap;
	view->room = room;
	view->bond = bond;
	view->mode = bond->mode;
	view->xmit = bond_xmit_picked;
	view->pick = bond->mode->pick;
	view->rr_counter = bond->rr_counter;
	view->active = bond->active;
	view->policy = bond->config.xmit_policy;
	view->flags = view_flags(bond);
	view->probe = (void *)&view->ports[cap];
	if (view->flags & BOND_VIEW_PROBES)
		bond_probe_plan_fill(view->probe, bond);
	view->rr_packets = bond->config.packets_per_slave;
	if (view->rr_packets > 1)
		view->rr_divide = reciprocal_value(view->rr_packets);
	view->seed = bond->config.hash_seed;
	view_add_ports(view, bond);
	if (room && view->usable && wants_table(bond))
		bond_hash_deal(view, (void *)(view->probe + 1), table);
	if (bond->mode->view)
		bond->mode->view(view);
	if (!view->pick_only)
		view->pick_only = view->pick;
	view_stack_picks(view);
	view_direct(view);
}

/**
 * bond_view_direct() - what mode->direct goes by has changed
 * @bond: the bond, whose view is as good as before otherwise
 *
 * Context: bond->lock held.
 */
void bond_view_direct(struct bond *bond)
{
	view_direct(rcu_dereference_protected(bond->view,
					      lockdep_is_held(&bond->lock)));
}

/**
 * bond_active_device() - the device that carries everything, held
 * @bond: the bond
 * @trait: BOND_T_* the mode must have
 *
 * Context: any; the caller calls dev_put().
 * Return: it, or NULL when no port is in use or the mode is another.
 */
struct net_device *bond_active_device(const struct bond *bond, u32 trait)
{
	struct net_device *dev = NULL;
	const struct bond_view *v;

	rcu_read_lock();
	v = rcu_dereference(bond->view);
	if (v->active && (v->mode->traits & trait)) {
		dev = v->active->dev;
		dev_hold(dev);
	}
	rcu_read_unlock();
	return dev;
}

/**
 * bond_view_publish() - show the fast path the bond as it is now
 * @bond: the bond
 *
 * Context: bond->lock held, any context.
 * Return: false when memory is short; the old view stays, in which ports
 * without carrier are avoided packet by packet. bond_view_publish_sure() or
 * the agenda's next run mends it.
 */
bool bond_view_publish(struct bond *bond)
{
	struct bond_view *view, *old;

	lockdep_assert_held(&bond->lock);
	view = view_alloc(bond, bond->nports, GFP_ATOMIC | __GFP_NOWARN);
	if (!view) {
		view = bond->spare;
		if (!view || view->cap < bond->nports) {
			bond->view_stale = true;
			return false;
		}
		bond->spare = NULL;
	}
	old = rcu_dereference_protected(bond->view,
					lockdep_is_held(&bond->lock));
	view_fill(view, bond, old->table);
	rcu_assign_pointer(bond->view, view);
	/* the one kept back may be from before the table was wanted */
	bond->view_stale = wants_table(bond) && !view->room;
	trace_bond_view(bond->dev, view);
	view_free(old);
	return true;
}

/* A view for later; the one kept until now was too small. */
static void view_keep(struct bond *bond, struct bond_view *view)
{
	struct bond_view *old;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	old = bond->spare;
	bond->spare = view;
	spin_unlock_irqrestore(&bond->lock, flags);
	kfree(old);
}

/*
 * No memory at all: show the empty view, wait until nobody reads the old one
 * and build the new one in its place.
 */
static void view_publish_in_place(struct bond *bond)
{
	struct bond_view *old;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	old = rcu_dereference_protected(bond->view,
					lockdep_is_held(&bond->lock));
	rcu_assign_pointer(bond->view, &empty_view);
	spin_unlock_irqrestore(&bond->lock, flags);

	synchronize_net();

	spin_lock_irqsave(&bond->lock, flags);
	if (rcu_access_pointer(bond->view) != &empty_view) {
		/* somebody found memory meanwhile and published */
		kfree(old);
	} else {
		view_fill(old, bond, old->table);
		rcu_assign_pointer(bond->view, old);
		bond->view_stale = wants_table(bond) && !old->room;
	}
	spin_unlock_irqrestore(&bond->lock, flags);
}

static bool publish_locked(struct bond *bond)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&bond->lock, flags);
	done = bond_view_publish(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	return done;
}

/* Is there room for all ports in the view that is shown? */
static bool view_fits(const struct bond *bond)
{
	bool fits;

	rcu_read_lock();
	fits = rcu_dereference(bond->view)->cap >= bond->nports;
	rcu_read_unlock();
	return fits;
}

/**
 * bond_view_publish_sure() - publish, whatever the state of memory
 * @bond: the bond
 *
 * A bond that has grown since its last view and whose reserve somebody else
 * has used meanwhile waits for memory; all others can do without.
 *
 * Context: RTNL, may sleep.
 */
void bond_view_publish_sure(struct bond *bond)
{
	bool done;

	ASSERT_RTNL();
	done = publish_locked(bond);
	if (!done && !view_fits(bond)) {
		view_keep(bond, view_alloc(bond, bond->nports,
					   GFP_KERNEL | __GFP_NOFAIL));
		done = publish_locked(bond);
	}
	if (!done)
		view_publish_in_place(bond);
	bond_view_reserve(bond, bond->nports);
}

/**
 * bond_view_reserve() - keep a view back for times without memory
 * @bond: the bond
 * @cap: ports it must have room for
 *
 * Joining reserves what leaving will need.
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bond_view_reserve(struct bond *bond, u32 cap)
{
	struct bond_view *view;
	unsigned long flags;
	bool kept;

	ASSERT_RTNL();
	/* without the lock somebody might publish and retire it meanwhile */
	spin_lock_irqsave(&bond->lock, flags);
	kept = bond->spare && bond->spare->cap >= cap &&
	       bond->spare->room >= wants_table(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (kept)
		return 0;
	view = view_alloc(bond, cap, GFP_KERNEL);
	if (!view)
		return -ENOMEM;
	view_keep(bond, view);
	return 0;
}

/**
 * bond_view_init() - give a new bond its first view
 * @bond: the bond, without ports, not registered
 *
 * Context: RTNL, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bond_view_init(struct bond *bond)
{
	struct bond_view *view = view_alloc(bond, 0, GFP_KERNEL);

	if (!view)
		return -ENOMEM;
	view_fill(view, bond, NULL);
	RCU_INIT_POINTER(bond->view, view);
	return 0;
}

/**
 * bond_view_exit() - free the last view
 * @bond: the bond, whose device nobody can reach any more
 *
 * Context: process; nobody can reach the bond any more, or yet.
 */
void bond_view_exit(struct bond *bond)
{
	struct bond_view *view = rcu_dereference_protected(bond->view, true);

	if (view)
		view_free(view);
	RCU_INIT_POINTER(bond->view, NULL);
	kfree(bond->spare);
	bond->spare = NULL;
}

/**
 * bond_view_next_live() - the next usable port that could send now
 * @v: the view
 * @from: index among the usable ports to start at; wraps around
 *
 * Context: RCU.
 * Return: a port, or NULL when none can send.
 */
struct bond_port *bond_view_next_live(const struct bond_view *v, u32 from)
{
	u32 i;

	for (i = 0; i < v->usable; i++) {
		struct bond_port *port = v->ports[(from + i) % v->usable];

		if (bond_port_live(port))
			return port;
	}
	return NULL;
}

/* A port whose updelay is not over, unless its partner has a say in it. */
static bool may_stand_in(const struct bond_view *v,
			 const struct bond_port *port)
{
	if ((v->mode->traits & BOND_T_LACP) && !READ_ONCE(port->tx_live))
		return false;
	return bond_port_live(port) &&
	       READ_ONCE(port->link.state) == LINK_BACK;
}

/**
 * bond_view_lost() - traffic has found a port without carrier
 * @v: the view
 * @dead: the port
 *
 * Unless that is known, the switch is made here and now.
 *
 * Context: RCU, BH off, transmit or receive path.
 */
void bond_view_lost(const struct bond_view *v, const struct bond_port *dead)
{
	if (READ_ONCE(dead->link.state) == LINK_UP)
		bond_settle_because(v->bond, BOND_BY_TRAFFIC);
}

/**
 * bond_view_stand_in() - who sends in place of a port without carrier?
 * @v: the view
 * @from: index among the usable ports at which to start looking
 *
 * Context: RCU.
 * Return: a port that can send, else NULL.
 */
struct bond_port *bond_view_stand_in(const struct bond_view *v, u32 from)
{
	struct bond_port *port;
	u32 i;

	port = v->usable ? bond_view_next_live(v, from) : NULL;
	for (i = v->usable; !port && i < v->total; i++)
		if (may_stand_in(v, v->ports[i]))
			port = v->ports[i];
	return port;
}

/**
 * bond_view_divert() - the chosen port has no carrier: find one that has
 * @v: the view in which it was chosen
 * @dead: the port that was chosen
 * @from: index among the usable ports at which to start looking
 *
 * The first packet to notice makes the switch itself, so that nothing waits
 * for a notifier, RTNL or a worker; later packets find a new view. While a
 * loss is being tolerated (downdelay) or nothing can take over, packets are
 * diverted one by one.
 *
 * Context: RCU, BH off, transmit or receive path.
 * Return: a port that can send, else NULL.
 */
struct bond_port *bond_view_divert(const struct bond_view *v,
				   const struct bond_port *dead, u32 from)
{
	struct bond_port *port = bond_view_stand_in(v, from);

	bond_view_lost(v, dead);
	if (!port)
		return NULL;
	this_cpu_inc(*v->bond->diverted);
	if (!READ_ONCE(v->bond->strayed))
		WRITE_ONCE(v->bond->strayed, true);
	return port;
}
