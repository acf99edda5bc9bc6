// SPDX-License-Identifier: GPL-2.0
/* How a balloon follows its target, and how often it tries what cannot be done. */
#include <linux/kernel.h>

#include "xenstore-lite/balloon/plan.h"
#include "test.h"

static const struct row {
	struct bal_goal goal;
	long step;
} rows[] = {
	{ { .has = 100, .target = 100, .empty = 50 }, 0 },
	{ { .has = 100, .target = 130, .empty = 50 }, 30 },
	{ { .has = 100, .target = 1000, .empty = 50 }, 50 },
	{ { .has = 100, .target = 10000, .empty = 5000 }, 512 },
	{ { .has = 100, .target = 200, .empty = 0 }, 0 },
	{ { .has = 100, .target = 70, .empty = 0 }, -30 },
	{ { .has = 10000, .target = 70, .empty = 3 }, -512 },
	{ { .has = 100, .target = 0, .empty = 3 }, -100 },
	/* Kept for a while; but more is welcome then too. */
	{ { .has = 100, .target = 70, .empty = 3, .hold = true }, 0 },
	{ { .has = 100, .target = 102, .empty = 3, .hold = true }, 2 },
	{ { .has = 100, .target = ~0UL, .empty = 3 }, 3 },
	{ { .has = ~0UL, .target = 0, .empty = 3 }, -512 },
};

static void steps_towards_the_target(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(bal_plan_step(&rows[i].goal, 512), rows[i].step);
}

static void tries_less_and_less_often(void)
{
	static const unsigned long delays[] = { 1, 2, 4, 8, 16, 32, 32, 32 };
	struct bal_pace pace = { .max_delay = 32 };
	int i;

	bal_pace_start(&pace);
	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		EXPECT(bal_pace_failed(&pace));
		EXPECT_EQ(pace.delay, delays[i]);
	}
	bal_pace_start(&pace);
	EXPECT(bal_pace_failed(&pace));
	EXPECT_EQ(pace.delay, 1);
}

static void gives_up_when_told_to(void)
{
	struct bal_pace pace = { .max_delay = 32, .max_tries = 3 };

	bal_pace_start(&pace);
	EXPECT(bal_pace_failed(&pace));
	EXPECT(bal_pace_failed(&pace));
	EXPECT(!bal_pace_failed(&pace));
	EXPECT(!bal_pace_failed(&pace));
}

const struct test_case test_cases[] = {
	TEST(steps_towards_the_target),
	TEST(tries_less_and_less_often),
	TEST(gives_up_when_told_to),
	{ }
};
