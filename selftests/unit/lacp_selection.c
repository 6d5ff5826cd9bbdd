// SPDX-License-Identifier: GPL-2.0
/* Selection Logic (6.4.14): who shares an aggregator, which one is in use. */
#include "lacp_bed.h"

static u16 id(struct bed *bed, int i)
{
	return lacp_port_agg_id(&bed->line[i].port);
}

static u16 active(struct bed *bed)
{
	struct lacp_agg_info info;

	return lacp_active_info(&bed->sys, &info) ? info.id : 0;
}

/* gives line i a partner system of its own */
static struct bed_line *other_partner(struct bed *bed, int i, u8 last)
{
	bed->line[i].says.actor.system[5] = last;
	bed->line[i].talks = true;
	return &bed->line[i];
}

static void ports_with_one_lag_id_share_an_aggregator(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 4);
	struct lacp_agg_info info;
	int i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, id(bed, i), 1);
	KUNIT_EXPECT_TRUE(test, lacp_active_info(&bed->sys, &info));
	KUNIT_EXPECT_EQ(test, info.id, 1);
	KUNIT_EXPECT_EQ(test, info.ports, 4);
	KUNIT_EXPECT_EQ(test, info.actor_key, 15);
	KUNIT_EXPECT_EQ(test, info.partner_key, 77);
	KUNIT_EXPECT_MEMEQ(test, info.partner_system, bed->line[0].says.actor.system, ETH_ALEN);
	bed_link(bed, 0, false);
	lacp_active_info(&bed->sys, &info);
	KUNIT_EXPECT_EQ(test, info.ports, 3);
}

static void a_port_without_lag_prefers_its_own_number(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	for (i = 0; i < 3; i++)
		bed_add(bed, i);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, id(bed, i), i + 1);
}

static void each_part_of_the_lag_id_separates(struct kunit *test)
{
	int part;

	for (part = 0; part < 5; part++) {
		struct bed *bed = bed_bundled(test, 1);
		struct bed_line *l = bed_add(bed, 1);

		switch (part) {
		case 0:
			l->says.actor.system[5]++;
			break;
		case 1:
			l->says.actor.sys_prio++;
			break;
		case 2:
			l->says.actor.key++;
			break;
		case 3:
			l->params.speed = 1000;
			bed_params(bed, 1);
			break;
		case 4:
			l->says.actor.state &= ~AGG;
			break;
		}
		l->talks = true;
		bed_live(bed, 4000);
		KUNIT_EXPECT_NE_MSG(test, id(bed, 1), id(bed, 0), "part %d", part);
		KUNIT_EXPECT_FALSE_MSG(test, l->port.collecting, "part %d", part);
	}
}

/* D10, rule h */
static void an_individual_partner_shares_with_nobody(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	for (i = 0; i < 2; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.state = ACT | SHORT | SYNC;
	}
	bed_live(bed, 4000);
	KUNIT_EXPECT_NE(test, id(bed, 0), id(bed, 1));
	/* one of them works, alone */
	KUNIT_EXPECT_EQ(test, bed->line[0].port.distributing + bed->line[1].port.distributing, 1);
	/* nor may an aggregatable port join an individual one's aggregator */
	bed_hear_state(bed, 1, IN_SYNC);
	KUNIT_EXPECT_NE(test, id(bed, 0), id(bed, 1));
}

static void a_half_duplex_port_shares_with_nobody(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed->line[1].params.full_duplex = false;
	bed_params(bed, 1);
	bed_live(bed, 4000);
	KUNIT_EXPECT_NE(test, id(bed, 0), id(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.distributing);
}

/* rule g */
static void two_ports_of_ours_cabled_together_do_not_share(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_pdu pdu;
	int i, round;

	bed_add(bed, 0);
	bed_add(bed, 1);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 2; i++) {
			lacp_port_actor(&bed->line[!i].port, &pdu.actor);
			lacp_port_partner(&bed->line[!i].port, &pdu.partner);
			bed_hear_pdu(bed, i, &pdu);
		}
		bed_run(bed, 500);
		KUNIT_EXPECT_NE(test, id(bed, 0), id(bed, 1));
		KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
		KUNIT_EXPECT_FALSE(test, bed->line[1].port.distributing);
	}
	/* D3: and the machines go on */
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

