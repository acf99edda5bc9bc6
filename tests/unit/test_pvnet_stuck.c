// SPDX-License-Identifier: GPL-2.0
/* What counts as a lost event, and when a queue is quiet. */
#include <linux/kernel.h>

#include "drivers/pvnet/stuck.h"
#include "test.h"

static const unsigned int every[] = { PVNET_LOST_TX, PVNET_LOST_RX, PVNET_LOST_NOTIFY };

/* The index whose movement says that an event of that kind is only late. */
static RING_IDX *index_of(struct pvnet_look *look, unsigned int which)
{
	switch (which) {
	case PVNET_LOST_TX:
		return &look->tx_cons;
	case PVNET_LOST_RX:
		return &look->rx_cons;
	default:
		return &look->tx_moves;
	}
}

static void what_waits_twice_was_lost(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(every); i++) {
		struct pvnet_stuck stuck = { };
		struct pvnet_look look = { .waits = every[i] };

		EXPECT_EQ(pvnet_stuck_look(&stuck, &look), 0);
		EXPECT_EQ(pvnet_stuck_look(&stuck, &look), every[i]);
		/* Mended: it takes two more looks. */
		EXPECT_EQ(pvnet_stuck_look(&stuck, &look), 0);
		EXPECT_EQ(pvnet_stuck_look(&stuck, &look), every[i]);
	}
}

static void what_moves_is_only_late(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(every); i++) {
		struct pvnet_stuck stuck = { };
		struct pvnet_look look = { .waits = every[i] };

		for (unsigned int n = 0; n < 10; n++) {
			++*index_of(&look, every[i]);
			EXPECT_EQ(pvnet_stuck_look(&stuck, &look), 0);
			EXPECT(!stuck.quiet);
		}
		EXPECT_EQ(pvnet_stuck_look(&stuck, &look), every[i]);
	}
}

static void each_kind_is_told_from_the_others(void)
{
	struct pvnet_stuck stuck = { };
	struct pvnet_look look = { .waits = PVNET_LOST_TX | PVNET_LOST_RX };

	pvnet_stuck_look(&stuck, &look);
	look.rx_cons++;
	EXPECT_EQ(pvnet_stuck_look(&stuck, &look), PVNET_LOST_TX);
	EXPECT_EQ(pvnet_stuck_look(&stuck, &look), PVNET_LOST_RX);
}

static void quiet_is_nothing_outstanding_and_nothing_moved(void)
{
	struct pvnet_stuck stuck = { };
	struct pvnet_look look = { .tx_cons = 5, .rx_cons = 7, .tx_moves = 9 };

	pvnet_stuck_look(&stuck, &look);
	EXPECT(!stuck.quiet);
	pvnet_stuck_look(&stuck, &look);
	EXPECT(stuck.quiet);
	look.rx_cons++;
	pvnet_stuck_look(&stuck, &look);
	EXPECT(!stuck.quiet);
	look.busy = true;
	pvnet_stuck_look(&stuck, &look);
	EXPECT(!stuck.quiet);
	look.busy = false;
	for (unsigned int i = 0; i < ARRAY_SIZE(every); i++) {
		look.waits = every[i];
		pvnet_stuck_look(&stuck, &look);
		EXPECT(!stuck.quiet);
	}
	look.waits = 0;
	pvnet_stuck_look(&stuck, &look);
	EXPECT(stuck.quiet);
}

const struct test_case test_cases[] = {
	TEST(what_waits_twice_was_lost),
	TEST(what_moves_is_only_late),
	TEST(each_kind_is_told_from_the_others),
	TEST(quiet_is_nothing_outstanding_and_nothing_moved),
	{ }
};
