// SPDX-License-Identifier: GPL-2.0
/*
 * The ways into the LACP core. Each entry notes what has changed, has the
 * machines run, and returns what follows from it.
 */
#include "lacp_priv.h"
#include "speed.h"

static u16 key_of(const struct lacp_port *port)
{
	return port->sys->cfg.user_key << LACP_KEY_USER_SHIFT |
	       speed_lacp_code(port->speed) << LACP_KEY_SPEED_SHIFT |
	       (port->full_duplex ? LACP_KEY_FULL_DUPLEX : 0);
}

/* Another key is another LAG: detach, select anew, wait (6.4.14). */
static void refresh_key(struct lacp_port *port)
{
	u16 key = key_of(port);

	if (key == port->key)
		return;
	port->key = key;
	port->ntt = true;
	lacp_unselect(port);
}

static bool number_taken(const struct lacp_system *sys, u16 number)
{
	const struct lacp_port *port;

	list_for_each_entry(port, &sys->ports, list)
		if (port->number == number)
			return true;
	return false;
}

static bool id_taken(const struct lacp_system *sys, u16 id)
{
	const struct lacp_aggregator *agg;

	list_for_each_entry(agg, &sys->aggs, list)
		if (agg->id == id)
			return true;
	return false;
}

/*
 * The lowest free one: unique, never 0, and a port that leaves and comes back
 * gets its old number, so its partner sees the same port.
 */
static u16 free_number(const struct lacp_system *sys,
		       bool (*taken)(const struct lacp_system *sys, u16 number))
{
	u16 number = 1;

	while (taken(sys, number))
		number++;
	return number;
}

/**
 * lacp_init() - a system without ports
 * @sys: the system, any content
 * @cfg: its settings
 * @hooks: calls out of the core, or NULL
 *
 * Context: any
 */
void lacp_init(struct lacp_system *sys, const struct lacp_config *cfg,
	       const struct lacp_hooks *hooks)
{
	memset(sys, 0, sizeof(*sys));
	sys->cfg = *cfg;
	sys->hooks = hooks;
	sys->next = LACP_NEVER;
	sys->refuse_at = LACP_NEVER;
	INIT_LIST_HEAD(&sys->ports);
	INIT_LIST_HEAD(&sys->aggs);
	INIT_LIST_HEAD(&sys->todo);
}

/* BEGIN: every machine enters its first state. */
static void begin_machines(struct lacp_port *port)
{
	unsigned int t;

	for (t = 0; t < LACP_TIMERS; t++)
		lacp_timer_stop(port, t);
	lacp_go(port, LACP_MACHINE_RECEIVE, LACP_RX_INITIALIZE);
	lacp_go(port, LACP_MACHINE_PERIODIC, LACP_PERIODIC_NO_PERIODIC);
	lacp_go(port, LACP_MACHINE_MUX, LACP_MUX_DETACHED);
	lacp_go(port, LACP_MACHINE_ACTOR_CHURN, LACP_CHURN_MONITOR);
	lacp_go(port, LACP_MACHINE_PARTNER_CHURN, LACP_CHURN_MONITOR);
}

/**
 * lacp_port_add() - a port becomes a member
 * @sys: the system
 * @port: the port, any content
 * @agg: an aggregator to go with it, allocated by itself, any content
 * @params: what is known of the port
 * @now: the time, ms
 *
 * Context: serialised by the caller. Cannot fail
 * Return: what to do next
 */
struct lacp_effects lacp_port_add(struct lacp_system *sys, struct lacp_port *port,
				  struct lacp_aggregator *agg,
				  const struct lacp_port_params *params, u64 now)
{
	lacp_begin(sys, now);
	memset(agg, 0, sizeof(*agg));
	agg->id = free_number(sys, id_taken);
	list_add_tail(&agg->list, &sys->aggs);

	memset(port, 0, sizeof(*port));
	port->sys = sys;
	port->number = free_number(sys, number_taken);
	port->prio = params->prio;
	port->enabled = params->enabled;
	port->full_duplex = params->full_duplex;
	port->speed = speed_or_none(params->speed);
	port->key = key_of(port);
	port->reason = LACP_REASON_LINK_DOWN;
	INIT_LIST_HEAD(&port->todo_list);
	list_add_tail(&port->list, &sys->ports);
	begin_machines(port);
	return lacp_finish(sys);
}

