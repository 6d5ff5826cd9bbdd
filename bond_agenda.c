// SPDX-License-Identifier: GPL-2.0
/*
 * The agenda: the one worker of a bond. What happens later under RTNL happens
 * here: a reason is kicked now or woken at a time, the worker takes RTNL and
 * handles the reasons in the order of enum bond_reason. Ticks of the mode and
 * probes share its timer and need no RTNL. A bond without a reason, a tick or
 * a probe due has no timer and no work queued. (What bond_learn.c announces
 * has a work of its own: it must not wait for RTNL either.)
 *
 * The worker may block on RTNL because nobody waits for it under RTNL: a bond
 * that goes away only says "stopped", and the last wait is in the device's
 * destructor, which runs without RTNL. One that goes down leaves it to the
 * handlers to find that out.
 */
#include "bond.h"
#include "compat.h"
#include "agenda.h"

/*
 * A queue runs so many works at once (256 on older kernels), and those that
 * wait for RTNL count: what never takes it has a queue where nobody waits.
 */
static struct workqueue_struct *agenda_wq, *free_wq;

/*
 * bond_tell() may have sent one while we waited for RTNL: then its pause runs.
 */
static void announce_when_due(struct bond *bond)
{
	struct bond_agenda *agenda = &bond->agenda;
	unsigned long flags;
	u64 due;

	spin_lock_irqsave(&agenda->lock, flags);
	due = agenda->due[BOND_R_ANNOUNCE];
	spin_unlock_irqrestore(&agenda->lock, flags);
	if (bond->announce_first || due <= bond_now())
		bond_announce(bond);
}

/* Let the mode do what it asked time for. */
static void advance_mode(struct bond *bond)
{
	ASSERT_RTNL();
	if (bond->mode->advance)
		bond->mode->advance(bond, bond_now());
}

static void (* const handlers[BOND_R_COUNT])(struct bond *bond) = {
	[BOND_R_LINKS]	  = bond_settle,
	[BOND_R_TELL]	  = bond_settle,
	[BOND_R_MODE]	  = advance_mode,
	[BOND_R_ADDRESS]  = bond_mac_catch_up,
	[BOND_R_ANNOUNCE] = announce_when_due,
	[BOND_R_IGMP]	  = bond_igmp_rejoin,
	[BOND_R_SPEED]	  = bond_speed_again,
	[BOND_R_FEATURES] = bond_compute_features,
};

static void agenda_work(struct work_struct *work)
{
	struct bond_agenda *agenda = container_of(work, struct bond_agenda,
						  work);
	struct bond *bond = container_of(agenda, struct bond, agenda);
	unsigned long pending;
	unsigned int why;

	rtnl_lock();
	pending = xchg(&agenda->pending, 0);
	if (!READ_ONCE(agenda->stopped))
		for_each_set_bit(why, &pending, BOND_R_COUNT)
			handlers[why](bond);
	rtnl_unlock();
}

/* The earliest of all deadlines, 0 when there is none. */
static u64 agenda_next(const struct bond_agenda *agenda)
{
	u64 next = agenda->tick_due;
	unsigned int why;

	lockdep_assert_held(&agenda->lock);
	if (agenda->probe_due && (!next || agenda->probe_due < next))
		next = agenda->probe_due;
	for (why = 0; why < BOND_R_COUNT; why++)
		if (agenda->due[why] && (!next || agenda->due[why] < next))
			next = agenda->due[why];
	return next;
}

static void agenda_rearm(struct bond_agenda *agenda)
{
	u64 next = agenda_next(agenda);

	lockdep_assert_held(&agenda->lock);
	if (READ_ONCE(agenda->stopped))
		return;
	if (!next)
		hrtimer_try_to_cancel(&agenda->timer);
	else
		hrtimer_start(&agenda->timer, ms_to_ktime(next - 1),
			      HRTIMER_MODE_ABS_SOFT);
}

/* Has a deadline come? Then it is over. */
static bool take_due(u64 *due, u64 now)
{
	if (!*due || *due > now)
		return false;
	*due = 0;
	return true;
}

static enum hrtimer_restart agenda_timer(struct hrtimer *timer)
{
	struct bond_agenda *agenda = container_of(timer, struct bond_agenda,
						  timer);
	struct bond *bond = container_of(agenda, struct bond, agenda);
	u64 now = bond_now();
	unsigned long flags;
	unsigned int why;
	bool tick, probe, links;

	spin_lock_irqsave(&agenda->lock, flags);
	links = take_due(&agenda->due[BOND_R_LINKS], now);
	tick = take_due(&agenda->tick_due, now);
	probe = take_due(&agenda->probe_due, now);
	for (why = 0; why < BOND_R_COUNT; why++)
		if (take_due(&agenda->due[why], now))
			bond_kick(bond, why);
	agenda_rearm(agenda);
	spin_unlock_irqrestore(&agenda->lock, flags);

	/* Delays, protocols and verdicts wait neither for RTNL nor a free worker. */
	if (links)
		bond_settle_because(bond, BOND_BY_TIMER);
	if (probe)
		bond_probe_tick(bond, now);
	/* the mode cannot change: who would change it waits for us, see below */
	if (tick && bond->mode->tick)
		bond->mode->tick(bond, now);
	return HRTIMER_NORESTART;
}

