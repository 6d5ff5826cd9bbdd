// SPDX-License-Identifier: GPL-2.0
/* Settings that change, a host that starves, and what users are shown. */
#include "lacp_bed.h"

static void rate_and_activity_tell_the_partner_and_nothing_more(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct bed_line *l = &bed->line[0];
	unsigned int sent;

	/* D31 */
	bed_live(bed, 3000);
	sent = l->sent;
	bed->cfg.fast = false;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	KUNIT_EXPECT_FALSE(test, l->last.actor.state & SHORT);
	bed_live(bed, 3000);
	sent = l->sent;
	bed->cfg.active = false;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	KUNIT_EXPECT_FALSE(test, l->last.actor.state & ACT);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, l->forwards, 1U);
}

static void a_new_rate_counts_from_the_next_pdu_on(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_hear(bed, 0);
	bed->cfg.fast = false;
	bed_configure(bed);
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	bed_hear(bed, 0);
	bed_run(bed, 89999);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
}

static void a_new_identity_forms_the_groups_anew(struct kunit *test)
{
	int what;

	/* D13 */
	for (what = 0; what < 2; what++) {
		struct bed *bed = bed_bundled(test, 2);

		bed_live(bed, 3000);
		if (what)
			bed->cfg.sys_prio = 1234;
		else
			bed->cfg.system[5] = 0x42;
		bed_configure(bed);
		KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
		KUNIT_EXPECT_EQ(test, MUX(bed, 1), LACP_MUX_WAITING);
		KUNIT_EXPECT_EQ(test, bed->line[0].last.actor.state & (SYNC | BOTH), 0);
		KUNIT_EXPECT_EQ(test, bed->line[1].last.actor.sys_prio, bed->cfg.sys_prio);
		KUNIT_EXPECT_MEMEQ(test, bed->line[1].last.actor.system, bed->cfg.system,
				   ETH_ALEN);
		bed_live(bed, 2500);
		KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
		KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
		KUNIT_EXPECT_EQ(test, bed->line[1].port.agg->nports, 2);
	}
}

static void a_new_user_key_reaches_the_members(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	/* D12 */
	bed_live(bed, 3000);
	bed->cfg.user_key = 1023;
	bed_configure(bed);
	KUNIT_EXPECT_EQ(test, bed->line[0].last.actor.key, 1023 << 6 | 7 << 1 | 1);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_WAITING);
	bed_live(bed, 2500);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	KUNIT_EXPECT_PTR_EQ(test, bed->line[0].port.agg, bed->line[1].port.agg);
}

static void a_new_port_priority_only_tells_the_partner(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[1];
	unsigned int sent;

	bed_live(bed, 3000);
	sent = l->sent;
	l->params.prio = 7;
	bed_params(bed, 1);
	KUNIT_EXPECT_EQ(test, l->sent, sent + 1);
	KUNIT_EXPECT_EQ(test, l->last.actor.port_prio, 7);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
}

static void telling_the_same_again_does_nothing(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[0];
	unsigned int sent;

	bed_live(bed, 3000);
	sent = l->sent;
	bed->flags = 0;
	bed_configure(bed);
	bed_params(bed, 0);
	bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	KUNIT_EXPECT_EQ(test, l->sent, sent);
	KUNIT_EXPECT_EQ(test, bed->flags, 0U);
}

static void a_new_speed_under_a_running_link_is_a_new_key(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed->line[0].params.speed = 1000;
	bed_params(bed, 0);
	KUNIT_EXPECT_PTR_NE(test, bed->line[0].port.agg, bed->line[1].port.agg);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	/* both are 40001 and 40002 Mb/s by some driver: no code, still a speed */
	bed->line[0].params.speed = 40001;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.key, 1);
	bed->line[0].params.speed = 40002;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.speed, 40002U);
}

/* many drivers say that they do not know it before the link is taken for lost */
static void a_speed_forgotten_with_the_carrier_costs_no_place(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	struct bed_line *l = &bed->line[0];
	int i;

	for (i = 0; i < 2; i++) {
		bed_live(bed, 2000);
		l->params.speed = SPEED_MBPS_ANY;
		l->params.full_duplex = i;
		bed_params(bed, 0);
		KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING_DISTRIBUTING);
		bed_link(bed, 0, false);
		bed_link(bed, 0, true);
		bed_hear(bed, 0);
		KUNIT_EXPECT_TRUE(test, l->port.distributing);
		KUNIT_EXPECT_PTR_EQ(test, l->port.agg, bed->line[1].port.agg);
		l->params.speed = 10000;
		l->params.full_duplex = true;
		bed_params(bed, 0);
		KUNIT_EXPECT_TRUE(test, l->port.distributing);
	}
}

