// SPDX-License-Identifier: GPL-2.0
/*
 * hash_table=resilient: flows of a surviving port never move, a returning port
 * takes no more than its share, shares follow speed, seeds end polarisation.
 */
#include "kunit.h"
#include "bond_core/flow.h"

struct tables {
	struct flow_table a, b;
};

static u32 owned(const struct flow_table *t, u32 port)
{
	u32 n = 0;

	for (u32 i = 0; i < FLOW_BUCKETS; i++)
		n += t->bucket[i] == port;
	return n;
}

/* buckets that changed although their old port is still there */
static u32 stolen(const struct flow_table *was, const struct flow_table *is)
{
	u32 n = 0;

	for (u32 i = 0; i < FLOW_BUCKETS; i++) {
		u32 id = was->id[was->bucket[i]];
		bool there = false;

		for (u32 k = 0; k < is->n; k++)
			there |= is->id[k] == id;
		n += there && is->id[is->bucket[i]] != id;
	}
	return n;
}

static const u32 ids[] = { 3, 5, 7, 9, 11, 13, 15, 17 };
static const u32 equal[] = { 1, 1, 1, 1, 1, 1, 1, 1 };

static void equal_ports_share_equally(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	for (u32 n = 1; n <= 8; n++) {
		KUNIT_EXPECT_EQ(test, flow_table_build(&t->a, NULL, ids, equal, n), FLOW_BUCKETS);
		for (u32 p = 0; p < n; p++) {
			KUNIT_EXPECT_GE(test, owned(&t->a, p), FLOW_BUCKETS / n);
			KUNIT_EXPECT_LE(test, owned(&t->a, p), FLOW_BUCKETS / n + 1);
		}
	}
}

static void a_lost_port_moves_only_its_own_flows(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	for (u32 n = 2; n <= 8; n++) {
		for (u32 lost = 0; lost < n; lost++) {
			u32 rest[8], k = 0, moved;

			flow_table_build(&t->a, NULL, ids, equal, n);
			for (u32 p = 0; p < n; p++)
				if (p != lost)
					rest[k++] = ids[p];
			moved = flow_table_build(&t->b, &t->a, rest, equal, k);
			KUNIT_EXPECT_EQ(test, moved, owned(&t->a, lost));
			KUNIT_EXPECT_EQ(test, stolen(&t->a, &t->b), 0);
		}
	}
}

