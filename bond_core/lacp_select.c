// SPDX-License-Identifier: GPL-2.0
/*
 * Selection Logic (6.4.14): which aggregator a port belongs to, and which of
 * the aggregators is the one behind the bond's device.
 *
 * One network device has one aggregator, so all others are held back: their
 * ports are STANDBY and say so by Actor.Sync FALSE. If two systems are joined
 * by several groups of links, both must come to the same one; the end of higher
 * precedence decides (6.7.1), the other one follows its SYNC bits.
 */
#include "lacp_priv.h"

/*
 * How much good an aggregator would do. Order matters: between two of the same
 * tier the policy decides, between tiers it does not.
 */
enum tier {
	TIER_IDLE,	/* no port */
	TIER_DOWN,	/* no port enabled */
	TIER_MUTE,	/* nobody there, or not to be used */
	TIER_AWAY,	/* in use, no port enabled, but with a partner to come back to */
	TIER_WAITING,	/* a partner, but its ports may not attach yet */
	TIER_SELF,	/* a port that hears only other ports of ours and may carry traffic */
	TIER_ALONE,	/* a port without partner that may carry traffic */
	TIER_REFUSED,	/* a partner that uses another of its links */
	TIER_PARTNER,	/* a partner */
	TIER_INVITED,	/* the partner is here, and not where we are now */
};

/**
 * lacp_unselect() - Selected := UNSELECTED
 * @port: the port
 *
 * It keeps its aggregator until the Mux machine has detached it; a port that
 * changed its LAG ID must not be selected again before (6.4.14, NOTE 2).
 *
 * Context: serialised by the caller
 */
void lacp_unselect(struct lacp_port *port)
{
	port->selected = LACP_SEL_UNSELECTED;
	port->sys->reselect = true;
	lacp_touch(port);
}

static bool is_individual(const struct lacp_port *port)
{
	/*
	 * Two ports of ours that are cabled to each other have the same LAG ID
	 * and must not share an aggregator: alone is the simplest way.
	 */
	return !port->full_duplex || lacp_partner_is_self(port) ||
	       !(port->partner.state & LACP_BIT_AGGREGATION);
}

static bool same_lag(const struct lacp_aggregator *agg, const struct lacp_port *port)
{
	return agg->nports && !agg->individual && agg->key == port->key &&
	       agg->partner.key == port->partner.key &&
	       lacp_same_system(&agg->partner, &port->partner);
}

static struct lacp_aggregator *find_lag(const struct lacp_port *port)
{
	struct lacp_aggregator *agg;

	if (is_individual(port))
		return NULL;
	list_for_each_entry(agg, &port->sys->aggs, list)
		if (same_lag(agg, port))
			return agg;
	return NULL;
}

/* By preference the one numbered like the port, else the lowest. */
static struct lacp_aggregator *find_idle(const struct lacp_port *port)
{
	struct lacp_aggregator *agg, *found = NULL;

	list_for_each_entry(agg, &port->sys->aggs, list) {
		if (agg->nports)
			continue;
		if (agg->id == port->number)
			return agg;
		if (!found || agg->id < found->id)
			found = agg;
	}
	return found;
}

static void leave_agg(struct lacp_port *port)
{
	if (port->agg)
		port->agg->nports--;
	port->agg = NULL;
}

static void join_agg(struct lacp_port *port, struct lacp_aggregator *agg)
{
	if (!agg->nports) {
		agg->key = port->key;
		agg->partner = port->partner;
		agg->individual = is_individual(port);
		agg->synced = false;
		agg->refused = false;
	}
	agg->nports++;
	port->agg = agg;
	port->selected = LACP_SEL_STANDBY;
	lacp_touch(port);
}

static void select_port(struct lacp_port *port)
{
	struct lacp_aggregator *agg;

	if (port->selected != LACP_SEL_UNSELECTED ||
	    port->state[LACP_MACHINE_MUX] != LACP_MUX_DETACHED)
		return;
	leave_agg(port);
	agg = find_lag(port);
	if (!agg)
		agg = find_idle(port);
	/* as many aggregators as ports, and this port has none */
	if (!WARN_ON_ONCE(!agg))
		join_agg(port, agg);
}

/* ready_n: it has waited, so it could attach at once (and stays so until DETACHED) */
static enum tier tier_of_port(const struct lacp_port *port)
{
	if (!port->enabled)
		return TIER_DOWN;
	if (port->looped)
		return TIER_MUTE;
	if (lacp_partner_is_self(port))
		return port->ready_n && !port->sys->cfg.strict ? TIER_SELF : TIER_MUTE;
	switch (port->state[LACP_MACHINE_RECEIVE]) {
	case LACP_RX_CURRENT:
		return port->ready_n ? TIER_PARTNER : TIER_WAITING;
	case LACP_RX_EXPIRED:
		return port->defaulted ? TIER_MUTE : TIER_WAITING;
	default:
		return port->ready_n && !port->sys->cfg.strict ? TIER_ALONE : TIER_MUTE;
	}
}

