// SPDX-License-Identifier: GPL-2.0
/*
 * States of devices, read from and written to a xenstored that is slow, busy or wrong.
 *
 * The source is taken in, with what it needs of the kernel and of store/ made here.
 */
#include <stdarg.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/io/xenbus.h>

#include "test.h"
#include "xenstore-lite/wire/answer.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _XSL_BUS_H
#define _XSL_STORE_H

#define __printf(a, b)
#define GFP_KERNEL		0
#define XBT_NIL			((struct xenbus_transaction){ 0 })
#define XSL_READ_STATE_ARGS	const char *path
#define XSL_READ_STATE_GONE	false
#define pr_warn(...)		(warnings++)
#define dev_err(...)		(warnings++)

struct xenbus_transaction { u32 id; };
struct device { int v; };
struct mutex { int holders; };
struct completion { int v; };
struct xenbus_device {
	struct device dev;
	const char *nodename;
	enum xenbus_state state;
	struct completion down;
};

struct xsl_device {
	struct xenbus_device xdev;
	struct mutex switching;
	bool vanished;
};

static unsigned int warnings, reads, writes, begun, pauses;
/* What the next reads return, 1 for @value, and how many commits come too late. */
static int outcomes[32], value, conflicts;

static struct xsl_device *xsl_device(struct xenbus_device *xdev) { return (void *)xdev; }
static void mutex_lock(struct mutex *m) { EXPECT_EQ(m->holders++, 0); }
static void mutex_unlock(struct mutex *m) { EXPECT_EQ(--m->holders, 0); }
static void complete(struct completion *c) { c->v++; }
static char *kvasprintf(int gfp, const char *fmt, va_list ap) { return NULL; }
static char *kasprintf(int gfp, const char *fmt, ...) { return NULL; }
static void kfree(void *p) { }

static int xenbus_scanf(struct xenbus_transaction t, const char *dir, const char *node,
			const char *fmt, int *to)
{
	int outcome = outcomes[reads++ % ARRAY_SIZE(outcomes)];

	if (outcome == 1)
		*to = value;
	return outcome;
}

static int xenbus_printf(struct xenbus_transaction t, const char *dir, const char *node,
			 const char *fmt, ...)
{
	writes++;
	return 0;
}

static int xenbus_transaction_start(struct xenbus_transaction *t)
{
	t->id = ++begun;
	return 0;
}

static int xenbus_transaction_end(struct xenbus_transaction t, int abort)
{
	return !abort && conflicts && conflicts-- ? -EAGAIN : 0;
}

static bool xsl_again(unsigned int tries, unsigned int most, unsigned int first)
{
	bool again = xsl_pause(tries, most, first);

	pauses += again;
	return again;
}

#include "xenstore-lite/bus/state.c"

static struct xsl_device dev;
static enum xenbus_state state;

static void begin(int outcome)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(outcomes); i++)
		outcomes[i] = outcome;
	value = XenbusStateConnected;
	state = XenbusStateReconfigured;
	dev = (struct xsl_device){ .xdev.nodename = "device/vbd/51712",
				   .xdev.state = XenbusStateInitialising };
	warnings = 0;
	reads = 0;
	writes = 0;
	begun = 0;
	pauses = 0;
	conflicts = 0;
}

static void a_state_is_read(void)
{
	begin(1);
	EXPECT_EQ(xsl_state_find("x", &state), 0);
	EXPECT_EQ(state, XenbusStateConnected);
	EXPECT_EQ(reads, 1);
}

static void a_node_that_is_gone_is_unknown(void)
{
	begin(-ENOENT);
	EXPECT_EQ(xsl_state_find("x", &state), 0);
	EXPECT_EQ(state, XenbusStateUnknown);
	begin(-EACCES);
	EXPECT_EQ(xsl_state_find("x", &state), 0);
	EXPECT_EQ(state, XenbusStateUnknown);
	EXPECT_EQ(reads, 1);
}

static void what_could_not_be_read_is_no_state(void)
{
	begin(-ETIMEDOUT);
	EXPECT_EQ(xsl_state_find("x", &state), -ETIMEDOUT);
	EXPECT_EQ(state, XenbusStateReconfigured);
	EXPECT_EQ(reads, XSL_LOOKS);
	EXPECT_EQ(pauses, XSL_LOOKS - 1);
	EXPECT_EQ(warnings, 1);
	/* xenstored is back the third time. */
	begin(-ETIMEDOUT);
	outcomes[2] = 1;
	EXPECT_EQ(xsl_state_find("x", &state), 0);
	EXPECT_EQ(state, XenbusStateConnected);
	EXPECT_EQ(warnings, 0);
	/* A text where a number is to be is one the next time, too. */
	begin(-ERANGE);
	EXPECT_EQ(xsl_state_find("x", &state), -ERANGE);
	EXPECT_EQ(reads, 1);
}

static void a_write_that_others_were_before_is_tried_again(void)
{
	begin(1);
	conflicts = XSL_TRIES - 1;
	EXPECT_EQ(xenbus_switch_state(&dev.xdev, XenbusStateConnected), 0);
	EXPECT_EQ(dev.xdev.state, XenbusStateConnected);
	EXPECT_EQ(begun, XSL_TRIES);
	EXPECT_EQ(pauses, XSL_TRIES - 1);
	EXPECT_EQ(warnings, 0);
}

static void and_has_an_end(void)
{
	begin(1);
	conflicts = XSL_TRIES;
	xenbus_switch_state(&dev.xdev, XenbusStateConnected);
	/* The error of it, and then the state Closing. */
	EXPECT_EQ(dev.xdev.state, XenbusStateClosing);
	EXPECT_EQ(begun, XSL_TRIES + 1);
	EXPECT_EQ(warnings, 1);
}

static void a_device_that_is_gone_is_not_written(void)
{
	begin(-ENOENT);
	EXPECT_EQ(xenbus_switch_state(&dev.xdev, XenbusStateConnected), 0);
	EXPECT_EQ(writes, 0);
	EXPECT_EQ(dev.xdev.state, XenbusStateConnected);
	begin(1);
	dev.vanished = true;
	xenbus_switch_state(&dev.xdev, XenbusStateConnected);
	EXPECT_EQ(begun, 0);
}

const struct test_case test_cases[] = {
	TEST(a_state_is_read),
	TEST(a_node_that_is_gone_is_unknown),
	TEST(what_could_not_be_read_is_no_state),
	TEST(a_write_that_others_were_before_is_tried_again),
	TEST(and_has_an_end),
	TEST(a_device_that_is_gone_is_not_written),
	{ }
};
