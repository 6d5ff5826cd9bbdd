// SPDX-License-Identifier: GPL-2.0
/*
 * balance-tlb: flows spread by speed, a lost port's flows move at once, and
 * nothing else moves unless it must and may.
 */
#include "kunit.h"
#include "bond_core/tlb.h"

/* The port of a flow, as transmit finds it. */
static u32 tlb_lookup(struct tlb_table *t, u32 hash)
{
	u32 slot = READ_ONCE(t->bucket[hash % TLB_BUCKETS]);

	return slot != TLB_NOBODY ? slot : tlb_place(t, hash % TLB_BUCKETS);
}

struct bed {
	struct tlb_table t;
	u64 bytes[TLB_BUCKETS];
	u64 rate[TLB_BUCKETS];		/* octets per ms */
	u64 now;
	u64 next;
	u32 waking;
};

static struct bed *make_bed(struct kunit *test, const u32 *speeds, u32 n)
{
	struct bed *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->now = 1000;
	b->next = b->now;
	tlb_init(&b->t, b->now);
	for (u32 i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, tlb_port_join(&b->t), i);
		tlb_port_change(&b->t, i, speeds[i], true);
	}
	return b;
}

/* every bucket with a rate sends every ms */
static void run(struct bed *b, u32 ms)
{
	while (ms--) {
		b->now++;
		for (u32 i = 0; i < TLB_BUCKETS; i++) {
			if (!b->rate[i])
				continue;
			tlb_lookup(&b->t, i);
			b->bytes[i] += b->rate[i];
		}
		if (b->now >= b->next)
			b->next = tlb_advance(&b->t, b->bytes, b->now);
	}
}

static u32 count(const struct bed *b, u32 slot)
{
	u32 n = 0;

	for (u32 i = 0; i < TLB_BUCKETS; i++)
		n += b->t.bucket[i] == slot;
	return n;
}

static const u32 equal[] = { 1000, 1000, 1000, 1000 };

static void new_flows_alternate(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	/* eight peers with even hashes: the case that breaks hash modulo n */
	for (u32 i = 0; i < 16; i += 2)
		tlb_lookup(&b->t, i);
	KUNIT_EXPECT_EQ(test, count(b, 0), 4);
	KUNIT_EXPECT_EQ(test, count(b, 1), 4);
}

static void new_flows_follow_speed(struct kunit *test)
{
	static const u32 speeds[] = { 20000, 10000 };
	struct bed *b = make_bed(test, speeds, 2);

	for (u32 i = 0; i < 30; i++)
		tlb_lookup(&b->t, i);
	KUNIT_EXPECT_EQ(test, count(b, 0), 20);
	KUNIT_EXPECT_EQ(test, count(b, 1), 10);
}

static void unknown_speed_counts_as_the_slowest(struct kunit *test)
{
	static const u32 speeds[] = { 20000, 0, 10000 };
	static const u32 none[] = { 0, 0 };
	struct bed *b = make_bed(test, speeds, 3);

	for (u32 i = 0; i < 40; i++)
		tlb_lookup(&b->t, i);
	KUNIT_EXPECT_EQ(test, count(b, 0), 20);
	KUNIT_EXPECT_EQ(test, count(b, 1), 10);
	b = make_bed(test, none, 2);
	for (u32 i = 0; i < 40; i++)
		tlb_lookup(&b->t, i);
	KUNIT_EXPECT_EQ(test, count(b, 0), 20);
}

static void a_flow_stays_where_it_is(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);
	u32 slot = tlb_lookup(&b->t, 5);

	for (u32 i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, tlb_lookup(&b->t, 5 + 256 * i), slot);
}

static void placement_knows_measured_load(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	b->rate[0] = 1000;	/* one heavy flow on slot 0 */
	run(b, 1);
	b->rate[1] = 10;	/* a light one on slot 1 */
	run(b, 11000);
	KUNIT_EXPECT_EQ(test, b->t.bucket[0], 0);
	KUNIT_EXPECT_EQ(test, b->t.bucket[1], 1);
	KUNIT_EXPECT_EQ(test, b->t.load[0] / 100, 80);		/* 8 Mbit/s */
	KUNIT_EXPECT_EQ(test, b->t.expect / 100, (8000 + 80) / 2 / 100);
	/* the next flow avoids the heavy one */
	KUNIT_EXPECT_EQ(test, tlb_lookup(&b->t, 2), 1);
}

