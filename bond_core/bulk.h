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

static inline void bulk_swap(void **a, void **b)
{
	void *was = *a;

	*a = *b;
	*b = was;
}

/* Bring items of one owner together, each owner's in the order they came. */
static inline void bulk_group(void **items, void **owners, int n)
{
	int i, j;

	for (i = 1; i < n; i++) {
		void *item = items[i];
		void *owner = owners[i];

		for (j = i; j && owners[j - 1] > owner; j--) {
			owners[j] = owners[j - 1];
			items[j] = items[j - 1];
		}
		owners[j] = owner;
		items[j] = item;
	}
}

/* The items from..to have been sent, as were the first done ones: join them. */
static inline int bulk_forward(void **items, int done, int from, int to)
{
	if (likely(done == from))
		return to;
	for (; from < to; from++)
		bulk_swap(&items[done++], &items[from]);
	return done;
}

/**
 * bulk_send() - give a batch of items to their owners
 * @items: the items, @n of them; afterwards those that were sent come first
 * @owners: who gets each; in any order, may be NULL for nobody
 * @n: number of items, at most BULK_MAX
 * @send: takes a run of items of one owner
 *
 * Every owner is called once, and gets its items in the order they came.
 *
 * Return: how many items were sent.
 */
static __always_inline int bulk_send(void **items, void **owners, int n,
				     bulk_send_fn send)
{
	int i, run, done = 0;

	for (i = 1; i < n && owners[i] == owners[0]; i++)
		;
	if (i < n)
		bulk_group(items, owners, n);
	for (i = 0; i < n; i += run) {
		for (run = 1; i + run < n && owners[i + run] == owners[i];
		     run++)
			;
		if (likely(owners[i]))
			done = bulk_forward(items, done, i, i +
					    send(owners[i], items + i, run));
	}
	return done;
}

#endif
