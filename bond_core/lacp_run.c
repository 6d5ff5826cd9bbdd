// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the machines until nothing moves any more.
 *
 * An entry (lacp_port.c) calls lacp_begin(), changes what it came to change,
 * marks the ports concerned with lacp_touch() and ends with lacp_finish().
 * Machines never call each other: they set variables, and whatever follows from
 * that is found in the next round.
 */
#include "lacp_priv.h"

/*
 * More than any chain of consequences needs (a round is machines to rest, then
 * selection). Reaching a bound means that two rules fight; better to stop and
 * be called again than to spin with a lock held.
 */
#define MAX_ROUNDS	32
#define MAX_STEPS	64
#define PAUSE_TIME	100

static const struct lacp_machine *machine_of(const struct lacp_port *port,
					     enum lacp_machine_id id)
{
	static const struct lacp_machine *const machines[LACP_MACHINES] = {
		[LACP_MACHINE_RECEIVE]		= &lacp_rx_machine,
		[LACP_MACHINE_PERIODIC]		= &lacp_periodic_machine,
		[LACP_MACHINE_MUX]		= &lacp_mux_coupled,
		[LACP_MACHINE_ACTOR_CHURN]	= &lacp_actor_churn_machine,
		[LACP_MACHINE_PARTNER_CHURN]	= &lacp_partner_churn_machine,
	};

	if (id == LACP_MACHINE_MUX && !port->sys->cfg.coupled)
		return &lacp_mux_independent;
	return machines[id];
}

/**
 * lacp_touch() - have the machines of a port look again
 * @port: the port
 *
 * Context: serialised by the caller
 */
void lacp_touch(struct lacp_port *port)
{
	port->dirty = true;
	port->touched = true;
	port->sys->dirty = true;
}

/**
 * lacp_ask() - put something on the caller's list
 * @port: the port it concerns
 * @what: LACP_DO_* bit
 *
 * Context: serialised by the caller
 */
void lacp_ask(struct lacp_port *port, u32 what)
{
	port->todo |= what;
	port->sys->todo_flags |= what;
	if (list_empty(&port->todo_list))
		list_add_tail(&port->todo_list, &port->sys->todo);
}

/**
 * lacp_go() - enter a state
 * @port: the port
 * @id: the machine
 * @to: the state, which may be the present one
 *
 * Context: serialised by the caller
 */
void lacp_go(struct lacp_port *port, enum lacp_machine_id id, u8 to)
{
	const struct lacp_hooks *hooks = port->sys->hooks;
	u8 from = port->state[id];

	port->state[id] = to;
	machine_of(port, id)->states[to].enter(port);
	if (from == to)
		return;
	if (id == LACP_MACHINE_RECEIVE || id == LACP_MACHINE_MUX)
		port->sys->reselect = true;
	if (hooks && hooks->trace)
		hooks->trace(port, id, from, to);
}

static bool step(struct lacp_port *port, enum lacp_machine_id id)
{
	const struct lacp_machine *m = machine_of(port, id);
	const struct lacp_step *s;
	u8 cur = port->state[id];

	for (s = m->steps; s < m->steps + m->nsteps; s++) {
		if (s->from != cur && (s->from != LACP_ANY || s->to == cur))
			continue;
		if (!s->when(port))
			continue;
		lacp_go(port, id, s->to);
		return true;
	}
	return false;
}

static void run_machines(struct lacp_port *port)
{
	unsigned int steps = 0;
	bool moved;
	int id;

	do {
		moved = false;
		for (id = 0; id < LACP_MACHINES; id++) {
			if (!step(port, id))
				continue;
			moved = true;
			if (WARN_ON_ONCE(++steps > MAX_STEPS))
				return;
		}
	} while (moved);
}

