// SPDX-License-Identifier: GPL-2.0
/*
 * The mailbox: what other kernel modules read of a bond without asking us.
 * See include/abi.h. No other file includes the kernel's own bonding header.
 */
#include <linux/build_bug.h>
#include <linux/netdevice.h>
#include <net/bonding.h>

#include "abi.h"

static_assert(sizeof(struct bonding) <= BOND_ABI_BOND_ROOM);
static_assert(sizeof(struct slave) <= BOND_ABI_PORT_ROOM);

static struct bonding *bonding_of(struct net_device *bond_dev)
{
	return netdev_priv(bond_dev);
}

/**
 * bond_abi_bond_init() - prepare a new bond's mailbox
 * @bond_dev: the bond, its private area zeroed
 *
 * Context: any; nobody else knows the device.
 */
void bond_abi_bond_init(struct net_device *bond_dev)
{
	bonding_of(bond_dev)->dev = bond_dev;
}

/**
 * bond_abi_bond_mode() - mirror the mode
 * @bond_dev: the bond
 * @mode: BOND_MODE_* number
 *
 * Context: RTNL, or a bond nobody knows yet. Readers take no lock.
 */
void bond_abi_bond_mode(struct net_device *bond_dev, u32 mode)
{
	WRITE_ONCE(bonding_of(bond_dev)->params.mode, mode);
}

/**
 * bond_abi_bond_active() - mirror the active port
 * @bond_dev: the bond
 * @mailbox: the port's mailbox, or NULL
 *
 * Context: bond->lock held. Readers are under RCU.
 */
void bond_abi_bond_active(struct net_device *bond_dev, void *mailbox)
{
	rcu_assign_pointer(bonding_of(bond_dev)->curr_active_slave,
			   (struct slave *)mailbox);
}

/**
 * bond_abi_port_init() - prepare a new port's mailbox
 * @mailbox: zeroed
 * @bond_dev: the bond
 * @port_dev: the port's device
 *
 * Context: any; nobody else knows the port.
 */
void bond_abi_port_init(void *mailbox, struct net_device *bond_dev,
			struct net_device *port_dev)
{
	struct slave *slave = mailbox;

	slave->dev = port_dev;
	slave->bond = bonding_of(bond_dev);
}

/**
 * bond_abi_port_state() - mirror whether a port is in use
 * @mailbox: the port's
 * @backup: it is not the active port, or carries no balanced traffic
 * @inactive: what arrives on it is not delivered
 *
 * Context: bond->lock held, or a port nobody knows yet. The two are neighbouring
 * bits, written nowhere else.
 */
void bond_abi_port_state(void *mailbox, bool backup, bool inactive)
{
	struct slave *slave = mailbox;

	if (slave->backup != backup)
		slave->backup = backup;
	if (slave->inactive != inactive)
		slave->inactive = inactive;
}
