// SPDX-License-Identifier: GPL-2.0
/* Receive machine (6.4.12): what we believe of the partner, and how long. */
#include "lacp_bed.h"

static void without_partner_expired_at_once_defaulted_after_3_s(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	KUNIT_EXPECT_TRUE(test, bed_state(bed, 0) & EXPD);
	KUNIT_EXPECT_TRUE(test, bed_partner_state(bed, 0) & SHORT);
	bed_run(bed, 2999);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_DEFAULTED);
	KUNIT_EXPECT_EQ(test, bed_state(bed, 0) & (EXPD | DEFD), DEFD);
}

static void the_same_at_the_slow_rate(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.fast = false;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_run(bed, 2999);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_DEFAULTED);
}

static void a_silent_partner_expires(struct kunit *test, bool fast, u64 timeout)
{
	struct bed *bed = bed_new(test);

	bed->cfg.fast = fast;
	bed_configure(bed);
	bed_add(bed, 0);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	bed_run(bed, timeout - 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	KUNIT_EXPECT_FALSE(test, bed_partner_state(bed, 0) & SYNC);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	bed_run(bed, 2999);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_DEFAULTED);
}

static void a_silent_partner_expires_after_3_s_at_the_fast_rate(struct kunit *test)
{
	a_silent_partner_expires(test, true, 3000);
}

static void a_silent_partner_expires_after_90_s_at_the_slow_rate(struct kunit *test)
{
	a_silent_partner_expires(test, false, 90000);
}

/* my timeout follows my own bit, my interval follows the partner's */
static void the_timeout_is_our_own_the_interval_the_partners(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	unsigned int sent;

	bed_add(bed, 0);
	bed_hear_state(bed, 0, ACT | AGG | SYNC);
	bed_run(bed, 2500);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	sent = bed->line[0].sent;
	bed_run(bed, 499);
	KUNIT_EXPECT_EQ(test, bed->line[0].sent, sent);
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

static void expired_sends_fast_and_at_once(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);
	unsigned int sent;

	bed_hear_state(bed, 0, ACT | AGG | SYNC);
	bed_run(bed, 2999);
	sent = l->sent;
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	KUNIT_EXPECT_TRUE(test, l->last.actor.state & EXPD);
	KUNIT_EXPECT_TRUE(test, l->last.partner.state & SHORT);
	bed_run(bed, 2100);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 3);
}

/* neither the Mux machine nor a new interval has anything to say of it */
static void expired_is_told_by_a_port_that_waits_too(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = bed_add(bed, 1);

	bed_other_partner(bed, 1, 0x55);
	bed_live(bed, 5000);
	l->talks = false;
	bed_live(bed, 200);
	bed_hear(bed, 1);
	bed_live(bed, 2999);
	KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_WAITING);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_CURRENT);
	l->sent = 0;
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_EXPIRED);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
}

static void expired_tells_a_fast_partner_at_once_too(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed_live(bed, 3000);
	bed_run(bed, 300);
	bed_hear(bed, 0);
	bed_run(bed, 2999);
	l->sent = 0;
	bed_run(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	KUNIT_EXPECT_EQ(test, l->sent, 1U);
	KUNIT_EXPECT_TRUE(test, l->last.actor.state & EXPD);
}

static void a_defaulted_port_leaves_its_group(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed->line[1].talks = false;
	bed_hear(bed, 1);
	bed_live(bed, 5999);
	KUNIT_EXPECT_PTR_EQ(test, bed->line[1].port.agg, bed->line[0].port.agg);
	bed_live(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_DEFAULTED);
	KUNIT_EXPECT_EQ(test, lacp_port_agg_id(&bed->line[1].port), 2);
	KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_WAITING);
	bed_live(bed, 5000);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.distributing);
}

static void default_partner_is_what_proc_shows(struct kunit *test)
{
	static const u8 zero[ETH_ALEN];
	struct bed *bed = bed_new(test);
	struct lacp_info p;

	bed_add(bed, 0);
	bed_run(bed, 3000);
	lacp_port_partner(&bed->line[0].port, &p);
	KUNIT_EXPECT_EQ(test, p.sys_prio, 0xffff);
	KUNIT_EXPECT_MEMEQ(test, p.system, zero, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, p.key, 1);
	KUNIT_EXPECT_EQ(test, p.port_prio, 255);
	KUNIT_EXPECT_EQ(test, p.port, 1);
	KUNIT_EXPECT_EQ(test, p.state, 0);
}