static void rounding_never_moves_a_survivor(struct kunit *test)
{
	static const u32 w[] = { 10, 25000, 1000, 3, 40000, 100, 7, 1 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	flow_table_build(&t->a, NULL, ids, w, 8);
	flow_table_build(&t->b, &t->a, ids, w, 7);
	KUNIT_EXPECT_EQ(test, stolen(&t->a, &t->b), 0);
	for (u32 p = 0; p < 8; p++)
		KUNIT_EXPECT_GE(test, owned(&t->a, p), 1);
}

static void a_returning_port_takes_its_share(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	for (u32 n = 2; n <= 8; n++) {
		u32 moved;

		flow_table_build(&t->a, NULL, ids, equal, n - 1);
		moved = flow_table_build(&t->b, &t->a, ids, equal, n);
		KUNIT_EXPECT_LE(test, moved, FLOW_BUCKETS / n + 1);
		KUNIT_EXPECT_EQ(test, moved, owned(&t->b, n - 1));
	}
}

static void order_of_the_ports_does_not_matter(struct kunit *test)
{
	static const u32 turned[] = { 7, 3, 5 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	flow_table_build(&t->a, NULL, ids, equal, 3);
	KUNIT_EXPECT_EQ(test, flow_table_build(&t->b, &t->a, turned, equal, 3), 0);
	KUNIT_EXPECT_EQ(test, stolen(&t->a, &t->b), 0);
}

static void shares_follow_speed(struct kunit *test)
{
	static const u32 speed[] = { 10000, 25000 };
	static const u32 unknown[] = { 10000, 0, 20000 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	flow_table_build(&t->a, NULL, ids, speed, 2);
	KUNIT_EXPECT_EQ(test, owned(&t->a, 0), 293);
	KUNIT_EXPECT_EQ(test, owned(&t->a, 1), 731);
	/* a renegotiated speed moves just the difference */
	KUNIT_EXPECT_EQ(test, flow_table_build(&t->b, &t->a, ids, equal, 2), 512 - 293);
	/* unknown speed counts as the slowest known one */
	flow_table_build(&t->a, NULL, ids, unknown, 3);
	KUNIT_EXPECT_EQ(test, owned(&t->a, 0), 256);
	KUNIT_EXPECT_EQ(test, owned(&t->a, 1), 256);
}

static u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

static void random_flows_spread_evenly(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 count[8] = {}, state = 1, most = 0;

	flow_table_build(&t->a, NULL, ids, equal, 4);
	for (int i = 0; i < 10000; i++)
		count[flow_table_port(&t->a, next_random(&state) >> 1)]++;
	for (int p = 0; p < 4; p++)
		most = max(most, count[p]);
	KUNIT_EXPECT_LE(test, most, 10000 / 4 * 105 / 100);
}

/* the second box sees only flows that the first sent to its port 0 */
static void seeds_end_polarisation(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 state = 7, seen = 0, left = 0;

	t->b.seed = 0x5eed;
	flow_table_build(&t->a, NULL, ids, equal, 2);
	flow_table_build(&t->b, NULL, ids, equal, 2);
	for (int i = 0; i < 10000; i++) {
		u32 hash = next_random(&state) >> 1;

		if (flow_table_port(&t->a, hash))
			continue;
		seen++;
		left += flow_table_port(&t->b, hash) == 0;
	}
	KUNIT_EXPECT_GT(test, left, seen * 45 / 100);
	KUNIT_EXPECT_LT(test, left, seen * 55 / 100);
}

static void no_port_and_too_many_are_harmless(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 many[FLOW_TABLE_PORTS + 8], w[FLOW_TABLE_PORTS + 8];

	for (u32 i = 0; i < ARRAY_SIZE(many); i++) {
		many[i] = i;
		w[i] = 0;
	}
	KUNIT_EXPECT_EQ(test, flow_table_build(&t->a, NULL, many, w, 0), 0);
	KUNIT_EXPECT_EQ(test, flow_table_build(&t->b, &t->a, many, w, ARRAY_SIZE(many)), FLOW_BUCKETS);
	KUNIT_EXPECT_EQ(test, t->b.n, FLOW_TABLE_PORTS);
	KUNIT_EXPECT_EQ(test, owned(&t->b, FLOW_TABLE_PORTS - 1), FLOW_BUCKETS / FLOW_TABLE_PORTS);
}

/* memory is short: the only table there is becomes the new one */
static void a_table_is_rebuilt_in_its_place(struct kunit *test)
{
	static const u32 speed[] = { 10000, 25000, 10000, 1000 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	for (u32 n = 1; n <= 4; n++) {
		for (u32 k = 1; k <= 4; k++) {
			flow_table_build(&t->a, NULL, ids, speed, n);
			memset(&t->b, 0, sizeof(t->b));
			flow_table_build(&t->b, &t->a, ids + 4 - k, speed, k);
			flow_table_build(&t->a, &t->a, ids + 4 - k, speed, k);
			KUNIT_EXPECT_EQ(test, t->a.n, k);
			KUNIT_EXPECT_EQ(test, memcmp(t->a.bucket, t->b.bucket, FLOW_BUCKETS), 0);
			KUNIT_EXPECT_EQ(test, memcmp(t->a.id, t->b.id, k * sizeof(u32)), 0);
		}
	}
}

static void random_flows_follow_speed(struct kunit *test)
{
	static const u32 speed[] = { 10000, 25000 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 count[2] = {}, state = 3;

	flow_table_build(&t->a, NULL, ids, speed, 2);
	for (int i = 0; i < 10000; i++)
		count[flow_table_port(&t->a, next_random(&state) >> 1)]++;
	KUNIT_EXPECT_GE(test, count[0], 10000 * 10 / 35 * 95 / 100);
	KUNIT_EXPECT_LE(test, count[0], 10000 * 10 / 35 * 105 / 100);
	KUNIT_EXPECT_GE(test, count[1], 10000 * 25 / 35 * 95 / 100);
	KUNIT_EXPECT_LE(test, count[1], 10000 * 25 / 35 * 105 / 100);
}

/* of layer2 only the low octet lives: flows of a port among all 256, the most and the least */
static void low_octet(const struct flow_table *t, u32 *most, u32 *least)
{
	u32 count[8] = {};

	for (u32 low = 0; low < 256; low++)
		count[flow_table_port(t, 0x86dd00 | low)]++;
	*most = 0;
	*least = 256;
	for (u32 p = 0; p < t->n; p++) {
		*most = max(*most, count[p]);
		*least = min(*least, count[p]);
	}
}

static void a_hash_of_one_octet_is_shared_as_evenly(struct kunit *test)
{
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 most, least;

	for (u32 n = 2; n <= 8; n++) {
		for (u32 seed = 0; seed < 50; seed++) {
			t->a.seed = t->b.seed = seed;
			flow_table_build(&t->a, NULL, ids, equal, n);
			low_octet(&t->a, &most, &least);
			KUNIT_EXPECT_LE(test, most - least, 1);
		}
		/* a port goes and comes back */
		flow_table_build(&t->b, &t->a, ids, equal, n - 1);
		flow_table_build(&t->a, &t->b, ids, equal, n);
		low_octet(&t->a, &most, &least);
		KUNIT_EXPECT_LE(test, most - least, 256 / n / 8);
	}
}

static void speeds_share_a_hash_of_one_octet(struct kunit *test)
{
	static const u32 speed[] = { 10000, 25000 };
	struct tables *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	u32 most, least;

	flow_table_build(&t->a, NULL, ids, speed, 2);
	low_octet(&t->a, &most, &least);
	KUNIT_EXPECT_GE(test, least, 256 * 10 / 35 - 1);
	KUNIT_EXPECT_LE(test, least, 256 * 10 / 35 + 1);
}

/* whatever two seeds, among the flows of one port of the first box none of the second's goes without */
static void seeds_part_a_hash_of_one_octet(struct kunit *test)
{
	for (u32 one = 1; one < 40; one++) {
		for (u32 two = one + 1; two < 40; two++) {
			u32 left = 0;

			for (u32 low = 0; low < 256; low++)
				if (!(flow_mix(0x0800 ^ low, one) % 2))
					left += flow_mix(0x0800 ^ low, two) % 2;
			KUNIT_EXPECT_GE(test, left, 64 - 20);
			KUNIT_EXPECT_LE(test, left, 64 + 20);
		}
	}
}

static struct kunit_case flow_table_cases[] = {
	KUNIT_CASE(equal_ports_share_equally),
	KUNIT_CASE(a_lost_port_moves_only_its_own_flows),
	KUNIT_CASE(rounding_never_moves_a_survivor),
	KUNIT_CASE(a_returning_port_takes_its_share),
	KUNIT_CASE(order_of_the_ports_does_not_matter),
	KUNIT_CASE(shares_follow_speed),
	KUNIT_CASE(random_flows_spread_evenly),
	KUNIT_CASE(seeds_end_polarisation),
	KUNIT_CASE(random_flows_follow_speed),
	KUNIT_CASE(a_hash_of_one_octet_is_shared_as_evenly),
	KUNIT_CASE(speeds_share_a_hash_of_one_octet),
	KUNIT_CASE(seeds_part_a_hash_of_one_octet),
	KUNIT_CASE(a_table_is_rebuilt_in_its_place),
	KUNIT_CASE(no_port_and_too_many_are_harmless),
	{}
};

static struct kunit_suite flow_table_suite = {
	.name = "flow_table",
	.test_cases = flow_table_cases,
};

kunit_test_suite(flow_table_suite);

MODULE_DESCRIPTION("The resilient bucket table");
MODULE_LICENSE("GPL");
