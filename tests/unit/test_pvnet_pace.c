// SPDX-License-Identifier: GPL-2.0
/* When events of received packets are gathered, and when each comes at once. */
#include <stdio.h>

#include <linux/kernel.h>

#include "drivers/pvnet/pace.h"
#include "test.h"

#define SOON	50

static struct pvnet_pace pace;
static u64 now;

static void begin(void)
{
	pvnet_pace_init(&pace);
	now = 1000000;
}

static void event_after(u64 gap)
{
	now += gap;
	pvnet_pace_event(&pace, now, SOON);
}

static unsigned int events_until_gathering(unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max && !pace.gather; n++)
		event_after(SOON);
	return n;
}

static void single_events_are_not_gathered(void)
{
	begin();
	for (unsigned int i = 0; i < 100; i++)
		event_after(SOON + 1);
	EXPECT(!pace.gather);
}

static void a_run_is_gathered(void)
{
	begin();
	/* The first has none before it. */
	EXPECT_EQ(events_until_gathering(100), PVNET_PACE_RUN_MIN + 1);
}

static void a_pause_ends_a_run(void)
{
	begin();
	for (unsigned int i = 0; i < 100; i++) {
		for (unsigned int j = 1; j < PVNET_PACE_RUN_MIN; j++)
			event_after(1);
		event_after(SOON + 1);
	}
	EXPECT(!pace.gather);
}

static void gathering_goes_on_while_it_is_worth_it(void)
{
	begin();
	events_until_gathering(100);
	for (unsigned int i = 0; i < 100; i++)
		pvnet_pace_gathered(&pace, PVNET_PACE_WORTH);
	EXPECT(pace.gather);
	pvnet_pace_gathered(&pace, PVNET_PACE_WORTH - 1);
	EXPECT(!pace.gather);
}

/* What is close together yet never many, as requests and responses are. */
static void in_vain_it_is_tried_ever_more_seldom(void)
{
	unsigned int n, before = 0, tries = 0, events = 0;

	begin();
	while (events < 100000) {
		n = events_until_gathering(100000);
		EXPECT(n > before || n == PVNET_PACE_RUN_MAX + 1 ||
		       n == PVNET_PACE_RUN_MAX);
		before = n;
		events += n;
		tries++;
		pvnet_pace_gathered(&pace, 1);
		now += 100 * SOON;
	}
	EXPECT(tries <= 35);
	/* And a stream that comes then is found, and from then on soon. */
	EXPECT(events_until_gathering(100000) <= PVNET_PACE_RUN_MAX + 1);
	pvnet_pace_gathered(&pace, 10);
	pvnet_pace_gathered(&pace, 0);
	now += 100 * SOON;
	EXPECT(events_until_gathering(1000) <= 2 * PVNET_PACE_RUN_MIN + 1);
}

const struct test_case test_cases[] = {
	TEST(single_events_are_not_gathered),
	TEST(a_run_is_gathered),
	TEST(a_pause_ends_a_run),
	TEST(gathering_goes_on_while_it_is_worth_it),
	TEST(in_vain_it_is_tried_ever_more_seldom),
	{ }
};
