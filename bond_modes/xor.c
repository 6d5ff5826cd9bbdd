// SPDX-License-Identifier: GPL-2.0
/*
 * balance-xor: every flow has its port.
 */
#include "bond.h"
#include "engine.h"
#include "hash.h"

const struct bond_mode bond_mode_xor = {
	.name		= "balance-xor",
	.title		= "load balancing (xor)",
	.id		= BOND_MODE_XOR,
	.traits		= BOND_T_HASH | BOND_T_XDP | BOND_T_ALL_FILTERS |
			  BOND_T_SUM_SPEED | BOND_T_RX_ALL | BOND_T_MOVES_MACS,
	.lag_tx		= NETDEV_LAG_TX_TYPE_HASH,
	.pick		= bond_pick_hash,
	.view		= bond_hash_view,
	.pick_any	= bond_pick_hash_any,
	.receive	= bond_rx_any,
	.direct		= bond_direct_any,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
