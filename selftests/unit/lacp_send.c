// SPDX-License-Identifier: GPL-2.0
/* Periodic Transmission (6.4.13), Transmit (6.4.16), farewell, Markers (6.5.4). */
#include "lacp_bed.h"

static void a_fast_partner_gets_a_pdu_every_second(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int i;

	bed_live(bed, 3000);
	l->sent = 0;
	bed_live(bed, 10000);
	KUNIT_EXPECT_EQ(test, PERIODIC(bed, 0), LACP_PERIODIC_FAST_PERIODIC);
	KUNIT_EXPECT_EQ(test, l->sent, 10U);
	for (i = 1; i < l->sent; i++)
		KUNIT_EXPECT_EQ(test, l->sent_at[i] - l->sent_at[i - 1], 1000);
}

static void a_slow_partner_gets_a_pdu_every_30_s(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	l->says.actor.state &= ~SHORT;
	bed_live(bed, 40000);
	l->sent = 0;
	bed_live(bed, 60000);
	KUNIT_EXPECT_EQ(test, PERIODIC(bed, 0), LACP_PERIODIC_SLOW_PERIODIC);
	KUNIT_EXPECT_EQ(test, l->sent, 2U);
	KUNIT_EXPECT_EQ(test, l->sent_at[1] - l->sent_at[0], 30000);
}

static void a_partner_that_becomes_fast_gets_a_pdu_at_once(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int sent;

	l->says.actor.state &= ~SHORT;
	bed_live(bed, 12000);
	sent = l->sent;
	l->says.actor.state |= SHORT;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	KUNIT_EXPECT_EQ(test, PERIODIC(bed, 0), LACP_PERIODIC_FAST_PERIODIC);
	bed_live(bed, 1000);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 2);
}

static void a_passive_port_answers_an_active_partner(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l;

	bed->cfg.active = false;
	bed_configure(bed);
	l = bed_add(bed, 0);
	/* D8: and says nothing at all before that */
	bed_run(bed, 10000);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_EXPECT_EQ(test, PERIODIC(bed, 0), LACP_PERIODIC_NO_PERIODIC);
	l->talks = true;
	bed_live(bed, 5000);
	KUNIT_EXPECT_GE(test, l->sent, 5U);
	KUNIT_EXPECT_FALSE(test, l->last.actor.state & ACT);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void two_passive_ports_are_silent(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l;

	bed->cfg.active = false;
	bed_configure(bed);
	l = bed_add(bed, 0);
	l->talks = true;
	l->says.actor.state = SHORT | AGG | SYNC;
	bed_live(bed, 10000);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_EXPECT_FALSE(test, l->port.ntt);
}

/* With a slow partner it would else hear 30 s later that it must not send here. */
static void news_of_a_silent_time_is_told_when_it_ends(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l;

	bed->cfg.active = false;
	bed_configure(bed);
	l = bed_add(bed, 0);
	l->talks = true;
	l->says.actor.state &= ~SHORT;
	bed_live(bed, 40000);
	KUNIT_EXPECT_TRUE(test, l->last.actor.state & SYNC);
	KUNIT_EXPECT_TRUE(test, l->last.actor.state & COLL);
	l->sent = 0;
	l->says.actor.state &= ~(ACT | SYNC);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, PERIODIC(bed, 0), LACP_PERIODIC_NO_PERIODIC);
	KUNIT_EXPECT_FALSE(test, l->port.collecting);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	/* it knows all about us, so its LACPDU asks for no answer */
	l->says.actor.state |= ACT;
	lacp_port_actor(&l->port, &l->says.partner);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_FALSE(test, l->last.actor.state & COLL);
}

static void a_disabled_port_is_silent_and_forgets_ntt(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed_link(bed, 0, false);
	l->sent = 0;
	bed_run(bed, 100000);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_EXPECT_FALSE(test, l->port.ntt);
	KUNIT_EXPECT_EQ(test, bed->next, LACP_NEVER);
}

static void a_flood_of_stale_pdus_gets_3_answers_a_second(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	int i;

	l->sent = 0;
	memset(&l->says.partner, 0, sizeof(l->says.partner));
	for (i = 0; i < 4000; i++) {
		bed_hear_pdu(bed, 0, &l->says);
		bed_run(bed, 2);
	}
	KUNIT_EXPECT_LE(test, bed_busiest(l), 3U);
	KUNIT_EXPECT_GE(test, l->sent, 3 * 7U);
	KUNIT_EXPECT_LE(test, l->sent, 3 * 9U);
}

