// SPDX-License-Identifier: GPL-2.0
/*
 * Phase two of settling: log lines, filters, notifiers, netlink events,
 * carrier, announcements. Everything here compares what is with what was told,
 * under RTNL.
 */
#include <linux/ethtool.h>
#include <linux/if_bonding.h>
#include <linux/rtnetlink.h>

#include "agenda.h"
#include "bond.h"
#include "bond_core/choose.h"
#include "bond_core/speed.h"
#include "crypto.h"
#include "engine.h"
#include "learn.h"

#define IGMP_INTERVAL	200	/* ms between repeated membership reports */
#define ANNOUNCE_TICK	100	/* ms between announcements without a monitor */
#define ANNOUNCE_RETRY	5	/* ms until link watch has caught up */
#define SPEED_WAIT	100	/* ms until a driver may know its speed; doubles */
#define SPEED_TRIES	6

static const char *role(const struct bond_port *port)
{
	if (!(port->bond->mode->traits & BOND_T_BACKUPS))
		return "";
	return port == port->bond->told_active ? "active " : "backup ";
}

static const char *duplex_word(const struct bond_port *port)
{
	/* unknown is full, as users of the kernel's own driver read it */
	return port->duplex == DUPLEX_HALF ? "half" : "full";
}

static u32 lasted(const struct bond_port *port)
{
	return jiffies_to_msecs(jiffies - port->told_since);
}

static void log_down(struct bond_port *port, enum link_state was)
{
	if (was == LINK_BACK)
		port_info(port, "link status down again after %d ms\n",
			  lasted(port));
	port_info(port, "link status definitely down, disabling slave\n");
}

/*
 * Taken out of its updelay to become the active one? Then the log says that
 * instead of the link's being up, as users of the kernel's own driver know it.
 */
static u32 taken_early(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	if (!(bond->mode->traits & BOND_T_ACTIVE_PORT) ||
	    port->told_link != LINK_BACK || port == bond->told_active ||
	    port != READ_ONCE(bond->active))
		return 0;
	return READ_ONCE(port->early);
}

static void log_up(struct bond_port *port, enum link_state was)
{
	if (taken_early(port)) {
		port->told_early = READ_ONCE(port->early);
		bond_tell_speed(port);
		return;
	}
	if (was == LINK_FAIL)
		port_info(port, "link status up again after %d ms\n",
			  lasted(port));
	else if (was == LINK_DOWN && port->bond->config.updelay)
		port_info(port, "link status up, enabling it in 0 ms\n");
	port_info(port, "link status definitely up, %u Mbps %s duplex\n",
		  speed_or_none(port->speed),
		  duplex_word(port));
	bond_tell_speed(port);
}

/* The words of the ARP monitor, where no carrier monitor is armed beside it. */
static void log_probed(struct bond_port *port, enum link_state now, bool first)
{
	bool one = port->bond->mode->traits & BOND_T_PROBE_ACTIVE;

	if (now == LINK_DOWN && one)
		port_info(port, "link status definitely down, disabling slave\n");
	else if (now == LINK_DOWN)
		port_info(port, "interface is now down\n");
	else if (one || first)
		port_info(port, "link status definitely up\n");
	else
		port_info(port, "interface is now up\n");
}

static void log_link(struct bond_port *port, enum link_state was,
		     enum link_state now)
{
	const struct bond_config *config = &port->bond->config;

	switch (now) {
	case LINK_FAIL:
		port_info(port, "link status down for %sinterface, disabling it in %d ms\n",
			  role(port), config->downdelay);
		break;
	case LINK_DOWN:
		log_down(port, was);
		break;
	case LINK_BACK:
		/* lost and back before anybody could be told of the loss */
		if (link_usable(was))
			log_down(port, was);
		port_info(port, "link status up, enabling it in %d ms\n",
			  config->updelay);
		break;
	case LINK_UP:
		log_up(port, was);
		break;
	}
}

