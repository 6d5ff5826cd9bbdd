// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters: what new bonds start with. Each bad value has its own
 * old rule, refuse to load or fall back with a warning, and its own words;
 * both are kept.
 */
#include <linux/inet.h>
#include <linux/module.h>

#include "bond.h"
#include "doors.h"
#include "option.h"

static int max_bonds = BOND_DEFAULT_MAX_BONDS;
static int tx_queues = BOND_DEFAULT_TX_QUEUES;
static int num_peer_notif = 1;
static int miimon;
static int updelay;
static int downdelay;
static int use_carrier = 1;
static char *mode;
static char *primary;
static char *primary_reselect;
static char *lacp_rate;
static char *ad_select;
static int min_links;
static char *xmit_hash_policy;
static char *hash_table;
static unsigned int hash_seed;
static char *slb;
static int arp_interval;
static char *arp_ip_target[BOND_TARGETS];
static char *arp_validate;
static char *monitors;
static char *arp_all_targets;
static char *fail_over_mac;
static int all_slaves_active;
static int resend_igmp = BOND_DEFAULT_RESEND_IGMP;
static int packets_per_slave = 1;
static unsigned int lp_interval = 1;
static char *announce;
static char *flap_penalty_half_life;

module_param(max_bonds, int, 0);
MODULE_PARM_DESC(max_bonds, "Max number of bonded devices");
module_param(tx_queues, int, 0);
MODULE_PARM_DESC(tx_queues, "Max number of transmit queues (default = 16)");
module_param_named(num_grat_arp, num_peer_notif, int, 0644);
MODULE_PARM_DESC(num_grat_arp, "Number of peer notifications to send on failover event (alias of num_unsol_na)");
module_param_named(num_unsol_na, num_peer_notif, int, 0644);
MODULE_PARM_DESC(num_unsol_na, "Number of peer notifications to send on failover event (alias of num_grat_arp)");
module_param(miimon, int, 0);
MODULE_PARM_DESC(miimon, "Link check interval in milliseconds");
module_param(updelay, int, 0);
MODULE_PARM_DESC(updelay, "Delay before considering link up, in milliseconds");
module_param(downdelay, int, 0);
MODULE_PARM_DESC(downdelay, "Delay before considering link down, in milliseconds");
module_param(use_carrier, int, 0);
MODULE_PARM_DESC(use_carrier, "option obsolete, use_carrier cannot be disabled");
module_param(mode, charp, 0);
MODULE_PARM_DESC(mode, "Mode of operation; 0 for balance-rr, 1 for active-backup, 2 for balance-xor, 3 for broadcast, 4 for 802.3ad, 5 for balance-tlb, 6 for balance-alb");
module_param(primary, charp, 0);
MODULE_PARM_DESC(primary, "Primary network device to use");
module_param(primary_reselect, charp, 0);
MODULE_PARM_DESC(primary_reselect, "Reselect primary slave once it comes up; 0 for always (default), 1 for only if speed of primary is better, 2 for only on active slave failure");
module_param(lacp_rate, charp, 0);
MODULE_PARM_DESC(lacp_rate, "LACPDU tx rate to request from 802.3ad partner; 0 for slow, 1 for fast");
module_param(ad_select, charp, 0);
MODULE_PARM_DESC(ad_select, "802.3ad aggregation selection logic; 0 for stable (default), 1 for bandwidth, 2 for count, 3 for actor_port_prio");
module_param(min_links, int, 0);
MODULE_PARM_DESC(min_links, "Minimum number of available links before turning on carrier");
module_param(xmit_hash_policy, charp, 0);
MODULE_PARM_DESC(xmit_hash_policy, "balance-alb, balance-tlb, balance-xor, 802.3ad hashing method; 0 for layer 2 (default), 1 for layer 3+4, 2 for layer 2+3, 3 for encap layer 2+3, 4 for encap layer 3+4, 5 for vlan+srcmac");
module_param(hash_table, charp, 0);
MODULE_PARM_DESC(hash_table, "How a hash becomes a port; 0 for modulo (default), 1 for resilient");
module_param(hash_seed, uint, 0);
MODULE_PARM_DESC(hash_seed, "Stirred into every hash; 0 for off (default)");
module_param(slb, charp, 0);
MODULE_PARM_DESC(slb, "For switches without a port-channel, balance-rr and balance-xor; 0 for off (default), 1 for on");
module_param(arp_interval, int, 0);
MODULE_PARM_DESC(arp_interval, "arp interval in milliseconds");
module_param_array(arp_ip_target, charp, NULL, 0);
MODULE_PARM_DESC(arp_ip_target, "arp targets in n.n.n.n form");
module_param(arp_validate, charp, 0);
MODULE_PARM_DESC(arp_validate, "validate src/dst of ARP probes; 0 for none (default), 1 for active, 2 for backup, 3 for all");
module_param(monitors, charp, 0);
MODULE_PARM_DESC(monitors, "whether miimon and arp_interval end each other: exclusive (default) or combined");
module_param(arp_all_targets, charp, 0);
MODULE_PARM_DESC(arp_all_targets, "fail on any/all arp targets timeout; 0 for any (default), 1 for all");
module_param(fail_over_mac, charp, 0);
MODULE_PARM_DESC(fail_over_mac, "For active-backup, do not set all slaves to the same MAC; 0 for none (default), 1 for active, 2 for follow");
module_param(all_slaves_active, int, 0);
MODULE_PARM_DESC(all_slaves_active, "Keep all frames received on an interface by setting active flag for all slaves; 0 for never (default), 1 for always.");
module_param(resend_igmp, int, 0);
MODULE_PARM_DESC(resend_igmp, "Number of IGMP membership reports to send on link failure");
module_param(packets_per_slave, int, 0);
MODULE_PARM_DESC(packets_per_slave, "Packets to send per slave in balance-rr mode; 0 for a random slave, 1 packet per slave (default), >1 packets per slave.");
module_param(lp_interval, uint, 0);
MODULE_PARM_DESC(lp_interval, "The number of seconds between instances where the bonding driver sends learning packets to each slaves peer switch. The default is 1.");

