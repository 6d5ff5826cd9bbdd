// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/bonding/BOND: prose that people and their scripts have read since
 * 1999, so every word of it is an interface.
 */
#include <linux/capability.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>

#include "bond.h"
#include "doors.h"
#include "option.h"
#include "bond_core/lacp.h"

static const char *word(const struct bond *bond, enum bond_option_id id)
{
	const struct bond_option *o = &bond_options[id];

	return bond_option_word(o, bond_option_get(o, &bond->config)) ?: "";
}

static const char *port_name(const struct bond_port *port)
{
	return port ? port->dev->name : "None";
}

static void show_active(struct seq_file *seq, const struct bond *bond)
{
	const struct bond_view *v = rcu_dereference(bond->view);
	const struct bond_port *primary = READ_ONCE(bond->primary);

	seq_printf(seq, "Primary Slave: %s", port_name(primary));
	if (primary)
		seq_printf(seq, " (primary_reselect %s)",
			   word(bond, BOND_OPT_PRIMARY_RESELECT));
	seq_printf(seq, "\nCurrently Active Slave: %s\n",
		   port_name(v ? v->active : NULL));
}

static void show_arp(struct seq_file *seq, const struct bond_config *config)
{
	unsigned int i;

	seq_printf(seq, "ARP Polling Interval (ms): %d\n", config->arp_interval);
	seq_printf(seq, "ARP Missed Max: %u\n", config->arp_missed_max);
	seq_puts(seq, "ARP IP target/s (n.n.n.n form):");
	for (i = 0; i < BOND_TARGETS && config->arp_targets[i]; i++)
		seq_printf(seq, "%s %pI4", i ? "," : "",
			   &config->arp_targets[i]);
	seq_puts(seq, "\n");
	if (!IS_ENABLED(CONFIG_IPV6))
		return;
	seq_puts(seq, "NS IPv6 target/s (xx::xx form):");
	for (i = 0; i < BOND_TARGETS; i++) {
		if (ipv6_addr_any(&config->ns_targets[i]))
			break;
		seq_printf(seq, "%s %pI6c", i ? "," : "",
			   &config->ns_targets[i]);
	}
	seq_puts(seq, "\n");
}

static void show_aggregator(struct seq_file *seq, const struct bond *bond)
{
	const struct bond_mode *mode = READ_ONCE(bond->mode);
	struct bond_ad_info info = {};
	bool active = mode->ad_info && mode->ad_info(bond, &info);

	seq_printf(seq, "System priority: %d\n", info.sys_prio);
	seq_printf(seq, "System MAC address: %pM\n", info.system);
	if (!active) {
		seq_printf(seq, "bond %s has no active aggregator\n",
			   bond->dev->name);
		return;
	}
	seq_puts(seq, "Active Aggregator Info:\n");
	seq_printf(seq, "\tAggregator ID: %d\n", info.aggregator);
	seq_printf(seq, "\tNumber of ports: %d\n", info.ports);
	seq_printf(seq, "\tActor Key: %d\n", info.actor_key);
	seq_printf(seq, "\tPartner Key: %d\n", info.partner_key);
	seq_printf(seq, "\tPartner Mac Address: %pM\n", info.partner_mac);
}

static void show_lacp(struct seq_file *seq, const struct bond *bond)
{
	seq_puts(seq, "\n802.3ad info\n");
	seq_printf(seq, "LACP active: %s\n", word(bond, BOND_OPT_LACP_ACTIVE));
	seq_printf(seq, "LACP rate: %s\n", word(bond, BOND_OPT_LACP_RATE));
	seq_printf(seq, "Min links: %d\n", bond->config.min_links);
	seq_printf(seq, "Aggregator selection policy (ad_select): %s\n",
		   word(bond, BOND_OPT_AD_SELECT));
	if (capable(CAP_NET_ADMIN))
		show_aggregator(seq, bond);
}

static void show_bond(struct seq_file *seq, const struct bond *bond)
{
	const struct bond_mode *mode = READ_ONCE(bond->mode);
	const struct bond_config *config = &bond->config;

	seq_printf(seq, "Ethernet Channel Bonding Driver: v%s\n\n",
		   init_utsname()->release);
	seq_printf(seq, "Bonding Mode: %s", mode->title);
	if ((mode->traits & BOND_T_FOM) && config->fail_over_mac)
		seq_printf(seq, " (fail_over_mac %s)",
			   word(bond, BOND_OPT_FAIL_OVER_MAC));
	seq_puts(seq, "\n");
	if (bond_mode_hashes(bond))
		seq_printf(seq, "Transmit Hash Policy: %s (%d)\n",
			   word(bond, BOND_OPT_XMIT_HASH_POLICY),
			   config->xmit_policy);
	if (mode->traits & BOND_T_ACTIVE_PORT)
		show_active(seq, bond);
	seq_printf(seq, "MII Status: %s\n",
		   netif_carrier_ok(bond->dev) ? "up" : "down");
	seq_printf(seq, "MII Polling Interval (ms): %d\n", config->miimon);
	seq_printf(seq, "Up Delay (ms): %d\n", config->updelay);
	seq_printf(seq, "Down Delay (ms): %d\n", config->downdelay);
	seq_printf(seq, "Peer Notification Delay (ms): %d\n",
		   config->peer_notif_delay);
	if (config->arp_interval)
		show_arp(seq, config);
	if (mode->traits & BOND_T_LACP)
		show_lacp(seq, bond);
}

