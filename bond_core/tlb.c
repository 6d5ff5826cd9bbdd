// SPDX-License-Identifier: GPL-2.0
/*
 * Placing and moving the buckets of balance-tlb, see tlb.h.
 *
 * Ports are compared by utilisation, load over speed, so that a port of twice
 * the speed carries twice the load. All but tlb_place() wants the table's lock.
 */
#include "tlb.h"

#define WORTH_NUM	1	/* move when a port is over its share by an eighth */
#define WORTH_DEN	8
#define NOISE_KBIT	8	/* below this a bucket counts as silent */
#define FRESH_KBIT	1000	/* a new bucket where no speed is known */

static bool usable(const struct tlb_port *p)
{
	return READ_ONCE(p->usable);
}

/* The least speed that is known, U32_MAX when none is. */
static u32 slowest(const struct tlb_table *t)
{
	u32 speed, least = U32_MAX, i;

	for (i = 0; i < TLB_PORTS; i++) {
		speed = READ_ONCE(t->port[i].speed);
		if (READ_ONCE(t->port[i].used) && speed)
			least = min(least, speed);
	}
	return least;
}

/* A port of unknown speed is as fast as the slowest of known speed. */
static u32 speed_of(const struct tlb_table *t, u32 slot)
{
	u32 speed = READ_ONCE(t->port[slot].speed), least;

	if (speed)
		return speed;
	least = slowest(t);
	return least == U32_MAX ? 1 : least;
}

/*
 * The least that a fresh bucket is thought to bring, kbit/s: a thousandth of the
 * slowest port. Less does not tell ports apart, else one that carries a trickle
 * would get none of many new flows, and those that never pause stay together.
 */
static u64 fresh_load(const struct tlb_table *t)
{
	u32 least = slowest(t);

	return least == U32_MAX ? FRESH_KBIT : least;
}

/* Is load a on speed sa less than load b on speed sb, in proportion? */
static bool lighter(u64 a, u32 sa, u64 b, u32 sb)
{
	return a * sb < b * sa;
}

/**
 * tlb_init() - an empty balancer
 * @t: filled
 * @now: ms
 *
 * Context: any.
 */
void tlb_init(struct tlb_table *t, u64 now)
{
	u32 b;

	memset(t, 0, sizeof(*t));
	t->window = now;
	t->expect = 1;
	for (b = 0; b < TLB_BUCKETS; b++) {
		t->bucket[b] = TLB_NOBODY;
		t->want[b] = TLB_NOBODY;
		t->seen_at[b] = now;
	}
}

/**
 * tlb_port_join() - give a port a slot; it is not usable yet
 * @t: the balancer
 *
 * Context: the table's lock.
 * Return: the slot, or -ENOSPC.
 */
int tlb_port_join(struct tlb_table *t)
{
	u32 i;

	for (i = 0; i < TLB_PORTS; i++) {
		if (t->port[i].used)
			continue;
		memset(&t->port[i], 0, sizeof(t->port[i]));
		WRITE_ONCE(t->port[i].used, true);
		return (int)i;
	}
	return -ENOSPC;
}

static void forget_want(struct tlb_table *t, u32 bucket)
{
	if (t->want[bucket] == TLB_NOBODY)
		return;
	t->want[bucket] = TLB_NOBODY;
	t->wanted--;
}

/*
 * Its flows look for a new port with their next frame. The barrier pairs with
 * that of tlb_place(): it either sees the port unusable or is seen here.
 */
static void release_all(struct tlb_table *t, u32 slot)
{
	u32 b;

	smp_mb(); /* with cmpxchg() in tlb_place() */
	for (b = 0; b < TLB_BUCKETS; b++) {
		if (t->want[b] == slot)
			forget_want(t, b);
		if (READ_ONCE(t->bucket[b]) == slot) {
			forget_want(t, b);
			WRITE_ONCE(t->bucket[b], TLB_NOBODY);
			WRITE_ONCE(t->credit[b], 0);
			t->load[b] = 0;
		}
	}
	WRITE_ONCE(t->port[slot].load, 0);
	WRITE_ONCE(t->port[slot].placed, 0);
}

/**
 * tlb_port_leave() - take a port's slot back
 * @t: the balancer
 * @slot: of the port
 *
 * Context: the table's lock.
 */
void tlb_port_leave(struct tlb_table *t, u32 slot)
{
	WRITE_ONCE(t->port[slot].usable, false);
	release_all(t, slot);
	WRITE_ONCE(t->port[slot].used, false);
}

/**
 * tlb_port_change() - a port's link or speed has changed
 * @t: the balancer
 * @slot: of the port
 * @speed: Mbit/s, 0 = unknown
 * @up: it may transmit
 *
 * A port that is lost loses its buckets at once; one that comes back gets none
 * taken from others, only what is placed from now on.
 *
 * Context: the table's lock.
 */
void tlb_port_change(struct tlb_table *t, u32 slot, u32 speed, bool up)
{
	struct tlb_port *p = &t->port[slot];

	WRITE_ONCE(p->speed, speed);
	WRITE_ONCE(p->usable, up);
	if (!up)
		release_all(t, slot);
}