module_param(announce, charp, 0);
MODULE_PARM_DESC(announce, "Whom to announce after a failover; 0 for own (default), 1 for all: also who is behind the bond");
module_param(flap_penalty_half_life, charp, 0);
MODULE_PARM_DESC(flap_penalty_half_life, "Milliseconds in which a flapping port's penalty halves; 0 for off (default)");

static const struct bond_mode *mode_of(const struct bond_config *c)
{
	return bond_mode_by_id(c->mode);
}

/* A word that must be right. @fmt has one %s for it. */
static int word(struct bond_config *c, enum bond_option_id id,
		const char *text, const char *what)
{
	const struct bond_option *o = &bond_options[id];
	u32 value;

	if (!text)
		return 0;
	if (bond_option_parse(o, text, &value)) {
		pr_err("Error: %s \"%s\"\n", what, text);
		return -EINVAL;
	}
	bond_option_put(o, c, value);
	return 0;
}

/* Words that are not even looked at where the mode has no use for them. */
static int word_if(struct bond_config *c, enum bond_option_id id,
		   const char *text, const char *what, bool used)
{
	if (!text || used)
		return word(c, id, text, what);
	pr_info("%s param is irrelevant in mode %s\n", bond_options[id].name,
		mode_of(c)->title);
	return 0;
}

static int check_words(struct bond_config *c)
{
	u32 traits;
	int err;

	err = word(c, BOND_OPT_MODE, mode, "Invalid bonding mode");
	if (!err)
		err = word(c, BOND_OPT_MONITORS, monitors, "invalid monitors");
	if (err)
		return err;
	traits = mode_of(c)->traits;
	err = word_if(c, BOND_OPT_XMIT_HASH_POLICY, xmit_hash_policy,
		      "Invalid xmit_hash_policy",
		      traits & (BOND_T_HASH | BOND_T_HASH_OPTIONAL));
	if (!err)
		err = word_if(c, BOND_OPT_LACP_RATE, lacp_rate,
			      "Invalid lacp rate", traits & BOND_T_LACP);
	if (!err)
		err = word(c, BOND_OPT_HASH_TABLE, hash_table,
			   "Invalid hash_table");
	if (!err)
		err = word_if(c, BOND_OPT_SLB, slb, "Invalid slb",
			      !(bond_options[BOND_OPT_SLB].not_in &
				BIT(c->mode)));
	if (!err)
		err = word(c, BOND_OPT_ANNOUNCE, announce, "Invalid announce");
	if (!err)
		err = word(c, BOND_OPT_FLAP_HALF_LIFE, flap_penalty_half_life,
			   "Invalid flap_penalty_half_life");
	if (!err)
		err = word(c, BOND_OPT_AD_SELECT, ad_select,
			   "Invalid ad_select");
	if (!err && ad_select && !(traits & BOND_T_LACP))
		pr_warn("ad_select param only affects 802.3ad mode\n");
	return err;
}

static void reset_time(int *value, const char *name)
{
	if (*value >= 0)
		return;
	pr_warn("Warning: %s module parameter (%d), not in range 0-%d, so it was reset to 0\n",
		name, *value, INT_MAX);
	*value = 0;
}