/* D5, D7 */
static void the_bond_goes_down_and_up_like_the_links(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);
	int i;

	for (i = 0; i < 2; i++)
		bed_link(bed, i, false);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	bed_run(bed, 500000);
	for (i = 0; i < 2; i++) {
		bed_link(bed, i, true);
		KUNIT_EXPECT_EQ(test, RX(bed, i), LACP_RX_EXPIRED);
		KUNIT_EXPECT_FALSE(test, bed->line[i].port.collecting);
	}
	for (i = 0; i < 2; i++)
		bed_hear(bed, i);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
}

static bool links_up;

static struct lacp_port_params params_of(const struct lacp_port *port)
{
	struct lacp_port_params params = container_of(port, struct bed_line, port)->params;

	params.enabled = links_up;
	return params;
}

/*
 * The links of two groups go down and up with the bond: told one after the
 * other, the group in use would lose its place to the one told last.
 */
static void the_bond_goes_down_and_up_with_the_group_it_had(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_aggregator *was;
	int i;

	for (i = 0; i < 4; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.key = i < 2 ? 77 : 78;
		bed->line[i].says.actor.state = IN_SYNC | BOTH;
	}
	bed_live(bed, 2500);
	was = bed->sys.active;
	KUNIT_EXPECT_PTR_EQ(test, was, bed->line[0].port.agg);
	for (i = 0; i < 2; i++) {
		links_up = i;
		bed_settle(bed, lacp_params(&bed->sys, params_of, bed->now));
	}
	KUNIT_EXPECT_PTR_EQ(test, bed->sys.active, was);
	bed_live(bed, 100);
	KUNIT_EXPECT_PTR_EQ(test, bed->sys.active, was);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_TRUE(test, bed->line[1].port.distributing);
	KUNIT_EXPECT_FALSE(test, bed->line[2].port.distributing);
}

/* D24 */
static void a_port_joins_with_the_link_it_has(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = &bed->line[0];

	l->params.prio = 255;
	bed_join(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_PORT_DISABLED);
	KUNIT_EXPECT_FALSE(test, lacp_carrier(&bed->sys));
	KUNIT_EXPECT_EQ(test, l->port.reason, LACP_REASON_LINK_DOWN);
	KUNIT_EXPECT_EQ(test, l->port.key, 0);
	l->params.enabled = true;
	l->params.full_duplex = true;
	l->params.speed = 25000;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
	KUNIT_EXPECT_EQ(test, l->port.key, 10 << 1 | 1);
}

static void a_starved_host_does_not_drop_its_partners(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed_live(bed, 3000);
	bed_hear(bed, 0);
	bed_hear(bed, 1);
	/* nothing runs for 5 s, then the timers go before the frames */
	bed->now += 5000;
	bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_CURRENT);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	KUNIT_EXPECT_EQ(test, bed->line[0].port.stats.late, 1);
	KUNIT_EXPECT_GT(test, bed->sys.stats.late_ms, 3900);
	/* but a partner that stays silent expires, counted from the wake-up */
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

/* to a slow partner nothing else is due: what comes late is the very end of its time */
static void a_starved_host_has_time_to_read_what_a_slow_partner_said(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed_live(bed, 60000);
	bed_hear_state(bed, 0, (IN_SYNC | BOTH) & ~SHORT);
	bed_hear_state(bed, 1, (IN_SYNC | BOTH) & ~SHORT);
	bed->now += 5000;
	bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_settle(bed, lacp_advance(&bed->sys, bed->now + 900));
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_CURRENT);
	bed_settle(bed, lacp_advance(&bed->sys, bed->now + 1050));
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_EXPIRED);
}

static void an_ordinary_delay_forgives_nothing(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_hear(bed, 0);
	while (RX(bed, 0) == LACP_RX_CURRENT) {
		bed->now = bed->next + 50;
		bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	}
	KUNIT_EXPECT_EQ(test, bed->sys.stats.late, 0);
}

static void lateness_is_not_forgiven_to_ports_that_wait_for_nobody(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);

	bed_add(bed, 1);
	bed_link(bed, 1, false);
	bed->now = bed->next + 5000;
	bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	KUNIT_EXPECT_EQ(test, bed->line[0].port.stats.late, 1);
	KUNIT_EXPECT_EQ(test, bed->line[1].port.stats.late, 0);
}

static void time_does_not_run_backwards(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	struct lacp_effects fx;

	bed_hear(bed, 0);
	fx = lacp_advance(&bed->sys, 1);
	KUNIT_EXPECT_EQ(test, fx.next, bed->next);
	KUNIT_EXPECT_EQ(test, RX(bed, 0), LACP_RX_CURRENT);
}

