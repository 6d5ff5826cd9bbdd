// SPDX-License-Identifier: GPL-2.0
/*
 * broadcast: every packet leaves by every port.
 */
#include "bond.h"
#include "engine.h"

static struct bond_port *broadcast_pick(const struct bond_view *v,
					const struct bond_pkt *pkt)
{
	return v->usable ? BOND_PICK_ALL : NULL;
}

static void broadcast_view(struct bond_view *v)
{
	if (v->usable)
		v->xmit = bond_xmit_all;
}

const struct bond_mode bond_mode_broadcast = {
	.name		= "broadcast",
	.title		= "fault-tolerance (broadcast)",
	.id		= BOND_MODE_BROADCAST,
	.traits		= BOND_T_ALL_FILTERS | BOND_T_RX_ALL,
	.lag_tx		= NETDEV_LAG_TX_TYPE_BROADCAST,
	.pick		= broadcast_pick,
	.view		= broadcast_view,
	.receive	= bond_rx_any,
	.direct		= bond_direct_any,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
