// SPDX-License-Identifier: GPL-2.0
/*
 * The table of balance-alb's clients, see rlb.h.
 *
 * Rules: a new client goes to the port with the fewest clients for its speed.
 * A lost port's clients move at once. A port that comes back is given clients
 * only after it has stayed for RLB_SETTLE_MS, and then just its share, so a
 * flapping leg does not make its peers dance. Each move is told at most
 * RLB_BURST times, and no more than RLB_BATCH clients are told at once.
 */
#include "rlb.h"

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

static bool same_key(const struct rlb_key *a, const struct rlb_key *b)
{
	u32 i;

	if (!ipv6_addr_equal(&a->peer, &b->peer) || !ipv6_addr_equal(&a->own, &b->own) ||
	    a->tags.n != b->tags.n)
		return false;
	for (i = 0; i < a->tags.n; i++)
		if (a->tags.proto[i] != b->tags.proto[i] || a->tags.tci[i] != b->tags.tci[i])
			return false;
	return true;
}

static struct rlb_client *find(struct rlb_table *t, const struct rlb_key *key)
{
	u16 i;

	for (i = t->head[hash_key(key)]; i != RLB_NONE; i = t->client[i].next)
		if (same_key(&t->client[i].key, key))
			return &t->client[i];
	return NULL;
}

static bool is_v4(const struct in6_addr *a)
{
	const struct in6_addr v4 = rlb_addr4(0);

	return !memcmp(a, &v4, 12);
}

static bool may_serve(const struct rlb_port *p, bool only_settled, u64 now)
{
	return p->usable && (!only_settled || now >= p->settled);
}

/*
 * The port with the fewest clients for its speed; a settled one if there is.
 * The families are counted apart: else, where every peer speaks both, one port
 * would get all of IPv4 and the other all of IPv6.
 */
static u32 best_port(const struct rlb_table *t, bool v4, u64 now)
{
	u32 i, best = RLB_NOBODY;
	int settled;

	for (settled = 1; settled >= 0 && best == RLB_NOBODY; settled--) {
		for (i = 0; i < RLB_PORTS; i++) {
			if (!may_serve(&t->port[i], settled, now))
				continue;
			if (best == RLB_NOBODY ||
			    (u64)(t->port[i].of[v4] + 1) * speed_of(t, best) <
			    (u64)(t->port[best].of[v4] + 1) * speed_of(t, i))
				best = i;
		}
	}
	return best;
}

static void assign(struct rlb_table *t, struct rlb_client *c, u32 slot)
{
	bool v4 = is_v4(&c->key.peer);

	if (c->slot != RLB_NOBODY) {
		t->port[c->slot].clients--;
		t->port[c->slot].of[v4]--;
	}
	c->slot = slot;
	if (slot != RLB_NOBODY) {
		t->port[slot].clients++;
		t->port[slot].of[v4]++;
	}
}

/* A client whose port has changed is told, if we know how to reach it. */
static void move(struct rlb_table *t, struct rlb_client *c, u32 slot, u64 now)
{
	assign(t, c, slot);
	c->tell = c->known && slot != RLB_NOBODY ? RLB_BURST : 0;
	c->due = now;
	t->moves++;
}

/*
 * Drop a client. It keeps sending to the port it knows, so it is told the MAC
 * of the active port, which is the one that never goes without a successor.
 */
static void drop(struct rlb_table *t, struct rlb_client *c, u64 now)
{
	u16 *link = &t->head[hash_key(&c->key)];
	u16 me = (u16)(c - t->client);

	while (*link != me)
		link = &t->client[*link].next;
	*link = c->next;
	if (c->known && c->slot != t->active && t->active != RLB_NOBODY) {
		t->bye = *c;
		t->bye.slot = t->active;
		t->bye.tell = 1;
		t->bye.due = now;
	}
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
	c->next = *head;
	*head = i;
	return c;
}

/**
 * rlb_active() - which port is active now
 * @t: the table
 * @slot: its slot, RLB_NOBODY for none
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
		t->rebalance = max(p->settled, now);
	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];

		if (c->live && (c->slot == RLB_NOBODY ? up : !up && c->slot == slot))
			move(t, c, best_port(t, is_v4(&c->key.peer), now), now);
	}
}

/**
 * rlb_use() - a frame about addresses is about to leave: by which port?
 * @t: the table
 * @key: us and the peer it is for
 * @now: ms
 *
 * The peer becomes a client. What it is told now need not be told again: an
 * update that was pending is dropped.
 *
 * Return: slot of the port whose MAC address the frame shall tell and by which
 * it shall leave; RLB_NOBODY when no port is usable.
 */
