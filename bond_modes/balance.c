// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb and balance-alb: the balancer's shell. Ports get their slots and
 * lose them, every new view is compared with what the balancer knows, and one
 * tick serves the end of a window, the learning frames and the updates of
 * clients. The tick is armed only for what is pending: a bond that nobody
 * sends by measures nothing.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "balance.h"
#include "engine.h"
#include "learn.h"
#include "rlb_mode.h"
#include "../bond_core/speed.h"

/**
 * bond_balance_rearm() - have the tick come for the earliest of all pending
 * @bal: the balancing side of a bond, one of whose deadlines has changed
 *
 * Context: bond->lock held.
 */
void bond_balance_rearm(struct bond_balance *bal)
{
	u64 due[] = { bal->window_due, bal->learn_due, bal->rlb_due };
	u64 next = 0;
	u32 i;

	lockdep_assert_held(&bal->bond->lock);
	for (i = 0; i < ARRAY_SIZE(due); i++)
		if (due[i] && (!next || due[i] < next))
			next = due[i];
	bond_tick_at(bal->bond, next);
}

/* --- the balancer -------------------------------------------------------- */

static u32 speed_of(const struct bond_port *port)
{
	return speed_or_none(READ_ONCE(port->speed));
}

static void tell_port(struct bond_balance *bal, struct bond_port *port,
		      bool usable)
{
	struct bond_balance_port *bp = port->mode_data;
	u32 speed = speed_of(port);

	lockdep_assert_held(&bal->bond->lock);
	if (!bp || (bp->usable == usable && bp->speed == speed))
		return;
	if (bp->usable != usable) {
		bal->lost |= !usable;
		bal->news = true;
	}
	bp->usable = usable;
	bp->speed = speed;
	tlb_port_change(&bal->tlb, bp->slot, speed, usable);
}

/* The first bucket after a rest: from here on loads are measured. */
static void wake(struct bond_balance *bal)
{
	struct bond *bond = bal->bond;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	if (!bal->measuring) {
		WRITE_ONCE(bal->measuring, true);
		bal->window_due = tlb_resume(&bal->tlb, bond_now());
		bond_balance_rearm(bal);
	}
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_balance_place() - give a bucket without a port one
 * @bal: the balancing side of a bond
 * @bucket: which
 *
 * Context: RCU, BH off, transmit path; not while bond->lock is held.
 * Return: slot of the port, TLB_NOBODY when there is none.
 */
u32 bond_balance_place(struct bond_balance *bal, u32 bucket)
{
	u32 slot = tlb_place(&bal->tlb, bucket);

	/* tlb_place() is a full barrier, see rest() */
	if (!READ_ONCE(bal->measuring))
		wake(bal);
	return slot;
}

/* What a bucket has sent by now: while the lock was waited for it may have. */
static u64 sent_by_now(const struct tlb_table *t, u32 bucket)
{
	const struct bond_balance *bal;
	u64 sum = 0;
	int cpu;

	bal = container_of(t, struct bond_balance, tlb);
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(bal->bytes, cpu)[bucket]);
	return sum;
}

static void sum_up(struct bond_balance *bal)
{
	const u64 *bytes;
	int cpu, b;

	memset(bal->sum, 0, sizeof(bal->sum));
	for_each_possible_cpu(cpu) {
		bytes = per_cpu_ptr(bal->bytes, cpu);
		for (b = 0; b < TLB_BUCKETS; b++)
			bal->sum[b] += READ_ONCE(bytes[b]);
	}
}

/*
 * No bucket is in use: stop measuring. Somebody may be placing one right now;
 * either he sees that we have stopped or we see his bucket.
 */
static void rest(struct bond_balance *bal)
{
	WRITE_ONCE(bal->measuring, false);
	smp_mb(); /* with tlb_place() in bond_balance_place() */
	if (!tlb_resting(&bal->tlb))
		WRITE_ONCE(bal->measuring, true);
	else
		bal->window_due = 0;
}

static void advance(struct bond_balance *bal, u64 now)
{
	lockdep_assert_held(&bal->bond->lock);
	if (!bal->window_due || bal->window_due > now)
		return;
	bal->window_due = tlb_advance(&bal->tlb, bal->sum, now);
	if (tlb_resting(&bal->tlb))
		rest(bal);
}

const char * const bond_balance_counters[] = {
	"tx_bucket_moves", "rx_client_moves",
};

/**
 * bond_balance_count() - mode->count
 * @bond: the bond
 * @to: where the counters go; balance-tlb has the first only
 *
 * Context: RTNL.
 */
