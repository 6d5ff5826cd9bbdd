/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the LACP core share among themselves. */
#ifndef BOND_CORE_LACP_PRIV_H
#define BOND_CORE_LACP_PRIV_H

#include "lacp.h"

/* 6.4.4, in ms */
#define LACP_FAST_PERIODIC_TIME		1000
#define LACP_SLOW_PERIODIC_TIME		30000
#define LACP_SHORT_TIMEOUT_TIME		3000
#define LACP_LONG_TIMEOUT_TIME		90000
#define LACP_CHURN_DETECTION_TIME	60000
#define LACP_AGGREGATE_WAIT_TIME	2000

/*
 * A slot of a rate limit is busy for a second and two ms: the limit counts
 * frames in any closed one-second window, our clock tells whole milliseconds,
 * and the first of them may leave later than was decided.
 */
#define LACP_SLOT_TIME		1002
#define LACP_RETRY_TIME		100	/* after the device refused a frame */
#define LACP_LATE_TIME		100	/* our timer is that late: starved */

/*
 * An attached active aggregator whose partner stays out of sync is given up
 * after these times if another one would do. The end of lower precedence
 * yields first, so two systems cannot chase each other.
 */
#define LACP_REFUSED_TIME_YIELD	3000
#define LACP_REFUSED_TIME_HOLD	10000

#define LACP_KEY_FULL_DUPLEX	BIT(0)
#define LACP_KEY_SPEED_SHIFT	1
#define LACP_KEY_USER_SHIFT	6

#define LACP_ANY	0xff	/* lacp_step.from: every state but @to */

/**
 * struct lacp_step - a transition of a machine
 * @from: state, or LACP_ANY for a global transition
 * @to: where it leads; @to equal @from enters the state again
 * @when: the condition
 */
struct lacp_step {
	u8 from;
	u8 to;
	bool (*when)(const struct lacp_port *port);
};

/**
 * struct lacp_state - what happens on entry to a state
 * @enter: the actions of the standard's box
 */
struct lacp_state {
	void (*enter)(struct lacp_port *port);
};

/**
 * struct lacp_machine - a state machine of a port
 * @steps: transitions, the first whose condition holds is taken
 * @nsteps: how many
 * @states: actions, by state
 */
struct lacp_machine {
	const struct lacp_step *steps;
	unsigned int nsteps;
	const struct lacp_state *states;
};

extern const struct lacp_machine lacp_rx_machine;
extern const struct lacp_machine lacp_periodic_machine;
extern const struct lacp_machine lacp_mux_coupled;
extern const struct lacp_machine lacp_mux_independent;
extern const struct lacp_machine lacp_actor_churn_machine;
extern const struct lacp_machine lacp_partner_churn_machine;

/* lacp_run.c */
void lacp_begin(struct lacp_system *sys, u64 now);
struct lacp_effects lacp_finish(struct lacp_system *sys);
void lacp_go(struct lacp_port *port, enum lacp_machine_id id, u8 to);
void lacp_touch(struct lacp_port *port);
void lacp_ask(struct lacp_port *port, u32 what);

/* lacp_select.c */
void lacp_select(struct lacp_system *sys);
void lacp_unselect(struct lacp_port *port);
struct lacp_aggregator *lacp_agg_give_back(struct lacp_port *port);
bool lacp_agg_ready(const struct lacp_aggregator *agg, const struct lacp_system *sys);

/* lacp_rx.c */
bool lacp_same_port(const struct lacp_info *a, const struct lacp_info *b);
bool lacp_same_system(const struct lacp_info *a, const struct lacp_info *b);

/* lacp_mux.c */
bool lacp_partner_in_sync(const struct lacp_port *port);
void lacp_wait(struct lacp_port *port);

/* lacp_tx.c */
bool lacp_no_periodic(const struct lacp_port *port);
void lacp_transmit(struct lacp_port *port);
bool lacp_slot_take(u64 *slots, unsigned int n, u64 now);

/* lacp_report.c */
enum lacp_reason lacp_reason_of(const struct lacp_port *port);

static inline void lacp_timer_start(struct lacp_port *port, enum lacp_timer t, u32 ms)
{
	port->timer[t] = port->sys->now + ms;
}

static inline void lacp_timer_stop(struct lacp_port *port, enum lacp_timer t)
{
	port->timer[t] = LACP_NEVER;
}

static inline bool lacp_timer_due(const struct lacp_port *port, enum lacp_timer t)
{
	return port->timer[t] <= port->sys->now;
}

/* the guard of an unconditional transition */
static inline bool lacp_always(const struct lacp_port *port)
{
	return port->sys;
}

#endif