/**
 * bond_tell_info() - the notifier that some offloading drivers follow
 * @port: the port, linked to its bond
 *
 * Context: RTNL.
 */
void bond_tell_info(struct bond_port *port)
{
	struct netdev_bonding_info info = {};

	ASSERT_RTNL();
	bond_fill_ifbond(port->bond, &info.master);
	bond_fill_ifslave(port, &info.slave);
	netdev_bonding_info_change(port->dev, &info);
}

/**
 * bond_tell_lower_state() - tell drivers and netlink what a port may do
 * @port: the port, linked to its bond
 *
 * Context: RTNL.
 */
void bond_tell_lower_state(struct bond_port *port)
{
	struct netdev_lag_lower_state_info info = {
		.link_up = link_usable(port->told_link),
		.tx_enabled = link_usable(port->told_link) && !port->told_idle,
	};

	ASSERT_RTNL();
	netdev_lower_state_changed(port->dev, &info);
}

/**
 * bond_tell_speed() - say so of a port whose driver reports no speed
 * @port: the port
 *
 * It stays in use; where the mode plans by speed it is a class of its own.
 *
 * Context: RTNL.
 */
void bond_tell_speed(const struct bond_port *port)
{
	if ((port->bond->mode->traits & BOND_T_NEEDS_SPEED) &&
	    port->speed == (u32)SPEED_UNKNOWN)
		port_warn(port, "failed to get link speed/duplex, used as a port of unknown speed\n");
}

/* A flapping port is left alone from now on, or given another chance. */
static void tell_damped(struct bond_port *port)
{
	u64 reuse = READ_ONCE(port->damp.reuse), now = bond_now();

	if (port->told_damped == !!reuse)
		return;
	port->told_damped = reuse;
	if (reuse)
		port_info(port, "link is flapping, not used for %llu ms\n",
			  reuse > now ? reuse - now : 0);
	else
		port_info(port, "link is no longer taken to be flapping\n");
}

static bool only_probes(const struct bond *bond)
{
	return bond->config.arp_interval && !bond->config.miimon;
}

/**
 * bond_speed_learned() - a port's speed or duplex is another now
 * @port: the port
 *
 * Context: RTNL, and maybe the device's own lock.
 */
void bond_speed_learned(struct bond_port *port)
{
	struct bond *bond = port->bond;

	ASSERT_RTNL();
	if (bond->mode->port_speed)
		bond->mode->port_speed(port);
	if (bond->config.primary_reselect != CHOOSE_BETTER)
		return;
	bond_active_reconsider(bond, port);
	bond_kick(bond, BOND_R_LINKS);
}

static bool wants_speed(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	return port->speed == (u32)SPEED_UNKNOWN &&
	       ((bond->mode->traits & BOND_T_NEEDS_SPEED) ||
		bond->config.primary_reselect == CHOOSE_BETTER);
}

/**
 * bond_speed_later() - ask again if a port's driver tells no speed yet
 * @port: the port, its link has come up or it has just joined
 *
 * Context: RTNL.
 */
void bond_speed_later(struct bond_port *port)
{
	struct bond *bond = port->bond;

	ASSERT_RTNL();
	if (!wants_speed(port))
		return;
	bond->speed_tries = SPEED_TRIES;
	bond_wake_at(bond, BOND_R_SPEED, bond_now() + SPEED_WAIT);
}

/**
 * bond_speed_again() - ask drivers that told no speed when their link came up
 * @bond: the bond
 *
 * Some know it a moment later and say nothing; those that never know are asked
 * a few times, and not for ever.
 *
 * Context: RTNL, may sleep.
 */
void bond_speed_again(struct bond *bond)
{
	struct bond_port *port;
	bool again = false;

	ASSERT_RTNL();
	bond_for_each_port(bond, port) {
		if (port->told_link != LINK_UP || !wants_speed(port))
			continue;
		if (bond_port_speed(port)) {
			port_info(port, "link speed is known now, %u Mbps %s duplex\n",
				  port->speed, duplex_word(port));
			bond_speed_learned(port);
		}
		again |= wants_speed(port);
	}
	if (again && --bond->speed_tries)
		bond_wake_at(bond, BOND_R_SPEED, bond_now() +
			     (SPEED_WAIT << (SPEED_TRIES - bond->speed_tries)));
}

