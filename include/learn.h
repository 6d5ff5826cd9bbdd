/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses seen leaving the bond, to be announced after a failover where they
 * are not the bond's own (virtual machines behind a bridge, macvlan), and to
 * be known again when they come back with slb; bond_learn.c.
 */
#ifndef BOND_LEARN_H
#define BOND_LEARN_H

#include <linux/skbuff.h>

#include "view.h"

struct bond;

int bond_learn_reserve(struct bond *bond);
void bond_learn_quiet(struct bond *bond);
void bond_learn_exit(struct bond *bond);
struct bond_port *bond_pick_learn(const struct bond_view *v,
				  const struct bond_pkt *pkt);
void bond_learn_note(const struct bond_view *v, const struct sk_buff *skb);
bool bond_learn_knows(const struct bond_view *v, const struct sk_buff *skb,
		      const u8 *mac);
bool bond_learn_renew(const struct bond_view *v, const u8 *mac, __be16 proto,
		      u16 vid);
void bond_learn_forget(const struct bond_view *v, const struct bond_port *port,
		       const struct sk_buff *skb);
bool bond_learn_twice(const struct bond_view *v, const struct bond_port *port,
		      const struct sk_buff *skb);
bool bond_learn_echo(const struct bond_view *v, const struct sk_buff *skb);
void bond_learn_announce(struct bond *bond, bool returned);
void bond_learn_go_on(struct bond *bond);
u64 bond_learn_announced(const struct bond *bond);

#endif
