// SPDX-License-Identifier: GPL-2.0
/*
 * ioctls of both generations: SIOCBOND* and, for the ifenslave of the last
 * century, the private numbers they had before; and the MII registers that
 * mii-tool asks for.
 */
#include <linux/compat.h>
#include <linux/if_bonding.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <linux/uaccess.h>

#include "bond.h"
#include "compat.h"
#include "doors.h"
#include "engine.h"
#include "option.h"

static int query_bond(const struct bond *bond, void __user *to)
{
	struct ifbond info;

	bond_fill_ifbond(bond, &info);
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static int query_port(const struct bond *bond, void __user *to)
{
	const struct bond_port *port;
	struct ifslave info;
	s32 id, i = 0;

	if (copy_from_user(&info, to, sizeof(info)))
		return -EFAULT;
	id = info.slave_id;
	bond_for_each_port(bond, port) {
		if (i++ != id)
			continue;
		bond_fill_ifslave(port, &info);
		info.slave_id = id;
		return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
	}
	return -ENODEV;
}

static int act(struct bond *bond, struct ifreq *ifr, int cmd)
{
	struct net_device *port_dev;

	if (!ns_capable(dev_net(bond->dev)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	ifr->ifr_slave[IFNAMSIZ - 1] = 0;
	port_dev = __dev_get_by_name(dev_net(bond->dev), ifr->ifr_slave);
	if (!port_dev)
		return -ENODEV;
	switch (cmd) {
	case SIOCBONDENSLAVE:
		return bond_port_join(bond, port_dev, NULL);
	case SIOCBONDRELEASE:
		return bond_port_leave(bond, port_dev, NULL);
	case SIOCBONDSETHWADDR:
		if (port_dev->addr_len != bond->dev->addr_len)
			return -EINVAL;
		/* the bond's alone: who asks sets those of the ports himself */
		return bond_mac_adopt(bond, port_dev, NULL);
	case SIOCBONDCHANGEACTIVE:
		return bond_option_write(bond,
					 &bond_options[BOND_OPT_ACTIVE_SLAVE],
					 port_dev->name);
	}
	return -EOPNOTSUPP;
}

/**
 * bond_siocbond() - ndo_siocbond: SIOCBOND*
 * @dev: the bond
 * @ifr: the request, names a port or points to what is to be filled
 * @cmd: SIOCBOND*
 *
 * Context: RTNL.
 * Return: 0 or -errno.
 */
int bond_siocbond(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct bond *bond = bond_of(dev);

	switch (cmd) {
	case SIOCBONDINFOQUERY:
		return query_bond(bond, ifr->ifr_data);
	case SIOCBONDSLAVEINFOQUERY:
		return query_port(bond, ifr->ifr_data);
	}
	return act(bond, ifr, cmd);
}

/**
 * bond_siocdevprivate() - ndo_siocdevprivate: the numbers of before 2003
 * @dev: the bond
 * @ifr: the request
 * @data: pointer in the request, already translated for 32-bit callers
 * @cmd: BOND_*_OLD
 *
 * Context: RTNL.
 * Return: 0 or -errno.
 */
int bond_siocdevprivate(struct net_device *dev, struct ifreq *ifr,
			void __user *data, int cmd)
{
	static const struct {
		int old;
		int now;
	} commands[] = {
		{ BOND_ENSLAVE_OLD, SIOCBONDENSLAVE },
		{ BOND_RELEASE_OLD, SIOCBONDRELEASE },
		{ BOND_SETHWADDR_OLD, SIOCBONDSETHWADDR },
		{ BOND_CHANGE_ACTIVE_OLD, SIOCBONDCHANGEACTIVE },
	};
	unsigned int i;

	if (cmd == BOND_INFO_QUERY_OLD)
		return query_bond(bond_of(dev), data);
	if (cmd == BOND_SLAVE_INFO_QUERY_OLD)
		return query_port(bond_of(dev), data);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].old == cmd)
			return act(bond_of(dev), ifr, commands[i].now);
	return -EOPNOTSUPP;
}

/**
 * bond_eth_ioctl() - ndo_eth_ioctl: what mii-tool asks, and time stamps
 * @dev: the bond
 * @ifr: the request
 * @cmd: SIOCGMIIPHY, SIOCGMIIREG, SIOCGHWTSTAMP or SIOCSHWTSTAMP
 *
 * Context: RTNL.
 * Return: 0 or -errno.
 */
int bond_eth_ioctl(struct net_device *dev, struct ifreq *ifr, int cmd)
{
	struct mii_ioctl_data *mii = if_mii(ifr);

	switch (cmd) {
	case SIOCGMIIPHY:
		mii->phy_id = 0;
		fallthrough;
	case SIOCGMIIREG:
		if (mii->reg_num == MII_BMSR)
			mii->val_out = netif_carrier_ok(dev) ? BMSR_LSTATUS : 0;
		return 0;
	case SIOCGHWTSTAMP:
	case SIOCSHWTSTAMP:
		return bond_compat_hwtstamp_ioctl(dev, ifr, cmd);
	}
	return -EOPNOTSUPP;
}