static void tell_link(struct bond_port *port, bool first)
{
	enum link_state was = port->told_link;
	enum link_state now = READ_ONCE(port->link.state);

	tell_damped(port);
	if (was == now || READ_ONCE(port->gone))
		return;
	port->told_early = 0;
	if (now == LINK_UP) {
		if (bond_port_speed(port))
			bond_speed_learned(port);
		bond_speed_later(port);
	}
	if (only_probes(port->bond))
		log_probed(port, now, first);
	else
		log_link(port, was, now);
	WRITE_ONCE(port->told_link, now);
	port->told_since = READ_ONCE(port->link_since);
	/* a delay that begins changes nothing yet for who listens */
	if ((now == LINK_FAIL || now == LINK_BACK) &&
	    link_usable(was) == link_usable(now))
		return;
	bond_tell_lower_state(port);
	bond_tell_info(port);
}

/**
 * bond_announce_begin() - who we are is to be said, as often as is set
 * @bond: the bond, up
 *
 * Context: RTNL. The caller sees to it that the agenda says it.
 */
void bond_announce_begin(struct bond *bond)
{
	ASSERT_RTNL();
	bond->announce_left = bond->config.num_peer_notif;
	bond->announce_first = true;
	WRITE_ONCE(bond->announce_slowly, false);
}

/* A port became active or backup: its own netlink event. */
static void tell_role(struct bond_port *port)
{
	bool idle = READ_ONCE(port->rx_idle);

	if (port->told_idle == idle)
		return;
	WRITE_ONCE(port->told_idle, idle);
	bond_tell_lower_state(port);
	bond_tell_info(port);
}

static void igmp_begin(struct bond *bond)
{
	if (!(bond->mode->traits & BOND_T_IGMP) ||
	    !netif_running(bond->dev) || !bond->config.resend_igmp)
		return;
	bond->igmp_left = bond->config.resend_igmp;
	bond_wake_at(bond, BOND_R_IGMP, bond_now() + 1);
}

/*
 * Where every port has an address of its own, learning frames tell the switches,
 * and a gratuitous ARP would draw all clients of balance-alb to one port.
 */
static bool announces(const struct bond *bond)
{
	return !(bond->mode->traits & BOND_T_OWN_MACS);
}

/*
 * While the bond is down nobody can be told: it is made up for when it is opened
 * again. Who was never up is looked for nowhere.
 */
static bool can_tell(struct bond *bond)
{
	bool open = netif_running(bond->dev);

	bond->untold = !open && bond->closed_at;
	return open;
}

static void tell_peers(struct bond *bond)
{
	if (!can_tell(bond))
		return;
	if (announces(bond))
		bond_announce_begin(bond);
	igmp_begin(bond);
}

/* A failover of which nothing was said because the bond was down? */
static void tell_untold(struct bond *bond)
{
	bool single = bond->mode->traits & BOND_T_ACTIVE_PORT;

	if (bond->untold && netif_running(bond->dev) &&
	    (bond->told_active || !single))
		tell_peers(bond);
}

/*
 * The same port as before, but in between, while RTNL was held or a loss was
 * tolerated, frames left by another: switches look for us there. The port may
 * have come up this moment, and a switch may not listen to it yet.
 */
static void tell_return(struct bond *bond, bool switched)
{
	if (!switched || !bond->told_active ||
	    !(bond->mode->traits & BOND_T_ACTIVE_PORT))
		return;
	tell_peers(bond);
	if (!announces(bond) || !bond->announce_left)
		return;
	bond->announce_left = max_t(u32, bond->announce_left, RETURN_TIMES);
	WRITE_ONCE(bond->announce_slowly, true);
}

