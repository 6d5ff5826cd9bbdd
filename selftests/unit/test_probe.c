// SPDX-License-Identifier: GPL-2.0
/*
 * ARP and NS monitor: a dead path is found, a living one is not blamed, and
 * nobody but a target can keep a port alive where arp_validate says so.
 */
#include "kunit.h"
#include "bond_core/probe.h"

#define IP(a, b, c, d) cpu_to_be32((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define US	IP(192, 0, 2, 1)
#define PEER	IP(192, 0, 2, 254)
#define PEER2	IP(192, 0, 2, 253)
#define OTHER	IP(192, 0, 2, 99)

static const u8 our_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
static const struct in6_addr us6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct in6_addr peer6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 0xfe } };
static const struct in6_addr other6 = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 0x99 } };
static const struct in6_addr all_nodes = { .s6_addr = { 0xff, 2, [15] = 1 } };
static const struct in6_addr nobody6;

static const __be32 targets4[PROBE_TARGETS] = { PEER, PEER2 };
static const struct in6_addr targets6[PROBE_TARGETS] = {
	{ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 0xfd } },
	{ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 0xfe } },
};

static bool own4(void *ctx, __be32 addr)
{
	(void)ctx;
	return addr == US;
}

static bool own6(void *ctx, const struct in6_addr *addr)
{
	(void)ctx;
	return ipv6_addr_equal(addr, &us6);
}

struct bed {
	struct probe_config cfg;
	struct probe_scene scene;
	struct probe_times times;
	struct probe_frame frame;
	u8 wire[PROBE_FRAME_MAX];
};

static struct bed *make_bed(struct kunit *test, u32 validate, enum probe_role role)
{
	struct bed *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	b->cfg = (struct probe_config) {
		.interval = 100, .missed_max = 2, .validate = validate,
		.v4 = targets4, .v6 = targets6,
	};
	b->scene = (struct probe_scene) {
		.cfg = &b->cfg, .role = role, .to_us = true, .active_heard = true,
		.now = 10000, .own4 = own4, .own6 = own6,
	};
	probe_times_init(&b->times, &b->cfg, 5000);
	return b;
}

/* what a port hears: true if it counted */
static bool hear_arp(struct bed *b, u16 op, __be32 sip, __be32 tip)
{
	probe_build_arp(b->wire, our_mac, sip, tip);
	put_unaligned_be16(op, b->wire + 14 + 6);
	probe_parse(&b->frame, cpu_to_be16(ETH_P_ARP), b->wire + 14, PROBE_ARP_LEN - 14);
	return probe_receive(&b->times, &b->frame, &b->scene);
}

static bool hear_na(struct bed *b, const struct in6_addr *from, const struct in6_addr *to)
{
	probe_build_ns(b->wire, our_mac, from, to);
	memcpy(b->wire + 14 + 24, to, sizeof(*to));
	b->wire[14 + 40] = 136;
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, PROBE_NS_LEN - 14);
	return probe_receive(&b->times, &b->frame, &b->scene);
}

static bool hear(struct bed *b, u16 proto)
{
	static const u8 junk[64];

	probe_parse(&b->frame, cpu_to_be16(proto), junk, sizeof(junk));
	return probe_receive(&b->times, &b->frame, &b->scene);
}

static void arp_probe_is_well_formed(struct kunit *test)
{
	static const u8 want[PROBE_ARP_LEN] = {
		255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1,
		0, 0, 0, 0, 0, 0, 192, 0, 2, 254,
	};
	u8 buf[PROBE_ARP_LEN];

	memset(buf, 0xee, sizeof(buf));
	KUNIT_EXPECT_EQ(test, probe_build_arp(buf, our_mac, US, PEER), PROBE_ARP_LEN);
	KUNIT_EXPECT_MEMEQ(test, buf, want, sizeof(want));
}