/* The port that would be least utilised with one more bucket on it. */
static u32 best_port(const struct tlb_table *t, u64 more)
{
	u64 load, least = 0;
	u32 i, speed, least_speed = 1, best = TLB_NOBODY;

	for (i = 0; i < TLB_PORTS; i++) {
		const struct tlb_port *p = &t->port[i];

		if (!usable(p))
			continue;
		load = READ_ONCE(p->load) + READ_ONCE(p->placed) + more;
		speed = speed_of(t, i);
		if (best == TLB_NOBODY || lighter(load, speed, least, least_speed)) {
			best = i;
			least = load;
			least_speed = speed;
		}
	}
	return best;
}

/**
 * tlb_place() - give a bucket without a port one
 * @t: the balancer
 * @bucket: which
 *
 * Two processors may race for one bucket, then the first wins, or for one port,
 * which costs a little balance until the next window and nothing else.
 *
 * Context: any, no lock.
 * Return: slot of the port that has the bucket now, TLB_NOBODY when no port is
 * usable or the chosen one has just been lost.
 */
u32 tlb_place(struct tlb_table *t, u32 bucket)
{
	u64 more = max(READ_ONCE(t->expect), fresh_load(t));
	u32 slot = best_port(t, more), was;

	if (slot == TLB_NOBODY)
		return slot;
	was = cmpxchg(&t->bucket[bucket], TLB_NOBODY, slot);
	if (was != TLB_NOBODY)
		return was;
	/* lost while we looked: release_all() may have come too early for us */
	if (unlikely(!READ_ONCE(t->port[slot].usable))) {
		cmpxchg(&t->bucket[bucket], slot, TLB_NOBODY);
		return TLB_NOBODY;
	}
	WRITE_ONCE(t->credit[bucket], (u32)min_t(u64, more, U32_MAX));
	WRITE_ONCE(t->port[slot].placed, READ_ONCE(t->port[slot].placed) + more);
	return slot;
}

static u64 less(u64 sum, u64 part)
{
	return sum > part ? sum - part : 0;
}

/* Nothing is sent by it any more: its port has room for others. */
static void let_go(struct tlb_table *t, u32 bucket)
{
	u32 slot = READ_ONCE(t->bucket[bucket]);
	struct tlb_port *p = &t->port[slot];

	forget_want(t, bucket);
	/* taken back by tlb_place() meanwhile */
	if (slot == TLB_NOBODY)
		return;
	WRITE_ONCE(t->bucket[bucket], TLB_NOBODY);
	WRITE_ONCE(p->load, less(p->load, t->load[bucket]));
	WRITE_ONCE(p->placed, less(p->placed, READ_ONCE(t->credit[bucket])));
	t->load[bucket] = 0;
	t->start[bucket] = t->seen[bucket];
	WRITE_ONCE(t->credit[bucket], 0);
	t->held[bucket] = false;
}

/* Loads of the window that ends. */
static void measure(struct tlb_table *t, const u64 *bytes, u64 now)
{
	u64 ms = max_t(u64, 1, now - t->window), total = 0;
	u32 b, i, busy = 0;

	for (i = 0; i < TLB_PORTS; i++) {
		WRITE_ONCE(t->port[i].load, 0);
		WRITE_ONCE(t->port[i].placed, 0);
	}
	for (b = 0; b < TLB_BUCKETS; b++) {
		u64 octets = bytes[b] - t->start[b];
		u32 slot = READ_ONCE(t->bucket[b]);

		t->start[b] = bytes[b];
		t->load[b] = (u32)min_t(u64, U32_MAX, div64_u64(octets * 8, ms));
		WRITE_ONCE(t->credit[b], 0);
		forget_want(t, b);
		if (slot == TLB_NOBODY) {
			t->load[b] = 0;
			continue;
		}
		WRITE_ONCE(t->port[slot].load,
			   t->port[slot].load + t->load[b]);
		total += t->load[b];
		busy += t->load[b] >= NOISE_KBIT;
	}
	WRITE_ONCE(t->expect, busy ? max_t(u64, 1, div_u64(total, busy)) : 1);
}

/**
 * struct surplus - a port against its fair share
 * @over: kbit/s above the share, negative below
 * @share: kbit/s in proportion to its speed
 */
struct surplus {
	s64 over;
	u64 share;
};

static struct surplus surplus(const struct tlb_table *t, u32 slot, u64 total, u64 speeds)
{
	struct surplus s;

	s.share = div64_u64(total * speed_of(t, slot), speeds);
	s.over = (s64)(t->port[slot].load - s.share);
	return s;
}

/* Ports with most above and most below their share, if that is worth a move. */
static bool pick_pair(const struct tlb_table *t, u32 *from, u32 *to, s64 *gap)
{
	u64 total = 0, speeds = 0;
	s64 most = 0, least = 0;
	u32 i;

	for (i = 0; i < TLB_PORTS; i++) {
		if (!usable(&t->port[i]))
			continue;
		total += t->port[i].load;
		speeds += speed_of(t, i);
	}
	for (i = 0; i < TLB_PORTS; i++) {
		struct surplus s;

		if (!usable(&t->port[i]))
			continue;
		s = surplus(t, i, total, speeds);
		if (s.over > most && s.over * WORTH_DEN > (s64)s.share * WORTH_NUM) {
			most = s.over;
			*from = i;
		}
		if (s.over < least) {
			least = s.over;
			*to = i;
		}
	}
	*gap = min(most, -least);
	return *gap >= NOISE_KBIT;
}

