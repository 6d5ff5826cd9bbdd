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