/*
 * The number is how long it had waited, whatever the words say, and in whole
 * ticks of miimon: that is what users of the kernel's own driver read there.
 */
static u32 waited(const struct bond_port *port)
{
	const struct bond_config *config = &port->bond->config;
	u32 left = min(port->told_early, config->updelay);

	return roundup(config->updelay - left, max(config->miimon, 1U));
}

static void log_active(struct bond_port *port)
{
	if (port->told_early)
		port_info(port, "making interface the new active one %u ms earlier\n",
			  waited(port));
	else
		port_info(port, "making interface the new active one\n");
	port->told_early = 0;
}

/* Both of one moment: a switch counted but not seen would be told twice. */
static struct bond_port *look_active(struct bond *bond, u32 *switches)
{
	struct bond_port *active;
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	*switches = bond->switches;
	active = bond->active;
	spin_unlock_irqrestore(&bond->lock, flags);
	return active;
}

/*
 * The order is an interface: who listens, roles, addresses, the failover's
 * own event, then the outside world.
 */
static void tell_active(struct bond *bond)
{
	struct bond_port *was = bond->told_active;
	struct bond_port *now;
	u32 switches;

	now = look_active(bond, &switches);
	swap(bond->told_switches, switches);
	if (was == now) {
		tell_return(bond, switches != bond->told_switches);
		return;
	}
	if (!(bond->mode->traits & BOND_T_ACTIVE_PORT)) {
		bond->told_active = now;
		igmp_begin(bond);
		return;
	}
	if (now)
		log_active(now);
	bond_filter_move(bond, was, now);
	if (was)
		tell_role(was);
	if (!now)
		return;
	tell_role(now);
	bond_mac_failover(bond, was, now);
	if (announces(bond))
		call_netdevice_notifiers(NETDEV_BONDING_FAILOVER, bond->dev);
	tell_peers(bond);
}

/**
 * bond_carrier() - give the bond the carrier its mode says
 * @bond: the bond
 *
 * Context: RTNL.
 * Return: true when it changed.
 */
bool bond_carrier(struct bond *bond)
{
	unsigned long flags;
	bool want;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	want = bond->mode->carrier(bond);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (want == netif_carrier_ok(bond->dev))
		return false;
	if (want)
		netif_carrier_on(bond->dev);
	else
		netif_carrier_off(bond->dev);
	return true;
}

static void tell_carrier(struct bond *bond)
{
	if (!bond_carrier(bond))
		return;
	if (netif_carrier_ok(bond->dev))
		bond_info(bond, "active interface up!\n");
	else
		bond_info(bond, "now running without any active interface!\n");
}

static bool none_up(const struct bond *bond)
{
	const struct bond_port *port;

	bond_for_each_port(bond, port)
		if (link_usable(port->told_link))
			return false;
	return true;
}

/**
 * bond_tell() - phase two: tell the world what has changed
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 */
void bond_tell(struct bond *bond)
{
	u32 shown = bond_ledger_shown(bond);
	bool first = none_up(bond);
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port)
		tell_link(port, first);
	tell_active(bond);
	tell_untold(bond);
	bond_for_each_port(bond, port)
		tell_role(port);
	bond_crypto_follow(bond);
	bond_probe_groups(bond);
	tell_carrier(bond);
	bond_ledger_told(bond, shown);
	if (bond->announce_first)
		bond_announce(bond);
}

/* Can a frame leave, or has link watch not opened the queue yet? */
static bool queue_ready(const struct bond *bond)
{
	const struct bond_port *port = bond->told_active;

	if (test_bit(__LINK_STATE_LINKWATCH_PENDING, &bond->dev->state))
		return false;
	return !port ||
	       !test_bit(__LINK_STATE_LINKWATCH_PENDING, &port->dev->state);
}

/**
 * bond_announce_pause() - time between two announcements
 * @bond: the bond
 *
 * Context: any.
 * Return: ms.
 */