u32 rlb_use(struct rlb_table *t, const struct rlb_key *key, u64 now)
{
	struct rlb_client *c = find(t, key);

	if (!c)
		c = add(t, key, now);
	if (c->slot == RLB_NOBODY)
		assign(t, c, best_port(t, is_v4(&c->key.peer), now));
	c->seen = now;
	c->tell = 0;
	return c->slot;
}

/**
 * rlb_heard() - a peer told its MAC address
 * @t: the table
 * @key: us and the peer; peers that are no clients are not noted
 * @mac: what it told
 * @now: ms
 *
 * Return: when there will be an update that nobody has counted on yet,
 * U64_MAX for never.
 */
u64 rlb_heard(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u64 now)
{
	struct rlb_client *c = find(t, key);

	if (!c || !is_valid_ether_addr(mac))
		return U64_MAX;
	c->seen = now;
	if (c->known && ether_addr_equal(c->mac, mac))
		return U64_MAX;
	/* another machine took over the address; it has not been told yet */
	if (c->known) {
		c->tell = RLB_BURST;
		c->due = now;
	}
	ether_addr_copy(c->mac, mac);
	c->known = true;
	return c->tell ? c->due : U64_MAX;
}

/* It was told another port than its own. */
static void misled(struct rlb_client *c, u32 told, u64 now)
{
	if (c->slot == told || c->slot == RLB_NOBODY)
		return;
	c->tell = max_t(u32, c->tell, 1);
	c->due = now + RLB_REQUEST_MS;
}

/**
 * rlb_misled() - one peer is told a MAC address that is not its port's
 * @t: the table
 * @key: us and the peer; peers that are no clients are not noted
 * @told: slot of the port that is told
 * @now: ms
 *
 * That is what a question of ours to all does to the one who is asked. He is
 * told better, but not at once: Linux takes no second address within a second
 * (neigh/locktime).
 */
void rlb_misled(struct rlb_table *t, const struct rlb_key *key, u32 told, u64 now)
{
	struct rlb_client *c = find(t, key);

	if (c)
		misled(c, told, now);
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
 * Return: when it will be told, U64_MAX when nobody need count on that.
 */
u64 rlb_answered(struct rlb_table *t, const struct rlb_key *key, const u8 *mac, u32 told,
		 u64 now)
{
	if (!find(t, key) && is_valid_ether_addr(mac)) {
		rlb_use(t, key, now);
		rlb_misled(t, key, told, now);
	}
	return rlb_heard(t, key, mac, now);
}

/**
 * rlb_spoiled() - everybody has just been told one MAC address
 * @t: the table
 * @own: whose: our address and its tags (the peer in it is not looked at)
 * @told: slot of the port that was told
 * @now: ms
 *
 * A broadcast request or an announcement of ours makes every peer send to one
 * port. Those meant for another are told so again, but not before the answer
 * to the request has had its time.
 */
void rlb_spoiled(struct rlb_table *t, const struct rlb_key *own, u32 told, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];
		struct rlb_key as_if = *own;

		as_if.peer = c->key.peer;
		if (c->live && c->known && same_key(&c->key, &as_if))
			misled(c, told, now);
	}
}

/**
 * rlb_retell() - a slot has another MAC address
 * @t: the table
 * @slot: the slot
 * @now: ms
 *
 * All who send there are told.
 */
void rlb_retell(struct rlb_table *t, u32 slot, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];

		if (!c->live || !c->known || c->slot != slot)
			continue;
		c->tell = RLB_BURST;
		c->due = now;
	}
}

static bool take(struct rlb_table *t, struct rlb_client *c, u64 now, struct rlb_client *out)
{
	if (!c->tell || !c->known || now < c->due)
		return false;
	c->tell--;
	c->due = now + RLB_REPEAT_MS;
	t->sent++;
	*out = *c;
	return true;
}

/**
 * rlb_next() - a client that must be told its port now
 * @t: the table
 * @now: ms
 * @out: filled: tell @out->mac that @out->key.own is at the MAC of @out->slot
 *
 * Call until it says false, then again at the time rlb_advance() returns.
 *
 * Return: true when there is one.
 */
bool rlb_next(struct rlb_table *t, u64 now, struct rlb_client *out)
{
	u32 i;

	if (now - t->batch >= RLB_BATCH_MS) {
		t->batch = now;
		t->sent = 0;
	}
	if (t->sent >= RLB_BATCH)
		return false;
	if (take(t, &t->bye, now, out))
		return true;
	for (i = 0; i < t->high; i++)
		if (t->client[i].live && take(t, &t->client[i], now, out))
			return true;
	return false;
}

