// SPDX-License-Identifier: GPL-2.0
/* The gate, and what suspending and resuming do to the link. See gate.h. */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/jiffies.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <xen/xenbus.h>

#include "gate.h"
#include "link.h"
#include "program.h"
#include "request.h"
#include "watch.h"

static DEFINE_SPINLOCK(lock);
static unsigned int inside;	/* under the lock */
static bool closed;		/* under the lock */
static DECLARE_WAIT_QUEUE_HEAD(open_waits);
static DECLARE_WAIT_QUEUE_HEAD(empty_waits);

static bool try_enter(void)
{
	bool in;

	spin_lock(&lock);
	in = !closed;
	inside += in;
	spin_unlock(&lock);
	return in;
}

int xsl_gate_enter(void)
{
	long left;

	if (try_enter())
		return 0;
	left = wait_event_killable_timeout(open_waits, try_enter(), XSL_DEADLINE);
	if (left > 0)
		return 0;
	return left ? -EINTR : -ETIMEDOUT;
}

void xsl_gate_leave(void)
{
	bool last;

	spin_lock(&lock);
	last = !--inside;
	spin_unlock(&lock);
	if (last)
		wake_up_all(&empty_waits);
}

static bool empty(void)
{
	bool none;

	spin_lock(&lock);
	none = !inside;
	spin_unlock(&lock);
	return none;
}

static void set_closed(bool value)
{
	spin_lock(&lock);
	closed = value;
	spin_unlock(&lock);
	if (!value)
		wake_up_all(&open_waits);
}

void xs_suspend(void)
{
	set_closed(true);
	if (!wait_event_timeout(empty_waits, empty(), 10 * HZ))
		pr_warn("suspends while requests or transactions are not over\n");
	xsl_link_stop();
}

void xs_suspend_cancel(void)
{
	xsl_link_go();
	set_closed(false);
}

/* Transactions of the old host are unknown to the new one; a program hears EAGAIN of them. */
void xs_resume(void)
{
	xsl_link_resume();
	xb_dev_generation_id++;
	xsl_watch_rearm();
	set_closed(false);
}
