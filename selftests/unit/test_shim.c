// SPDX-License-Identifier: GPL-2.0
/* The words the cores are written in mean the same here as in the kernel. */
#include "kunit.h"
#include "bond_core/shim.h"

static void bytes_are_big_endian(struct kunit *test)
{
	u8 buf[7] = { 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc };

	KUNIT_EXPECT_EQ(test, get_unaligned_be16(buf + 1), 0x1234);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(buf + 1), 0x12345678);
	put_unaligned_be32(0xa1b2c3d4, buf + 3);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(buf + 5), 0xc3d4);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(cpu_to_be16(0x8100)), 0x8100);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(buf + 3), 0xa1b2c3d4);
}

static void addresses_are_classified(struct kunit *test)
{
	static const u8 zero[ETH_ALEN], mc[ETH_ALEN] = { 1 };
	static const u8 bc[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	static const u8 uc[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

	KUNIT_EXPECT_FALSE(test, is_valid_ether_addr(zero));
	KUNIT_EXPECT_FALSE(test, is_valid_ether_addr(mc));
	KUNIT_EXPECT_TRUE(test, is_valid_ether_addr(uc));
	KUNIT_EXPECT_TRUE(test, is_broadcast_ether_addr(bc));
	KUNIT_EXPECT_FALSE(test, is_broadcast_ether_addr(uc));
	KUNIT_EXPECT_FALSE(test, ether_addr_equal(uc, mc));
}

struct item {
	int value;
	struct list_head node;
};

static void lists_keep_order(struct kunit *test)
{
	struct item items[3] = { { .value = 1 }, { .value = 2 }, { .value = 3 } };
	struct item *it, *next;
	struct list_head head;
	int seen = 0;

	INIT_LIST_HEAD(&head);
	KUNIT_EXPECT_TRUE(test, list_empty(&head));
	for (unsigned int i = 0; i < ARRAY_SIZE(items); i++)
		list_add_tail(&items[i].node, &head);
	list_for_each_entry_safe(it, next, &head, node) {
		seen = seen * 10 + it->value;
		list_del(&it->node);
	}
	KUNIT_EXPECT_EQ(test, seen, 123);
	KUNIT_EXPECT_TRUE(test, list_empty(&head));
}

static struct kunit_case shim_cases[] = {
	KUNIT_CASE(bytes_are_big_endian),
	KUNIT_CASE(addresses_are_classified),
	KUNIT_CASE(lists_keep_order),
	{}
};

static struct kunit_suite shim_suite = {
	.name = "shim",
	.test_cases = shim_cases,
};

kunit_test_suite(shim_suite);

MODULE_DESCRIPTION("The words bond_core is written in");
MODULE_LICENSE("GPL");
