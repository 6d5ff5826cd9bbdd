// SPDX-License-Identifier: GPL-2.0
/*
 * The table of balance-alb's clients, see rlb.h.
 *
 * Rules: a new machine goes to the port with the fewest machines for its speed,
 * and so do all its clients. A lost port's clients move at once. A port that
 * comes back is given clients only after it has stayed for RLB_SETTLE_MS, and
 * then just its share, so a flapping leg does not make its peers dance. Who is
 * told of a move, and when, is rlb_tell.c's.
 */
#include "rlb_priv.h"

/* A port of unknown speed is as fast as the slowest of known speed. */
static u32 speed_of(const struct rlb_table *t, u32 slot)
{
	u32 least = U32_MAX, i;

	if (t->port[slot].speed)
		return t->port[slot].speed;
	for (i = 0; i < RLB_PORTS; i++)
		if (t->port[i].usable && t->port[i].speed)
			least = min(least, t->port[i].speed);
	return least == U32_MAX ? 1 : least;
}

/**
 * rlb_init() - an empty table
 * @t: filled
 *
 * Context: any.
 */
void rlb_init(struct rlb_table *t)
{
	u32 i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < RLB_HASH; i++)
		t->head[i] = RLB_NONE;
	t->free = RLB_NONE;
	t->active = RLB_NOBODY;
	t->rebalance = U64_MAX;
}

static u32 hash_key(const struct rlb_key *key)
{
	u32 h = 0, i;

	for (i = 0; i < 16; i++)
		h = h * 31 + (key->peer.s6_addr[i] ^ rol32(key->own.s6_addr[i], 3));
	return (h ^ (h >> 16)) % RLB_HASH;
}

static bool same_tags(const struct rlb_tags *a, const struct rlb_tags *b)
{
	u32 i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->proto[i] != b->proto[i] || a->tci[i] != b->tci[i])
			return false;
	return true;
}

/**
 * rlb_same_key() - are two keys the same?
 * @a: one
 * @b: another
 *
 * Context: any.
 * Return: true when they are.
 */
bool rlb_same_key(const struct rlb_key *a, const struct rlb_key *b)
{
	return ipv6_addr_equal(&a->peer, &b->peer) && ipv6_addr_equal(&a->own, &b->own) &&
	       same_tags(&a->tags, &b->tags);
}

/**
 * rlb_find() - look a client up
 * @t: the table
 * @key: us and the peer
 *
 * Context: the table's lock.
 * Return: the client, or NULL.
 */
struct rlb_client *rlb_find(struct rlb_table *t, const struct rlb_key *key)
{
	u16 i;

	for (i = t->head[hash_key(key)]; i != RLB_NONE; i = t->client[i].next)
		if (rlb_same_key(&t->client[i].key, key))
			return &t->client[i];
	return NULL;
}

static bool may_serve(const struct rlb_port *p, bool only_settled, u64 now)
{
	return p->usable && (!only_settled || now >= p->settled);
}

/* The port with the fewest machines for its speed; a settled one if there is. */
static u32 best_port(const struct rlb_table *t, u64 now)
{
	u32 i, best = RLB_NOBODY;
	int settled;

	for (settled = 1; settled >= 0 && best == RLB_NOBODY; settled--) {
		for (i = 0; i < RLB_PORTS; i++) {
			if (!may_serve(&t->port[i], settled, now))
				continue;
			if (best == RLB_NOBODY ||
			    (u64)(t->port[i].machines + 1) * speed_of(t, best) <
			    (u64)(t->port[best].machines + 1) * speed_of(t, i))
				best = i;
		}
	}
	return best;
}

/* --- machines ------------------------------------------------------------- */

static u16 index_of(const struct rlb_table *t, const struct rlb_client *c)
{
	return (u16)(c - t->client);
}

static bool leads(const struct rlb_table *t, const struct rlb_client *c)
{
	return c->lead == index_of(t, c);
}

/* Into or out of the books of its port. */
static void count(struct rlb_table *t, const struct rlb_client *c, int by)
{
	if (c->slot == RLB_NOBODY)
		return;
	t->port[c->slot].clients += by;
	if (leads(t, c))
		t->port[c->slot].machines += by;
}

static void assign(struct rlb_table *t, struct rlb_client *c, u32 slot)
{
	count(t, c, -1);
	c->slot = slot;
	count(t, c, 1);
}

