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

static unsigned int elsewhere;

/* While a CPU is at channel 100, another one gets 101 and 4000, and has dealt with them. */
static void note_and_move(u32 port)
{
	note(port);
	if (port != 100)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		u32 moved = i ? 4000 : 101;

		if (!is_set(pending, moved))
			continue;
		pending[moved / 64] &= ~(1UL << moved % 64);
		elsewhere++;
	}
}

static void a_channel_that_moves_is_found_once(void)
{
	struct evt_scan scan = start();

	elsewhere = 0;
	set(pending, 100);
	set(pending, 101);
	set(pending, 102);
	set(pending, 4000);
	evt_scan(&scan, ~0UL, note_and_move);
	EXPECT_EQ(elsewhere, 2);
	EXPECT_EQ(found[100], 1);
	EXPECT_EQ(found[101], 0);
	EXPECT_EQ(found[102], 1);
	EXPECT_EQ(found[4000], 0);
	EXPECT(!is_set(pending, 100));
	EXPECT(!is_set(pending, 102));
}

/* What becomes pending while it is dealt with is for the next time. */
static void note_and_set(u32 port)
{
	note(port);
	set(pending, port);
}

static void what_comes_meanwhile_stays(void)
{
	struct evt_scan scan = start();

	set(pending, 7);
	evt_scan(&scan, ~0UL, note_and_set);
	EXPECT_EQ(found[7], 1);
	EXPECT(is_set(pending, 7));
}

static void each_word_is_first_in_its_turn(void)
{
	struct evt_scan scan = start();
	u64 first = 0;
	int round, word;

	for (round = 0; round < 64; round++) {
		for (word = 0; word < 64; word++)
			set(pending, word * 64 + 5);
		count = 0;
		evt_scan(&scan, ~0UL, note);
		EXPECT_EQ(count, 64);
		first |= 1UL << order[0] / 64;
	}
	EXPECT_EQ(first, ~0UL);
}

static void finds_what_is_due_of_any(void)
{
	static unsigned long before[64];
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
		memcpy(before, pending, sizeof(before));
		evt_scan(&scan, sel, note);
		for (port = 0; port < PORTS; port++) {
			bool due = is_set(before, port) && is_set(mine, port) &&
				   !is_set(masked, port) && sel & 1UL << port / 64;

			if (!EXPECT_EQ(found[port], due))
				return;
		}
	}
}

const struct test_case test_cases[] = {
	TEST(finds_the_ends),
	TEST(leaves_what_is_not_due),
	TEST(a_channel_that_moves_is_found_once),
	TEST(what_comes_meanwhile_stays),
	TEST(each_word_is_first_in_its_turn),
	TEST(finds_what_is_due_of_any),
	{ }
};
