// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc, netlink, sysfs and tracepoints show, so that they need to know
 * nothing of how the machines keep it.
 */
#include "lacp_priv.h"

#define NAME(group, name) \
	[LACP_##group##_##name] = #name,

static const char *const rx_names[] = { LACP_RX_STATES(NAME) };
static const char *const periodic_names[] = { LACP_PERIODIC_STATES(NAME) };
static const char *const mux_names[] = { LACP_MUX_STATES(NAME) };
static const char *const churn_names[] = { LACP_CHURN_STATES(NAME) };
static const char *const machine_names[] = { LACP_MACHINE_LIST(NAME) };

static const char *const reason_names[LACP_REASONS] = {
	[LACP_REASON_BUNDLED]		= "bundled",
	[LACP_REASON_LINK_DOWN]		= "link down",
	[LACP_REASON_HALF_DUPLEX]	= "half duplex",
	[LACP_REASON_NO_PDU]		= "no PDU seen",
	[LACP_REASON_EXPIRED]		= "partner expired",
	[LACP_REASON_LOOPED]		= "looped to ourselves",
	[LACP_REASON_KEY]		= "key or speed differs",
	[LACP_REASON_PARTNER_ID]	= "partner id differs",
	[LACP_REASON_INDIVIDUAL]	= "partner individual",
	[LACP_REASON_HELD]		= "held back by selection",
	[LACP_REASON_WAITING]		= "waiting",
	[LACP_REASON_PARTNER_WAITS]	= "partner not in sync",
	[LACP_REASON_PARTNER_DEAF]	= "partner does not collect",
};

/* the same for lines whose words are parted by blanks */
static const char *const reason_words[LACP_REASONS] = {
	[LACP_REASON_BUNDLED]		= "bundled",
	[LACP_REASON_LINK_DOWN]		= "link-down",
	[LACP_REASON_HALF_DUPLEX]	= "half-duplex",
	[LACP_REASON_NO_PDU]		= "no-pdu-seen",
	[LACP_REASON_EXPIRED]		= "partner-expired",
	[LACP_REASON_LOOPED]		= "looped-to-ourselves",
	[LACP_REASON_KEY]		= "key-or-speed-differs",
	[LACP_REASON_PARTNER_ID]	= "partner-id-differs",
	[LACP_REASON_INDIVIDUAL]	= "partner-individual",
	[LACP_REASON_HELD]		= "held-back-by-selection",
	[LACP_REASON_WAITING]		= "waiting",
	[LACP_REASON_PARTNER_WAITS]	= "partner-not-in-sync",
	[LACP_REASON_PARTNER_DEAF]	= "partner-does-not-collect",
};

/* as /proc/net/bonding has always called them */
static const char *const churn_words[] = {
	[LACP_CHURN_MONITOR]	= "monitoring",
	[LACP_CHURN_CHURN]	= "churned",
	[LACP_CHURN_NO_CHURN]	= "none",
};

static const char *pick_name(const char *const *names, unsigned int n, unsigned int i)
{
	return i < n ? names[i] : "?";
}

#define PICK(names, i) pick_name(names, ARRAY_SIZE(names), i)

/**
 * lacp_machine_name() - the name of a machine
 * @machine: the machine
 *
 * Context: any
 * Return: a constant string, "?" for a number that names none
 */
const char *lacp_machine_name(enum lacp_machine_id machine)
{
	return PICK(machine_names, machine);
}

/**
 * lacp_state_name() - the name the standard gives to a state
 * @machine: the machine
 * @state: its state
 *
 * Context: any
 * Return: a constant string, "?" for a number that names none
 */
const char *lacp_state_name(enum lacp_machine_id machine, u8 state)
{
	switch (machine) {
	case LACP_MACHINE_RECEIVE:
		return PICK(rx_names, state);
	case LACP_MACHINE_PERIODIC:
		return PICK(periodic_names, state);
	case LACP_MACHINE_MUX:
		return PICK(mux_names, state);
	default:
		return PICK(churn_names, state);
	}
}

/**
 * lacp_churn_word() - a churn state as /proc shows it
 * @state: port->state[LACP_MACHINE_ACTOR_CHURN or _PARTNER_CHURN]
 *
 * Context: any
 * Return: a constant string
 */
const char *lacp_churn_word(enum lacp_churn_state state)
{
	return PICK(churn_words, state);
}

/**
 * lacp_reason_name() - a reason in words
 * @reason: the reason
 *
 * Context: any
 * Return: a constant string
 */
const char *lacp_reason_name(enum lacp_reason reason)
{
	return PICK(reason_names, reason);
}

/**
 * lacp_reason_word() - a reason in one word
 * @reason: the reason
 *
 * Context: any
 * Return: a constant string without blanks, "?" for a number that names none
 */
const char *lacp_reason_word(enum lacp_reason reason)
{
	return PICK(reason_words, reason);
}

/* How does a port that was not chosen differ from those that were? */
static enum lacp_reason reason_held(const struct lacp_port *port)
{
	const struct lacp_aggregator *active = port->sys->active;

	/* the group in use has no partner whose name could differ */
	if (is_zero_ether_addr(active->partner.system))
		return LACP_REASON_HELD;
	if (!lacp_same_system(&port->partner, &active->partner))
		return LACP_REASON_PARTNER_ID;
	if (port->key != active->key || port->partner.key != active->partner.key)
		return LACP_REASON_KEY;
	if (!(port->partner.state & LACP_BIT_AGGREGATION))
		return LACP_REASON_INDIVIDUAL;
	return LACP_REASON_HELD;
}

/**
 * lacp_reason_of() - why a port is not bundled
 * @port: the port, at rest
 *
 * The first cause that applies is told, the one nearest to the cable first.
 *
 * Context: serialised by the caller
 * Return: the reason, LACP_REASON_BUNDLED if it carries traffic
 */
enum lacp_reason lacp_reason_of(const struct lacp_port *port)
{
	if (!port->enabled)
		return LACP_REASON_LINK_DOWN;
	if (!port->full_duplex)
		return LACP_REASON_HALF_DUPLEX;
	/* also while such a port carries traffic alone */
	if (port->defaulted)
		return LACP_REASON_NO_PDU;
	if (port->expired)
		return LACP_REASON_EXPIRED;
	if (port->looped || lacp_partner_is_self(port))
		return LACP_REASON_LOOPED;
	if (port->distributing)
		return LACP_REASON_BUNDLED;
	/* if it were not held back it would have to wait all the same */
	if (port->selected == LACP_SEL_STANDBY && port->ready_n)
		return reason_held(port);
	if (!port->sync)
		return LACP_REASON_WAITING;
	/* only with independent control */
	if (port->collecting)
		return LACP_REASON_PARTNER_DEAF;
	return LACP_REASON_PARTNER_WAITS;
}

/**
 * lacp_carrier() - should the bond have carrier?
 * @sys: the system
 *
 * Counts the ports of the active aggregator whose link is up; with lacp_strict
 * those that collect and distribute with a partner. min_links 0 means 1.
 *
 * Context: serialised by the caller
 * Return: true if there are enough
 */
bool lacp_carrier(const struct lacp_system *sys)
{
	const struct lacp_port *port;
	u32 usable = 0;

	list_for_each_entry(port, &sys->ports, list) {
		if (port->agg != sys->active || !port->enabled)
			continue;
		if (!sys->cfg.strict || port->distributing)
			usable++;
	}
	return usable >= max(sys->cfg.min_links, 1U);
}

/**
 * lacp_active_info() - the active aggregator
 * @sys: the system
 * @out: filled if there is one
 *
 * Context: serialised by the caller
 * Return: false without ports
 */
bool lacp_active_info(const struct lacp_system *sys, struct lacp_agg_info *out)
{
	const struct lacp_aggregator *agg = sys->active;
	const struct lacp_port *port;

	if (!agg)
		return false;
	out->id = agg->id;
	out->ports = 0;
	list_for_each_entry(port, &sys->ports, list)
		out->ports += port->agg == agg && port->enabled;
	out->actor_key = agg->key;
	out->partner_key = agg->partner.key;
	ether_addr_copy(out->partner_system, agg->partner.system);
	return true;
}

/**
 * lacp_port_agg_id() - the aggregator a port belongs to
 * @port: the port
 *
 * Context: serialised by the caller
 * Return: its number, 0 for none
 */
u16 lacp_port_agg_id(const struct lacp_port *port)
{
	return port->agg ? port->agg->id : 0;
}

/**
 * lacp_port_actor() - our end, as a LACPDU and /proc show it
 * @port: the port
 * @out: filled
 *
 * A port without partner does not show Collecting and Distributing even while
 * it carries traffic alone: users of Linux read those bits as "negotiated".
 *
 * Context: serialised by the caller
 */
void lacp_port_actor(const struct lacp_port *port, struct lacp_info *out)
{
	const struct lacp_config *cfg = &port->sys->cfg;

	ether_addr_copy(out->system, cfg->system);
	out->sys_prio = cfg->sys_prio;
	out->key = port->key;
	out->port_prio = port->prio;
	out->port = port->number;
	out->state = (cfg->active ? LACP_BIT_ACTIVITY : 0) |
		     (cfg->fast ? LACP_BIT_TIMEOUT : 0) |
		     (port->full_duplex ? LACP_BIT_AGGREGATION : 0) |
		     (port->sync ? LACP_BIT_SYNC : 0) |
		     (port->defaulted ? LACP_BIT_DEFAULTED : 0) |
		     (port->expired ? LACP_BIT_EXPIRED : 0);
	/* users take these for "negotiated" */
	if (port->defaulted || lacp_partner_is_self(port))
		return;
	if (port->collecting)
		out->state |= LACP_BIT_COLLECTING;
	if (port->distributing)
		out->state |= LACP_BIT_DISTRIBUTING;
}

/**
 * lacp_port_partner() - the other end, as a LACPDU and /proc show it
 * @port: the port
 * @out: filled
 *
 * Context: serialised by the caller
 */
void lacp_port_partner(const struct lacp_port *port, struct lacp_info *out)
{
	*out = port->partner;
}
