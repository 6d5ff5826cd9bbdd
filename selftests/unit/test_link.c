// SPDX-License-Identifier: GPL-2.0
/*
 * A port's link: what the delays promise, to the millisecond.
 */
#include "kunit.h"
#include "bond_core/link.h"

static const struct link_rules at_once;
static const struct link_rules delays = { .updelay = 200, .downdelay = 300 };
static const struct link_rules in_a_hurry = { .updelay = 200, .downdelay = 300, .hurry = true };

static void expect(struct kunit *test, const struct link *l, enum link_state state, u64 deadline)
{
	KUNIT_EXPECT_STREQ(test, link_state_name(l->state), link_state_name(state));
	KUNIT_EXPECT_EQ(test, l->deadline, deadline);
}

static void without_delays_a_link_follows_its_carrier(struct kunit *test)
{
	struct link l = { .state = LINK_DOWN };

	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &at_once, 5));
	expect(test, &l, LINK_UP, 0);
	KUNIT_EXPECT_TRUE(test, link_step(&l, false, &at_once, 6));
	expect(test, &l, LINK_DOWN, 0);
}

static void a_loss_is_tolerated_for_downdelay_and_not_longer(struct kunit *test)
{
	struct link l = { .state = LINK_UP };

	KUNIT_EXPECT_TRUE(test, link_step(&l, false, &delays, 1000));
	expect(test, &l, LINK_FAIL, 1300);
	KUNIT_EXPECT_TRUE(test, link_usable(l.state));
	KUNIT_EXPECT_FALSE(test, link_step(&l, false, &delays, 1299));
	expect(test, &l, LINK_FAIL, 1300);
	KUNIT_EXPECT_TRUE(test, link_step(&l, false, &delays, 1300));
	expect(test, &l, LINK_DOWN, 0);
	KUNIT_EXPECT_FALSE(test, link_usable(l.state));
}

/* carrier went and came back, but now the path is silent, and silence is not tolerated */
static void what_is_not_tolerated_ends_a_tolerated_loss(struct kunit *test)
{
	struct link l = { .state = LINK_FAIL, .deadline = 1300 };
	struct link_rules none = { .updelay = 200 };

	KUNIT_EXPECT_TRUE(test, link_step(&l, false, &none, 1100));
	expect(test, &l, LINK_DOWN, 0);
}

static void a_carrier_back_in_time_was_never_lost(struct kunit *test)
{
	struct link l = { .state = LINK_FAIL, .deadline = 1300 };

	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &delays, 1299));
	expect(test, &l, LINK_UP, 0);
}

static void a_returning_carrier_is_trusted_after_updelay_and_not_before(struct kunit *test)
{
	struct link l = { .state = LINK_DOWN };

	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &delays, 1000));
	expect(test, &l, LINK_BACK, 1200);
	KUNIT_EXPECT_FALSE(test, link_usable(l.state));
	KUNIT_EXPECT_FALSE(test, link_step(&l, true, &delays, 1199));
	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &delays, 1200));
	expect(test, &l, LINK_UP, 0);
}

static void an_updelay_that_is_taken_away_is_over(struct kunit *test)
{
	struct link l = { .state = LINK_BACK, .deadline = 60000 };

	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &at_once, 100));
	expect(test, &l, LINK_UP, 0);
}

static void a_carrier_that_flaps_starts_its_updelay_anew(struct kunit *test)
{
	struct link l = { .state = LINK_BACK, .deadline = 1200 };

	KUNIT_EXPECT_TRUE(test, link_step(&l, false, &delays, 1100));
	expect(test, &l, LINK_DOWN, 0);
	KUNIT_EXPECT_TRUE(test, link_step(&l, true, &delays, 1150));
	expect(test, &l, LINK_BACK, 1350);
}

static void the_last_hope_does_not_wait_for_updelay(struct kunit *test)
{
	struct link down = { .state = LINK_DOWN }, back = { .state = LINK_BACK, .deadline = 1200 };

	KUNIT_EXPECT_TRUE(test, link_step(&down, true, &in_a_hurry, 1000));
	expect(test, &down, LINK_UP, 0);
	KUNIT_EXPECT_TRUE(test, link_step(&back, true, &in_a_hurry, 1000));
	expect(test, &back, LINK_UP, 0);
}

static void no_news_changes_nothing(struct kunit *test)
{
	struct link up = { .state = LINK_UP }, down = { .state = LINK_DOWN };

	KUNIT_EXPECT_FALSE(test, link_step(&up, true, &delays, 1));
	KUNIT_EXPECT_FALSE(test, link_step(&down, false, &delays, 1));
	expect(test, &up, LINK_UP, 0);
	expect(test, &down, LINK_DOWN, 0);
}

static void states_have_the_names_users_know(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, link_state_name(LINK_UP), "up");
	KUNIT_EXPECT_STREQ(test, link_state_name(LINK_FAIL), "going down");
	KUNIT_EXPECT_STREQ(test, link_state_name(LINK_DOWN), "down");
	KUNIT_EXPECT_STREQ(test, link_state_name(LINK_BACK), "going back");
	KUNIT_EXPECT_STREQ(test, link_state_name((enum link_state)4), "unknown");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(without_delays_a_link_follows_its_carrier),
	KUNIT_CASE(a_loss_is_tolerated_for_downdelay_and_not_longer),
	KUNIT_CASE(what_is_not_tolerated_ends_a_tolerated_loss),
	KUNIT_CASE(a_carrier_back_in_time_was_never_lost),
	KUNIT_CASE(a_returning_carrier_is_trusted_after_updelay_and_not_before),
	KUNIT_CASE(an_updelay_that_is_taken_away_is_over),
	KUNIT_CASE(a_carrier_that_flaps_starts_its_updelay_anew),
	KUNIT_CASE(the_last_hope_does_not_wait_for_updelay),
	KUNIT_CASE(no_news_changes_nothing),
	KUNIT_CASE(states_have_the_names_users_know),
	{ }
};

static struct kunit_suite suite = { .name = "link", .test_cases = cases };

kunit_test_suite(suite);
MODULE_DESCRIPTION("link core");
MODULE_LICENSE("GPL");
