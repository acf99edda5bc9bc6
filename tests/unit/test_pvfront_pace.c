// SPDX-License-Identifier: GPL-2.0
/* How soon, and how often, a connection is made anew. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <pv/pace.h>

#include "test.h"

static void the_first_connections_do_not_wait(void)
{
	struct pvfront_pace p = { };

	for (unsigned int i = 0; i < PVFRONT_PACE_FREE; i++) {
		EXPECT_EQ(pvfront_pace_wait(&p), 0);
		pvfront_pace_begin(&p);
	}
	EXPECT_EQ(pvfront_pace_wait(&p), PVFRONT_PACE_FIRST_MS);
}

/* What a backend gets that goes round its states: so many, and in so long a time. */
static void a_backend_that_flaps_comes_to_an_end(void)
{
	struct pvfront_pace p = { };
	unsigned int last = 0, nr = 0;
	u64 sum = 0;

	for (;;) {
		unsigned int wait = pvfront_pace_wait(&p);

		if (wait == PVFRONT_PACE_NEVER)
			break;
		EXPECT(wait >= last && wait <= PVFRONT_PACE_MOST_MS);
		if (!EXPECT(nr < PVFRONT_PACE_MAX))
			break;
		last = wait;
		sum += wait;
		nr++;
		pvfront_pace_begin(&p);
		pvfront_pace_end(&p, PVFRONT_PACE_LASTED_MS - 1);
	}
	EXPECT_EQ(nr, PVFRONT_PACE_MAX);
	EXPECT_EQ(last, PVFRONT_PACE_MOST_MS);
	EXPECT(sum > 20 * 60 * 1000);
	/* It stays so, and no count wraps. */
	for (int i = 0; i < 100; i++)
		pvfront_pace_begin(&p);
	EXPECT_EQ(pvfront_pace_wait(&p), PVFRONT_PACE_NEVER);
}

static void one_that_lasted_starts_anew(void)
{
	struct pvfront_pace p = { };

	for (int i = 0; i < 1000; i++) {
		EXPECT_EQ(pvfront_pace_wait(&p), 0);
		pvfront_pace_begin(&p);
		pvfront_pace_end(&p, PVFRONT_PACE_LASTED_MS);
	}
}

static void a_failure_waits_even_the_first_time(void)
{
	struct pvfront_pace p = { };

	pvfront_pace_fail(&p);
	EXPECT_EQ(pvfront_pace_wait(&p), PVFRONT_PACE_FAILED_MS);
	pvfront_pace_fail(&p);
	EXPECT_EQ(pvfront_pace_wait(&p), 2 * PVFRONT_PACE_FAILED_MS);
	p.begun = PVFRONT_PACE_FREE;
	EXPECT_EQ(pvfront_pace_wait(&p), PVFRONT_PACE_FIRST_MS);
	/* A connection that carried I/O, for however short a time, ends them. */
	pvfront_pace_end(&p, 1);
	p.begun = 0;
	EXPECT_EQ(pvfront_pace_wait(&p), 0);
}

/* The guest's own shortage lasts as long as it does. */
static void failures_alone_never_end_it(void)
{
	struct pvfront_pace p = { };

	for (int i = 0; i < 1000; i++)
		pvfront_pace_fail(&p);
	EXPECT_EQ(pvfront_pace_wait(&p), PVFRONT_PACE_MOST_MS);
}

static void shortage_is_transient_and_nonsense_is_not(void)
{
	static const int may_pass[] = { -ENOMEM, -ENOSPC, -EAGAIN, -EBUSY, -EINTR, -EIO };
	static const int stays[] = {
		0, -EINVAL, -ERANGE, -ENOENT, -EPROTO, -EACCES, -E2BIG, -ENODEV,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(may_pass); i++)
		EXPECT(pvfront_is_transient(may_pass[i]));
	for (unsigned int i = 0; i < ARRAY_SIZE(stays); i++)
		EXPECT(!pvfront_is_transient(stays[i]));
}

const struct test_case test_cases[] = {
	TEST(the_first_connections_do_not_wait),
	TEST(a_backend_that_flaps_comes_to_an_end),
	TEST(one_that_lasted_starts_anew),
	TEST(a_failure_waits_even_the_first_time),
	TEST(failures_alone_never_end_it),
	TEST(shortage_is_transient_and_nonsense_is_not),
	{ }
};
