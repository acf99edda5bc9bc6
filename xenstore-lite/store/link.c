// SPDX-License-Identifier: GPL-2.0
/*
 * The link to xenstored. See link.h.
 *
 * One lock, a spinlock of process context, holds the client (wire/client.h) together: the two
 * ends of our rings and the requests in flight. Only the thread takes messages, so that it can
 * look at one without the lock. A tick each second while requests are in flight finds those
 * whose deadline has passed, and reads the ring even if an event was lost.
 *
 * While the guest is saved the client is stopped: the page becomes another xenstored's at a moment
 * that is not known here, and its indices are not those of our requests.
 */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <xen/events.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/hypercall.h>

#include "link.h"
#include "request.h"
#include "watch.h"

static DEFINE_SPINLOCK(lock);
static struct xsl_client client;	/* under the lock; client.inbox is the thread's */
static int unusable;			/* under the lock: why the ring is, or 0 */
static int irq;

static DECLARE_WAIT_QUEUE_HEAD(thread_waits);	/* for news */
static DECLARE_WAIT_QUEUE_HEAD(place_waits);	/* for client.live to shrink */
static bool news;

/* Of the thread alone: what was said already, and what is to be said later. */
static bool silent;
static unsigned int given_up;

static struct xsl_request *to_request(struct xsl_call *call)
{
	return container_of(call, struct xsl_request, call);
}

static void wake(void)
{
	WRITE_ONCE(news, true);
	wake_up(&thread_waits);
}

static void tick(struct timer_list *unused)
{
	wake();
}

static DEFINE_TIMER(ticker, tick);

static void set_tick(void)
{
	if (!timer_pending(&ticker))
		mod_timer(&ticker, jiffies + HZ);
}

static irqreturn_t interrupt(int number, void *unused)
{
	wake();
	return IRQ_HANDLED;
}

/* Called with the lock held; the thread ends what is in flight. */
static void give_up_ring(int err)
{
	if (unusable)
		return;
	unusable = err;
	pr_err("the ring is unusable (%s), requests fail from now on\n",
	       err == -EMSGSIZE ? "a message longer than allowed" : "an impossible index");
	wake();
}

/* Called with the lock held. */
static void push(void)
{
	int n = unusable ? 0 : xsl_client_push(&client);

	if (n > 0)
		notify_remote_via_evtchn(xen_store_evtchn);
	else if (n < 0)
		give_up_ring(n);
}

int xsl_link_post(struct xsl_request *req, unsigned long ticks)
{
	int err;

	spin_lock(&lock);
	err = unusable ? -EIO : xsl_client_add(&client, &req->call);
	if (!err) {
		req->call.deadline = jiffies + ticks;
		kref_get(&req->ref);
		req->flying = true;
		push();
		set_tick();
	}
	spin_unlock(&lock);
	return err;
}

int xsl_link_submit(struct xsl_request *req, unsigned long ticks)
{
	long left;
	int err = xsl_link_post(req, ticks);

	if (err != -EBUSY)
		return err;
	left = wait_event_killable_timeout(place_waits,
					   (err = xsl_link_post(req, ticks)) != -EBUSY, ticks);
	if (err == -EBUSY)
		err = left ? -EINTR : -ETIMEDOUT;
	return err;
}

bool xsl_link_abandon(struct xsl_request *req)
{
	bool given = false, over = false;

	spin_lock(&lock);
	if (req->flying && !req->call.abandoned) {
		given = true;
		over = xsl_client_abandon(&client, &req->call);
		if (over)
			req->flying = false;
	}
	spin_unlock(&lock);
	if (over) {
		wake_up(&place_waits);
		xsl_request_put(req);
	}
	return given;
}

/*
 * A request that nobody waited for any more has made something after all, which nobody knows
 * of: have xenstored take it back.
 */
static void undo(struct xsl_request *req, const struct xsl_message *msg)
{
	struct kvec same = { .iov_base = req->body, .iov_len = req->call.head.len };
	struct kvec no = { .iov_base = "F", .iov_len = sizeof("F") };
	u32 tx;

	if (msg->error)
		return;
	if (req->call.head.type == XS_WATCH && !xsl_watch_is_kept(req->body, same.iov_len))
		xsl_tell(XS_UNWATCH, 0, &same, 1);
	else if (req->call.head.type == XS_TRANSACTION_START && !kstrtou32(msg->body, 10, &tx))
		xsl_tell(XS_TRANSACTION_END, tx, &no, 1);
}

static void heard(void)
{
	if (silent)
		pr_info("xenstored answers again; %u requests were given up\n", given_up);
	silent = false;
	given_up = 0;
}

