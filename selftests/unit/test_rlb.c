// SPDX-License-Identifier: GPL-2.0
/*
 * balance-alb's client table: peers spread over the ports by speed, a lost
 * port's peers are told at once, a flapping port disturbs nobody twice, and
 * the table neither overflows nor forgets silently.
 */
#include "kunit.h"
#include "bond_core/rlb.h"

#define IP(a, b, c, d) cpu_to_be32((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))

static struct rlb_key key_of(u32 i)
{
	struct rlb_key key = {
		.peer = rlb_addr4(cpu_to_be32(0x0a000000 + i)),
		.own = rlb_addr4(IP(192, 0, 2, 1)),
	};

	return key;
}

/* every peer of a test is a machine, told by the end of its address */
static u32 use(struct rlb_table *t, const struct rlb_key *key, u64 now)
{
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, key->peer.s6_addr[14], key->peer.s6_addr[15] };

	return rlb_use(t, key, mac, now);
}

static void meet(struct rlb_table *t, u32 i, u64 now)
{
	struct rlb_key key = key_of(i);

	use(t, &key, now);
}

static struct rlb_table *make(struct kunit *test, const u32 *speeds, u32 ports, u32 clients)
{
	struct rlb_table *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	rlb_init(t);
	for (u32 i = 0; i < ports; i++)
		rlb_port_change(t, i, speeds[i], true, 0);
	rlb_active(t, 0);
	rlb_advance(t, RLB_SETTLE_MS);
	for (u32 i = 1; i <= clients; i++)
		meet(t, i, 5000);
	return t;
}

/* how many updates go out from now on for a while, and to whom */
static u32 updates(struct rlb_table *t, u64 from, u64 until, u32 *per_client)
{
	struct rlb_client c;
	u32 n = 0;

	for (u64 now = from; now <= until; ) {
		while (rlb_next(t, now, &c)) {
			n++;
			if (per_client)
				per_client[get_unaligned_be16(c.key.peer.s6_addr + 14)]++;
		}
		now = min(rlb_advance(t, now), until + 1);
	}
	return n;
}

static const u32 equal[] = { 1000, 1000, 1000, 1000 };

static void peers_spread_evenly(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);

	KUNIT_EXPECT_EQ(test, t->port[0].clients, 4);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 4);
	KUNIT_EXPECT_EQ(test, updates(t, 5000, 99000, NULL), 0);
}

static void each_family_is_spread(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	u32 v6[2] = {}, v4[2] = {};

	/* every peer speaks both, one after the other */
	for (u32 i = 1; i <= 8; i++) {
		struct rlb_key key = key_of(i);

		v4[use(t, &key, 5000)]++;
		key.peer.s6_addr[0] = 0x20;
		key.own.s6_addr[0] = 0x20;
		v6[use(t, &key, 5000)]++;
	}
	KUNIT_EXPECT_EQ(test, v4[0], 4);
	KUNIT_EXPECT_EQ(test, v6[0], 4);
	rlb_port_change(t, 1, 1000, false, 6000);
	rlb_port_change(t, 1, 1000, true, 7000);
	rlb_advance(t, 7000 + RLB_SETTLE_MS);
	KUNIT_EXPECT_EQ(test, t->port[1].machines, 4);
}

static void peers_spread_by_speed(struct kunit *test)
{
	static const u32 speeds[] = { 20000, 10000 };
	static const u32 unknown[] = { 0, 20000, 10000 };
	static const u32 none[] = { 0, 0 };
	struct rlb_table *t = make(test, speeds, 2, 30);

	KUNIT_EXPECT_EQ(test, t->port[0].clients, 20);
	t = make(test, unknown, 3, 40);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 10);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 20);
	t = make(test, none, 2, 4);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 2);
}

static void a_peer_keeps_its_port(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 3, 9);
	struct rlb_key key = key_of(4);
	u32 slot = use(t, &key, 6000);

	for (u32 i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, use(t, &key, 6000 + i), slot);
	/* the same peer in a VLAN, or of another address of ours, is another */
	key.tags = (struct rlb_tags) { .n = 1, .proto = { cpu_to_be16(0x8100) }, .tci = { 10 } };
	use(t, &key, 7000);
	key.tags.tci[0] = 11;
	use(t, &key, 7000);
	key.tags.proto[0] = cpu_to_be16(0x88a8);
	use(t, &key, 7000);
	key = key_of(4);
	key.own = rlb_addr4(IP(192, 0, 2, 2));
	use(t, &key, 7000);
	KUNIT_EXPECT_EQ(test, t->port[0].clients + t->port[1].clients + t->port[2].clients, 13);
}