/* Ready_N: not a state of the Mux machine, yet it may move others' machines. */
static void note_wait_over(struct lacp_port *port)
{
	if (!lacp_timer_due(port, LACP_T_WAIT_WHILE))
		return;
	lacp_timer_stop(port, LACP_T_WAIT_WHILE);
	port->ready_n = true;
	port->sys->reselect = true;
}

static bool one_round(struct lacp_system *sys)
{
	struct lacp_port *port;

	if (!sys->dirty && !sys->reselect)
		return false;
	sys->dirty = false;
	list_for_each_entry(port, &sys->ports, list) {
		if (!port->dirty)
			continue;
		port->dirty = false;
		note_wait_over(port);
		run_machines(port);
	}
	if (sys->reselect) {
		sys->reselect = false;
		sys->rereason = true;
		lacp_select(sys);
	}
	return true;
}

static void note_reason(struct lacp_port *port)
{
	enum lacp_reason reason = lacp_reason_of(port);

	if (reason == port->reason)
		return;
	port->reason = reason;
	lacp_ask(port, LACP_DO_REASON);
}

static void note_next(struct lacp_port *port)
{
	int t;

	port->next = LACP_NEVER;
	for (t = 0; t < LACP_TIMERS; t++)
		port->next = min(port->next, port->timer[t]);
}

/*
 * If our own timer came late, LACPDUs may lie unread in a queue for the same
 * reason. Give every partner that much longer instead of dropping links that
 * are in order.
 */
static void forgive_lateness(struct lacp_system *sys)
{
	struct lacp_port *port;
	u64 late = sys->now - sys->next, *timer;

	sys->stats.late++;
	sys->stats.late_ms += late;
	list_for_each_entry(port, &sys->ports, list) {
		timer = &port->timer[LACP_T_CURRENT_WHILE];
		if (*timer == LACP_NEVER)
			continue;
		/* where this is what was late there must be time left to read */
		*timer = max(*timer + late,
			     sys->now + min(late, (u64)LACP_FAST_PERIODIC_TIME));
		port->stats.late++;
		port->stats.late_ms += late;
		note_next(port);
	}
}

/**
 * lacp_begin() - open a call into the core
 * @sys: the system
 * @now: the time, ms; an earlier one than before counts as no time passed
 *
 * Whatever deadline has passed is handled in this call, whoever made it.
 *
 * Context: serialised by the caller
 */
void lacp_begin(struct lacp_system *sys, u64 now)
{
	struct lacp_port *port;

	sys->now = max(sys->now, now);
	if (sys->now >= sys->next && sys->now - sys->next >= LACP_LATE_TIME)
		forgive_lateness(sys);
	list_for_each_entry(port, &sys->ports, list)
		if (port->next <= sys->now)
			lacp_touch(port);
	if (sys->refuse_at <= sys->now)
		sys->reselect = true;
}

/**
 * lacp_finish() - close a call: run all machines, tell what follows
 * @sys: the system
 *
 * Context: serialised by the caller
 * Return: what the caller has to do
 */
struct lacp_effects lacp_finish(struct lacp_system *sys)
{
	struct lacp_effects fx;
	struct lacp_port *port;
	unsigned int rounds = 0;
	bool stuck = false;

	while (!stuck && one_round(sys))
		stuck = WARN_ON_ONCE(++rounds > MAX_ROUNDS);

	sys->next = sys->refuse_at;
	list_for_each_entry(port, &sys->ports, list) {
		if (port->touched) {
			lacp_transmit(port);
			note_next(port);
		}
		if (port->touched || sys->rereason)
			note_reason(port);
		port->touched = false;
		sys->next = min(sys->next, port->next);
	}
	if (stuck)
		sys->next = sys->now + PAUSE_TIME;
	sys->rereason = false;
	if (sys->carrier != lacp_carrier(sys)) {
		sys->carrier = !sys->carrier;
		sys->todo_flags |= LACP_DO_CARRIER;
	}
	fx.next = sys->next;
	fx.flags = sys->todo_flags;
	sys->todo_flags = 0;
	return fx;
}
