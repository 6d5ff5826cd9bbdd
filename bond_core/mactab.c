// SPDX-License-Identifier: GPL-2.0
/*
 * Table of MAC and VLAN. Pure but for its atomic words. Nothing is ever thrown
 * out for a newcomer unless it is out of date, so that a flood of made-up
 * addresses cannot push out those of the virtual machines that were there
 * first.
 */
#include "mactab.h"

#define VLAN_BITS	0x1fff	/* 12 bits of number, one for 802.1ad */
#define HINT		0x2000	/* goes with the address, is no part of it */
#define IN_USE		0x8000	/* no key is 0 */

/**
 * mactab_key() - the word for an address
 * @mac: six octets
 * @vlan: number, 0 = none; bit 12 says 802.1ad instead of 802.1Q; bit 13 is the
 *	caller's to remember: whether it is set makes no other address, and the
 *	one last noted stays
 *
 * Context: any.
 * Return: the word, never 0.
 */
u64 mactab_key(const u8 *mac, u16 vlan)
{
	u64 key = 0;
	int i;

	for (i = 0; i < ETH_ALEN; i++)
		key = key << 8 | mac[i];
	return key << 16 | IN_USE | (vlan & (VLAN_BITS | HINT));
}

/**
 * mactab_mac() - the address of a word
 * @key: the word
 * @mac: six octets, are filled
 *
 * Context: any.
 */
void mactab_mac(u64 key, u8 *mac)
{
	int i;

	key >>= 16;
	for (i = ETH_ALEN - 1; i >= 0; i--, key >>= 8)
		mac[i] = (u8)key;
}

/**
 * mactab_vlan() - the VLAN of a word, as given to mactab_key()
 * @key: the word
 *
 * Context: any.
 * Return: number and bit 12, 0 = none.
 */
u16 mactab_vlan(u64 key)
{
	return key & (VLAN_BITS | HINT);
}

/* The last octets differ most; a multiplication spreads them. */
static u32 set_of(u64 key)
{
	return (u32)((key & ~(u64)HINT) * 0x9e3779b97f4a7c15ULL >> 56) * MACTAB_WAYS;
}

static bool same(u64 a, u64 b)
{
	return !((a ^ b) & ~(u64)HINT);
}

static bool too_old(const struct mactab_entry *e, u32 now, u32 age)
{
	/* another processor may have looked at the clock a moment later */
	return (s32)(now - READ_ONCE(e->seen)) > (s32)age;
}

/* Take a free entry, or one whose address is out of date. */
static bool take(struct mactab_entry *set, u64 key, u32 now, u32 age)
{
	int i;

	for (i = 0; i < MACTAB_WAYS; i++) {
		struct mactab_entry *e = &set[i];
		u64 was = atomic64_read(&e->key);

		if (was && !too_old(e, now, age))
			continue;
		WRITE_ONCE(e->seen, now);
		if (atomic64_cmpxchg(&e->key, was, key) == was)
			return true;
	}
	return false;
}

/**
 * mactab_note() - an address was seen
 * @tab: the table
 * @key: mactab_key()
 * @now: the time, any unit that wraps around at 32 bits
 * @age: after which time an address is out of date
 *
 * Context: any, any number at once. An address that is known costs a look at
 * its set and no store until the time has changed.
 */
void mactab_note(struct mactab *tab, u64 key, u32 now, u32 age)
{
	struct mactab_entry *set = &tab->entry[set_of(key)];
	int i;

	for (i = 0; i < MACTAB_WAYS; i++) {
		u64 was = atomic64_read(&set[i].key);

		if (!same(was, key))
			continue;
		if (unlikely(was != key))
			atomic64_cmpxchg(&set[i].key, was, key);
		if (READ_ONCE(set[i].seen) != now)
			WRITE_ONCE(set[i].seen, now);
		return;
	}
	if (!take(set, key, now, age))
		WRITE_ONCE(tab->full, READ_ONCE(tab->full) + 1);
}

/**
 * mactab_age() - how long ago was an address seen?
 * @tab: the table
 * @key: mactab_key()
 * @now: the time
 *
 * Context: any, any number at once.
 * Return: the time since, MACTAB_NEVER when it is not in the table.
 */
u32 mactab_age(const struct mactab *tab, u64 key, u32 now)
{
	const struct mactab_entry *set = &tab->entry[set_of(key)];
	int i;

	for (i = 0; i < MACTAB_WAYS; i++)
		if (same(atomic64_read(&set[i].key), key))
			return max_t(s32, 0, now - READ_ONCE(set[i].seen));
	return MACTAB_NEVER;
}

/**
 * mactab_forget() - an address was seen elsewhere
 * @tab: the table
 * @key: mactab_key()
 *
 * Context: any, any number at once.
 */
void mactab_forget(struct mactab *tab, u64 key)
{
	struct mactab_entry *set = &tab->entry[set_of(key)];
	int i;

	for (i = 0; i < MACTAB_WAYS; i++) {
		u64 was = atomic64_read(&set[i].key);

		if (same(was, key))
			atomic64_cmpxchg(&set[i].key, was, 0);
	}
}

/**
 * mactab_next() - walk over the addresses that are not out of date
 * @tab: the table
 * @at: where to go on; starts at 0, is moved behind what is returned
 * @now: the time
 * @age: after which time an address is out of date
 *
 * Context: any, any number at once; @at is the caller's own.
 * Return: a key, or 0 at the end.
 */
u64 mactab_next(const struct mactab *tab, u32 *at, u32 now, u32 age)
{
	while (*at < MACTAB_SIZE) {
		const struct mactab_entry *e = &tab->entry[(*at)++];
		u64 key = atomic64_read(&e->key);

		if (key && !too_old(e, now, age))
			return key;
	}
	return 0;
}
