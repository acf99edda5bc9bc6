// SPDX-License-Identifier: GPL-2.0
/* For how many responses an event of a disk waits. */
#include <linux/kernel.h>

#include "drivers/pvblk/coalesce.h"
#include "test.h"

#define MOST	16

static struct pvblk_coalesce c;

static unsigned int next(unsigned int in_flight)
{
	return pvblk_coalesce_next(&c, in_flight, MOST, false);
}

static unsigned int late(unsigned int in_flight)
{
	return pvblk_coalesce_next(&c, in_flight, MOST, true);
}

/* Turns until an event waits for more than one response again. */
static unsigned int turns_held(void)
{
	unsigned int turns = 0;

	while (turns <= PVBLK_COALESCE_HOLD_MAX && next(32) == 1)
		turns++;
	return turns;
}

static void few_requests_have_an_event_each(void)
{
	pvblk_coalesce_init(&c);
	EXPECT_EQ(c.wait, 1);
	for (unsigned int n = 0; n < 2 * PVBLK_COALESCE_SHARE; n++)
		EXPECT_EQ(next(n), 1);
}

static void many_share_an_event(void)
{
	pvblk_coalesce_init(&c);
	EXPECT_EQ(next(8), 2);
	EXPECT_EQ(next(32), 8);
	EXPECT_EQ(next(512), MOST);
	EXPECT_EQ(c.wait, MOST);
	EXPECT_EQ(next(0), 1);
}

static void it_can_be_switched_off(void)
{
	pvblk_coalesce_init(&c);
	EXPECT_EQ(pvblk_coalesce_next(&c, 512, 1, false), 1);
	EXPECT_EQ(pvblk_coalesce_next(&c, 512, 1, true), 1);
}

/* Else no event would ever come. */
static void never_waits_for_more_than_is_in_flight(void)
{
	pvblk_coalesce_init(&c);
	for (unsigned int n = 1; n < 600; n++) {
		unsigned int wait = pvblk_coalesce_next(&c, n, 256, n % 7 == 0);

		if (!EXPECT(wait >= 1 && wait <= n && wait <= 256))
			return;
	}
}

static void a_slow_backend_is_left_alone_for_longer_each_time(void)
{
	unsigned int hold = PVBLK_COALESCE_HOLD_MIN;

	pvblk_coalesce_init(&c);
	EXPECT_EQ(next(32), 8);
	for (unsigned int times = 0; times < 12; times++) {
		EXPECT_EQ(late(32), 1);
		/* The last of them lets an event wait again. */
		EXPECT_EQ(turns_held(), hold - 1);
		hold = min(hold * 2, PVBLK_COALESCE_HOLD_MAX);
	}
	/* It got faster: the event came first. */
	EXPECT_EQ(next(32), 8);
	EXPECT_EQ(late(32), 1);
	EXPECT_EQ(turns_held(), PVBLK_COALESCE_HOLD_MIN - 1);
}

const struct test_case test_cases[] = {
	TEST(few_requests_have_an_event_each),
	TEST(many_share_an_event),
	TEST(it_can_be_switched_off),
	TEST(never_waits_for_more_than_is_in_flight),
	TEST(a_slow_backend_is_left_alone_for_longer_each_time),
	{ }
};
