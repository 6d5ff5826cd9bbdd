// SPDX-License-Identifier: GPL-2.0
/*
 * The option table: a typo in a row would give users another range, another
 * default or another errno, so every row is looked at.
 */
#include "kunit.h"
#include "bond_option_table.c"
#include "bond_option_text.c"

static const struct bond_option *row(enum bond_option_id id)
{
	return &bond_options[id];
}

static void every_row_is_sound(struct kunit *test)
{
	int i, k;

	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = row(i);

		KUNIT_ASSERT_TRUE(test, o->name && o->about);
		KUNIT_EXPECT_FALSE(test, o->not_in & ~MODES_ALL);
		KUNIT_EXPECT_NE(test, o->not_in, MODES_ALL);
		if (o->flags & BOND_F_MIIMON)
			KUNIT_EXPECT_TRUE(test, o->label != NULL);
		if (o->kind <= BOND_K_NUMBER) {
			KUNIT_EXPECT_TRUE(test, bond_option_in_range(o, o->dflt));
			KUNIT_EXPECT_EQ(test, o->field % sizeof(u32), 0);
		}
		for (k = 0; k < i; k++) {
			KUNIT_EXPECT_NE(test, strcmp(o->name, row(k)->name), 0);
			if (o->nla && (o->flags & BOND_F_PORT) ==
				      (row(k)->flags & BOND_F_PORT))
				KUNIT_EXPECT_NE(test, o->nla, row(k)->nla);
		}
	}
}

static void every_word_means_its_number(struct kunit *test)
{
	const struct bond_word *w;
	char number[16];
	u32 value;
	int i;

	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = row(i);

		for (w = o->words; w && w->word; w++) {
			KUNIT_EXPECT_EQ(test, bond_option_parse(o, w->word, &value), 0);
			KUNIT_EXPECT_EQ(test, value, w->value);
			snprintf(number, sizeof(number), "%u\n", w->value);
			KUNIT_EXPECT_EQ(test, bond_option_parse(o, number, &value), 0);
			KUNIT_EXPECT_EQ(test, value, w->value);
			KUNIT_EXPECT_STREQ(test, bond_option_word(o, value), w->word);
		}
	}
}

static void range_ends_are_in_and_next_to_them_out(struct kunit *test)
{
	char number[32];
	u32 value;
	int i;

	for (i = 0; i < BOND_OPT_COUNT; i++) {
		const struct bond_option *o = row(i);

		if (o->kind > BOND_K_NUMBER)
			continue;
		snprintf(number, sizeof(number), "%lld", o->max);
		KUNIT_EXPECT_EQ(test, bond_option_parse(o, number, &value), 0);
		KUNIT_EXPECT_EQ(test, value, (u32)o->max);
		snprintf(number, sizeof(number), "%lld", o->max + 1);
		KUNIT_EXPECT_EQ(test, bond_option_parse(o, number, &value), -EINVAL);
		snprintf(number, sizeof(number), "%lld", o->min - 1);
		KUNIT_EXPECT_EQ(test, bond_option_parse(o, number, &value), -EINVAL);
	}
}

/* as the kernel's own driver takes them, save for numbers beyond 64 bits */
static void texts_are_taken_as_ever(struct kunit *test)
{
	static const struct {
		enum bond_option_id id;
		const char *text;
		int value;	/* -1: refused */
	} cases[] = {
		{ BOND_OPT_MODE, "3 2\n", 3 },
		{ BOND_OPT_MODE, " 2\n", 2 },
		{ BOND_OPT_MODE, "1\t\n", 1 },
		{ BOND_OPT_MODE, "01", 1 },
		{ BOND_OPT_MODE, "active-backup x\n", 1 },
		{ BOND_OPT_MODE, "default\n", 0 },
		{ BOND_OPT_MODE, "1 x\n", -1 },
		{ BOND_OPT_MODE, "1a\n", -1 },
		{ BOND_OPT_MODE, "0x1\n", -1 },
		{ BOND_OPT_MODE, "+1\n", -1 },
		{ BOND_OPT_MODE, "-1\n", -1 },
		{ BOND_OPT_MODE, "\n", -1 },
		{ BOND_OPT_MODE, " \n", -1 },
		{ BOND_OPT_MODE, "ACTIVE-BACKUP\n", -1 },
		{ BOND_OPT_MODE, "active-backu\n", -1 },
		{ BOND_OPT_MODE, "maxval\n", -1 },
		{ BOND_OPT_MODE, "4294967296\n", -1 },
		{ BOND_OPT_MODE, "18446744073709551616\n", -1 },
		{ BOND_OPT_LACP_RATE, "default\n", -1 },
		{ BOND_OPT_PEER_NOTIF_DELAY, "default\n", -1 },
		{ BOND_OPT_PEER_NOTIF_DELAY, "maxval\n", 300000 },
		{ BOND_OPT_MIIMON, "off\n", 0 },
		{ BOND_OPT_MIIMON, "minval\n", -1 },
		{ BOND_OPT_PACKETS_PER_SLAVE, "off\n", -1 },
		{ BOND_OPT_PACKETS_PER_SLAVE, "default\n", 1 },
		{ BOND_OPT_ARP_MISSED_MAX, "minval\n", 1 },
		{ BOND_OPT_AD_ACTOR_SYS_PRIO, "default\n", 65535 },
		{ BOND_OPT_PRIO, "-5\n", -5 },
		{ BOND_OPT_PRIO, "--5\n", -1 },
	};
	u32 value;
	int i, err;

	for (i = 0; i < (int)ARRAY_SIZE(cases); i++) {
		err = bond_option_parse(row(cases[i].id), cases[i].text, &value);
		if (err)
			value = -1;
		KUNIT_EXPECT_EQ_MSG(test, (int)value, cases[i].value, "%s",
				    cases[i].text);
	}
}

