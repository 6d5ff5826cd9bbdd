// SPDX-License-Identifier: GPL-2.0
/*
 * hash_table=resilient: which port owns which bucket of flows.
 *
 * Modulo re-deals nearly every flow when a port comes or goes. Here a flow
 * belongs to one of FLOW_BUCKETS buckets, and a rebuild moves as few buckets
 * as the wanted shares allow: those of a lost port, or just enough to give a
 * new one its share. The table is immutable once published, like the view it
 * belongs to; a rebuild reads the old table and fills a new one.
 */
#include "flow.h"

#define NOBODY	U8_MAX

/**
 * struct deal - a rebuild in progress
 * @quota: buckets each port should own
 * @have: buckets it owns so far
 * @was: its index in the old table, NOBODY if it is new
 * @only_losses: every port was there before with the same weight
 */
struct deal {
	u32 quota[FLOW_TABLE_PORTS];
	u32 have[FLOW_TABLE_PORTS];
	u8 was[FLOW_TABLE_PORTS];
	bool only_losses;
};

/* A port of unknown speed weighs as much as the slowest of known speed. */
static void take_weights(struct flow_table *t, const u32 *weights)
{
	u32 least = U32_MAX, i;

	for (i = 0; i < t->n; i++)
		if (weights[i])
			least = min(least, weights[i]);
	if (least == U32_MAX)
		least = 1;
	for (i = 0; i < t->n; i++)
		t->weight[i] = weights[i] ?: least;
}

static u32 largest(const u32 *of, u32 n)
{
	u32 i, best = 0;

	for (i = 1; i < n; i++)
		if (of[i] > of[best])
			best = i;
	return best;
}

/*
 * Shares in proportion to weight, rounded by largest remainder so that they
 * add up. A port that may send owns at least one bucket, at the expense of the
 * one that owns most.
 */
static void set_quotas(const struct flow_table *t, struct deal *d)
{
	u32 rest[FLOW_TABLE_PORTS];
	s32 left = FLOW_BUCKETS;
	u64 total = 0;
	u32 i;

	for (i = 0; i < t->n; i++)
		total += t->weight[i];
	for (i = 0; i < t->n; i++) {
		u64 share = (u64)t->weight[i] * FLOW_BUCKETS;
		u32 whole = max_t(u32, 1, div64_u64(share, total));

		d->quota[i] = whole;
		share -= min_t(u64, share, whole * total);
		rest[i] = (u32)div64_u64(share << 16, total);
		left -= (s32)whole;
	}
	for (; left > 0; left--) {
		i = largest(rest, t->n);
		d->quota[i]++;
		rest[i] = 0;
	}
	for (; left < 0; left++)
		d->quota[largest(d->quota, t->n)]--;
}

static void recognise(const struct flow_table *t, const struct flow_table *old, struct deal *d)
{
	u32 i, j;

	d->only_losses = true;
	for (i = 0; i < t->n; i++) {
		d->was[i] = NOBODY;
		for (j = 0; old && j < old->n; j++)
			if (old->id[j] == t->id[i])
				d->was[i] = (u8)j;
		if (d->was[i] == NOBODY || old->weight[d->was[i]] != t->weight[i])
			d->only_losses = false;
	}
}

/*
 * What stays where it is. When ports were only lost the others keep all they
 * have, even where rounding would shift a bucket between two survivors.
 */
static void keep_buckets(struct flow_table *t, const struct flow_table *old, struct deal *d)
{
	u8 now[FLOW_TABLE_PORTS];
	u32 i, b;

	memset(now, NOBODY, sizeof(now));
	for (i = 0; i < t->n; i++)
		if (d->was[i] != NOBODY)
			now[d->was[i]] = (u8)i;
	for (b = 0; b < FLOW_BUCKETS; b++) {
		u8 port = old && old->n ? now[old->bucket[b]] : NOBODY;

		if (port != NOBODY && !d->only_losses && d->have[port] >= d->quota[port])
			port = NOBODY;
		t->bucket[b] = port;
		if (port != NOBODY)
			d->have[port]++;
	}
}

/* Each free bucket goes to the port that lacks most. Return: buckets dealt. */
static u32 deal_rest(struct flow_table *t, struct deal *d)
{
	s32 lack[FLOW_TABLE_PORTS];
	u32 b, i, best, dealt = 0;

	for (i = 0; i < t->n; i++)
		lack[i] = (s32)(d->quota[i] - d->have[i]);
	for (b = 0; b < FLOW_BUCKETS; b++) {
		if (t->bucket[b] != NOBODY)
			continue;
		best = 0;
		for (i = 1; i < t->n; i++)
			if (lack[i] > lack[best])
				best = i;
		t->bucket[b] = (u8)best;
		lack[best]--;
		dealt++;
	}
	return dealt;
}

/**
 * flow_table_build() - deal the buckets to the ports that may send
 * @table: to be filled; the seed in it is kept
 * @old: the table until now, or NULL; must not be @table
 * @ids: who the ports are, in the order of the view; unique
 * @weights: speed of each port, 0 = unknown
 * @n: number of ports; those beyond FLOW_TABLE_PORTS get no flows
 *
 * Context: any; about FLOW_BUCKETS * @n steps.
 * Return: number of buckets whose port has changed (all, without @old).
 */
u32 flow_table_build(struct flow_table *table, const struct flow_table *old,
		     const u32 *ids, const u32 *weights, u32 n)
{
	struct deal d;

	memset(&d, 0, sizeof(d));
	table->n = min_t(u32, n, FLOW_TABLE_PORTS);
	if (!table->n)
		return 0;
	memcpy(table->id, ids, table->n * sizeof(*ids));
	take_weights(table, weights);
	set_quotas(table, &d);
	recognise(table, old, &d);
	keep_buckets(table, old, &d);
	return deal_rest(table, &d);
}
