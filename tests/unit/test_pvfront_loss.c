// SPDX-License-Identifier: GPL-2.0
/* How long the users of a device wait for a backend that was lost. */
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>

#include <pv/loss.h>

#include "test.h"

#define OFF	PVFRONT_OFF

static struct pvfront_loss loss;
static u64 after;

/* Lost at that time. */
static void lost(u64 now)
{
	loss = (struct pvfront_loss){ 0 };
	EXPECT(pvfront_loss_begin(&loss, now, 0, "gone"));
	EXPECT_EQ(loss.use, PVFRONT_USE_PARKED);
}

static enum pvfront_loss_action due(int ctrl_loss, int fast_io_fail, u64 now)
{
	const struct pvfront_policy p = { ctrl_loss, fast_io_fail };

	return pvfront_loss_due(&loss, &p, now);
}

static u64 next(int ctrl_loss, int fast_io_fail, u64 now)
{
	const struct pvfront_policy p = { ctrl_loss, fast_io_fail };

	return pvfront_loss_next(&loss, &p, now);
}

static void a_live_device_has_no_limit(void)
{
	loss = (struct pvfront_loss){ 0 };
	EXPECT_EQ(loss.use, PVFRONT_USE_LIVE);
	EXPECT_EQ(due(0, 0, 1000000), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(0, 0, 1000000), PVFRONT_LOSS_NEVER);
	EXPECT(!pvfront_loss_connecting(&loss, 5));
	EXPECT_EQ(loss.use, PVFRONT_USE_LIVE);
	after = 77;
	EXPECT(!pvfront_loss_end(&loss, 5, &after));
	EXPECT_EQ(after, 77);
}