static void addresses_are_read(struct kunit *test)
{
	u8 mac[ETH_ALEN];

	KUNIT_EXPECT_EQ(test, bond_option_parse_mac("02:00:00:00:00:0A x", mac), 0);
	KUNIT_EXPECT_EQ(test, mac[5], 0x0a);
	KUNIT_EXPECT_NE(test, bond_option_parse_mac("02:00:00:00:00", mac), 0);
	KUNIT_EXPECT_NE(test, bond_option_parse_mac("2:0:0:0:0:1", mac), 0);
	KUNIT_EXPECT_NE(test, bond_option_parse_mac("02-00-00-00-00-01", mac), 0);
	KUNIT_EXPECT_NE(test, bond_option_parse_mac("", mac), 0);
}

static void tokens_are_cut_to_their_room(struct kunit *test)
{
	char token[4];

	KUNIT_EXPECT_EQ(test, (int)bond_option_token(" \tab cd", token, sizeof(token)), 2);
	KUNIT_EXPECT_STREQ(test, token, "ab");
	KUNIT_EXPECT_EQ(test, (int)bond_option_token("abcdef", token, sizeof(token)), 3);
	KUNIT_EXPECT_STREQ(test, token, "abc");
	KUNIT_EXPECT_EQ(test, (int)bond_option_token(" \n", token, sizeof(token)), 0);
	KUNIT_EXPECT_STREQ(test, token, "");
}

static void a_queue_is_a_port_and_a_number(struct kunit *test)
{
	static const char * const bad[] = {
		"", "eth0", "eth0:", "eth0:x", "eth0:-1", "eth0:0x3", "eth0:3x", "0123456789abcdef:1",
	};
	char name[BOND_NAME];
	u32 id, i;

	KUNIT_EXPECT_EQ(test, bond_option_parse_queue("eth0:3\n", name, &id), 0);
	KUNIT_EXPECT_STREQ(test, name, "eth0");
	KUNIT_EXPECT_EQ(test, id, 3);
	KUNIT_EXPECT_EQ(test, bond_option_parse_queue("0123456789abcde: 0 x", name, &id), 0);
	KUNIT_EXPECT_STREQ(test, name, "0123456789abcde");
	KUNIT_EXPECT_EQ(test, id, 0);
	KUNIT_EXPECT_EQ(test, bond_option_parse_queue("a:65537", name, &id), 0);
	KUNIT_EXPECT_EQ(test, id, 65537);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, bond_option_parse_queue(bad[i], name, &id), -EPERM, "%s", bad[i]);
}

static void values_print_as_users_read_them(struct kunit *test)
{
	struct bond_port_config port = { .prio = -7 };
	struct bond_config c;
	char buf[64];

	bond_config_default(&c);
	bond_option_print(row(BOND_OPT_MODE), &c, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "balance-rr 0\n");
	bond_option_print(row(BOND_OPT_USE_CARRIER), &c, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "1\n");
	bond_option_print(row(BOND_OPT_MIIMON), &c, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "0\n");
	bond_option_print(row(BOND_OPT_PRIO), &port, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "-7\n");
	c.peer_notif_delay = 4294967294u;
	bond_option_print(row(BOND_OPT_PEER_NOTIF_DELAY), &c, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "-2\n");
	c.hash_seed = 4294967294u;
	bond_option_print(row(BOND_OPT_HASH_SEED), &c, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "4294967294\n");
}

