// SPDX-License-Identifier: GPL-2.0
/*
 * Damping: a flapping link must not drag the bond along, a quiet one must be
 * trusted again, and the last port must never be taken away.
 */
#include "kunit.h"
#include "../../bond_core/damp.h"

#define HALF	1000U	/* ms */

static struct damp_rules rules(void)
{
	return (struct damp_rules) { .half_life = HALF, .guilty = true };
}

/* n losses, each @gap ms after the other, signal back half way between. */
static u64 flap(struct damp *d, int n, u32 gap, u64 now)
{
	struct damp_rules r = rules();

	while (n--) {
		damp_step(d, true, &r, now);
		damp_step(d, false, &r, now + gap / 2);
		now += gap;
	}
	return now;
}

static void one_loss_is_forgiven(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};

	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, 1));
	KUNIT_EXPECT_FALSE(test, damp_step(&d, false, &r, 10));
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, 20));
	KUNIT_EXPECT_EQ(test, d.suppressed, 0);
	KUNIT_EXPECT_EQ(test, d.reuse, 0);
}

static void the_second_loss_in_a_moment_suppresses(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 2, 50, 1);

	KUNIT_EXPECT_FALSE(test, damp_step(&d, true, &r, now));
	KUNIT_EXPECT_EQ(test, d.suppressed, 1);
	KUNIT_EXPECT_GT(test, d.reuse, now);
}

static void two_losses_far_apart_do_not(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 2, 2 * HALF, 1);

	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now));
	KUNIT_EXPECT_EQ(test, d.suppressed, 0);
}

static void a_penalty_halves_each_half_life(struct kunit *test)
{
	struct damp d = { .penalty = 8000, .since = 100 };
	u32 last = 8000, t;

	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, 100), 8000);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, 50), 8000);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, 100 + HALF), 4000);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, 100 + 3 * HALF), 1000);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, 100 + 32ULL * HALF), 0);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, ~0ULL), 0);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, 0, 100), 0);
	for (t = 1; t < 4 * HALF; t++) {
		u32 now = damp_penalty(&d, HALF, 100 + t);

		KUNIT_EXPECT_LE(test, now, last);
		last = now;
	}
	/* half way is the square root of a half, to a thousandth */
	KUNIT_EXPECT_LE(test, damp_penalty(&d, HALF, 100 + HALF / 2), 5660);
	KUNIT_EXPECT_GE(test, damp_penalty(&d, HALF, 100 + HALF / 2), 5650);
}

static void a_quiet_port_is_trusted_again_at_the_named_time(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 3, 50, 1);
	u64 reuse;

	KUNIT_EXPECT_FALSE(test, damp_step(&d, true, &r, now));
	reuse = d.reuse;
	/* 2950 to 750 is just under two half-lives */
	KUNIT_EXPECT_GE(test, reuse, now + 19 * HALF / 10 - 50);
	KUNIT_EXPECT_LE(test, reuse, now + 2 * HALF);
	KUNIT_EXPECT_FALSE(test, damp_step(&d, true, &r, reuse - 1));
	KUNIT_EXPECT_EQ(test, d.reuse, reuse);
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, reuse));
	KUNIT_EXPECT_EQ(test, d.reuse, 0);
	KUNIT_EXPECT_LE(test, damp_penalty(&d, HALF, reuse), DAMP_REUSE);
}

static void flapping_on_keeps_it_suppressed_but_not_for_ever(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 200, 50, 1);

	KUNIT_EXPECT_EQ(test, d.suppressed, 1);
	KUNIT_EXPECT_LE(test, d.penalty, DAMP_CEILING);
	KUNIT_EXPECT_LE(test, d.reuse, now + 4 * HALF);
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now + 4 * HALF));
}

static void a_port_that_is_needed_is_never_suppressed(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 5, 50, 1);

	KUNIT_EXPECT_FALSE(test, damp_step(&d, true, &r, now));
	r.needed = true;
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now + 1));
	/* in use it stays when the other comes back */
	r.needed = false;
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now + 2));
	/* until it fails once more */
	KUNIT_EXPECT_FALSE(test, damp_step(&d, false, &r, now + 3));
	KUNIT_EXPECT_FALSE(test, damp_step(&d, true, &r, now + 4));
	KUNIT_EXPECT_EQ(test, d.suppressed, 2);
}

static void being_needed_makes_no_signal(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};

	flap(&d, 5, 50, 1);
	r.needed = true;
	KUNIT_EXPECT_FALSE(test, damp_step(&d, false, &r, 300));
	KUNIT_EXPECT_NE(test, d.reuse, 0);
}

