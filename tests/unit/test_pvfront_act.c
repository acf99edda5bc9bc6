// SPDX-License-Identifier: GPL-2.0
/* What a connection does about its backend's state, when a step of that fails, or when
 * the backend is lost and users wait for another.
 */
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
static unsigned int resting;
static bool has_users, in_use;
static int fast_fails, expiries, tells;
static enum pvfront_use told;

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
	if (connect_err == -EACCES)
		peer = XenbusStateUnknown;
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

static bool outlives(struct pvfront *f)
{
	return has_users;
}

static bool is_open(struct pvfront *f)
{
	return in_use;
}

static void fail_fast(struct pvfront *f)
{
	fast_fails++;
}

static void use_changed(struct pvfront *f, enum pvfront_use use)
{
	tells++;
	told = use;
}

static void expired(struct pvfront *f)
{
	expiries++;
}

static const struct pvfront_ops ops = {
	.offered_state = XenbusStateInitialised,
	.offer = offer,
	.connect = connect,
	.refresh = refresh,
	.close = close,
	.outlives = outlives,
	.in_use = is_open,
	.fail_fast = fail_fast,
	.use_changed = use_changed,
	.expired = expired,
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
	resting = 0;
	has_users = false;
	in_use = true;
	fast_fails = 0;
	expiries = 0;
	tells = 0;
	pvfront_outlive_init(&front);
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

/* Else its pages would wait for the end of a domain that knows nothing of them. */
static void what_was_never_shown_has_ended_in_order(void)
{
	begin();
	front.to.nr = 7;
	offer_err = -ENOSPC;
	act(XenbusStateInitWait);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(front.orderly, 7);

	/* One that was shown has not. */
	begin();
	front.to.nr = 7;
	act(XenbusStateInitWait);
	connect_err = -ENOSPC;
	act(XenbusStateConnected);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(front.orderly, 0);
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

/* The bus probes no device again: a mounted disk that waits for it would fail. */
static void a_probe_that_cannot_write_now_tries_again(void)
{
	begin();
	front.phase = PVFRONT_CLOSED;
	fake_fail_next(0);
	front.stopped = true;
	EXPECT_EQ(pvfront_begin(&front), 0);
	EXPECT(fake_failed());
	front.stopped = false;
	pvfront_begun(&front);
	EXPECT_EQ(fake_delay(), HZ);
	EXPECT_EQ(front.phase, PVFRONT_PAUSED);
	fake_fail_next(FAKE_NEVER);
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 1);
	begin();
	EXPECT_EQ(pvfront_begin(&front), 0);
	pvfront_begun(&front);
	EXPECT_EQ(front.phase, PVFRONT_IDLE);
	EXPECT_EQ(fake_delay(), -1);
}

/* The old backend lets go at last: nobody waits for a minute then. */
static void an_offer_that_waits_for_somebody_is_tried_soon(void)
{
	unsigned int i;

	begin();
	offer_err = -EBUSY;
	act(XenbusStateInitWait);
	for (i = 0; i < 20; i++) {
		jiffies += HZ;
		act(XenbusStateInitWait);
		EXPECT(fake_delay() >= 0 && fake_delay() <= HZ);
	}
	/* One turn finds that it is not due, the next that it is. */
	EXPECT(offers >= 10);
	offer_err = 0;
	for (i = 0; i < 2; i++) {
		jiffies += HZ;
		act(XenbusStateInitWait);
	}
	EXPECT_EQ(front.phase, PVFRONT_OFFERED);
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

/* However often the user wants it, it is not for the backend to wait for that. */
static void a_connection_that_the_user_wants_anew_is_made_at_once(void)
{
	come_alive();
	for (unsigned int n = 1; n <= 2 * PVFRONT_PACE_MAX; n++) {
		peer = XenbusStateInitWait;
		EXPECT(pvfront_connect_anew(&front, false));
		EXPECT_EQ(closes, n);
		EXPECT_EQ(closed_why, PVFRONT_RENEWED);
		EXPECT_EQ(offers, n + 1);
		act(XenbusStateConnected);
		EXPECT_EQ(front.phase, PVFRONT_LIVE);
	}
	EXPECT(!broken);
}

static void one_that_failed_for_want_of_something_waits(void)
{
	come_alive();
	peer = XenbusStateInitWait;
	EXPECT(pvfront_connect_anew(&front, true));
	EXPECT_EQ(closed_why, PVFRONT_CLOSING);
	EXPECT_EQ(offers, 1);
	EXPECT(fake_delay() > 0);
	EXPECT_EQ(front.phase, PVFRONT_PAUSED);
	/* There is none now. */
	EXPECT(!pvfront_connect_anew(&front, false));
	EXPECT_EQ(closes, 1);
}

/* It stands for what one connection is made of, over the attempts to make that. */
static void the_want_of_keys_ends_with_the_connection(void)
{
	begin();
	front.few_keys = true;
	offer_err = -ENOSPC;
	act(XenbusStateInitWait);
	EXPECT_EQ(front.phase, PVFRONT_PAUSED);
	EXPECT(front.few_keys);
	offer_err = 0;
	act(XenbusStateInitWait);
	jiffies = front.due;
	act(XenbusStateInitWait);
	act(XenbusStateConnected);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT(front.few_keys);
	EXPECT(pvfront_connect_anew(&front, false));
	EXPECT(!front.few_keys);
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

/* Of the reads that a step makes, each for want of memory. */
static void a_step_that_finds_no_memory_is_tried_again(void)
{
	for (unsigned int at = 0; ; at++) {
		begin();
		fake_fail_next(at);
		act(XenbusStateInitWait);
		if (!fake_failed())
			break;
		EXPECT(front.phase == PVFRONT_PAUSED || front.phase == PVFRONT_OFFERED);
		EXPECT(fake_delay() >= 0);
		EXPECT_EQ(fake_held(), 0);
		EXPECT(at < 10);
	}
	EXPECT_EQ(front.phase, PVFRONT_OFFERED);
}

/* The bus takes it for Unknown, which a backend that is gone has. */
static void a_state_that_cannot_be_read_now_ends_nothing(void)
{
	for (int alive = 0; alive < 2; alive++) {
		begin();
		act(XenbusStateInitWait);
		if (alive)
			act(XenbusStateConnected);
		fake_store("4");
		fake_fail_next(0);
		act(XenbusStateUnknown);
		EXPECT(fake_failed());
		EXPECT_EQ(front.phase, alive ? PVFRONT_LIVE : PVFRONT_OFFERED);
		EXPECT_EQ(closes, 0);
		EXPECT(fake_delay() >= 0);
		/* It is read again, and there is none. */
		fake_store(NULL);
		act(XenbusStateUnknown);
		EXPECT_EQ(front.phase, PVFRONT_CLOSED);
		EXPECT_EQ(closes, 1);
	}
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

static void too_many_resting_pages_put_a_connection_off(void)
{
	begin();
	front.max_resting = 100;
	resting = 101;
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 0);
	EXPECT_EQ(fake_reports(), 1);
	EXPECT(fake_delay() > 0);
	act(XenbusStateInitWait);
	EXPECT_EQ(fake_reports(), 1);
	resting = 100;
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 1);
	/* Who has no limit. */
	begin();
	resting = 101;
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 1);
}

unsigned int pvfront_resting_pages(const struct pvfront *f)
{
	return resting;
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

/* A live device with users who wait so long, in seconds. */
static void come_alive_with_users(int ctrl_loss, int fast_io_fail)
{
	come_alive();
	has_users = true;
	front.policy.ctrl_loss = ctrl_loss;
	front.policy.fast_io_fail = fast_io_fail;
}

static void time_passes(unsigned int ms)
{
	jiffies += msecs_to_jiffies(ms);
	front.deadline.run(&front.deadline.work);
}

static void users_keep_a_device_whose_backend_is_gone(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateUnknown);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(closed_why, PVFRONT_LOST);
	EXPECT(front.held);
	EXPECT_EQ(told, PVFRONT_USE_PARKED);
	/* What the next backend is to find. */
	EXPECT_EQ(fake_state(), XenbusStateInitialising);
	EXPECT_EQ(xdev.state, XenbusStateInitialising);
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 2);
	EXPECT_EQ(told, PVFRONT_USE_CONNECTING);
	/* It goes again before it is connected. */
	act(XenbusStateUnknown);
	EXPECT_EQ(told, PVFRONT_USE_PARKED);
	act(XenbusStateInitWait);
	act(XenbusStateConnected);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(told, PVFRONT_USE_LIVE);
	EXPECT_EQ(tells, 5);
	time_passes(700000);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(closed_why, PVFRONT_LOST);
}

