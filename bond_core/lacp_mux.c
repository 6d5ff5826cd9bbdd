// SPDX-License-Identifier: GPL-2.0
/*
 * Mux machine (6.4.15), coupled and independent control: when a port attached
 * to its aggregator may receive and send.
 *
 * A port that selection holds back is STANDBY: it leads back to WAITING, where
 * Actor.Sync is FALSE, so that the partner does not send to it.
 */
#include "lacp_priv.h"

/**
 * lacp_partner_in_sync() - Partner.Sync as the Mux machine sees it
 * @port: the port
 *
 * With lacp_strict a port without partner never is; a port that hears itself
 * never is, whatever its reflection claims. One that hears another port of ours
 * has no partner either: a switch that does not know LACP and floods it carries
 * the traffic of one port, and the other, held back, will never say Sync.
 *
 * Context: serialised by the caller
 * Return: true if the partner has attached its end
 */
bool lacp_partner_in_sync(const struct lacp_port *port)
{
	if (port->looped || (port->defaulted && port->sys->cfg.strict))
		return false;
	if (lacp_partner_is_self(port))
		return port->enabled && !port->sys->cfg.strict;
	return port->partner_sync;
}

/**
 * lacp_wait() - begin the wait of WAITING, or hold it as long as there is no link
 * @port: a port in WAITING
 *
 * A wait that ended about when the link came would make the port attach to
 * nobody and detach again, which takes the LACPDUs it has for the partner.
 *
 * Context: serialised by the caller
 */
void lacp_wait(struct lacp_port *port)
{
	port->ready_n = false;
	if (port->enabled)
		lacp_timer_start(port, LACP_T_WAIT_WHILE, LACP_AGGREGATE_WAIT_TIME);
	else
		lacp_timer_stop(port, LACP_T_WAIT_WHILE);
}

static void set_forwarding(struct lacp_port *port, bool collecting, bool distributing)
{
	if (port->collecting == collecting && port->distributing == distributing)
		return;
	/* the transmit and receive paths look at these without the lock */
	WRITE_ONCE(port->collecting, collecting);
	WRITE_ONCE(port->distributing, distributing);
	lacp_ask(port, LACP_DO_FORWARD);
}

static void enter_detached(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_WAIT_WHILE);
	port->ready_n = false;
	port->sync = false;
	set_forwarding(port, false, false);
	port->ntt = true;
}

static void enter_waiting(struct lacp_port *port)
{
	lacp_wait(port);
}

static void enter_attached(struct lacp_port *port)
{
	port->sync = true;
	set_forwarding(port, false, false);
	port->ntt = true;
}

static void enter_collecting_distributing(struct lacp_port *port)
{
	set_forwarding(port, true, true);
	port->ntt = true;
}

static void enter_collecting(struct lacp_port *port)
{
	set_forwarding(port, true, false);
	port->ntt = true;
}

/* no NTT: the partner has no use for this news (figure of 6.4.15) */
static void enter_distributing(struct lacp_port *port)
{
	set_forwarding(port, true, true);
}

static bool wanted(const struct lacp_port *port)
{
	return port->selected != LACP_SEL_UNSELECTED;
}

static bool unselected(const struct lacp_port *port)
{
	return port->selected == LACP_SEL_UNSELECTED;
}

static bool not_selected(const struct lacp_port *port)
{
	return port->selected != LACP_SEL_SELECTED;
}

static bool ready(const struct lacp_port *port)
{
	return port->enabled && port->selected == LACP_SEL_SELECTED &&
	       lacp_agg_ready(port->agg, port->sys);
}

static bool go_on(const struct lacp_port *port)
{
	return port->selected == LACP_SEL_SELECTED && lacp_partner_in_sync(port);
}

static bool fall_back(const struct lacp_port *port)
{
	return !go_on(port);
}

/* Partner.Collecting of a port without partner follows Partner.Sync. */
static bool partner_collects(const struct lacp_port *port)
{
	return go_on(port) && (port->defaulted || lacp_partner_is_self(port) ||
			       (port->partner.state & LACP_BIT_COLLECTING));
}

static bool partner_stops(const struct lacp_port *port)
{
	return !partner_collects(port);
}

static const struct lacp_step coupled[] = {
	{ LACP_MUX_DETACHED, LACP_MUX_WAITING,  wanted },
	{ LACP_MUX_WAITING,  LACP_MUX_DETACHED, unselected },
	{ LACP_MUX_WAITING,  LACP_MUX_ATTACHED, ready },
	{ LACP_MUX_ATTACHED, LACP_MUX_DETACHED, not_selected },
	{ LACP_MUX_ATTACHED, LACP_MUX_COLLECTING_DISTRIBUTING, go_on },
	{ LACP_MUX_COLLECTING_DISTRIBUTING, LACP_MUX_ATTACHED, fall_back },
};

static const struct lacp_step independent[] = {
	{ LACP_MUX_DETACHED,     LACP_MUX_WAITING,      wanted },
	{ LACP_MUX_WAITING,      LACP_MUX_DETACHED,     unselected },
	{ LACP_MUX_WAITING,      LACP_MUX_ATTACHED,     ready },
	{ LACP_MUX_ATTACHED,     LACP_MUX_DETACHED,     not_selected },
	{ LACP_MUX_ATTACHED,     LACP_MUX_COLLECTING,   go_on },
	{ LACP_MUX_COLLECTING,   LACP_MUX_ATTACHED,     fall_back },
	{ LACP_MUX_COLLECTING,   LACP_MUX_DISTRIBUTING, partner_collects },
	{ LACP_MUX_DISTRIBUTING, LACP_MUX_COLLECTING,   partner_stops },
};

static const struct lacp_state states[LACP_MUX_COUNT] = {
	[LACP_MUX_DETACHED]		   = { enter_detached },
	[LACP_MUX_WAITING]		   = { enter_waiting },
	[LACP_MUX_ATTACHED]		   = { enter_attached },
	[LACP_MUX_COLLECTING_DISTRIBUTING] = { enter_collecting_distributing },
	[LACP_MUX_COLLECTING]		   = { enter_collecting },
	[LACP_MUX_DISTRIBUTING]		   = { enter_distributing },
};

const struct lacp_machine lacp_mux_coupled = {
	.steps = coupled,
	.nsteps = ARRAY_SIZE(coupled),
	.states = states,
};

const struct lacp_machine lacp_mux_independent = {
	.steps = independent,
	.nsteps = ARRAY_SIZE(independent),
	.states = states,
};