static void our_address_with_another_priority_is_another_system(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i;

	for (i = 0; i < 2; i++) {
		bed_add(bed, i)->talks = true;
		ether_addr_copy(bed->line[i].says.actor.system, bed->cfg.system);
		bed->line[i].says.actor.sys_prio = 1;
	}
	bed_live(bed, 2500);
	KUNIT_EXPECT_EQ(test, id(bed, 0), id(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

static void a_reflection_never_carries_traffic(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_pdu pdu;
	int round;

	bed_add(bed, 0);
	for (round = 0; round < 20; round++) {
		lacp_port_actor(&bed->line[0].port, &pdu.actor);
		lacp_port_partner(&bed->line[0].port, &pdu.partner);
		bed_hear_pdu(bed, 0, &pdu);
		bed_run(bed, 500);
		KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
	}
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.looped);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.reason, LACP_REASON_LOOPED);
	KUNIT_EXPECT_LE(test, bed_busiest(&bed->line[0]), 3U);
	/* a real partner cures it */
	bed->line[0].talks = true;
	bed_live(bed, 2500);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static void ready_waits_for_all_that_wait(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0)->talks = true;
	bed_hear(bed, 0);
	bed_live(bed, 1500);
	bed_add(bed, 1)->talks = true;
	bed_hear(bed, 1);
	bed_live(bed, 1999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_live(bed, 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* D21 */
static void attached_ports_are_not_held_back_nor_hold_back(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1)->talks = true;
	bed_hear(bed, 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_live(bed, 2000);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

/* D4, NOTE 2 */
static void a_changed_lag_id_detaches_before_it_is_selected(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[1];

	bed_live(bed, 3000);
	l->says.actor.key = 99;
	bed_hear(bed, 1);
	KUNIT_EXPECT_FALSE(test, l->port.sync);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & (SYNC | BOTH), 0);
	KUNIT_EXPECT_EQ(test, id(bed, 1), 2);
	l->says.actor.key = 77;
	bed_hear(bed, 1);
	KUNIT_EXPECT_EQ(test, id(bed, 1), 1);
	bed_live(bed, 1999);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

/* D11, D20: one aggregator is active, ports of others say so */
static void ports_of_other_aggregators_are_standby(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1);
	other_partner(bed, 1, 0x55);
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
	new = other_partner(bed, 1, 0x55);
	other_partner(bed, 2, 0x55);
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed->flags = 0;
	t = bed->now;
	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	KUNIT_EXPECT_TRUE(test, bed->flags & LACP_DO_ACTIVE);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
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
			other_partner(bed, i, 0x55);
	}
	bed_live(bed, 3000);
	return bed;
}

static void stable_and_bandwidth_take_the_widest(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, active(two_groups(test, LACP_SELECT_STABLE)), 1);
	KUNIT_EXPECT_EQ(test, active(two_groups(test, LACP_SELECT_BANDWIDTH)), 1);
}

static void count_takes_the_most_ports(struct kunit *test)
{
	struct bed *bed = two_groups(test, LACP_SELECT_COUNT);

	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
	/* ports without link do not count; one against one keeps the present */
	bed_link(bed, 1, false);
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 2));
	bed_link(bed, 2, false);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
}

/* D27 */
static void port_prio_takes_the_highest_sum(struct kunit *test)
{
	struct bed *bed = two_groups(test, LACP_SELECT_PORT_PRIO);

	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
	bed->line[0].params.prio = 801;
	bed_params(bed, 0);
	bed_live(bed, 500);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
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
			other_partner(bed, i, 0x55);
		bed->line[i].talks = true;
	}
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
	bed_link(bed, 3, false);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
}