/* Then what is read of it is forbidden, which else would be the end. */
static void one_that_dies_while_it_is_connected_is_lost(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateUnknown);
	act(XenbusStateInitWait);
	connect_err = -EACCES;
	act(XenbusStateConnected);
	EXPECT(front.held);
	EXPECT_EQ(closed_why, PVFRONT_LOST);
	EXPECT_EQ(told, PVFRONT_USE_PARKED);
	EXPECT(fake_delay() >= 0);
	connect_err = 0;
	act(XenbusStateInitWait);
	jiffies += msecs_to_jiffies(PVFRONT_PACE_MOST_MS) + 1;
	act(XenbusStateInitWait);
	act(XenbusStateConnected);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
}

static void without_users_or_time_it_goes_at_once(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	has_users = false;
	act(XenbusStateUnknown);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(tells, 0);

	/* There is a device, but nobody has it open. */
	come_alive_with_users(600, PVFRONT_OFF);
	in_use = false;
	act(XenbusStateUnknown);
	EXPECT_EQ(closed_why, PVFRONT_GONE);

	come_alive_with_users(0, PVFRONT_OFF);
	act(XenbusStateUnknown);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(told, PVFRONT_USE_FAILED);
	EXPECT_EQ(front.phase, PVFRONT_CLOSED);
}

