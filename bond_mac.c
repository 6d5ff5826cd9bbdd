// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware addresses: whose the bond has, whose the ports have, and who takes
 * whose at a failover (option fail_over_mac).
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>

#include "agenda.h"
#include "bond.h"
#include "compat.h"
#include "engine.h"
#include "steps.h"

enum fail_over_mac { FOM_NONE, FOM_ACTIVE, FOM_FOLLOW };

static u32 mac_policy(const struct bond *bond)
{
	if (!(READ_ONCE(bond->mode)->traits & BOND_T_FOM))
		return FOM_NONE;
	return READ_ONCE(bond->config.fail_over_mac);
}

/**
 * bond_mac_shared() - do ports join with the bond's own address?
 * @bond: the bond
 *
 * They all keep it, unless the mode gives each its own (bond_mac_own.c).
 *
 * Context: any.
 * Return: false with fail_over_mac active or follow, where that has a meaning.
 */
bool bond_mac_shared(const struct bond *bond)
{
	return mac_policy(bond) == FOM_NONE;
}

/**
 * bond_mac_set_port() - give a port's device an address
 * @port: the port
 * @addr: the address, as long as the device's
 * @ea: where a refusal is explained
 *
 * Context: RTNL, may sleep.
 * Return: 0 or the driver's -errno.
 */
int bond_mac_set_port(struct bond_port *port, const u8 *addr,
		      struct netlink_ext_ack *ea)
{
	ASSERT_RTNL();
	return bond_compat_set_mac(port->dev, addr, ea);
}

/**
 * bond_mac_adopt() - the bond takes a device's address
 * @bond: the bond
 * @dev: the device
 * @ea: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0, or the -errno of who stands on the bond and does not want the
 * address, with nothing changed.
 */
int bond_mac_adopt(struct bond *bond, const struct net_device *dev,
		   struct netlink_ext_ack *ea)
{
	struct net_device *bond_dev = bond->dev;
	int err;

	ASSERT_RTNL();
	err = bond_compat_pre_changeaddr(bond_dev, dev->dev_addr, ea);
	if (err)
		return err;
	bond_dev->addr_len = dev->addr_len;
	bond_dev->addr_assign_type = NET_ADDR_STOLEN;
	__dev_addr_set(bond_dev, dev->dev_addr, dev->addr_len);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, bond_dev);
	return 0;
}

/* Has the bond another address than the active port that it goes with? */
static bool is_astray(const struct bond *bond)
{
	const struct bond_port *port = bond->told_active;

	return port && mac_policy(bond) == FOM_ACTIVE &&
	       memcmp(port->dev->dev_addr, bond->dev->dev_addr,
		      bond->dev->addr_len);
}

/**
 * bond_mac_port_changed() - a port's device has got another address
 * @port: the port
 *
 * By the administrator, or because it is a bond itself. Where the bond is to
 * follow, the worker does it: whoever stands on the bond gives its ports
 * addresses in turn, and this one's own lock may be held.
 *
 * Context: RTNL, and maybe the device's own lock.
 */
void bond_mac_port_changed(struct bond_port *port)
{
	ASSERT_RTNL();
	if (is_astray(port->bond))
		bond_kick(port->bond, BOND_R_ADDRESS);
}

/**
 * bond_mac_catch_up() - take the address that the active port has now
 * @bond: the bond
 *
 * Context: RTNL, may sleep.
 */
void bond_mac_catch_up(struct bond *bond)
{
	int err;

	ASSERT_RTNL();
	if (!is_astray(bond))
		return;
	err = bond_mac_adopt(bond, bond->told_active->dev, NULL);
	if (err)
		port_err(bond->told_active,
			 "Error %d setting bond MAC from slave\n", err);
	else
		bond_announce_moved(bond);
}

/**
 * bond_mac_set_policy() - set fail_over_mac for or after a port that cannot change
 * @bond: the bond
 * @policy: the value
 *
 * Context: RTNL, takes bond->lock.
 */
void bond_mac_set_policy(struct bond *bond, u32 policy)
{
	unsigned long flags;

	ASSERT_RTNL();
	spin_lock_irqsave(&bond->lock, flags);
	WRITE_ONCE(bond->config.fail_over_mac, policy);
	spin_unlock_irqrestore(&bond->lock, flags);
}

