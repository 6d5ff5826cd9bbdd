// SPDX-License-Identifier: GPL-2.0
/*
 * The table of addresses to announce: one that is missing stays unreachable
 * after a failover, one too many steals another host's traffic.
 */
#include "kunit.h"
#include "../../bond_core/mactab.h"

#define AGE	300U

static u64 key_of(u32 n)
{
	u8 mac[ETH_ALEN] = { 2, 0, n >> 24, n >> 16, n >> 8, n };

	return mactab_key(mac, n % 4095);
}

static u32 walk(const struct mactab *tab, u32 now, u64 wanted)
{
	u32 at = 0, n = 0;
	u64 key;

	while ((key = mactab_next(tab, &at, now, AGE)))
		n += !wanted || key == wanted;
	return n;
}

static void a_key_keeps_all_of_the_address(struct kunit *test)
{
	static const u8 mac[ETH_ALEN] = { 0x02, 0x80, 0xff, 0x00, 0x7f, 0x01 };
	static const u16 vlans[] = { 0, 1, 4094, 4095, 0x1000 | 7 };
	u8 back[ETH_ALEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vlans); i++) {
		u64 key = mactab_key(mac, vlans[i]);

		mactab_mac(key, back);
		KUNIT_EXPECT_EQ(test, memcmp(mac, back, ETH_ALEN), 0);
		KUNIT_EXPECT_EQ(test, mactab_vlan(key), vlans[i]);
	}
	memset(back, 0, sizeof(back));
	KUNIT_EXPECT_NE(test, mactab_key(back, 0), 0);
}

/* How a tag stood in the frame is worth remembering, and no other address. */
static void a_hint_makes_no_other_address(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);
	static const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	u64 with = mactab_key(mac, 0x2000 | 10), without = mactab_key(mac, 10);
	u32 at = 0;

	mactab_note(tab, without, 5, AGE);
	mactab_note(tab, with, 6, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, 6, 0), 1);
	KUNIT_EXPECT_EQ(test, mactab_vlan(mactab_next(tab, &at, 6, AGE)),
			0x2000 | 10);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, without, 8), 2);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, with, 8), 2);
	mactab_note(tab, without, 9, AGE);
	at = 0;
	KUNIT_EXPECT_EQ(test, mactab_vlan(mactab_next(tab, &at, 9, AGE)), 10);
	mactab_forget(tab, with);
	KUNIT_EXPECT_EQ(test, walk(tab, 9, 0), 0);
}

static void what_was_seen_is_announced_once(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);
	u32 n;

	for (n = 0; n < 100; n++) {
		mactab_note(tab, key_of(n), 5, AGE);
		mactab_note(tab, key_of(n), 6, AGE);
	}
	KUNIT_EXPECT_EQ(test, walk(tab, 6, 0), 100);
	for (n = 0; n < 100; n++)
		KUNIT_EXPECT_EQ(test, walk(tab, 6, key_of(n)), 1);
	KUNIT_EXPECT_EQ(test, tab->full, 0);
}

static void the_old_are_forgotten_and_make_room(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);
	u32 now = ~0U - 10, n;

	for (n = 0; n < 20000; n++)
		mactab_note(tab, key_of(n), now, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, now, 0), MACTAB_SIZE);
	KUNIT_EXPECT_EQ(test, walk(tab, now + AGE, 0), MACTAB_SIZE);
	/* the clock wraps around meanwhile */
	KUNIT_EXPECT_EQ(test, walk(tab, now + AGE + 1, 0), 0);
	mactab_note(tab, key_of(77777), now + AGE + 1, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, now + AGE + 1, key_of(77777)), 1);
}

static void a_flood_does_not_push_out_who_was_first(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);
	u32 n;

	mactab_note(tab, key_of(1), 1, AGE);
	for (n = 1000; n < 100000; n++)
		mactab_note(tab, key_of(n), 2, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, 2, key_of(1)), 1);
	KUNIT_EXPECT_NE(test, tab->full, 0);
}

static void who_moved_away_is_not_announced(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);

	mactab_note(tab, key_of(1), 1, AGE);
	mactab_note(tab, key_of(2), 1, AGE);
	mactab_forget(tab, key_of(1));
	mactab_forget(tab, key_of(3));
	KUNIT_EXPECT_EQ(test, walk(tab, 1, key_of(1)), 0);
	KUNIT_EXPECT_EQ(test, walk(tab, 1, key_of(2)), 1);
	/* and may come back */
	mactab_note(tab, key_of(1), 2, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, 2, key_of(1)), 1);
}

static void the_same_address_in_two_vlans_is_two(struct kunit *test)
{
	static const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);

	mactab_note(tab, mactab_key(mac, 10), 1, AGE);
	mactab_note(tab, mactab_key(mac, 20), 1, AGE);
	KUNIT_EXPECT_EQ(test, walk(tab, 1, 0), 2);
	mactab_forget(tab, mactab_key(mac, 10));
	KUNIT_EXPECT_EQ(test, walk(tab, 1, mactab_key(mac, 20)), 1);
	KUNIT_EXPECT_EQ(test, walk(tab, 1, 0), 1);
}

static void an_echo_is_told_from_a_stranger(struct kunit *test)
{
	struct mactab *tab = kunit_kzalloc(test, sizeof(*tab), GFP_KERNEL);

	mactab_note(tab, key_of(1), ~0U, AGE);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, key_of(1), ~0U), 0);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, key_of(1), 1), 2);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, key_of(2), 1), MACTAB_NEVER);
	mactab_note(tab, key_of(1), 1, AGE);
	KUNIT_EXPECT_EQ(test, mactab_age(tab, key_of(1), 1), 0);
	mactab_forget(tab, key_of(1));
	KUNIT_EXPECT_EQ(test, mactab_age(tab, key_of(1), 1), MACTAB_NEVER);
}

static struct kunit_case mactab_cases[] = {
	KUNIT_CASE(a_key_keeps_all_of_the_address),
	KUNIT_CASE(a_hint_makes_no_other_address),
	KUNIT_CASE(what_was_seen_is_announced_once),
	KUNIT_CASE(the_old_are_forgotten_and_make_room),
	KUNIT_CASE(a_flood_does_not_push_out_who_was_first),
	KUNIT_CASE(who_moved_away_is_not_announced),
	KUNIT_CASE(the_same_address_in_two_vlans_is_two),
	KUNIT_CASE(an_echo_is_told_from_a_stranger),
	{}
};

static struct kunit_suite mactab_suite = {
	.name = "mactab",
	.test_cases = mactab_cases,
};

kunit_test_suite(mactab_suite);

MODULE_DESCRIPTION("Addresses to announce");
MODULE_LICENSE("GPL");
