// SPDX-License-Identifier: GPL-2.0
/*
 * Which peer was told to send to which port (balance-alb), as text:
 * /sys/kernel/debug/bonding/NAME/rlb_hash_table for the bonds of the first
 * namespace, under the name and in the format users know, and
 * /proc/net/bonding_clients for all bonds of a namespace, in every one.
 */
#include <linux/debugfs.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "bond_core/rlb.h"
#include "bond.h"
#include "doors.h"

static struct dentry *debug_dir;

/* The bond's lock is held for one client at a time. */
static void show_clients(struct seq_file *seq, struct bond *bond)
{
	char row[RLB_ROW_MAX];
	unsigned long flags;
	u32 n = 0;
	int len;

	seq_puts(seq, RLB_TITLE);
	do {
		len = -ENOENT;
		spin_lock_irqsave(&bond->lock, flags);
		if (bond->mode->client)
			len = bond->mode->client(bond, n++, row);
		spin_unlock_irqrestore(&bond->lock, flags);
		if (len > 0)
			seq_write(seq, row, len);
	} while (len >= 0);
}

static int debug_show(struct seq_file *seq, void *unused)
{
	show_clients(seq, seq->private);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(debug);

/**
 * bond_clients_bond_add() - make the debugfs folder of a bond, named like it
 * @bond: the bond
 *
 * Context: RTNL. Failing costs nothing but the folder.
 */
void bond_clients_bond_add(struct bond *bond)
{
	ASSERT_RTNL();
	if (!net_eq(dev_net(bond->dev), &init_net) || bond->debug)
		return;
	bond->debug = debugfs_create_dir(bond->dev->name, debug_dir);
	debugfs_create_file("rlb_hash_table", 0400, bond->debug, bond,
			    &debug_fops);
}

/**
 * bond_clients_bond_del() - remove the debugfs folder of a bond
 * @bond: the bond
 *
 * Waits for readers; they do not take RTNL.
 *
 * Context: RTNL.
 */
void bond_clients_bond_del(struct bond *bond)
{
	ASSERT_RTNL();
	debugfs_remove(bond->debug);
	bond->debug = NULL;
}

static int proc_show(struct seq_file *seq, void *unused)
{
	const struct bond_net *bn = net_generic(seq_file_single_net(seq),
						bond_net_id);
	struct bond *bond;

	rtnl_lock();
	list_for_each_entry(bond, &bn->bonds, list) {
		if (!bond->mode->client)
			continue;
		seq_printf(seq, "%s\n", bond->dev->name);
		show_clients(seq, bond);
	}
	rtnl_unlock();
	return 0;
}

/**
 * bond_clients_init_net() - make a namespace's file
 * @bn: what we keep of the namespace; it works without the file as well
 *
 * Context: process, may sleep, without RTNL.
 */
void bond_clients_init_net(struct bond_net *bn)
{
	bn->clients = proc_create_net_single("bonding_clients", 0400,
					     bn->net->proc_net, proc_show,
					     NULL);
	if (!bn->clients)
		pr_warn("Cannot create /proc/net/bonding_clients\n");
}

/**
 * bond_clients_exit_net() - remove a namespace's file
 * @bn: what we keep of the namespace
 *
 * Context: without RTNL, as readers take it.
 */
void bond_clients_exit_net(struct bond_net *bn)
{
	proc_remove(bn->clients);
	bn->clients = NULL;
}

/**
 * bond_clients_load() - make the debugfs folder at module load
 *
 * Context: the module's init, may sleep. Failing costs nothing but the folder.
 */
void bond_clients_load(void)
{
	debug_dir = debugfs_create_dir("bonding", NULL);
}

/**
 * bond_clients_unload() - undo bond_clients_load()
 *
 * Context: the module's exit or failed init, may sleep; no bond is left.
 */
void bond_clients_unload(void)
{
	debugfs_remove(debug_dir);
}
