/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ARP and NS monitor: what it knows of a bond and of a port, and what the
 * engine calls of it. The decisions are bond_core/probe.c's.
 */
#ifndef BOND_PROBER_H
#define BOND_PROBER_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "config.h"
#include "../bond_core/probe.h"

struct bond;
struct bond_port;
struct bond_view;

/**
 * struct bond_probe_plan - the monitor's settings as readers without locks see
 *	them; part of the view
 * @cfg: the options, pointing to the lists below
 * @v4: IPv4 targets, 0 ends the list
 * @v6: IPv6 targets, :: ends the list
 */
struct bond_probe_plan {
	struct probe_config cfg;
	__be32 v4[PROBE_TARGETS];
	struct in6_addr v6[PROBE_TARGETS];
};

/**
 * struct bond_prober - the monitor of one bond
 * @on: the bond is up and has an arp_interval. Protected by bond->lock
 * @interval: ms between two probes while @on. Protected by bond->lock
 * @due: when the next interval begins, bond_now(). Protected by bond->lock
 * @wake: when the monitor wants to run next, to ask or to judge. Protected by
 *	bond->lock
 * @excused: it came late the last time and judged nobody. Protected by
 *	bond->lock
 * @trial: no port is active and it is this one's turn to ask. Written under
 *	bond->lock, read anywhere as a mere name
 * @v4: IPv4 targets that the ports' times are about. Protected by bond->lock
 * @v6: the same of IPv6
 * @validate: arp_validate by which the ports' times were noted. As @v4
 * @all_targets: arp_all_targets, where it means something. As @v4
 * @spoke: when each IPv4 target was last heard, by any port, bond_now(). Any
 *	context with WRITE_ONCE
 * @spoke_from: with which MAC address, ether_addr_to_u64(), 0 = it never was.
 *	As @spoke
 * @groups: NS targets whose groups the backup ports have joined. Protected by
 *	RTNL
 */
struct bond_prober {
	bool on;
	u32 interval;
	u64 due;
	u64 wake;
	bool excused;
	struct bond_port *trial;
	__be32 v4[PROBE_TARGETS];
	struct in6_addr v6[PROBE_TARGETS];
	u32 validate;
	bool all_targets;
	u64 spoke[PROBE_TARGETS];
	u64 spoke_from[PROBE_TARGETS];
	struct in6_addr groups[PROBE_TARGETS];
};

/**
 * struct bond_port_prober - the monitor's part of a port
 * @times: when the port sent and heard, stamped from any context
 * @silent: the monitor's verdict: no sign of life, or none since the link was
 *	lost. Written under bond->lock, read anywhere with READ_ONCE
 * @silent_at: ms, when it last was found so, 0 = that no longer counts.
 *	Protected by bond->lock
 * @chances: how many in a row it has wasted (802.3ad). Protected by bond->lock
 * @listens: which groups of bond_prober.groups are joined, a bit each. Protected
 *	by RTNL
 */
struct bond_port_prober {
	struct probe_times times;
	bool silent;
	u8 chances;
	u64 silent_at;
	u32 listens;
};

/* bond_probe.c */
void bond_probe_receive(const struct bond_view *v, struct bond_port *port,
			const struct sk_buff *skb);
void bond_probe_renew(struct bond_port *port);
void bond_probe_lost(struct bond_port *port);
void bond_probe_tick(struct bond *bond, u64 now);

/* bond_probe_start.c */
void bond_probe_plan_fill(struct bond_probe_plan *plan,
			  const struct bond *bond);
void bond_probe_port_init(struct bond_port *port);
void bond_probe_config(struct bond *bond);

/* bond_probe_send.c */
void bond_probe_send(const struct bond_view *v, struct bond_port *only,
		     u64 now);

/* bond_probe_groups.c */
void bond_probe_groups(struct bond *bond);
void bond_probe_groups_leave(struct bond_port *port);

#endif
