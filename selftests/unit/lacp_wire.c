// SPDX-License-Identifier: GPL-2.0
/* LACPDUs and Marker PDUs on the wire (6.4.2, 6.5.3): bounded, exact. */
#include "lacp_bed.h"

/* the LACPDU of a public Wireshark sample capture */
static const u8 captured[LACP_PDU_LEN] = {
	0x01, 0x01, 0x01, 0x14, 0x91, 0xf4, 0x00, 0x04, 0x96, 0x1f, 0x50, 0x6a,
	0x80, 0x00, 0x00, 0x00, 0x00, 0x12, 0x47, 0x00, 0x00, 0x00,
	0x02, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x3b, 0x00, 0x00, 0x00,
	0x03, 0x10, 0x00, 0x02,
};

static void a_captured_lacpdu_is_read(struct kunit *test)
{
	static const u8 system[ETH_ALEN] = { 0x00, 0x04, 0x96, 0x1f, 0x50, 0x6a };
	struct lacp_marker marker;
	struct lacp_pdu pdu;

	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(captured, sizeof(captured), &pdu, &marker),
			LACP_FRAME_LACPDU);
	KUNIT_EXPECT_EQ(test, pdu.actor.sys_prio, 0x91f4);
	KUNIT_EXPECT_MEMEQ(test, pdu.actor.system, system, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, pdu.actor.key, 0x8000);
	KUNIT_EXPECT_EQ(test, pdu.actor.port_prio, 0);
	KUNIT_EXPECT_EQ(test, pdu.actor.port, 0x12);
	KUNIT_EXPECT_EQ(test, pdu.actor.state, ACT | SHORT | AGG | DEFD);
	KUNIT_EXPECT_EQ(test, pdu.partner.state, 0x3b);
	KUNIT_EXPECT_EQ(test, pdu.max_delay, 2);
}

static void a_lacpdu_is_written_octet_by_octet(struct kunit *test)
{
	struct lacp_pdu pdu = {
		.actor = { .system = { 2, 3, 4, 5, 6, 7 }, .sys_prio = 0x0102, .key = 0x0809,
			   .port_prio = 0x0a0b, .port = 0x0c0d, .state = 0x3f },
		.partner = { .system = { 22, 23, 24, 25, 26, 27 }, .sys_prio = 0x1112,
			     .key = 0x1819, .port_prio = 0x1a1b, .port = 0x1c1d,
			     .state = 0x47 },
		.max_delay = 0x2122,
	};
	static const u8 want[LACP_PDU_LEN] = {
		1, 1, 1, 20, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x3f, 0, 0, 0,
		2, 20, 0x11, 0x12, 22, 23, 24, 25, 26, 27, 0x18, 0x19, 0x1a, 0x1b,
		0x1c, 0x1d, 0x47, 0, 0, 0, 3, 16, 0x21, 0x22,
	};
	u8 buf[LACP_PDU_LEN];

	memset(buf, 0xee, sizeof(buf));
	lacp_pdu_write(&pdu, buf);
	KUNIT_EXPECT_MEMEQ(test, buf, want, sizeof(want));
}

static enum lacp_frame_kind kind_with(unsigned int offset, u8 value, size_t len)
{
	u8 buf[LACP_PDU_LEN + 40] = {};
	struct lacp_marker marker;
	struct lacp_pdu pdu;

	memcpy(buf, captured, sizeof(captured));
	buf[offset] = value;
	return lacp_pdu_parse(buf, len, &pdu, &marker);
}

static void any_version_is_accepted(struct kunit *test)
{
	int version;

	for (version = 0; version < 256; version++)
		KUNIT_EXPECT_EQ_MSG(test, kind_with(1, version, LACP_PDU_LEN),
				    LACP_FRAME_LACPDU, "version %d", version);
}

