// SPDX-License-Identifier: GPL-2.0
/*
 * Orders of the host are done once, also if xenstored is late with its answers.
 *
 * The source is taken in, with what it needs of the kernel and of store/ made here: one key below
 * control/, and a transaction whose end goes as the test says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <xen/interface/sched.h>

#include "test.h"
#include "xenstore-lite/wire/answer.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _ASM_X86_XEN_HYPERCALL_H
#define _XSL_STORE_H
#define _XSL_SUSPEND_H

#define XBT_NIL			((struct xenbus_transaction){ 0 })
#define HZ			250
#define CONFIG_HIBERNATE_CALLBACKS
#define kfree			free
#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)		((long)(p))
#define ERR_PTR(err)		((void *)(long)(err))
#define pr_err(...)		(errors++)
#define pr_info(...)		((void)0)
#define pr_emerg(...)		((void)0)
#define DEFINE_TIMER(name, fn)	struct timer_list name = { fn }
#define mod_timer(timer, when)	((void)(timer))
#define subsys_initcall(fn)	struct initcall_##fn
#define xen_domain()		true
#define register_reboot_notifier(nb)	((void)(nb))
#define register_xenstore_notifier(nb)	((void)(nb), 0)
#define HYPERVISOR_sched_op(op, arg)	((void)(arg))
#define SYSTEM_RUNNING		1

enum { NOTIFY_DONE };
enum { SYS_DOWN, SYS_HALT, SYS_POWER_OFF };

struct timer_list { void (*run)(struct timer_list *timer); };
struct xenbus_transaction { u32 id; };

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long event, void *data);
};

struct xenbus_watch {
	const char *node;
	void (*callback)(struct xenbus_watch *watch, const char *path, const char *token);
};

static int system_state = SYSTEM_RUNNING;
static unsigned int errors, suspends, features;
/* The key, and what the transaction has written. */
static char key[16], written[16];
static bool writes;
/* How the next ends go: what is answered, whether it is done, and what the host writes then. */
static struct end {
	int answer;
	bool undone;
	const char *host;
} ends[8];
static unsigned int ended;

static void orderly_poweroff(bool force) { }
static void orderly_reboot(void) { }
static int xsl_suspend(void) { return suspends++; }
static int xsl_watch_sure(struct xenbus_watch *watch) { return 0; }
static bool xsl_again(unsigned int tries, unsigned int most, unsigned int first)
{
	return tries < most;
}

static int xenbus_transaction_start(struct xenbus_transaction *t)
{
	t->id = 1;
	writes = false;
	return 0;
}

static int xenbus_transaction_end(struct xenbus_transaction t, int abort)
{
	const struct end *end = &ends[ended];

	if (abort)
		return 0;
	ended += ended < 7;
	if (writes && !end->undone)
		strcpy(key, written);
	if (end->host)
		strcpy(key, end->host);
	return end->answer;
}

static void *xenbus_read(struct xenbus_transaction t, const char *dir, const char *node,
			 unsigned int *len)
{
	return strdup(key);
}

static int xenbus_write(struct xenbus_transaction t, const char *dir, const char *node,
			const char *value)
{
	if (!t.id) {
		features++;
		return 0;
	}
	writes = true;
	strcpy(written, value);
	return 0;
}

#include "xenstore-lite/control/orders.c"

static void start(const char *order)
{
	strcpy(key, order);
	memset(ends, 0, sizeof(ends));
	ended = 0;
	errors = 0;
	suspends = 0;
	going_down = false;
}

static void event(void)
{
	order_watch.callback(&order_watch, "control/shutdown", "1");
}

static void an_order_is_done_once(void)
{
	start("suspend");
	event();
	event();
	EXPECT_EQ(suspends, 1);
	EXPECT(!*key);
	EXPECT_EQ(errors, 0);
	/* Said with the first event of all: poweroff, reboot, suspend. */
	EXPECT_EQ(features, 3);
}

static void emptied_with_a_late_answer(void)
{
	start("suspend");
	ends[0].answer = -ETIMEDOUT;
	event();
	EXPECT_EQ(suspends, 1);
	event();
	EXPECT_EQ(suspends, 1);
}

static void not_emptied_and_no_answer(void)
{
	start("suspend");
	ends[0] = (struct end){ .answer = -ETIMEDOUT, .undone = true };
	event();
	EXPECT_EQ(suspends, 1);
	EXPECT(!*key);
	event();
	EXPECT_EQ(suspends, 1);
}

static void taken_back_by_the_host(void)
{
	start("suspend");
	ends[0] = (struct end){ .answer = -EAGAIN, .undone = true, .host = "" };
	event();
	EXPECT_EQ(suspends, 0);
	EXPECT_EQ(errors, 0);
}

static void another_order_meanwhile(void)
{
	start("reboot");
	ends[0] = (struct end){ .answer = -EAGAIN, .undone = true, .host = "suspend" };
	event();
	EXPECT_EQ(suspends, 1);
	EXPECT(!going_down);
}

static void no_end_is_ever_answered(void)
{
	unsigned int i;

	start("suspend");
	for (i = 0; i < 8; i++)
		ends[i] = (struct end){ .answer = -ETIMEDOUT, .undone = true };
	event();
	EXPECT_EQ(suspends, 0);
	EXPECT_EQ(errors, 1);
}

const struct test_case test_cases[] = {
	TEST(an_order_is_done_once),
	TEST(emptied_with_a_late_answer),
	TEST(not_emptied_and_no_answer),
	TEST(taken_back_by_the_host),
	TEST(another_order_meanwhile),
	TEST(no_end_is_ever_answered),
	{ }
};
