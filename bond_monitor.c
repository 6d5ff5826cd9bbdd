// SPDX-License-Identifier: GPL-2.0
/*
 * The link monitor. Nothing polls: carrier comes as notifier events (link
 * watch treats ports of a bond as urgent), as what the transmit and receive
 * paths see in the device's state, and as deadlines of pending delays.
 */
#include <linux/netdevice.h>
#include <net/sch_generic.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "ledger.h"

/*
 * A carrier that returned is of no use before link watch has opened the
 * device's queues: what is sent until then is dropped. Its event brings us
 * back here. Queues that are closed without it pending are being replaced.
 */
static bool queues_closed(const struct bond_port *port)
{
	return READ_ONCE(port->link.state) != LINK_UP &&
	       test_bit(__LINK_STATE_LINKWATCH_PENDING, &port->dev->state) &&
	       qdisc_tx_is_noop(port->dev);
}

/**
 * bond_monitor_signal() - is a port's signal present?
 * @port: the port
 *
 * Carrier and probes can each fail a port; a monitor that is off has no say.
 *
 * Context: bond->lock held, any context.
 * Return: true when it is.
 */
bool bond_monitor_signal(const struct bond_port *port)
{
	lockdep_assert_held(&port->bond->lock);
	if (READ_ONCE(port->closing) || port->probe.silent)
		return false;
	return bond_port_live(port) && !queues_closed(port);
}

/* Do ports other than this one carry traffic, as many as carrier takes? */
static bool others_carry(const struct bond *bond, const struct bond_port *self)
{
	u32 need = 1, n = 0;
	const struct bond_port *port;

	if (bond->mode->traits & BOND_T_LACP)
		need = max(need, bond->config.min_links);
	list_for_each_entry(port, &bond->ports, list)
		if (port != self && !port->gone && bond_port_live(port) &&
		    link_usable(port->link.state) &&
		    bond->mode->port_eligible(port))
			n++;
	return n >= need;
}

/*
 * Would a loss seen now be the link's own doing? An administrator's is not, nor
 * the silence of a target, for which all ports would pay.
 */
static bool is_guilty(const struct bond_port *port)
{
	if (!netif_running(port->dev) || READ_ONCE(port->closing))
		return false;
	return !port->probe.silent || !bond_port_live(port);
}

static const char *why_damped(const struct bond_port *port,
			      const struct damp_rules *rules, u64 was, u64 now)
{
	if (port->damp.reuse)
		return "flapping";
	if (!rules->half_life)
		return "not-damped";
	/* it had been quiet for as long as it had to, or nobody else is left */
	return now >= was ? "quiet" : "needed";
}

/**
 * bond_monitor_believed() - bond_monitor_signal(), as far as it can be believed
 * @port: the port
 * @now: bond_now()
 *
 * The loss of a carrier is charged to the port, see flap_penalty_half_life.
 *
 * Context: bond->lock held, any context.
 * Return: true when the port's signal is there and may be acted on; while
 * port->damp.reuse is not 0, that is when to ask again.
 */
bool bond_monitor_believed(struct bond_port *port, u64 now)
{
	struct bond *bond = port->bond;
	bool signal = bond_monitor_signal(port);
	struct damp_rules rules = {
		.half_life = bond->config.flap_penalty_half_life,
		.guilty = is_guilty(port),
	};
	u64 was = port->damp.reuse;

	lockdep_assert_held(&bond->lock);
	if (!rules.half_life && !was)
		return signal;
	rules.needed = !netif_running(bond->dev) || !others_carry(bond, port);
	signal = damp_step(&port->damp, signal, &rules, now);
	if (!was != !port->damp.reuse) {
		bond_ledger_damp(port, port->damp.reuse,
				 why_damped(port, &rules, was, now));
		bond_kick(bond, BOND_R_TELL);
	}
	return signal;
}

/**
 * bond_monitor_port_event() - a port's device has news
 * @port: the port
 * @event: NETDEV_UP, NETDEV_CHANGE, NETDEV_GOING_DOWN or NETDEV_DOWN
 *
 * NETDEV_GOING_DOWN comes before the device stops sending, so an
 * administrator's "ip link set PORT down" costs no packet.
 *
 * Context: RTNL, may sleep.
 */
void bond_monitor_port_event(struct bond_port *port, unsigned long event)
{
	struct bond *bond = port->bond;
	/*
	 * Telling touches devices whose own lock the caller may hold; and of a
	 * device about to be removed all that users hear is that it leaves.
	 */
	bool later = port->dev->dismantle || bond_compat_event_locked(port->dev);

	ASSERT_RTNL();
	WRITE_ONCE(port->closing, event == NETDEV_GOING_DOWN);
	if (event != NETDEV_GOING_DOWN && bond_port_speed_event(port))
		bond_speed_learned(port);
	if (later)
		bond_settle_untold(bond);
	else
		bond_settle_because(bond, BOND_BY_EVENT);
	/* what took this carrier may have taken others; telling takes long */
	if (!bond_port_live(port))
		bond_settle_others(bond);
	if (later)
		bond_kick(bond, BOND_R_TELL);
	else
		bond_settle(bond);
}