/* eight peers that were pinged by one port a moment ago, then much is sent to all */
static void a_trickle_does_not_drive_new_flows_away(struct kunit *test)
{
	static const u32 unknown[] = { 0, 0 };
	static const u32 * const speeds[] = { equal, unknown };

	for (u32 k = 0; k < 2; k++) {
		struct bed *b = make_bed(test, speeds[k], 2);

		tlb_lookup(&b->t, 100);
		for (u32 i = 0; i <= TLB_WINDOW_MS / 10; i++) {
			b->bytes[100] += 9;
			run(b, 10);
		}
		KUNIT_EXPECT_GT(test, b->t.port[b->t.bucket[100]].load, 5);
		for (u32 i = 0; i < 8; i++)
			b->rate[i] = 600;
		run(b, TLB_WINDOW_MS / 2);
		KUNIT_EXPECT_GE(test, count(b, 0), 4);
		KUNIT_EXPECT_GE(test, count(b, 1), 4);
	}
}

static void a_lost_port_is_left_at_once(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 3);
	u32 before[TLB_BUCKETS];

	for (u32 i = 0; i < TLB_BUCKETS; i++)
		before[i] = tlb_lookup(&b->t, i);
	tlb_port_change(&b->t, 1, 1000, false);
	for (u32 i = 0; i < TLB_BUCKETS; i++) {
		u32 slot = tlb_lookup(&b->t, i);

		KUNIT_EXPECT_NE(test, slot, 1);
		if (before[i] != 1)
			KUNIT_EXPECT_EQ(test, slot, before[i]);
	}
	tlb_port_change(&b->t, 1, 1000, true);
	KUNIT_EXPECT_EQ(test, count(b, 1), 0);
	tlb_port_leave(&b->t, 0);
	tlb_port_leave(&b->t, 1);
	tlb_port_leave(&b->t, 2);
	KUNIT_EXPECT_EQ(test, tlb_lookup(&b->t, 9), TLB_NOBODY);
}

static void silent_buckets_are_placed_anew(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	b->rate[7] = 100;
	b->rate[8] = 100;
	run(b, 1000);
	b->rate[8] = 0;
	run(b, TLB_SILENT_MS - 10);
	KUNIT_EXPECT_EQ(test, b->t.bucket[8], 1);
	run(b, 2 * TLB_LOOK_MS);
	KUNIT_EXPECT_EQ(test, b->t.bucket[8], TLB_NOBODY);
	KUNIT_EXPECT_EQ(test, b->t.bucket[7], 0);
	/* one that has just got its port has sent, though that was not counted yet */
	tlb_lookup(&b->t, 8);
	b->next = tlb_advance(&b->t, b->bytes, b->now);
	KUNIT_EXPECT_EQ(test, b->t.bucket[8], 1);
	KUNIT_EXPECT_EQ(test, b->t.moves, 0);
}

/* Peers spoke in turn, of two families; then one family grows loud at once. */
static void those_who_wake_are_spread_by_what_is_known_then(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	for (u32 k = 0; k < 3; k++) {
		for (u32 i = 0; i < 16; i++)
			tlb_lookup(&b->t, i);
		KUNIT_EXPECT_EQ(test, b->t.bucket[0], b->t.bucket[2]);
		run(b, TLB_SILENT_MS + 2 * TLB_LOOK_MS);
		for (u32 i = 0; i < 16; i += 2)
			b->rate[i] = 500;
		run(b, 25000);
		KUNIT_EXPECT_EQ(test, count(b, 0), 4);
		KUNIT_EXPECT_EQ(test, count(b, 1), 4);
		for (u32 i = 0; i < 16; i += 2)
			b->rate[i] = 0;
		run(b, TLB_SILENT_MS + 2 * TLB_LOOK_MS + k * TLB_WINDOW_MS);
		/* nothing is left of them in the books */
		for (u32 i = 0; i < 2; i++)
			KUNIT_EXPECT_EQ(test, b->t.port[i].load + b->t.port[i].placed, 0);
	}
}

/* two flows on each port; then those of port 1 grow silent, those of 0 unequal */
static void set_on(struct bed *b, u32 bucket, u32 slot, u32 rate)
{
	b->t.bucket[bucket] = slot;
	b->rate[bucket] = rate;
}