/* a port whose partner can be asked what it wants */
static bool has_partner(const struct lacp_port *port)
{
	return port->enabled && !lacp_partner_is_self(port) &&
	       port->state[LACP_MACHINE_RECEIVE] == LACP_RX_CURRENT;
}

/* Does the partner send Sync on any link of it? */
static bool in_sync(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && has_partner(port) && port->partner_wants)
			return true;
	return false;
}

/* Do we send Sync on any link of it? */
static bool is_offered(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && has_partner(port) && port->sync)
			return true;
	return false;
}

static bool works(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && port->collecting)
			return true;
	return false;
}

/* Is the partner the one to decide which links are left out? */
static bool partner_decides(const struct lacp_system *sys,
			    const struct lacp_aggregator *agg)
{
	if (agg->partner.sys_prio != sys->cfg.sys_prio)
		return agg->partner.sys_prio < sys->cfg.sys_prio;
	return memcmp(agg->partner.system, sys->cfg.system, ETH_ALEN) < 0;
}

static enum tier tier_with_partner(const struct lacp_system *sys,
				   const struct lacp_aggregator *agg)
{
	const struct lacp_aggregator *active = sys->active;
	bool invited = in_sync(sys, agg);

	if (agg->refused)
		return TIER_REFUSED;
	if (!active || agg == active)
		return TIER_PARTNER;
	if (invited && active->refused)
		return TIER_INVITED;
	/* never leave a group that works for one that was not offered */
	if (!invited && works(sys, active) && partner_decides(sys, agg))
		return TIER_REFUSED;
	return TIER_PARTNER;
}

/*
 * Links that are down may soon be up again, and are best kept where they are as
 * long as others could not be used anyway. Without lacp_strict those may.
 */
static bool may_return(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;

	if (!sys->cfg.strict)
		return false;
	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && !port->defaulted)
			return true;
	return false;
}

/* A port that has just joined is still detached, and about to wait. */
static bool must_wait(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && port->enabled && !port->ready_n &&
		    port->state[LACP_MACHINE_MUX] <= LACP_MUX_WAITING)
			return true;
	return false;
}

static enum tier tier_of(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;
	enum tier tier = TIER_IDLE;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg)
			tier = max(tier, tier_of_port(port));
	if (agg == sys->active)
		return tier == TIER_PARTNER ? tier_with_partner(sys, agg) :
		       tier == TIER_DOWN && may_return(sys, agg) ? TIER_AWAY : tier;
	/* it could not carry anything before the last of its ports has waited */
	if (must_wait(sys, agg))
		return min(tier, TIER_WAITING);
	return tier == TIER_PARTNER ? tier_with_partner(sys, agg) : tier;
}

/* What the policy compares; more is better. */
static u64 worth(const struct lacp_system *sys, const struct lacp_aggregator *agg)
{
	const struct lacp_port *port;
	u64 sum = 0;

	list_for_each_entry(port, &sys->ports, list) {
		if (port->agg != agg || !port->enabled)
			continue;
		if (sys->cfg.select == LACP_SELECT_COUNT)
			sum++;
		else if (sys->cfg.select == LACP_SELECT_PORT_PRIO)
			sum += port->prio;
		else
			sum += port->speed;
	}
	return sum;
}

/**
 * struct bid - an aggregator and what speaks for it
 * @agg: the aggregator, NULL: none seen
 * @tier: first criterion
 * @worth: second criterion
 */
struct bid {
	struct lacp_aggregator *agg;
	enum tier tier;
	u64 worth;
};

static bool outbids(const struct lacp_system *sys, const struct bid *a, const struct bid *b)
{
	if (!b->agg || a->tier != b->tier)
		return !b->agg || a->tier > b->tier;
	/* "stable": a group that can carry traffic stays, whatever joins another */
	if (sys->cfg.select == LACP_SELECT_STABLE && a->tier >= TIER_SELF &&
	    (a->agg == sys->active || b->agg == sys->active))
		return a->agg == sys->active;
	if (a->worth != b->worth)
		return a->worth > b->worth;
	if (a->agg == sys->active || b->agg == sys->active)
		return a->agg == sys->active;
	return a->agg->id < b->agg->id;
}

static struct lacp_aggregator *best_agg(const struct lacp_system *sys)
{
	struct lacp_aggregator *agg;
	struct bid best = {}, bid;