static void recordpdu_copies_the_actor(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);
	struct lacp_info p;

	bed_hear_state(bed, 0, IN_SYNC | COLL | EXPD);
	lacp_port_partner(&l->port, &p);
	KUNIT_EXPECT_TRUE(test, lacp_same_port(&p, &l->says.actor));
	KUNIT_EXPECT_EQ(test, p.state, IN_SYNC | COLL | EXPD);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & DEFD);
}

static void partner_sync_needs_the_actors_sync(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	KUNIT_EXPECT_FALSE(test, bed_partner_state(bed, 0) & SYNC);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_TRUE(test, bed_partner_state(bed, 0) & SYNC);
}

/* D2: nobody would notice if a link between two passive systems died */
static void partner_sync_needs_an_actively_maintained_link(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	/* passive partner that knows we are active */
	bed_hear_state(bed, 0, SHORT | AGG | SYNC);
	KUNIT_EXPECT_TRUE(test, bed_partner_state(bed, 0) & SYNC);
	/* passive partner that does not */
	lacp_port_actor(&l->port, &l->says.partner);
	l->says.partner.state &= ~ACT;
	bed_hear_pdu(bed, 0, &l->says);
	KUNIT_EXPECT_FALSE(test, bed_partner_state(bed, 0) & SYNC);
}

static void two_passive_systems_never_reach_sync(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.active = false;
	bed_configure(bed);
	bed_add(bed, 0)->talks = true;
	bed->line[0].says.actor.state = SHORT | AGG | SYNC;
	bed_live(bed, 5000);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	KUNIT_EXPECT_FALSE(test, bed_partner_state(bed, 0) & SYNC);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_EQ(test, bed->line[0].sent, 0U);
	/* it claims that we are active: half of a condition is none */
	lacp_port_actor(&bed->line[0].port, &bed->line[0].says.partner);
	bed->line[0].says.partner.state |= ACT;
	bed_hear_pdu(bed, 0, &bed->line[0].says);
	KUNIT_EXPECT_FALSE(test, bed_partner_state(bed, 0) & SYNC);
}

static void partner_sync_needs_a_matching_view_of_us(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);
	struct lacp_pdu good;
	int i;

	bed_hear(bed, 0);
	good = l->says;
	for (i = 0; i < 6; i++) {
		struct lacp_pdu pdu = good;

		switch (i) {
		case 0:
			pdu.partner.port++;
			break;
		case 1:
			pdu.partner.port_prio++;
			break;
		case 2:
			pdu.partner.system[5]++;
			break;
		case 3:
			pdu.partner.sys_prio--;
			break;
		case 4:
			pdu.partner.key++;
			break;
		case 5:
			pdu.partner.state ^= AGG;
			break;
		}
		bed_hear_pdu(bed, 0, &pdu);
		KUNIT_EXPECT_FALSE_MSG(test, bed_partner_state(bed, 0) & SYNC, "item %d", i);
		bed_hear_pdu(bed, 0, &good);
		KUNIT_EXPECT_TRUE_MSG(test, bed_partner_state(bed, 0) & SYNC, "item %d", i);
	}
}

static void an_individual_partner_need_not_match(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	l->says.actor.state = ACT | SHORT | SYNC;
	memset(&l->says.partner, 0, sizeof(l->says.partner));
	bed_hear_pdu(bed, 0, &l->says);
	KUNIT_EXPECT_TRUE(test, bed_partner_state(bed, 0) & SYNC);
}

static void update_selected_counts_six_items(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	int i;

	for (i = 0; i < 6; i++) {
		switch (i) {
		case 0:
			l->says.actor.port++;
			break;
		case 1:
			l->says.actor.port_prio++;
			break;
		case 2:
			l->says.actor.system[5]++;
			break;
		case 3:
			l->says.actor.sys_prio--;
			break;
		case 4:
			l->says.actor.key++;
			break;
		case 5:
			l->says.actor.state ^= AGG;
			break;
		}
		bed_hear(bed, 0);
		KUNIT_EXPECT_EQ_MSG(test, MUX(bed, 0), LACP_MUX_WAITING, "item %d", i);
		bed_live(bed, 2500);
		KUNIT_EXPECT_TRUE_MSG(test, l->port.distributing, "item %d", i);
	}
}

