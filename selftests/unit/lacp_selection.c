// SPDX-License-Identifier: GPL-2.0
/* Selection Logic (6.4.14): which ports share an aggregator, and whose. */
#include "lacp_bed.h"

static void ports_with_one_lag_id_share_an_aggregator(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 4);
	struct lacp_agg_info info;
	int i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, bed_agg(bed, i), 1);
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
		KUNIT_EXPECT_EQ(test, bed_agg(bed, i), i + 1);
}

static void no_aggregator_is_active_before_one_of_its_ports_has_a_link(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_agg_info info;

	bed_add(bed, 0);
	bed_add(bed, 1);
	KUNIT_EXPECT_TRUE(test, lacp_active_info(&bed->sys, &info));
	bed_link(bed, 0, false);
	bed_link(bed, 1, false);
	/* it stays until there is a better one */
	KUNIT_EXPECT_TRUE(test, lacp_active_info(&bed->sys, &info));

	bed = bed_new(test);
	bed->line[0].params.full_duplex = true;
	bed->line[0].params.speed = 10000;
	bed_join(bed, 0);
	KUNIT_EXPECT_FALSE(test, lacp_active_info(&bed->sys, &info));
	bed_link(bed, 0, true);
	KUNIT_EXPECT_TRUE(test, lacp_active_info(&bed->sys, &info));
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
		KUNIT_EXPECT_NE_MSG(test, bed_agg(bed, 1), bed_agg(bed, 0), "part %d", part);
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
	KUNIT_EXPECT_NE(test, bed_agg(bed, 0), bed_agg(bed, 1));
	/* one of them works, alone */
	KUNIT_EXPECT_EQ(test, bed->line[0].port.distributing + bed->line[1].port.distributing, 1);
	/* nor may an aggregatable port join an individual one's aggregator */
	bed_hear_state(bed, 1, IN_SYNC);
	KUNIT_EXPECT_NE(test, bed_agg(bed, 0), bed_agg(bed, 1));
}

static void a_half_duplex_port_shares_with_nobody(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed->line[1].params.full_duplex = false;
	bed_params(bed, 1);
	bed_live(bed, 4000);
	KUNIT_EXPECT_NE(test, bed_agg(bed, 0), bed_agg(bed, 1));
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.distributing);
}

/* The first COUNT ports at a switch that floods LACPDUs: each hears all others. */
static void flood(struct bed *bed, int count)
{
	struct lacp_pdu pdu;
	int from, to;

	for (from = 0; from < count; from++) {
		for (to = 0; to < count; to++) {
			if (from == to)
				continue;
			lacp_port_actor(&bed->line[from].port, &pdu.actor);
			lacp_port_partner(&bed->line[from].port, &pdu.partner);
			bed_hear_pdu(bed, to, &pdu);
		}
	}
}

static int carrying(const struct bed *bed, int count)
{
	int i, sum = 0;

	for (i = 0; i < count; i++)
		sum += bed->line[i].port.collecting && bed->line[i].port.distributing;
	return sum;
}

/* rule g */
static void two_ports_of_ours_cabled_together_do_not_share(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int round;

	bed_add(bed, 0);
	bed_add(bed, 1);
	for (round = 0; round < 20; round++) {
		flood(bed, 2);
		bed_run(bed, 500);
		KUNIT_EXPECT_NE(test, bed_agg(bed, 0), bed_agg(bed, 1));
		KUNIT_EXPECT_LE(test, carrying(bed, 2), 1);
	}
	/* D3: and the machines go on */
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.reason, LACP_REASON_LOOPED);
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

/* Half a second of that, ROUNDS times; one port, always the same, carries the traffic. */
static void flooded_for(struct bed *bed, int count, int rounds)
{
	struct kunit *test = bed->test;

	while (rounds--) {
		flood(bed, count);
		bed_run(bed, 500);
		KUNIT_EXPECT_EQ(test, carrying(bed, count), 1);
		KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	}
}

/* as the kernel's own driver has it, whose users have such switches */
static void a_switch_that_floods_our_pdus_still_carries_one_port(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	unsigned int sent;

	bed_add(bed, 0);
	bed_run(bed, 6000);
	flooded_for(bed, 1, 1);	/* it was alone */
	bed_add(bed, 1);
	flooded_for(bed, 2, 8);
	bed_add(bed, 2);
	flooded_for(bed, 3, 8);
	sent = bed->line[2].sent;
	flooded_for(bed, 3, 20);
	KUNIT_EXPECT_LE(test, bed->line[2].sent - sent, 10U);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & DIST);
	KUNIT_EXPECT_TRUE(test, lacp_carrier(&bed->sys));

	bed_link(bed, 1, false);
	bed_link(bed, 2, false);
	flooded_for(bed, 1, 14);
	bed_link(bed, 1, true);
	flooded_for(bed, 2, 8);

	bed_link(bed, 0, false);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	bed_run(bed, 10);
	KUNIT_EXPECT_EQ(test, carrying(bed, 2), 1);

	bed->cfg.strict = true;
	bed_configure(bed);
	bed_run(bed, 10);
	KUNIT_EXPECT_EQ(test, carrying(bed, 2), 0);
}