/* What bond_options.c does with a changed scalar. */
static void set(struct bond_config *c, enum bond_option_id id, u32 value)
{
	u32 old = bond_option_get(row(id), c);

	if (value == old)
		return;
	bond_option_put(row(id), c, value);
	if (row(id)->effect)
		row(id)->effect(c);
}

static void delays_follow_miimon(struct kunit *test)
{
	struct bond_config c;

	bond_config_default(&c);
	set(&c, BOND_OPT_MIIMON, 100);
	set(&c, BOND_OPT_UPDELAY, 250);
	set(&c, BOND_OPT_DOWNDELAY, 350);
	KUNIT_EXPECT_EQ(test, c.updelay, 200);
	set(&c, BOND_OPT_MIIMON, 70);
	KUNIT_EXPECT_EQ(test, c.updelay, 140);
	KUNIT_EXPECT_EQ(test, c.downdelay, 210);
	set(&c, BOND_OPT_ARP_INTERVAL, 500);
	KUNIT_EXPECT_EQ(test, c.miimon, 0);
	KUNIT_EXPECT_EQ(test, c.updelay, 0);
	set(&c, BOND_OPT_ARP_VALIDATE, 3);
	set(&c, BOND_OPT_MIIMON, 100);
	KUNIT_EXPECT_EQ(test, c.arp_interval, 0);
	KUNIT_EXPECT_EQ(test, c.arp_validate, 0);
	KUNIT_EXPECT_EQ(test, c.updelay, 200);
}

static void modes_that_watch_carrier_get_miimon(struct kunit *test)
{
	struct bond_config c;

	bond_config_default(&c);
	set(&c, BOND_OPT_ARP_INTERVAL, 300);
	set(&c, BOND_OPT_ARP_VALIDATE, 1);
	c.broadcast_neighbor = 1;
	c.tlb_dynamic_lb = 0;
	set(&c, BOND_OPT_MODE, 6);
	KUNIT_EXPECT_EQ(test, c.miimon, 100);
	KUNIT_EXPECT_EQ(test, c.arp_interval, 0);
	KUNIT_EXPECT_EQ(test, c.arp_validate, 0);
	KUNIT_EXPECT_EQ(test, c.broadcast_neighbor, 0);
	KUNIT_EXPECT_EQ(test, c.tlb_dynamic_lb, 1);
}

static void monitors_may_be_combined(struct kunit *test)
{
	const struct bond_option *interval = row(BOND_OPT_ARP_INTERVAL);
	struct bond_config c;

	bond_config_default(&c);
	set(&c, BOND_OPT_MODE, 4);
	KUNIT_EXPECT_FALSE(test, bond_option_in_mode(interval, &c));
	set(&c, BOND_OPT_MONITORS, 1);
	KUNIT_EXPECT_TRUE(test, bond_option_in_mode(interval, &c));
	KUNIT_EXPECT_FALSE(test, bond_option_in_mode(row(BOND_OPT_PACKETS_PER_SLAVE), &c));
	set(&c, BOND_OPT_ARP_INTERVAL, 300);
	KUNIT_EXPECT_EQ(test, c.miimon, 100);
	set(&c, BOND_OPT_MIIMON, 50);
	KUNIT_EXPECT_EQ(test, c.arp_interval, 300);
	set(&c, BOND_OPT_MODE, 5);
	KUNIT_EXPECT_EQ(test, c.arp_interval, 300);
	/* one of them goes, in these modes always the probes */
	set(&c, BOND_OPT_MIIMON, 0);
	set(&c, BOND_OPT_MONITORS, 0);
	KUNIT_EXPECT_EQ(test, c.arp_interval, 0);
	KUNIT_EXPECT_EQ(test, c.miimon, 100);
	KUNIT_EXPECT_FALSE(test, bond_option_in_mode(interval, &c));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(monitors_may_be_combined),
	KUNIT_CASE(every_row_is_sound),
	KUNIT_CASE(every_word_means_its_number),
	KUNIT_CASE(range_ends_are_in_and_next_to_them_out),
	KUNIT_CASE(texts_are_taken_as_ever),
	KUNIT_CASE(addresses_are_read),
	KUNIT_CASE(tokens_are_cut_to_their_room),
	KUNIT_CASE(a_queue_is_a_port_and_a_number),
	KUNIT_CASE(values_print_as_users_read_them),
	KUNIT_CASE(delays_follow_miimon),
	KUNIT_CASE(modes_that_watch_carrier_get_miimon),
	{}
};

static struct kunit_suite options_suite = {
	.name = "options",
	.test_cases = cases,
};

kunit_test_suite(options_suite);
