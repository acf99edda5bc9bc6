// SPDX-License-Identifier: GPL-2.0
/* A device whose backend the toolstack rewrites in place. */
#include <fake.h>

#include <pv/front.h>

#include "drivers/pvfront/internal.h"
#include "tests/unit/fake.h"
#include "test.h"

#define OLD	"/local/domain/5/backend/vbd/9/51728"

static struct xenbus_device xdev, other;
static struct pvfront front, beside;
static const struct pvfront_ops ops;
/* The lasting one, and one that is to bring a turn of xenwatch. */
static struct xenbus_watch *watch, *turn;
static bool no_turn;
static int id;
static unsigned int moves, later, leaves, reprobes;

struct workqueue_struct *pvfront_wq;

int register_xenbus_watch(struct xenbus_watch *w)
{
	EXPECT(w != watch && w != turn);
	if (watch && no_turn)
		return -ENOSPC;
	*(watch ? &turn : &watch) = w;
	return 0;
}

void unregister_xenbus_watch(struct xenbus_watch *w)
{
	EXPECT(w == watch || w == turn);
	if (w == watch)
		watch = NULL;
	else
		turn = NULL;
}

int xenbus_scanf(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *fmt, ...)
{
	va_list args;

	EXPECT(!strcmp(node, "backend-id"));
	va_start(args, fmt);
	*va_arg(args, int *) = id;
	va_end(args);
	return 1;
}

/* As the bus does: the connection stops, and is started again. */
int device_reprobe(struct device *dev)
{
	EXPECT(dev == &xdev.dev);
	EXPECT(front.gone);
	EXPECT_EQ(leaves, 1);
	EXPECT(!turn);
	pvfront_unfollow(&front);
	reprobes++;
	return 0;
}

void pvfront_mark_gone(struct pvfront *f)
{
	f->gone = true;
}

void pvfront_moved(struct pvfront *f)
{
	moves += f == &front;
}

void pvfront_moved_in(struct pvfront *f, unsigned int ms)
{
	EXPECT(f == &front);
	later++;
}

/* The old backend has to be let go of while the device is still its. */
void pvfront_leave(struct pvfront *f)
{
	EXPECT_EQ(reprobes, 0);
	EXPECT(!f->gone);
	leaves++;
}

static void begin(void)
{
	static const struct pvfront_ops outlives = { .outlives = (void *)&begin };

	fake_reset(FAKE_NEVER);
	xdev = (struct xenbus_device){ .nodename = "device/vbd/51728", .otherend = OLD,
				       .otherend_id = 5 };
	other = (struct xenbus_device){ .nodename = "device/vbd/5172", .otherend = OLD,
					.otherend_id = 5 };
	front = (struct pvfront){ .xdev = &xdev, .ops = &outlives };
	beside = (struct pvfront){ .xdev = &other, .ops = &outlives };
	moves = 0;
	later = 0;
	leaves = 0;
	reprobes = 0;
	no_turn = false;
	id = 5;
	fake_store(OLD);
	EXPECT_EQ(pvfront_follow_init(), 0);
	pvfront_follow(&beside);
	pvfront_follow(&front);
	/* What was written before is looked at, too. */
	EXPECT_EQ(moves, 1);
	moves = 0;
}

static void end(void)
{
	pvfront_unfollow(&front);
	pvfront_unfollow(&beside);
	pvfront_follow_exit();
	EXPECT(!watch && !turn);
	fake_store(NULL);
	EXPECT_EQ(fake_held(), 0);
}

/* What xenwatch does with a key that was written. */
static void written(const char *path)
{
	if (watch->will_handle(watch, path, ""))
		watch->callback(watch, path, "");
}

static void both_keys_are_watched_and_no_others(void)
{
	begin();
	written("device/vbd/51728/backend-id");
	EXPECT_EQ(moves, 1);
	written("device/vbd/51728/backend");
	EXPECT_EQ(moves, 2);
	written("device/vbd/51728/state");
	written("device/vbd/51728");
	written("device/vbd/517/backend");
	written("backend");
	EXPECT_EQ(moves, 2);
	end();
}