/**
 * bond_kick() - have a reason handled soon
 * @bond: the bond
 * @why: the reason
 *
 * Context: any. Cheap when the reason is pending already.
 */
void bond_kick(struct bond *bond, enum bond_reason why)
{
	if (READ_ONCE(bond->agenda.stopped) ||
	    test_and_set_bit(why, &bond->agenda.pending))
		return;
	queue_work(agenda_wq, &bond->agenda.work);
}

/* @due is one of the agenda's deadlines. */
static void set_due(struct bond_agenda *agenda, u64 *due, u64 when)
{
	unsigned long flags;

	spin_lock_irqsave(&agenda->lock, flags);
	if (*due != when) {
		*due = when;
		agenda_rearm(agenda);
	}
	spin_unlock_irqrestore(&agenda->lock, flags);
}

/**
 * bond_wake_at() - have a reason handled at a time
 * @bond: the bond
 * @why: the reason; an earlier wake-up for it is replaced
 * @when: bond_now() clock, ms; 0 forgets it
 *
 * Context: any.
 */
void bond_wake_at(struct bond *bond, enum bond_reason why, u64 when)
{
	set_due(&bond->agenda, &bond->agenda.due[why], when);
}

/**
 * bond_tick_at() - have mode->tick() called in softirq at a time
 * @bond: the bond
 * @when: bond_now() clock, ms; 0 forgets it
 *
 * Context: any.
 */
void bond_tick_at(struct bond *bond, u64 when)
{
	set_due(&bond->agenda, &bond->agenda.tick_due, when);
}

/**
 * bond_probe_at() - have bond_probe_tick() called in softirq at a time
 * @bond: the bond
 * @when: bond_now() clock, ms; 0 forgets it
 *
 * Context: any.
 */
void bond_probe_at(struct bond *bond, u64 when)
{
	set_due(&bond->agenda, &bond->agenda.probe_due, when);
}

/**
 * bond_agenda_init() - prepare a new bond's agenda
 * @bond: the bond, zeroed
 *
 * Context: any; nobody else knows the bond.
 */
void bond_agenda_init(struct bond *bond)
{
	struct bond_agenda *agenda = &bond->agenda;

	spin_lock_init(&agenda->lock);
	INIT_WORK(&agenda->work, agenda_work);
	hrtimer_setup(&agenda->timer, agenda_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
}

/**
 * bond_agenda_quiet() - no tick of the mode runs or will run
 * @bond: the bond
 *
 * Context: RTNL, may sleep. The timer never waits for RTNL, so waiting for it
 * here is safe; the worker's deadlines are kept.
 */
void bond_agenda_quiet(struct bond *bond)
{
	struct bond_agenda *agenda = &bond->agenda;
	unsigned long flags;

	ASSERT_RTNL();
	bond_tick_at(bond, 0);
	hrtimer_cancel(&agenda->timer);
	spin_lock_irqsave(&agenda->lock, flags);
	agenda_rearm(agenda);
	spin_unlock_irqrestore(&agenda->lock, flags);
}

/**
 * bond_agenda_stop() - take no more reasons
 * @bond: the bond, going away
 *
 * Context: RTNL. Does not wait; bond_agenda_wait() does.
 */
void bond_agenda_stop(struct bond *bond)
{
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->agenda.lock, flags);
	WRITE_ONCE(bond->agenda.stopped, true);
	spin_unlock_irqrestore(&bond->agenda.lock, flags);
}

/**
 * bond_agenda_wait() - wait until nothing of the agenda runs
 * @bond: the bond, stopped
 *
 * Context: process, without RTNL, as the worker may be waiting for it.
 */
void bond_agenda_wait(struct bond *bond)
{
	hrtimer_cancel(&bond->agenda.timer);
	cancel_work_sync(&bond->agenda.work);
}

/**
 * bond_agenda_queue() - have work done that never takes RTNL
 * @work: the work; its own earlier wish is replaced
 * @ms: when, from now
 *
 * Context: any.
 */
void bond_agenda_queue(struct delayed_work *work, u32 ms)
{
	mod_delayed_work(free_wq, work, msecs_to_jiffies(ms));
}

/**
 * bond_agenda_load() - make the workers' queues at module load
 *
 * Context: the module's init, may sleep.
 * Return: 0 or -ENOMEM.
 */
int bond_agenda_load(void)
{
	agenda_wq = alloc_workqueue("bonding", WQ_UNBOUND, 0);
	if (!agenda_wq)
		return -ENOMEM;
	free_wq = alloc_workqueue("bonding_free", WQ_UNBOUND, 0);
	if (!free_wq) {
		destroy_workqueue(agenda_wq);
		return -ENOMEM;
	}
	return 0;
}

/**
 * bond_agenda_unload() - undo bond_agenda_load()
 *
 * Context: the module's exit or failed init, may sleep; no bond is left.
 */
void bond_agenda_unload(void)
{
	destroy_workqueue(free_wq);
	destroy_workqueue(agenda_wq);
}
