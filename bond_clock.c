// SPDX-License-Identifier: GPL-2.0
/*
 * Time stamps. Where one port carries everything its clock is the bond's;
 * whoever uses it must know that it may become another one, and says so with
 * HWTSTAMP_FLAG_BONDED_PHC_INDEX.
 */
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/netdevice.h>
#include <linux/uaccess.h>

#include "bond.h"
#include "compat.h"
#include "engine.h"

/* The device of the n-th port, held, or NULL. */
static struct net_device *nth_device(const struct bond *bond, u32 n)
{
	struct net_device *dev = NULL;
	const struct bond_port *port;

	rcu_read_lock();
	bond_for_each_port_rcu(bond, port)
		if (!n--) {
			dev = port->dev;
			dev_hold(dev);
			break;
		}
	rcu_read_unlock();
	return dev;
}

/*
 * Software stamps on transmit need every port to make them. A socket that binds
 * to a clock asks this without RTNL on older kernels, and drivers may sleep.
 */
static bool all_stamp_tx(const struct bond *bond)
{
	struct bond_ts_info info;
	struct net_device *dev;
	bool stamps = true;
	u32 n;

	for (n = 0; stamps && (dev = nth_device(bond, n)); n++) {
		stamps = !bond_compat_ts_info(dev, &info) &&
			 (info.so_timestamping & SOF_TIMESTAMPING_TX_SOFTWARE);
		dev_put(dev);
	}
	return n && stamps;
}

/**
 * bond_get_ts_info() - ethtool_ops.get_ts_info: what stamps there are
 * @dev: the bond
 * @info: to be filled in
 *
 * Context: RTNL or not; RCU on newer kernels, else may sleep.
 * Return: 0.
 */
int bond_get_ts_info(struct net_device *dev, struct bond_ts_info *info)
{
	const struct bond *bond = bond_of(dev);
	struct net_device *clock = bond_active_device(bond, BOND_T_ACTIVE_PORT);
	int err = -EOPNOTSUPP;

	if (clock) {
		err = bond_compat_ts_info(clock, info);
		dev_put(clock);
	}
	if (!err)
		return 0;
	info->so_timestamping = SOF_TIMESTAMPING_RX_SOFTWARE |
				SOF_TIMESTAMPING_SOFTWARE;
	info->phc_index = -1;
	if (all_stamp_tx(bond))
		info->so_timestamping |= SOF_TIMESTAMPING_TX_SOFTWARE;
	return 0;
}

/* A driver with an ioctl of its own has already answered in user memory. */
static int mark_bonded(struct kernel_hwtstamp_config *config)
{
	struct hwtstamp_config __user *answer;
	int flags;

	config->flags |= HWTSTAMP_FLAG_BONDED_PHC_INDEX;
	if (!config->copied_to_user)
		return 0;
	answer = config->ifr->ifr_data;
	if (get_user(flags, &answer->flags) ||
	    put_user(flags | HWTSTAMP_FLAG_BONDED_PHC_INDEX, &answer->flags))
		return -EFAULT;
	return 0;
}

/**
 * bond_hwtstamp_get() - ndo_hwtstamp_get: of the port in use
 * @dev: the bond
 * @config: to be filled in
 *
 * Context: RTNL, may sleep.
 * Return: 0, -EOPNOTSUPP when no port is in use or what the port answers.
 */
int bond_hwtstamp_get(struct net_device *dev,
		      struct kernel_hwtstamp_config *config)
{
	struct net_device *clock = bond_active_device(bond_of(dev), BOND_T_ACTIVE_PORT);
	int err;

	if (!clock)
		return -EOPNOTSUPP;
	err = generic_hwtstamp_get_lower(clock, config);
	dev_put(clock);
	return err ?: mark_bonded(config);
}

/**
 * bond_hwtstamp_set() - ndo_hwtstamp_set: of the port in use
 * @dev: the bond
 * @config: what is wanted; becomes what was done
 * @ea: where the port's driver explains
 *
 * Context: RTNL, may sleep.
 * Return: 0, -EOPNOTSUPP when no port is in use or the caller does not know
 * that the clock may change, or what the port answers.
 */
int bond_hwtstamp_set(struct net_device *dev,
		      struct kernel_hwtstamp_config *config,
		      struct netlink_ext_ack *ea)
{
	struct net_device *clock;
	int err;

	if (!(config->flags & HWTSTAMP_FLAG_BONDED_PHC_INDEX))
		return -EOPNOTSUPP;
	clock = bond_active_device(bond_of(dev), BOND_T_ACTIVE_PORT);
	if (!clock)
		return -EOPNOTSUPP;
	err = generic_hwtstamp_set_lower(clock, config, ea);
	dev_put(clock);
	return err ?: mark_bonded(config);
}