static void a_lost_port_s_peers_are_told_at_once(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);
	struct rlb_client c;
	u32 told[16] = {};

	rlb_port_change(t, 1, 1000, false, 10000);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 8);
	KUNIT_EXPECT_EQ(test, t->moves, 4);
	for (u32 i = 0; i < 4; i++) {
		KUNIT_ASSERT_TRUE(test, rlb_next(t, 10000, &c));
		KUNIT_EXPECT_EQ(test, c.slot, 0);
	}
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 10000, &c));
	/* once more after a while, then never again, and only those four */
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 60000, told), 4);
	for (u32 i = 1; i <= 8; i++)
		KUNIT_EXPECT_LE(test, told[i], 1);
}

static void a_returning_port_waits_then_takes_its_share(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);

	rlb_port_change(t, 1, 1000, false, 10000);
	updates(t, 10000, 20000, NULL);
	rlb_port_change(t, 1, 1000, true, 20000);
	rlb_advance(t, 20000 + RLB_SETTLE_MS - 1);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 0);
	rlb_advance(t, 20000 + RLB_SETTLE_MS);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 4);
	KUNIT_EXPECT_EQ(test, updates(t, 22000, 60000, NULL), 4 * RLB_BURST);
}

/* how many of the machines first..last send to the slot */
static u32 machines_on(const struct rlb_table *t, u32 slot, u32 first, u32 last)
{
	u32 n = 0;

	for (u32 i = 0; i < t->high; i++) {
		u32 peer = get_unaligned_be16(t->client[i].key.peer.s6_addr + 14);

		n += t->client[i].slot == slot && peer >= first && peer <= last;
	}
	return n;
}

/*
 * Machines that are gone for days are still counted, and came before most who
 * live: those who are moved are drawn from all, whichever port had a blip.
 */
static void the_living_are_spread_among_the_dead(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 40);
	u64 now = 86400000;

	for (u32 i = 41; i <= 48; i++)
		meet(t, i, now);
	for (u32 blip = 0; blip < 20; blip++) {
		u32 slot = blip % 2, there;

		now += 60000;
		rlb_port_change(t, slot, 1000, false, now);
		updates(t, now, now + 9999, NULL);
		rlb_port_change(t, slot, 1000, true, now + 10000);
		updates(t, now + 10000, now + 30000, NULL);
		KUNIT_EXPECT_EQ(test, t->port[0].machines, 24);
		there = machines_on(t, 0, 41, 48);
		KUNIT_EXPECT_GE(test, there, 2);
		KUNIT_EXPECT_LE(test, there, 6);
	}
}

/* who was heard last is told first: those who are gone can wait */
static void the_living_are_told_before_the_dead(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 400);
	u32 told[512] = {}, there;

	for (u32 i = 401; i <= 408; i++)
		meet(t, i, 86400000);
	meet(t, 1, 86400001);
	meet(t, 2, 86400001);
	there = 8 - machines_on(t, 0, 401, 408);
	rlb_port_change(t, 1, 1000, false, 86500000);
	KUNIT_EXPECT_EQ(test, updates(t, 86500000, 86500000, told), RLB_BATCH);
	for (u32 i = 401; i <= 408; i++)
		there -= told[i];
	KUNIT_EXPECT_EQ(test, there, 0);
	KUNIT_EXPECT_EQ(test, told[1] + told[2], 1);
}

static void a_flapping_port_disturbs_nobody_twice(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);
	u32 told[16] = {};
	u64 now = 10000;

	for (u32 flap = 0; flap < 60; flap++) {
		rlb_port_change(t, 1, 1000, false, now);
		updates(t, now, now + 499, told);
		rlb_port_change(t, 1, 1000, true, now + 500);
		updates(t, now + 500, now + 999, told);
		now += 1000;
	}
	for (u32 i = 1; i <= 8; i++)
		KUNIT_EXPECT_LE(test, told[i], RLB_BURST);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 8);
	/* it settles at last */
	KUNIT_EXPECT_EQ(test, updates(t, now, now + 10000, NULL), 4 * RLB_BURST);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 4);
}