static void deadlines_passed_are_served_by_any_call(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 2);

	bed->line[1].talks = false;
	bed_live(bed, 2600);
	bed->now += 600;
	bed_hear(bed, 0);
	KUNIT_EXPECT_EQ(test, RX(bed, 1), LACP_RX_EXPIRED);
}

static u8 reason(struct bed *bed, int i)
{
	return bed->line[i].port.reason;
}

static void reasons_follow_a_port_through_its_life(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct bed_line *l = bed_add(bed, 0);

	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_NO_PDU);
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_WAITING);
	bed_run(bed, 2000);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_PARTNER_WAITS);
	bed_hear_state(bed, 0, IN_SYNC);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_BUNDLED);
	KUNIT_EXPECT_EQ(test, l->reasons, 4U);
	bed_run(bed, 3000);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_EXPIRED);
	/* carries traffic alone then, but the cause is the same */
	bed_run(bed, 6000);
	KUNIT_EXPECT_TRUE(test, l->port.distributing);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_NO_PDU);
	l->params.full_duplex = false;
	bed_params(bed, 0);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_HALF_DUPLEX);
	bed_link(bed, 0, false);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_LINK_DOWN);
}

static void reasons_name_what_differs_from_the_group_in_use(struct kunit *test)
{
	struct bed *bed = bed_bundled(test, 1);
	int i;

	for (i = 1; i < 6; i++)
		bed_add(bed, i)->talks = true;
	bed->line[1].says.actor.system[5] = 0x55;
	bed->line[2].says.actor.key = 5;
	bed->line[3].params.speed = 1000;
	bed_params(bed, 3);
	bed->line[4].says.actor.state &= ~AGG;
	ether_addr_copy(bed->line[5].says.actor.system, bed->cfg.system);
	bed->line[5].says.actor.sys_prio = bed->cfg.sys_prio;
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_BUNDLED);
	KUNIT_EXPECT_EQ(test, reason(bed, 1), LACP_REASON_PARTNER_ID);
	KUNIT_EXPECT_EQ(test, reason(bed, 2), LACP_REASON_KEY);
	KUNIT_EXPECT_EQ(test, reason(bed, 3), LACP_REASON_KEY);
	KUNIT_EXPECT_EQ(test, reason(bed, 4), LACP_REASON_INDIVIDUAL);
	KUNIT_EXPECT_EQ(test, reason(bed, 5), LACP_REASON_LOOPED);
}

/* an individual group in use, and another port that would like to bundle */
static void held_back_by_selection_is_what_remains(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0)->talks = true;
	bed->line[0].says.actor.state &= ~AGG;
	bed_live(bed, 3000);
	bed_add(bed, 1)->talks = true;
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_BUNDLED);
	KUNIT_EXPECT_EQ(test, reason(bed, 1), LACP_REASON_HELD);
}

/* one port carries traffic alone; the switch of another has begun to talk */
static void a_port_that_waits_says_so_also_while_another_is_in_use(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed_add(bed, 0);
	bed_run(bed, 8000);
	KUNIT_EXPECT_TRUE(test, bed->line[0].port.distributing);
	bed_add(bed, 1)->talks = true;
	bed_hear(bed, 1);
	KUNIT_EXPECT_EQ(test, bed->line[1].port.selected, LACP_SEL_STANDBY);
	KUNIT_EXPECT_EQ(test, reason(bed, 1), LACP_REASON_WAITING);
	bed_live(bed, 2500);
	KUNIT_EXPECT_EQ(test, reason(bed, 1), LACP_REASON_BUNDLED);
}

/* it has waited, and another still has the place */
static void a_group_without_partner_has_none_that_differs(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_port *port;

	bed_add(bed, 0);
	bed_run(bed, 8000);
	port = &bed_add(bed, 1)->port;
	bed_hear(bed, 1);
	port->ready_n = true;
	KUNIT_EXPECT_EQ(test, port->selected, LACP_SEL_STANDBY);
	KUNIT_EXPECT_EQ(test, lacp_reason_of(port), LACP_REASON_HELD);
}

static void a_partner_that_does_not_collect_is_not_out_of_sync(struct kunit *test)
{
	struct bed *bed = bed_new(test);

	bed->cfg.coupled = false;
	bed_configure(bed);
	bed_add(bed, 0)->talks = true;
	bed->line[0].says.actor.state = IN_SYNC;
	bed_live(bed, 3000);
	KUNIT_EXPECT_EQ(test, MUX(bed, 0), LACP_MUX_COLLECTING);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_PARTNER_DEAF);
	bed_hear_state(bed, 0, IN_SYNC | COLL);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_BUNDLED);
	bed_hear_state(bed, 0, ACT | SHORT | AGG);
	KUNIT_EXPECT_EQ(test, reason(bed, 0), LACP_REASON_PARTNER_WAITS);
}

