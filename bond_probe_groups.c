// SPDX-License-Identifier: GPL-2.0
/*
 * What a backup port must hear for its neighbour discovery to be validated:
 * the questions of the active port, sent to the solicited-node groups of the
 * targets.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>

#include "bond.h"
#include "prober.h"

/* Memory may be short for a group: the next telling tries it again. */
static void join(struct bond_port *port, bool on)
{
	const struct in6_addr *target = port->bond->prober.groups;
	u32 *listens = &port->probe.listens;
	struct in6_addr group;
	u8 mac[ETH_ALEN];
	int i;

	for (i = 0; i < PROBE_TARGETS && !ipv6_addr_any(&target[i]); i++) {
		if (on == !!(*listens & BIT(i)))
			continue;
		probe_solicited(&target[i], &group, mac);
		if (!on)
			dev_mc_del(port->dev, mac);
		else if (dev_mc_add(port->dev, mac))
			continue;
		*listens ^= BIT(i);
	}
}

static bool wants(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	return (bond->mode->traits & BOND_T_PROBE_ACTIVE) &&
	       bond->config.arp_validate && port != bond->told_active &&
	       port->dev->type == ARPHRD_ETHER &&
	       (port->dev->flags & IFF_MULTICAST);
}

/**
 * bond_probe_groups_leave() - a port leaves the bond
 * @port: the port
 *
 * Context: RTNL. Harmless when nothing was joined.
 */
void bond_probe_groups_leave(struct bond_port *port)
{
	ASSERT_RTNL();
	join(port, false);
}

/**
 * bond_probe_groups() - roles or settings may have changed
 * @bond: the bond
 *
 * Context: RTNL. Harmless when all is as it should be.
 */
void bond_probe_groups(struct bond *bond)
{
	struct bond_prober *p = &bond->prober;
	struct bond_port *port;

	ASSERT_RTNL();
	if (memcmp(p->groups, bond->config.ns_targets, sizeof(p->groups))) {
		bond_for_each_port(bond, port)
			join(port, false);
		memcpy(p->groups, bond->config.ns_targets, sizeof(p->groups));
	}
	bond_for_each_port(bond, port)
		join(port, wants(port));
}
