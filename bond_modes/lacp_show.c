// SPDX-License-Identifier: GPL-2.0
/*
 * 802.3ad: what /proc, netlink and sysfs show, taken from the core under the
 * lock that protects it.
 */
#include <linux/if_bonding.h>
#include <linux/if_link.h>

#include "engine.h"
#include "lacp_mode.h"

/* A reader may come with a mode that is no longer the bond's. */
static const struct bond_lacp *lacp_of(const struct bond *bond)
{
	lockdep_assert_held(&bond->lock);
	return bond->mode->traits & BOND_T_LACP ? bond->mode_data : NULL;
}

/**
 * bond_lacp_ad_info() - the active aggregator
 * @bond: the bond
 * @out: filled, as far as there is something to tell
 *
 * Context: any.
 * Return: true when there is an active aggregator.
 */
bool bond_lacp_ad_info(const struct bond *bond, struct bond_ad_info *out)
{
	const struct bond_lacp *lacp;
	struct lacp_agg_info agg;
	unsigned long flags;
	bool found = false;

	memset(out, 0, sizeof(*out));
	spin_lock_irqsave(bond_lock_of(bond), flags);
	lacp = lacp_of(bond);
	if (lacp) {
		out->sys_prio = lacp->core.cfg.sys_prio;
		ether_addr_copy(out->system, lacp->core.cfg.system);
		found = lacp_active_info(&lacp->core, &agg);
	}
	spin_unlock_irqrestore(bond_lock_of(bond), flags);
	if (!found)
		return false;
	out->aggregator = agg.id;
	out->ports = agg.ports;
	out->actor_key = agg.actor_key;
	out->partner_key = agg.partner_key;
	ether_addr_copy(out->partner_mac, agg.partner_system);
	return true;
}

static void show_end(const struct lacp_info *info, struct bond_ad_end *out)
{
	out->sys_prio = info->sys_prio;
	out->key = info->key;
	out->port_prio = info->port_prio;
	out->port = info->port;
	out->state = info->state;
	ether_addr_copy(out->system, info->system);
}

static void show_port(const struct lacp_port *core, struct bond_port_ad *out)
{
	struct lacp_info info;

	lacp_port_actor(core, &info);
	show_end(&info, &out->actor);
	lacp_port_partner(core, &info);
	show_end(&info, &out->partner);
	out->aggregator = lacp_port_agg_id(core);
	out->actor_churn = core->state[LACP_MACHINE_ACTOR_CHURN];
	out->partner_churn = core->state[LACP_MACHINE_PARTNER_CHURN];
	out->actor_churned = core->actor_churned;
	out->partner_churned = core->partner_churned;
	out->reason = lacp_reason_name(core->reason);
}

/**
 * bond_lacp_port_ad() - one port
 * @port: the port
 * @out: filled
 *
 * Context: any.
 * Return: true when the port has an aggregator.
 */
bool bond_lacp_port_ad(const struct bond_port *port, struct bond_port_ad *out)
{
	const struct bond_lacp_port *lp;
	unsigned long flags;

	memset(out, 0, sizeof(*out));
	spin_lock_irqsave(bond_lock_of(port->bond), flags);
	lp = lacp_of(port->bond) ? port->mode_data : NULL;
	if (lp && lp->begun)
		show_port(&lp->core, out);
	spin_unlock_irqrestore(bond_lock_of(port->bond), flags);
	return out->aggregator;
}

static void show_stats(const struct lacp_stats *in, struct bond_ad_stats *out)
{
	out->count[BOND_3AD_STAT_LACPDU_RX] = in->lacpdu_rx;
	out->count[BOND_3AD_STAT_LACPDU_TX] = in->lacpdu_tx;
	out->count[BOND_3AD_STAT_LACPDU_UNKNOWN_RX] = in->lacpdu_unknown_rx;
	out->count[BOND_3AD_STAT_LACPDU_ILLEGAL_RX] = in->lacpdu_illegal_rx;
	out->count[BOND_3AD_STAT_MARKER_RX] = in->marker_rx;
	out->count[BOND_3AD_STAT_MARKER_TX] = in->marker_tx;
	out->count[BOND_3AD_STAT_MARKER_RESP_RX] = in->marker_resp_rx;
	out->count[BOND_3AD_STAT_MARKER_RESP_TX] = in->marker_resp_tx;
	out->count[BOND_3AD_STAT_MARKER_UNKNOWN_RX] = in->marker_unknown_rx;
}

/**
 * bond_lacp_ad_stats() - counters of a bond or of one of its ports
 * @bond: the bond
 * @port: the port, or NULL for the sum over all that ever were members
 * @out: filled
 *
 * Context: any.
 */
void bond_lacp_ad_stats(const struct bond *bond, const struct bond_port *port,
			struct bond_ad_stats *out)
{
	const struct bond_lacp_port *lp = NULL;
	const struct bond_lacp *lacp;
	unsigned long flags;

	memset(out, 0, sizeof(*out));
	spin_lock_irqsave(bond_lock_of(bond), flags);
	lacp = lacp_of(bond);
	if (lacp && port)
		lp = port->mode_data;
	if (lp)
		show_stats(&lp->core.stats, out);
	else if (lacp && !port)
		show_stats(&lacp->core.stats, out);
	spin_unlock_irqrestore(bond_lock_of(bond), flags);
}

const char * const bond_lacp_counters[BOND_LACP_COUNTERS] = {
	"lacp_late", "lacp_late_ms", "lacp_marker_limited",
};

/**
 * bond_lacp_count() - mode->count: how often our own timer was late, by how many
 *	ms together, and the Marker requests that went unanswered
 * @bond: the bond
 * @to: where the BOND_LACP_COUNTERS counters go
 *
 * Context: RTNL.
 */
void bond_lacp_count(const struct bond *bond, u64 *to)
{
	const struct bond_lacp *lacp;
	unsigned long flags;

	memset(to, 0, BOND_LACP_COUNTERS * sizeof(*to));
	spin_lock_irqsave(bond_lock_of(bond), flags);
	lacp = lacp_of(bond);
	if (lacp) {
		to[0] = lacp->core.stats.late;
		to[1] = lacp->core.stats.late_ms;
		to[2] = lacp->core.stats.marker_limited;
	}
	spin_unlock_irqrestore(bond_lock_of(bond), flags);
}
