// SPDX-License-Identifier: GPL-2.0
/* Mux machine (6.4.15), coupled and independent, and churn detection (6.4.17). */
#include "lacp_bed.h"

static void attaches_after_the_aggregate_wait_of_2_s(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	bed_run(bed, 1999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & SYNC);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0) & (SYNC | BOTH), SYNC);
	KUNIT_EXPECT_TRUE(test, bed->line[0].last.actor.state & SYNC);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
}

/* else it could end just when the link comes, for a partner not yet known */
static void the_wait_begins_with_the_link(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	bed_link(bed, 0, false);
	bed_run(bed, 5000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_FALSE(test, l->port.sync);
	bed_link(bed, 0, true);
	bed_run(bed, 1999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
}

static void nothing_else_delays_collecting_and_distributing(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	/* D1, D14: the chain of transitions takes no time, nor do 8 s pass */
	bed_add(bed, 0);
	bed_hear(bed, 0);
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING_DISTRIBUTING);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.collecting);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0) & BOTH, BOTH);
	KUNIT_EXPECT_EQ(test, bed->line[0].last.actor.state & (SYNC | BOTH), SYNC | BOTH);
}

static void the_partner_is_told_of_collecting_and_distributing(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	l->talks = true;
	l->says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 4200);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & (SYNC | BOTH), SYNC);
	l->sent = 0;
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & (SYNC | BOTH), SYNC | BOTH);
}

static void coupled_stops_both_when_the_partner_loses_sync(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[0];
	unsigned int sent = l->sent;

	bed_live(bed, 3000);
	sent = l->sent;
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	KUNIT_EXPECT_FALSE(test, l->port.collecting);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
	KUNIT_EXPECT_TRUE(test, bed_state(bed, 0) & SYNC);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	/* and back without a wait: it never left its aggregator */
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void coupled_does_not_ask_whether_the_partner_collects(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static void link_loss_leaves_collecting_distributing_at_once(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	KUNIT_EXPECT_EQ(test, bed->line[0].forwards, 2U);
}

static void deselection_goes_back_to_waiting(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed_live(bed, 3000);
	l->says.actor.key++;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & (SYNC | BOTH), 0);
	bed_live(bed, 1999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_live(bed, 1);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void deselection_while_waiting_waits_anew(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_run(bed, 1500);
	bed_hear(bed, 0);
	bed_run(bed, 1999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_run(bed, 1);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
}

static struct bed *independent(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.coupled = false;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_hear(bed, 0);
	bed_run(bed, 2000);
	return bed;
}

static void independent_collects_before_it_distributes(struct kunit *test)
{
	struct bed *bed = independent(test);
	struct bed_line *l = &bed->line[0];
	unsigned int sent;

	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING);
	KUNIT_EXPECT_TRUE(test, l->port.collecting);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & BOTH, COLL);
	bed_run(bed, 900);
	sent = l->sent;
	bed_hear_state(bed, 0, IN_SYNC | COLL);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_DISTRIBUTING);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	/* this entry is no reason to send */
	KUNIT_EXPECT_EQ(test, l->sent, sent);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
}

static void independent_falls_back_when_sync_is_lost(struct kunit *test)
{
	struct bed *bed = independent(test);

	bed_hear_state(bed, 0, IN_SYNC | COLL);
	bed_hear_state(bed, 0, (IN_SYNC | COLL) & ~SYNC);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.collecting);
	bed_hear_state(bed, 0, IN_SYNC | COLL);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_DISTRIBUTING);
	bed->line[0].says.actor.key++;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
}

static void independent_leaves_when_another_group_is_chosen(struct kunit *test)
{
	struct bed *bed = independent(test);
	int i;

	/* Sync is withheld: attached and no more */
	bed_hear_state(bed, 0, IN_SYNC & ~SYNC);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	bed->line[0].talks = true;
	bed->cfg.select = LACP_SELECT_COUNT;
	bed_configure(bed);
	for (i = 1; i < 3; i++) {
		bed_add(bed, i);
		bed_other_partner(bed, i, 0x55);
	}
	bed_live(bed, 2000);
	KUNIT_EXPECT_EQ(test, bed_active(bed), 2);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_FALSE(test, bed->line[0].last.actor.state & SYNC);
}

static void independent_without_partner_carries_traffic_too(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.coupled = false;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_DISTRIBUTING);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0) & BOTH, 0);
}

