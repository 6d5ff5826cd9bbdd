// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb. For now everything goes and comes by one port, as in active-backup.
 */
#include "bond.h"
#include "engine.h"

static struct bond_port *tlb_pick(const struct bond_view *v,
				  const struct bond_pkt *pkt)
{
	struct bond_port *port = v->active ?: v->usable ? v->ports[0] : NULL;

	if (likely(port && bond_port_live(port)))
		return port;
	return port ? bond_view_divert(v, port, 0) : NULL;
}

const struct bond_mode bond_mode_tlb = {
	.name		= "balance-tlb",
	.title		= "transmit load balancing",
	.id		= BOND_MODE_TLB,
	.traits		= BOND_T_ACTIVE_PORT | BOND_T_NO_PROBES | BOND_T_HASH_OPTIONAL |
			  BOND_T_SUM_SPEED | BOND_T_RX_ALL | BOND_T_IGMP | BOND_T_MOVES_MACS |
			  BOND_T_NEEDS_SPEED,
	.lag_tx		= NETDEV_LAG_TX_TYPE_UNKNOWN,
	.pick		= tlb_pick,
	.receive	= bond_rx_single,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