static void a_backend_that_is_closed_is_lost_unless_it_is_offline(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateClosed);
	EXPECT_EQ(closed_why, PVFRONT_LOST);
	EXPECT_EQ(fake_state(), XenbusStateInitialising);

	come_alive_with_users(600, PVFRONT_OFF);
	fake_store("0");
	act(XenbusStateClosed);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(fake_state(), XenbusStateClosed);
	fake_store(NULL);

	/* The toolstack asks for the end. */
	come_alive_with_users(600, PVFRONT_OFF);
	fake_store("0");
	act(XenbusStateClosing);
	EXPECT_EQ(closed_why, PVFRONT_CLOSING);
	EXPECT_EQ(tells, 0);
	fake_store(NULL);
}

/* A backend that restarts may say Closing before: only the toolstack ends a mounted disk. */
static void a_backend_that_closes_by_itself_ends_nothing(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateClosing);
	EXPECT_EQ(closes, 1);
	EXPECT_EQ(closed_why, PVFRONT_RESTARTED);
	EXPECT(front.held);
	EXPECT_EQ(told, PVFRONT_USE_PARKED);
	act(XenbusStateClosed);
	EXPECT(front.held);
	act(XenbusStateInitWait);
	/* While it is being connected again, likewise. */
	act(XenbusStateClosing);
	EXPECT(front.held);
	jiffies += msecs_to_jiffies(PVFRONT_PACE_MOST_MS) + 1;
	act(XenbusStateInitWait);
	act(XenbusStateConnected);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT_EQ(told, PVFRONT_USE_LIVE);

	/* Whether it is offline could not be read: that is tried again. */
	fake_store("0");
	fake_fail_next(0);
	act(XenbusStateClosing);
	EXPECT_EQ(front.phase, PVFRONT_LIVE);
	EXPECT(fake_delay() > 0);
	act(XenbusStateClosing);
	EXPECT_EQ(closed_why, PVFRONT_CLOSING);
	EXPECT(!front.held);
	fake_store(NULL);

	/* Nobody waits. */
	come_alive_with_users(0, PVFRONT_OFF);
	act(XenbusStateClosing);
	EXPECT_EQ(closed_why, PVFRONT_CLOSING);
}