static void update_selected_ignores_the_other_state_bits(struct kunit *test)
{
	static const u8 bits[] = { SHORT, COLL, DIST, DEFD, EXPD };
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		l->says.actor.state ^= bits[i];
		bed_hear(bed, 0);
		KUNIT_EXPECT_TRUE_MSG(test, l->port.distributing, "bit %02x", bits[i]);
		l->says.actor.state ^= bits[i];
	}
	/* Activity and Sync stop the traffic at most, they do not deselect */
	l->says.actor.state ^= SYNC;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_ATTACHED);
	KUNIT_EXPECT_EQ(test, l->port.selected, LACP_SEL_SELECTED);
	l->says.actor.state ^= SYNC;
	l->says.actor.state ^= ACT;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, l->port.selected, LACP_SEL_SELECTED);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void update_ntt_counts_nine_items(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	struct lacp_pdu pdu;
	unsigned int sent;
	int i;

	for (i = 0; i < 9; i++) {
		bed_live(bed, 2000);
		lacp_port_actor(&l->port, &l->says.partner);
		pdu = l->says;
		switch (i) {
		case 0:
			pdu.partner.port++;
			break;
		case 1:
			pdu.partner.port_prio++;
			break;
		case 2:
			pdu.partner.system[5]++;
			break;
		case 3:
			pdu.partner.sys_prio--;
			break;
		case 4:
			pdu.partner.key++;
			break;
		case 5:
			pdu.partner.state ^= ACT;
			break;
		case 6:
			pdu.partner.state ^= SHORT;
			break;
		case 7:
			pdu.partner.state ^= SYNC;
			break;
		case 8:
			pdu.partner.state ^= AGG;
			break;
		}
		sent = l->sent;
		bed_hear_pdu(bed, 0, &pdu);
		KUNIT_EXPECT_GT_MSG(test, l->sent, sent, "item %d", i);
	}
}

static void update_ntt_ignores_the_other_state_bits(struct kunit *test)
{
	static const u8 bits[] = { COLL, DIST, DEFD, EXPD };
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int i, sent;

	bed_live(bed, 5000);
	bed_run(bed, 200);
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		lacp_port_actor(&l->port, &l->says.partner);
		l->says.partner.state ^= bits[i];
		sent = l->sent;
		bed_hear_pdu(bed, 0, &l->says);
		KUNIT_EXPECT_EQ_MSG(test, l->sent, sent, "bit %02x", bits[i]);
	}
}

/* the order inside CURRENT: compare with the old values, then overwrite them */
static void current_compares_before_it_records(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	l->says.actor.key = 78;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	KUNIT_EXPECT_EQ(test, l->port.partner.key, 78);
	KUNIT_EXPECT_EQ(test, l->port.agg->partner.key, 78);
}

static void a_pdu_on_a_disabled_port_is_counted_and_ignored(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_PORT_DISABLED);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_PORT_DISABLED);
	KUNIT_EXPECT_EQ(test, l->port.stats.lacpdu_rx, 1);
	/* once its wait is over nothing more will happen */
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, bed->next, LACP_NEVER);
	/* nor is it kept until the link is back */
	bed_link(bed, 0, true);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

static void a_late_pdu_goes_before_the_timeout(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct lacp_port *port = &bed->line[0].port;

	/* too little for lateness to be forgiven: the timer is due as well */
	bed_run(bed, port->timer[LACP_T_CURRENT_WHILE] - bed->now - 1);
	bed->now += 50;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	KUNIT_EXPECT_TRUE(test, port->distributing);
	KUNIT_EXPECT_EQ(test, bed->line[0].forwards, 1U);
}

static void a_short_loss_of_carrier_keeps_partner_and_place(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[0];
	u64 lost;

	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_PORT_DISABLED);
	KUNIT_EXPECT_FALSE(test, l->port.collecting);
	KUNIT_EXPECT_EQ(test, l->port.partner.key, 77);
	KUNIT_EXPECT_EQ(test, l->port.selected, LACP_SEL_SELECTED);
	l->talks = false;
	bed_live(bed, 20000);
	bed_link(bed, 0, true);
	lost = bed->now;
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	bed_hear(bed, 0);
	/* no new wait_while */
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, bed->now, lost);
}

static void another_partner_after_a_loss_of_carrier_waits(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];

	bed_link(bed, 0, false);
	l->says.actor.system[5] = 0x77;
	bed_link(bed, 0, true);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_live(bed, 1999);
	KUNIT_EXPECT_FALSE(test, l->port.distributing);
	bed_live(bed, 1);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void half_duplex_disables_lacp(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l;

	bed->line[0].params.full_duplex = true;
	l = bed_add(bed, 0);
	l->params.full_duplex = false;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_LACP_DISABLED);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & AGG);
	l->sent = 0;
	bed_run(bed, 5000);
	KUNIT_EXPECT_EQ(test, l->sent, 0U);
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_LACP_DISABLED);
	/* and back */
	l->params.full_duplex = true;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