static void three_may_go_back_to_back(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	int i;

	l->says.actor.state &= ~SHORT;
	bed_live(bed, 5000);
	l->sent = 0;
	memset(&l->says.partner, 0, sizeof(l->says.partner));
	for (i = 0; i < 4; i++)
		bed_hear_pdu(bed, 0, &l->says);
	KUNIT_EXPECT_EQ(test, l->sent, 3U);
	KUNIT_EXPECT_LE(test, bed_busiest(l), 3U);
}

static void over_the_limit_is_delayed_and_says_what_is_true_then(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int sent;
	struct lacp_pdu stale = l->says;
	int i;

	memset(&stale.partner, 0, sizeof(stale.partner));
	for (i = 0; i < 8; i++)
		bed_hear_pdu(bed, 0, &stale);
	KUNIT_EXPECT_TRUE(test, l->port.ntt);
	sent = l->sent;
	bed_hear(bed, 0);
	/* more happens before the delayed one may go */
	bed->cfg.sys_prio = 4711;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, l->sent, sent);
	bed_run(bed, 1002);
	KUNIT_EXPECT_GT(test, l->sent, sent);
	KUNIT_EXPECT_EQ(test, l->last.actor.sys_prio, 4711);
	KUNIT_EXPECT_LE(test, bed_busiest(l), 3U);
}

static void a_refused_frame_is_sent_again(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	u64 tx = l->port.stats.lacpdu_tx;

	bed_live(bed, 2000);
	tx = l->port.stats.lacpdu_tx;
	l->refuses = true;
	l->sent = 0;
	bed_live(bed, 1000);
	/* D29: what was not sent is not counted, and not forgotten */
	KUNIT_EXPECT_EQ(test, l->port.stats.lacpdu_tx, tx);
	KUNIT_EXPECT_GE(test, l->port.stats.tx_failed, 1);
	KUNIT_EXPECT_LE(test, l->port.stats.tx_failed, 4);
	l->refuses = false;
	bed_run(bed, 1002);
	KUNIT_EXPECT_GE(test, l->sent, 1U);
	KUNIT_EXPECT_EQ(test, l->port.stats.lacpdu_tx, tx + l->sent);
	KUNIT_EXPECT_EQ(test, bed->sys.stats.tx_failed, l->port.stats.tx_failed);
}

static void goodbye_clears_what_makes_the_partner_send(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];
	struct lacp_pdu pdu;

	bed_live(bed, 2000);
	KUNIT_ASSERT_TRUE(test, lacp_goodbye(&l->port, buf, bed->now));
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), &pdu, &marker),
			LACP_FRAME_LACPDU);
	KUNIT_EXPECT_EQ(test, pdu.actor.state & (SYNC | COLL | DIST | AGG), 0);
	KUNIT_EXPECT_EQ(test, pdu.actor.port, l->port.number);
	KUNIT_EXPECT_TRUE(test, lacp_same_port(&pdu.partner, &l->says.actor));
	KUNIT_EXPECT_EQ(test, l->port.stats.goodbyes, 1);
	/* a bond that goes down keeps its place at the partner */
	KUNIT_ASSERT_TRUE(test, lacp_pause(&l->port, buf, bed->now));
	lacp_pdu_parse(buf, sizeof(buf), &pdu, &marker);
	KUNIT_EXPECT_EQ(test, pdu.actor.state & (SYNC | COLL | DIST | AGG), AGG);
}

static void goodbye_keeps_the_limit(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int before;
	u8 buf[LACP_PDU_LEN];
	int i, said = 0;

	bed_live(bed, 2000);
	before = l->sent;
	bed_run(bed, 990);
	for (i = 0; i < 5; i++)
		said += lacp_goodbye(&l->port, buf, bed->now);
	/* with what was said in the same second */
	KUNIT_EXPECT_EQ(test, said + (int)(l->sent - before), 3);
	KUNIT_EXPECT_GE(test, said, 1);
}

/* line 0 bundled and, just now, without a slot left */
static struct bed *limited(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	int i;

	bed_live(bed, 2000);
	for (i = 0; i < LACP_TX_BURST; i++) {
		l->port.ntt = true;
		lacp_touch(&l->port);
		bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	}
	l->sent = 0;
	return bed;
}