static u32 sum16(const u8 *p, u32 len, u32 sum)
{
	for (u32 i = 0; i < len; i += 2)
		sum += get_unaligned_be16(p + i);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void ns_probe_is_well_formed(struct kunit *test)
{
	static const u8 head[] = { 0x33, 0x33, 0xff, 0, 0, 0xfe, 2, 0, 0, 0, 0, 1, 0x86, 0xdd,
				   0x60, 0, 0, 0, 0, 32, 58, 255 };
	static const u8 opt[] = { 1, 1, 2, 0, 0, 0, 0, 1 };
	u8 buf[PROBE_NS_LEN];

	memset(buf, 0xee, sizeof(buf));
	KUNIT_EXPECT_EQ(test, probe_build_ns(buf, our_mac, &us6, &peer6), PROBE_NS_LEN);
	KUNIT_EXPECT_MEMEQ(test, buf, head, sizeof(head));
	KUNIT_EXPECT_MEMEQ(test, buf + 14 + 8, us6.s6_addr, 16);
	KUNIT_EXPECT_MEMEQ(test, buf + 54 + 8, peer6.s6_addr, 16);
	KUNIT_EXPECT_MEMEQ(test, buf + 54 + 24, opt, sizeof(opt));
	KUNIT_EXPECT_EQ(test, sum16(buf + 14 + 8, 32 + 32, 32 + 58), 0xffff);
	/* no address yet: no link-layer option either */
	KUNIT_EXPECT_EQ(test, probe_build_ns(buf, our_mac, &nobody6, &peer6), PROBE_NS_LEN - 8);
	KUNIT_EXPECT_EQ(test, sum16(buf + 14 + 8, 32 + 24, 24 + 58), 0xffff);
}

static void parse_refuses_what_is_not_a_proof(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);
	u32 len;

	probe_build_arp(b->wire, our_mac, PEER, US);
	for (len = 0; len < 28; len++) {
		probe_parse(&b->frame, cpu_to_be16(ETH_P_ARP), b->wire + 14, len);
		KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_BAD_ARP);
	}
	b->wire[14 + 1] = 6;	/* not Ethernet */
	probe_parse(&b->frame, cpu_to_be16(ETH_P_ARP), b->wire + 14, 28);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_BAD_ARP);
	b->wire[14 + 1] = 1;
	b->wire[14 + 4] = 8;	/* long addresses */
	probe_parse(&b->frame, cpu_to_be16(ETH_P_ARP), b->wire + 14, 28);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_BAD_ARP);

	probe_build_ns(b->wire, our_mac, &peer6, &us6);
	for (len = 0; len < 48; len++) {
		probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, len);
		KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_IP6);
	}
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, 48);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_ND);
	KUNIT_EXPECT_FALSE(test, b->frame.reply);
	b->wire[14 + 40] = 134;	/* router advertisement */
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, 48);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_IP6);
	b->wire[14 + 40] = 136;
	b->wire[14 + 7] = 64;	/* came through a router */
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, 48);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_IP6);
	b->wire[14 + 7] = 255;
	b->wire[14 + 6] = 17;
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, 48);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_IP6);
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IP), b->wire + 14, 48);
	KUNIT_EXPECT_EQ(test, b->frame.kind, PROBE_OTHER);
}

/*
 * What counts as Rx: [arp_validate][role active, backup][frame], in the words
 * of the documentation: + counts, - does not, p only a proven answer does.
 * Frames: IPv4 traffic, IPv6 traffic, malformed ARP, ARP, ND.
 */
static const char *const counts_as_rx[7][2] = {
	[0] = { "+++++", "+++++" },	/* none */
	[1] = { "---pp", "+++++" },	/* active */
	[2] = { "+++++", "---pp" },	/* backup */
	[3] = { "---pp", "---pp" },	/* all */
	[4] = { "-++++", "-++++" },	/* filter */
	[5] = { "---pp", "-++++" },	/* filter_active */
	[6] = { "-++++", "---pp" },	/* filter_backup */
};

static void arp_validate_table(struct kunit *test)
{
	static const enum probe_kind kinds[] = { PROBE_OTHER, PROBE_IP6, PROBE_BAD_ARP, PROBE_ARP, PROBE_ND };

	for (u32 v = 0; v < 7; v++) {
		for (u32 role = 0; role < 3; role++) {
			const char *want = counts_as_rx[v][role == PROBE_ON_BACKUP];
			struct probe_config cfg = { .validate = v };

			for (u32 k = 0; k < ARRAY_SIZE(kinds); k++) {
				bool look, counts = probe_counts(&cfg, role, kinds[k], &look);

				KUNIT_EXPECT_EQ_MSG(test, counts ? '+' : look ? 'p' : '-', want[k],
						    "validate %u, role %u, frame %u", v, role, k);
			}
		}
	}
}