	list_for_each_entry(agg, &sys->aggs, list) {
		if (!agg->nports)
			continue;
		bid.agg = agg;
		bid.tier = tier_of(sys, agg);
		/* none is chosen for the first time before it has a link */
		if (bid.tier <= TIER_DOWN && agg != sys->active)
			continue;
		bid.worth = worth(sys, agg);
		if (outbids(sys, &bid, &best))
			best = bid;
	}
	return best.agg;
}

/* Has the partner of the active aggregator left us waiting for too long? */
static void watch_active(struct lacp_system *sys)
{
	struct lacp_aggregator *agg = sys->active;
	bool yield;

	if (!agg || agg->refused || !is_offered(sys, agg) || in_sync(sys, agg)) {
		sys->refuse_at = LACP_NEVER;
		return;
	}
	yield = partner_decides(sys, agg);
	if ((agg->synced && yield) || sys->refuse_at <= sys->now) {
		/* it was in sync and has gone elsewhere, or never came */
		agg->refused = true;
		sys->refuse_at = LACP_NEVER;
	} else if (sys->refuse_at == LACP_NEVER) {
		sys->refuse_at = sys->now + (yield ? LACP_REFUSED_TIME_YIELD :
						     LACP_REFUSED_TIME_HOLD);
	}
}

static void watch_sync(struct lacp_system *sys)
{
	struct lacp_aggregator *agg;

	watch_active(sys);
	list_for_each_entry(agg, &sys->aggs, list) {
		bool synced = in_sync(sys, agg);

		if (synced)
			agg->refused = false;
		agg->synced = synced && is_offered(sys, agg);
	}
}

static void activate(struct lacp_system *sys, struct lacp_aggregator *agg)
{
	if (agg == sys->active)
		return;
	sys->active = agg;
	sys->refuse_at = LACP_NEVER;
	sys->todo_flags |= LACP_DO_ACTIVE;
}

/* SELECTED in the active aggregator, STANDBY in all others. */
static void hold_others_back(struct lacp_system *sys)
{
	struct lacp_port *port;
	u8 selected;

	list_for_each_entry(port, &sys->ports, list) {
		if (port->selected == LACP_SEL_UNSELECTED)
			continue;
		selected = port->agg == sys->active ? LACP_SEL_SELECTED : LACP_SEL_STANDBY;
		if (port->selected == selected)
			continue;
		port->selected = selected;
		lacp_touch(port);
	}
}

/**
 * lacp_agg_give_back() - a port leaves the system
 * @port: the port, not in the list of ports any more
 *
 * One port less needs one aggregator less, and at least one is idle: by
 * preference the one numbered like the port, else the one numbered highest.
 *
 * Context: serialised by the caller
 * Return: an idle aggregator, taken out of the system
 */
struct lacp_aggregator *lacp_agg_give_back(struct lacp_port *port)
{
	struct lacp_system *sys = port->sys;
	struct lacp_aggregator *agg, *spare = NULL;

	leave_agg(port);
	list_for_each_entry(agg, &sys->aggs, list) {
		if (agg->nports)
			continue;
		if (!spare || agg->id == port->number ||
		    (spare->id != port->number && agg->id > spare->id))
			spare = agg;
	}
	list_del(&spare->list);
	if (spare == sys->active)
		activate(sys, NULL);
	sys->reselect = true;
	return spare;
}

/**
 * lacp_agg_ready() - Ready: may the ports waiting for an aggregator attach?
 * @agg: the aggregator
 * @sys: its system
 *
 * Ports that are attached already, or have no link, do not hold others back.
 *
 * Context: serialised by the caller
 * Return: true if no port has to wait longer
 */
bool lacp_agg_ready(const struct lacp_aggregator *agg, const struct lacp_system *sys)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->agg == agg && !port->ready_n && port->enabled &&
		    port->state[LACP_MACHINE_MUX] == LACP_MUX_WAITING)
			return false;
	return true;
}

/* A wait that ended may have been the last one that held others back. */
static void wake_waiting(struct lacp_system *sys)
{
	struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->selected == LACP_SEL_SELECTED &&
		    port->state[LACP_MACHINE_MUX] == LACP_MUX_WAITING &&
		    lacp_agg_ready(port->agg, sys))
			lacp_touch(port);
}

/**
 * lacp_select() - the Selection Logic
 * @sys: the system, all machines at rest
 *
 * Marks the ports whose machines have to look again.
 *
 * Context: serialised by the caller
 */
void lacp_select(struct lacp_system *sys)
{
	struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		select_port(port);
	watch_sync(sys);
	activate(sys, best_agg(sys));
	hold_others_back(sys);
	wake_waiting(sys);
}