/* The state alone does not tell, whichever it is when it is looked at. */
static void a_parked_device_that_is_taken_offline_goes_at_once(void)
{
	static const enum xenbus_state states[] = { XenbusStateClosing, XenbusStateClosed };

	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		come_alive_with_users(600, PVFRONT_OFF);
		act(XenbusStateUnknown);
		EXPECT(front.held);
		fake_store("0");
		pvfront_policy_set(&front, &front.policy.ctrl_loss, 600);
		EXPECT(fake_delay() > 0);
		peer = states[i];
		pvfront_act(&front, peer);
		EXPECT(!front.held);
		EXPECT_EQ(closed_why, PVFRONT_CLOSING);
		EXPECT_EQ(fake_state(), XenbusStateClosed);
		EXPECT_EQ(told, PVFRONT_USE_FAILED);
		fake_store(NULL);
		/* Nothing of the old limit is left to a connection that follows. */
		EXPECT_EQ(fake_delay(), -1);
		closes = 0;
		has_users = false;
		act(XenbusStateInitWait);
		act(XenbusStateInitWait);
		jiffies += msecs_to_jiffies(PVFRONT_PACE_MOST_MS) + 1;
		act(XenbusStateInitWait);
		EXPECT_EQ(front.phase, PVFRONT_OFFERED);
		time_passes(700000);
		EXPECT_EQ(front.phase, PVFRONT_OFFERED);
		EXPECT_EQ(closes, 0);
	}
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateUnknown);
	act(XenbusStateClosed);
	EXPECT(front.held);
}

/* A backend that is on its way has some time in any case; not against the users' will. */
static void users_end_the_wait_for_a_backend_that_starts_anew(void)
{
	come_alive_with_users(0, PVFRONT_OFF);
	act(XenbusStateInitWait);
	EXPECT_EQ(closed_why, PVFRONT_RESTARTED);
	EXPECT(front.held);
	pvfront_policy_set(&front, &front.policy.fast_io_fail, 0);
	time_passes(1000);
	EXPECT_EQ(fast_fails, 1);
	EXPECT(front.held);
	pvfront_policy_set(&front, &front.policy.ctrl_loss, 0);
	time_passes(0);
	EXPECT(!front.held);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
}

static void a_device_that_is_left_for_another_backend_keeps_its_users(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	pvfront_leave(&front);
	EXPECT_EQ(closed_why, PVFRONT_MOVED);
	EXPECT(front.held);
	EXPECT_EQ(told, PVFRONT_USE_PARKED);

	come_alive_with_users(0, PVFRONT_OFF);
	pvfront_leave(&front);
	EXPECT_EQ(closed_why, PVFRONT_CLOSING);
	EXPECT(!front.held);
}

static void the_limits_end_the_wait(void)
{
	come_alive_with_users(600, 20);
	act(XenbusStateUnknown);
	time_passes(19996);
	EXPECT_EQ(fast_fails, 0);
	time_passes(4);
	EXPECT_EQ(fast_fails, 1);
	EXPECT(front.held);
	time_passes(579996);
	EXPECT_EQ(fast_fails, 1);
	EXPECT_EQ(closes, 1);
	time_passes(4);
	EXPECT_EQ(closes, 2);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(told, PVFRONT_USE_FAILED);
	EXPECT_EQ(front.phase, PVFRONT_CLOSED);
	EXPECT_EQ(expiries, 0);
	time_passes(600000);
	EXPECT_EQ(closes, 2);
}

static void a_limit_counts_as_soon_as_it_is_set(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	act(XenbusStateUnknown);
	jiffies += msecs_to_jiffies(30000);
	fake_forget_work();
	pvfront_policy_set(&front, &front.policy.ctrl_loss, PVFRONT_OFF);
	EXPECT_EQ(fake_delay(), -1);
	pvfront_policy_set(&front, &front.policy.ctrl_loss, 40);
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(10000));
	pvfront_policy_set(&front, &front.policy.ctrl_loss, 30);
	EXPECT_EQ(fake_delay(), 0);
	EXPECT(fake_work());
	EXPECT_EQ(closed_why, PVFRONT_GONE);
}