static void control_can_change_under_traffic(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[0];

	bed_hear_state(bed, 1, ACT | SHORT | AGG);
	bed->cfg.coupled = false;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_DISTRIBUTING);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_ATTACHED);
	bed->cfg.coupled = true;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING_DISTRIBUTING);
}

static void churn_is_none_as_soon_as_in_sync(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	/* D17 */
	bed_add(bed, 0);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 0), LACP_CHURN_MONITOR);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_NO_CHURN);
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 0), LACP_CHURN_NO_CHURN);
}

static void partner_churns_after_60_s_and_recovers_at_once(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	l->talks = true;
	l->says.actor.state = ACT | SHORT | AGG;
	bed_live(bed, 59999);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_CHURN);
	KUNIT_EXPECT_EQ(test, l->port.partner_churned, 1U);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 0), LACP_CHURN_NO_CHURN);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_NO_CHURN);
	/* lost again: monitored again, not churned before another minute */
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
	bed_live(bed, 60000);
	KUNIT_EXPECT_EQ(test, l->port.partner_churned, 2U);
}

static void actor_churns_after_60_s_and_recovers_at_once(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = bed_add(bed, 1);
	u64 t = bed->now;

	/* another partner: held back, so never in sync */
	l->says.actor.system[5] = 0x55;
	l->talks = true;
	bed_live(bed, 59999);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 1), LACP_CHURN_MONITOR);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, bed->now, t + 60000);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 1), LACP_CHURN_CHURN);
	KUNIT_EXPECT_EQ(test, l->port.actor_churned, 1U);
	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, ACTOR_CHURN(bed, 1), LACP_CHURN_NO_CHURN);
}

static void a_disabled_port_does_not_churn(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	bed_run(bed, 30000);
	bed_link(bed, 0, false);
	bed_run(bed, 300000);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
	KUNIT_EXPECT_EQ(test, l->port.partner_churned, 0U);
	KUNIT_EXPECT_EQ(test, l->port.actor_churned, 0U);
	/* the minute starts when the link is back */
	bed_link(bed, 0, true);
	bed_run(bed, 59999);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_CHURN);
	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, PARTNER_CHURN(bed, 0), LACP_CHURN_MONITOR);
}

static void churn_has_the_words_of_proc(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, lacp_churn_word(LACP_CHURN_MONITOR), "monitoring");
	KUNIT_EXPECT_STREQ(test, lacp_churn_word(LACP_CHURN_CHURN), "churned");
	KUNIT_EXPECT_STREQ(test, lacp_churn_word(LACP_CHURN_NO_CHURN), "none");
}

static struct kunit_case lacp_bundle_cases[] = {
	KUNIT_CASE(attaches_after_the_aggregate_wait_of_2_s),
	KUNIT_CASE(the_wait_begins_with_the_link),
	KUNIT_CASE(nothing_else_delays_collecting_and_distributing),
	KUNIT_CASE(the_partner_is_told_of_collecting_and_distributing),
	KUNIT_CASE(coupled_stops_both_when_the_partner_loses_sync),
	KUNIT_CASE(coupled_does_not_ask_whether_the_partner_collects),
	KUNIT_CASE(link_loss_leaves_collecting_distributing_at_once),
	KUNIT_CASE(deselection_goes_back_to_waiting),
	KUNIT_CASE(deselection_while_waiting_waits_anew),
	KUNIT_CASE(independent_collects_before_it_distributes),
	KUNIT_CASE(independent_falls_back_when_sync_is_lost),
	KUNIT_CASE(independent_leaves_when_another_group_is_chosen),
	KUNIT_CASE(independent_without_partner_carries_traffic_too),
	KUNIT_CASE(control_can_change_under_traffic),
	KUNIT_CASE(churn_is_none_as_soon_as_in_sync),
	KUNIT_CASE(partner_churns_after_60_s_and_recovers_at_once),
	KUNIT_CASE(actor_churns_after_60_s_and_recovers_at_once),
	KUNIT_CASE(a_disabled_port_does_not_churn),
	KUNIT_CASE(churn_has_the_words_of_proc),
	{}
};

static struct kunit_suite lacp_bundle_suite = {
	.name = "lacp_bundle",
	.test_cases = lacp_bundle_cases,
};
kunit_test_suite(lacp_bundle_suite);
MODULE_LICENSE("GPL");
