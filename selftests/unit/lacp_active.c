// SPDX-License-Identifier: GPL-2.0
/* Selection Logic (6.4.14): which aggregator is in use, and is there carrier. */
#include "lacp_bed.h"

/* D11, D20: one aggregator is active, ports of others say so */
static void ports_of_other_aggregators_are_standby(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1);
	bed_other_partner(bed, 1, 0x55);
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, bed->line[1].port.selected, LACP_SEL_STANDBY);
	KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_WAITING);
	KUNIT_EXPECT_EQ(test, bed->line[1].last.actor.state & (SYNC | BOTH), 0);
}

/* D11, D16: both tell their partners at once when they change places */
static void a_change_of_the_active_aggregator_is_told_at_once(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *old, *new;
	u64 t;

	bed_add(bed, 1);
	bed_add(bed, 2);
	old = &bed->line[0];
	new = bed_other_partner(bed, 1, 0x55);
	bed_other_partner(bed, 2, 0x55);
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed->flags = 0;
	t = bed->now;
	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, bed->flags & LACP_DO_ACTIVE);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_FALSE(test, old->port.collecting);
	KUNIT_EXPECT_TRUE(test, new->port.distributing);
	KUNIT_EXPECT_EQ(test, old->last.actor.state & (SYNC | BOTH), 0);
	KUNIT_EXPECT_EQ(test, new->last.actor.state & (SYNC | BOTH), SYNC | BOTH);
	KUNIT_EXPECT_EQ(test, bed->now, t);
}

static struct bed *two_groups(struct kunit *test, enum lacp_policy policy)
{
	struct bed *bed = bed_new(test);
	int i;

	/* one wide port to one partner, two narrow ones to another */
	bed->cfg.select = policy;
	bed_configure(bed);
	for (i = 0; i < 3; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].params.speed = i ? 1000 : 10000;
		bed->line[i].params.prio = i ? 400 : 600;
		bed_params(bed, i);
		if (i)
			bed_other_partner(bed, i, 0x55);
	}
	bed_live(bed, 3000);
	return bed;
}

static void stable_and_bandwidth_take_the_widest(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bed_active(two_groups(test, LACP_SELECT_STABLE)), 1);
	KUNIT_EXPECT_EQ(test, bed_active(two_groups(test, LACP_SELECT_BANDWIDTH)), 1);
}

static void count_takes_the_most_ports(struct kunit *test)
{
	struct bed *bed = two_groups(test, LACP_SELECT_COUNT);

	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	/* ports without link do not count; one against one keeps the present */
	bed_link(bed, 1, false);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 2));
	bed_link(bed, 2, false);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
}

/* D27 */
static void port_prio_takes_the_highest_sum(struct kunit *test)
{
	struct bed *bed = two_groups(test, LACP_SELECT_PORT_PRIO);

	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	bed->line[0].params.prio = 801;
	bed_params(bed, 0);
	bed_live(bed, 500);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
}

/* D25 */
static void bandwidth_is_the_sum_of_all_ports(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	for (i = 0; i < 4; i++) {
		bed_add(bed, i);
		bed->line[i].params.speed = i ? 4000 : 10000;
		bed_params(bed, i);
		if (i)
			bed_other_partner(bed, i, 0x55);
		bed->line[i].talks = true;
	}
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	bed_link(bed, 3, false);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
}

static void stable_stays_while_it_works(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	int i;

	for (i = 1; i < 4; i++) {
		bed_add(bed, i);
		bed_other_partner(bed, i, 0x55);
	}
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	/* a silent partner is no reason to stay */
	bed->line[0].talks = false;
	bed_live(bed, 3001);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	/* nor is the old one's return a reason to go back */
	bed->line[0].talks = true;
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
}