static void stable_stays_while_it_works(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	int i;

	for (i = 1; i < 4; i++) {
		bed_add(bed, i);
		other_partner(bed, i, 0x55);
	}
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	/* a silent partner is no reason to stay */
	bed->line[0].talks = false;
	bed_live(bed, 3001);
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	/* nor is the old one's return a reason to go back */
	bed->line[0].talks = true;
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
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
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	/* wider or not: it is not offered to us */
	bed->cfg.select = LACP_SELECT_BANDWIDTH;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	bed_live(bed, 30000);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	/* the partner changes its mind; ours follows at once, without a wait */
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static void and_after_10_s_by_the_other_end(struct kunit *test)
{
	struct bed *bed = refused(test, 1);

	bed_live(bed, 9999);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
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
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_hear_state(bed, 1, IN_SYNC);
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
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
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
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
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed->line[0].says.actor.state = ACT | SHORT | AGG;
	bed_hear(bed, 0);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
	bed_live(bed, 9999);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_live(bed, 1);
	/* of two that are as good the lower number */
	KUNIT_EXPECT_EQ(test, active(bed), 2);
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
	KUNIT_EXPECT_EQ(test, active(bed), id(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.sync);
}

static void the_last_port_of_the_group_in_use_leaves(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct lacp_aggregator *spare;
	int i;

	for (i = 1; i < 3; i++) {
		bed_add(bed, i);
		other_partner(bed, i, 0x55);
	}
	bed_live(bed, 5000);
	bed->line[0].member = false;
	bed->flags = 0;
	bed_settle(bed, lacp_port_remove(&bed->line[0].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, id(bed, 0), 0);
	KUNIT_EXPECT_TRUE(test, bed->flags & LACP_DO_ACTIVE);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
}

/* numbers do not follow the order of joining once ports have come and gone */
static void numbers_stay_low_after_ports_came_and_went(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_aggregator *spare;
	int i;

	for (i = 0; i < 4; i++)
		bed_add(bed, i);
	for (i = 0; i < 2; i++)
		bed_settle(bed, lacp_port_remove(&bed->line[i].port, bed->now, &spare));
	for (i = 0; i < 2; i++) {
		bed_add(bed, i)->talks = true;
		KUNIT_EXPECT_EQ(test, bed->line[i].port.number, i + 1);
	}
	/* all in one group, so three are idle: the one of that number goes, ... */
	bed->line[2].talks = true;
	bed->line[3].talks = true;
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, bed->sys.active->nports, 4);
	i = bed->sys.active->id;
	bed_settle(bed, lacp_port_remove(&bed->line[3].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, spare->id, i == 4 ? 3 : 4);
	bed_settle(bed, lacp_port_remove(&bed->line[0].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, spare->id, i == 1 ? 3 : 1);
}

static void precedence_is_priority_then_address(struct kunit *test)
{
	/* equal priorities: our address ...:10 is lower than the partner's ...:99 */
	struct bed *bed = refused(test, 0x8000);

	bed_live(bed, 3500);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_live(bed, 6500);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
}

static void any_order_of_leaving_leaves_a_sound_rest(struct kunit *test)
{
	static const u8 orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 3, 0, 2 } };
	struct lacp_aggregator *spare;
	struct lacp_agg_info info;
	unsigned int o, i, k;

	for (o = 0; o < ARRAY_SIZE(orders); o++) {
		struct bed *bed = bed_bundled(test, 4);

		for (i = 0; i < 4; i++) {
			struct bed_line *l = &bed->line[orders[o][i]];

			l->member = false;
			bed_settle(bed, lacp_port_remove(&l->port, bed->now, &spare));
			KUNIT_EXPECT_EQ(test, spare->nports, 0);
			KUNIT_EXPECT_FALSE(test, l->port.distributing);
			bed_live(bed, 1000);
			for (k = 0; k < 4; k++)
				if (bed->line[k].member)
					KUNIT_EXPECT_TRUE(test, bed->line[k].port.distributing);
		}
		KUNIT_EXPECT_FALSE(test, lacp_active_info(&bed->sys, &info));
		KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
		KUNIT_EXPECT_EQ(test, bed->next, LACP_NEVER);
		KUNIT_EXPECT_TRUE(test, list_empty(&bed->sys.aggs));
	}
}

/* an aggregator keeps its number when the port of that number leaves */
static void an_aggregator_outlives_the_port_it_came_with(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 3);
	struct lacp_aggregator *spare;

	bed->line[0].member = false;
	bed_settle(bed, lacp_port_remove(&bed->line[0].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, spare->id, 3);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	KUNIT_EXPECT_EQ(test, id(bed, 1), 1);
	/* D23: the lowest free number, so the same one after a short absence */
	bed_add(bed, 0)->talks = true;
	KUNIT_EXPECT_EQ(test, bed->line[0].port.number, 1);
	bed_live(bed, 2500);
	KUNIT_EXPECT_EQ(test, id(bed, 0), 1);
}

static void a_lone_port_takes_the_lowest_idle_aggregator(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 4);
	struct lacp_aggregator *spare;
	int i;

	/* aggregators 4 and 2 go away with ports 1 and 2 */
	for (i = 0; i < 2; i++) {
		bed->line[i].member = false;
		bed_settle(bed, lacp_port_remove(&bed->line[i].port, bed->now, &spare));
		KUNIT_EXPECT_EQ(test, spare->id, i ? 2 : 4);
	}
	/* 2 comes back, behind 3 in the list */
	bed_add(bed, 0)->talks = true;
	bed_live(bed, 2500);
	KUNIT_EXPECT_EQ(test, id(bed, 0), 1);
	/* port 4 must leave 1, and 4 is gone */
	bed->line[3].says.actor.key++;
	bed_hear(bed, 3);
	KUNIT_EXPECT_EQ(test, id(bed, 3), 2);
}

/* nobody invites us anywhere: each group gets its chance, then we stay */
static void without_an_invitation_the_others_are_tried_once(struct kunit *test)
{
	struct bed *bed = refused(test, 0xffff);

	bed->line[1].says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 2999);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	bed_live(bed, 60000);
	KUNIT_EXPECT_EQ(test, active(bed), 2);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, active(bed), 1);
}

