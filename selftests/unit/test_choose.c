// SPDX-License-Identifier: GPL-2.0
/*
 * The active port: primary, prio, the port in use, the first; and what is left when nothing is really up.
 */
#include "kunit.h"
#include "bond_core/choose.h"

#define UP	{ .state = LINK_UP, .live = true }
#define DOWN	{ .state = LINK_DOWN }

static int choose(struct choose_port *ports, int n, int current_port, enum choose_reselect reselect)
{
	struct choose_rules rules = { .reselect = reselect, .current_port = current_port };

	return choose_active(ports, n, &rules);
}

#define EXPECT_CHOICE(want, ports, current_port, reselect) \
	KUNIT_EXPECT_EQ(test, choose(ports, ARRAY_SIZE(ports), current_port, reselect), want)

static void the_first_port_that_is_up_is_used(struct kunit *test)
{
	struct choose_port p[] = { DOWN, UP, UP };

	EXPECT_CHOICE(1, p, -1, CHOOSE_ALWAYS);
}

static void the_port_in_use_stays_in_use(struct kunit *test)
{
	struct choose_port p[] = { UP, UP, UP };

	EXPECT_CHOICE(2, p, 2, CHOOSE_ALWAYS);
}

static void no_port_no_choice(struct kunit *test)
{
	struct choose_port p[] = { DOWN, DOWN };

	EXPECT_CHOICE(-1, p, -1, CHOOSE_ALWAYS);
	EXPECT_CHOICE(-1, p, 0, CHOOSE_ALWAYS);
	KUNIT_EXPECT_EQ(test, choose(p, 0, -1, CHOOSE_ALWAYS), -1);
}

static void a_higher_prio_wins_and_a_tie_moves_nothing(struct kunit *test)
{
	struct choose_port p[] = { UP, UP, UP };

	p[1].prio = 5;
	EXPECT_CHOICE(1, p, 0, CHOOSE_ALWAYS);
	p[2].prio = 5;
	EXPECT_CHOICE(2, p, 2, CHOOSE_ALWAYS);
	EXPECT_CHOICE(1, p, -1, CHOOSE_ALWAYS);
	p[0].prio = -1;
	p[1].prio = -2;
	p[2].prio = -3;
	EXPECT_CHOICE(0, p, 2, CHOOSE_ALWAYS);
}

static void the_primary_goes_before_any_prio(struct kunit *test)
{
	struct choose_port p[] = { UP, UP };

	p[0].prio = 100;
	p[1].primary = true;
	EXPECT_CHOICE(1, p, 0, CHOOSE_ALWAYS);
	EXPECT_CHOICE(1, p, -1, CHOOSE_FAILURE);
	EXPECT_CHOICE(1, p, 1, CHOOSE_FAILURE);
}

static void a_primary_without_carrier_is_no_primary(struct kunit *test)
{
	struct choose_port p[] = { UP, UP };

	p[1].primary = true;
	p[1].live = false;
	EXPECT_CHOICE(0, p, 0, CHOOSE_ALWAYS);
	p[1].live = true;
	p[1].state = LINK_BACK;
	EXPECT_CHOICE(0, p, 0, CHOOSE_ALWAYS);
}

static void reselect_better_wants_a_faster_port_or_full_duplex(struct kunit *test)
{
	struct choose_port p[] = { UP, UP };

	p[1].primary = true;
	EXPECT_CHOICE(0, p, 0, CHOOSE_BETTER);
	p[1].speed = 1000;
	EXPECT_CHOICE(1, p, 0, CHOOSE_BETTER);
	p[0].speed = 10000;
	EXPECT_CHOICE(0, p, 0, CHOOSE_BETTER);
	p[0].speed = 1000;
	p[1].full_duplex = true;
	EXPECT_CHOICE(1, p, 0, CHOOSE_BETTER);
	p[0].full_duplex = true;
	EXPECT_CHOICE(0, p, 0, CHOOSE_BETTER);
}

static void reselect_failure_waits_for_a_failure_unless_forced(struct kunit *test)
{
	struct choose_port p[] = { UP, UP };
	struct choose_rules rules = { .reselect = CHOOSE_FAILURE, .current_port = 0 };

	p[1].primary = true;
	EXPECT_CHOICE(0, p, 0, CHOOSE_FAILURE);
	rules.force = true;
	KUNIT_EXPECT_EQ(test, choose_active(p, 2, &rules), 1);
	p[0].state = LINK_DOWN;
	EXPECT_CHOICE(1, p, 0, CHOOSE_FAILURE);
}

/* as the kernel's own driver does, and its bond_options.sh wants it */
static void reselect_holds_for_a_higher_prio_as_well(struct kunit *test)
{
	struct choose_port p[] = { UP, UP, DOWN };

	p[1].prio = 10;
	p[2].primary = true;
	EXPECT_CHOICE(1, p, 0, CHOOSE_ALWAYS);
	EXPECT_CHOICE(0, p, 0, CHOOSE_BETTER);
	EXPECT_CHOICE(0, p, 0, CHOOSE_FAILURE);
	EXPECT_CHOICE(1, p, -1, CHOOSE_FAILURE);
	p[1].speed = 1000;
	EXPECT_CHOICE(1, p, 0, CHOOSE_BETTER);
	p[0].state = LINK_DOWN;
	EXPECT_CHOICE(1, p, 0, CHOOSE_FAILURE);
}