static void a_port_without_partner_yields_only_when_the_other_is_ready(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_run(bed, 5000);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_add(bed, 1)->talks = true;
	bed_live(bed, 1999);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* two better links join one that has waited: all three wait, and who works goes on */
static void a_better_group_takes_over_when_all_of_it_has_waited(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	int i;

	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	bed_add(bed, 2);
	bed_other_partner(bed, 2, 0x55);
	bed_live(bed, 5000);
	for (i = 3; i < 5; i++) {
		bed_add(bed, i);
		bed_other_partner(bed, i, 0x55);
		bed_hear(bed, i);
	}
	bed_live(bed, 1999);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	for (i = 2; i < 5; i++)
		KUNIT_EXPECT_TRUE(test, bed->line[i].port.distributing);
}

/* the link that makes another group better stands before one that has waited: it waits first, and who works goes on */
static void a_better_group_waits_for_its_newest_link(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	for (i = 0; i < 3; i++)
		bed_add(bed, i);
	bed_link(bed, 0, false);
	bed_link(bed, 1, false);
	bed->line[2].talks = true;
	bed_live(bed, 5000);
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
	bed_link(bed, 1, true);
	bed_other_partner(bed, 1, 0x55);
	bed_live(bed, 5000);
	bed_link(bed, 0, true);
	bed_other_partner(bed, 0, 0x55);
	bed_hear(bed, 0);
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
	bed_live(bed, 1999);
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_FALSE(test, bed->line[2].port.distributing);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_TRUE(test, bed->line[i].port.distributing);
}

/* a link to something without LACP, that may not be used, takes nobody's place */
static void strict_keeps_the_place_of_links_that_are_away(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed->cfg.strict = true;
	bed_configure(bed);
	bed_add(bed, 1);
	bed_live(bed, 10000);
	bed_link(bed, 0, false);
	bed_run(bed, 100);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	bed_link(bed, 0, true);
	bed_hear(bed, 0);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	/* a partner elsewhere is another matter */
	bed_link(bed, 0, false);
	bed_other_partner(bed, 1, 0x55);
	bed_live(bed, 2000);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* but there is nothing to be kept for a link at whose end nobody was */
static void strict_keeps_no_place_where_nobody_was(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.strict = true;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_run(bed, 10000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 0));
	bed_link(bed, 0, false);
	bed_add(bed, 1);
	bed_run(bed, 10000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	/* that of the second port is kept when the first is there again */
	bed->line[1].says.actor.state = IN_SYNC | BOTH;
	bed->line[1].talks = true;
	bed_live(bed, 2500);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	bed_link(bed, 1, false);
	bed_link(bed, 0, true);
	bed_run(bed, 10000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
}

static void one_port_without_partner_carries_traffic_alone(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i, n = 0;

	for (i = 0; i < 3; i++)
		bed_add(bed, i);
	bed_run(bed, 2999);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	bed_run(bed, 1);
	for (i = 0; i < 3; i++)
		n += bed->line[i].port.distributing;
	KUNIT_EXPECT_EQ(test, n, 1);
	/* D19: and shows neither Collecting nor Distributing, here and on the wire */
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0), ACT | SHORT | AGG | SYNC | DEFD);
	KUNIT_EXPECT_EQ(test, bed->line[0].last.actor.state & BOTH, 0);
}

static void stable_keeps_a_port_without_partner_too(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_run(bed, 5000);
	bed_add(bed, 1);
	bed->line[1].params.speed = 100000;
	bed_params(bed, 1);
	bed_run(bed, 10000);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.distributing);
	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* D15: it stays in use until it must change, and that is its LAG ID */
static void a_port_without_partner_is_in_the_mux_like_any_other(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_run(bed, 100000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING_DISTRIBUTING);
	KUNIT_EXPECT_EQ(test, bed->line[0].forwards, 1U);
	bed->line[0].talks = true;
	bed_live(bed, 2000);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0) & BOTH, BOTH);
}

static void strict_lets_no_port_without_partner_carry_traffic(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.strict = true;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_run(bed, 10000);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	bed->cfg.strict = false;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	bed->cfg.strict = true;
	bed_configure(bed);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	bed->line[0].talks = true;
	bed->flags = 0;
	bed_live(bed, 2500);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	KUNIT_EXPECT_TRUE(test, bed->flags & LACP_DO_CARRIER);
}

/* D26 */
static void carrier_needs_min_links_ports_of_the_active_aggregator(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 3);

	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	bed->cfg.min_links = 3;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	bed_link(bed, 0, false);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	bed->cfg.min_links = 2;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	/* 0 means the same as 1 */
	bed->cfg.min_links = 0;
	bed_configure(bed);
	bed_link(bed, 1, false);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));
	bed_link(bed, 2, false);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
}