static void half_duplex_ends_lacp_in_every_state(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	KUNIT_EXPECT_TRUE(test, bed->line[0].port.partner.state & AGG);
	bed->line[0].params.full_duplex = false;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_LACP_DISABLED);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.partner.state & AGG);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.agg->nports, 1);
	bed->line[1].talks = false;
	bed_run(bed, 7000);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_DEFAULTED);
	bed->line[1].params.full_duplex = false;
	bed_params(bed, 1);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_LACP_DISABLED);
	bed_link(bed, 1, false);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_PORT_DISABLED);
	/* duplex and speed of a dead link are not believed */
	bed->line[1].params.full_duplex = true;
	bed_params(bed, 1);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.full_duplex);
}

/* D6 */
static void a_partner_that_moved_is_forgotten_on_the_old_port(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 3);

	bed_link(bed, 0, false);
	bed_link(bed, 2, false);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & DEFD);
	/* port 1 is now cabled to what port 0 was cabled to */
	bed->line[1].says.actor.port = 101;
	bed_hear(bed, 1);
	KUNIT_EXPECT_TRUE(test, bed_state(bed, 0) & DEFD);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_PORT_DISABLED);
	KUNIT_EXPECT_FALSE(test, bed->line[0].port.moved);
	/* others are none of its business */
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 2) & DEFD);
}

static void a_dead_port_without_partner_has_nothing_to_forget(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1);
	bed_link(bed, 1, false);
	/* the numbers of the default partner, heard from a real one */
	memset(bed->line[0].says.actor.system, 0, ETH_ALEN);
	bed->line[0].says.actor.sys_prio = 0xffff;
	bed->line[0].says.actor.port = 1;
	bed_hear(bed, 0);
	KUNIT_EXPECT_FALSE(test, bed->line[1].port.moved);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_PORT_DISABLED);
}

static void a_partner_of_another_system_has_not_moved(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed_link(bed, 0, false);
	bed->line[1].says.actor.port = 101;
	bed->line[1].says.actor.sys_prio = 7;
	bed_hear(bed, 1);
	KUNIT_EXPECT_FALSE(test, bed_state(bed, 0) & DEFD);
}

static struct kunit_case lacp_receive_cases[] = {
	KUNIT_CASE(without_partner_expired_at_once_defaulted_after_3_s),
	KUNIT_CASE(the_same_at_the_slow_rate),
	KUNIT_CASE(a_silent_partner_expires_after_3_s_at_the_fast_rate),
	KUNIT_CASE(a_silent_partner_expires_after_90_s_at_the_slow_rate),
	KUNIT_CASE(the_timeout_is_our_own_the_interval_the_partners),
	KUNIT_CASE(expired_sends_fast_and_at_once),
	KUNIT_CASE(expired_is_told_by_a_port_that_waits_too),
	KUNIT_CASE(expired_tells_a_fast_partner_at_once_too),
	KUNIT_CASE(a_defaulted_port_leaves_its_group),
	KUNIT_CASE(default_partner_is_what_proc_shows),
	KUNIT_CASE(recordpdu_copies_the_actor),
	KUNIT_CASE(partner_sync_needs_the_actors_sync),
	KUNIT_CASE(partner_sync_needs_an_actively_maintained_link),
	KUNIT_CASE(two_passive_systems_never_reach_sync),
	KUNIT_CASE(partner_sync_needs_a_matching_view_of_us),
	KUNIT_CASE(an_individual_partner_need_not_match),
	KUNIT_CASE(update_selected_counts_six_items),
	KUNIT_CASE(update_selected_ignores_the_other_state_bits),
	KUNIT_CASE(update_ntt_counts_nine_items),
	KUNIT_CASE(update_ntt_ignores_the_other_state_bits),
	KUNIT_CASE(current_compares_before_it_records),
	KUNIT_CASE(a_pdu_on_a_disabled_port_is_counted_and_ignored),
	KUNIT_CASE(a_late_pdu_goes_before_the_timeout),
	KUNIT_CASE(a_short_loss_of_carrier_keeps_partner_and_place),
	KUNIT_CASE(another_partner_after_a_loss_of_carrier_waits),
	KUNIT_CASE(half_duplex_disables_lacp),
	KUNIT_CASE(half_duplex_ends_lacp_in_every_state),
	KUNIT_CASE(a_partner_that_moved_is_forgotten_on_the_old_port),
	KUNIT_CASE(a_dead_port_without_partner_has_nothing_to_forget),
	KUNIT_CASE(a_partner_of_another_system_has_not_moved),
	{}
};

static struct kunit_suite lacp_receive_suite = {
	.name = "lacp_receive",
	.test_cases = lacp_receive_cases,
};
kunit_test_suite(lacp_receive_suite);
MODULE_LICENSE("GPL");