static void shares_do_not_reach_for_a_port_that_may_go_again(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 1, 8);

	rlb_port_change(t, 1, 1000, true, 10000);
	rlb_port_change(t, 2, 1000, true, 11000);
	rlb_advance(t, 12000);
	rlb_port_change(t, 0, 500, true, 12000);
	rlb_advance(t, 12000);
	KUNIT_EXPECT_EQ(test, t->port[2].clients, 0);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 5);
	/* but is not forgotten over it */
	rlb_advance(t, 13000);
	KUNIT_EXPECT_GT(test, t->port[2].clients, 0);
}

static void a_faster_port_draws_clients(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 9);

	rlb_port_change(t, 1, 2000, true, 10000);
	rlb_advance(t, 10000);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 3);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 6);
}

static void without_a_port_peers_wait_for_one(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 1, 3);
	struct rlb_key key = key_of(2), fresh = key_of(77);
	struct rlb_client c;

	rlb_port_change(t, 0, 1000, false, 10000);
	KUNIT_EXPECT_EQ(test, use(t, &key, 10000), RLB_NOBODY);
	KUNIT_EXPECT_EQ(test, use(t, &fresh, 10000), RLB_NOBODY);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 10000, &c));
	rlb_spoiled(t, &key, 0, 10000);
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 19000, NULL), 0);
	rlb_port_change(t, 1, 1000, true, 20000);
	KUNIT_EXPECT_EQ(test, use(t, &key, 20000), 1);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 4);
}

static void a_broadcast_request_is_made_good_later(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);
	struct rlb_key key = key_of(1);
	u32 told[16] = {}, slot = use(t, &key, 10000);

	rlb_spoiled(t, &key, slot, 10000);
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 10000 + RLB_REQUEST_MS - 1, told), 0);
	KUNIT_EXPECT_EQ(test, updates(t, 12000, 30000, told), 4);
	KUNIT_EXPECT_EQ(test, told[1], 0);
	/* not those who know another address of ours */
	key.own = rlb_addr4(IP(192, 0, 2, 2));
	rlb_spoiled(t, &key, slot, 40000);
	KUNIT_EXPECT_EQ(test, updates(t, 40000, 50000, NULL), 0);
}

static void who_was_asked_is_told_when_he_has_answered(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 1);
	struct rlb_key key = key_of(2), same = key_of(1);
	static const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	u32 told[16] = {};

	/* who is asked is no client before he answers */
	rlb_misled(t, &key, 0, 10000);
	KUNIT_EXPECT_EQ(test, t->high, 1);
	/* client 1 is on slot 0, so 2 will be on slot 1 */
	KUNIT_EXPECT_EQ(test, rlb_answered(t, &key, mac, 0, 10001), 10001 + RLB_REQUEST_MS);
	KUNIT_EXPECT_EQ(test, updates(t, 10001, 12000, told), 0);
	KUNIT_EXPECT_EQ(test, updates(t, 12001, 20000, told), 1);
	KUNIT_EXPECT_EQ(test, told[2], 1);
	KUNIT_EXPECT_EQ(test, rlb_answered(t, &key, mac, 0, 21000), U64_MAX);
	/* asked again */
	rlb_misled(t, &key, 0, 30000);
	KUNIT_EXPECT_EQ(test, rlb_answered(t, &key, mac, 0, 30001), U64_MAX);
	KUNIT_EXPECT_EQ(test, updates(t, 30001, 31999, told), 0);
	KUNIT_EXPECT_EQ(test, updates(t, 32000, 40000, told), 1);
	/* who is on the port that was told needs nothing */
	rlb_misled(t, &same, 0, 50000);
	KUNIT_EXPECT_EQ(test, updates(t, 50000, 60000, told), 0);
}

static void a_slot_with_a_new_mac_is_told(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 4);
	u32 told[16] = {};

	rlb_retell(t, 1, 10000);
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 20000, told), 2 * RLB_BURST);
	for (u32 i = 1; i <= 4; i++) {
		struct rlb_key key = key_of(i);

		KUNIT_EXPECT_EQ(test, told[i], use(t, &key, 30000) == 1 ? RLB_BURST : 0);
	}
}

static void a_peer_that_announces_a_new_mac_is_told(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 4);
	struct rlb_key key = key_of(2);
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	struct rlb_client c;

	/* what it said before is nothing new, nor what strangers say */
	KUNIT_EXPECT_EQ(test, rlb_announced(t, &key, mac, 6000), U64_MAX);
	mac[4] = 9;
	key.tags.n = 1;
	KUNIT_EXPECT_EQ(test, rlb_announced(t, &key, mac, 6000), U64_MAX);
	key.tags.n = 0;
	KUNIT_EXPECT_EQ(test, rlb_announced(t, &key, mac, 6000), 6000);
	KUNIT_ASSERT_TRUE(test, rlb_next(t, 6000, &c));
	KUNIT_EXPECT_TRUE(test, !memcmp(&c.key, &key, sizeof(key)));
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(c.mac, mac));
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 6000, &c));
}