/* Ports with most and fewest clients of a family for their speed. */
static void extremes(const struct rlb_table *t, bool v4, u64 now, u32 pair[2])
{
	u32 i, most = RLB_NOBODY, fewest = RLB_NOBODY;

	for (i = 0; i < RLB_PORTS; i++) {
		const struct rlb_port *p = &t->port[i];

		if (!may_serve(p, true, now))
			continue;
		if (most == RLB_NOBODY || (u64)p->of[v4] * speed_of(t, most) >
		    (u64)t->port[most].of[v4] * speed_of(t, i))
			most = i;
		if (fewest == RLB_NOBODY || (u64)(p->of[v4] + 1) * speed_of(t, fewest) <
		    (u64)(t->port[fewest].of[v4] + 1) * speed_of(t, i))
			fewest = i;
	}
	pair[0] = most;
	pair[1] = fewest;
}

static struct rlb_client *any_client(struct rlb_table *t, u32 slot, bool v4)
{
	u32 i;

	for (i = 0; i < t->high; i++)
		if (t->client[i].live && t->client[i].slot == slot &&
		    is_v4(&t->client[i].key.peer) == v4)
			return &t->client[i];
	return NULL;
}

/* Move clients while that makes the shares more equal, and not one more. */
static void rebalance(struct rlb_table *t, bool v4, u64 now)
{
	struct rlb_client *c;
	u32 pair[2];

	for (extremes(t, v4, now, pair); pair[0] != pair[1]; extremes(t, v4, now, pair)) {
		const struct rlb_port *from = &t->port[pair[0]], *to = &t->port[pair[1]];

		if ((u64)(to->of[v4] + 1) * speed_of(t, pair[0]) >=
		    (u64)from->of[v4] * speed_of(t, pair[1]))
			return;
		c = any_client(t, pair[0], v4);
		if (!c)
			return;
		move(t, c, pair[1], now);
	}
}

/* When the earliest of all clients' updates is due, or becomes too old. */
static u64 next_deadline(const struct rlb_table *t, u64 now)
{
	u64 when = t->rebalance;
	u32 i;

	if (t->bye.tell)
		when = min(when, t->bye.due);
	for (i = 0; i < t->high; i++) {
		const struct rlb_client *c = &t->client[i];

		if (!c->live)
			continue;
		when = min(when, c->seen + RLB_AGE_MS);
		if (c->tell && c->known)
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
 * Return: when to call again, U64_MAX for never.
 */
u64 rlb_advance(struct rlb_table *t, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++)
		if (t->client[i].live && now - t->client[i].seen >= RLB_AGE_MS)
			drop(t, &t->client[i], now);
	if (now >= t->rebalance) {
		t->rebalance = U64_MAX;
		rebalance(t, true, now);
		rebalance(t, false, now);
	}
	return next_deadline(t, now);
}

/* --- text ----------------------------------------------------------------- */

/* The longest run of zero groups; Return: its length, start in *at. */
static u32 zero_run(const u8 *a, u32 *at)
{
	u32 i, n, best = 0;

	for (i = 0; i < 8; i++) {
		for (n = 0; i + n < 8 && !get_unaligned_be16(a + 2 * (i + n)); n++)
			;
		if (n > best) {
			best = n;
			*at = i;
		}
	}
	return best;
}

/* RFC 5952 */
static void print_addr(char *buf, u32 size, const struct in6_addr *addr)
{
	const u8 *a = addr->s6_addr;
	u32 i, at = 0, run = zero_run(a, &at), len = 0;

	if (is_v4(addr)) {
		scnprintf(buf, size, "%u.%u.%u.%u", a[12], a[13], a[14], a[15]);
		return;
	}
	for (i = 0; i < 8; i++) {
		if (run > 1 && i == at) {
			len += scnprintf(buf + len, size - len, i ? ":" : "::");
			i += run - 1;
			continue;
		}
		len += scnprintf(buf + len, size - len, i < 7 ? "%x:" : "%x",
				 get_unaligned_be16(a + 2 * i));
	}
}

/**
 * rlb_row() - a client as users read it
 * @buf: for the text, one line
 * @size: of @buf, RLB_ROW_MAX suffices
 * @c: the client
 * @port: name of its port
 *
 * Return: length of the text.
 */
u32 rlb_row(char *buf, u32 size, const struct rlb_client *c, const char *port)
{
	char own[40], peer[40];

	print_addr(own, sizeof(own), &c->key.own);
	print_addr(peer, sizeof(peer), &c->key.peer);
	return scnprintf(buf, size, "%-15s %-15s %02x:%02x:%02x:%02x:%02x:%02x %s\n", own, peer,
			 c->mac[0], c->mac[1], c->mac[2], c->mac[3], c->mac[4], c->mac[5], port);
}