static void active_port_believes_targets_only(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);

	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, OTHER, US));
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, OTHER));
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, 0, US));
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 1, US, PEER));
	KUNIT_EXPECT_FALSE(test, hear(b, ETH_P_IP));
	KUNIT_EXPECT_FALSE(test, hear(b, ETH_P_ARP));
	KUNIT_EXPECT_LT(test, b->times.rx, 10000);
	KUNIT_EXPECT_TRUE(test, hear_arp(b, 2, PEER, US));
	KUNIT_EXPECT_EQ(test, b->times.rx, 10000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[0], 10000);
	KUNIT_EXPECT_LT(test, b->times.target_rx[1], 10000);
	/* a target that asks for us lives as well */
	KUNIT_EXPECT_TRUE(test, hear_arp(b, 1, PEER2, US));
	KUNIT_EXPECT_EQ(test, b->times.target_rx[1], 10000);
	/* seen in passing, meant for another host */
	b->scene.to_us = false;
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, US));
}

static void active_port_believes_ipv6_targets(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);

	KUNIT_EXPECT_FALSE(test, hear_na(b, &other6, &us6));
	KUNIT_EXPECT_FALSE(test, hear_na(b, &peer6, &other6));
	KUNIT_EXPECT_FALSE(test, hear_na(b, &nobody6, &us6));
	KUNIT_EXPECT_TRUE(test, hear_na(b, &peer6, &us6));
	KUNIT_EXPECT_EQ(test, b->times.target_rx[PROBE_TARGETS + 1], 10000);
	KUNIT_EXPECT_TRUE(test, hear_na(b, &peer6, &all_nodes));
}

static void backup_port_believes_the_echo_of_our_question(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_BACKUP);

	KUNIT_EXPECT_TRUE(test, hear_arp(b, 1, US, PEER));
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, US));
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 1, OTHER, PEER));
	probe_build_ns(b->wire, our_mac, &us6, &peer6);
	probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, PROBE_NS_LEN - 14);
	KUNIT_EXPECT_TRUE(test, probe_receive(&b->times, &b->frame, &b->scene));
	KUNIT_EXPECT_EQ(test, b->times.target_rx[PROBE_TARGETS + 1], 10000);
	/* while the active port hears nothing the echo proves nothing */
	b->scene.active_heard = false;
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 1, US, PEER));
}

static void targets_that_share_a_group_are_told_apart(struct kunit *test)
{
	static const struct in6_addr twins[PROBE_TARGETS] = {
		{ .s6_addr = { 0x20, 1, 0xd, 0xb8, [7] = 1, [15] = 1 } },
		{ .s6_addr = { 0x20, 1, 0xd, 0xb8, [7] = 2, [15] = 1 } },
	};
	struct bed *b = make_bed(test, 3, PROBE_ON_BACKUP);

	b->cfg.v6 = twins;
	for (u32 i = 0; i < 2; i++) {
		probe_build_ns(b->wire, our_mac, &us6, &twins[i]);
		probe_parse(&b->frame, cpu_to_be16(ETH_P_IPV6), b->wire + 14, PROBE_NS_LEN - 14);
		b->scene.now = 10001 + i;
		KUNIT_EXPECT_TRUE(test, probe_receive(&b->times, &b->frame, &b->scene));
		KUNIT_EXPECT_EQ(test, b->times.target_rx[PROBE_TARGETS + i], 10001 + i);
	}
}

static void a_port_asks_in_its_own_name(struct kunit *test)
{
	static const struct in6_addr want = { .s6_addr = { 0xfe, 0x80, [11] = 0xff, 0xfe, [15] = 1 } };
	struct in6_addr from;

	probe_asker6(our_mac, &from);
	KUNIT_EXPECT_MEMEQ(test, &from, &want, sizeof(want));
}

static void port_on_trial_believes_a_prompt_reply(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_TRIAL);

	b->times.tx = 9850;
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 1, PEER, US));
	KUNIT_EXPECT_TRUE(test, hear_arp(b, 2, PEER, US));
	KUNIT_EXPECT_TRUE(test, hear_na(b, &peer6, &us6));
	b->times.tx = 9849;
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, US));
}