/* As pvfront_stop() leaves it when the device is gone from the store. */
static void be_orphaned(void)
{
	front.stopped = true;
	front.gone = true;
	pvfront_drop(&front, PVFRONT_LOST);
	fake_forget_work();
	pvfront_orphan(&front);
}

static void an_orphan_is_adopted(void)
{
	struct xenbus_device next = { .nodename = "device/vbd/1", .otherend = "/c",
				      .otherend_id = 7 };

	come_alive_with_users(600, PVFRONT_OFF);
	front.pace.begun = PVFRONT_PACE_MAX;
	be_orphaned();
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(600000));
	EXPECT(!pvfront_orphan_take(NULL, NULL, NULL));
	EXPECT(pvfront_orphan_take(&ops, NULL, NULL) == &front);
	/* Its time is not up before it is started, also where that begins to be looked at. */
	jiffies += msecs_to_jiffies(599000);
	front.orphan = false;
	jiffies += msecs_to_jiffies(1000);
	EXPECT(fake_work());
	EXPECT_EQ(closed_why, PVFRONT_LOST);
	EXPECT(front.held);
	jiffies -= msecs_to_jiffies(600000);
	front.orphan = true;
	fake_forget_work();
	pvfront_adopt(&front, &next);
	EXPECT(next.dev.driver_data == &front);
	EXPECT_EQ(fake_delay(), -1);
	pvfront_policy_set(&front, &front.policy.ctrl_loss, 600);
	EXPECT_EQ(fake_delay(), -1);
	EXPECT(!pvfront_announce(&front));
	pvfront_outlive_start(&front);
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(600000));
	act(XenbusStateInitWait);
	EXPECT_EQ(offers, 2);
	act(XenbusStateConnected);
	EXPECT_EQ(told, PVFRONT_USE_LIVE);
	EXPECT_EQ(expiries, 0);
}

/* It has waited for a backend without a limit; that it waits for a device has one. */
static void an_orphans_time_may_begin_with_it(void)
{
	come_alive_with_users(PVFRONT_OFF, PVFRONT_OFF);
	act(XenbusStateUnknown);
	jiffies += msecs_to_jiffies(1200000);
	front.stopped = true;
	front.gone = true;
	pvfront_drop(&front, PVFRONT_LOST);
	fake_forget_work();
	front.policy.ctrl_loss = 600;
	pvfront_count_anew(&front);
	pvfront_orphan(&front);
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(600000));
	EXPECT(pvfront_orphan_take(&ops, NULL, NULL) == &front);
	EXPECT(!pvfront_orphan_is_over(&front));
	pvfront_orphan(&front);
	time_passes(599996);
	EXPECT_EQ(expiries, 0);
	time_passes(4);
	EXPECT_EQ(expiries, 1);
}

/* Else one that waits without a limit would be there until the guest is restarted. */
static void users_end_orphans(void)
{
	static const struct pvfront_ops others;

	come_alive_with_users(PVFRONT_OFF, PVFRONT_OFF);
	be_orphaned();
	EXPECT_EQ(fake_delay(), -1);
	pvfront_orphans_limit(&others, 0);
	EXPECT_EQ(fake_delay(), -1);
	pvfront_orphans_limit(&ops, 30);
	EXPECT_EQ(fake_delay(), msecs_to_jiffies(30000));
	pvfront_orphans_limit(&ops, 0);
	EXPECT_EQ(fake_delay(), 0);
	EXPECT(fake_work());
	EXPECT_EQ(expiries, 1);
	pvfront_orphans_limit(&ops, 30);
	EXPECT_EQ(fake_delay(), -1);
}