static void an_administrator_is_not_a_flapping_link(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now;

	r.guilty = false;
	for (now = 1; now < 500; now += 10) {
		KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now));
		damp_step(&d, false, &r, now + 5);
	}
	KUNIT_EXPECT_EQ(test, d.penalty, 0);
}

static void turning_it_off_forgets_all(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 9, 50, 1);

	r.half_life = 0;
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now));
	r.half_life = HALF;
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now + 1));
}

/* what a port has gathered stays, how long it is remembered changes at once */
static void another_half_life_counts_from_now_on(struct kunit *test)
{
	struct damp_rules r = rules();
	struct damp d = {};
	u64 now = flap(&d, 3, 50, 1);
	u32 had = damp_penalty(&d, HALF, now);

	KUNIT_EXPECT_GT(test, had, DAMP_SUPPRESS);
	damp_rehalve(&d, HALF, DAMP_HALF_LIFE_MAX, now);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, DAMP_HALF_LIFE_MAX, now), had);
	KUNIT_EXPECT_GT(test, d.reuse, now + DAMP_HALF_LIFE_MAX);
	damp_rehalve(&d, DAMP_HALF_LIFE_MAX, 1, now + 100);
	KUNIT_EXPECT_LE(test, d.reuse, now + 105);
	/* what was forgotten long ago does not come back with a longer memory */
	damp_rehalve(&d, 1, HALF, now + 200);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, HALF, now + 200), 0);
	r.half_life = HALF;
	KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, now + 200));
	/* off and on again */
	flap(&d, 3, 50, now + 1000);
	damp_rehalve(&d, HALF, 0, now + 2000);
	damp_rehalve(&d, 0, DAMP_HALF_LIFE_MAX, now + 2001);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, DAMP_HALF_LIFE_MAX, now + 2001), 0);
	/* what was lost while it was off is not charged afterwards */
	r.half_life = DAMP_HALF_LIFE_MAX;
	d.signal = true;
	damp_rehalve(&d, DAMP_HALF_LIFE_MAX, 0, now + 3000);
	damp_rehalve(&d, 0, DAMP_HALF_LIFE_MAX, now + 4000);
	damp_step(&d, false, &r, now + 4000);
	KUNIT_EXPECT_EQ(test, damp_penalty(&d, DAMP_HALF_LIFE_MAX, now + 4000), 0);
}

/* extremes of the option: no sum overflows, no time runs away */
static void extremes(struct kunit *test)
{
	static const u32 halves[] = { 1, 2, 15, 17, 999, DAMP_HALF_LIFE_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(halves); i++) {
		struct damp_rules r = { .half_life = halves[i], .guilty = true };
		u64 now = 1ULL << 40;
		struct damp d = {};
		int n;

		for (n = 0; n < 100; n++) {
			damp_step(&d, true, &r, now);
			damp_step(&d, false, &r, now);
		}
		KUNIT_EXPECT_EQ(test, d.penalty, DAMP_CEILING);
		KUNIT_EXPECT_GT(test, d.reuse, now);
		KUNIT_EXPECT_LE(test, d.reuse, now + 4ULL * halves[i] + 1);
		KUNIT_EXPECT_TRUE(test, damp_step(&d, true, &r, d.reuse));
	}
}

static struct kunit_case damp_cases[] = {
	KUNIT_CASE(one_loss_is_forgiven),
	KUNIT_CASE(the_second_loss_in_a_moment_suppresses),
	KUNIT_CASE(two_losses_far_apart_do_not),
	KUNIT_CASE(a_penalty_halves_each_half_life),
	KUNIT_CASE(a_quiet_port_is_trusted_again_at_the_named_time),
	KUNIT_CASE(flapping_on_keeps_it_suppressed_but_not_for_ever),
	KUNIT_CASE(a_port_that_is_needed_is_never_suppressed),
	KUNIT_CASE(being_needed_makes_no_signal),
	KUNIT_CASE(an_administrator_is_not_a_flapping_link),
	KUNIT_CASE(turning_it_off_forgets_all),
	KUNIT_CASE(another_half_life_counts_from_now_on),
	KUNIT_CASE(extremes),
	{}
};

static struct kunit_suite damp_suite = {
	.name = "damp",
	.test_cases = damp_cases,
};

kunit_test_suite(damp_suite);

MODULE_DESCRIPTION("Flap damping decisions");
MODULE_LICENSE("GPL");