static void a_frame_without_proof_has_no_target(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);
	struct probe_frame plain = { .kind = PROBE_OTHER };

	KUNIT_EXPECT_EQ(test, probe_target(&b->times, &plain, &b->scene), -1);
	/* no lists at all */
	b->cfg.v4 = NULL;
	b->cfg.v6 = NULL;
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, US));
	KUNIT_EXPECT_FALSE(test, hear_na(b, &peer6, &us6));
	b->cfg.all_targets = true;
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), b->times.rx);
}

static void full_lists_are_searched_to_the_end(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);
	struct in6_addr v6[PROBE_TARGETS];
	__be32 v4[PROBE_TARGETS];

	for (int i = 0; i < PROBE_TARGETS; i++) {
		v4[i] = IP(198, 51, 100, i + 1);
		v6[i] = other6;
		v6[i].s6_addr[14] = i + 1;
	}
	b->cfg.v4 = v4;
	b->cfg.v6 = v6;
	KUNIT_EXPECT_TRUE(test, hear_arp(b, 2, v4[15], US));
	KUNIT_EXPECT_EQ(test, b->times.target_rx[15], 10000);
	KUNIT_EXPECT_TRUE(test, hear_na(b, &v6[15], &us6));
	KUNIT_EXPECT_EQ(test, b->times.target_rx[31], 10000);
	KUNIT_EXPECT_FALSE(test, hear_arp(b, 2, PEER, US));
	KUNIT_EXPECT_FALSE(test, hear_na(b, &peer6, &us6));
	b->cfg.all_targets = true;
	KUNIT_EXPECT_LT(test, probe_last_rx(&b->times, &b->cfg), 10000);
}

static void all_targets_waits_for_the_slowest(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);
	u64 before = b->times.rx;

	b->cfg.v6 = NULL;
	b->cfg.all_targets = true;
	hear_arp(b, 2, PEER, US);
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), before);
	b->scene.now = 10050;
	hear_arp(b, 2, PEER2, US);
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), 10000);
	b->cfg.all_targets = false;
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), 10050);
	/* IPv6 targets count as well, the first like the last */
	b->cfg.all_targets = true;
	b->cfg.v6 = targets6;
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), before);
	b->times.target_rx[PROBE_TARGETS + 1] = 10020;
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), before);
	b->times.target_rx[PROBE_TARGETS] = 9990;
	KUNIT_EXPECT_EQ(test, probe_last_rx(&b->times, &b->cfg), 9990);
}

static void within_means_n_and_a_half(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, probe_within(1000, 2, 100, 1250));
	KUNIT_EXPECT_FALSE(test, probe_within(1000, 2, 100, 1251));
	KUNIT_EXPECT_TRUE(test, probe_within(1000, 255, 2147483647, 1ULL << 38));
}

static void balance_modes_want_both_directions(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_times *t = &b->times;

	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, false, 5000), PROBE_KEEP);
	t->tx = 10000;
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, false, 10100), PROBE_KEEP);
	t->rx = 10000;
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, false, 10150), PROBE_UP);
	/* two intervals and a tenth of both */
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 10220), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 10221), PROBE_DOWN);
	/* its carrier was away for so long that nobody asked it */
	t->up = 10251;
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 10251 + 220), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 10251 + 221), PROBE_DOWN);
	t->rx = 20000;
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 20000), PROBE_DOWN);
	b->cfg.missed_max = 255;
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 20000), PROBE_KEEP);
}

static void active_backup_verdicts(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_seat seat = { .role = PROBE_ON_ACTIVE };
	struct probe_times *t = &b->times;

	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 5000), PROBE_KEEP);
	t->rx = 10000;
	t->tx = 10000;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10150), PROBE_UP);
	seat.up = true;
	t->up = 10150;
	/* grace: two intervals and a half after it came up */
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10400), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10401), PROBE_DOWN);
	t->rx = 10400;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10401), PROBE_DOWN);
	t->tx = 10400;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10401), PROBE_KEEP);
	t->rx = 10000;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10401), PROBE_DOWN);
	/* a backup has one interval more, and none is judged during a trial */
	seat.role = PROBE_ON_BACKUP;
	t->rx = 10200;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10530), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10531), PROBE_DOWN);
	seat.someone_on_trial = true;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 99999), PROBE_KEEP);
}

