/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of balance-alb's table of clients share, see rlb.h.
 */
#ifndef BOND_CORE_RLB_PRIV_H
#define BOND_CORE_RLB_PRIV_H

#include "rlb.h"

bool rlb_same_key(const struct rlb_key *a, const struct rlb_key *b);
struct rlb_client *rlb_find(struct rlb_table *t, const struct rlb_key *key);
bool rlb_has_twin(const struct rlb_table *t, const struct rlb_client *c);

/**
 * rlb_owe() - a client is to be told something new
 * @c: the client
 * @tell: how many times
 * @due: when first, ms
 *
 * Context: the table's lock.
 */
static inline void rlb_owe(struct rlb_client *c, u32 tell, u64 due)
{
	c->tell = tell;
	c->due = due;
	c->holds = 0;
}

#endif