static void a_peer_with_a_new_mac_is_told(struct kunit *test)
{
	static const u8 fresh[ETH_ALEN] = { 2, 0xff, 0, 0, 0, 1 };
	static const u8 group[ETH_ALEN] = { 1, 0, 0, 0, 0, 1 };
	struct rlb_table *t = make(test, equal, 2, 2);
	struct rlb_key key = key_of(1), stranger = key_of(99);
	struct rlb_client c;

	rlb_heard(t, &key, fresh, 10000);
	KUNIT_ASSERT_TRUE(test, rlb_next(t, 10000, &c));
	KUNIT_EXPECT_MEMEQ(test, c.mac, fresh, ETH_ALEN);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 10000, &c));
	rlb_heard(t, &key, group, 20000);
	rlb_heard(t, &stranger, fresh, 20000);
	KUNIT_EXPECT_EQ(test, updates(t, 20000, 30000, NULL), 1);
}

static void nobody_is_told_a_port_that_there_is_not(struct kunit *test)
{
	static const u8 fresh[ETH_ALEN] = { 2, 0xff, 0, 0, 0, 1 };
	struct rlb_table *t = make(test, equal, 2, 1);
	struct rlb_key key = key_of(1);
	struct rlb_client c;

	rlb_port_change(t, 0, 1000, false, 10000);
	rlb_port_change(t, 1, 1000, false, 10000);
	KUNIT_EXPECT_EQ(test, rlb_heard(t, &key, fresh, 11000), U64_MAX);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 20000, &c));
	rlb_port_change(t, 1, 1000, true, 30000);
	KUNIT_ASSERT_TRUE(test, rlb_next(t, 30000, &c));
	KUNIT_EXPECT_EQ(test, c.slot, 1);
	KUNIT_EXPECT_MEMEQ(test, c.mac, fresh, ETH_ALEN);
}

static void a_steady_trickle_of_requests_does_not_end_balancing(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 8);
	struct rlb_key key = key_of(1);
	u32 told[16] = {}, slot = use(t, &key, 10000);
	u64 now;

	for (now = 10000; now < 70000; now += 1000) {
		rlb_spoiled(t, &key, slot, now);
		updates(t, now, now + 999, told);
	}
	/* those at the other port every other second */
	for (u32 i = 1; i <= 8; i++)
		KUNIT_EXPECT_TRUE(test, !told[i] || (told[i] >= 15 && told[i] <= 30));
	KUNIT_EXPECT_EQ(test, told[1], 0);
}

static void an_answer_saves_an_update(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 2);
	struct rlb_key key = key_of(2);

	rlb_port_change(t, 1, 1000, false, 10000);
	use(t, &key, 10000);
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 20000, NULL), 0);
}

static void updates_are_paced(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 200);
	struct rlb_client c;
	u32 n = 0;

	rlb_port_change(t, 1, 1000, false, 10000);
	while (rlb_next(t, 10000, &c))
		n++;
	KUNIT_EXPECT_EQ(test, n, RLB_BATCH);
	KUNIT_EXPECT_EQ(test, rlb_advance(t, 10001), 10000 + RLB_BATCH_MS);
	KUNIT_EXPECT_EQ(test, updates(t, 10001, 10040, NULL), 100 - RLB_BATCH);
}

/* how often a machine hears that its port was lost, our address being there from @there on */
static u32 told_when(struct kunit *test, struct rlb_table *t, u64 there)
{
	struct rlb_client c;
	u32 n = 0;

	rlb_port_change(t, 1, 1000, false, 10000);
	for (u64 now = 10000; now < 60000; now = min(rlb_advance(t, now), 60000ULL)) {
		while (rlb_next(t, now, &c)) {
			KUNIT_EXPECT_EQ(test, c.slot, 0);
			if (now < there)
				rlb_hold(t, &c, now);
			else
				n++;
		}
	}
	return n;
}