static void handle(const struct xsl_message *msg)
{
	struct xsl_request *req = msg->call ? to_request(msg->call) : NULL;

	heard();
	switch (msg->news) {
	case XSL_NEWS_REPLY:
		if (msg->error == -EPROTO)
			pr_warn_ratelimited("a reply to request %u that is no answer to it\n",
					    req->call.head.type);
		xsl_request_finish(req, msg->error, msg->body, msg->len);
		xsl_request_put(req);
		break;
	case XSL_NEWS_LATE:
		undo(req, msg);
		xsl_request_put(req);
		break;
	case XSL_NEWS_EVENT:
		xsl_watch_event(msg->body, msg->len);
		break;
	case XSL_NEWS_STRAY:
		pr_warn_ratelimited("a message that nobody asked for\n");
		break;
	}
}

/* Return: whether there was a message. */
static bool take_one(void)
{
	struct xsl_message msg;
	bool tell = false;
	int ret = 0;

	spin_lock(&lock);
	if (!unusable)
		ret = xsl_client_pull(&client, &msg, &tell);
	if (ret < 0)
		give_up_ring(ret);
	if (ret > 0 && msg.call)
		to_request(msg.call)->flying = false;
	push();
	spin_unlock(&lock);
	if (tell)
		notify_remote_via_evtchn(xen_store_evtchn);
	if (ret <= 0)
		return false;
	if (msg.call)
		wake_up(&place_waits);
	handle(&msg);
	return true;
}

/* Return: whether a request was given up. */
static bool expire_one(void)
{
	struct xsl_request *req = NULL;
	struct xsl_call *call;
	bool over = false;

	spin_lock(&lock);
	call = xsl_client_expired(&client, jiffies);
	if (call) {
		req = to_request(call);
		kref_get(&req->ref);
		over = xsl_client_abandon(&client, call);
		if (over)
			req->flying = false;
	}
	spin_unlock(&lock);
	if (!req)
		return false;
	if (!silent)
		pr_err("xenstored does not answer, requests fail with ETIMEDOUT\n");
	silent = true;
	given_up++;
	xsl_request_finish(req, -ETIMEDOUT, NULL, 0);
	if (over) {
		wake_up(&place_waits);
		xsl_request_put(req);
	}
	xsl_request_put(req);
	return true;
}

/*
 * drop_one() - end a request that its ring cannot answer: any, if the ring is unusable, else, with
 * @old, one of the ring of before. Return: whether there was one.
 */
static bool drop_one(bool old, int error)
{
	struct xsl_call *call = NULL;
	bool waited;

	spin_lock(&lock);
	if (old || unusable)
		call = xsl_client_drop(&client, !old);
	waited = call && !call->abandoned;
	if (call)
		to_request(call)->flying = false;
	spin_unlock(&lock);
	if (!call)
		return false;
	if (waited)
		xsl_request_finish(to_request(call), error, NULL, 0);
	xsl_request_put(to_request(call));
	wake_up(&place_waits);
	return true;
}

static int run(void *unused)
{
	bool busy;

	for (;;) {
		wait_event_idle(thread_waits, READ_ONCE(news));
		WRITE_ONCE(news, false);
		/* Pairs with what wakes us: news are looked at after they are no news any more. */
		smp_mb();
		while (take_one())
			cond_resched();
		while (expire_one() || drop_one(false, -EIO))
			;
		spin_lock(&lock);
		busy = client.live;
		spin_unlock(&lock);
		if (busy)
			set_tick();
	}
	return 0;
}

static bool stop_if_idle(void)
{
	bool none;

	spin_lock(&lock);
	none = !client.live;
	if (none)
		xsl_client_stop(&client);
	spin_unlock(&lock);
	return none;
}

void xsl_link_stop(void)
{
	if (wait_event_timeout(place_waits, stop_if_idle(), 10 * HZ))
		return;
	spin_lock(&lock);
	xsl_client_stop(&client);
	spin_unlock(&lock);
	pr_warn("%u requests are still in flight\n", READ_ONCE(client.live));
}

void xsl_link_go(void)
{
	spin_lock(&lock);
	xsl_client_go(&client);
	push();
	spin_unlock(&lock);
	/* What came meanwhile was told, and not looked at. */
	wake();
}

void xsl_link_resume(void)
{
	xen_store_evtchn = xen_start_info->store_evtchn;
	while (drop_one(true, -EAGAIN))
		;
	spin_lock(&lock);
	xsl_client_restart(&client, xen_store_interface);
	unusable = 0;
	push();
	spin_unlock(&lock);
	rebind_evtchn_irq(xen_store_evtchn, irq);
	wake();
}

int xsl_link_start(void)
{
	struct task_struct *thread;
	int err;

	xsl_client_start(&client, xen_store_interface);
	err = bind_evtchn_to_irqhandler(xen_store_evtchn, interrupt, 0, "xenbus", &client);
	if (err < 0) {
		pr_err("no interrupt for event channel %d (%d)\n", xen_store_evtchn, err);
		return err;
	}
	irq = err;
	thread = kthread_run(run, NULL, "xenstore");
	if (IS_ERR(thread)) {
		unbind_from_irqhandler(irq, &client);
		return PTR_ERR(thread);
	}
	/* The host may have written before we listened. */
	wake();
	return 0;
}
