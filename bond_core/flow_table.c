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
 * @n: number of ports
 * @weight: share of each port
 * @quota: buckets each port should own
 * @had: buckets of the old table it owns, if it was there
 * @have: buckets it owns so far
 * @now: the new index of each port of the old table, NOBODY if it is gone
 * @only_losses: every port was there before with the same weight
 */
struct deal {
	u32 n;
	u32 weight[FLOW_TABLE_PORTS];
	u16 quota[FLOW_TABLE_PORTS];
	u16 had[FLOW_TABLE_PORTS];
	u16 have[FLOW_TABLE_PORTS];
	u8 now[FLOW_TABLE_PORTS];
	bool only_losses;
};

/* A port of unknown speed weighs as much as the slowest of known speed. */
static void take_weights(struct deal *d, const u32 *weights)
{
	u32 least = U32_MAX, i;

	for (i = 0; i < d->n; i++)
		if (weights[i])
			least = min(least, weights[i]);
	if (least == U32_MAX)
		least = 1;
	for (i = 0; i < d->n; i++)
		d->weight[i] = weights[i] ?: least;
}

static u32 largest(const u16 *of, u32 n)
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
static void set_quotas(struct deal *d)
{
	u16 rest[FLOW_TABLE_PORTS];
	s32 left = FLOW_BUCKETS;
	u64 total = 0;
	u32 i;

	for (i = 0; i < d->n; i++)
		total += d->weight[i];
	for (i = 0; i < d->n; i++) {
		u64 share = (u64)d->weight[i] * FLOW_BUCKETS;
		u16 whole = max_t(u16, 1, div64_u64(share, total));

		d->quota[i] = whole;
		share -= min_t(u64, share, whole * total);
		rest[i] = (u16)div64_u64(share << 15, total);
		left -= whole;
	}
	for (; left > 0; left--) {
		i = largest(rest, d->n);
		d->quota[i]++;
		rest[i] = 0;
	}
	for (; left < 0; left++)
		d->quota[largest(d->quota, d->n)]--;
}

static void recognise(struct deal *d, const struct flow_table *old,
		      const u32 *ids)
{
	u32 i, j;

	memset(d->now, NOBODY, sizeof(d->now));
	d->only_losses = true;
	for (i = 0; i < d->n; i++) {
		for (j = 0; old && j < old->n && old->id[j] != ids[i]; j++)
			;
		if (old && j < old->n)
			d->now[j] = (u8)i;
		if (!old || j == old->n || old->weight[j] != d->weight[i])
			d->only_losses = false;
	}
}

/* Buckets of the old table that each port still there would keep. */
static void count_owned(struct deal *d, const struct flow_table *old)
{
	u32 b;

	for (b = 0; old && b < FLOW_BUCKETS; b++)
		if (d->now[old->bucket[b]] != NOBODY)
			d->had[d->now[old->bucket[b]]]++;
}

/*
 * What stays where it is. When ports were only lost the others keep all they
 * have, even where rounding would shift a bucket between two survivors. What a
 * port gives up is taken from all over the table, as flows may live in a part
 * of it only.
 */
static void keep_buckets(struct flow_table *t, const struct flow_table *old,
			 struct deal *d)
{
	u16 seen[FLOW_TABLE_PORTS] = {};
	u32 b, keep, had, nth;

	count_owned(d, old);
	for (b = 0; b < FLOW_BUCKETS; b++) {
		u8 port = old ? d->now[old->bucket[b]] : NOBODY;

		t->bucket[b] = NOBODY;
		if (port == NOBODY)
			continue;
		had = d->had[port];
		keep = d->only_losses ? had : min_t(u32, had, d->quota[port]);
		nth = seen[port]++;
		if ((nth + 1) * keep / had == nth * keep / had)
			continue;
		t->bucket[b] = port;
		d->have[port]++;
	}
}

/*
 * The free buckets go to those who lack some, in turns that are as many as each
 * lacks and as regular as they can be, so that every part of the table is
 * dealt in proportion. Return: buckets dealt.
 */
static u32 deal_rest(struct flow_table *t, const struct deal *d)
{
	s32 lack[FLOW_TABLE_PORTS], credit[FLOW_TABLE_PORTS] = {};
	u32 b, i, best, dealt = 0;
	s32 all = 0;

	for (i = 0; i < d->n; i++) {
		lack[i] = max(d->quota[i] - d->have[i], 0);
		all += lack[i];
	}
	for (b = 0; b < FLOW_BUCKETS; b++) {
		if (t->bucket[b] != NOBODY)
			continue;
		best = 0;
		for (i = 0; i < d->n; i++) {
			credit[i] += lack[i];
			if (credit[i] > credit[best])
				best = i;
		}
		credit[best] -= all;
		t->bucket[b] = (u8)best;
		dealt++;
	}
	return dealt;
}

/**
 * flow_table_build() - deal the buckets to the ports that may send
 * @table: to be filled; the seed in it is kept
 * @old: the table until now, or NULL; may be @table itself
 * @ids: who the ports are, in the order of the view; unique
 * @weights: speed of each port, 0 = unknown
 * @n: number of ports; those beyond FLOW_TABLE_PORTS get no flows
 *
 * Without a port the table remembers nothing.
 *
 * Context: any; about FLOW_BUCKETS * @n steps.
 * Return: number of buckets whose port has changed (all, without @old).
 */
u32 flow_table_build(struct flow_table *table, const struct flow_table *old,
		     const u32 *ids, const u32 *weights, u32 n)
{
	struct deal d;

	memset(&d, 0, sizeof(d));
	d.n = min_t(u32, n, FLOW_TABLE_PORTS);
	if (old && !old->n)
		old = NULL;
	take_weights(&d, weights);
	recognise(&d, old, ids);
	table->n = d.n;
	if (!d.n)
		return 0;
	set_quotas(&d);
	keep_buckets(table, old, &d);
	memcpy(table->id, ids, d.n * sizeof(*ids));
	memcpy(table->weight, d.weight, d.n * sizeof(*d.weight));
	return deal_rest(table, &d);
}