static void show_end(struct seq_file *seq, const struct bond_ad_end *end,
		     const char *key)
{
	seq_printf(seq, "    system priority: %d\n", end->sys_prio);
	seq_printf(seq, "    system mac address: %pM\n", end->system);
	seq_printf(seq, "    %s key: %d\n", key, end->key);
	seq_printf(seq, "    port priority: %d\n", end->port_prio);
	seq_printf(seq, "    port number: %d\n", end->port);
	seq_printf(seq, "    port state: %d\n", end->state);
}

static void show_port_lacp(struct seq_file *seq, const struct bond_port *port)
{
	const struct bond_mode *mode = READ_ONCE(port->bond->mode);
	struct bond_port_ad ad = {};

	if (!mode->port_ad || !mode->port_ad(port, &ad)) {
		seq_puts(seq, "Aggregator ID: N/A\n");
		return;
	}
	seq_printf(seq, "Aggregator ID: %d\n", ad.aggregator);
	seq_printf(seq, "Actor Churn State: %s\n", lacp_churn_word(ad.actor_churn));
	seq_printf(seq, "Partner Churn State: %s\n",
		   lacp_churn_word(ad.partner_churn));
	seq_printf(seq, "Actor Churned Count: %d\n", ad.actor_churned);
	seq_printf(seq, "Partner Churned Count: %d\n", ad.partner_churned);
	if (!capable(CAP_NET_ADMIN))
		return;
	seq_puts(seq, "details actor lacp pdu:\n");
	show_end(seq, &ad.actor, "port");
	seq_puts(seq, "details partner lacp pdu:\n");
	show_end(seq, &ad.partner, "oper");
}

static void show_port(struct seq_file *seq, const struct bond_port *port)
{
	u32 speed = READ_ONCE(port->speed);
	u8 duplex = READ_ONCE(port->duplex);

	seq_printf(seq, "\nSlave Interface: %s\n", port->dev->name);
	seq_printf(seq, "MII Status: %s\n",
		   link_state_name(READ_ONCE(port->link.state)));
	if (speed == (u32)SPEED_UNKNOWN)
		seq_puts(seq, "Speed: Unknown\n");
	else
		seq_printf(seq, "Speed: %d Mbps\n", speed);
	if (duplex == DUPLEX_UNKNOWN)
		seq_puts(seq, "Duplex: Unknown\n");
	else
		seq_printf(seq, "Duplex: %s\n", duplex ? "full" : "half");
	seq_printf(seq, "Link Failure Count: %u\n", READ_ONCE(port->failures));
	seq_printf(seq, "Permanent HW addr: %*phC\n", port->addr_len,
		   port->perm_addr);
	seq_printf(seq, "Slave queue ID: %d\n", READ_ONCE(port->cfg.queue_id));
	if (READ_ONCE(port->bond->mode)->traits & BOND_T_LACP)
		show_port_lacp(seq, port);
}

static int show(struct seq_file *seq, void *unused)
{
	const struct bond *bond = seq->private;
	const struct bond_port *port;

	rcu_read_lock();
	show_bond(seq, bond);
	bond_for_each_port_rcu(bond, port)
		show_port(seq, port);
	rcu_read_unlock();
	return 0;
}

static struct bond_net *net_of(const struct bond *bond)
{
	return net_generic(dev_net(bond->dev), bond_net_id);
}

/**
 * bond_procfs_bond_add() - make the file of a bond, named like the bond
 * @bond: the bond
 *
 * A bond without its file works all the same, so failing is only logged.
 *
 * Context: RTNL.
 */
void bond_procfs_bond_add(struct bond *bond)
{
	struct bond_net *bn = net_of(bond);

	ASSERT_RTNL();
	if (!bn->proc_dir || bond->proc)
		return;
	bond->proc = proc_create_single_data(bond->dev->name, 0444,
					     bn->proc_dir, show, bond);
	if (!bond->proc)
		bond_warn(bond, "Cannot create /proc/net/bonding/%s\n",
			  bond->dev->name);
}

/**
 * bond_procfs_bond_del() - remove the file of a bond
 * @bond: the bond
 *
 * Waits for readers; they do not take RTNL.
 *
 * Context: RTNL.
 */
void bond_procfs_bond_del(struct bond *bond)
{
	ASSERT_RTNL();
	proc_remove(bond->proc);
	bond->proc = NULL;
}

/**
 * bond_procfs_init_net() - make /proc/net/bonding of a namespace
 * @bn: what we keep of the namespace
 *
 * Context: process, may sleep, without RTNL.
 * Return: 0; a namespace without the folder works all the same.
 */
int bond_procfs_init_net(struct bond_net *bn)
{
	bn->proc_dir = proc_mkdir("bonding", bn->net->proc_net);
	if (!bn->proc_dir)
		pr_warn("Cannot create /proc/net/bonding\n");
	return 0;
}

/**
 * bond_procfs_exit_net() - remove /proc/net/bonding of a namespace
 * @bn: what we keep of the namespace
 *
 * Context: process, may sleep; the bonds of the namespace are gone.
 */
void bond_procfs_exit_net(struct bond_net *bn)
{
	proc_remove(bn->proc_dir);
	bn->proc_dir = NULL;
}