static void a_goodbye_over_the_limit_waits_for_a_slot(struct kunit *test)
{
	struct bed *bed = limited(test);
	struct bed_line *l = &bed->line[0];
	u8 buf[LACP_PDU_LEN];
	u32 wait;

	KUNIT_EXPECT_FALSE(test, lacp_goodbye(&l->port, buf, bed->now));
	wait = lacp_parting(&l->port, bed->now);
	KUNIT_EXPECT_GT(test, wait, 0U);
	KUNIT_EXPECT_LE(test, wait, 1002U);
	/* whoever makes us talk meanwhile does not take it away, nor end the work */
	while (wait--) {
		bed_run(bed, 1);
		l->says.partner.key++;
		bed_hear_pdu(bed, 0, &l->says);
		lacp_port_actor(&l->port, &l->says.partner);
		bed_hear_pdu(bed, 0, &l->says);
	}
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_EXPECT_TRUE(test, lacp_goodbye(&l->port, buf, bed->now));
}

static void a_goodbye_under_the_limit_waits_for_nothing(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed_live(bed, 2000);
	KUNIT_EXPECT_EQ(test, lacp_parting(&l->port, bed->now), 0U);
	/* nor does an answer take the slot before it is said */
	bed_hear_pdu(bed, 0, &l->says);
	KUNIT_EXPECT_TRUE(test, l->port.parting);
}

static void where_nobody_is_no_goodbye_waits(struct kunit *test)
{
	struct bed *bed = limited(test);
	struct bed_line *l = &bed->line[0];
	u8 buf[LACP_PDU_LEN];

	l->talks = false;
	bed_run(bed, 10000);
	bed_link(bed, 0, false);
	bed_link(bed, 0, true);
	bed_run(bed, 4000);
	KUNIT_ASSERT_TRUE(test, l->port.defaulted);
	while (lacp_goodbye(&l->port, buf, bed->now))
		;
	KUNIT_EXPECT_EQ(test, lacp_parting(&l->port, bed->now), 0U);
	KUNIT_EXPECT_FALSE(test, lacp_pause(&l->port, buf, bed->now));
	KUNIT_EXPECT_FALSE(test, l->port.owes);
}

/* a bond that went down and could not say so */
static struct bed *owing(struct kunit *test)
{
	struct bed *bed = limited(test);
	u8 buf[LACP_PDU_LEN];

	KUNIT_EXPECT_FALSE(test, lacp_pause(&bed->line[0].port, buf, bed->now));
	bed_link(bed, 0, false);
	return bed;
}

static void a_pause_over_the_limit_is_said_when_it_may(struct kunit *test)
{
	struct bed *bed = owing(test);
	struct bed_line *l = &bed->line[0];
	u64 goodbyes = l->port.stats.goodbyes;

	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	bed_run(bed, 1002);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & (SYNC | COLL | DIST | AGG), AGG);
	KUNIT_EXPECT_EQ(test, l->port.stats.goodbyes, goodbyes + 1);
	KUNIT_EXPECT_EQ(test, bed->sys.stats.goodbyes, goodbyes + 1);
	bed_run(bed, 5000);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
}

static void a_pause_that_is_refused_is_said_again_but_not_for_ever(struct kunit *test)
{
	struct bed *bed = owing(test);
	struct bed_line *l = &bed->line[0];
	u64 goodbyes = l->port.stats.goodbyes;

	l->refuses = true;
	bed_run(bed, 1300);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_EXPECT_EQ(test, l->port.stats.goodbyes, goodbyes);
	l->refuses = false;
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_EQ(test, l->port.stats.goodbyes, goodbyes + 1);

	bed = owing(test);
	l = &bed->line[0];
	l->refuses = true;
	bed_run(bed, 20000);
	KUNIT_EXPECT_LE(test, l->port.stats.tx_failed, 4U);
	KUNIT_EXPECT_FALSE(test, l->port.owes);
}

static void a_pause_is_not_said_by_a_bond_that_is_up_again(struct kunit *test)
{
	struct bed *bed = owing(test);
	struct bed_line *l = &bed->line[0];

	bed_run(bed, 10);
	bed_link(bed, 0, true);
	bed_live(bed, 2000);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_FALSE(test, l->port.owes);
	KUNIT_EXPECT_TRUE(test, l->last.actor.state & SYNC);
	KUNIT_EXPECT_EQ(test, l->port.stats.goodbyes, 0);
}

