// SPDX-License-Identifier: GPL-2.0
/*
 * Modes in which every port has an address of its own (BOND_T_OWN_MACS). The
 * active port has the bond's, no two ports have the same, and when another
 * port becomes active the two swap.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"

static bool has(const struct bond_port *port, const u8 *addr)
{
	return ether_addr_equal(port->dev->dev_addr, addr);
}

static bool has_perm(const struct bond_port *port, const u8 *addr)
{
	return ether_addr_equal(port->perm_addr, addr);
}

/* A member other than @not with this address. */
static struct bond_port *holder(struct bond *bond, const struct bond_port *not,
				const u8 *addr)
{
	struct bond_port *port;

	bond_for_each_port(bond, port)
		if (port != not && !port->gone && has(port, addr))
			return port;
	return NULL;
}

/*
 * Some drivers refuse while the device is up. Where hearing the bond's address
 * is enough they may, as long as that is what the device hears: the other one
 * is only what frames are sent with.
 */
static int set(struct bond_port *port, const u8 *addr,
	       struct netlink_ext_ack *ea)
{
	bool may = !(port->bond->mode->traits & BOND_T_LIVE_MACS);
	int err = -EBUSY;

	if (has(port, addr))
		return 0;
	if (!port->mac_soft)
		ether_addr_copy(port->heard_addr, port->dev->dev_addr);
	may &= ether_addr_equal(port->heard_addr, port->bond->dev->dev_addr);
	if (!may || !port->mac_soft)
		err = bond_mac_set_port(port, addr, ea);
	if (!err || !may)
		return err;
	port->mac_soft = true;
	dev_addr_set(port->dev, addr);
	return 0;
}

static bool is_free(struct bond *bond, const struct bond_port *port,
		    const u8 *addr)
{
	return is_valid_ether_addr(addr) &&
	       !ether_addr_equal(bond->dev->dev_addr, addr) &&
	       !holder(bond, port, addr);
}

/**
 * bond_mac_find_free() - an address that neither bond nor another port uses
 * @port: whom it is for: best its own
 * @addr: where it goes, %ETH_ALEN bytes
 *
 * Context: RTNL.
 */
void bond_mac_find_free(struct bond_port *port, u8 *addr)
{
	struct bond *bond = port->bond;
	const struct bond_port *other;

	ASSERT_RTNL();
	ether_addr_copy(addr, port->perm_addr);
	if (is_free(bond, port, addr))
		return;
	bond_for_each_port(bond, other) {
		ether_addr_copy(addr, other->perm_addr);
		if (!other->gone && is_free(bond, port, addr))
			return;
	}
	eth_random_addr(addr);
}

static void changed(struct bond *bond)
{
	if (bond->mode->address)
		bond->mode->address(bond);
}

/*
 * The first port has no need of another address yet, and the bond would find
 * out when it has. Who says that he can change is believed; setting the same
 * again is no trial, for newer kernels do not ask the driver then.
 */
static int try_live(struct bond_port *port, struct netlink_ext_ack *ea)
{
	u8 keep[ETH_ALEN], addr[ETH_ALEN];

	if (!(port->bond->mode->traits & BOND_T_LIVE_MACS) ||
	    (port->dev->priv_flags & IFF_LIVE_ADDR_CHANGE))
		return 0;
	ether_addr_copy(keep, port->dev->dev_addr);
	bond_mac_find_free(port, addr);
	if (ether_addr_equal(addr, keep))
		eth_random_addr(addr);
	return bond_mac_set_port(port, addr, ea) ?:
	       bond_mac_set_port(port, keep, ea);
}

/**
 * bond_mac_own_join() - a port that joined with the bond's address gets its own
 * @port: the port, open
 * @ea: where a refusal is explained
 *
 * The first port keeps the bond's, but must be able to give it up where ports
 * change addresses while they are up. A later one that comes with the bond's may
 * keep it only while no port is active: where the administrator has given the
 * active port another address, the bond's must not be at an idle one.
 *
 * Context: RTNL, may sleep.
 * Return: 0 or the driver's -errno.
 */
int bond_mac_own_join(struct bond_port *port, struct netlink_ext_ack *ea)
{
	struct bond *bond = port->bond;
	u8 addr[MAX_ADDR_LEN] = {};
	int err;

	ASSERT_RTNL();
	if (!READ_ONCE(bond->active) &&
	    !holder(bond, port, bond->dev->dev_addr)) {
		err = try_live(port, ea);
		if (err)
			port_err(port, "Error %d trying to change the MAC address of the slave while it is up, which this mode needs\n",
				 err);
		return err;
	}
	if (has_perm(port, bond->dev->dev_addr))
		port_warn(port, "the slave hw address is in use by the bond; giving it another\n");
	bond_mac_find_free(port, addr);
	err = set(port, addr, ea);
	if (err)
		port_err(port, "Error %d giving the slave a MAC address of its own\n", err);
	else
		changed(bond);
	return err;
}

/**
 * bond_mac_own_restore() - a port is about to get its permanent address back
 * @port: the port, off the list
 *
 * A member that has been using it since some failover takes another.
 *
 * Context: RTNL, may sleep.
 */