void bond_balance_count(const struct bond *bond, u64 *to)
{
	const struct bond_balance *bal = bond->mode_data;

	to[0] = bal ? READ_ONCE(bal->tlb.moves) : 0;
	if (bond->mode->counters > 1)
		to[1] = bal && bal->rlb ? READ_ONCE(bal->rlb->table.moves) : 0;
}

/* --- coming and going ----------------------------------------------------- */

/**
 * bond_balance_make() - the balancing side of a bond, unless it has one
 * @bond: the bond, whose first port is joining
 *
 * Context: RTNL, may sleep.
 * Return: what bond->mode_data is, or NULL when memory is short.
 */
struct bond_balance *bond_balance_make(struct bond *bond)
{
	struct bond_balance *bal = bond->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	if (bal)
		return bal;
	/* for guests behind the bond, to announce them */
	if (bond_learn_reserve(bond))
		return NULL;
	bal = kzalloc(sizeof(*bal), GFP_KERNEL);
	if (!bal)
		return NULL;
	bal->bytes = __alloc_percpu(TLB_BUCKETS * sizeof(u64), sizeof(u64));
	if (!bal->bytes) {
		kfree(bal);
		return NULL;
	}
	bal->bond = bond;
	ether_addr_copy(bal->mac, bond->dev->dev_addr);
	tlb_init(&bal->tlb, bond_now());
	bal->tlb.sent = sent_by_now;
	spin_lock_irqsave(&bond->lock, flags);
	bond->mode_data = bal;
	spin_unlock_irqrestore(&bond->lock, flags);
	return bal;
}

/**
 * bond_balance_exit() - mode->exit
 * @bond: the bond, without ports
 *
 * Context: may sleep.
 */
void bond_balance_exit(struct bond *bond)
{
	struct bond_balance *bal;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	bal = bond->mode_data;
	bond->mode_data = NULL;
	spin_unlock_irqrestore(&bond->lock, flags);
	if (!bal)
		return;
	/* a view without an active port is never followed to @bal */
	synchronize_net();
	free_percpu(bal->bytes);
	kvfree(bal->rlb);
	kfree(bal);
}

/**
 * bond_balance_join() - mode->port_join
 * @port: the port
 * @ea: where to explain a refusal
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM, the driver's -errno when it does not take an address, or
 * -ENOSPC when there are TLB_PORTS of them already.
 */
int bond_balance_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond_balance *bal = bond_balance_make(port->bond);
	struct bond *bond = port->bond;
	struct bond_balance_port *bp;
	unsigned long flags;
	int slot, err;

	ASSERT_RTNL();
	bp = kzalloc(sizeof(*bp), GFP_KERNEL);
	if (!bal || !bp) {
		kfree(bp);
		return -ENOMEM;
	}
	err = bond_mac_own_join(port, ea);
	if (err) {
		kfree(bp);
		return err;
	}
	spin_lock_irqsave(&bond->lock, flags);
	slot = tlb_port_join(&bal->tlb);
	if (slot >= 0) {
		bp->slot = slot;
		WRITE_ONCE(bal->port[slot], port);
		port->mode_data = bp;
		if (bal->rlb)
			bond_rlb_join(bal->rlb, port);
	}
	spin_unlock_irqrestore(&bond->lock, flags);
	if (slot < 0) {
		NL_SET_ERR_MSG(ea, "Too many slaves for this mode");
		kfree(bp);
		return slot;
	}
	return 0;
}

/**
 * bond_balance_leave() - mode->port_leave
 * @port: the port
 *
 * Context: RTNL.
 */
void bond_balance_leave(struct bond_port *port)
{
	struct bond_balance *bal = port->bond->mode_data;
	struct bond_balance_port *bp = port->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	if (!bp)
		return;
	spin_lock_irqsave(&port->bond->lock, flags);
	WRITE_ONCE(bal->port[bp->slot], NULL);
	tlb_port_leave(&bal->tlb, bp->slot);
	if (bal->active == port)
		bal->active = NULL;
	if (bal->rlb)
		bond_rlb_leave(bal->rlb, port);
	port->mode_data = NULL;
	spin_unlock_irqrestore(&port->bond->lock, flags);
	kfree(bp);
}

/**
 * bond_balance_open() - mode->open
 * @bond: the bond
 *
 * Context: RTNL.
 * Return: 0.
 */
int bond_balance_open(struct bond *bond)
{
	struct bond_balance *bal = bond->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	if (!bal)
		return 0;
	spin_lock_irqsave(&bond->lock, flags);
	bal->learn_due = bond_now();
	bond_balance_rearm(bal);
	spin_unlock_irqrestore(&bond->lock, flags);
	return 0;
}

/**
 * bond_balance_close() - mode->close
 * @bond: the bond
 *
 * Context: RTNL.
 */