static void a_new_target_has_time_to_answer(struct kunit *test)
{
	static const __be32 fewer[PROBE_TARGETS] = { PEER2, OTHER };
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);
	struct probe_config old = b->cfg;

	b->times.target_rx[1] = 7000;
	b->times.target_rx[PROBE_TARGETS] = 8000;
	b->cfg.v4 = fewer;
	probe_times_move(&b->times, &old, &b->cfg, 9000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[0], 7000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[1], 9000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[PROBE_TARGETS], 8000);
}

static void other_answers_count_from_now_on(struct kunit *test)
{
	struct bed *b = make_bed(test, 3, PROBE_ON_ACTIVE);

	b->times.rx = 7000;
	b->times.tx = 8000;
	probe_times_renew(&b->times, 9000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[0], 9000);
	KUNIT_EXPECT_EQ(test, b->times.target_rx[PROBE_SLOTS - 1], 9000);
	KUNIT_EXPECT_EQ(test, b->times.rx, 7000);
	KUNIT_EXPECT_EQ(test, b->times.tx, 8000);
}

static void targets_are_known_by_what_they_say(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_frame f = { .kind = PROBE_ARP, .sip = PEER2 };

	KUNIT_EXPECT_EQ(test, b->cfg.v4[probe_spoke4(&b->cfg, &f)], PEER2);
	f.sip = US;
	KUNIT_EXPECT_EQ(test, probe_spoke4(&b->cfg, &f), -1);
	f.kind = PROBE_ND;
	f.sip = PEER2;
	KUNIT_EXPECT_EQ(test, probe_spoke4(&b->cfg, &f), -1);
}

static void slow_answers_are_waited_for(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_times *t = &b->times;

	/* somebody else's reply, a question, or an answer to nothing say nothing */
	t->tx = 9970;
	hear_arp(b, 2, OTHER, US);
	hear_arp(b, 1, PEER, US);
	t->tx = 9900;
	hear_arp(b, 2, PEER, US);
	KUNIT_EXPECT_EQ(test, t->lag, 0);
	t->tx = 9982;
	hear_arp(b, 2, PEER, US);
	KUNIT_EXPECT_EQ(test, t->lag, 18);
	/* its second answer is one to the stack's own question */
	b->scene.now += 50;
	hear_arp(b, 2, PEER, US);
	b->scene.now -= 50;
	KUNIT_EXPECT_EQ(test, t->lag, 18);
	t->tx = 10000;
	KUNIT_EXPECT_EQ(test, probe_deadline_balance(t, &b->cfg), 10236);
	t->tx = 9960;
	hear_na(b, &peer6, &us6);
	KUNIT_EXPECT_EQ(test, t->lag, 40);
	t->tx = 10000;
	KUNIT_EXPECT_EQ(test, probe_deadline_balance(t, &b->cfg), 10250);
	/* forgotten in the end */
	for (int i = 0; i < 60; i++) {
		t->tx = 9999 + (i & 1);
		hear_arp(b, 2, PEER, US);
	}
	KUNIT_EXPECT_EQ(test, t->lag, 0);
	KUNIT_EXPECT_EQ(test, probe_deadline_balance(t, &b->cfg), 10220);
	/* many tenths are half an interval at most */
	b->cfg.missed_max = 9;
	KUNIT_EXPECT_EQ(test, probe_deadline_balance(t, &b->cfg), 10950);
}

static void a_late_monitor_is_not_blamed_on_the_port(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_times *t = &b->times;

	t->tx = 10000;
	t->rx = 9990;
	probe_times_forgive(t, 0, 10100);
	KUNIT_EXPECT_EQ(test, t->rx, 9990);
	/* wanted to run at 10100, ran at 13100 */
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 13100), PROBE_DOWN);
	t->target_rx[3] = 13050;
	probe_times_forgive(t, 3000, 13100);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, true, 13100), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, t->target_rx[3], 13100);
}

