// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool: who we are, the speed the ports add up to, and counters per port
 * and cause.
 */
#include <linux/ethtool.h>
#include <linux/utsname.h>

#include "bond.h"
#include "compat.h"
#include "crypto.h"
#include "doors.h"
#include "engine.h"
#include "learn.h"
#include "ledger.h"

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "bonding", sizeof(info->driver));
	strscpy(info->version, init_utsname()->release, sizeof(info->version));
	snprintf(info->fw_version, sizeof(info->fw_version), "%d",
		 BOND_ABI_VERSION);
}

/* A copy goes to every port: the slowest one decides. */
static u32 add_speed(const struct bond *bond, u32 sum, u32 speed)
{
	if (bond->mode->traits & BOND_T_SUM_SPEED)
		return sum + speed;
	return sum ? min(sum, speed) : speed;
}

static int get_link_ksettings(struct net_device *dev,
			      struct ethtool_link_ksettings *cmd)
{
	struct bond *bond = bond_of(dev);
	struct bond_port *port;
	u32 sum = 0;

	ASSERT_RTNL();
	cmd->base.duplex = DUPLEX_UNKNOWN;
	cmd->base.port = PORT_OTHER;
	bond_for_each_port(bond, port) {
		u32 speed;

		if (READ_ONCE(port->link.state) != LINK_UP)
			continue;
		/* some drivers change it and tell nobody */
		if (bond_port_speed(port))
			bond_speed_learned(port);
		speed = port->speed;
		if (READ_ONCE(port->rx_idle))
			continue;
		if (speed != (u32)SPEED_UNKNOWN)
			sum = add_speed(bond, sum, speed);
		if (cmd->base.duplex == DUPLEX_UNKNOWN)
			cmd->base.duplex = port->duplex;
	}
	cmd->base.speed = sum ?: SPEED_UNKNOWN;
	return 0;
}

/* --- ethtool -S -------------------------------------------------------------- */

static const char * const ad_names[BOND_AD_STATS] = {
	"lacpdu_rx", "lacpdu_tx", "lacpdu_unknown_rx", "lacpdu_illegal_rx",
	"marker_rx", "marker_tx", "marker_resp_rx", "marker_resp_tx",
	"marker_unknown_rx",
};

/* of the bond as a whole, after those of the ports */
static const char * const bond_names[] = {
	"failovers", "failovers_below_10us", "failovers_below_100us",
	"failovers_below_1ms", "failovers_below_10ms", "failovers_above",
	"packets_diverted", "addresses_announced",
	"ipsec_states_moved", "ipsec_states_fell_back",
	"crypto_packets_refused", "tls_packets_fell_back",
};

/* of each port; get_ethtool_stats() fills them in */
static const char * const port_names[] = {
	"link_failures", "flaps_suppressed", "tx_bytes", "rx_bytes",
};

#define PORT_NAME_ROOM	13	/* and a blank, and the longest word below */

static unsigned int counters_per_port(const struct bond *bond)
{
	return ARRAY_SIZE(port_names) + (bond->mode->ad_stats ? BOND_AD_STATS : 0);
}

static int get_sset_count(struct net_device *dev, int sset)
{
	const struct bond *bond = bond_of(dev);

	if (sset != ETH_SS_STATS || !bond->nports)
		return -EOPNOTSUPP;
	return bond->nports * counters_per_port(bond) + ARRAY_SIZE(bond_names) +
	       bond->mode->counters;
}

/* Of a name too long the end: that is where ports of one card differ. */
static void add_name(u8 **to, const struct bond_port *port, const char *what)
{
	const char *name = port->dev->name;
	size_t len = strlen(name);

	if (len > PORT_NAME_ROOM)
		name += len - PORT_NAME_ROOM;
	snprintf((char *)*to, ETH_GSTRING_LEN, "%s %s", name, what);
	*to += ETH_GSTRING_LEN;
}

static void get_strings(struct net_device *dev, u32 sset, u8 *to)
{
	const struct bond *bond = bond_of(dev);
	const struct bond_port *port;
	int i;

	if (sset != ETH_SS_STATS)
		return;
	bond_for_each_port(bond, port) {
		for (i = 0; i < ARRAY_SIZE(port_names); i++)
			add_name(&to, port, port_names[i]);
		for (i = 0; bond->mode->ad_stats && i < BOND_AD_STATS; i++)
			add_name(&to, port, ad_names[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bond_names); i++, to += ETH_GSTRING_LEN)
		strscpy((char *)to, bond_names[i], ETH_GSTRING_LEN);
	for (i = 0; i < bond->mode->counters; i++, to += ETH_GSTRING_LEN)
		strscpy((char *)to, bond->mode->counter_names[i], ETH_GSTRING_LEN);
}

static void bond_counters(struct bond *bond, u64 *to)
{
	struct bond_ledger_sums sums;

	/* failovers, diverted, announced; ledger.h and crypto.h know the rest */
	static_assert(ARRAY_SIZE(bond_names) ==
		      3 + BOND_LEDGER_BINS + BOND_CRYPTO_COUNTERS);
	bond_ledger_sum(bond, &sums);
	*to++ = sums.failovers;
	memcpy(to, sums.bins, sizeof(sums.bins));
	to += BOND_LEDGER_BINS;
	*to++ = sums.diverted;
	*to++ = bond_learn_announced(bond);
	bond_crypto_count(bond, to);
	to += BOND_CRYPTO_COUNTERS;
	if (bond->mode->counters)
		bond->mode->count(bond, to);
}

static void get_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *to)
{
	struct bond *bond = bond_of(dev);
	const struct bond_port *port;
	struct rtnl_link_stats64 octets;
	struct bond_ad_stats ad;

	bond_for_each_port(bond, port) {
		dev_get_stats(port->dev, &octets);
		*to++ = READ_ONCE(port->failures);
		*to++ = READ_ONCE(port->damp.suppressed);
		*to++ = octets.tx_bytes;
		*to++ = octets.rx_bytes;
		if (!bond->mode->ad_stats)
			continue;
		memset(&ad, 0, sizeof(ad));
		bond->mode->ad_stats(bond, port, &ad);
		memcpy(to, ad.count, sizeof(ad.count));
		to += BOND_AD_STATS;
	}
	bond_counters(bond, to);
}

const struct ethtool_ops bond_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= get_link_ksettings,
	.get_sset_count		= get_sset_count,
	.get_strings		= get_strings,
	.get_ethtool_stats	= get_ethtool_stats,
	.get_ts_info		= bond_get_ts_info,
};