static void reset_range(int *value, const char *name, const char *fmt_between,
			int max, int dflt)
{
	if (*value >= 0 && *value <= max)
		return;
	pr_warn("Warning: %s (%d) should be between 0 and %d%s resetting to %d\n",
		name, *value, max, fmt_between, dflt);
	*value = dflt;
}

static int check_numbers(void)
{
	if (max_bonds < 0) {
		pr_warn("Warning: max_bonds (%d) not in range %d-%d, so it was reset to BOND_DEFAULT_MAX_BONDS (%d)\n",
			max_bonds, 0, INT_MAX, BOND_DEFAULT_MAX_BONDS);
		max_bonds = BOND_DEFAULT_MAX_BONDS;
	}
	reset_time(&miimon, "miimon");
	reset_time(&updelay, "updelay");
	reset_time(&downdelay, "downdelay");
	if (use_carrier != 1) {
		pr_err("Error: invalid use_carrier parameter (%d)\n",
		       use_carrier);
		return -EINVAL;
	}
	if (num_peer_notif < 0 || num_peer_notif > 255) {
		pr_warn("Warning: num_grat_arp/num_unsol_na (%d) not in range 0-255 so it was reset to 1\n",
			num_peer_notif);
		num_peer_notif = 1;
	}
	return 0;
}

static void check_more_numbers(void)
{
	if (tx_queues < 1 || tx_queues > 255) {
		pr_warn("Warning: tx_queues (%d) should be between 1 and 255, resetting to %d\n",
			tx_queues, BOND_DEFAULT_TX_QUEUES);
		tx_queues = BOND_DEFAULT_TX_QUEUES;
	}
	if (all_slaves_active != 0 && all_slaves_active != 1) {
		pr_warn("Warning: all_slaves_active module parameter (%d), not of valid value (0/1), so it was set to 0\n",
			all_slaves_active);
		all_slaves_active = 0;
	}
	reset_range(&resend_igmp, "resend_igmp", ",", 255,
		    BOND_DEFAULT_RESEND_IGMP);
	reset_range(&packets_per_slave, "packets_per_slave", "", U16_MAX, 1);
}

/* Modes that need to know carrier and speed get a monitor. */
static void force_miimon(const struct bond_config *c)
{
	u32 traits = mode_of(c)->traits;

	if ((traits & BOND_T_NO_PROBES) && !miimon) {
		pr_warn("Warning: miimon must be specified, otherwise bonding will not detect link failure, speed and duplex which are essential for 802.3ad operation\n");
		pr_warn("Forcing miimon to %dmsec\n", BOND_MIIMON_FORCED);
		miimon = BOND_MIIMON_FORCED;
	}
	if (traits & BOND_T_LIVE_MACS)
		pr_notice("In ALB mode you might experience client disconnections upon reconnection of a link if the bonding module updelay parameter (%d msec) is incompatible with the forwarding delay time of the switch\n",
			  updelay);
}

static void round_delay(int *delay, const char *name)
{
	if (!(*delay % miimon))
		return;
	pr_warn("Warning: %s (%d) is not a multiple of miimon (%d), %s rounded to %d ms\n",
		name, *delay, miimon, name, *delay / miimon * miimon);
	*delay = *delay / miimon * miimon;
}

static void check_monitors(const struct bond_config *c)
{
	if (!miimon) {
		if (updelay || downdelay)
			pr_warn("Warning: miimon module parameter not set and updelay (%d) or downdelay (%d) module parameter is set; updelay and downdelay have no effect unless miimon is set\n",
				updelay, downdelay);
	} else {
		if (arp_interval && !c->monitors) {
			pr_warn("Warning: miimon (%d) and arp_interval (%d) can't be used simultaneously, disabling ARP monitoring\n",
				miimon, arp_interval);
			arp_interval = 0;
		}
		round_delay(&updelay, "updelay");
		round_delay(&downdelay, "downdelay");
	}
	reset_time(&arp_interval, "arp_interval");
}

static bool is_target(const struct bond_config *c, u32 count, __be32 addr)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (c->arp_targets[i] == addr)
			return true;
	return false;
}

static u32 check_targets(struct bond_config *c)
{
	u32 i, count = 0;
	__be32 addr;

	for (i = 0; i < BOND_TARGETS && arp_ip_target[i]; i++) {
		if (!in4_pton(arp_ip_target[i], -1, (u8 *)&addr, -1, NULL) ||
		    !addr || addr == htonl(INADDR_BROADCAST)) {
			pr_warn("Warning: bad arp_ip_target module parameter (%s), ARP monitoring will not be performed\n",
				arp_ip_target[i]);
			arp_interval = 0;
		} else if (is_target(c, count, addr)) {
			pr_warn("Warning: duplicate address %pI4 in arp_ip_target, skipping\n",
				&addr);
		} else {
			c->arp_targets[count++] = addr;
		}
	}
	if (arp_interval && !count) {
		pr_warn("Warning: arp_interval module parameter (%d) specified without providing an arp_ip_target parameter, arp_interval was reset to 0\n",
			arp_interval);
		arp_interval = 0;
	}
	return count;
}

