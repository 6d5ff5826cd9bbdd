/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bounded table of MAC and VLAN, for whom the network should ask us. Written
 * by any number of processors at once without a lock: an entry is one 64-bit
 * word that is compared and exchanged, and a time that may be a little wrong.
 */
#ifndef BOND_CORE_MACTAB_H
#define BOND_CORE_MACTAB_H

#include "shim.h"

#define MACTAB_SETS	256	/* an address hashes to one set ... */
#define MACTAB_WAYS	4	/* ... and may be in any of its entries */
#define MACTAB_SIZE	(MACTAB_SETS * MACTAB_WAYS)
#define MACTAB_NEVER	U32_MAX

/**
 * struct mactab_entry - one address
 * @key: mactab_key(), 0 = free
 * @seen: when it was last seen, in the caller's units, wraps around
 */
struct mactab_entry {
	atomic64_t key;
	u32 seen;
};

/**
 * struct mactab - the table
 * @entry: a set is MACTAB_WAYS entries in a row
 * @full: addresses that found no place
 */
struct mactab {
	struct mactab_entry entry[MACTAB_SIZE];
	u32 full;
};

u64 mactab_key(const u8 *mac, u16 vlan);
void mactab_mac(u64 key, u8 *mac);
u16 mactab_vlan(u64 key);
void mactab_note(struct mactab *tab, u64 key, u32 now, u32 age);
u32 mactab_age(const struct mactab *tab, u64 key, u32 now);
void mactab_forget(struct mactab *tab, u64 key);
u64 mactab_next(const struct mactab *tab, u32 *at, u32 now, u32 age);

#endif
