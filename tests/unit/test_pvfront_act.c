// SPDX-License-Identifier: GPL-2.0
/* What a connection does about its backend's state, when a step of that fails. */
#include <fake.h>

#include <pv/front.h>

#include "drivers/pvfront/internal.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vbd/1", .otherend = "/b" };
static struct pvfront front;
static enum xenbus_state peer;
static int offers, connects, refreshes, closes;
static int offer_err, connect_err, refresh_err;
static enum pvfront_why closed_why;
static bool broken;

struct workqueue_struct *pvfront_wq;

enum xenbus_state xenbus_read_driver_state(const char *path)
{
	return peer;
}

/* Of front.c and report.c. */
void pvfront_break(struct pvfront *f, enum pvfront_reason reason)
{
	broken = true;
}

bool pvfront_will_retry(const struct pvfront *f, int err)
{
	return pvfront_is_transient(err);
}

static int offer(struct pvfront *f)
{
	offers++;
	return offer_err;
}

static int connect(struct pvfront *f)
{
	connects++;
	return connect_err;
}

static int refresh(struct pvfront *f)
{
	refreshes++;
	return refresh_err;
}

static void close(struct pvfront *f, enum pvfront_why why)
{
	closes++;
	closed_why = why;
}

static const struct pvfront_ops ops = {
	.offered_state = XenbusStateInitialised,
	.offer = offer,
	.connect = connect,
	.refresh = refresh,
	.close = close,
};

static void begin(void)
{
	fake_reset(FAKE_NEVER);
	fake_forget_work();
	fake_store(NULL);
	xdev.state = XenbusStateInitialising;
	front = (struct pvfront){ .xdev = &xdev, .ops = &ops, .started = true };
	front.phase = PVFRONT_IDLE;
	offers = 0;
	connects = 0;
	refreshes = 0;
	closes = 0;
	offer_err = 0;
	connect_err = 0;
	refresh_err = 0;
	broken = false;
}

static void act(enum xenbus_state state)
{
	peer = state;
	fake_forget_work();
	pvfront_act(&front, state);
}

static void come_alive(void)
{
	begin();
	act(XenbusStateInitWait);
	act(XenbusStateConnected);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
}

static void a_connection_is_offered_and_made(void)
{
	begin();
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 1);
	EXPECT_EQ(front.phase, PVFRONT_OFFERED);
	EXPECT_EQ(fake_state(), XenbusStateInitialised);
	act(XenbusStateConnected);
	EXPECT_EQ(connects, 1);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(fake_state(), XenbusStateConnected);
	EXPECT_EQ(closes, 0);
}

static void what_may_go_away_is_tried_again(void)
{
	begin();
	offer_err = -ENOMEM;
	act(XenbusStateInitWait);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(closed_why, PVFRONT_RESTARTED);
	EXPECT_EQ(front.phase, PVFRONT_PAUSED);
	EXPECT(fake_delay() >= 0);
}

static void what_does_not_ends_the_device(void)
{
	begin();
	offer_err = -EINVAL;
	act(XenbusStateInitWait);
	EXPECT_EQ(closed_why, PVFRONT_BROKEN);
	EXPECT_EQ(front.phase, PVFRONT_CLOSED);
	EXPECT_EQ(fake_state(), XenbusStateClosed);
	EXPECT_EQ(fake_delay(), -1);
}

/* A store that cannot be read now leaves the connection alone, and is read again. */
static void a_refresh_that_fails_for_now_is_tried_again(void)
{
	come_alive();
	refresh_err = -EIO;
	for (unsigned int i = 1; i <= PVFRONT_REFRESH_TRIES; i++) {
		act(XenbusStateConnected);
		EXPECT_EQ(refreshes, i);
		EXPECT_EQ(fake_delay(), msecs_to_jiffies(PVFRONT_REFRESH_MS));
	}
	act(XenbusStateConnected);
	EXPECT_EQ(fake_delay(), -1);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(closes, 0);

	/* One that succeeds gives the next one all its tries. */
	refresh_err = 0;
	act(XenbusStateConnected);
	EXPECT_EQ(fake_delay(), -1);
	refresh_err = -ENOMEM;
	act(XenbusStateConnected);
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(PVFRONT_REFRESH_MS));
}

static void a_refresh_that_fails_for_good_is_not(void)
{
	come_alive();
	refresh_err = -EINVAL;
	act(XenbusStateConnected);
	EXPECT_EQ(refreshes, 1);
	EXPECT_EQ(fake_delay(), -1);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
}

static void a_backend_that_closes_before_us_is_waited_for_if_it_is_online(void)
{
	begin();
	act(XenbusStateClosing);
	EXPECT_EQ(front.phase, PVFRONT_IDLE);
	EXPECT(fake_delay() > 0);

	begin();
	fake_store("0");
	act(XenbusStateClosing);
	EXPECT_EQ(front.phase, PVFRONT_CLOSED);
	EXPECT_EQ(fake_reports(), 0);

	begin();
	fake_store("maybe");
	act(XenbusStateClosing);
	EXPECT_EQ(front.phase, PVFRONT_IDLE);
	EXPECT(fake_delay() > 0);
	EXPECT_EQ(fake_reports(), 1);

	begin();
	fake_store("0");
	fake_fail_next(0);
	act(XenbusStateClosing);
	EXPECT_EQ(front.phase, PVFRONT_IDLE);
	EXPECT(fake_delay() > 0);
	fake_store(NULL);
}

static void a_state_that_is_over_ends_nothing(void)
{
	come_alive();
	/* What was noted is Closed; by now the backend is connected again. */
	peer = XenbusStateConnected;
	front.peer = XenbusStateClosed;
	pvfront_act(&front, XenbusStateClosed);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(closes, 0);
	act(XenbusStateClosed);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
}

static void too_many_kept_pages_put_a_connection_off(void)
{
	begin();
	front.kept.v = PVFRONT_MAX_KEPT + 1;
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 0);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT(fake_delay() > 0);
	act(XenbusStateInitWait);
	EXPECT_EQ(fake_reports(), 1);
	front.kept.v = PVFRONT_MAX_KEPT;
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 1);
}

unsigned int pvfront_kept(const struct pvfront *f)
{
	return atomic_read(&f->kept);
}

static void going_round_ends(void)
{
	unsigned int i;

	begin();
	for (i = 0; i < 2 * PVFRONT_PACE_MAX && !broken; i++) {
		act(XenbusStateInitWait);
		jiffies += msecs_to_jiffies(PVFRONT_PACE_MOST_MS) + 1;
		act(XenbusStateInitWait);
		act(XenbusStateConnected);
		act(XenbusStateClosed);
		front.phase = PVFRONT_IDLE;
	}
	EXPECT(broken);
	EXPECT_EQ(offers, PVFRONT_PACE_MAX);
}

const struct test_case test_cases[] = {
	TEST(a_connection_is_offered_and_made),
	TEST(what_may_go_away_is_tried_again),
	TEST(what_does_not_ends_the_device),
	TEST(a_refresh_that_fails_for_now_is_tried_again),
	TEST(a_refresh_that_fails_for_good_is_not),
	TEST(a_backend_that_closes_before_us_is_waited_for_if_it_is_online),
	TEST(a_state_that_is_over_ends_nothing),
	TEST(too_many_kept_pages_put_a_connection_off),
	TEST(going_round_ends),
	{ }
};