static void busy_buckets_move_only_in_a_pause(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	for (u32 i = 0; i < 4; i++)
		set_on(b, i, 0, 100);
	run(b, 10050);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 2);
	KUNIT_EXPECT_EQ(test, count(b, 0), 4);
	/* looked at often while buckets wait, else once a second */
	KUNIT_EXPECT_EQ(test, tlb_advance(&b->t, b->bytes, b->now), b->now + TLB_PAUSE_MS);
	run(b, 5000);
	KUNIT_EXPECT_EQ(test, b->t.moves, 0);
	/* one of the wanted ones pauses, just too short, then long enough */
	for (u32 i = 0; i < 4; i++)
		if (b->t.want[i] != TLB_NOBODY)
			b->rate[i] = 0;
	run(b, 30);
	KUNIT_EXPECT_EQ(test, b->t.moves, 0);
	run(b, 2 * TLB_PAUSE_MS);
	KUNIT_EXPECT_EQ(test, b->t.moves, 2);
	KUNIT_EXPECT_EQ(test, count(b, 0), 2);
	KUNIT_EXPECT_EQ(test, count(b, 1), 2);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
	KUNIT_EXPECT_EQ(test, tlb_advance(&b->t, b->bytes, b->now), b->now + TLB_LOOK_MS);
}

/* what wakes while the caller adds up counters and waits for the lock */
static u64 one_more(const struct tlb_table *t, u32 bucket)
{
	const struct bed *b = container_of(t, struct bed, t);

	return b->bytes[bucket] + (bucket == b->waking);
}

static void who_wakes_during_the_look_is_not_overtaken(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);
	u32 wanted[2], n = 0;

	b->waking = TLB_NOBODY;
	b->t.sent = one_more;
	for (u32 i = 0; i < 4; i++)
		set_on(b, i, 0, 100);
	run(b, 10050);
	KUNIT_ASSERT_EQ(test, b->t.wanted, 2);
	for (u32 i = 0; i < 4; i++)
		if (b->t.want[i] != TLB_NOBODY)
			wanted[n++] = i;
	for (u32 i = 0; i < 4; i++)
		b->rate[i] = 0;
	b->waking = wanted[0];
	run(b, 3 * TLB_PAUSE_MS);
	KUNIT_EXPECT_EQ(test, b->t.bucket[wanted[0]], 0);
	KUNIT_EXPECT_EQ(test, b->t.bucket[wanted[1]], 1);
	/* nor is it released for its silence */
	run(b, TLB_SILENT_MS + 2 * TLB_LOOK_MS);
	KUNIT_EXPECT_EQ(test, b->t.bucket[wanted[0]], 0);
	KUNIT_EXPECT_EQ(test, b->t.bucket[wanted[1]], TLB_NOBODY);
	b->waking = TLB_NOBODY;
	run(b, 2 * TLB_LOOK_MS);
	KUNIT_EXPECT_EQ(test, b->t.bucket[wanted[0]], TLB_NOBODY);
}

static void balanced_ports_are_left_alone(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	set_on(b, 0, 0, 100);
	set_on(b, 1, 0, 3);
	set_on(b, 2, 1, 98);
	run(b, 30000);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
	/* nor is a difference worth a move that no bucket can close */
	set_on(b, 2, 1, 0);
	b->t.bucket[2] = TLB_NOBODY;
	b->rate[1] = 0;
	run(b, 30000);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
	KUNIT_EXPECT_EQ(test, b->t.bucket[0], 0);
}

static void moves_are_no_more_than_needed(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	/* 600 against 200: moving exactly 200 evens it out */
	set_on(b, 0, 0, 300);
	set_on(b, 1, 0, 200);
	set_on(b, 2, 0, 100);
	set_on(b, 3, 1, 200);
	run(b, 10050);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 1);
	KUNIT_EXPECT_EQ(test, b->t.want[1], 1);
	/* the port leaves: nobody is sent after it */
	tlb_port_leave(&b->t, 1);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
	KUNIT_EXPECT_EQ(test, tlb_lookup(&b->t, 3), 0);
}

