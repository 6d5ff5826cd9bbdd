// SPDX-License-Identifier: GPL-2.0
/*
 * active-backup: one port carries everything, the others wait.
 */
#include "bond.h"
#include "engine.h"
#include "send.h"

/**
 * bond_pick_active() - pick where one port carries everything
 * @v: the view
 * @pkt: the packet
 *
 * Context: RCU, BH off, the hot path.
 * Return: the active port, or another that can send in its place, or NULL.
 */
struct bond_port *bond_pick_active(const struct bond_view *v,
				   const struct bond_pkt *pkt)
{
	struct bond_port *port = v->active;

	if (likely(port && bond_port_live(port)))
		return port;
	return port ? bond_view_divert(v, port, 0) : NULL;
}

static netdev_tx_t active_xmit(struct sk_buff *skb, const struct bond_view *v)
{
	struct bond_port *port = v->active;

	if (likely(bond_port_live(port)))
		return bond_send_on(port, skb);
	return bond_xmit_picked(skb, v);
}

static void active_view(struct bond_view *v)
{
	if (v->active)
		v->xmit = active_xmit;
}

const struct bond_mode bond_mode_activebackup = {
	.name		= "active-backup",
	.title		= "fault-tolerance (active-backup)",
	.id		= BOND_MODE_ACTIVEBACKUP,
	.traits		= BOND_T_ACTIVE_PORT | BOND_T_QUEUE_OVERRIDE |
			  BOND_T_XDP | BOND_T_IGMP | BOND_T_FOM |
			  BOND_T_MOVES_MACS | BOND_T_PROBE_ACTIVE |
			  BOND_T_BACKUPS | BOND_T_ESP,
	.lag_tx		= NETDEV_LAG_TX_TYPE_ACTIVEBACKUP,
	.pick		= bond_pick_active,
	.view		= active_view,
	.receive	= bond_rx_single,
	.direct		= bond_direct_single,
	.port_eligible	= bond_mode_port_up,
	.carrier	= bond_mode_any_port_up,
};
