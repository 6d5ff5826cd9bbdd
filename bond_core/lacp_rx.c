// SPDX-License-Identifier: GPL-2.0
/*
 * Receive machine (6.4.12): what we believe of the partner, and how long.
 *
 * The order inside CURRENT matters: deciding whether to deselect and whether to
 * answer compares with the old values, only then are they overwritten.
 */
#include "lacp_priv.h"

/* Partner_Admin values: users know them from /proc of a port without partner. */
static const struct lacp_info nobody = {
	.sys_prio = 0xffff,
	.key = 1,
	.port_prio = 0xff,
	.port = 1,
};

/**
 * lacp_same_system() - do two ends belong to one system?
 * @a: one end
 * @b: the other
 *
 * Context: any
 * Return: true if System IDs are equal; the priority is part of it (6.3.2)
 */
bool lacp_same_system(const struct lacp_info *a, const struct lacp_info *b)
{
	return a->sys_prio == b->sys_prio && ether_addr_equal(a->system, b->system);
}

/**
 * lacp_same_port() - do two descriptions mean the same port of the same LAG?
 * @a: one description
 * @b: the other
 *
 * The six items that update_Selected compares; of the state octet only
 * Aggregation counts.
 *
 * Context: any
 * Return: true if none differs
 */
bool lacp_same_port(const struct lacp_info *a, const struct lacp_info *b)
{
	return lacp_same_system(a, b) && a->key == b->key && a->port == b->port &&
	       a->port_prio == b->port_prio &&
	       !((a->state ^ b->state) & LACP_BIT_AGGREGATION);
}

static bool is_self(const struct lacp_port *port, const struct lacp_info *info)
{
	return info->sys_prio == port->sys->cfg.sys_prio &&
	       ether_addr_equal(info->system, port->sys->cfg.system);
}

/**
 * lacp_partner_is_self() - is the port cabled to another port of ours?
 * @port: the port
 *
 * Context: serialised by the caller
 * Return: true if the partner's System ID is our own
 */
bool lacp_partner_is_self(const struct lacp_port *port)
{
	return !port->defaulted && is_self(port, &port->partner);
}

/**
 * lacp_has_partner() - is there somebody else at the other end?
 * @port: the port
 *
 * A port that hears nobody, or itself, may carry as a last resort.
 *
 * Context: serialised by the caller
 * Return: false as well if the partner is the administrator's assumption
 */
bool lacp_has_partner(const struct lacp_port *port)
{
	return !port->defaulted && !lacp_partner_is_self(port);
}

static void set_partner_sync(struct lacp_port *port, bool sync)
{
	port->partner_sync = sync;
	if (sync && !port->defaulted)
		port->partner.state |= LACP_BIT_SYNC;
	else
		port->partner.state &= ~LACP_BIT_SYNC;
}

/* An individual port has its aggregator for itself, and so has its partner. */
static void tell_aggregator(struct lacp_port *port)
{
	if (port->agg && port->agg->individual)
		port->agg->partner = port->partner;
}

/*
 * A port without partner is as good as in sync, so that it can carry traffic
 * alone; its state octet keeps showing 0, as users of Linux know it.
 */
static void record_default(struct lacp_port *port)
{
	port->partner = nobody;
	port->defaulted = true;
	port->partner_wants = false;
	port->looped = false;
	set_partner_sync(port, true);
	tell_aggregator(port);
	port->sys->reselect = true;
}

static void update_default_selected(struct lacp_port *port)
{
	if (!lacp_same_port(&port->partner, &nobody) && !lacp_partner_is_self(port))
		lacp_unselect(port);
}

/*
 * The partner now heard on @port may still be known from a port whose link is
 * down: it was re-cabled, and the old port must forget it.
 */