static void each_limit_is_kept_to_the_millisecond(void)
{
	lost(5000);
	EXPECT_EQ(due(600, 20, 5000), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(600, 20, 5000), 20000);
	EXPECT_EQ(due(600, 20, 24999), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(600, 20, 24999), 1);
	EXPECT_EQ(due(600, 20, 25000), PVFRONT_LOSS_FAST);
	loss.fast = true;
	EXPECT_EQ(due(600, 20, 25000), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(600, 20, 25000), 580000);
	EXPECT_EQ(due(600, 20, 604999), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(due(600, 20, 605000), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(next(600, 20, 605000), 0);
	EXPECT_EQ(next(600, 20, 700000), 0);
}

static void each_limit_can_be_off_or_at_once(void)
{
	lost(1);
	EXPECT_EQ(due(OFF, OFF, U64_MAX / 2), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(OFF, OFF, 1), PVFRONT_LOSS_NEVER);
	EXPECT_EQ(due(OFF, 0, 1), PVFRONT_LOSS_FAST);
	EXPECT_EQ(due(0, 0, 1), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(due(0, OFF, 1), PVFRONT_LOSS_FAIL);
	/* Failing fast is nothing where the device fails before. */
	EXPECT_EQ(next(5, 10, 1), 5000);
	EXPECT_EQ(due(5, 10, 5001), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(next(PVFRONT_TMO_MAX, OFF, 1), PVFRONT_TMO_MAX * 1000ULL);
}

/* Else a backend that comes and goes would have users wait for ever. */
static void a_backend_that_does_not_connect_starts_no_limit_anew(void)
{
	lost(0);
	EXPECT(pvfront_loss_connecting(&loss, 4000));
	EXPECT_EQ(loss.use, PVFRONT_USE_CONNECTING);
	EXPECT_EQ(loss.changed, 4000);
	EXPECT_EQ(next(10, OFF, 4000), 6000);
	EXPECT(pvfront_loss_begin(&loss, 5000, 9000, "again"));
	EXPECT_EQ(loss.use, PVFRONT_USE_PARKED);
	EXPECT_EQ(next(10, OFF, 5000), 5000);
	EXPECT(!strcmp(loss.reason, "gone"));
	EXPECT(!pvfront_loss_begin(&loss, 6000, 9000, "again"));
	EXPECT_EQ(due(10, OFF, 10000), PVFRONT_LOSS_FAIL);
}

static void one_that_does_ends_the_loss(void)
{
	lost(1000);
	loss.fast = true;
	EXPECT(pvfront_loss_connecting(&loss, 3000));
	EXPECT(pvfront_loss_end(&loss, 3500, &after));
	EXPECT_EQ(after, 2500);
	EXPECT_EQ(loss.use, PVFRONT_USE_LIVE);
	EXPECT(!loss.fast);
	EXPECT(!loss.reason);
	EXPECT_EQ(next(1, 0, 900000), PVFRONT_LOSS_NEVER);
	/* The next loss has all of its time. */
	EXPECT(pvfront_loss_begin(&loss, 50000, 0, "once more"));
	EXPECT_EQ(next(10, OFF, 50000), 10000);
}

/* Else a guest that is restored would lose what does not wait for a backend. */
static void a_backend_on_its_way_has_some_time(void)
{
	loss = (struct pvfront_loss){ 0 };
	EXPECT(pvfront_loss_begin(&loss, 1000, 30000, "restored"));
	EXPECT_EQ(next(0, 0, 1000), 30000);
	EXPECT_EQ(due(0, 0, 30999), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(due(0, 0, 31000), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(due(OFF, 20, 31000), PVFRONT_LOSS_FAST);
	EXPECT_EQ(next(40, OFF, 1000), 40000);
	EXPECT_EQ(next(OFF, OFF, 1000), PVFRONT_LOSS_NEVER);
}

/* What users set is what they want now. */
static void one_that_is_set_meanwhile_counts_at_once(void)
{
	loss = (struct pvfront_loss){ 0 };
	EXPECT(pvfront_loss_begin(&loss, 1000, 30000, "restarts"));
	loss.least_fail = 0;
	EXPECT_EQ(due(0, 0, 1000), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(due(OFF, 0, 30999), PVFRONT_LOSS_NOTHING);
	EXPECT(pvfront_loss_begin(&loss, 2000, 30000, "again") == false);
	EXPECT_EQ(due(0, 0, 2000), PVFRONT_LOSS_FAIL);
}

/* The toolstack has named another backend at last, or the guest is on another host. */
static void another_that_is_on_its_way_has_its_time_also_late(void)
{
	const struct pvfront_policy p = { 60, 10 };

	lost(1000);
	EXPECT_EQ(pvfront_loss_seconds(&loss, &p), 60);
	pvfront_loss_extend(&loss, 59000, 30000);
	EXPECT_EQ(pvfront_loss_seconds(&loss, &p), 88);
	EXPECT_EQ(due(60, 10, 88999), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(due(60, OFF, 89000), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(due(OFF, 10, 89000), PVFRONT_LOSS_FAST);
	pvfront_loss_extend(&loss, 2000, 1000);
	EXPECT_EQ(next(60, OFF, 59000), 30000);
}

/* One that was being connected may have let requests through, which wait again. */
static void requests_are_failed_anew_after_each_end(void)
{
	lost(1000);
	EXPECT_EQ(due(OFF, 2, 3000), PVFRONT_LOSS_FAST);
	loss.fast = true;
	EXPECT_EQ(due(OFF, 2, 4000), PVFRONT_LOSS_NOTHING);
	EXPECT(pvfront_loss_connecting(&loss, 4000));
	EXPECT_EQ(due(OFF, 2, 4000), PVFRONT_LOSS_NOTHING);
	EXPECT(pvfront_loss_begin(&loss, 5000, 0, "again"));
	EXPECT_EQ(due(OFF, 2, 5000), PVFRONT_LOSS_FAST);
}

/* Those who wait for another device, and have waited without a limit for a backend. */
static void a_wait_can_be_counted_from_now(void)
{
	lost(1000);
	loss.least_fail = 30000;
	pvfront_loss_count_anew(&loss, 3600000);
	EXPECT_EQ(next(600, OFF, 3600000), 600000);
	EXPECT_EQ(due(600, OFF, 4199999), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(due(600, OFF, 4200000), PVFRONT_LOSS_FAIL);
	EXPECT_EQ(due(4, OFF, 3604000), PVFRONT_LOSS_FAIL);
	EXPECT(!strcmp(loss.reason, "gone"));
	/* One that is live has nothing to count. */
	loss = (struct pvfront_loss){ 0 };
	pvfront_loss_count_anew(&loss, 5000);
	EXPECT_EQ(loss.since, 0);
}

static void a_failed_device_waits_for_nothing(void)
{
	lost(0);
	EXPECT(pvfront_loss_fail(&loss, 10, NULL));
	EXPECT(!strcmp(loss.reason, "gone"));
	EXPECT_EQ(due(0, 0, 20), PVFRONT_LOSS_NOTHING);
	EXPECT_EQ(next(0, 0, 20), PVFRONT_LOSS_NEVER);
	EXPECT(!pvfront_loss_fail(&loss, 30, "other"));
	EXPECT(!strcmp(loss.reason, "other"));
	/* A new device of the same number begins as any. */
	EXPECT(pvfront_loss_end(&loss, 40, &after));
	EXPECT_EQ(loss.use, PVFRONT_USE_LIVE);
}

static void states_have_names(void)
{
	EXPECT(!strcmp(pvfront_use_name(PVFRONT_USE_LIVE), "live"));
	EXPECT(!strcmp(pvfront_use_name(PVFRONT_USE_PARKED), "parked"));
	EXPECT(!strcmp(pvfront_use_name(PVFRONT_USE_CONNECTING), "connecting"));
	EXPECT(!strcmp(pvfront_use_name(PVFRONT_USE_FAILED), "failed"));
	EXPECT(!strcmp(pvfront_use_name(17), "?"));
}

const struct test_case test_cases[] = {
	TEST(a_live_device_has_no_limit),
	TEST(each_limit_is_kept_to_the_millisecond),
	TEST(each_limit_can_be_off_or_at_once),
	TEST(a_backend_that_does_not_connect_starts_no_limit_anew),
	TEST(one_that_does_ends_the_loss),
	TEST(a_backend_on_its_way_has_some_time),
	TEST(one_that_is_set_meanwhile_counts_at_once),
	TEST(another_that_is_on_its_way_has_its_time_also_late),
	TEST(requests_are_failed_anew_after_each_end),
	TEST(a_wait_can_be_counted_from_now),
	TEST(a_failed_device_waits_for_nothing),
	TEST(states_have_names),
	{ }
};