static void with_independent_control_a_flooding_switch_carries_too(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int round;

	bed->cfg.coupled = false;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_add(bed, 1);
	for (round = 0; round < 20; round++) {
		flood(bed, 2);
		bed_run(bed, 500);
	}
	KUNIT_EXPECT_EQ(test, carrying(bed, 2), 1);
}

/* eth0 and eth1 by one cable, by mistake: the port that hears nobody has a network behind it */
static void a_cable_between_two_ports_of_ours_takes_no_traffic(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	int i, round;

	for (i = 0; i < 3; i++)
		bed_add(bed, i);
	for (round = 0; round < 14; round++) {
		flood(bed, 2);
		bed_run(bed, 500);
	}
	KUNIT_EXPECT_TRUE(test, bed->line[2].port.distributing);
	KUNIT_EXPECT_EQ(test, carrying(bed, 3), 1);
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
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 0), bed_agg(bed, 1));
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

/* its cable is out, it may never come back */
static void a_waiting_port_without_a_link_holds_nobody_back(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0)->talks = true;
	bed_add(bed, 1)->talks = true;
	bed_live(bed, 1000);
	bed->line[1].talks = false;
	bed_link(bed, 1, false);
	bed_live(bed, 1000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_WAITING);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
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
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 1), 2);
	l->says.actor.key = 77;
	bed_hear(bed, 1);
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 1), 1);
	bed_live(bed, 1999);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
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
	KUNIT_EXPECT_EQ(test, bed_active(bed), 1);
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 1), 1);
	/* D23: the lowest free number, so the same one after a short absence */
	bed_add(bed, 0)->talks = true;
	KUNIT_EXPECT_EQ(test, bed->line[0].port.number, 1);
	bed_live(bed, 2500);
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 0), 1);
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
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 0), 1);
	/* port 4 must leave 1, and 4 is gone */
	bed->line[3].says.actor.key++;
	bed_hear(bed, 3);
	KUNIT_EXPECT_EQ(test, bed_agg(bed, 3), 2);
}

static struct kunit_case lacp_selection_cases[] = {
	KUNIT_CASE(ports_with_one_lag_id_share_an_aggregator),
	KUNIT_CASE(a_port_without_lag_prefers_its_own_number),
	KUNIT_CASE(no_aggregator_is_active_before_one_of_its_ports_has_a_link),
	KUNIT_CASE(each_part_of_the_lag_id_separates),
	KUNIT_CASE(an_individual_partner_shares_with_nobody),
	KUNIT_CASE(a_half_duplex_port_shares_with_nobody),
	KUNIT_CASE(two_ports_of_ours_cabled_together_do_not_share),
	KUNIT_CASE(a_switch_that_floods_our_pdus_still_carries_one_port),
	KUNIT_CASE(a_cable_between_two_ports_of_ours_takes_no_traffic),
	KUNIT_CASE(with_independent_control_a_flooding_switch_carries_too),
	KUNIT_CASE(our_address_with_another_priority_is_another_system),
	KUNIT_CASE(a_reflection_never_carries_traffic),
	KUNIT_CASE(ready_waits_for_all_that_wait),
	KUNIT_CASE(a_waiting_port_without_a_link_holds_nobody_back),
	KUNIT_CASE(attached_ports_are_not_held_back_nor_hold_back),
	KUNIT_CASE(a_changed_lag_id_detaches_before_it_is_selected),
	KUNIT_CASE(numbers_stay_low_after_ports_came_and_went),
	KUNIT_CASE(any_order_of_leaving_leaves_a_sound_rest),
	KUNIT_CASE(an_aggregator_outlives_the_port_it_came_with),
	KUNIT_CASE(a_lone_port_takes_the_lowest_idle_aggregator),
	{}
};

static struct kunit_suite lacp_selection_suite = {
	.name = "lacp_selection",
	.test_cases = lacp_selection_cases,
};
kunit_test_suite(lacp_selection_suite);
MODULE_LICENSE("GPL");