static void what_cannot_be_told_yet_is_told_later(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 2);
	struct rlb_key twin = key_of(2);
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };

	KUNIT_EXPECT_EQ(test, told_when(test, t, 10000), RLB_BURST);
	t = make(test, equal, 2, 2);
	KUNIT_EXPECT_EQ(test, told_when(test, t, 10000 + 3 * RLB_REPEAT_MS), RLB_BURST);
	/* the address does not come back */
	t = make(test, equal, 2, 2);
	KUNIT_EXPECT_EQ(test, told_when(test, t, 60000), 0);
	KUNIT_EXPECT_EQ(test, rlb_advance(t, 60000), U64_MAX);
	/* two containers that share a MAC address know nothing of each other */
	t = make(test, equal, 2, 2);
	twin.peer = rlb_addr4(IP(10, 1, 0, 2));
	KUNIT_EXPECT_EQ(test, rlb_use(t, &twin, mac, 6000), 1);
	KUNIT_EXPECT_EQ(test, told_when(test, t, 10000 + 3 * RLB_REPEAT_MS), 2 * RLB_BURST);
}

/*
 * By IPv6 a machine asks with several addresses; what looks the same may be
 * containers, each of which would lose its packets for half a minute.
 */
static void ipv6_addresses_with_one_mac_are_told_once_each(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 2);
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	struct rlb_key twin = key_of(2);
	u32 seen = 0, updates = 0;
	struct rlb_client c;

	twin.own = (struct in6_addr) { .s6_addr = { 0x20, 1, [15] = 1 } };
	for (u8 i = 0; i < 3; i++) {
		twin.peer = (struct in6_addr) { .s6_addr = { 0x20, 1, [15] = i } };
		KUNIT_EXPECT_EQ(test, rlb_use(t, &twin, mac, 6000), 1);
	}
	rlb_port_change(t, 1, 0, false, 10000);
	/* one has asked for itself */
	KUNIT_EXPECT_EQ(test, rlb_use(t, &twin, mac, 10000), 0);
	for (u64 now = 10000; now < 20000; now += 100) {
		rlb_advance(t, now);
		while (rlb_next(t, now, &c)) {
			if (!ipv6_addr_equal(&c.key.own, &twin.own))
				continue;
			KUNIT_EXPECT_EQ(test, now, 10000);
			seen |= 1U << c.key.peer.s6_addr[15];
			updates++;
		}
	}
	KUNIT_EXPECT_EQ(test, seen, 3);
	KUNIT_EXPECT_EQ(test, updates, 2);
}

static void a_full_table_drops_the_oldest_and_says_so(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	struct rlb_client c;

	for (u32 i = 0; i < RLB_CLIENTS; i++)
		meet(t, i, 5000 + i);
	meet(t, 1, 9000);
	meet(t, 0, 9001);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 9001, &c));
	/* the oldest is 2, then 3; one of them sends to port 1 and is told */
	meet(t, 2000, 9002);
	meet(t, 2001, 9003);
	KUNIT_ASSERT_TRUE(test, rlb_next(t, 9003, &c));
	KUNIT_EXPECT_EQ(test, c.slot, 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(c.key.peer.s6_addr + 14), 3);
	/* it says nothing of who has its place in the table now */
	KUNIT_EXPECT_FALSE(test, c.live);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 20000, &c));
	KUNIT_EXPECT_EQ(test, t->port[0].clients + t->port[1].clients, RLB_CLIENTS);
}

static void a_burst_of_strangers_leaves_nobody_untold(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	u32 due = 0, n = 0;
	struct rlb_client c;
	u64 told = 0;

	for (u32 i = 0; i < RLB_CLIENTS; i++)
		meet(t, i, 5000 + i);
	for (u32 i = 0; i < RLB_BYES; i++)
		due += t->client[i].slot != 0;
	KUNIT_EXPECT_EQ(test, rlb_leaving(t), U64_MAX);
	for (u32 i = 0; i < RLB_BYES; i++)
		meet(t, 2000 + i, 9000);
	KUNIT_EXPECT_EQ(test, rlb_leaving(t), 9000);
	for (u64 now = 9000; now < 9100; now += RLB_BATCH_MS) {
		for (; rlb_next(t, now, &c); n++) {
			KUNIT_EXPECT_FALSE(test, c.live);
			told |= 1ULL << get_unaligned_be16(c.key.peer.s6_addr + 14);
		}
	}
	KUNIT_EXPECT_EQ(test, hweight32((u32)told) + hweight32(told >> 32), due);
	KUNIT_EXPECT_EQ(test, n, due);
	KUNIT_EXPECT_EQ(test, rlb_leaving(t), U64_MAX);
	/* the place is there for the next ones */
	for (u32 i = 0; i < 4; i++)
		meet(t, 3000 + i, 9100);
	KUNIT_EXPECT_TRUE(test, rlb_next(t, 9100, &c));
}

