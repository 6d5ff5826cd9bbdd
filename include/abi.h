/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The mailbox. Modules outside this one (ib_core, mlx4, mlx5, act_mirred)
 * inline reads of the kernel's own struct bonding and struct slave through
 * netdev_priv() and rx_handler_data. Both of our allocations therefore begin
 * with room for the running kernel's struct, and bond_abi.c, the only file
 * that includes that kernel's header, mirrors the few fields they read.
 * The room is fixed so that the fast path knows it as a constant;
 * bond_abi.c refuses to compile where it is too small.
 */
#ifndef BOND_ABI_H
#define BOND_ABI_H

#include <linux/types.h>

struct net_device;

#define BOND_ABI_BOND_ROOM	4096	/* bytes before struct bond */
#define BOND_ABI_PORT_ROOM	2048	/* bytes before struct bond_port */

void bond_abi_bond_init(struct net_device *bond_dev);
void bond_abi_bond_mode(struct net_device *bond_dev, u32 mode);
void bond_abi_bond_active(struct net_device *bond_dev, void *mailbox);
void bond_abi_port_init(void *mailbox, struct net_device *bond_dev,
			struct net_device *port_dev);
void bond_abi_port_state(void *mailbox, bool backup, bool inactive);

#endif
