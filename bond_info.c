// SPDX-License-Identifier: GPL-2.0
/*
 * What the oldest interface tells of a bond and its ports: the structs of the
 * ioctls, which notifiers carry too.
 */
#include <linux/if_bonding.h>
#include <linux/string.h>

#include "bond.h"
#include "engine.h"

/**
 * bond_fill_ifbond() - describe a bond
 * @bond: the bond
 * @out: where to
 *
 * Context: RTNL.
 */
void bond_fill_ifbond(const struct bond *bond, struct ifbond *out)
{
	out->bond_mode = bond->config.mode;
	out->miimon = bond->config.miimon;
	out->num_slaves = bond->nports;
}

/**
 * bond_fill_ifslave() - describe a port
 * @port: the port
 * @out: where to; @out->slave_id is its place in the bond
 *
 * Context: RTNL.
 */
void bond_fill_ifslave(const struct bond_port *port, struct ifslave *out)
{
	const struct bond_port *other;

	out->slave_id = 0;
	bond_for_each_port(port->bond, other) {
		if (other == port)
			break;
		out->slave_id++;
	}
	strscpy(out->slave_name, port->dev->name, IFNAMSIZ);
	out->link = port->told_link;
	out->state = port->told_idle ? BOND_STATE_BACKUP : BOND_STATE_ACTIVE;
	out->link_failure_count = READ_ONCE(port->failures);
}
