// SPDX-License-Identifier: GPL-2.0
/*
 * Churn detection (6.4.17): tells an administrator that one end has not come
 * into sync within a minute. One machine for the Actor, one for the Partner.
 *
 * The Partner machine looks at the bit that users see: a port without partner
 * carries traffic as if in sync, but its partner does churn.
 */
#include "lacp_priv.h"

static bool held(const struct lacp_port *port)
{
	return !port->enabled;
}

/* the monitor's minute runs while the port is enabled, from that moment on */
static bool actor_toggled(const struct lacp_port *port)
{
	return port->enabled == (port->timer[LACP_T_ACTOR_CHURN] == LACP_NEVER);
}

static bool partner_toggled(const struct lacp_port *port)
{
	return port->enabled == (port->timer[LACP_T_PARTNER_CHURN] == LACP_NEVER);
}

static bool actor_sync(const struct lacp_port *port)
{
	return port->enabled && port->sync;
}

static bool actor_no_sync(const struct lacp_port *port)
{
	return !port->sync;
}

static bool actor_timeout(const struct lacp_port *port)
{
	return lacp_timer_due(port, LACP_T_ACTOR_CHURN);
}

static bool partner_sync(const struct lacp_port *port)
{
	return port->enabled && (port->partner.state & LACP_BIT_SYNC);
}

static bool partner_no_sync(const struct lacp_port *port)
{
	return !(port->partner.state & LACP_BIT_SYNC);
}

static bool partner_timeout(const struct lacp_port *port)
{
	return lacp_timer_due(port, LACP_T_PARTNER_CHURN);
}

static const struct lacp_step actor_steps[] = {
	{ LACP_ANY,		 LACP_CHURN_MONITOR,  held },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_MONITOR,  actor_toggled },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_NO_CHURN, actor_sync },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_CHURN,    actor_timeout },
	{ LACP_CHURN_CHURN,	 LACP_CHURN_NO_CHURN, actor_sync },
	{ LACP_CHURN_NO_CHURN,	 LACP_CHURN_MONITOR,  actor_no_sync },
};

static const struct lacp_step partner_steps[] = {
	{ LACP_ANY,		 LACP_CHURN_MONITOR,  held },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_MONITOR,  partner_toggled },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_NO_CHURN, partner_sync },
	{ LACP_CHURN_MONITOR,	 LACP_CHURN_CHURN,    partner_timeout },
	{ LACP_CHURN_CHURN,	 LACP_CHURN_NO_CHURN, partner_sync },
	{ LACP_CHURN_NO_CHURN,	 LACP_CHURN_MONITOR,  partner_no_sync },
};

static void enter_monitor(struct lacp_port *port, enum lacp_timer timer)
{
	if (port->enabled)
		lacp_timer_start(port, timer, LACP_CHURN_DETECTION_TIME);
	else
		lacp_timer_stop(port, timer);
}

static void enter_actor_monitor(struct lacp_port *port)
{
	enter_monitor(port, LACP_T_ACTOR_CHURN);
}

static void enter_actor_churn(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_ACTOR_CHURN);
	port->actor_churned++;
}

static void enter_actor_no_churn(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_ACTOR_CHURN);
}

static void enter_partner_monitor(struct lacp_port *port)
{
	enter_monitor(port, LACP_T_PARTNER_CHURN);
}

static void enter_partner_churn(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_PARTNER_CHURN);
	port->partner_churned++;
}

static void enter_partner_no_churn(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_PARTNER_CHURN);
}

static const struct lacp_state actor_states[LACP_CHURN_COUNT] = {
	[LACP_CHURN_MONITOR]	= { enter_actor_monitor },
	[LACP_CHURN_CHURN]	= { enter_actor_churn },
	[LACP_CHURN_NO_CHURN]	= { enter_actor_no_churn },
};

static const struct lacp_state partner_states[LACP_CHURN_COUNT] = {
	[LACP_CHURN_MONITOR]	= { enter_partner_monitor },
	[LACP_CHURN_CHURN]	= { enter_partner_churn },
	[LACP_CHURN_NO_CHURN]	= { enter_partner_no_churn },
};

const struct lacp_machine lacp_actor_churn_machine = {
	.steps = actor_steps,
	.nsteps = ARRAY_SIZE(actor_steps),
	.states = actor_states,
};

const struct lacp_machine lacp_partner_churn_machine = {
	.steps = partner_steps,
	.nsteps = ARRAY_SIZE(partner_steps),
	.states = partner_states,
};
