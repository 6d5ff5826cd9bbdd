// SPDX-License-Identifier: GPL-2.0
/*
 * Which of balance-alb's clients are told their port, and when, see rlb.h.
 *
 * A move is told RLB_BURST times, or once each to the IPv6 addresses behind one
 * MAC address, which are one machine as a rule. Who was told another port than
 * its own is told better after a while. No more than RLB_BATCH are told at once.
 */
#include "rlb_priv.h"

static bool is_v4(const struct in6_addr *a)
{
	const struct in6_addr v4 = rlb_addr4(0);

	return !memcmp(a, &v4, 12);
}

/*
 * It was told another port than its own. The wait counts from the first time:
 * who asks for something every second would put it off for ever.
 */
static void misled(struct rlb_client *c, u32 told, u64 now)
{
	if (c->slot == told || c->slot == RLB_NOBODY || (c->tell && c->misled))
		return;
	c->misled = true;
	rlb_owe(c, max_t(u32, c->tell, 1),
		now + (is_v4(&c->key.own) ? RLB_REQUEST_MS : RLB_SOLICIT_MS));
}

/**
 * rlb_misled() - one peer is told a MAC address that is not its port's
 * @t: the table
 * @key: us and the peer; peers that are no clients are not noted
 * @told: slot of the port that is told
 * @now: ms
 *
 * That is what a question of ours to all does to the one who is asked. He is
 * told better, but not at once: by ARP Linux takes no second address within a
 * second (neigh/locktime), and a solicitation has to arrive first.
 *
 * Context: the table's lock.
 */
void rlb_misled(struct rlb_table *t, const struct rlb_key *key, u32 told, u64 now)
{
	struct rlb_client *c = rlb_find(t, key);

	if (c)
		misled(c, told, now);
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
 *
 * Context: the table's lock.
 */
void rlb_spoiled(struct rlb_table *t, const struct rlb_key *own, u32 told, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];
		struct rlb_key as_if = *own;

		as_if.peer = c->key.peer;
		if (c->live && c->known && rlb_same_key(&c->key, &as_if))
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
 *
 * Context: the table's lock.
 */
void rlb_retell(struct rlb_table *t, u32 slot, u64 now)
{
	u32 i;

	for (i = 0; i < t->high; i++) {
		struct rlb_client *c = &t->client[i];

		if (c->live && c->known && c->slot == slot)
			rlb_owe(c, RLB_BURST, now);
	}
}

static bool is_due(const struct rlb_client *c, u64 now)
{
	return c->tell && c->known && c->slot != RLB_NOBODY && now >= c->due;
}

static void take(struct rlb_table *t, struct rlb_client *c, u64 now, struct rlb_client *out)
{
	c->misled = false;
	c->tell--;
	c->due = now + RLB_REPEAT_MS;
	t->sent++;
	*out = *c;
	/* its machine hears it by its other address, and needs no repetition */
	if (c->live && rlb_has_twin(t, c))
		c->tell = 0;
}

/**
 * rlb_leaving() - has somebody left the full table who must be told?
 * @t: the table
 *
 * Context: the table's lock.
 * Return: when, U64_MAX when nobody has.
 */
u64 rlb_leaving(const struct rlb_table *t)
{
	u64 when = U64_MAX;
	u32 i;

	for (i = 0; i < RLB_BYES; i++)
		if (t->bye[i].tell)
			when = min(when, t->bye[i].due);
	return when;
}

static struct rlb_client *due_bye(struct rlb_table *t, u64 now)
{
	u32 i;

	for (i = 0; i < RLB_BYES; i++)
		if (is_due(&t->bye[i], now))
			return &t->bye[i];
	return NULL;
}

/**
 * rlb_next() - a client that must be told its port now
 * @t: the table
 * @now: ms
 * @out: filled: tell @out->mac that @out->key.own is at the MAC of @out->slot
 *
 * Call until it says false, then again at the time rlb_advance() returns. Who
 * was seen last comes first, for others may be gone.
 *
 * Context: the table's lock.
 * Return: true when there is one.
 */
bool rlb_next(struct rlb_table *t, u64 now, struct rlb_client *out)
{
	struct rlb_client *c;
	u32 i;

	if (now - t->batch >= RLB_BATCH_MS) {
		t->batch = now;
		t->sent = 0;
	}
	if (t->sent >= RLB_BATCH)
		return false;
	c = due_bye(t, now);
	for (i = 0; !(c && !c->live) && i < t->high; i++)
		if (t->client[i].live && is_due(&t->client[i], now) &&
		    (!c || t->client[i].seen > c->seen))
			c = &t->client[i];
	if (c)
		take(t, c, now, out);
	return !!c;
}

/**
 * rlb_hold() - what rlb_next() has just said cannot be told yet
 * @t: the table
 * @out: what it said
 * @now: ms
 *
 * A bond that was down has ports before it has its IPv4 routes back, and an
 * IPv6 address is not ours before duplicate address detection is over. The
 * client comes again a second later, up to RLB_HOLDS times: an address that has
 * moved to another machine is not waited for. Nor is it for who is no client
 * any more.
 *
 * Context: the table's lock.
 */
void rlb_hold(struct rlb_table *t, const struct rlb_client *out, u64 now)
{
	struct rlb_client *c = out->live ? rlb_find(t, &out->key) : NULL;

	if (!c)
		return;
	c->tell = c->holds < RLB_HOLDS ? out->tell + 1 : 0;
	c->due = now + RLB_REPEAT_MS;
	c->holds++;
}
