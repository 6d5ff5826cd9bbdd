/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Items to their owners, one call per owner: how a batch of XDP frames leaves.
 * Inline, because it runs for every batch.
 */
#ifndef BOND_CORE_BULK_H
#define BOND_CORE_BULK_H

#include "shim.h"

#define BULK_MAX	16	/* as many as the kernel's redirect collects */

/* send(owner, items, n): takes the first of @items; returns how many */
typedef int (*bulk_send_fn)(void *owner, void **items, int n);

/**
 * struct bulk_out - where the items of a batch end up
 * @items: those sent first, then the others
 * @done: number of those sent
 * @end: index of the first of the others
 */
struct bulk_out {
	void *items[BULK_MAX];
	int done, end;
};

/* The first @sent of @n items are gone, the others are left over. */
static inline void bulk_sort_out(struct bulk_out *out, void **items, int n, int sent)
{
	int i;

	for (i = 0; i < sent; i++)
		out->items[out->done++] = items[i];
	for (i = n; unlikely(i > sent); i--)
		out->items[--out->end] = items[i - 1];
}

/* Those of the first one's owner go to @mine, the others close ranks. */
static inline int bulk_split(void **items, void **owners, int *n, void **mine)
{
	const void *owner = owners[0];
	int i, kept = 0, m = 0;

	for (i = 0; i < *n; i++) {
		if (owners[i] == owner) {
			mine[m++] = items[i];
			continue;
		}
		items[kept] = items[i];
		owners[kept++] = owners[i];
	}
	*n = kept;
	return m;
}

/* Batches of one call one after the other: join what each has sent. */
static inline int bulk_forward(void **items, int done, int from, int to)
{
	if (likely(done == from))
		return to;
	for (; from < to; from++) {
		void *item = items[from];

		items[from] = items[done];
		items[done++] = item;
	}
	return done;
}

/**
 * bulk_send() - give a batch of items to their owners
 * @items: the items, @n of them; afterwards those that were sent come first
 * @owners: who gets each; in any order, may be NULL for nobody; used up
 * @n: number of items, at most BULK_MAX
 * @send: takes a run of items of one owner
 *
 * Every owner is called once, and gets its items in the order they came.
 *
 * Context: hot path, and what @send asks for.
 * Return: how many items were sent.
 */
static __always_inline int bulk_send(void **items, void **owners, int n,
				     bulk_send_fn send)
{
	struct bulk_out out = { .end = n };
	void *mine[BULK_MAX];
	int i, m, left = n;

	for (i = 1; i < n && owners[i] == owners[0]; i++)
		;
	if (i >= n)
		return n && likely(owners[0]) ? send(owners[0], items, n) : 0;
	while (left) {
		void *owner = owners[0];

		m = bulk_split(items, owners, &left, mine);
		bulk_sort_out(&out, mine, m,
			      likely(owner) ? send(owner, mine, m) : 0);
	}
	memcpy(items, out.items, n * sizeof(*items));
	return out.done;
}

#endif