/**
 * lacp_port_remove() - a port is no member any more
 * @port: the port; its memory is the caller's again on return
 * @now: the time, ms
 * @spare: set to the aggregator to be freed, not always the one that came
 *	with this port
 *
 * Say farewell first, with lacp_goodbye().
 *
 * Context: serialised by the caller. Cannot fail
 * Return: what to do next
 */
struct lacp_effects lacp_port_remove(struct lacp_port *port, u64 now,
				     struct lacp_aggregator **spare)
{
	struct lacp_system *sys = port->sys;

	lacp_begin(sys, now);
	list_del(&port->list);
	list_del_init(&port->todo_list);
	WRITE_ONCE(port->collecting, false);
	WRITE_ONCE(port->distributing, false);
	*spare = lacp_agg_give_back(port);
	port->sys = NULL;
	return lacp_finish(sys);
}

static void take_params(struct lacp_port *port,
			const struct lacp_port_params *params)
{
	struct lacp_system *sys = port->sys;
	u32 speed = port->speed;

	if (port->prio != params->prio) {
		port->prio = params->prio;
		port->ntt = true;
		sys->reselect = true;
		lacp_touch(port);
	}
	if (port->enabled != params->enabled) {
		port->enabled = params->enabled;
		port->paused = false;
		if (port->state[LACP_MACHINE_MUX] == LACP_MUX_WAITING)
			lacp_wait(port);
		lacp_touch(port);
	}
	if (port->enabled && (speed_known(params->speed) || !speed)) {
		port->full_duplex = params->full_duplex;
		port->speed = speed_or_none(params->speed);
		if (port->speed != speed)
			sys->reselect = true;
		refresh_key(port);
	}
}

/**
 * lacp_port_params() - news about a port
 * @port: the port
 * @params: what is known of it now; telling the same again does nothing
 * @now: the time, ms
 *
 * A port that is not enabled keeps its last speed and duplex, hence its key,
 * its partner and its place: the same partner may come back (6.4.12). So does
 * one whose speed is not known any more: many drivers forget it with the
 * carrier, a moment before or longer than the port is taken for lost.
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_port_params(struct lacp_port *port,
				     const struct lacp_port_params *params, u64 now)
{
	struct lacp_system *sys = port->sys;

	lacp_begin(sys, now);
	take_params(port, params);
	return lacp_finish(sys);
}

/**
 * lacp_params() - news about all ports at once
 * @sys: the system
 * @params_of: what is known of a port
 * @now: the time, ms
 *
 * As lacp_port_params(), but no choice is made before all is known: told one
 * after the other, ports that go down and come back together would lose their
 * places to those that are told first or last.
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_params(struct lacp_system *sys,
				struct lacp_port_params (*params_of)(const struct lacp_port *port),
				u64 now)
{
	struct lacp_port_params params;
	struct lacp_port *port;

	lacp_begin(sys, now);
	list_for_each_entry(port, &sys->ports, list) {
		params = params_of(port);
		take_params(port, &params);
	}
	return lacp_finish(sys);
}

static bool identity_differs(const struct lacp_config *a, const struct lacp_config *b)
{
	return a->sys_prio != b->sys_prio || !ether_addr_equal(a->system, b->system);
}

static void apply_config(struct lacp_port *port, const struct lacp_config *old)
{
	const struct lacp_config *cfg = &port->sys->cfg;

	refresh_key(port);
	if (identity_differs(old, cfg)) {
		port->ntt = true;
		lacp_unselect(port);
	}
	if (old->active != cfg->active || old->fast != cfg->fast)
		port->ntt = true;
	/* the other Mux machine has no such states: start from a common one */
	if (old->coupled != cfg->coupled &&
	    port->state[LACP_MACHINE_MUX] > LACP_MUX_ATTACHED)
		lacp_go(port, LACP_MACHINE_MUX, LACP_MUX_ATTACHED);
	lacp_touch(port);
}