/* Somebody who stays stands for the machine from now on. */
static void hand_over(struct rlb_table *t, struct rlb_client *c)
{
	u16 was = index_of(t, c), heir = RLB_NONE, i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *d = &t->client[i];

		if (!d->live || d == c || d->lead != was)
			continue;
		if (heir == RLB_NONE)
			heir = i;
		count(t, d, -1);
		d->lead = heir;
		count(t, d, 1);
	}
	t->client[heir].rows = c->rows - 1;
}

/* The client is a machine of its own. */
static void part(struct rlb_table *t, struct rlb_client *c)
{
	count(t, c, -1);
	if (!leads(t, c))
		t->client[c->lead].rows--;
	else if (c->rows > 1)
		hand_over(t, c);
	c->lead = index_of(t, c);
	c->rows = 1;
	count(t, c, 1);
}

/* Its MAC address became known: is it one more of a machine that we know? */
static void gather(struct rlb_table *t, struct rlb_client *c)
{
	u16 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *d = &t->client[i];

		if (!d->live || d == c || !d->known || !leads(t, d) ||
		    !ether_addr_equal(d->mac, c->mac) ||
		    !same_tags(&d->key.tags, &c->key.tags))
			continue;
		count(t, c, -1);
		c->lead = i;
		c->slot = d->slot;
		d->rows++;
		count(t, c, 1);
		return;
	}
}

/**
 * rlb_has_twin() - does a client share an IPv6 address of ours with another?
 * @t: the table
 * @c: the client
 *
 * Such two are addresses of one machine, as a rule: it asks with several, and
 * what it is told holds for all of them. They may also be containers, or
 * stations behind a bridge that has one MAC address for all, where each knows
 * what it was told itself. By IPv4 a machine has one address as a rule.
 *
 * Context: the table's lock.
 * Return: true when it does.
 */
bool rlb_has_twin(const struct rlb_table *t, const struct rlb_client *c)
{
	const struct in6_addr v4 = rlb_addr4(0);
	u32 i;

	if (t->client[c->lead].rows == 1 || !memcmp(&c->key.own, &v4, 12))
		return false;
	for (i = 0; i < t->high; i++) {
		const struct rlb_client *d = &t->client[i];

		if (d->live && d != c && d->lead == c->lead &&
		    ipv6_addr_equal(&d->key.own, &c->key.own))
			return true;
	}
	return false;
}

/* --- coming and going ----------------------------------------------------- */

/* A client whose port has changed is told, if we know how to reach it. */
static void move(struct rlb_table *t, struct rlb_client *c, u32 slot, u64 now)
{
	assign(t, c, slot);
	rlb_owe(c, c->known && slot != RLB_NOBODY ? RLB_BURST : 0, now);
	t->moves++;
}

/* Who stands for a machine has moved; the others come after. */
static void follow(struct rlb_table *t, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];

		if (c->live && c->slot != t->client[c->lead].slot)
			move(t, c, t->client[c->lead].slot, now);
	}
}

/*
 * Drop a client. It keeps sending to the port it knows, so it is told the MAC
 * of the active port, which is the one that never goes without a successor.
 */
static void drop(struct rlb_table *t, struct rlb_client *c, u64 now)
{
	u16 *link = &t->head[hash_key(&c->key)];
	u16 me = index_of(t, c);
	struct rlb_client *bye;

	while (*link != me)
		link = &t->client[*link].next;
	*link = c->next;
	if (c->known && c->slot != t->active && t->active != RLB_NOBODY && !rlb_has_twin(t, c)) {
		bye = &t->bye[t->byes++ % RLB_BYES];
		*bye = *c;
		bye->live = false;
		bye->slot = t->active;
		bye->tell = 1;
		bye->due = now;
	}
	part(t, c);
	assign(t, c, RLB_NOBODY);
	c->live = false;
	c->next = t->free;
	t->free = me;
}

static struct rlb_client *oldest(struct rlb_table *t)
{
	struct rlb_client *c = NULL;
	u32 i;

	for (i = 0; i < t->high; i++)
		if (t->client[i].live && (!c || t->client[i].seen < c->seen))
			c = &t->client[i];
	return c;
}

static struct rlb_client *add(struct rlb_table *t, const struct rlb_key *key, u64 now)
{
	u16 *head = &t->head[hash_key(key)];
	struct rlb_client *c;
	u16 i;