static void a_port_that_owes_a_pause_and_leaves_says_goodbye(struct kunit *test)
{
	struct bed *bed = limited(test);
	struct bed_line *l = &bed->line[0];
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];
	struct lacp_pdu pdu;
	u32 wait;

	KUNIT_EXPECT_FALSE(test, lacp_pause(&l->port, buf, bed->now));
	bed_link(bed, 0, false);
	wait = lacp_parting(&l->port, bed->now);
	KUNIT_EXPECT_GT(test, wait, 0U);
	bed_run(bed, wait);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	KUNIT_ASSERT_TRUE(test, lacp_goodbye(&l->port, buf, bed->now));
	lacp_pdu_parse(buf, sizeof(buf), &pdu, &marker);
	KUNIT_EXPECT_EQ(test, pdu.actor.state & (SYNC | COLL | DIST | AGG), 0);
	KUNIT_EXPECT_FALSE(test, lacp_goodbye(&l->port, buf, bed->now));
}

static void a_port_that_pauses_is_silent_until_it_resumes(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	u8 buf[LACP_PDU_LEN];

	bed_live(bed, 2000);
	KUNIT_ASSERT_TRUE(test, lacp_pause(&l->port, buf, bed->now));
	l->sent = 0;
	/* the partner's answer: it takes us for out of sync */
	l->says.partner.state &= ~(SYNC | COLL | DIST);
	bed_hear(bed, 0);
	bed_run(bed, 1500);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	bed_settle(bed, lacp_resume(&l->port, bed->now));
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_EQ(test, l->last.actor.state & SYNC, SYNC);
	/* who did not pause has nothing to take back */
	bed_settle(bed, lacp_resume(&l->port, bed->now));
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
}

static void goodbye_is_for_ports_that_may_talk(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	u8 buf[LACP_PDU_LEN];

	bed_link(bed, 0, false);
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, lacp_parting(&bed->line[0].port, bed->now), 0U);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.parting);
	KUNIT_EXPECT_FALSE(test, lacp_pause(&bed->line[0].port, buf, bed->now));
	KUNIT_EXPECT_FALSE(test, lacp_goodbye(&bed->line[0].port, buf, bed->now));
}

static void no_goodbye_waits_for_ourselves(struct kunit *test)
{
	struct bed *bed = limited(test);
	struct bed_line *l = &bed->line[0];

	lacp_port_actor(&l->port, &l->says.actor);
	l->says.actor.port++;
	bed_hear(bed, 0);
	KUNIT_ASSERT_TRUE(test, lacp_partner_is_self(&l->port));
	KUNIT_EXPECT_EQ(test, lacp_parting(&l->port, bed->now), 0U);
	KUNIT_EXPECT_FALSE(test, l->port.parting);
}

static void hear_marker(struct bed *bed, int i, u32 transaction)
{
	struct lacp_marker marker = { .port = 5, .transaction = transaction };
	u8 buf[LACP_PDU_LEN];

	lacp_marker_write(&marker, false, buf);
	bed_settle(bed, lacp_receive(&bed->line[i].port, buf, sizeof(buf), bed->now));
}

static void each_marker_gets_one_answer_whatever_the_mux(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	hear_marker(bed, 0, 1);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_EQ(test, l->markers, 1U);
	hear_marker(bed, 0, 2);
	KUNIT_EXPECT_EQ(test, l->markers, 2U);
	KUNIT_EXPECT_EQ(test, l->port.marker.transaction, 2);
	KUNIT_EXPECT_EQ(test, l->port.stats.marker_rx, 2);
	KUNIT_EXPECT_EQ(test, l->port.stats.marker_resp_tx, 2);
	KUNIT_EXPECT_EQ(test, bed->sys.stats.marker_resp_tx, 2);
	l->refuses = true;
	hear_marker(bed, 0, 3);
	KUNIT_EXPECT_EQ(test, l->port.stats.marker_resp_tx, 2);
}

static void at_most_10_markers_a_second_are_answered(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);
	int i;

	for (i = 0; i < 100; i++) {
		hear_marker(bed, 0, i);
		bed_run(bed, 10);
	}
	KUNIT_EXPECT_EQ(test, l->markers, 10U);
	KUNIT_EXPECT_EQ(test, l->port.stats.marker_limited, 90);
	bed_run(bed, 1000);
	hear_marker(bed, 0, 1);
	KUNIT_EXPECT_EQ(test, l->markers, 11U);
}