/**
 * lacp_configure() - new settings
 * @sys: the system
 * @cfg: all of them; telling the same again does nothing
 * @now: the time, ms
 *
 * A change of identity or key re-forms the groups; one of rate or activity only
 * tells the partner.
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_configure(struct lacp_system *sys,
				   const struct lacp_config *cfg, u64 now)
{
	struct lacp_config old = sys->cfg;
	struct lacp_port *port;

	lacp_begin(sys, now);
	sys->cfg = *cfg;
	list_for_each_entry(port, &sys->ports, list)
		apply_config(port, &old);
	if (old.select != cfg->select || old.strict != cfg->strict)
		sys->reselect = true;
	return lacp_finish(sys);
}

static void receive_lacpdu(struct lacp_port *port, const struct lacp_pdu *pdu)
{
	/* counts also what the Receive machine then ignores */
	port->stats.lacpdu_rx++;
	port->sys->stats.lacpdu_rx++;
	port->pdu = pdu;
	lacp_touch(port);
}

static void receive_marker(struct lacp_port *port, const struct lacp_marker *marker)
{
	struct lacp_system *sys = port->sys;

	port->stats.marker_rx++;
	sys->stats.marker_rx++;
	if (!lacp_slot_take(port->marker_free, LACP_MARKER_BURST, sys->now)) {
		port->stats.marker_limited++;
		sys->stats.marker_limited++;
		return;
	}
	port->marker = *marker;
	lacp_ask(port, LACP_DO_MARKER);
}

static void count_other(struct lacp_stats *stats, enum lacp_frame_kind kind)
{
	switch (kind) {
	case LACP_FRAME_MARKER_RESPONSE:
		stats->marker_resp_rx++;
		break;
	case LACP_FRAME_MARKER_UNKNOWN:
		stats->marker_unknown_rx++;
		break;
	case LACP_FRAME_FOREIGN:
		stats->lacpdu_unknown_rx++;
		break;
	default:
		stats->lacpdu_illegal_rx++;
		break;
	}
}

/**
 * lacp_receive() - a frame to 01:80:c2:00:00:02 of type 0x8809 has come
 * @port: the port it came by
 * @data: payload, from the subtype octet on
 * @len: octets readable at @data, at least LACP_PDU_LEN if there are as many
 * @now: the time, ms
 *
 * A Marker response asked for by LACP_DO_MARKER is built from the last request:
 * serve it before the next frame of the port.
 *
 * Context: serialised by the caller
 * Return: what to do next; without LACP_DID_CONSUME the frame is not ours and
 * goes on to the stack
 */
struct lacp_effects lacp_receive(struct lacp_port *port, const void *data,
				 size_t len, u64 now)
{
	struct lacp_system *sys = port->sys;
	struct lacp_marker marker;
	enum lacp_frame_kind kind;
	struct lacp_effects fx;
	struct lacp_pdu pdu;

	lacp_begin(sys, now);
	kind = lacp_pdu_parse(data, len, &pdu, &marker);
	if (kind == LACP_FRAME_LACPDU) {
		receive_lacpdu(port, &pdu);
	} else if (kind == LACP_FRAME_MARKER) {
		receive_marker(port, &marker);
	} else {
		count_other(&port->stats, kind);
		count_other(&sys->stats, kind);
	}
	fx = lacp_finish(sys);
	port->pdu = NULL;
	if (kind <= LACP_FRAME_MARKER_RESPONSE)
		fx.flags |= LACP_DID_CONSUME;
	return fx;
}

/**
 * lacp_advance() - the time asked for has come
 * @sys: the system
 * @now: the time, ms; calling early, late or twice is harmless
 *
 * Context: serialised by the caller
 * Return: what to do next
 */
struct lacp_effects lacp_advance(struct lacp_system *sys, u64 now)
{
	lacp_begin(sys, now);
	return lacp_finish(sys);
}

/**
 * lacp_next_todo() - take a port from the list of things to do
 * @sys: the system
 * @what: set to its LACP_DO_* bits, of the first four
 *
 * Context: serialised by the caller, right after an entry returned
 * Return: a port, or NULL when the list is empty
 */
struct lacp_port *lacp_next_todo(struct lacp_system *sys, u32 *what)
{
	struct lacp_port *port;

	if (list_empty(&sys->todo))
		return NULL;
	port = list_first_entry(&sys->todo, struct lacp_port, todo_list);
	list_del_init(&port->todo_list);
	*what = port->todo;
	port->todo = 0;
	return port;
}