/*
 * The bucket that closes the gap best: the largest that fits, else the
 * smallest that still leaves both ports closer to their share than before.
 */
static u32 pick_bucket(const struct tlb_table *t, u32 from, s64 gap)
{
	u32 b, fits = TLB_NOBODY, least = TLB_NOBODY;

	for (b = 0; b < TLB_BUCKETS; b++) {
		if (t->bucket[b] != from || t->want[b] != TLB_NOBODY || t->load[b] < NOISE_KBIT)
			continue;
		if (t->load[b] <= gap) {
			if (fits == TLB_NOBODY || t->load[b] > t->load[fits])
				fits = b;
		} else if (least == TLB_NOBODY || t->load[b] < t->load[least]) {
			least = b;
		}
	}
	if (fits != TLB_NOBODY)
		return fits;
	return least != TLB_NOBODY && t->load[least] < 2 * gap ? least : TLB_NOBODY;
}

/*
 * Decide which busy buckets shall move. The ports' loads are kept as they will
 * be afterwards, so that each step sees the effect of those before, and new
 * buckets are placed accordingly.
 */
static void plan(struct tlb_table *t)
{
	u32 from = 0, to = 0, b;
	s64 gap;

	while (pick_pair(t, &from, &to, &gap)) {
		b = pick_bucket(t, from, gap);
		if (b == TLB_NOBODY)
			return;
		t->want[b] = to;
		t->wanted++;
		WRITE_ONCE(t->port[from].load, t->port[from].load - t->load[b]);
		WRITE_ONCE(t->port[to].load, t->port[to].load + t->load[b]);
	}
}

/*
 * ms since a bucket was last seen to send. One that has a port since we last
 * looked sends just now, though that may not have been counted yet.
 */
static u64 silence(struct tlb_table *t, u32 b, u64 bytes, u64 now)
{
	if (t->seen[b] != bytes || !t->held[b]) {
		t->seen[b] = bytes;
		t->seen_at[b] = now;
		t->held[b] = true;
	}
	return now - t->seen_at[b];
}

/*
 * Has a bucket spoken since its octets were counted? Moved now, its next frame
 * could overtake that one.
 */
static bool has_woken(const struct tlb_table *t, u32 b)
{
	return t->sent && t->sent(t, b) != t->seen[b];
}

/* Move the wanted buckets that have paused, let go of those that are silent. */
static void settle(struct tlb_table *t, const u64 *bytes, u64 now)
{
	u64 ms;
	u32 b;

	for (b = 0; b < TLB_BUCKETS; b++) {
		if (READ_ONCE(t->bucket[b]) == TLB_NOBODY) {
			t->held[b] = false;
			continue;
		}
		ms = silence(t, b, bytes[b], now);
		if (ms < TLB_PAUSE_MS)
			continue;
		if (ms >= TLB_SILENT_MS && !has_woken(t, b)) {
			let_go(t, b);
		} else if (t->want[b] != TLB_NOBODY && !has_woken(t, b)) {
			WRITE_ONCE(t->bucket[b], t->want[b]);
			forget_want(t, b);
			t->moves++;
		}
	}
}

/**
 * tlb_advance() - let time pass
 * @t: the balancer
 * @bytes: octets each bucket has sent since the beginning, TLB_BUCKETS of them
 * @now: ms
 *
 * Context: the table's lock. Harmless when called too often.
 * Return: when to call again: to look for silence, at the end of the window, or
 * sooner while buckets wait for a pause.
 */
u64 tlb_advance(struct tlb_table *t, const u64 *bytes, u64 now)
{
	settle(t, bytes, now);
	if (now - t->window >= TLB_WINDOW_MS) {
		measure(t, bytes, now);
		plan(t);
		t->window = now;
	}
	return min(now + (t->wanted ? TLB_PAUSE_MS : TLB_LOOK_MS), t->window + TLB_WINDOW_MS);
}

/**
 * tlb_resting() - is no bucket in use?
 * @t: the balancer
 *
 * Context: the table's lock.
 * Return: true when nothing is to be measured, until the next tlb_place().
 */
bool tlb_resting(const struct tlb_table *t)
{
	u32 b;

	for (b = 0; b < TLB_BUCKETS; b++)
		if (READ_ONCE(t->bucket[b]) != TLB_NOBODY)
			return false;
	return true;
}

/**
 * tlb_resume() - a bucket is in use again after a rest
 * @t: the balancer
 * @now: ms
 *
 * The window begins now: the time of rest would make loads look small.
 *
 * Context: the table's lock.
 * Return: when to call tlb_advance().
 */
u64 tlb_resume(struct tlb_table *t, u64 now)
{
	t->window = now;
	return now + TLB_LOOK_MS;
}
