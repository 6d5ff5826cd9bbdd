/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bond with up to eight ports on a virtual clock, and a partner that says
 * whatever a test makes it say.
 *
 * "Hear" gives a LACPDU to a port; by default a perfect one, from port 101 + i
 * of one partner system. "Run" moves the clock, serving each deadline the core
 * asked for; "live" does the same while the partner keeps talking.
 */
#ifndef UNIT_LACP_BED_H
#define UNIT_LACP_BED_H

#include "kunit.h"
#include "bond_core/lacp.h"
#include "bond_core/lacp_priv.h"
#include "bond_core/speed.h"

#define BED_PORTS	8
#define BED_LOG		64

#define ACT	LACP_BIT_ACTIVITY
#define SHORT	LACP_BIT_TIMEOUT
#define AGG	LACP_BIT_AGGREGATION
#define SYNC	LACP_BIT_SYNC
#define COLL	LACP_BIT_COLLECTING
#define DIST	LACP_BIT_DISTRIBUTING
#define DEFD	LACP_BIT_DEFAULTED
#define EXPD	LACP_BIT_EXPIRED
#define IN_SYNC	(ACT | SHORT | AGG | SYNC)
#define BOTH	(COLL | DIST)

struct bed_line {
	struct lacp_port port;
	struct lacp_port_params params;
	struct lacp_pdu says;		/* what the partner says here */
	struct lacp_pdu last;		/* what we said last */
	u64 sent_at[BED_LOG];
	unsigned int sent;
	unsigned int markers;
	unsigned int forwards;		/* LACP_DO_FORWARD seen */
	unsigned int reasons;		/* LACP_DO_REASON seen */
	bool member;
	bool talks;			/* the partner repeats itself in bed_live() */
	bool deaf;			/* the partner hears nothing of us */
	bool refuses;			/* the device takes no frames */
};

struct bed {
	struct kunit *test;
	struct lacp_system sys;
	struct lacp_config cfg;
	struct bed_line line[BED_PORTS];
	struct lacp_aggregator store[2 * BED_PORTS];
	unsigned int stored;
	u64 now;
	u64 next;
	u32 flags;			/* of all calls since bed_fresh() */
	unsigned int wakeups;
};

static inline void bed_settle(struct bed *bed, struct lacp_effects fx);

static inline void bed_serve(struct bed *bed, struct lacp_port *port, u32 what)
{
	struct bed_line *l = container_of(port, struct bed_line, port);
	struct lacp_marker marker;
	struct lacp_effects fx;
	u8 buf[LACP_PDU_LEN];

	l->forwards += !!(what & LACP_DO_FORWARD);
	l->reasons += !!(what & LACP_DO_REASON);
	if (what & LACP_DO_SEND) {
		lacp_build_pdu(port, buf);
		if (!l->refuses) {
			KUNIT_EXPECT_EQ(bed->test, lacp_pdu_parse(buf, sizeof(buf), &l->last,
								  &marker), LACP_FRAME_LACPDU);
			l->sent_at[l->sent++ % BED_LOG] = bed->now;
		}
		fx = lacp_sent(port, LACP_DO_SEND, !l->refuses, bed->now);
		bed->next = fx.next;
		bed->flags |= fx.flags;
	}
	if (what & LACP_DO_MARKER) {
		lacp_build_marker(port, buf);
		KUNIT_EXPECT_EQ(bed->test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
				LACP_FRAME_MARKER_RESPONSE);
		l->markers++;
		bed->next = lacp_sent(port, LACP_DO_MARKER, !l->refuses, bed->now).next;
	}
}

static inline void bed_settle(struct bed *bed, struct lacp_effects fx)
{
	struct lacp_port *port;
	u32 what;

	bed->next = fx.next;
	bed->flags |= fx.flags;
	while ((port = lacp_next_todo(&bed->sys, &what)))
		bed_serve(bed, port, what);
	KUNIT_EXPECT_GT(bed->test, bed->next, bed->now);
}

static inline void bed_until(struct bed *bed, u64 until)
{
	while (bed->next <= until) {
		bed->now = bed->next;
		bed->wakeups++;
		bed_settle(bed, lacp_advance(&bed->sys, bed->now));
	}
	bed->now = until;
}

static inline void bed_run(struct bed *bed, u64 ms)
{
	bed_until(bed, bed->now + ms);
}

static inline struct bed *bed_new(struct kunit *test)
{
	static const u8 us[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x10 };
	struct bed *bed = kunit_kzalloc(test, sizeof(*bed), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bed);
	bed->test = test;
	bed->now = 5000;
	ether_addr_copy(bed->cfg.system, us);
	bed->cfg.sys_prio = 0xffff;
	bed->cfg.active = true;
	bed->cfg.fast = true;
	bed->cfg.coupled = true;
	lacp_init(&bed->sys, &bed->cfg, NULL);
	return bed;
}

static inline void bed_configure(struct bed *bed)
{
	bed_settle(bed, lacp_configure(&bed->sys, &bed->cfg, bed->now));
}

static inline void bed_params(struct bed *bed, int i)
{
	bed_settle(bed, lacp_port_params(&bed->line[i].port, &bed->line[i].params, bed->now));
}

