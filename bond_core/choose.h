/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Choice core: which port shall be the active one? Plain facts in, an index
 * out.
 */
#ifndef BOND_CORE_CHOOSE_H
#define BOND_CORE_CHOOSE_H

#include "shim.h"
#include "link.h"

/* values of the option primary_reselect */
enum choose_reselect {
	CHOOSE_ALWAYS,
	CHOOSE_BETTER,
	CHOOSE_FAILURE,
};

/**
 * struct choose_port - a candidate
 * @state: its link state
 * @live: its device could send right now
 * @primary: it is the preferred port
 * @prio: preference, higher wins
 * @speed: Mbit/s, 0 unknown
 * @full_duplex: full duplex
 * @signal: its monitors say so too, whether they are believed or not; this and
 *	the next are for choose_soonest()
 * @suppressed: it flaps, and its signal is not believed
 * @deadline: when BACK or the suppression ends, ms
 */
struct choose_port {
	enum link_state state;
	bool live;
	bool primary;
	s32 prio;
	u32 speed;
	bool full_duplex;
	bool signal;
	bool suppressed;
	u64 deadline;
};

/**
 * struct choose_rules - how to choose
 * @reselect: when a returning primary takes over
 * @force: the primary takes over now whatever @reselect says
 * @current_port: index of the port in use, -1 none
 */
struct choose_rules {
	enum choose_reselect reselect;
	bool force;
	int current_port;
};

int choose_active(const struct choose_port *ports, int n,
		  const struct choose_rules *rules);
int choose_soonest(const struct choose_port *ports, int n);

#endif
