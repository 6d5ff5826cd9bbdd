// SPDX-License-Identifier: GPL-2.0
/*
 * Joining and leaving. Both walk one table of steps (bond_port_steps.c):
 * joining does them in order and undoes what it did when one fails; leaving
 * undoes them all, and cannot fail.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "bond.h"
#include "bond_trace.h"
#include "compat.h"
#include "crypto.h"
#include "engine.h"
#include "steps.h"

/**
 * bond_port_by_dev() - the port that a device is in this bond
 * @bond: the bond
 * @dev: any device
 *
 * Context: RTNL.
 * Return: the port, or NULL when @dev is not a member.
 */
struct bond_port *bond_port_by_dev(struct bond *bond,
				   const struct net_device *dev)
{
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port)
		if (port->dev == dev)
			return port;
	return NULL;
}

/**
 * bond_port_by_name() - the port whose device has this name
 * @bond: the bond
 * @name: a device name
 *
 * Context: RTNL.
 * Return: the port, or NULL.
 */
struct bond_port *bond_port_by_name(struct bond *bond, const char *name)
{
	struct bond_port *port;

	ASSERT_RTNL();
	bond_for_each_port(bond, port)
		if (!strcmp(port->dev->name, name))
			return port;
	return NULL;
}

/* Ports weigh by speed; the caller may be telling, so settle anew. */
static void shares_changed(struct bond *bond)
{
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	bond->dirty = true;
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_kick(bond, BOND_R_LINKS);
}

static bool take_speed(struct bond_port *port, int err,
		       const struct ethtool_link_ksettings *settings)
{
	u32 speed = SPEED_UNKNOWN;
	u8 duplex = DUPLEX_UNKNOWN;
	bool changed;

	if (!err && settings->base.speed &&
	    settings->base.speed != (u32)SPEED_UNKNOWN &&
	    settings->base.duplex <= DUPLEX_FULL) {
		speed = settings->base.speed;
		duplex = settings->base.duplex;
	}
	changed = port->speed != speed || port->duplex != duplex;
	WRITE_ONCE(port->speed, speed);
	WRITE_ONCE(port->duplex, duplex);
	if (speed != (u32)SPEED_UNKNOWN) {
		WRITE_ONCE(port->known_speed, speed);
		WRITE_ONCE(port->known_duplex, duplex);
	}
	if (changed && port->joined && port->bond->config.hash_table)
		shares_changed(port->bond);
	return changed;
}

/**
 * bond_port_speed() - learn a port's speed and duplex from its driver
 * @port: the port
 *
 * Context: RTNL, may sleep, without the device's own lock.
 * Return: true when either changed.
 */
bool bond_port_speed(struct bond_port *port)
{
	struct ethtool_link_ksettings settings;

	ASSERT_RTNL();
	return take_speed(port, __ethtool_get_link_ksettings(port->dev,
							     &settings),
			  &settings);
}

/**
 * bond_port_speed_event() - the same, from a notifier about the port's link
 * @port: the port
 *
 * Context: RTNL, and on newer kernels the device's own lock if it has one.
 * Return: true when either changed.
 */
bool bond_port_speed_event(struct bond_port *port)
{
	struct ethtool_link_ksettings settings;

	ASSERT_RTNL();
	return take_speed(port, bond_compat_ksettings_event(port->dev,
							    &settings),
			  &settings);
}

static void undo_steps(struct bond_port *port)
{
	while (port->steps) {
		const struct bond_step *step = &bond_steps[--port->steps];

		if (step->undo)
			step->undo(port);
	}
}

static int do_steps(struct bond_port *port, struct netlink_ext_ack *ea)
{
	int err;

	for (; port->steps < bond_steps_count; port->steps++) {
		const struct bond_step *step = &bond_steps[port->steps];

		err = step->run ? step->run(port, ea) : 0;
		trace_bond_step(port->bond->dev, port->dev, step->name, err);
		if (!err)
			continue;
		if (step->call)
			port_err(port, "Error %d calling %s\n", err, step->call);
		return err;
	}
	return 0;
}