static void tlv_types_and_reserved_octets_are_not_validated(struct kunit *test)
{
	static const u8 offsets[] = { 2, 19, 20, 21, 22, 39, 42, 46, 57, 60, 109 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		KUNIT_EXPECT_EQ_MSG(test, kind_with(offsets[i], 0xff, LACP_PDU_LEN),
				    LACP_FRAME_LACPDU, "offset %u", offsets[i]);
}

static void wrong_tlv_lengths_are_illegal(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kind_with(3, 19, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
	KUNIT_EXPECT_EQ(test, kind_with(3, 255, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
	KUNIT_EXPECT_EQ(test, kind_with(23, 0, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
	KUNIT_EXPECT_EQ(test, kind_with(43, 15, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
	KUNIT_EXPECT_EQ(test, kind_with(59, 1, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
}

/* version 2, and vendors, put more TLVs where version 1 has its Terminator */
static void unknown_tlvs_behind_the_collector_are_ignored(struct kunit *test)
{
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];
	struct lacp_pdu pdu;

	memcpy(buf, captured, sizeof(buf));
	buf[1] = 0xf1;
	buf[58] = 0x80;
	buf[59] = 4;
	buf[60] = 3;
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), &pdu, &marker),
			LACP_FRAME_LACPDU);
	KUNIT_EXPECT_EQ(test, pdu.version, 0xf1);
	KUNIT_EXPECT_EQ(test, pdu.actor.port, 0x12);
}

static void short_frames_are_illegal_and_never_read_past_the_end(struct kunit *test)
{
	struct lacp_marker marker;
	struct lacp_pdu pdu;
	size_t len;
	u8 *exact;

	for (len = 0; len < LACP_PDU_LEN; len++) {
		/* its own allocation, so that a sanitizer sees one octet too many */
		exact = kunit_kzalloc(test, max_t(size_t, len, 1), GFP_KERNEL);
		memcpy(exact, captured, len);
		KUNIT_EXPECT_EQ_MSG(test, lacp_pdu_parse(exact, len, &pdu, &marker),
				    LACP_FRAME_ILLEGAL, "length %zu", len);
	}
}

static void longer_frames_are_accepted(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kind_with(0, 1, LACP_PDU_LEN + 1), LACP_FRAME_LACPDU);
	KUNIT_EXPECT_EQ(test, kind_with(0, 1, LACP_PDU_LEN + 40), LACP_FRAME_LACPDU);
}

static void other_subtypes_are_left_to_others(struct kunit *test)
{
	int subtype;

	for (subtype = 3; subtype <= 10; subtype++)
		KUNIT_EXPECT_EQ(test, kind_with(0, subtype, LACP_PDU_LEN),
				LACP_FRAME_FOREIGN);
	/* also a short one: 802.3 OAM frames are shorter than ours */
	KUNIT_EXPECT_EQ(test, kind_with(0, 3, 46), LACP_FRAME_FOREIGN);
}

static void illegal_subtypes_are_told_apart(struct kunit *test)
{
	int subtype;

	KUNIT_EXPECT_EQ(test, kind_with(0, 0, LACP_PDU_LEN), LACP_FRAME_ILLEGAL);
	for (subtype = 11; subtype < 256; subtype++)
		KUNIT_EXPECT_EQ(test, kind_with(0, subtype, LACP_PDU_LEN),
				LACP_FRAME_ILLEGAL);
}

static void a_marker_is_answered_with_its_own_words(struct kunit *test)
{
	static const u8 want[LACP_PDU_LEN] = {
		2, 1, 2, 16, 0x12, 0x34, 2, 0, 0, 0, 0, 9, 0xde, 0xad, 0xbe, 0xef,
	};
	const struct lacp_marker asked = {
		.system = { 2, 0, 0, 0, 0, 9 }, .port = 0x1234, .transaction = 0xdeadbeef,
	};
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];

	lacp_marker_write(&asked, false, buf);
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
			LACP_FRAME_MARKER);
	KUNIT_EXPECT_EQ(test, marker.transaction, 0xdeadbeef);
	memset(buf, 0xee, sizeof(buf));
	lacp_marker_write(&marker, true, buf);
	KUNIT_EXPECT_MEMEQ(test, buf, want, sizeof(want));
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
			LACP_FRAME_MARKER_RESPONSE);
}

/* the length is sixteen; 0x16, as an old comment had it, is no Marker */
static void a_marker_of_wrong_length_or_type_is_refused(struct kunit *test)
{
	const struct lacp_marker asked = { .port = 1 };
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];

	lacp_marker_write(&asked, false, buf);
	buf[3] = 0x16;
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
			LACP_FRAME_ILLEGAL);
	buf[3] = 16;
	buf[2] = 3;
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
			LACP_FRAME_MARKER_UNKNOWN);
	buf[2] = 1;
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf) - 1, NULL, &marker),
			LACP_FRAME_ILLEGAL);
}

static void a_marker_is_read_whatever_its_version_and_pad(struct kunit *test)
{
	const struct lacp_marker asked = { .port = 1 };
	struct lacp_marker marker;
	u8 buf[LACP_PDU_LEN];

	lacp_marker_write(&asked, false, buf);
	buf[1] = 9;
	buf[16] = 0xff;
	buf[18] = 0xff;
	buf[109] = 0xff;
	KUNIT_EXPECT_EQ(test, lacp_pdu_parse(buf, sizeof(buf), NULL, &marker),
			LACP_FRAME_MARKER);
}

static void keys_carry_the_speed_codes_users_know(struct kunit *test)
{
	static const u32 speeds[] = {
		1, 10, 100, 1000, 2500, 5000, 10000, 14000, 20000, 25000, 40000, 50000,
		56000, 80000, 100000, 200000, 400000, 800000, 1600000,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(speeds); i++) {
		KUNIT_EXPECT_EQ(test, speed_lacp_code(speeds[i]), i + 1);
		KUNIT_EXPECT_TRUE(test, speed_known(speeds[i]));
	}
	KUNIT_EXPECT_EQ(test, speed_lacp_code(12345), 0);
	KUNIT_EXPECT_FALSE(test, speed_known(0));
	KUNIT_EXPECT_FALSE(test, speed_known(SPEED_MBPS_ANY));
}

static struct kunit_case lacp_wire_cases[] = {
	KUNIT_CASE(a_captured_lacpdu_is_read),
	KUNIT_CASE(a_lacpdu_is_written_octet_by_octet),
	KUNIT_CASE(any_version_is_accepted),
	KUNIT_CASE(tlv_types_and_reserved_octets_are_not_validated),
	KUNIT_CASE(wrong_tlv_lengths_are_illegal),
	KUNIT_CASE(unknown_tlvs_behind_the_collector_are_ignored),
	KUNIT_CASE(short_frames_are_illegal_and_never_read_past_the_end),
	KUNIT_CASE(longer_frames_are_accepted),
	KUNIT_CASE(other_subtypes_are_left_to_others),
	KUNIT_CASE(illegal_subtypes_are_told_apart),
	KUNIT_CASE(a_marker_is_answered_with_its_own_words),
	KUNIT_CASE(a_marker_of_wrong_length_or_type_is_refused),
	KUNIT_CASE(a_marker_is_read_whatever_its_version_and_pad),
	KUNIT_CASE(keys_carry_the_speed_codes_users_know),
	{}
};

static struct kunit_suite lacp_wire_suite = {
	.name = "lacp_wire",
	.test_cases = lacp_wire_cases,
};
kunit_test_suite(lacp_wire_suite);
MODULE_LICENSE("GPL");
