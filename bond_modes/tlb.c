// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb: what the bond sends is spread over the ports, by measured load
 * or by hash; what it receives comes by the active port. Switches need to know
 * nothing of it.
 */
#include "balance.h"
#include "engine.h"

const struct bond_mode bond_mode_tlb = {
	.name		= "balance-tlb",
	.title		= "transmit load balancing",
	.id		= BOND_MODE_TLB,
	.traits		= BOND_T_ACTIVE_PORT | BOND_T_NO_PROBES | BOND_T_HASH_OPTIONAL |
			  BOND_T_SUM_SPEED | BOND_T_RX_ALL | BOND_T_IGMP | BOND_T_MOVES_MACS |
			  BOND_T_NEEDS_SPEED | BOND_T_XDP | BOND_T_OWN_MACS,
	.lag_tx		= NETDEV_LAG_TX_TYPE_UNKNOWN,
	.open		= bond_balance_open,
	.close		= bond_balance_close,
	.exit		= bond_balance_exit,
	.port_join	= bond_balance_join,
	.port_leave	= bond_balance_leave,
	.port_speed	= bond_balance_speed,
	.config		= bond_balance_config,
	.address	= bond_balance_address,
	.tick		= bond_balance_tick,
	.pick		= bond_pick_active, /* each view has a better one */
	.view		= bond_balance_view,
	.receive	= bond_balance_receive,
	.direct		= bond_balance_direct,
	.counters	= 1,
	.counter_names	= bond_balance_counters,
	.count		= bond_balance_count,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
