// SPDX-License-Identifier: GPL-2.0
/*
 * The bond's counters: what its ports have counted while they were members.
 * They never run backwards, whoever comes and goes.
 */
#include <linux/netdevice.h>

#include "bond.h"
#include "engine.h"

#define STAT_WORDS	(sizeof(struct rtnl_link_stats64) / sizeof(u64))

/*
 * Add what a port has counted since last seen. Two readers may bring their
 * snapshots in the wrong order, so an older figure changes nothing; one that
 * fell by more than half of 32 bits comes from a driver whose counters wrap
 * there.
 */
static void fold(struct bond *bond, struct bond_port *port,
		 const struct rtnl_link_stats64 *now)
{
	const u64 *fresh = (const u64 *)now;
	u64 *seen = (u64 *)&port->stats;
	u64 *sum = (u64 *)&bond->stats;
	unsigned int i;

	lockdep_assert_held(&bond->stats_lock);
	for (i = 0; i < STAT_WORDS; i++) {
		u64 delta = fresh[i] - seen[i];

		if (fresh[i] < seen[i])
			delta = seen[i] >> 32 || seen[i] - fresh[i] < BIT(31) ?
				0 : (u32)delta;
		sum[i] += delta;
		seen[i] = fresh[i];
	}
}

/* Answers whether it was done; if not, somebody else has just done it. */
static bool fold_port(struct bond *bond, struct bond_port *port)
{
	u32 round = READ_ONCE(port->stats_round);
	struct rtnl_link_stats64 now;
	bool latest;

	dev_get_stats(port->dev, &now);
	spin_lock_bh(&bond->stats_lock);
	latest = port->stats_round == round;
	if (latest) {
		fold(bond, port, &now);
		WRITE_ONCE(port->stats_round, round + 1);
	}
	spin_unlock_bh(&bond->stats_lock);
	return latest;
}

/**
 * bond_get_stats64() - ndo_get_stats64
 * @dev: the bond
 * @out: where to put the counters
 *
 * No lock is held while a port is asked, so bonds may stand on bonds.
 *
 * Context: any but hard interrupt.
 */
void bond_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *out)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;

	rcu_read_lock();
	bond_for_each_port_rcu(bond, port)
		if (!READ_ONCE(port->gone))
			fold_port(bond, port);
	rcu_read_unlock();

	spin_lock_bh(&bond->stats_lock);
	*out = bond->stats;
	spin_unlock_bh(&bond->stats_lock);
}

/**
 * bond_stats_start() - count what a joining port counts from now on
 * @port: the port, not on the list yet
 *
 * Context: RTNL.
 */
void bond_stats_start(struct bond_port *port)
{
	dev_get_stats(port->dev, &port->stats);
}

/**
 * bond_stats_finish() - keep what a leaving port has counted
 * @port: the port, marked gone
 *
 * Context: RTNL.
 */
void bond_stats_finish(struct bond_port *port)
{
	while (!fold_port(port->bond, port))
		cpu_relax();
}