static void a_new_port_is_neither_alive_nor_late(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_seat seat = { .role = PROBE_ON_BACKUP };

	KUNIT_EXPECT_EQ(test, b->times.rx, 5000 - 151);
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(&b->times, &b->cfg, &seat, 5000), PROBE_KEEP);
	seat.up = true;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(&b->times, &b->cfg, &seat, 5000), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(&b->times, &b->cfg, false, 5000), PROBE_KEEP);
	/* a clock that has only just started */
	probe_times_init(&b->times, &b->cfg, 7);
	KUNIT_EXPECT_EQ(test, b->times.rx, 0);
	KUNIT_EXPECT_EQ(test, b->times.up, 7);
}

static void a_port_that_lost_its_link_is_heard_anew(struct kunit *test)
{
	struct bed *b = make_bed(test, 0, PROBE_ON_ACTIVE);
	struct probe_seat seat = { .role = PROBE_ON_BACKUP };
	struct probe_times *t = &b->times;

	t->tx = 10000;
	t->rx = 9990;
	t->target_rx[3] = 9990;
	t->target_rx[4] = 17;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10000), PROBE_UP);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, false, 10000), PROBE_UP);
	probe_times_lost(t, &b->cfg, 10000);
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10000), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, probe_verdict_balance(t, &b->cfg, false, 10000), PROBE_KEEP);
	KUNIT_EXPECT_EQ(test, t->target_rx[3], 10000 - 151);
	KUNIT_EXPECT_EQ(test, t->target_rx[4], 17);
	t->rx = 10010;
	KUNIT_EXPECT_EQ(test, probe_verdict_backup(t, &b->cfg, &seat, 10020), PROBE_UP);
	/* a clock that has only just started */
	probe_times_lost(t, &b->cfg, 7);
	KUNIT_EXPECT_EQ(test, t->rx, 0);
}

static bool may(void *ctx, u32 i)
{
	return ((bool *)ctx)[i];
}

static void trials_go_round(struct kunit *test)
{
	bool can[4] = { true, false, true, true };

	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 4), 0);
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 0), 2);
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 2), 3);
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 3), 0);
	memset(can, 0, sizeof(can));
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 1), 4);
	can[1] = true;
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 4, 1), 1);
	KUNIT_EXPECT_EQ(test, probe_next_trial(may, can, 0, 0), 0);
}

static struct kunit_case probe_cases[] = {
	KUNIT_CASE(arp_probe_is_well_formed),
	KUNIT_CASE(ns_probe_is_well_formed),
	KUNIT_CASE(parse_refuses_what_is_not_a_proof),
	KUNIT_CASE(arp_validate_table),
	KUNIT_CASE(active_port_believes_targets_only),
	KUNIT_CASE(active_port_believes_ipv6_targets),
	KUNIT_CASE(backup_port_believes_the_echo_of_our_question),
	KUNIT_CASE(port_on_trial_believes_a_prompt_reply),
	KUNIT_CASE(a_frame_without_proof_has_no_target),
	KUNIT_CASE(full_lists_are_searched_to_the_end),
	KUNIT_CASE(all_targets_waits_for_the_slowest),
	KUNIT_CASE(within_means_n_and_a_half),
	KUNIT_CASE(balance_modes_want_both_directions),
	KUNIT_CASE(active_backup_verdicts),
	KUNIT_CASE(a_late_monitor_is_not_blamed_on_the_port),
	KUNIT_CASE(a_new_port_is_neither_alive_nor_late),
	KUNIT_CASE(a_port_that_lost_its_link_is_heard_anew),
	KUNIT_CASE(targets_that_share_a_group_are_told_apart),
	KUNIT_CASE(a_port_asks_in_its_own_name),
	KUNIT_CASE(trials_go_round),
	KUNIT_CASE(a_new_target_has_time_to_answer),
	KUNIT_CASE(other_answers_count_from_now_on),
	KUNIT_CASE(targets_are_known_by_what_they_say),
	KUNIT_CASE(slow_answers_are_waited_for),
	{}
};

static struct kunit_suite probe_suite = {
	.name = "probe",
	.test_cases = probe_cases,
};

kunit_test_suite(probe_suite);

MODULE_DESCRIPTION("ARP and NS monitor decisions");
MODULE_LICENSE("GPL");
