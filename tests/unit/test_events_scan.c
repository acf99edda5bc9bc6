// SPDX-License-Identifier: GPL-2.0
/* Pending channels of the 2-level ABI: each that is due is found once, and none that is not. */
#include <stdlib.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "xenstore-lite/events/scan.h"
#include "test.h"

#define PORTS	(64 * 64)

static unsigned long pending[64], masked[64], mine[64];
static unsigned int found[PORTS];
static u32 order[PORTS], count;

static void set(unsigned long *bits, u32 port)
{
	bits[port / 64] |= 1UL << port % 64;
}

static bool is_set(const unsigned long *bits, u32 port)
{
	return bits[port / 64] & 1UL << port % 64;
}

static void note(u32 port)
{
	if (!EXPECT(port < PORTS))
		return;
	found[port]++;
	order[count++ % PORTS] = port;
}

static struct evt_scan start(void)
{
	memset(pending, 0, sizeof(pending));
	memset(masked, 0, sizeof(masked));
	memset(mine, 0xff, sizeof(mine));
	memset(found, 0, sizeof(found));
	count = 0;
	return (struct evt_scan){ .pending = pending, .masked = masked, .mine = mine };
}

static void finds_the_ends(void)
{
	static const u32 ports[] = { 0, 1, 63, 64, 2047, 4032, 4095 };
	struct evt_scan scan = start();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ports); i++)
		set(pending, ports[i]);
	evt_scan(&scan, ~0UL, note);
	EXPECT_EQ(count, ARRAY_SIZE(ports));
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		EXPECT_EQ(found[ports[i]], 1);
}

static void leaves_what_is_not_due(void)
{
	struct evt_scan scan = start();

	set(pending, 100);
	set(masked, 100);
	set(pending, 200);
	mine[200 / 64] = 0;
	set(pending, 300);
	evt_scan(&scan, ~(1UL << (300 / 64)), note);
	EXPECT_EQ(count, 0);
}

static void each_word_is_first_in_its_turn(void)
{
	struct evt_scan scan = start();
	u64 first = 0;
	int round;

	for (round = 0; round < 64; round++)
		set(pending, round * 64 + 5);
	for (round = 0; round < 64; round++) {
		count = 0;
		evt_scan(&scan, ~0UL, note);
		EXPECT_EQ(count, 64);
		first |= 1UL << order[0] / 64;
	}
	EXPECT_EQ(first, ~0UL);
}

static void finds_what_is_due_of_any(void)
{
	int round;
	u32 port;

	srand(1);
	for (round = 0; round < 300; round++) {
		struct evt_scan scan = start();
		unsigned long sel = (unsigned long)rand() << 40 ^
				    (unsigned long)rand() << 20 ^ rand();
		int i;

		memset(mine, 0, sizeof(mine));
		for (i = 0; i < 2000; i++) {
			set(pending, rand() % PORTS);
			set(mine, rand() % PORTS);
			if (i % 4 == 0)
				set(masked, rand() % PORTS);
		}
		scan.turn = rand() % 64;
		evt_scan(&scan, sel, note);
		for (port = 0; port < PORTS; port++) {
			bool due = is_set(pending, port) && is_set(mine, port) &&
				   !is_set(masked, port) && sel & 1UL << port / 64;

			if (!EXPECT_EQ(found[port], due))
				return;
		}
	}
}

const struct test_case test_cases[] = {
	TEST(finds_the_ends),
	TEST(leaves_what_is_not_due),
	TEST(each_word_is_first_in_its_turn),
	TEST(finds_what_is_due_of_any),
	{ }
};