static void an_orphan_that_nobody_adopts_ends(void)
{
	come_alive_with_users(600, PVFRONT_OFF);
	be_orphaned();
	time_passes(600000);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(expiries, 1);
	EXPECT(!pvfront_orphan_take(&ops, NULL, NULL));

	/* Time is up when it was just found: it is the finder's, and has not ended. */
	come_alive_with_users(600, PVFRONT_OFF);
	be_orphaned();
	EXPECT(pvfront_orphan_take(&ops, NULL, NULL) == &front);
	time_passes(600000);
	EXPECT_EQ(closed_why, PVFRONT_LOST);
	EXPECT_EQ(expiries, 0);
	EXPECT(front.held);
	/* Who does not want it gives it up. */
	fake_forget_work();
	pvfront_orphan_refuse(&front);
	EXPECT(pvfront_orphan_is_over(&front));
	EXPECT_EQ(fake_delay(), 0);
	/* No limit that is set now saves it. */
	pvfront_policy_set(&front, &front.policy.ctrl_loss, PVFRONT_OFF);
	EXPECT_EQ(fake_delay(), 0);
	EXPECT(fake_work());
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(expiries, 1);
	/* Freed by now, in the kernel. */
	EXPECT_EQ(fake_delay(), -1);
	pvfront_policy_set(&front, &front.policy.ctrl_loss, 0);
	EXPECT_EQ(fake_delay(), -1);

	/* Time is up, and that is not done yet: who finds it sees that. */
	come_alive_with_users(600, PVFRONT_OFF);
	be_orphaned();
	jiffies += msecs_to_jiffies(600000);
	EXPECT(pvfront_orphan_take(&ops, NULL, NULL) == &front);
	EXPECT(pvfront_orphan_is_over(&front));
	EXPECT_EQ(expiries, 0);
	pvfront_orphan_refuse(&front);
	time_passes(0);
	EXPECT_EQ(expiries, 1);

	come_alive_with_users(PVFRONT_OFF, PVFRONT_OFF);
	be_orphaned();
	pvfront_orphans_end(&ops);
	EXPECT_EQ(closed_why, PVFRONT_GONE);
	EXPECT_EQ(expiries, 1);
	EXPECT(!pvfront_orphan_take(&ops, NULL, NULL));
}

const struct test_case test_cases[] = {
	TEST(a_connection_is_offered_and_made),
	TEST(what_may_go_away_is_tried_again),
	TEST(a_probe_that_cannot_write_now_tries_again),
	TEST(an_offer_that_waits_for_somebody_is_tried_soon),
	TEST(what_does_not_ends_the_device),
	TEST(a_connection_that_the_user_wants_anew_is_made_at_once),
	TEST(one_that_failed_for_want_of_something_waits),
	TEST(the_want_of_keys_ends_with_the_connection),
	TEST(a_refresh_that_fails_for_now_is_tried_again),
	TEST(a_refresh_that_fails_for_good_is_not),
	TEST(a_backend_that_closes_before_us_is_waited_for_if_it_is_online),
	TEST(a_state_that_is_over_ends_nothing),
	TEST(a_step_that_finds_no_memory_is_tried_again),
	TEST(a_state_that_cannot_be_read_now_ends_nothing),
	TEST(too_many_kept_pages_put_a_connection_off),
	TEST(too_many_resting_pages_put_a_connection_off),
	TEST(what_was_never_shown_has_ended_in_order),
	TEST(going_round_ends),
	TEST(users_keep_a_device_whose_backend_is_gone),
	TEST(one_that_dies_while_it_is_connected_is_lost),
	TEST(without_users_or_time_it_goes_at_once),
	TEST(a_backend_that_is_closed_is_lost_unless_it_is_offline),
	TEST(a_backend_that_closes_by_itself_ends_nothing),
	TEST(a_parked_device_that_is_taken_offline_goes_at_once),
	TEST(users_end_the_wait_for_a_backend_that_starts_anew),
	TEST(a_device_that_is_left_for_another_backend_keeps_its_users),
	TEST(the_limits_end_the_wait),
	TEST(a_limit_counts_as_soon_as_it_is_set),
	TEST(an_orphan_is_adopted),
	TEST(an_orphans_time_may_begin_with_it),
	TEST(users_end_orphans),
	TEST(an_orphan_that_nobody_adopts_ends),
	{ }
};