	if (t->free == RLB_NONE && t->high == RLB_CLIENTS)
		drop(t, oldest(t), now);
	if (t->free != RLB_NONE) {
		i = t->free;
		t->free = t->client[i].next;
	} else {
		i = t->high++;
	}
	c = &t->client[i];
	memset(c, 0, sizeof(*c));
	c->key = *key;
	c->live = true;
	c->slot = RLB_NOBODY;
	c->lead = i;
	c->rows = 1;
	c->next = *head;
	*head = i;
	return c;
}

/**
 * rlb_active() - which port is active now
 * @t: the table
 * @slot: its slot, RLB_NOBODY for none
 *
 * Context: the table's lock.
 */
void rlb_active(struct rlb_table *t, u32 slot)
{
	t->active = slot;
}

/**
 * rlb_port_change() - a port's link or speed has changed
 * @t: the table
 * @slot: of the port
 * @speed: Mbit/s, 0 = unknown
 * @up: it may receive
 * @now: ms
 *
 * Call it for a port that leaves as well, with @up false.
 *
 * Context: the table's lock.
 */
void rlb_port_change(struct rlb_table *t, u32 slot, u32 speed, bool up, u64 now)
{
	struct rlb_port *p = &t->port[slot];
	bool was = p->usable;
	u32 i;

	p->speed = speed;
	p->usable = up;
	if (up && !was)
		p->settled = now + RLB_SETTLE_MS;
	if (up)
		t->rebalance = min(t->rebalance, max(p->settled, now));
	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];

		if (c->live && leads(t, c) &&
		    (c->slot == RLB_NOBODY ? up : !up && c->slot == slot))
			move(t, c, best_port(t, now), now);
	}
	follow(t, now);
}

/* The MAC address of a client is valid and not what was known. */
static void note_mac(struct rlb_table *t, struct rlb_client *c, const u8 *mac, u64 now)
{
	/* another machine took over the address; it has not been told yet */
	if (c->known) {
		/* without a port there is nothing to tell, see move() */
		rlb_owe(c, c->slot == RLB_NOBODY ? 0 : RLB_BURST, now);
		part(t, c);
	}
	ether_addr_copy(c->mac, mac);
	c->known = true;
	gather(t, c);
}

/**
 * rlb_use() - a frame about addresses is about to leave: by which port?
 * @t: the table
 * @key: us and the peer it is for
 * @mac: the MAC address it is for
 * @now: ms
 *
 * The peer becomes a client. What it is told now need not be told again: an
 * update that was pending is dropped.
 *
 * Context: the table's lock.
 * Return: slot of the port whose MAC address the frame shall tell and by which
 * it shall leave; RLB_NOBODY when no port is usable.
 */
u32 rlb_use(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct rlb_client *c = rlb_find(t, key);

	if (!c)
		c = add(t, key, now);
	if (is_valid_ether_addr(mac) && !(c->known && ether_addr_equal(c->mac, mac)))
		note_mac(t, c, mac, now);
	if (c->slot == RLB_NOBODY)
		assign(t, c, best_port(t, now));
	c->seen = now;
	c->tell = 0;
	c->misled = false;
	return c->slot;
}

/**
 * rlb_heard() - a peer told its MAC address
 * @t: the table
 * @key: us and the peer; peers that are no clients are not noted
 * @mac: what it told
 * @now: ms
 *
 * Context: the table's lock.
 * Return: when there will be an update that nobody has counted on yet,
 * U64_MAX for never.
 */
u64 rlb_heard(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct rlb_client *c = rlb_find(t, key);

	if (!c || !is_valid_ether_addr(mac))
		return U64_MAX;
	c->seen = now;
	if (c->known && ether_addr_equal(c->mac, mac))
		return U64_MAX;
	note_mac(t, c, mac, now);
	return c->tell ? c->due : U64_MAX;
}

/**
 * rlb_announced() - a peer tells all its MAC address
 * @t: the table
 * @peer: who, and behind which tags (our address in it is not looked at)
 * @mac: what it tells
 * @now: ms
 *
 * Of two that stand in for each other the one that takes over may know us from
 * the other and never ask.
 *
 * Context: the table's lock.
 * Return: as rlb_heard().
 */
u64 rlb_announced(struct rlb_table *t, const struct rlb_key *peer, const u8 *mac,
		  u64 now)
{
	u64 due = U64_MAX;
	u32 i;

	for (i = 0; i < t->high; i++) {
		const struct rlb_client *c = &t->client[i];
		struct rlb_key key = *peer;

		key.own = c->key.own;
		if (c->live && rlb_same_key(&c->key, &key))
			due = min(due, rlb_heard(t, &key, mac, now));
	}
	return due;
}