/**
 * bond_mac_fit() - does the bond suit a device that cannot change its address?
 * @port: the port
 * @ea: where a refusal is explained
 *
 * It is welcome where nobody asks it to: as the first port in active-backup,
 * which then turns to fail_over_mac active, as in the kernel's own driver.
 *
 * Context: RTNL.
 * Return: 0, or -EOPNOTSUPP.
 */
int bond_mac_fit(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;
	bool has_fom = bond->mode->traits & BOND_T_FOM;
	bool fixed = !port->dev->netdev_ops->ndo_set_mac_address ||
		     port->dev->type == ARPHRD_INFINIBAND;

	ASSERT_RTNL();
	if (!fixed)
		return 0;
	port_warn(port, "The slave device specified does not support setting the MAC address\n");
	if (port->dev->type == ARPHRD_INFINIBAND && !has_fom)
		return bond_refuse(bond, port->dev, ea, -EOPNOTSUPP,
				   "Only active-backup mode is supported for infiniband slaves");
	if (!has_fom || bond->config.fail_over_mac == FOM_ACTIVE)
		return 0;
	if (bond->nports)
		return bond_refuse(bond, port->dev, ea, -EOPNOTSUPP,
				   "Slave device does not support setting the MAC address, but fail_over_mac is not set to active");
	bond_mac_set_policy(bond, FOM_ACTIVE);
	port_warn(port, "Setting fail_over_mac to active for active-backup mode\n");
	return 0;
}

/* Has the bond or a member the address that this device comes with? */
static bool is_taken(struct bond *bond, const struct bond_port *comer)
{
	const u8 *addr = comer->dev->dev_addr;
	struct bond_port *port;

	if (ether_addr_equal(addr, bond->dev->dev_addr))
		return true;
	bond_for_each_port(bond, port)
		if (port != comer && ether_addr_equal(addr, port->dev->dev_addr))
			return true;
	return false;
}

/**
 * bond_mac_join() - give a joining port the address it shall have
 * @port: the port, whose own address is saved
 * @ea: where a refusal is explained
 *
 * With fail_over_mac follow a member may have it since some failover.
 *
 * Context: RTNL, may sleep.
 * Return: 0 or the driver's -errno.
 */
int bond_mac_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;

	ASSERT_RTNL();
	if (mac_policy(bond) == FOM_FOLLOW && bond->nports &&
	    is_taken(bond, port)) {
		u8 random[ETH_ALEN];

		eth_random_addr(random);
		return bond_mac_set_port(port, random, ea);
	}
	if (!bond_mac_shared(bond))
		return 0;
	return bond_mac_set_port(port, bond->dev->dev_addr, ea);
}

/**
 * bond_mac_warn_in_use() - a leaving port's own address stays with the bond
 * @port: the port, still a member
 *
 * Context: RTNL.
 */
void bond_mac_warn_in_use(const struct bond_port *port)
{
	const struct bond *bond = port->bond;

	if (bond->nports > 1 && mac_policy(bond) != FOM_ACTIVE &&
	    !memcmp(port->perm_addr, bond->dev->dev_addr, port->addr_len))
		port_warn(port, "the permanent HWaddr of slave - %pM - is still in use by bond - set the HWaddr of slave to a different address to avoid conflicts\n",
			  port->perm_addr);
}

/**
 * bond_mac_leave() - give a leaving port its own address back
 * @port: the port, off the list
 *
 * Context: RTNL, may sleep. Cannot fail: a driver that refuses is logged.
 */
void bond_mac_leave(struct bond_port *port)
{
	u32 policy = mac_policy(port->bond);
	int err;

	ASSERT_RTNL();
	if (policy == FOM_ACTIVE)
		return;
	/* a member may have it since some failover; one refused changes nothing */
	if ((port->bond->mode->traits & BOND_T_OWN_MACS) ||
	    (policy == FOM_FOLLOW && port->joined))
		bond_mac_own_restore(port);
	err = bond_mac_set_port(port, port->perm_addr, NULL);
	/* a card that was pulled has no address any more; one that moves has */
	if (err && port->dev->reg_state == NETREG_REGISTERED)
		port_err(port, "Error %d restoring the permanent HWaddr\n", err);
}

/**
 * bond_mac_return() - the first port could not join after all
 * @bond: the bond, empty
 * @addr: the address it had before bond_mac_adopt()
 * @assign_type: and how it had come by it, NET_ADDR_*
 *
 * Context: RTNL.
 */