static void a_bucket_too_large_moves_if_that_still_helps(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 3);

	/* 1000 on one of three, share 333: 500 does not fit but helps */
	set_on(b, 0, 0, 520);
	set_on(b, 1, 0, 500);
	run(b, 10050);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 1);
	KUNIT_EXPECT_EQ(test, b->t.want[0], TLB_NOBODY);
	KUNIT_EXPECT_NE(test, b->t.want[1], TLB_NOBODY);
	/* a plan is forgotten when the port it came from is lost */
	tlb_port_change(&b->t, 0, 1000, false);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
}

static void a_trickle_is_not_worth_a_move(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	/* all on one port, but each bucket below the noise */
	b->bytes[0] = 100;
	b->bytes[1] = 100;
	b->t.bucket[0] = 0;
	b->t.bucket[1] = 0;
	run(b, 10050);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
	KUNIT_EXPECT_EQ(test, b->t.expect, 1);
	/* heavy in sum, yet no single bucket is more than noise */
	for (u32 i = 0; i < 200; i++) {
		b->t.bucket[i] = 0;
		b->bytes[i] += 8000;
	}
	run(b, 10050);
	KUNIT_EXPECT_EQ(test, b->t.wanted, 0);
}

static void a_fast_port_carries_more(struct kunit *test)
{
	static const u32 speeds[] = { 20000, 10000 };
	struct bed *b = make_bed(test, speeds, 2);
	u64 load[2] = {};

	for (u32 i = 0; i < 30; i++)
		set_on(b, i, 1, 10);
	run(b, 10050);
	for (u32 i = 0; i < 30; i++)
		b->rate[i] = 0;
	run(b, 200);
	for (u32 i = 0; i < 30; i++)
		load[b->t.bucket[i]] += 10;
	KUNIT_EXPECT_GE(test, load[0], 180);
	KUNIT_EXPECT_LE(test, load[0], 220);
}

static void slots_run_out_and_come_back(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 4);

	for (int i = 4; i < TLB_PORTS; i++)
		KUNIT_EXPECT_EQ(test, tlb_port_join(&b->t), i);
	KUNIT_EXPECT_EQ(test, tlb_port_join(&b->t), -ENOSPC);
	tlb_port_leave(&b->t, 2);
	KUNIT_EXPECT_EQ(test, tlb_port_join(&b->t), 2);
}

/* random loads for two hours: nothing moves while it sends */
static void no_flow_moves_while_it_sends(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 4);
	u32 last[TLB_BUCKETS], state = 99;

	memset(last, 0xff, sizeof(last));
	for (u32 step = 0; step < 3000; step++) {
		u32 bucket;

		state = state * 1664525 + 1013904223;
		bucket = state >> 24;
		b->rate[bucket] = b->rate[bucket] ? 0 : (state >> 8) % 500 + 1;
		run(b, 20);
		for (u32 i = 0; i < TLB_BUCKETS; i++) {
			if (b->rate[i] && i != bucket && last[i] != TLB_NOBODY)
				KUNIT_EXPECT_EQ(test, b->t.bucket[i], last[i]);
			last[i] = b->rate[i] ? b->t.bucket[i] : TLB_NOBODY;
		}
	}
	KUNIT_EXPECT_GT(test, b->t.moves, 0);
}

#define QUEUE_MS 45	/* the longest a frame waits at a port, less than TLB_PAUSE_MS */

/* a port that sends in order, at its speed; frames that would wait too long are dropped */
struct wire {
	u64 busy_until;		/* us */
	u32 octets_per_ms;
};

struct flow {
	u32 octets;		/* per ms while it sends */
	u64 on_until, off_until;
	u64 arrived;		/* the latest of its frames, us */
};

/* Return: when a frame sent now arrives, 0 when it is dropped. */
static u64 arrival(struct wire *w, u64 now_us, u32 octets)
{
	u64 start = max(now_us, w->busy_until);

	if (start - now_us > QUEUE_MS * 1000)
		return 0;
	w->busy_until = start + octets * 1000 / w->octets_per_ms;
	return w->busy_until;
}

