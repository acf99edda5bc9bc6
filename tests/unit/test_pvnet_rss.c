// SPDX-License-Identifier: GPL-2.0
/* Hash settings, and what a backend can be told of them. */
#include <linux/kernel.h>

#include "drivers/pvnet/rss.h"
#include "drivers/pvnet/wire.h"
#include "test.h"

#define IPV4		XEN_NETIF_CTRL_HASH_TYPE_IPV4
#define IPV4_TCP	XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP
#define IPV6		XEN_NETIF_CTRL_HASH_TYPE_IPV6
#define IPV6_TCP	XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP
#define ALL		(IPV4 | IPV4_TCP | IPV6 | IPV6_TCP)

static u32 table[PVNET_RSS_TABLE];

/* Entries 0, 1, ... @period - 1, 0, 1, ..., as queues of @of. */
static struct pvnet_rss set(unsigned int period, unsigned int queues)
{
	struct pvnet_rss rss = { };

	for (unsigned int i = 0; i < PVNET_RSS_TABLE; i++)
		table[i] = i % period;
	pvnet_rss_set_table(&rss, table, queues);
	return rss;
}

static void the_default_table_follows_the_number_of_queues(void)
{
	struct pvnet_rss rss = set(4, 4);

	EXPECT_EQ(rss.custom, false);
	for (unsigned int i = 0; i < PVNET_RSS_TABLE; i++)
		EXPECT_EQ(pvnet_rss_queue(&rss, i, 3), i % 3);
	EXPECT(pvnet_rss_fits(&rss, 128, 1));
	EXPECT(pvnet_rss_fits(&rss, 0, 1));
}

static void a_table_is_what_was_set(void)
{
	struct pvnet_rss rss = set(2, 4);

	EXPECT_EQ(rss.custom, true);
	for (unsigned int i = 0; i < PVNET_RSS_TABLE; i++)
		EXPECT_EQ(pvnet_rss_queue(&rss, i, 4), i % 2);
	/* One entry makes the difference. */
	rss = set(4, 4);
	table[127] = 0;
	pvnet_rss_set_table(&rss, table, 4);
	EXPECT_EQ(rss.custom, true);
	EXPECT_EQ(pvnet_rss_queue(&rss, 127, 4), 0);
}

static void a_backend_that_serves_fewer_queues_cannot_have_it(void)
{
	struct pvnet_rss rss = set(3, 4);

	EXPECT(pvnet_rss_fits(&rss, 128, 3));
	EXPECT(!pvnet_rss_fits(&rss, 128, 2));
	EXPECT(!pvnet_rss_fits(&rss, 128, 1));
}

static void a_smaller_table_has_to_say_the_same(void)
{
	struct pvnet_rss rss = set(2, 8);

	for (unsigned int size = 2; size <= 128; size *= 2)
		EXPECT(pvnet_rss_fits(&rss, size, 8));
	EXPECT(!pvnet_rss_fits(&rss, 1, 8));
	EXPECT(!pvnet_rss_fits(&rss, 0, 8));
	rss = set(3, 8);
	EXPECT(pvnet_rss_fits(&rss, 128, 8));
	EXPECT(!pvnet_rss_fits(&rss, 64, 8));
	rss = set(1, 8);
	EXPECT(pvnet_rss_fits(&rss, 1, 8));
}

static void sizes_are_powers_of_two(void)
{
	static const u32 most[][2] = {
		{ 0, 0 }, { 1, 1 }, { 2, 2 }, { 3, 2 }, { 63, 32 }, { 64, 64 }, { 100, 64 },
		{ 127, 64 }, { 128, 128 }, { 129, 128 }, { 0xffffffff, 128 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(most); i++)
		EXPECT_EQ(pvnet_rss_size(most[i][0]), most[i][1]);
}

static void nothing_is_asked_for_that_the_backend_cannot_do(void)
{
	struct pvnet_rss rss = { .ports4 = true, .ports6 = true };

	EXPECT_EQ(pvnet_rss_flags(&rss, ALL), ALL);
	EXPECT_EQ(pvnet_rss_flags(&rss, 0xffffffff), ALL);
	EXPECT_EQ(pvnet_rss_flags(&rss, IPV4 | IPV6_TCP), IPV4 | IPV6_TCP);
	EXPECT_EQ(pvnet_rss_flags(&rss, 0), 0);
	rss.ports4 = false;
	EXPECT_EQ(pvnet_rss_flags(&rss, ALL), ALL & ~IPV4_TCP);
	rss.ports6 = false;
	EXPECT_EQ(pvnet_rss_flags(&rss, ALL), IPV4 | IPV6);
}

const struct test_case test_cases[] = {
	TEST(the_default_table_follows_the_number_of_queues),
	TEST(a_table_is_what_was_set),
	TEST(a_backend_that_serves_fewer_queues_cannot_have_it),
	TEST(a_smaller_table_has_to_say_the_same),
	TEST(sizes_are_powers_of_two),
	TEST(nothing_is_asked_for_that_the_backend_cannot_do),
	{ }
};