void bond_mac_return(struct bond *bond, const u8 *addr, u8 assign_type)
{
	ASSERT_RTNL();
	__dev_addr_set(bond->dev, addr, bond->dev->addr_len);
	bond->dev->addr_assign_type = assign_type;
	call_netdevice_notifiers(NETDEV_CHANGEADDR, bond->dev);
}

/**
 * bond_mac_orphan() - the last port has left
 * @bond: the bond, empty
 *
 * Its address goes with it, whoever gave it, as users of the kernel's own
 * driver see it.
 *
 * Context: RTNL.
 */
void bond_mac_orphan(struct bond *bond)
{
	ASSERT_RTNL();
	eth_hw_addr_random(bond->dev);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, bond->dev);
}

/* Another port with the bond's address: the first one, while it has no link. */
static struct bond_port *namesake(struct bond *bond, const struct bond_port *now)
{
	struct bond_port *port;

	bond_for_each_port(bond, port)
		if (port != now && ether_addr_equal(port->dev->dev_addr,
						    bond->dev->dev_addr))
			return port;
	return NULL;
}

/* Swap: the new active port takes the bond's address, the old one its own. */
static void follow(struct bond *bond, struct bond_port *was,
		   struct bond_port *now)
{
	u8 spare[MAX_ADDR_LEN];
	int err;

	/* the one it went to before may have refused the bond's address */
	if (!was || !ether_addr_equal(was->dev->dev_addr, bond->dev->dev_addr))
		was = namesake(bond, now);
	memcpy(spare, now->dev->dev_addr, now->addr_len);
	/* the one it came from may have refused to give it up */
	if (was && ether_addr_equal(spare, bond->dev->dev_addr))
		bond_mac_find_free(was, spare);
	err = bond_mac_set_port(now, bond->dev->dev_addr, NULL);
	/* or both would have one address, and nobody the bond's */
	if (!err && was && !was->gone)
		err = bond_mac_set_port(was, spare, NULL);
	if (err)
		port_err(now, "Error %d setting MAC of new active slave\n", err);
}

/**
 * bond_mac_failover() - addresses at a change of the active port
 * @bond: the bond
 * @was: the old active port or NULL
 * @now: the new one or NULL
 *
 * Context: RTNL, may sleep.
 */
void bond_mac_failover(struct bond *bond, struct bond_port *was,
		       struct bond_port *now)
{
	u32 policy = mac_policy(bond);
	int err = 0;

	ASSERT_RTNL();
	if (!now)
		return;
	if (bond->mode->traits & BOND_T_OWN_MACS)
		bond_mac_own_move(bond, now);
	else if (policy == FOM_ACTIVE)
		err = bond_mac_adopt(bond, now->dev, NULL);
	else if (policy == FOM_FOLLOW)
		follow(bond, was, now);
	if (err)
		port_err(now, "Error %d setting bond MAC from slave\n", err);
}

/**
 * bond_set_mac_address() - ndo_set_mac_address: on every port or on none
 * @dev: the bond
 * @addr: struct sockaddr
 *
 * With fail_over_mac active or follow the address is not the administrator's
 * to choose; the request is taken and does nothing, as users expect.
 *
 * Context: RTNL, may sleep.
 * Return: 0; -EADDRNOTAVAIL for an address that is none; else what the
 * refusing port or bond_mac_own_set() says.
 */
int bond_set_mac_address(struct net_device *dev, void *addr)
{
	struct bond *bond = bond_of(dev);
	struct sockaddr_storage *ss = addr;
	struct bond_port *port;
	const u8 *want = bond_compat_sa_data(ss);
	int err;

	ASSERT_RTNL();
	if (!bond_mac_shared(bond))
		return 0;
	if (dev->type == ARPHRD_ETHER && !is_valid_ether_addr(want))
		return -EADDRNOTAVAIL;
	if (bond->mode->traits & BOND_T_OWN_MACS)
		return bond_mac_own_set(bond, want);
	bond_for_each_port(bond, port) {
		err = bond_mac_set_port(port, want, NULL);
		if (err)
			goto undo;
	}
	__dev_addr_set(dev, want, dev->addr_len);
	return 0;
undo:
	list_for_each_entry_continue_reverse(port, &bond->ports, list)
		bond_mac_set_port(port, dev->dev_addr, NULL);
	return err;
}