static void find_moved(struct lacp_port *port, const struct lacp_info *partner)
{
	struct lacp_port *other;

	list_for_each_entry(other, &port->sys->ports, list) {
		if (other == port || other->enabled || other->defaulted ||
		    other->partner.port != partner->port ||
		    !lacp_same_system(&other->partner, partner))
			continue;
		other->moved = true;
		lacp_touch(other);
	}
}

/*
 * To hear nobody or any port of ours is the same to the Selection Logic: alone.
 * What others plug into a switch that floods LACPDUs must not cost the port
 * that carries the traffic another aggregate wait.
 */
static bool alone_still(const struct lacp_port *port, const struct lacp_info *partner)
{
	return (port->defaulted || is_self(port, &port->partner)) && is_self(port, partner);
}

static void update_selected(struct lacp_port *port, const struct lacp_pdu *pdu)
{
	if (lacp_same_port(&pdu->actor, &port->partner) || alone_still(port, &pdu->actor))
		return;
	lacp_unselect(port);
	find_moved(port, &pdu->actor);
}

static void update_ntt(struct lacp_port *port, const struct lacp_pdu *pdu)
{
	const u8 watched = LACP_BIT_ACTIVITY | LACP_BIT_TIMEOUT | LACP_BIT_SYNC |
			   LACP_BIT_AGGREGATION;
	struct lacp_info actor;

	/* several ports of ours at a switch that floods would never agree */
	if (is_self(port, &pdu->actor))
		return;
	lacp_port_actor(port, &actor);
	if (!lacp_same_port(&pdu->partner, &actor) ||
	    (pdu->partner.state ^ actor.state) & watched)
		port->ntt = true;
}

/* Is the partner in sync, and is somebody going to notice if it dies? */
static bool pdu_in_sync(const struct lacp_port *port, const struct lacp_pdu *pdu)
{
	struct lacp_info actor;
	bool maintained, matched;

	lacp_port_actor(port, &actor);
	maintained = (pdu->actor.state & LACP_BIT_ACTIVITY) ||
		     (port->sys->cfg.active && (pdu->partner.state & LACP_BIT_ACTIVITY));
	matched = !(pdu->actor.state & LACP_BIT_AGGREGATION) ||
		  lacp_same_port(&pdu->partner, &actor);
	return (pdu->actor.state & LACP_BIT_SYNC) && maintained && matched;
}

static void record_pdu(struct lacp_port *port, const struct lacp_pdu *pdu)
{
	struct lacp_info old = port->partner;
	bool wanted = port->partner_wants;
	bool in_sync = pdu_in_sync(port, pdu);

	port->partner = pdu->actor;
	port->defaulted = false;
	/* one that hears nobody is in sync with whom its administrator assumed */
	port->partner_wants = in_sync || ((pdu->actor.state & LACP_BIT_SYNC) &&
					  !(pdu->actor.state & LACP_BIT_DEFAULTED));
	/* port numbers are unique in a system: this one is us */
	port->looped = lacp_partner_is_self(port) && pdu->actor.port == port->number;
	set_partner_sync(port, in_sync);
	tell_aggregator(port);

	/* an unchanged LACPDU must not cost a look at every port */
	if (wanted != port->partner_wants || old.state != port->partner.state ||
	    !lacp_same_port(&old, &port->partner))
		port->sys->reselect = true;
}

static void enter_initialize(struct lacp_port *port)
{
	lacp_unselect(port);
	record_default(port);
	port->expired = false;
	port->moved = false;
}

static void enter_port_disabled(struct lacp_port *port)
{
	set_partner_sync(port, false);
	lacp_timer_stop(port, LACP_T_CURRENT_WHILE);
}

static void enter_lacp_disabled(struct lacp_port *port)
{
	lacp_unselect(port);
	record_default(port);
	port->partner.state &= ~LACP_BIT_AGGREGATION;
	port->expired = false;
}

static void enter_expired(struct lacp_port *port)
{
	set_partner_sync(port, false);
	port->partner.state |= LACP_BIT_TIMEOUT;
	lacp_timer_start(port, LACP_T_CURRENT_WHILE, LACP_SHORT_TIMEOUT_TIME);
	port->expired = true;
	port->ntt = true;
}

