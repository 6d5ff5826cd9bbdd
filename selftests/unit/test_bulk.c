// SPDX-License-Identifier: GPL-2.0
/*
 * A batch for many owners: each is called once, in order, nothing is lost,
 * nothing is sent twice, and what was not sent comes last.
 */
#include "kunit.h"
#include "bond_core/bulk.h"

#define OWNERS	8

struct item {
	int owner;
	int sent;
};

static struct owner {
	int room;		/* items it will take */
	int calls;
	struct item *last;
} owners[OWNERS];

static bool wrong;

static int take(void *owner, void **items, int n)
{
	struct owner *o = owner;
	int i;

	o->calls++;
	for (i = 0; i < n && o->room; i++, o->room--) {
		struct item *item = items[i];

		wrong |= item->sent || item->owner != o - owners || item <= o->last;
		item->sent++;
		o->last = item;
	}
	return i;
}

static u32 lot(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

static void batch(struct kunit *test, u32 *seed, bool scarce)
{
	void *ptr[BULK_MAX], *owner[BULK_MAX];
	struct item item[BULK_MAX] = {};
	int n = 1 + lot(seed) % BULK_MAX;
	int i, done, sum = 0;

	for (i = 0; i < OWNERS; i++)
		owners[i] = (struct owner){ .room = scarce ? lot(seed) % 4 : BULK_MAX };
	for (i = 0; i < n; i++) {
		item[i].owner = lot(seed) % OWNERS;
		ptr[i] = &item[i];
		owner[i] = &owners[item[i].owner];
		if (scarce && !(lot(seed) % 8))
			owner[i] = NULL;
	}
	done = bulk_send(ptr, owner, n, take);
	for (i = 0; i < n; i++) {
		sum += item[i].sent;
		KUNIT_EXPECT_EQ(test, ((struct item *)ptr[i])->sent, i < done);
	}
	KUNIT_EXPECT_EQ(test, sum, done);
	KUNIT_EXPECT_FALSE(test, wrong);
	for (i = 0; i < OWNERS; i++)
		KUNIT_EXPECT_LE(test, owners[i].calls, 1);
	if (!scarce)
		KUNIT_EXPECT_EQ(test, done, n);
}

static void every_owner_is_called_once_and_in_order(struct kunit *test)
{
	u32 seed = 1;
	int i;

	for (i = 0; i < 20000; i++)
		batch(test, &seed, false);
}

static void owners_that_take_a_part_lose_and_double_nothing(struct kunit *test)
{
	u32 seed = 2;
	int i;

	for (i = 0; i < 20000; i++)
		batch(test, &seed, true);
}

static void batches_join_at_the_front(struct kunit *test)
{
	int i, name[6] = { 0, 1, 2, 3, 4, 5 };
	void *items[6];

	for (i = 0; i < 6; i++)
		items[i] = &name[i];
	/* 0 was sent, 1 and 2 were not, 3 and 4 were */
	KUNIT_EXPECT_EQ(test, bulk_forward(items, 1, 3, 5), 3);
	KUNIT_EXPECT_PTR_EQ(test, items[0], (void *)&name[0]);
	KUNIT_EXPECT_PTR_EQ(test, items[1], (void *)&name[3]);
	KUNIT_EXPECT_PTR_EQ(test, items[2], (void *)&name[4]);
	KUNIT_EXPECT_PTR_EQ(test, items[5], (void *)&name[5]);
}

static struct kunit_case bulk_cases[] = {
	KUNIT_CASE(every_owner_is_called_once_and_in_order),
	KUNIT_CASE(owners_that_take_a_part_lose_and_double_nothing),
	KUNIT_CASE(batches_join_at_the_front),
	{}
};

static struct kunit_suite bulk_suite = {
	.name = "bulk",
	.test_cases = bulk_cases,
};

kunit_test_suite(bulk_suite);

MODULE_DESCRIPTION("Batches of items for many owners");
MODULE_LICENSE("GPL");