void bond_mac_own_restore(struct bond_port *port)
{
	struct bond *bond = port->bond;
	struct bond_port *user;
	u8 addr[ETH_ALEN];

	ASSERT_RTNL();
	/* what the device has, whatever it was made to say */
	if (port->mac_soft)
		dev_addr_set(port->dev, port->heard_addr);
	user = holder(bond, port, port->perm_addr);
	if (!user || has(user, bond->dev->dev_addr))
		return;
	bond_mac_find_free(user, addr);
	/* its own permanent one may be this very address */
	if (ether_addr_equal(addr, port->perm_addr))
		eth_random_addr(addr);
	if (set(user, addr, NULL))
		port_err(user, "cannot give up the permanent HWaddr of %s\n",
			 port->dev->name);
	changed(bond);
}

/**
 * bond_mac_own_move() - the bond's address goes to the new active port
 * @bond: the bond
 * @now: the new active port
 *
 * Who refused to give it up before is asked again.
 *
 * Context: RTNL, may sleep.
 */
void bond_mac_own_move(struct bond *bond, struct bond_port *now)
{
	struct bond_port *was;
	u8 spare[ETH_ALEN];
	int err;

	ASSERT_RTNL();
	if (has(now, bond->dev->dev_addr) &&
	    !holder(bond, now, bond->dev->dev_addr))
		return;
	ether_addr_copy(spare, now->dev->dev_addr);
	err = set(now, bond->dev->dev_addr, NULL);
	bond_for_each_port(bond, was) {
		if (err || was == now || was->gone ||
		    !has(was, bond->dev->dev_addr))
			continue;
		if (!is_free(bond, was, spare))
			bond_mac_find_free(was, spare);
		err = set(was, spare, NULL);
		WRITE_ONCE(was->mac_kept, err);
	}
	if (err)
		port_err(now, "Error %d swapping MAC addresses\n", err);
	changed(bond);
}

/**
 * bond_mac_own_opening() - a port is about to be opened, or has been
 * @port: the port
 * @open: it has been
 *
 * A driver that takes no address while up has the device listen to what it finds
 * when it opens it, so that is what the device is to hear, not the other one that
 * frames are sent with. Should it not open, that one is still known next time.
 *
 * Context: RTNL, may sleep.
 */
void bond_mac_own_opening(struct bond_port *port, bool open)
{
	ASSERT_RTNL();
	if (!port->mac_soft)
		return;
	if (open && is_valid_ether_addr(port->sent_addr)) {
		dev_addr_set(port->dev, port->sent_addr);
		eth_zero_addr(port->sent_addr);
	} else if (!open && !has(port, port->heard_addr)) {
		ether_addr_copy(port->sent_addr, port->dev->dev_addr);
		dev_addr_set(port->dev, port->heard_addr);
	}
}

/* What the device is to hear must be set in it, or the bond is deaf. */
static int set_heard(struct bond_port *port, const u8 *addr)
{
	int err;

	if (has(port, addr))
		return 0;
	err = bond_mac_set_port(port, addr, NULL);
	if (!err)
		port->mac_soft = false;
	return err;
}

/* Could a port that only says it has the bond's address not hear a new one? */
static bool would_be_deaf(struct bond *bond, const struct bond_port *first)
{
	struct bond_port *port;

	bond_for_each_port(bond, port) {
		if (port == first || !port->mac_soft)
			continue;
		port_err(port, "cannot take another address while it is up\n");
		return true;
	}
	return false;
}

/* The port with the bond's address, not one that only would not give it up. */
static struct bond_port *bearer(struct bond *bond)
{
	struct bond_port *active = READ_ONCE(bond->active);

	if (active && has(active, bond->dev->dev_addr))
		return active;
	return holder(bond, NULL, bond->dev->dev_addr) ?: active;
}

/**
 * bond_mac_own_set() - the administrator gives the bond another address
 * @bond: the bond
 * @want: the address, valid
 *
 * The active port gets it, also when the administrator had given that port an
 * address of its own. A port that had it gets the old one.
 *
 * Context: RTNL, may sleep.
 * Return: 0; -EBUSY when a port that had it cannot give it up; else the
 * driver's -errno, with nothing changed.
 */
int bond_mac_own_set(struct bond *bond, const u8 *want)
{
	struct bond_port *first = bearer(bond);
	struct bond_port *had = holder(bond, first, want);
	u8 old[ETH_ALEN], firsts[ETH_ALEN] = {};
	int err;

	ASSERT_RTNL();
	/* not every kernel keeps these from us, and there is nothing to do */
	if (ether_addr_equal(want, bond->dev->dev_addr))
		return 0;
	ether_addr_copy(old, bond->dev->dev_addr);
	if (first)
		ether_addr_copy(firsts, first->dev->dev_addr);
	err = would_be_deaf(bond, first) ? -EBUSY :
	      first ? set_heard(first, want) : 0;
	if (err)
		return err;
	err = had && first ? set(had, old, NULL) : 0;
	if (err) {
		set(first, firsts, NULL);
		return err;
	}
	eth_hw_addr_set(bond->dev, want);
	changed(bond);
	return 0;
}