static int check_probes(struct bond_config *c)
{
	const struct bond_option *o = &bond_options[BOND_OPT_ARP_ALL_TARGETS];
	u32 value;
	int err;

	if (arp_validate && !arp_interval) {
		pr_err("arp_validate requires arp_interval\n");
		return -EINVAL;
	}
	err = word(c, BOND_OPT_ARP_VALIDATE, arp_validate,
		   "invalid arp_validate");
	if (err || !arp_all_targets)
		return err;
	if (bond_option_parse(o, arp_all_targets, &value)) {
		pr_err("Error: invalid arp_all_targets_value \"%s\"\n",
		       arp_all_targets);
		value = 0;
	}
	bond_option_put(o, c, value);
	return 0;
}

/* The targets in the user's own words. */
static void say_probes(const struct bond_config *c, u32 targets)
{
	char list[BOND_TARGETS * sizeof(" 255.255.255.255")];
	u32 i, len = 0;

	for (i = 0; i < targets; i++)
		len += scnprintf(list + len, sizeof(list) - len, " %s",
				 arp_ip_target[i]);
	pr_info("ARP monitoring set to %d ms, validate %s, with %d target(s):%s\n",
		arp_interval,
		bond_option_word(&bond_options[BOND_OPT_ARP_VALIDATE],
				 c->arp_validate), targets, list);
}

static void say_monitor(const struct bond_config *c, u32 targets)
{
	if (miimon)
		pr_info("MII link monitoring set to %d ms\n", miimon);
	if (arp_interval)
		say_probes(c, targets);
}

static int check_primary(struct bond_config *c)
{
	if (primary && !(mode_of(c)->traits & BOND_T_ACTIVE_PORT)) {
		pr_warn("Warning: %s primary device specified but has no effect in %s mode\n",
			primary, mode_of(c)->title);
		primary = NULL;
	}
	if (!primary)
		return 0;
	strscpy(c->primary, primary, sizeof(c->primary));
	return word(c, BOND_OPT_PRIMARY_RESELECT, primary_reselect,
		    "Invalid primary_reselect");
}

static int check_last(struct bond_config *c)
{
	int err = check_primary(c);

	if (!err)
		err = word(c, BOND_OPT_FAIL_OVER_MAC, fail_over_mac,
			   "invalid fail_over_mac");
	if (err)
		return err;
	if (fail_over_mac && !(mode_of(c)->traits & BOND_T_FOM))
		pr_warn("Warning: fail_over_mac only affects active-backup mode\n");
	if (!lp_interval) {
		pr_warn("Warning: ip_interval must be between 1 and %d, so it was reset to %d\n",
			INT_MAX, 1);
		lp_interval = 1;
	}
	return 0;
}

static void store(struct bond_config *c)
{
	c->miimon = miimon;
	c->updelay_ticks = bond_in_ticks(updelay, miimon);
	c->downdelay_ticks = bond_in_ticks(downdelay, miimon);
	c->updelay = c->updelay_ticks * miimon;
	c->downdelay = c->downdelay_ticks * miimon;
	c->num_peer_notif = num_peer_notif;
	c->min_links = min_links;
	c->arp_interval = arp_interval;
	c->all_slaves_active = all_slaves_active;
	c->resend_igmp = resend_igmp;
	c->packets_per_slave = packets_per_slave;
	c->lp_interval = lp_interval;
	c->hash_seed = hash_seed;
}

/**
 * bond_param_check() - judge the module's parameters at load
 * @out: the settings new bonds start with
 * @bonds: bonds to make now
 * @queues: transmit queues of every bond
 *
 * Context: the module's init.
 * Return: 0; -EINVAL when the module must not load.
 */
int bond_param_check(struct bond_config *out, unsigned int *bonds,
		     unsigned int *queues)
{
	u32 targets;
	int err;

	bond_config_default(out);
	err = check_words(out);
	if (!err)
		err = check_numbers();
	if (err)
		return err;
	force_miimon(out);
	check_more_numbers();
	check_monitors(out);
	targets = check_targets(out);
	err = check_probes(out);
	if (err)
		return err;
	say_monitor(out, targets);
	err = check_last(out);
	if (err)
		return err;
	store(out);
	*bonds = max_bonds;
	*queues = tx_queues;
	return 0;
}