/* The lowest number that no member has. */
static u8 free_mark(const struct bond *bond)
{
	const struct bond_port *port;
	u8 mark = 0;

	do {
		bond_for_each_port(bond, port)
			if (port->mark == mark)
				break;
		if (list_entry_is_head(port, &bond->ports, list))
			break;
	} while (++mark);
	return mark;
}

static struct bond_port *port_alloc(struct bond *bond, struct net_device *dev)
{
	struct bond_port *port;
	void *mailbox;

	mailbox = kzalloc(BOND_ABI_PORT_ROOM + sizeof(*port), GFP_KERNEL);
	if (!mailbox)
		return NULL;
	bond_abi_port_init(mailbox, bond->dev, dev);
	port = mailbox + BOND_ABI_PORT_ROOM;
	port->dev = dev;
	port->bond = bond;
	port->upper = bond->dev;
	port->rank = bond->next_rank++;
	port->mark = free_mark(bond);
	port->link.state = LINK_DOWN;
	port->told_link = LINK_DOWN;
	/* LACP says when a port may collect */
	port->rx_live = !(bond->mode->traits & BOND_T_LACP);
	port->rx_idle = !(bond->mode->traits & BOND_T_RX_ALL);
	port->told_idle = port->rx_idle;
	/* as settle_idle() will have it; drivers look when they hear of the master */
	bond_abi_port_state(mailbox, port->rx_idle,
			    port->rx_idle && !bond->config.all_slaves_active);
	bond_probe_port_init(port);
	port->cfg.actor_port_prio = 255;
	port->speed = SPEED_UNKNOWN;
	port->duplex = DUPLEX_UNKNOWN;
	port->known_speed = SPEED_UNKNOWN;
	port->known_duplex = DUPLEX_UNKNOWN;
	return port;
}

static void port_free_rcu(struct rcu_head *rcu)
{
	struct bond_port *port = container_of(rcu, struct bond_port, rcu);

	kfree(bond_port_mailbox(port));
}

static void log_joined(const struct bond_port *port)
{
	enum link_state state = READ_ONCE(port->link.state);

	port_info(port, "Enslaving as %s interface with %s link\n",
		  READ_ONCE(port->rx_idle) ? "a backup" : "an active",
		  state == LINK_DOWN ? "a down" : "an up");
	if (state != LINK_DOWN)
		bond_tell_speed(port);
}

/*
 * Linking it to the bond has told others what its carrier said then; a delay,
 * or a carrier that has changed since, makes that untrue.
 */
static void tell_first_link(struct bond_port *port)
{
	enum link_state told = port->told_link;

	WRITE_ONCE(port->told_link, READ_ONCE(port->link.state));
	port->told_since = jiffies;
	if (link_usable(told) != link_usable(port->told_link))
		bond_tell_lower_state(port);
}

/* The first state of a joining port is not news, it is where it starts. */
static void settle_in(struct bond_port *port)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	/* a driver may have found it out since the mode has asked */
	if (bond_port_speed(port))
		bond_speed_learned(port);
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(port->link_since, jiffies);
	bond->reselect |= !bond->active || port == bond->primary;
	bond->force_primary |= port == bond->primary;
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_settle_because(bond, BOND_BY_ADMIN);
	tell_first_link(port);
	if (!(bond->mode->traits & BOND_T_ACTIVE_PORT))
		bond->told_active = READ_ONCE(bond->active);
	bond_carrier(bond);
	bond_republish(bond);
	log_joined(port);
	bond_speed_later(port);
	/* a new role, which is still to be told, brings it too */
	if (port->told_idle == READ_ONCE(port->rx_idle))
		bond_tell_info(port);
}

/**
 * bond_port_join() - make a device a member
 * @bond: the bond
 * @dev: the device
 * @ea: where to explain a refusal
 *
 * Context: RTNL, may sleep.
 * Return: 0, or -errno with everything as before: what bond_port_refuse() says,
 * -ENOMEM, or the -errno of the step that failed.
 */
int bond_port_join(struct bond *bond, struct net_device *dev,
		   struct netlink_ext_ack *ea)
{
	struct bond_port *port;
	int err;