static unsigned int traced;
static const char *traced_last;

static void trace(const struct lacp_port *port, enum lacp_machine_id machine, u8 from, u8 to)
{
	traced += from != to && port->number == 1;
	if (machine == LACP_MACHINE_MUX)
		traced_last = lacp_state_name(machine, to);
}

static void each_transition_can_be_watched(struct kunit *test)
{
	static const struct lacp_hooks hooks = { .trace = trace }, none = {};
	struct bed *bed = bed_new(test);

	lacp_init(&bed->sys, &bed->cfg, &none);
	bed_add(bed, 0);
	lacp_init(&bed->sys, &bed->cfg, &hooks);
	traced = 0;
	bed_add(bed, 0);
	bed_hear(bed, 0);
	bed_run(bed, 2000);
	KUNIT_EXPECT_GT(test, traced, 8U);
	KUNIT_EXPECT_STREQ(test, traced_last, "COLLECTING_DISTRIBUTING");
}

static void names_are_those_of_the_standard(struct kunit *test)
{
	int r;

	KUNIT_EXPECT_STREQ(test, lacp_machine_name(LACP_MACHINE_RECEIVE), "RECEIVE");
	KUNIT_EXPECT_STREQ(test, lacp_machine_name(LACP_MACHINES), "?");
	KUNIT_EXPECT_STREQ(test, lacp_state_name(LACP_MACHINE_RECEIVE, LACP_RX_CURRENT),
			   "CURRENT");
	KUNIT_EXPECT_STREQ(test, lacp_state_name(LACP_MACHINE_RECEIVE, 99), "?");
	KUNIT_EXPECT_STREQ(test, lacp_state_name(LACP_MACHINE_PERIODIC,
						 LACP_PERIODIC_SLOW_PERIODIC), "SLOW_PERIODIC");
	KUNIT_EXPECT_STREQ(test, lacp_state_name(LACP_MACHINE_MUX, LACP_MUX_ATTACHED), "ATTACHED");
	KUNIT_EXPECT_STREQ(test, lacp_state_name(LACP_MACHINE_ACTOR_CHURN, LACP_CHURN_NO_CHURN),
			   "NO_CHURN");
	KUNIT_EXPECT_STREQ(test, lacp_reason_name(LACP_REASON_BUNDLED), "bundled");
	KUNIT_EXPECT_STREQ(test, lacp_reason_name(LACP_REASON_NO_PDU), "no PDU seen");
	KUNIT_EXPECT_STREQ(test, lacp_reason_name(LACP_REASON_INDIVIDUAL),
			   "partner individual");
	for (r = 0; r < LACP_REASONS; r++) {
		KUNIT_EXPECT_STRNEQ(test, lacp_reason_name(r), "?");
		KUNIT_EXPECT_STRNEQ(test, lacp_reason_word(r), "?");
		KUNIT_EXPECT_NULL(test, strchr(lacp_reason_word(r), ' '));
	}
	KUNIT_EXPECT_STREQ(test, lacp_reason_name(LACP_REASONS), "?");
	KUNIT_EXPECT_STREQ(test, lacp_reason_word(LACP_REASONS), "?");
}

static void port_numbers_are_unique_and_never_0(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_aggregator *spare;
	int i;

	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, bed_add(bed, i)->port.number, i + 1);
	bed_settle(bed, lacp_port_remove(&bed->line[1].port, bed->now, &spare));
	KUNIT_EXPECT_EQ(test, bed_add(bed, 1)->port.number, 2);
	KUNIT_EXPECT_EQ(test, bed_add(bed, 4)->port.number, 5);
	KUNIT_EXPECT_EQ(test, lacp_port_agg_id(&bed->line[4].port), 5);
}

static void a_port_may_leave_with_things_still_to_do(struct kunit *test)
{
	struct bed *bed = bed_new(test);
	struct lacp_aggregator *spare;
	u32 what;

	bed_add(bed, 0);
	bed_add(bed, 1);
	/* the caller did not look at what these asked for */
	lacp_port_params(&bed->line[0].port, &(struct lacp_port_params) {}, bed->now);
	bed_settle(bed, lacp_port_remove(&bed->line[0].port, bed->now, &spare));
	KUNIT_EXPECT_NULL(test, bed->line[0].port.sys);
	KUNIT_EXPECT_NULL(test, lacp_next_todo(&bed->sys, &what));
}

