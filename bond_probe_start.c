// SPDX-License-Identifier: GPL-2.0
/*
 * The ARP and NS monitor starts and stops, and its settings change while it
 * runs: what is known of the ports stays as far as it still says something.
 */
#include <linux/netdevice.h>

#include "agenda.h"
#include "bond.h"
#include "engine.h"
#include "prober.h"

/* arp_all_targets means something only where one port asks. */
static bool wants_all(const struct bond *bond)
{
	return (bond->mode->traits & BOND_T_PROBE_ACTIVE) &&
	       bond->config.arp_all_targets;
}

/**
 * bond_probe_plan_fill() - what a view says of the monitor
 * @plan: filled
 * @bond: the bond
 *
 * Context: bond->lock held, or a bond nobody knows yet.
 */
void bond_probe_plan_fill(struct bond_probe_plan *plan,
			  const struct bond *bond)
{
	const struct bond_config *config = &bond->config;

	memcpy(plan->v4, config->arp_targets, sizeof(plan->v4));
	memcpy(plan->v6, config->ns_targets, sizeof(plan->v6));
	plan->cfg = (struct probe_config) {
		.interval = config->arp_interval,
		.missed_max = config->arp_missed_max,
		.validate = config->arp_validate,
		.all_targets = wants_all(bond),
		.v4 = plan->v4,
		.v6 = plan->v6,
	};
}

/* A port that has not been heard yet, but is not late either. */
static void times_init(struct bond_port *port, u64 now)
{
	struct probe_config cfg = {
		.interval = READ_ONCE(port->bond->config.arp_interval),
	};

	probe_times_init(&port->probe.times, &cfg, now);
}

/**
 * bond_probe_port_init() - a device is about to join
 * @port: the port
 *
 * Context: RTNL, or any while nobody else knows @port.
 */
void bond_probe_port_init(struct bond_port *port)
{
	times_init(port, bond_now());
}

/* What the ports' times are about from now on. */
static void note_settings(struct bond *bond)
{
	struct bond_prober *p = &bond->prober;
	u64 now = bond_now();
	u32 i;

	memcpy(p->v4, bond->config.arp_targets, sizeof(p->v4));
	memcpy(p->v6, bond->config.ns_targets, sizeof(p->v6));
	p->validate = bond->config.arp_validate;
	p->all_targets = wants_all(bond);
	for (i = 0; i < PROBE_TARGETS; i++) {
		WRITE_ONCE(p->spoke[i], now);
		WRITE_ONCE(p->spoke_from[i], 0);
	}
}

static void probe_start(struct bond *bond)
{
	struct bond_prober *p = &bond->prober;
	u64 now = bond_now();
	struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	list_for_each_entry(port, &bond->ports, list) {
		times_init(port, now);
		bond_probe_renew(port);
		/* those in use have a full term to answer */
		if (!port->probe.silent)
			probe_times_heard(&port->probe.times, now);
	}
	p->on = true;
	note_settings(bond);
	p->interval = bond->config.arp_interval;
	p->due = now;
	p->wake = now;
	p->excused = false;
	bond_probe_at(bond, now);
}

/*
 * Targets came or went: each port's times stay with their targets. By another
 * arp_validate or arp_all_targets answers count that were not noted.
 */
static void probe_move(struct bond *bond)
{
	struct bond_prober *p = &bond->prober;
	struct probe_config old = { .v4 = p->v4, .v6 = p->v6 };
	struct probe_config now = {
		.v4 = bond->config.arp_targets,
		.v6 = bond->config.ns_targets,
	};
	bool others = p->validate != bond->config.arp_validate ||
		      p->all_targets != wants_all(bond);
	struct bond_port *port;

	lockdep_assert_held(&bond->lock);
	if (!others && !memcmp(p->v4, now.v4, sizeof(p->v4)) &&
	    !memcmp(p->v6, now.v6, sizeof(p->v6)))
		return;
	list_for_each_entry(port, &bond->ports, list) {
		probe_times_move(&port->probe.times, &old, &now, bond_now());
		if (others && !port->probe.silent)
			probe_times_renew(&port->probe.times, bond_now());
		bond_probe_renew(port);
	}
	note_settings(bond);
}

static void probe_stop(struct bond *bond)
{
	lockdep_assert_held(&bond->lock);
	bond->prober.on = false;
	WRITE_ONCE(bond->prober.trial, NULL);
	bond_probe_at(bond, 0);
}

/**
 * bond_probe_config() - the bond went up or down, or its settings changed
 * @bond: the bond
 *
 * Context: RTNL, may sleep. What it finds silent is settled by the caller.
 */
void bond_probe_config(struct bond *bond)
{
	bool on = bond->config.arp_interval && netif_running(bond->dev);
	struct bond_port *port;
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	if (!on)
		probe_stop(bond);
	else if (!bond->prober.on ||
		 bond->prober.interval != bond->config.arp_interval)
		probe_start(bond);
	else
		probe_move(bond);
	if (!bond->config.arp_interval)
		list_for_each_entry(port, &bond->ports, list) {
			WRITE_ONCE(port->probe.silent, false);
			bond_probe_renew(port);
		}
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_probe_groups(bond);
}