	ASSERT_RTNL();
	err = bond_port_refuse(bond, dev, ea);
	if (err)
		return err;
	port = port_alloc(bond, dev);
	if (!port)
		return -ENOMEM;

	err = do_steps(port, ea);
	if (err) {
		undo_steps(port);
		call_rcu(&port->rcu, port_free_rcu);
		return err;
	}
	port->joined = true;
	settle_in(port);
	return 0;
}

/**
 * bond_port_deaf() - a port that leaves no longer is the one that hears
 * @port: the port, in no view to come
 *
 * Its handler stays a while yet, and what its successor says to everybody comes
 * back to it. Modes that hear by every port have nobody else to hear by.
 *
 * Context: bond->lock held.
 */
void bond_port_deaf(struct bond_port *port)
{
	lockdep_assert_held(&port->bond->lock);
	if (port->bond->mode->traits & BOND_T_ACTIVE_PORT)
		WRITE_ONCE(port->direct, BOND_DIRECT_NONE);
}

/* Take the port out of every plan before anything is taken from it. */
static void port_withdraw(struct bond_port *port)
{
	struct bond *bond = port->bond;
	unsigned long flags;

	if (bond->mode->port_leave)
		bond->mode->port_leave(port);
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(port->gone, true);
	bond_port_deaf(port);
	/* settling looks for its successor */
	bond->reselect |= bond->active == port;
	if (bond->primary == port)
		WRITE_ONCE(bond->primary, NULL);
	if (bond->prober.trial == port)
		WRITE_ONCE(bond->prober.trial, NULL);
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_port_leave() - end a device's membership
 * @bond: the bond
 * @dev: the device
 * @ea: where to explain a refusal
 *
 * Context: RTNL, may sleep.
 * Return: 0, or -EINVAL when @dev is not a member.
 */
int bond_port_leave(struct bond *bond, struct net_device *dev,
		    struct netlink_ext_ack *ea)
{
	struct bond_port *port = bond_port_by_dev(bond, dev);

	if (!port) {
		NL_SET_ERR_MSG(ea, "Device is not a slave of this bond");
		return -EINVAL;
	}
	port_info(port, "Releasing %s interface\n",
		  bond->mode->traits & BOND_T_OWN_MACS ? "active" : "backup");
	if (!bond->emptying)
		bond_mac_warn_in_use(port);
	/* packets prepared for it leave first; its step is for what comes after */
	bond_crypto_leave(port);
	port_withdraw(port);
	bond_settle_because(bond, BOND_BY_ADMIN);
	bond_carrier(bond);
	bond_republish(bond);
	undo_steps(port);
	call_rcu(&port->rcu, port_free_rcu);
	return 0;
}

/**
 * bond_port_renamed() - a port's device has a new name
 * @port: the port
 *
 * The option primary is a name: it may now mean this port, or no longer.
 *
 * Context: RTNL.
 */
void bond_port_renamed(struct bond_port *port)
{
	struct bond *bond = port->bond;
	bool named = !strcmp(bond->config.primary, port->dev->name);
	bool is_primary = port == bond->primary;
	unsigned long flags;

	ASSERT_RTNL();
	if (!(bond->mode->traits & BOND_T_ACTIVE_PORT) ||
	    is_primary == named)
		return;
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(bond->primary, named ? port : NULL);
	bond->reselect = true;
	spin_unlock_irqrestore(&bond->lock, flags);
	bond_info(bond, "Setting primary slave to %s\n",
		  named ? port->dev->name : "none");
	bond_kick(bond, BOND_R_LINKS);
}

static void set_emptying(struct bond *bond, bool emptying)
{
	unsigned long flags;

	spin_lock_irqsave(&bond->lock, flags);
	bond->emptying = emptying;
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_port_leave_all() - release every port
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 */
void bond_port_leave_all(struct bond *bond)
{
	ASSERT_RTNL();
	set_emptying(bond, true);
	while (!list_empty(&bond->ports))
		bond_port_leave(bond, list_first_entry(&bond->ports,
						       struct bond_port,
						       list)->dev, NULL);
	set_emptying(bond, false);
}
