/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the 802.3ad mode share: how bonds and ports hang on the
 * LACP core (bond_core/lacp.h).
 */
#ifndef BOND_MODES_LACP_MODE_H
#define BOND_MODES_LACP_MODE_H

#include <linux/skbuff.h>

#include "../bond_core/lacp.h"
#include "bond.h"

/**
 * struct bond_lacp - the 802.3ad side of a bond
 * @core: its LACP system
 * @bond: the bond
 * @out: frames waiting for the lock to be dropped
 * @sending: a processor sends them; read without the lock by who waits for it
 * @late: lateness of our own timer that was reported so far, ms
 * @up: the bond is up
 * @alone: it was logged that no port has a partner, and since then none was
 *	bundled and the bond was not set up anew
 * @log_alone: log it
 * @announce: peers are to be told, a port began to carry traffic
 *
 * Made with the first port and kept until the mode changes, so that counters
 * survive the ports. All of it is protected by bond->lock.
 */
struct bond_lacp {
	struct lacp_system core;
	struct bond *bond;
	struct sk_buff_head out;
	u64 late;
	bool sending;
	bool up;
	bool alone;
	bool log_alone;
	bool announce;
};

/**
 * struct bond_lacp_port - the 802.3ad side of a port
 * @core: its LACP machines. Protected by bond->lock
 * @port: the port
 * @listening: the device receives slow-protocol frames. Protected by RTNL
 * @begun: the bond was up since the port joined. Protected by bond->lock
 */
struct bond_lacp_port {
	struct lacp_port core;
	struct bond_port *port;
	bool listening;
	bool begun;
};

static inline struct bond_lacp_port *
bond_lacp_port_of(const struct lacp_port *core)
{
	return container_of(core, struct bond_lacp_port, core);
}

extern const u8 bond_lacp_address[ETH_ALEN];

/* lacp_act.c: what the core asks for */
void bond_lacp_act(struct bond *bond, struct lacp_effects fx);
void bond_lacp_unlock(struct bond *bond, unsigned long flags)
	__releases(&bond->lock);
void bond_lacp_flush(const struct bond_lacp *lacp);
struct sk_buff *bond_lacp_goodbye(struct bond_lacp_port *lp, bool leaves);
void bond_lacp_part(struct bond_port *port);
void bond_lacp_linger(struct bond *bond);

/* lacp_show.c: what the doors ask for */
bool bond_lacp_ad_info(const struct bond *bond, struct bond_ad_info *out);
bool bond_lacp_port_ad(const struct bond_port *port, struct bond_port_ad *out);
void bond_lacp_ad_stats(const struct bond *bond, const struct bond_port *port,
			struct bond_ad_stats *out);

#define BOND_LACP_COUNTERS	3

extern const char * const bond_lacp_counters[BOND_LACP_COUNTERS];
void bond_lacp_count(const struct bond *bond, u64 *to);

#endif