static void those_who_stay_are_still_known(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	u32 moved = t->moves;

	/* several per hash; every third is old and has to go for a newcomer */
	for (u32 i = 0; i < RLB_CLIENTS; i++)
		meet(t, i, i % 3 ? 60000 : 5000);
	for (u32 i = 0; i < RLB_CLIENTS / 3; i++)
		meet(t, 2000 + i, 65000);
	for (u32 i = 0; i < RLB_CLIENTS; i++)
		if (i % 3)
			meet(t, i, 70000);
	KUNIT_EXPECT_EQ(test, t->port[0].clients + t->port[1].clients, RLB_CLIENTS);
	for (u32 i = 0; i < t->high; i++)
		KUNIT_EXPECT_GE(test, t->client[i].seen, t->client[i].seen == 5000 ? 0 : 65000);
	KUNIT_EXPECT_EQ(test, t->moves, moved);
}

/*
 * A peer that is busy asks nothing, for TCP tells it that what it knows is
 * right: who is silent for long is not gone.
 */
static void silence_is_no_reason_to_go(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 4);
	u64 later = 100 * 24 * 3600000ULL;
	u32 told[16] = {};

	KUNIT_EXPECT_EQ(test, rlb_advance(t, 5001), U64_MAX);
	KUNIT_EXPECT_EQ(test, updates(t, later, later + 99000, told), 0);
	KUNIT_EXPECT_EQ(test, t->port[0].clients, 2);
	KUNIT_EXPECT_EQ(test, t->port[1].clients, 2);
	/* it is told when its port is lost */
	rlb_port_change(t, 1, 1000, false, later + 100000);
	KUNIT_EXPECT_EQ(test, updates(t, later + 100000, later + 199000, told), 2 * RLB_BURST);
}

/* addresses as a machine i has them: IPv4 (0), global (1), link-local (2) */
static struct rlb_key key_like(u32 i, u32 peer_kind, u32 own_kind)
{
	static const u8 prefix[][2] = { {}, { 0x20, 0x01 }, { 0xfe, 0x80 } };
	struct rlb_key key = key_of(i);

	if (!own_kind)
		return key;
	memset(key.peer.s6_addr, 0, 14);
	memset(key.own.s6_addr, 0, 14);
	memcpy(key.peer.s6_addr, prefix[peer_kind], 2);
	memcpy(key.own.s6_addr, prefix[own_kind], 2);
	return key;
}

/*
 * Linux answers for its global address and checks ours from its link-local
 * one: two clients, but one entry in what it knows of us.
 */
static void a_machine_sends_to_one_port(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	struct rlb_key global = key_like(1, 1, 1), local = key_like(1, 2, 1);
	struct rlb_key other = key_like(2, 1, 1), v4 = key_of(1);
	u32 slot = use(t, &global, 5000), told[16] = {};

	KUNIT_EXPECT_NE(test, use(t, &other, 5000), slot);
	KUNIT_EXPECT_EQ(test, use(t, &local, 5001), slot);
	KUNIT_EXPECT_EQ(test, use(t, &v4, 5002), slot);
	KUNIT_EXPECT_EQ(test, t->port[slot].clients, 3);
	KUNIT_EXPECT_EQ(test, t->port[slot].machines, 1);
	/* it is told twice of each address of ours, of that with two clients at once */
	rlb_port_change(t, slot, 1000, false, 10000);
	KUNIT_EXPECT_EQ(test, updates(t, 10000, 10500, told), 3);
	KUNIT_EXPECT_EQ(test, updates(t, 10500, 20000, told), 1);
	KUNIT_EXPECT_EQ(test, told[1], 4);
	KUNIT_EXPECT_EQ(test, use(t, &global, 21000), use(t, &v4, 21000));
	KUNIT_EXPECT_EQ(test, use(t, &global, 21000), use(t, &local, 21000));
}

static void what_hardly_counts_does_not_tip_the_shares(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 0);
	u32 sends[2] = {};

	/* each machine makes itself known by link-local addresses at some time */
	for (u32 i = 1; i <= 8; i++) {
		struct rlb_key global = key_like(i, 2, 1), local = key_like(i, 2, 2);

		if (i % 2)
			use(t, &local, 5000 + i);
		sends[use(t, &global, 5000 + i)]++;
		if (!(i % 2))
			use(t, &local, 5000 + i);
	}
	KUNIT_EXPECT_EQ(test, sends[0], 4);
	KUNIT_EXPECT_EQ(test, sends[1], 4);
}