static void enter_defaulted(struct lacp_port *port)
{
	lacp_timer_stop(port, LACP_T_CURRENT_WHILE);
	update_default_selected(port);
	record_default(port);
	port->expired = false;
}

static void enter_current(struct lacp_port *port)
{
	const struct lacp_pdu *pdu = port->pdu;

	port->pdu = NULL;
	update_selected(port, pdu);
	update_ntt(port, pdu);
	record_pdu(port, pdu);
	lacp_timer_start(port, LACP_T_CURRENT_WHILE, port->sys->cfg.fast ?
			 LACP_SHORT_TIMEOUT_TIME : LACP_LONG_TIMEOUT_TIME);
	port->expired = false;
}

static bool has_pdu(const struct lacp_port *port)
{
	return port->pdu;
}

static bool timed_out(const struct lacp_port *port)
{
	return lacp_timer_due(port, LACP_T_CURRENT_WHILE);
}

static bool moved(const struct lacp_port *port)
{
	return port->moved;
}

static bool disabled(const struct lacp_port *port)
{
	return !port->enabled;
}

static bool enabled(const struct lacp_port *port)
{
	return port->enabled;
}

static bool may_run(const struct lacp_port *port)
{
	return port->enabled && port->full_duplex;
}

static bool lacp_enabled(const struct lacp_port *port)
{
	return port->full_duplex;
}

static bool lacp_not_enabled(const struct lacp_port *port)
{
	return !port->full_duplex;
}

static const struct lacp_step steps[] = {
	{ LACP_ANY,              LACP_RX_PORT_DISABLED, disabled },
	{ LACP_RX_INITIALIZE,    LACP_RX_PORT_DISABLED, lacp_always },
	{ LACP_RX_PORT_DISABLED, LACP_RX_INITIALIZE,    moved },
	{ LACP_RX_PORT_DISABLED, LACP_RX_EXPIRED,       may_run },
	{ LACP_RX_PORT_DISABLED, LACP_RX_LACP_DISABLED, enabled },
	{ LACP_RX_LACP_DISABLED, LACP_RX_PORT_DISABLED, lacp_enabled },
	/* duplex changed under a running link: start over */
	{ LACP_RX_EXPIRED,       LACP_RX_PORT_DISABLED, lacp_not_enabled },
	{ LACP_RX_DEFAULTED,     LACP_RX_PORT_DISABLED, lacp_not_enabled },
	{ LACP_RX_CURRENT,       LACP_RX_PORT_DISABLED, lacp_not_enabled },
	/* a LACPDU goes before the timer: a late one still counts */
	{ LACP_RX_EXPIRED,       LACP_RX_CURRENT,       has_pdu },
	{ LACP_RX_EXPIRED,       LACP_RX_DEFAULTED,     timed_out },
	{ LACP_RX_DEFAULTED,     LACP_RX_CURRENT,       has_pdu },
	{ LACP_RX_CURRENT,       LACP_RX_CURRENT,       has_pdu },
	{ LACP_RX_CURRENT,       LACP_RX_EXPIRED,       timed_out },
};

static const struct lacp_state states[LACP_RX_COUNT] = {
	[LACP_RX_INITIALIZE]	= { enter_initialize },
	[LACP_RX_PORT_DISABLED]	= { enter_port_disabled },
	[LACP_RX_LACP_DISABLED]	= { enter_lacp_disabled },
	[LACP_RX_EXPIRED]	= { enter_expired },
	[LACP_RX_DEFAULTED]	= { enter_defaulted },
	[LACP_RX_CURRENT]	= { enter_current },
};

const struct lacp_machine lacp_rx_machine = {
	.steps = steps,
	.nsteps = ARRAY_SIZE(steps),
	.states = states,
};
