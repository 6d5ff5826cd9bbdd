// SPDX-License-Identifier: GPL-2.0
/*
 * Copies by several ports: one that passes arrives twice at a virtual machine,
 * a frame wrongly taken for one is lost.
 */
#include "kunit.h"
#include "bond_core/twice.h"

#define WINDOW	13U

static u64 frame(u32 n)
{
	u8 data[60] = { 2, 0, 0, 0, 0, 1 };

	memcpy(data + 40, &n, sizeof(n));
	return twice_hash(data, sizeof(data), 10);
}

static void a_copy_by_another_port_is_known(struct kunit *test)
{
	struct twice *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 0, 65534, WINDOW));
	KUNIT_EXPECT_TRUE(test, twice_seen(t, frame(1), 1, 65534, WINDOW));
	KUNIT_EXPECT_TRUE(test, twice_seen(t, frame(1), 2, 65534 + WINDOW, WINDOW));
	KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 1, 65534 + WINDOW + 1, WINDOW));
}

static void a_processor_may_look_at_the_clock_a_tick_later(struct kunit *test)
{
	struct twice *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 0, 0, WINDOW));
	KUNIT_EXPECT_TRUE(test, twice_seen(t, frame(1), 1, 65535, WINDOW));
	KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 1, 65534, WINDOW));
}

static void a_sender_may_repeat_himself(struct kunit *test)
{
	struct twice *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	for (int i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 3, 7, WINDOW));
	/* also with the copies in between */
	KUNIT_EXPECT_TRUE(test, twice_seen(t, frame(1), 4, 7, WINDOW));
	KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(1), 3, 7, WINDOW));
}

static void other_frames_are_not_copies(struct kunit *test)
{
	struct twice *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u8 data[24] = {};

	for (u32 n = 0; n < 200000; n++)
		KUNIT_EXPECT_FALSE(test, twice_seen(t, frame(n), n & 1, 7, WINDOW));
	KUNIT_EXPECT_NE(test, twice_hash(data, 20, 1), twice_hash(data, 20, 2));
	for (u32 len = 0; len < 24; len++)
		KUNIT_EXPECT_NE(test, twice_hash(data, len, 1), twice_hash(data, len + 1, 1));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_copy_by_another_port_is_known),
	KUNIT_CASE(a_processor_may_look_at_the_clock_a_tick_later),
	KUNIT_CASE(a_sender_may_repeat_himself),
	KUNIT_CASE(other_frames_are_not_copies),
	{}
};

static struct kunit_suite twice_suite = {
	.name = "twice",
	.test_cases = cases,
};

kunit_test_suite(twice_suite);

MODULE_DESCRIPTION("Copies of a frame by several ports");
MODULE_LICENSE("GPL");