static struct kunit_case lacp_selection_cases[] = {
	KUNIT_CASE(ports_with_one_lag_id_share_an_aggregator),
	KUNIT_CASE(a_port_without_lag_prefers_its_own_number),
	KUNIT_CASE(each_part_of_the_lag_id_separates),
	KUNIT_CASE(an_individual_partner_shares_with_nobody),
	KUNIT_CASE(a_half_duplex_port_shares_with_nobody),
	KUNIT_CASE(two_ports_of_ours_cabled_together_do_not_share),
	KUNIT_CASE(our_address_with_another_priority_is_another_system),
	KUNIT_CASE(a_reflection_never_carries_traffic),
	KUNIT_CASE(ready_waits_for_all_that_wait),
	KUNIT_CASE(attached_ports_are_not_held_back_nor_hold_back),
	KUNIT_CASE(a_changed_lag_id_detaches_before_it_is_selected),
	KUNIT_CASE(ports_of_other_aggregators_are_standby),
	KUNIT_CASE(a_change_of_the_active_aggregator_is_told_at_once),
	KUNIT_CASE(stable_and_bandwidth_take_the_widest),
	KUNIT_CASE(count_takes_the_most_ports),
	KUNIT_CASE(port_prio_takes_the_highest_sum),
	KUNIT_CASE(bandwidth_is_the_sum_of_all_ports),
	KUNIT_CASE(stable_stays_while_it_works),
	KUNIT_CASE(a_port_without_partner_yields_only_when_the_other_is_ready),
	KUNIT_CASE(one_port_without_partner_carries_traffic_alone),
	KUNIT_CASE(a_port_without_partner_is_in_the_mux_like_any_other),
	KUNIT_CASE(strict_lets_no_port_without_partner_carry_traffic),
	KUNIT_CASE(carrier_needs_min_links_ports_of_the_active_aggregator),
	KUNIT_CASE(a_refused_group_is_given_up_after_3_s_by_the_lesser_end),
	KUNIT_CASE(and_after_10_s_by_the_other_end),
	KUNIT_CASE(a_group_that_was_not_offered_is_not_worth_a_working_one),
	KUNIT_CASE(the_partner_decides_if_it_has_precedence),
	KUNIT_CASE(a_partner_without_precedence_is_given_time),
	KUNIT_CASE(our_policy_holds_where_the_choice_is_ours),
	KUNIT_CASE(the_last_port_of_the_group_in_use_leaves),
	KUNIT_CASE(numbers_stay_low_after_ports_came_and_went),
	KUNIT_CASE(precedence_is_priority_then_address),
	KUNIT_CASE(any_order_of_leaving_leaves_a_sound_rest),
	KUNIT_CASE(an_aggregator_outlives_the_port_it_came_with),
	KUNIT_CASE(a_lone_port_takes_the_lowest_idle_aggregator),
	KUNIT_CASE(without_an_invitation_the_others_are_tried_once),
	{}
};

static struct kunit_suite lacp_selection_suite = {
	.name = "lacp_selection",
	.test_cases = lacp_selection_cases,
};
kunit_test_suite(lacp_selection_suite);
MODULE_LICENSE("GPL");