static void every_frame_is_counted_where_it_belongs(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_marker marker = {};
	struct bed_line *l = bed_add(bed, 0);
	struct lacp_stats *st = &l->port.stats;
	u8 buf[LACP_PDU_LEN];
	struct lacp_effects fx;

	lacp_marker_write(&marker, true, buf);
	fx = lacp_receive(&l->port, buf, sizeof(buf), bed->now);
	KUNIT_EXPECT_TRUE(test, fx.flags & LACP_DID_CONSUME);
	KUNIT_EXPECT_EQ(test, st->marker_resp_rx, 1);
	buf[2] = 3;
	fx = lacp_receive(&l->port, buf, sizeof(buf), bed->now);
	KUNIT_EXPECT_EQ(test, st->marker_unknown_rx, 1);
	/* what is not ours goes on to the stack */
	buf[0] = 3;
	fx = lacp_receive(&l->port, buf, sizeof(buf), bed->now);
	KUNIT_EXPECT_FALSE(test, fx.flags & LACP_DID_CONSUME);
	KUNIT_EXPECT_EQ(test, st->lacpdu_unknown_rx, 1);
	buf[0] = 1;
	fx = lacp_receive(&l->port, buf, 20, bed->now);
	KUNIT_EXPECT_FALSE(test, fx.flags & LACP_DID_CONSUME);
	KUNIT_EXPECT_EQ(test, st->lacpdu_illegal_rx, 1);
	KUNIT_EXPECT_MEMEQ(test, st, &bed->sys.stats, offsetof(struct lacp_stats, tx_failed));
}

static void an_idle_bundle_wakes_up_for_its_own_pdus_only(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	int i;

	for (i = 0; i < 2; i++)
		bed->line[i].says.actor.state &= ~SHORT;
	bed->cfg.fast = false;
	bed_configure(bed);
	bed_live(bed, 70000);
	bed->wakeups = 0;
	bed->line[0].sent = 0;
	bed->line[1].sent = 0;
	bed_run(bed, 61000);
	KUNIT_EXPECT_LE(test, bed->wakeups, bed->line[0].sent + bed->line[1].sent);
	KUNIT_EXPECT_EQ(test, bed->line[0].sent, 2U);
	KUNIT_EXPECT_EQ(test, bed->line[1].sent, 2U);
}

static struct kunit_case lacp_send_cases[] = {
	KUNIT_CASE(a_fast_partner_gets_a_pdu_every_second),
	KUNIT_CASE(a_slow_partner_gets_a_pdu_every_30_s),
	KUNIT_CASE(a_partner_that_becomes_fast_gets_a_pdu_at_once),
	KUNIT_CASE(a_passive_port_answers_an_active_partner),
	KUNIT_CASE(two_passive_ports_are_silent),
	KUNIT_CASE(news_of_a_silent_time_is_told_when_it_ends),
	KUNIT_CASE(a_disabled_port_is_silent_and_forgets_ntt),
	KUNIT_CASE(a_flood_of_stale_pdus_gets_3_answers_a_second),
	KUNIT_CASE(three_may_go_back_to_back),
	KUNIT_CASE(over_the_limit_is_delayed_and_says_what_is_true_then),
	KUNIT_CASE(a_refused_frame_is_sent_again),
	KUNIT_CASE(goodbye_clears_what_makes_the_partner_send),
	KUNIT_CASE(goodbye_keeps_the_limit),
	KUNIT_CASE(goodbye_is_for_ports_that_may_talk),
	KUNIT_CASE(no_goodbye_waits_for_ourselves),
	KUNIT_CASE(a_goodbye_over_the_limit_waits_for_a_slot),
	KUNIT_CASE(a_goodbye_under_the_limit_waits_for_nothing),
	KUNIT_CASE(where_nobody_is_no_goodbye_waits),
	KUNIT_CASE(a_pause_over_the_limit_is_said_when_it_may),
	KUNIT_CASE(a_pause_that_is_refused_is_said_again_but_not_for_ever),
	KUNIT_CASE(a_pause_is_not_said_by_a_bond_that_is_up_again),
	KUNIT_CASE(a_port_that_owes_a_pause_and_leaves_says_goodbye),
	KUNIT_CASE(a_port_that_pauses_is_silent_until_it_resumes),
	KUNIT_CASE(each_marker_gets_one_answer_whatever_the_mux),
	KUNIT_CASE(at_most_10_markers_a_second_are_answered),
	KUNIT_CASE(every_frame_is_counted_where_it_belongs),
	KUNIT_CASE(an_idle_bundle_wakes_up_for_its_own_pdus_only),
	{}
};

static struct kunit_suite lacp_send_suite = {
	.name = "lacp_send",
	.test_cases = lacp_send_cases,
};
kunit_test_suite(lacp_send_suite);
MODULE_LICENSE("GPL");