static void sixty_four_ports_converge_within_3_5_s(struct kunit *test)
{
	enum { PORTS = 64 };
	struct lacp_port *port = kunit_kcalloc(test, PORTS, sizeof(*port), GFP_KERNEL);
	struct lacp_aggregator *agg = kunit_kcalloc(test, PORTS, sizeof(*agg), GFP_KERNEL);
	struct lacp_port_params params = { .speed = 10000, .full_duplex = true, .enabled = true };
	struct lacp_config cfg = { .system = { 2 }, .active = true, .fast = true, .coupled = true };
	struct lacp_system *sys = kunit_kzalloc(test, sizeof(*sys), GFP_KERNEL);
	struct lacp_pdu pdu = { .actor = { .system = { 4 }, .state = IN_SYNC } };
	u64 now = 0, next = 0;
	u8 buf[LACP_PDU_LEN];
	u32 what;
	int i;

	lacp_init(sys, &cfg, NULL);
	/* carriers come one after the other within a second and a half */
	for (i = 0; i < PORTS; i++) {
		now = i * 23;
		next = lacp_port_add(sys, &port[i], &agg[i], &params, now).next;
		pdu.actor.port = i + 1;
		lacp_port_actor(&port[i], &pdu.partner);
		lacp_pdu_write(&pdu, buf);
		next = lacp_receive(&port[i], buf, sizeof(buf), now).next;
		while (lacp_next_todo(sys, &what))
			;
	}
	while (next <= 3500) {
		now = next;
		next = lacp_advance(sys, now).next;
		while (lacp_next_todo(sys, &what))
			;
		for (i = 0; i < PORTS; i++) {
			pdu.actor.port = i + 1;
			lacp_port_actor(&port[i], &pdu.partner);
			lacp_pdu_write(&pdu, buf);
			next = lacp_receive(&port[i], buf, sizeof(buf), now).next;
		}
	}
	for (i = 0; i < PORTS; i++)
		KUNIT_EXPECT_TRUE_MSG(test, port[i].distributing, "port %d", i);
}

static struct kunit_case lacp_life_cases[] = {
	KUNIT_CASE(rate_and_activity_tell_the_partner_and_nothing_more),
	KUNIT_CASE(a_new_rate_counts_from_the_next_pdu_on),
	KUNIT_CASE(a_new_identity_forms_the_groups_anew),
	KUNIT_CASE(a_new_user_key_reaches_the_members),
	KUNIT_CASE(a_new_port_priority_only_tells_the_partner),
	KUNIT_CASE(telling_the_same_again_does_nothing),
	KUNIT_CASE(a_new_speed_under_a_running_link_is_a_new_key),
	KUNIT_CASE(a_speed_forgotten_with_the_carrier_costs_no_place),
	KUNIT_CASE(the_bond_goes_down_and_up_like_the_links),
	KUNIT_CASE(the_bond_goes_down_and_up_with_the_group_it_had),
	KUNIT_CASE(a_port_joins_with_the_link_it_has),
	KUNIT_CASE(a_starved_host_does_not_drop_its_partners),
	KUNIT_CASE(a_starved_host_has_time_to_read_what_a_slow_partner_said),
	KUNIT_CASE(an_ordinary_delay_forgives_nothing),
	KUNIT_CASE(lateness_is_not_forgiven_to_ports_that_wait_for_nobody),
	KUNIT_CASE(time_does_not_run_backwards),
	KUNIT_CASE(deadlines_passed_are_served_by_any_call),
	KUNIT_CASE(reasons_follow_a_port_through_its_life),
	KUNIT_CASE(reasons_name_what_differs_from_the_group_in_use),
	KUNIT_CASE(held_back_by_selection_is_what_remains),
	KUNIT_CASE(a_port_that_waits_says_so_also_while_another_is_in_use),
	KUNIT_CASE(a_group_without_partner_has_none_that_differs),
	KUNIT_CASE(a_partner_that_does_not_collect_is_not_out_of_sync),
	KUNIT_CASE(each_transition_can_be_watched),
	KUNIT_CASE(names_are_those_of_the_standard),
	KUNIT_CASE(port_numbers_are_unique_and_never_0),
	KUNIT_CASE(a_port_may_leave_with_things_still_to_do),
	KUNIT_CASE(sixty_four_ports_converge_within_3_5_s),
	{}
};

static struct kunit_suite lacp_life_suite = {
	.name = "lacp_life",
	.test_cases = lacp_life_cases,
};
kunit_test_suite(lacp_life_suite);
MODULE_LICENSE("GPL");
