// SPDX-License-Identifier: GPL-2.0
/*
 * 802.3ad. For now everything goes by one port.
 */
#include "bond.h"
#include "engine.h"

static struct bond_port *lacp_pick(const struct bond_view *v,
				   const struct bond_pkt *pkt)
{
	struct bond_port *port = v->active ?: v->usable ? v->ports[0] : NULL;

	if (likely(port && bond_port_live(port)))
		return port;
	return port ? bond_view_divert(v, port, 0) : NULL;
}

const struct bond_mode bond_mode_lacp = {
	.name		= "802.3ad",
	.title		= "IEEE 802.3ad Dynamic link aggregation",
	.id		= BOND_MODE_8023AD,
	.traits		= BOND_T_NO_PROBES | BOND_T_ETHER_ONLY | BOND_T_LACP | BOND_T_HASH | BOND_T_ALL_FILTERS | BOND_T_SUM_SPEED,
	.lag_tx		= NETDEV_LAG_TX_TYPE_HASH,
	.pick		= lacp_pick,
	.receive	= bond_rx_any,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