/**
 * rlb_answered() - a peer has answered a question of ours, or asks one
 * @t: the table
 * @key: us and the peer, who becomes a client
 * @mac: what it told
 * @told: slot of the port that it was told by the question, RLB_NOBODY when
 *	it is not known what it was told
 * @now: ms
 *
 * Who does not answer is no client, so looking for many leaves no trace.
 *
 * Context: the table's lock.
 * Return: when it will be told, U64_MAX when nobody need count on that.
 */
u64 rlb_answered(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u32 told,
		 u64 now)
{
	struct rlb_client *c;

	if (rlb_find(t, key) || !is_valid_ether_addr(mac))
		return rlb_heard(t, key, mac, now);
	rlb_use(t, key, mac, now);
	rlb_misled(t, key, told, now);
	c = rlb_find(t, key);
	return c->tell ? c->due : U64_MAX;
}

/* Ports with most and fewest machines for their speed. */
static void extremes(const struct rlb_table *t, u64 now, u32 pair[2])
{
	u32 i, most = RLB_NOBODY, fewest = RLB_NOBODY;

	for (i = 0; i < RLB_PORTS; i++) {
		const struct rlb_port *p = &t->port[i];

		if (!may_serve(p, true, now))
			continue;
		if (most == RLB_NOBODY || (u64)p->machines * speed_of(t, most) >
		    (u64)t->port[most].machines * speed_of(t, i))
			most = i;
		if (fewest == RLB_NOBODY || (u64)(p->machines + 1) * speed_of(t, fewest) <
		    (u64)(t->port[fewest].machines + 1) * speed_of(t, i))
			fewest = i;
	}
	pair[0] = most;
	pair[1] = fewest;
}

/*
 * A machine of the port, now from here and now from there in the table: in its
 * order the first would be the oldest, of which most may be gone for long.
 */
static struct rlb_client *any_machine(struct rlb_table *t, u32 slot)
{
	u32 mixed = (u32)t->moves * 0x9e3779b1U, i;
	u32 skip = (u64)mixed * t->port[slot].machines >> 32;

	for (i = 0; i < t->high; i++)
		if (t->client[i].live && t->client[i].slot == slot && leads(t, &t->client[i]) &&
		    !skip--)
			return &t->client[i];
	return NULL;
}

/* Move machines while that makes the shares more equal, and not one more. */
static void rebalance(struct rlb_table *t, u64 now)
{
	struct rlb_client *c;
	u32 pair[2];

	for (extremes(t, now, pair); pair[0] != pair[1]; extremes(t, now, pair)) {
		const struct rlb_port *from = &t->port[pair[0]], *to = &t->port[pair[1]];

		if ((u64)(to->machines + 1) * speed_of(t, pair[0]) >=
		    (u64)from->machines * speed_of(t, pair[1]))
			return;
		c = any_machine(t, pair[0]);
		if (!c)
			return;
		move(t, c, pair[1], now);
	}
}

/* When the next port will have been there long enough, U64_MAX for never. */
static u64 next_settled(const struct rlb_table *t, u64 now)
{
	u64 when = U64_MAX;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(t->port); i++)
		if (t->port[i].usable && t->port[i].settled > now)
			when = min(when, t->port[i].settled);
	return when;
}

/* When the earliest of all clients' updates is due. */
static u64 next_deadline(const struct rlb_table *t, u64 now)
{
	u64 when = min(t->rebalance, rlb_leaving(t));
	u32 i;

	for (i = 0; i < t->high; i++) {
		const struct rlb_client *c = &t->client[i];

		if (c->live && c->tell && c->known)
			when = min(when, c->due);
	}
	/* what is overdue was held back by the batch */
	return when <= now ? max(t->batch + RLB_BATCH_MS, now + 1) : when;
}

/**
 * rlb_advance() - let time pass
 * @t: the table
 * @now: ms
 *
 * Harmless when called too often. Send what rlb_next() says before and after.
 *
 * Context: the table's lock.
 * Return: when to call again, U64_MAX for never.
 */
u64 rlb_advance(struct rlb_table *t, u64 now)
{
	if (now >= t->rebalance) {
		t->rebalance = next_settled(t, now);
		rebalance(t, now);
		follow(t, now);
	}
	return next_deadline(t, now);
}