u32 bond_announce_pause(const struct bond *bond)
{
	u32 tick = READ_ONCE(bond->config.miimon) ?:
		   READ_ONCE(bond->config.arp_interval) ?: ANNOUNCE_TICK;

	if (READ_ONCE(bond->announce_slowly))
		tick = max_t(u32, tick, RETURN_PAUSE);
	return max(tick, READ_ONCE(bond->config.peer_notif_delay));
}

/**
 * bond_announce() - tell the peers where we are, once
 * @bond: the bond
 *
 * The stack answers NETDEV_NOTIFY_PEERS with gratuitous ARP and unsolicited
 * NA for every address on the bond and the VLANs above it. The first comes
 * from the failover itself, the rest on their own clock.
 *
 * Context: RTNL.
 */
void bond_announce(struct bond *bond)
{
	u32 pause = bond_announce_pause(bond);
	u32 shown;

	ASSERT_RTNL();
	if (!bond->announce_left || !netif_running(bond->dev) ||
	    !netif_carrier_ok(bond->dev)) {
		/* carrier will bring us back here */
		return;
	}
	if (!queue_ready(bond)) {
		bond_wake_at(bond, BOND_R_ANNOUNCE, bond_now() + ANNOUNCE_RETRY);
		return;
	}
	bond->announce_first = false;
	bond->announce_left--;
	shown = bond_ledger_shown(bond);
	call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, bond->dev);
	bond_ledger_announced(bond, shown);
	bond_wake_at(bond, BOND_R_ANNOUNCE,
		     bond->announce_left ? bond_now() + pause : 0);
}

/**
 * bond_announce_moved() - the bond has another address than a moment ago
 * @bond: the bond
 *
 * Context: RTNL.
 */
void bond_announce_moved(struct bond *bond)
{
	ASSERT_RTNL();
	if (!can_tell(bond) || !announces(bond))
		return;
	bond_announce_begin(bond);
	bond_announce(bond);
}

/**
 * bond_announce_port() - a port's device announces itself
 * @port: the port
 *
 * It is a bond that has failed over, or a virtual machine's whose host has moved
 * it. What is on the bond has moved with it, so we say so each time it does: one
 * more announcement, unless one is due anyhow. Others' addresses, too. Left to
 * the worker, for its driver may hold a lock of its own.
 *
 * Context: RTNL, and maybe the device's own lock.
 */
void bond_announce_port(struct bond_port *port)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	ASSERT_RTNL();
	if (((bond->mode->traits & BOND_T_ACTIVE_PORT) &&
	     port != bond->told_active) || !can_tell(bond))
		return;
	spin_lock_irqsave(&bond->lock, flags);
	if (bond->mode->traits & BOND_T_MOVES_MACS)
		bond_learn_announce(bond, false);
	spin_unlock_irqrestore(&bond->lock, flags);
	if (!announces(bond) || !bond->config.num_peer_notif)
		return;
	if (!bond->announce_first || !bond->announce_left)
		bond->announce_left++;
	bond->announce_first = true;
	bond_kick(bond, BOND_R_ANNOUNCE);
}

/**
 * bond_igmp_rejoin() - report our multicast memberships once more
 * @bond: the bond
 *
 * A report before link watch has opened the queue would be lost.
 *
 * Context: RTNL.
 */
void bond_igmp_rejoin(struct bond *bond)
{
	ASSERT_RTNL();
	if (!bond->igmp_left || !netif_running(bond->dev))
		return;
	if (!queue_ready(bond)) {
		bond_wake_at(bond, BOND_R_IGMP, bond_now() + ANNOUNCE_RETRY);
		return;
	}
	call_netdevice_notifiers(NETDEV_RESEND_IGMP, bond->dev);
	bond->igmp_left--;
	bond_wake_at(bond, BOND_R_IGMP,
		     bond->igmp_left ? bond_now() + IGMP_INTERVAL : 0);
}