static void an_address_moves_to_another_machine(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 2);
	struct rlb_key first = key_of(1), second = key_of(2), more = key_of(3);
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
	u32 slot = use(t, &second, 6000);

	/* 3 is one more of machine 1, then of machine 2 */
	KUNIT_EXPECT_EQ(test, rlb_use(t, &more, mac, 6000), use(t, &first, 6000));
	mac[5] = 2;
	KUNIT_EXPECT_EQ(test, rlb_heard(t, &more, mac, 7000), 7000);
	KUNIT_EXPECT_EQ(test, use(t, &second, 7000), slot);
	KUNIT_EXPECT_EQ(test, t->port[slot].clients, 2);
	/* who stood for machine 2 goes: 3 stands for it */
	mac[5] = 9;
	rlb_heard(t, &second, mac, 8000);
	KUNIT_EXPECT_EQ(test, t->port[0].machines + t->port[1].machines, 3);
	mac[5] = 2;
	KUNIT_EXPECT_EQ(test, rlb_use(t, &more, mac, 8000), slot);
	/* behind other tags it is another machine */
	more.tags = (struct rlb_tags) { .n = 1, .proto = { cpu_to_be16(0x8100) }, .tci = { 10 } };
	rlb_use(t, &more, mac, 8000);
	KUNIT_EXPECT_EQ(test, t->port[0].machines + t->port[1].machines, 4);
}

/* one of its clients is forgotten while another is not: the machine sends where it did */
static void a_machine_is_not_sent_away_while_known(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 2, 1);
	struct rlb_key global = key_like(2, 1, 1), local = key_like(2, 2, 1);
	u32 slot = use(t, &global, 5000);
	struct rlb_client c;

	KUNIT_ASSERT_EQ(test, slot, 1);
	use(t, &local, 9000);
	/* strangers fill the table until the oldest, 1 and then 2's first, must go */
	for (u32 i = 0; i < RLB_CLIENTS - 1; i++)
		meet(t, 100 + i, 10000);
	KUNIT_EXPECT_FALSE(test, rlb_next(t, 10001, &c));
	KUNIT_EXPECT_EQ(test, t->client[1].seen, 10000);
	KUNIT_EXPECT_EQ(test, use(t, &local, 10002), slot);
}

/* Every client is where its machine is, and all are in the books. */
static void audit(struct kunit *test, const struct rlb_table *t)
{
	u32 clients[4] = {}, machines[4] = {}, rows[RLB_CLIENTS] = {};

	for (u32 i = 0; i < t->high; i++) {
		const struct rlb_client *c = &t->client[i], *lead = &t->client[c->lead];

		if (!c->live)
			continue;
		rows[c->lead]++;
		KUNIT_ASSERT_TRUE(test, lead->live && lead->lead == c->lead);
		KUNIT_ASSERT_EQ(test, lead->slot, c->slot);
		KUNIT_ASSERT_MEMEQ(test, lead->mac, c->mac, ETH_ALEN);
		if (c->slot == RLB_NOBODY)
			continue;
		clients[c->slot]++;
		machines[c->slot] += c->lead == i;
	}
	for (u32 i = 0; i < t->high; i++)
		if (rows[i])
			KUNIT_ASSERT_EQ(test, t->client[i].rows, rows[i]);
	for (u32 i = 0; i < 4; i++) {
		KUNIT_ASSERT_EQ(test, t->port[i].clients, clients[i]);
		KUNIT_ASSERT_EQ(test, t->port[i].machines, machines[i]);
	}
}

/* thousands of random events: counts add up */
static void random_life_keeps_the_books(struct kunit *test)
{
	struct rlb_table *t = make(test, equal, 4, 0);
	u32 state = 5;
	u64 now = 5000;

	for (u32 step = 0; step < 3000; step++) {
		u32 what, peer;
		struct rlb_client c;

		state = state * 1664525 + 1013904223;
		what = state >> 28;
		peer = (state >> 10) % 1500;
		now += state % 7000;
		if (what < 3) {
			rlb_port_change(t, (state >> 10) % 4, equal[0], what, now);
		} else if (what < 9) {
			meet(t, peer, now);
		} else if (what < 12) {
			struct rlb_key key = key_of(peer);
			u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, peer % 16 };

			rlb_heard(t, &key, mac, now);
			rlb_use(t, &key, mac, now);
		}
		while (rlb_next(t, now, &c))
			KUNIT_EXPECT_TRUE(test, t->port[c.slot].usable || c.slot == t->active);
		rlb_advance(t, now);
		audit(test, t);
	}
}