static void a_loss_that_is_tolerated_moves_nothing(struct kunit *test)
{
	struct choose_port p[] = { UP, { .state = LINK_FAIL } };

	EXPECT_CHOICE(1, p, 1, CHOOSE_ALWAYS);
	EXPECT_CHOICE(0, p, -1, CHOOSE_ALWAYS);
}

static void a_port_that_can_send_goes_before_one_that_is_up_on_paper(struct kunit *test)
{
	struct choose_port p[] = {
		{ .state = LINK_FAIL }, { .state = LINK_UP }, { .state = LINK_FAIL, .live = true }, UP,
	};

	EXPECT_CHOICE(3, p, -1, CHOOSE_ALWAYS);
	EXPECT_CHOICE(3, p, 1, CHOOSE_ALWAYS);
	p[3].state = LINK_DOWN;
	EXPECT_CHOICE(2, p, -1, CHOOSE_ALWAYS);
	p[2].state = LINK_DOWN;
	EXPECT_CHOICE(1, p, -1, CHOOSE_ALWAYS);
	p[1].state = LINK_DOWN;
	EXPECT_CHOICE(0, p, -1, CHOOSE_ALWAYS);
}

#define BACK(when)	{ .state = LINK_BACK, .signal = true, .live = true, .deadline = (when) }
#define EXPECT_SOONEST(want, ports)	KUNIT_EXPECT_EQ(test, choose_soonest(ports, ARRAY_SIZE(ports)), want)

static void with_nothing_up_the_one_longest_on_probation_waits_no_longer(struct kunit *test)
{
	struct choose_port p[] = { BACK(300), BACK(100), BACK(200), DOWN, BACK(200) };

	EXPECT_SOONEST(1, p);
	p[1].signal = false;
	EXPECT_SOONEST(2, p);
	p[2].deadline = 201;
	EXPECT_SOONEST(4, p);
}

static void one_just_back_goes_after_those_on_probation(struct kunit *test)
{
	struct choose_port p[] = { { .state = LINK_DOWN, .signal = true }, BACK(300), { .state = LINK_DOWN, .signal = true } };

	EXPECT_SOONEST(1, p);
	p[1].signal = false;
	EXPECT_SOONEST(0, p);
}

static void one_that_flaps_is_taken_when_there_is_no_other(struct kunit *test)
{
	struct choose_port p[] = {
		{ .state = LINK_DOWN, .signal = true, .suppressed = true, .deadline = 50 },
		{ .state = LINK_DOWN, .signal = true, .suppressed = true, .deadline = 40 },
		{ .state = LINK_DOWN, .signal = true }, BACK(300),
	};

	EXPECT_SOONEST(3, p);
	p[3].signal = false;
	EXPECT_SOONEST(2, p);
	p[2].signal = false;
	EXPECT_SOONEST(1, p);
}

static void without_a_signal_nobody_is_taken(struct kunit *test)
{
	struct choose_port p[] = { DOWN, { .state = LINK_BACK, .deadline = 100 } };

	EXPECT_SOONEST(-1, p);
	KUNIT_EXPECT_EQ(test, choose_soonest(p, 0), -1);
	/* nor is one that waits chosen before it was let go */
	p[1].signal = p[1].live = true;
	EXPECT_CHOICE(-1, p, -1, CHOOSE_ALWAYS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_first_port_that_is_up_is_used),
	KUNIT_CASE(the_port_in_use_stays_in_use),
	KUNIT_CASE(no_port_no_choice),
	KUNIT_CASE(a_higher_prio_wins_and_a_tie_moves_nothing),
	KUNIT_CASE(the_primary_goes_before_any_prio),
	KUNIT_CASE(a_primary_without_carrier_is_no_primary),
	KUNIT_CASE(reselect_better_wants_a_faster_port_or_full_duplex),
	KUNIT_CASE(reselect_failure_waits_for_a_failure_unless_forced),
	KUNIT_CASE(reselect_holds_for_a_higher_prio_as_well),
	KUNIT_CASE(a_loss_that_is_tolerated_moves_nothing),
	KUNIT_CASE(a_port_that_can_send_goes_before_one_that_is_up_on_paper),
	KUNIT_CASE(with_nothing_up_the_one_longest_on_probation_waits_no_longer),
	KUNIT_CASE(one_just_back_goes_after_those_on_probation),
	KUNIT_CASE(one_that_flaps_is_taken_when_there_is_no_other),
	KUNIT_CASE(without_a_signal_nobody_is_taken),
	{ }
};

static struct kunit_suite suite = { .name = "choose", .test_cases = cases };

kunit_test_suite(suite);
MODULE_DESCRIPTION("choice of the active port");
MODULE_LICENSE("GPL");