static void one_that_has_not_moved_stays(void)
{
	begin();
	EXPECT(!pvfront_follow_look(&front));
	EXPECT_EQ(later, 0);
	/* Of a moment when only one of both keys is written: they are looked at again. */
	fake_store("/local/domain/7/backend/vbd/9/51728");
	EXPECT(!pvfront_follow_look(&front));
	EXPECT_EQ(later, 1);
	fake_store(OLD);
	id = 7;
	EXPECT(!pvfront_follow_look(&front));
	EXPECT_EQ(later, 2);
	/* Not without end. */
	for (unsigned int n = 0; n < 100; n++)
		EXPECT(!pvfront_follow_look(&front));
	EXPECT(later < 100);
	EXPECT_EQ(leaves, 0);
	EXPECT(!turn);
	end();
}

static void moves_to(const char *path, int domain)
{
	begin();
	fake_store(path);
	id = domain;
	EXPECT(pvfront_follow_look(&front));
	EXPECT_EQ(leaves, 1);
	EXPECT(front.following);
	EXPECT_EQ(reprobes, 0);
	EXPECT(turn);
	turn->callback(turn, "device", "");
	EXPECT_EQ(reprobes, 1);
	EXPECT(!turn);
	EXPECT(!beside.gone);
	end();
}

static void the_old_backend_is_left_before_the_device_is_probed_again(void)
{
	moves_to("/local/domain/7/backend/vbd/9/51728", 7);
	/* Of the same domain, and of one that names its paths otherwise. */
	moves_to("/local/domain/5/backend/qdisk/9/51728", 5);
	moves_to("/elsewhere/51728", 7);
}

/* It was removed before its turn came. */
static void one_that_has_stopped_is_not_probed(void)
{
	begin();
	fake_store("/local/domain/7/backend/vbd/9/51728");
	id = 7;
	EXPECT(pvfront_follow_look(&front));
	pvfront_unfollow(&front);
	turn->callback(turn, "device", "");
	EXPECT_EQ(reprobes, 0);
	end();

	/* Likewise, with all others: the module is unloaded. */
	begin();
	fake_store("/local/domain/7/backend/vbd/9/51728");
	id = 7;
	EXPECT(pvfront_follow_look(&front));
	EXPECT(turn);
	end();
	EXPECT_EQ(reprobes, 0);
}

/* The next write of the keys has it tried again. */
static void without_a_turn_of_xenwatch_it_waits(void)
{
	begin();
	fake_store("/local/domain/7/backend/vbd/9/51728");
	id = 7;
	no_turn = true;
	EXPECT(pvfront_follow_look(&front));
	EXPECT(!turn);
	EXPECT(!front.following);
	no_turn = false;
	EXPECT(pvfront_follow_look(&front));
	EXPECT(turn);
	leaves = 1;
	turn->callback(turn, "device", "");
	EXPECT_EQ(reprobes, 1);
	end();
}

static void what_cannot_outlive_its_backend_does_not_follow(void)
{
	begin();
	pvfront_unfollow(&front);
	front.ops = &ops;
	INIT_LIST_HEAD(&front.followed);
	pvfront_follow(&front);
	written("device/vbd/51728/backend-id");
	EXPECT_EQ(moves, 0);
	end();
}

const struct test_case test_cases[] = {
	TEST(both_keys_are_watched_and_no_others),
	TEST(one_that_has_not_moved_stays),
	TEST(the_old_backend_is_left_before_the_device_is_probed_again),
	TEST(one_that_has_stopped_is_not_probed),
	TEST(without_a_turn_of_xenwatch_it_waits),
	TEST(what_cannot_outlive_its_backend_does_not_follow),
	{ }
};
