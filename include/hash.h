/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BOND_HASH_H
#define BOND_HASH_H

struct bond_pkt;
struct bond_port;
struct bond_view;
struct flow_table;

void bond_hash_deal(struct bond_view *v, struct flow_table *table,
		    const struct flow_table *old);
void bond_hash_prepare(struct bond_view *v);
void bond_hash_view(struct bond_view *v);
struct bond_port *bond_hash_port(const struct bond_view *v, u32 hash);
struct bond_port *bond_pick_hash(const struct bond_view *v,
				 const struct bond_pkt *pkt);
struct bond_port *bond_pick_hash_any(const struct bond_view *v,
				     const struct bond_pkt *pkt);

#endif
