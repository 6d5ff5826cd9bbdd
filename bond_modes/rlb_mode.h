/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of balance-alb share: how the table of clients
 * (bond_core/rlb.h) hangs on bonds and ports.
 *
 * A slot of that table is an address that clients send to, and goes with the
 * address: when two ports swap addresses, they swap slots. So a failover tells
 * the few whose address is lost, and nobody who sends to the bond's own.
 */
#ifndef BOND_MODES_RLB_MODE_H
#define BOND_MODES_RLB_MODE_H

#include <linux/skbuff.h>

#include "../bond_core/rlb.h"
#include "bond.h"

struct bond_balance;

/**
 * struct bond_rlb - receive balancing of a bond
 * @table: the clients
 * @port: who has the slot's address or is about to get it, NULL = nobody
 * @mac: the slot's address as clients are told
 * @home: slot of the bond's own address
 *
 * All of it is protected by bond->lock.
 */
struct bond_rlb {
	struct rlb_table table;
	struct bond_port *port[RLB_PORTS];
	u8 mac[RLB_PORTS][ETH_ALEN];
	u32 home;
};

/* rlb_slots.c: ports and addresses */
struct bond_rlb *bond_rlb_make(void);
void bond_rlb_join(struct bond_rlb *rlb, struct bond_port *port);
void bond_rlb_leave(struct bond_rlb *rlb, struct bond_port *port);
void bond_rlb_view(struct bond_balance *bal, const struct bond_view *v);
void bond_rlb_address(struct bond_balance *bal);
void bond_rlb_speed(struct bond_balance *bal, const struct bond_port *port);
u32 bond_rlb_slot(const struct bond_rlb *rlb, const u8 *mac);
int bond_rlb_row(const struct bond *bond, u32 n, char *buf);

/* rlb_frames.c: what is said and heard */
struct bond_port *bond_rlb_send(const struct bond_view *v, struct sk_buff *skb);
void bond_rlb_hear(const struct bond_view *v, const struct sk_buff *skb,
		   const u8 *to);
void bond_rlb_tick(struct bond_balance *bal, u64 now);

#endif