static void rows_read_as_documented(struct kunit *test)
{
	struct rlb_client c = {
		.key = { .own = rlb_addr4(IP(192, 0, 2, 1)), .peer = rlb_addr4(IP(198, 51, 100, 200)) },
		.mac = { 2, 0, 0, 0xab, 0, 1 },
	};
	static const struct {
		u8 addr[16];
		const char *text;
	} six[] = {
		{ { 0x20, 1, 0xd, 0xb8, [15] = 1 }, "2001:db8::1" },
		{ { [15] = 1 }, "::1" },
		{ { 0xfe, 0x80 }, "fe80::" },
		{ { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5 }, "2001:db8:0:1:2:3:4:5" },
		{ { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5 }, "2001:0:0:1::5" },
	};
	char buf[RLB_ROW_MAX], want[RLB_ROW_MAX];

	rlb_row(buf, sizeof(buf), &c, "eth1");
	KUNIT_EXPECT_STREQ(test, buf, "192.0.2.1       198.51.100.200  02:00:00:ab:00:01 eth1\n");
	for (u32 i = 0; i < ARRAY_SIZE(six); i++) {
		memcpy(&c.key.own, six[i].addr, 16);
		memcpy(&c.key.peer, six[i].addr, 16);
		rlb_row(buf, sizeof(buf), &c, "eth1");
		scnprintf(want, sizeof(want), "%-15s %-15s 02:00:00:ab:00:01 eth1\n",
			  six[i].text, six[i].text);
		KUNIT_EXPECT_STREQ(test, buf, want);
	}
}

static struct kunit_case rlb_cases[] = {
	KUNIT_CASE(peers_spread_evenly),
	KUNIT_CASE(each_family_is_spread),
	KUNIT_CASE(peers_spread_by_speed),
	KUNIT_CASE(a_peer_keeps_its_port),
	KUNIT_CASE(a_lost_port_s_peers_are_told_at_once),
	KUNIT_CASE(a_returning_port_waits_then_takes_its_share),
	KUNIT_CASE(the_living_are_spread_among_the_dead),
	KUNIT_CASE(the_living_are_told_before_the_dead),
	KUNIT_CASE(a_flapping_port_disturbs_nobody_twice),
	KUNIT_CASE(shares_do_not_reach_for_a_port_that_may_go_again),
	KUNIT_CASE(a_faster_port_draws_clients),
	KUNIT_CASE(without_a_port_peers_wait_for_one),
	KUNIT_CASE(a_broadcast_request_is_made_good_later),
	KUNIT_CASE(who_was_asked_is_told_when_he_has_answered),
	KUNIT_CASE(a_slot_with_a_new_mac_is_told),
	KUNIT_CASE(a_peer_with_a_new_mac_is_told),
	KUNIT_CASE(a_peer_that_announces_a_new_mac_is_told),
	KUNIT_CASE(nobody_is_told_a_port_that_there_is_not),
	KUNIT_CASE(a_steady_trickle_of_requests_does_not_end_balancing),
	KUNIT_CASE(an_answer_saves_an_update),
	KUNIT_CASE(updates_are_paced),
	KUNIT_CASE(what_cannot_be_told_yet_is_told_later),
	KUNIT_CASE(ipv6_addresses_with_one_mac_are_told_once_each),
	KUNIT_CASE(a_full_table_drops_the_oldest_and_says_so),
	KUNIT_CASE(a_burst_of_strangers_leaves_nobody_untold),
	KUNIT_CASE(those_who_stay_are_still_known),
	KUNIT_CASE(silence_is_no_reason_to_go),
	KUNIT_CASE(a_machine_sends_to_one_port),
	KUNIT_CASE(what_hardly_counts_does_not_tip_the_shares),
	KUNIT_CASE(an_address_moves_to_another_machine),
	KUNIT_CASE(a_machine_is_not_sent_away_while_known),
	KUNIT_CASE(random_life_keeps_the_books),
	KUNIT_CASE(rows_read_as_documented),
	{}
};

static struct kunit_suite rlb_suite = {
	.name = "rlb",
	.test_cases = rlb_cases,
};

kunit_test_suite(rlb_suite);

MODULE_DESCRIPTION("Receive load balancing decisions");
MODULE_LICENSE("GPL");
