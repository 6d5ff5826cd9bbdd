// SPDX-License-Identifier: GPL-2.0
/*
 * Copies of a packet for those modes that send it by several ports.
 *
 * Most of what skb_clone() costs is memory for the copy's head. So each
 * processor keeps some heads of its own: pairs as TCP uses them, whose second
 * half, the twin, becomes the copy. When whoever got the copy frees it, the
 * twin is home again, wherever that was done.
 */
#include <linux/percpu.h>
#include <linux/skbuff.h>

#include "compat.h"
#include "engine.h"

/* Ports may still hold that many copies before others cost as much as ever. */
#define HEADS	32

/**
 * struct heads - what one processor keeps to copy with
 * @skb: first halves of the pairs, NULL until their turn came; their twins are
 *	here or with who got the copy
 * @turn: counts up; says whose turn it is
 */
struct heads {
	struct sk_buff *skb[HEADS];
	u32 turn;
};

static DEFINE_PER_CPU(struct heads, heads);

/*
 * The twin's last owner has released everything and cleared nothing, and the
 * first one has memory that nobody wrote. This is all that skb_morph() would
 * release before it writes every field.
 */
static void forget(struct sk_buff *twin)
{
	twin->_skb_refdst = 0;
	twin->destructor = NULL;
	bond_compat_forget(twin);
	twin->head = NULL;
}

/*
 * The twin of the head whose turn it is on this processor, as good as new, or
 * NULL if it is not home.
 */
static struct sk_buff *take_twin(void)
{
	struct heads *h = this_cpu_ptr(&heads);
	struct sk_buff **skb = &h->skb[h->turn++ % HEADS];
	struct sk_buff_fclones *pair;

	if (unlikely(!*skb)) {
		*skb = alloc_skb_fclone(0, GFP_ATOMIC | __GFP_NOWARN);
		if (!*skb)
			return NULL;
	}
	pair = container_of(*skb, struct sk_buff_fclones, skb1);
	if (unlikely(refcount_read(&pair->fclone_ref) != 1))
		return NULL;
	refcount_set(&pair->fclone_ref, 2);
	forget(&pair->skb2);
	pair->skb2.fclone = SKB_FCLONE_CLONE;
	return &pair->skb2;
}

/**
 * bond_copy() - a copy of a packet that shares its data, as skb_clone() makes
 * @skb: the packet
 *
 * Hard interrupts (netpoll) leave the heads alone, and so does everybody where
 * one sender can interrupt another. A packet whose data is a page fragment gets
 * an ordinary clone: who takes over such data frees the sk_buff without asking
 * whether it is one of a pair, as pairs always have their data from the slab.
 *
 * Context: BH off, or interrupts.
 * Return: the copy, or NULL when there is no memory.
 */
struct sk_buff *bond_copy(struct sk_buff *skb)
{
	struct sk_buff *twin = NULL;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT) && !irqs_disabled() &&
	    !skb->head_frag && !skb_orphan_frags(skb, GFP_ATOMIC))
		twin = take_twin();
	return twin ? skb_morph(twin, skb) : skb_clone(skb, GFP_ATOMIC);
}

/**
 * bond_copy_exit() - give the heads back
 *
 * A twin that is still away goes when it is freed.
 *
 * Context: the module's exit; no bond is left.
 */
void bond_copy_exit(void)
{
	int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < HEADS; i++)
			consume_skb(per_cpu(heads, cpu).skb[i]);
}
