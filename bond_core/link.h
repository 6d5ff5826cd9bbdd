/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link core: is a port usable, given what its carrier (or its probes) say
 * and the delays the administrator asked for? Times are ms on any monotone
 * clock, handed in by the caller.
 */
#ifndef BOND_CORE_LINK_H
#define BOND_CORE_LINK_H

#include "shim.h"

/* the numbers are those of netlink and sysfs (BOND_LINK_*) */
enum link_state {
	LINK_UP,	/* usable */
	LINK_FAIL,	/* signal lost, tolerated until the deadline */
	LINK_DOWN,	/* not usable */
	LINK_BACK,	/* signal back, not trusted until the deadline */
};

/**
 * struct link - the link of one port
 * @state: where it stands
 * @deadline: when FAIL or BACK ends, ms; 0 in UP and DOWN
 */
struct link {
	enum link_state state;
	u64 deadline;
};

/**
 * struct link_rules - what governs a step
 * @updelay: ms a signal must last
 * @downdelay: ms a lost signal is tolerated
 * @hurry: no port is usable, so a returning signal is taken at once
 */
struct link_rules {
	u32 updelay;
	u32 downdelay;
	bool hurry;
};

bool link_step(struct link *link, bool signal, const struct link_rules *rules,
	       u64 now);
const char *link_state_name(enum link_state state);

/**
 * link_usable() - may traffic be planned for this port?
 * @state: its link state
 *
 * A port whose loss is still tolerated stays in the plan; the transmit path
 * avoids it packet by packet for as long as its device reports no carrier.
 *
 * Context: any.
 * Return: true for LINK_UP and LINK_FAIL.
 */
static inline bool link_usable(enum link_state state)
{
	return state == LINK_UP || state == LINK_FAIL;
}

#endif