/* ten minutes of flows that come, go, pause and grow, now on one port and now on the other, which is full */
static void nothing_is_overtaken(struct kunit *test)
{
	static const u32 speeds[] = { 100, 100 };
	struct bed *b = make_bed(test, speeds, 2);
	struct wire wire[2] = { { .octets_per_ms = 12500 }, { .octets_per_ms = 12500 } };
	struct flow *flow = kunit_kzalloc(test, sizeof(*flow) * 48, GFP_KERNEL);
	u32 state = 11, late = 0, waited = 0;

	KUNIT_ASSERT_NOT_NULL(test, flow);
	for (u32 ms = 0; ms < 600000; ms++) {
		u64 now_us = ++b->now * 1000;

		for (u32 i = 0; i < 48; i++) {
			struct flow *f = &flow[i];
			u32 slot;
			u64 at;

			state = state * 1664525 + 1013904223;
			/* much for the port that had little */
			if (!(ms % 12000))
				f->octets = b->t.bucket[i * 5] == ms / 12000 % 2 ? 500 + (state >> 16) % 200 : 40;
			if (b->now >= f->off_until) {
				f->on_until = b->now + 20 + (state >> 16) % 2000;
				f->off_until = f->on_until + (state >> 8) % 120;
			}
			if (b->now >= f->on_until)
				continue;
			slot = tlb_lookup(&b->t, i * 5);
			b->bytes[i * 5] += f->octets;
			at = arrival(&wire[slot], now_us, f->octets);
			late += at && at < f->arrived;
			waited += at > now_us + 10000;
			f->arrived = max(at, f->arrived);
		}
		if (b->now >= b->next)
			b->next = tlb_advance(&b->t, b->bytes, b->now);
	}
	KUNIT_EXPECT_EQ(test, late, 0);
	/* it would have shown: queues were long, and there were moves */
	KUNIT_EXPECT_GT(test, waited, 100000);
	KUNIT_EXPECT_GT(test, b->t.moves, 100);
}

static void a_balancer_that_nobody_uses_rests(struct kunit *test)
{
	struct bed *b = make_bed(test, equal, 2);

	KUNIT_EXPECT_TRUE(test, tlb_resting(&b->t));
	b->rate[5] = 1000;
	run(b, 5000);
	KUNIT_EXPECT_FALSE(test, tlb_resting(&b->t));
	b->rate[5] = 0;
	run(b, TLB_SILENT_MS + TLB_LOOK_MS);
	KUNIT_EXPECT_TRUE(test, tlb_resting(&b->t));
	/* the hour of rest does not count when the load is measured */
	b->now += 3600000;
	b->rate[5] = 1000;
	tlb_lookup(&b->t, 5);
	b->next = tlb_resume(&b->t, b->now);
	KUNIT_EXPECT_EQ(test, b->next, b->now + TLB_LOOK_MS);
	run(b, TLB_WINDOW_MS);
	KUNIT_EXPECT_EQ(test, b->t.load[5], 8000);
}

static struct kunit_case tlb_cases[] = {
	KUNIT_CASE(new_flows_alternate),
	KUNIT_CASE(new_flows_follow_speed),
	KUNIT_CASE(unknown_speed_counts_as_the_slowest),
	KUNIT_CASE(a_flow_stays_where_it_is),
	KUNIT_CASE(placement_knows_measured_load),
	KUNIT_CASE(a_trickle_does_not_drive_new_flows_away),
	KUNIT_CASE(a_lost_port_is_left_at_once),
	KUNIT_CASE(silent_buckets_are_placed_anew),
	KUNIT_CASE(those_who_wake_are_spread_by_what_is_known_then),
	KUNIT_CASE(busy_buckets_move_only_in_a_pause),
	KUNIT_CASE(who_wakes_during_the_look_is_not_overtaken),
	KUNIT_CASE(balanced_ports_are_left_alone),
	KUNIT_CASE(moves_are_no_more_than_needed),
	KUNIT_CASE(a_bucket_too_large_moves_if_that_still_helps),
	KUNIT_CASE(a_trickle_is_not_worth_a_move),
	KUNIT_CASE(a_fast_port_carries_more),
	KUNIT_CASE(slots_run_out_and_come_back),
	KUNIT_CASE(a_balancer_that_nobody_uses_rests),
	KUNIT_CASE_SLOW(no_flow_moves_while_it_sends),
	KUNIT_CASE_SLOW(nothing_is_overtaken),
	{}
};

static struct kunit_suite tlb_suite = {
	.name = "tlb",
	.test_cases = tlb_cases,
};

kunit_test_suite(tlb_suite);

MODULE_DESCRIPTION("Transmit load balancing decisions");
MODULE_LICENSE("GPL");