/*
 * Two groups of links to one system that uses only one of them, as a Linux
 * bond does. The end of lower precedence gives way after 3 s, the other one
 * only after 10 s, so that the two never swap places.
 */
static struct bed *refused(struct kunit *test, u16 our_prio)
{
	struct bed *bed = bed_new(test);
	int i;

	bed->cfg.sys_prio = our_prio;
	bed_configure(bed);
	for (i = 0; i < 2; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].params.speed = i ? 1000 : 10000;
		bed_params(bed, i);
	}
	bed->line[1].says.actor.key = 78;
	bed->line[0].says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 2000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	return bed;
}

static void a_refused_group_is_given_up_after_3_s_by_the_lesser_end(struct kunit *test)
{
	struct bed *bed = refused(test, 0xffff);

	bed_live(bed, 2999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	/* wider or not: it is not offered to us */
	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	bed_live(bed, 30000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	/* the partner changes its mind; ours follows at once, without a wait */
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static void an_invitation_goes_before_the_policy(struct kunit *test)
{
	struct bed *bed = refused(test, 0xffff);
	struct bed_line *l = bed_add(bed, 2);

	/* group 2 is wider, group 3 is where the partner is */
	bed->line[1].params.speed = 5000;
	bed_params(bed, 1);
	bed->line[1].says.actor.state = ACT | SHORT | AGG;
	l->talks = true;
	l->says.actor.key = 79;
	l->params.speed = 1000;
	bed_params(bed, 2);
	bed_live(bed, 2999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 3);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void each_group_gets_its_own_time(struct kunit *test)
{
	struct bed *bed = refused(test, 1);

	bed_add(bed, 2)->talks = true;
	bed->line[2].params.speed = 1000;
	bed_params(bed, 2);
	bed->line[2].says.actor.key = 78;
	bed->line[1].says.actor.state = ACT | SHORT | AGG;
	bed->line[2].says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 9000);
	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.sync);
	bed_live(bed, 9999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
}

static void and_after_10_s_by_the_other_end(struct kunit *test)
{
	struct bed *bed = refused(test, 1);

	bed_live(bed, 9999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* Its receiving fibre is broken: it is in sync with the partner its administrator assumed. */
static void a_group_whose_partner_does_not_hear_us_is_given_up(struct kunit *test)
{
	static const u16 our_prio[] = { 0xffff, 1 };
	static const u32 patience[] = { 3000, 10000 };
	int i;

	for (i = 0; i < 2; i++) {
		struct bed *bed = refused(test, our_prio[i]);

		bed->line[0].deaf = true;
		bed_hear_state(bed, 0, ACT | SHORT | AGG | SYNC | DEFD);
		bed_live(bed, patience[i] - 1);
		KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
		bed_live(bed, 1);
		KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
		KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
		bed->cfg.select = LACP_SELECT_BANDWIDTH;
		bed_configure(bed);
		bed_live(bed, 30000);
		KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
		/* repaired */
		bed->line[0].deaf = false;
		bed_hear_state(bed, 0, IN_SYNC);
		KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	}
}

/* A partner whose Defaulted bit is stuck knows us all the same. */
static void a_partner_that_names_us_and_says_defaulted_is_kept(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1)->talks = true;
	bed->line[1].says.actor.key = 78;
	bed_hear_state(bed, 0, IN_SYNC | DEFD);
	bed_live(bed, 30000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static void a_group_that_was_not_offered_is_not_worth_a_working_one(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	int i;

	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	for (i = 1; i < 3; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.key = 78;
		bed->line[i].says.actor.state = ACT | SHORT | AGG;
	}
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_hear_state(bed, 1, IN_SYNC);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
}

/* it withdraws Sync from one group and offers the other: follow at once */
static void the_partner_decides_if_it_has_precedence(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1)->talks = true;
	bed->line[1].says.actor.key = 78;
	bed->line[1].says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 5000);
	bed->line[1].says.actor.state = IN_SYNC;
	bed->line[0].says.actor.state = ACT | SHORT | AGG;
	bed_hear(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* it withdraws Sync, but the choice is ours: it has 10 s to come back */
static void a_partner_without_precedence_is_given_time(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	bed->cfg.sys_prio = 1;
	bed_configure(bed);
	for (i = 0; i < 3; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.key = 70 + i;
	}
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed->line[0].says.actor.state = ACT | SHORT | AGG;
	bed_hear(bed, 0);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
	bed_live(bed, 9999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 1);
	/* of two that are as good the lower number */
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

static void our_policy_holds_where_the_choice_is_ours(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	bed->cfg.sys_prio = 1;
	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	bed_add(bed, 0)->talks = true;
	bed_live(bed, 3000);
	for (i = 1; i < 3; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.key = 78;
		/* it waits for us to move */
		bed->line[i].says.actor.state = ACT | SHORT | AGG;
	}
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), bed_agg(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.sync);
}

static void the_last_port_of_the_group_in_use_leaves(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct lacp_aggregator *spare;
	int i;

	for (i = 1; i < 3; i++) {
		bed_add(bed, i);
		bed_other_partner(bed, i, 0x55);
	}
	bed_live(bed, 5000);
	bed->line[0].member = false;
	bed->flags = 0;
	bed_settle(bed, lacp_port_remove(&bed->line[0].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 0), 0);
	KUNIT_EXPECT_TRUE(test, bed->flags & LACP_DO_ACTIVE);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
}

static void precedence_is_priority_then_address(struct kunit *test)
{
	/* equal priorities: our address ...:10 is lower than the partner's ...:99 */
	struct bed *bed = refused(test, 0x8000);

	bed_live(bed, 3500);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 6500);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
}

/* nobody invites us anywhere: each group gets its chance, then we stay */
static void without_an_invitation_the_others_are_tried_once(struct kunit *test)
{
	struct bed *bed = refused(test, 0xffff);

	bed->line[1].says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 2999);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	bed_live(bed, 60000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
}

static struct kunit_case lacp_active_cases[] = {
	KUNIT_CASE(ports_of_other_aggregators_are_standby),
	KUNIT_CASE(a_change_of_the_active_aggregator_is_told_at_once),
	KUNIT_CASE(stable_and_bandwidth_take_the_widest),
	KUNIT_CASE(count_takes_the_most_ports),
	KUNIT_CASE(port_prio_takes_the_highest_sum),
	KUNIT_CASE(bandwidth_is_the_sum_of_all_ports),
	KUNIT_CASE(stable_stays_while_it_works),
	KUNIT_CASE(a_port_without_partner_yields_only_when_the_other_is_ready),
	KUNIT_CASE(a_better_group_takes_over_when_all_of_it_has_waited),
	KUNIT_CASE(a_better_group_waits_for_its_newest_link),
	KUNIT_CASE(strict_keeps_the_place_of_links_that_are_away),
	KUNIT_CASE(strict_keeps_no_place_where_nobody_was),
	KUNIT_CASE(one_port_without_partner_carries_traffic_alone),
	KUNIT_CASE(stable_keeps_a_port_without_partner_too),
	KUNIT_CASE(a_port_without_partner_is_in_the_mux_like_any_other),
	KUNIT_CASE(strict_lets_no_port_without_partner_carry_traffic),
	KUNIT_CASE(carrier_needs_min_links_ports_of_the_active_aggregator),
	KUNIT_CASE(a_refused_group_is_given_up_after_3_s_by_the_lesser_end),
	KUNIT_CASE(a_group_whose_partner_does_not_hear_us_is_given_up),
	KUNIT_CASE(a_partner_that_names_us_and_says_defaulted_is_kept),
	KUNIT_CASE(an_invitation_goes_before_the_policy),
	KUNIT_CASE(each_group_gets_its_own_time),
	KUNIT_CASE(and_after_10_s_by_the_other_end),
	KUNIT_CASE(a_group_that_was_not_offered_is_not_worth_a_working_one),
	KUNIT_CASE(the_partner_decides_if_it_has_precedence),
	KUNIT_CASE(a_partner_without_precedence_is_given_time),
	KUNIT_CASE(our_policy_holds_where_the_choice_is_ours),
	KUNIT_CASE(the_last_port_of_the_group_in_use_leaves),
	KUNIT_CASE(precedence_is_priority_then_address),
	KUNIT_CASE(without_an_invitation_the_others_are_tried_once),
	{}
};

static struct kunit_suite lacp_active_suite = {
	.name = "lacp_active",
	.test_cases = lacp_active_cases,
};
kunit_test_suite(lacp_active_suite);
MODULE_LICENSE("GPL");