void bond_balance_close(struct bond *bond)
{
	struct bond_balance *bal = bond->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	if (!bal)
		return;
	spin_lock_irqsave(&bond->lock, flags);
	bal->learn_due = 0;
	bond_balance_rearm(bal);
	spin_unlock_irqrestore(&bond->lock, flags);
}

/* --- news ------------------------------------------------------------------ */

/* Whose addresses are ours, see struct bond_balance. */
static void note_addresses(struct bond_balance *bal)
{
	const struct bond *bond = bal->bond;
	const struct bond_port *port;
	u64 own = 0;

	lockdep_assert_held(&bond->lock);
	list_for_each_entry(port, &bond->ports, list)
		own |= BIT_ULL(port->dev->dev_addr[ETH_ALEN - 1] & 63);
	WRITE_ONCE(bal->own, own);
	ether_addr_copy(bal->mac, bond->dev->dev_addr);
}

/**
 * bond_balance_address() - mode->address: some address has changed
 * @bond: the bond
 *
 * Context: RTNL.
 */
void bond_balance_address(struct bond *bond)
{
	struct bond_balance *bal = bond->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	if (!bal)
		return;
	spin_lock_irqsave(&bond->lock, flags);
	note_addresses(bal);
	if (bal->rlb)
		bond_rlb_address(bal);
	bond_view_direct(bond);
	/* until now frames may have left with what is at another port now */
	if (netif_running(bond->dev)) {
		bal->learn_due = bond_now();
		bond_balance_rearm(bal);
	}
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_balance_speed() - mode->port_speed
 * @port: the port
 *
 * Context: RTNL.
 */
void bond_balance_speed(struct bond_port *port)
{
	struct bond_balance *bal = port->bond->mode_data;
	struct bond_balance_port *bp = port->mode_data;
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&port->bond->lock, flags);
	if (bp)
		tell_port(bal, port, bp->usable);
	if (bp && bal->rlb)
		bond_rlb_speed(bal, port);
	spin_unlock_irqrestore(&port->bond->lock, flags);
}

/**
 * bond_balance_config() - mode->config
 * @bond: the bond
 * @old: the settings until now
 *
 * Context: RTNL.
 */
void bond_balance_config(struct bond *bond, const struct bond_config *old)
{
	if (bond->config.lp_interval != old->lp_interval &&
	    netif_running(bond->dev))
		bond_balance_open(bond);
}

/**
 * bond_balance_view() - a view was filled: what does the balancer not know yet?
 * @v: the view
 *
 * A new active port makes itself known at once, before any address is moved:
 * switches find the bond's address by what leaves with it. So does a port that
 * is back, and a lost one's address is looked for at the active port.
 *
 * Context: bond->lock held, but for a new bond's first view.
 */
void bond_balance_view(struct bond_view *v)
{
	struct bond_balance *bal = v->bond->mode_data;
	u32 i;

	v->mode_data = bal;
	/* a first port's memory is still being asked for */
	if (!bal)
		v->active = NULL;
	bond_balance_view_pick(v);
	if (!bal)
		return;
	for (i = 0; i < v->total; i++)
		tell_port(bal, v->ports[i], i < v->usable);
	note_addresses(bal);
	if (bal->rlb)
		bond_rlb_view(bal, v);
	/* the same port again may follow on one that stood in for it */
	if (bal->active != v->active || bal->switches != v->bond->switches) {
		bal->active = v->active;
		bal->switches = v->bond->switches;
		bal->news = true;
		WRITE_ONCE(bal->switched, get_jiffies_64());
	}
	if (bal->news && v->active && netif_running(v->bond->dev)) {
		bal->news = false;
		bal->learn_due = bond_now();
		bond_balance_rearm(bal);
	}
}

/**
 * bond_balance_tick() - mode->tick: something is due
 * @bond: the bond
 * @now: ms
 *
 * Context: softirq.
 */
void bond_balance_tick(struct bond *bond, u64 now)
{
	struct bond_balance *bal = READ_ONCE(bond->mode_data);
	unsigned long flags;
	bool learn, lost;

	if (!bal)
		return;
	if (READ_ONCE(bal->measuring))
		sum_up(bal);
	spin_lock_irqsave(&bond->lock, flags);
	advance(bal, now);
	learn = bal->learn_due && bal->learn_due <= now;
	lost = learn && bal->lost;
	if (learn) {
		bal->lost = false;
		bal->learn_due = now + bond->config.lp_interval * 1000ULL;
	}
	bond_balance_rearm(bal);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (learn)
		bond_balance_learn(bond, lost);
	if (bal->rlb)
		bond_rlb_tick(bal, now);
}