static inline void bed_link(struct bed *bed, int i, bool up)
{
	bed->line[i].params.enabled = up;
	bed_params(bed, i);
}

static inline void bed_join(struct bed *bed, int i)
{
	struct bed_line *l = &bed->line[i];

	l->member = true;
	bed_settle(bed, lacp_port_add(&bed->sys, &l->port, &bed->store[bed->stored++],
				      &l->params, bed->now));
}

/* a port of 10 Gbit/s with carrier, and a partner that would like to bundle */
static inline struct bed_line *bed_add(struct bed *bed, int i)
{
	static const u8 partner[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x99 };
	struct bed_line *l = &bed->line[i];

	l->params.speed = 10000;
	l->params.full_duplex = true;
	l->params.enabled = true;
	l->params.prio = 255;
	ether_addr_copy(l->says.actor.system, partner);
	l->says.version = 1;
	l->says.actor.sys_prio = 0x8000;
	l->says.actor.key = 77;
	l->says.actor.port_prio = 0x80;
	l->says.actor.port = 101 + i;
	l->says.actor.state = IN_SYNC;
	bed_join(bed, i);
	return l;
}

static inline struct lacp_effects bed_hear_pdu(struct bed *bed, int i,
					       const struct lacp_pdu *pdu)
{
	struct lacp_effects fx;
	u8 buf[LACP_PDU_LEN];

	lacp_pdu_write(pdu, buf);
	fx = lacp_receive(&bed->line[i].port, buf, sizeof(buf), bed->now);
	bed_settle(bed, fx);
	return fx;
}

/* The partner says what it has to say, and repeats what it believes of us. */
static inline void bed_hear(struct bed *bed, int i)
{
	struct bed_line *l = &bed->line[i];

	if (l->deaf)
		memset(&l->says.partner, 0, sizeof(l->says.partner));
	else
		lacp_port_actor(&l->port, &l->says.partner);
	bed_hear_pdu(bed, i, &l->says);
}

static inline void bed_hear_state(struct bed *bed, int i, u8 state)
{
	bed->line[i].says.actor.state = state;
	bed_hear(bed, i);
}

/* As bed_run(), with a partner that talks every half second. */
static inline void bed_live(struct bed *bed, u64 ms)
{
	u64 end = bed->now + ms;
	int i;

	while (bed->now < end) {
		for (i = 0; i < BED_PORTS; i++)
			if (bed->line[i].member && bed->line[i].talks)
				bed_hear(bed, i);
		bed_until(bed, min(bed->now + 500, end));
	}
}

/* n ports, bundled with one partner that keeps talking */
static inline struct bed *bed_bundled(struct kunit *test, int n)
{
	struct bed *bed = bed_new(test);
	int i;

	for (i = 0; i < n; i++) {
		bed_add(bed, i)->talks = true;
		bed->line[i].says.actor.state = IN_SYNC | BOTH;
	}
	bed_live(bed, 2500);
	for (i = 0; i < n; i++)
		KUNIT_EXPECT_TRUE_MSG(test, bed->line[i].port.distributing, "port %d", i);
	bed->flags = 0;
	return bed;
}

static inline u8 bed_state(struct bed *bed, int i)
{
	struct lacp_info actor;

	lacp_port_actor(&bed->line[i].port, &actor);
	return actor.state;
}

static inline u8 bed_partner_state(struct bed *bed, int i)
{
	struct lacp_info partner;

	lacp_port_partner(&bed->line[i].port, &partner);
	return partner.state;
}

static inline u8 bed_machine(struct bed *bed, int i, enum lacp_machine_id id)
{
	return bed->line[i].port.state[id];
}

static inline u16 bed_agg(struct bed *bed, int i)
{
	return lacp_port_agg_id(&bed->line[i].port);
}

static inline u16 bed_active(struct bed *bed)
{
	struct lacp_agg_info info;

	return lacp_active_info(&bed->sys, &info) ? info.id : 0;
}

/* gives line i a partner system of its own */
static inline struct bed_line *bed_other_partner(struct bed *bed, int i, u8 last)
{
	bed->line[i].says.actor.system[5] = last;
	bed->line[i].talks = true;
	return &bed->line[i];
}

#define RX(bed, i)	bed_machine(bed, i, LACP_MACHINE_RECEIVE)
#define PERIODIC(bed, i) bed_machine(bed, i, LACP_MACHINE_PERIODIC)
#define MUX(bed, i)	bed_machine(bed, i, LACP_MACHINE_MUX)
#define ACTOR_CHURN(bed, i) bed_machine(bed, i, LACP_MACHINE_ACTOR_CHURN)
#define PARTNER_CHURN(bed, i) bed_machine(bed, i, LACP_MACHINE_PARTNER_CHURN)

/* most LACPDUs of a port in any closed second, among those logged */
static inline unsigned int bed_busiest(const struct bed_line *l)
{
	unsigned int n = min(l->sent, (unsigned int)BED_LOG), i, j, most = 0;

	for (i = 0; i < n; i++) {
		unsigned int in = 0;

		for (j = 0; j < n; j++)
			in += l->sent_at[j] >= l->sent_at[i] &&
			      l->sent_at[j] <= l->sent_at[i] + 1000;
		most = max(most, in);
	}
	return most;
}

#endif
