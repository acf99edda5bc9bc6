// SPDX-License-Identifier: GPL-2.0
/*
 * Watches and their events. See watch.h.
 *
 * A watch's token on the wire is its number in a table, which no watch gets again for long, so
 * that an event on its way when its watch ends is nobody's. The callback of an event runs in
 * the watch's lane; it may end its own watch.
 */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <xen/xenbus.h>

#include "gate.h"
#include "lane.h"
#include "request.h"
#include "store.h"
#include "watch.h"
#include "wire/text.h"

/* Different paths that one watch may have waiting. */
#define PATHS_MAX	1024

struct xsl_watch {
	struct kref ref;
	u32 token;
	struct xenbus_watch *watch;	/* not to be used when gone */
	struct xsl_lane *lane;
	struct list_head events;	/* that wait */
	struct task_struct *runner;	/* who runs the callback */
	bool gone;
	bool kept;			/* registered: it is to be there until it is gone */
	bool missed;			/* the spare event waits */
	struct xsl_item spare;
	char node[];			/* a copy, for when @watch is gone */
};

struct event {
	struct xsl_item item;
	struct list_head list;
	struct xsl_watch *w;
	char path[];
};

/* Guards the table, and of each watch its events, runner, gone, kept, missed and nr_pending. */
static DEFINE_SPINLOCK(lock);
static DEFINE_XARRAY_ALLOC1(table);
static u32 last_token;
static DECLARE_WAIT_QUEUE_HEAD(runner_waits);

static void release(struct kref *ref)
{
	struct xsl_watch *w = container_of(ref, struct xsl_watch, ref);

	xsl_lane_put(w->lane);
	kfree(w);
}

/* Called with the lock held; false if the watch ended meanwhile. */
static bool begin(struct xsl_watch *w)
{
	if (w->gone)
		return false;
	w->runner = current;
	return true;
}

static void end(struct xsl_watch *w)
{
	spin_lock(&lock);
	w->runner = NULL;
	spin_unlock(&lock);
	wake_up_all(&runner_waits);
}

static void call(struct xsl_watch *w, const char *path)
{
	char token[12];

	snprintf(token, sizeof(token), "%x", w->token);
	w->watch->callback(w->watch, path, token);
}

static void run_event(struct xsl_item *item)
{
	struct event *e = container_of(item, struct event, item);
	struct xsl_watch *w = e->w;
	bool ours;

	spin_lock(&lock);
	list_del(&e->list);
	ours = begin(w);
	if (ours)
		w->watch->nr_pending--;
	spin_unlock(&lock);
	if (ours) {
		call(w, e->path);
		end(w);
	}
	kfree(e);
	kref_put(&w->ref, release);
}

static void run_spare(struct xsl_item *item)
{
	struct xsl_watch *w = container_of(item, struct xsl_watch, spare);
	bool ours;

	spin_lock(&lock);
	w->missed = false;
	ours = begin(w);
	spin_unlock(&lock);
	if (ours) {
		call(w, w->node);
		end(w);
	}
	kref_put(&w->ref, release);
}

static void add_spare(struct xsl_watch *w)
{
	if (w->missed)
		return;
	w->missed = true;
	kref_get(&w->ref);
	xsl_lane_add(w->lane, &w->spare);
}

/* Called with the lock held. */
static bool waits_already(const struct xsl_watch *w, const char *path)
{
	const struct event *e;

	list_for_each_entry(e, &w->events, list)
		if (!strcmp(e->path, path))
			return true;
	return false;
}

/* Return: whether @e is in use now. Called with the lock held. */
static bool deliver(struct xsl_watch *w, struct event *e, const char *path, const char *token)
{
	struct xenbus_watch *watch = w->watch;

	if (waits_already(w, path))
		return false;
	if (watch->will_handle && !watch->will_handle(watch, path, token))
		return false;
	if (!e || watch->nr_pending >= PATHS_MAX) {
		add_spare(w);
		return false;
	}
	e->item.run = run_event;
	e->w = w;
	kref_get(&w->ref);
	list_add_tail(&e->list, &w->events);
	watch->nr_pending++;
	xsl_lane_add(w->lane, &e->item);
	return true;
}

void xsl_watch_event(const char *body, u32 len)
{
	const char *path, *token;
	struct xsl_watch *w;
	struct event *e;
	bool used = false;
	u32 number;

	if (xsl_text_event(body, len, &path, &token) || kstrtou32(token, 16, &number)) {
		pr_warn_ratelimited("an event that is not a path and a watch of ours\n");
		return;
	}
	e = kmalloc(struct_size(e, path, strlen(path) + 1), GFP_NOIO | __GFP_HIGH | __GFP_NOWARN);
	if (e)
		strcpy(e->path, path);
	spin_lock(&lock);
	w = xa_load(&table, number);
	if (w)
		used = deliver(w, e, path, token);
	spin_unlock(&lock);
	if (!used)
		kfree(e);
}

bool xsl_watch_is_kept(const char *body, u32 len)
{
	const char *path, *token;
	struct xsl_watch *w;
	bool kept = false;
	u32 number;

	if (xsl_text_event(body, len, &path, &token) || kstrtou32(token, 16, &number))
		return false;
	spin_lock(&lock);
	w = xa_load(&table, number);
	if (w)
		kept = w->kept;
	spin_unlock(&lock);
	return kept;
}

/*
 * send() - send XS_WATCH, and wait for the answer, or XS_UNWATCH, and do not: the events of
 * that watch are nobody's already
 */
static int send(enum xsd_sockmsg_type type, struct xsl_watch *w)
{
	char token[12];
	struct kvec vec[] = {
		{ .iov_base = w->node, .iov_len = strlen(w->node) + 1 },
		{ .iov_base = token },
	};

	vec[1].iov_len = snprintf(token, sizeof(token), "%x", w->token) + 1;
	if (type == XS_WATCH || xsl_tell(type, 0, vec, ARRAY_SIZE(vec)) == -EBUSY)
		return xsl_talk(type, 0, vec, ARRAY_SIZE(vec), NULL, NULL);
	return 0;
}

static struct xsl_watch *make(struct xenbus_watch *watch, struct xsl_lane *lane)
{
	size_t len = strlen(watch->node) + 1;
	struct xsl_watch *w = kzalloc(struct_size(w, node, len), GFP_NOIO | __GFP_HIGH);

	if (!w)
		return NULL;
	memcpy(w->node, watch->node, len);
	kref_init(&w->ref);
	INIT_LIST_HEAD(&w->events);
	w->spare.run = run_spare;
	w->watch = watch;
	w->lane = lane ? xsl_lane_get(lane) :
		  xsl_lane_make(strncmp(watch->node, "control/", 8), watch->node);
	if (!w->lane) {
		kfree(w);
		return NULL;
	}
	return w;
}

/* From here on its events are delivered. The table has a reference, of who takes it out. */
static int enter(struct xsl_watch *w)
{
	int err;

	spin_lock(&lock);
	w->watch->nr_pending = 0;
	err = xa_alloc_cyclic(&table, &w->token, w, xa_limit_31b, &last_token, GFP_ATOMIC);
	if (err >= 0)
		kref_get(&w->ref);
	spin_unlock(&lock);
	return err < 0 ? err : 0;
}

/* Return: the watch with the table's reference, or NULL if it is not there. */
static struct xsl_watch *leave(struct xenbus_watch *watch)
{
	struct xsl_watch *w;
	unsigned long at;

	spin_lock(&lock);
	xa_for_each(&table, at, w) {
		if (w->watch != watch)
			continue;
		xa_erase(&table, at);
		w->gone = true;
		break;
	}
	spin_unlock(&lock);
	return w;
}

static bool at_rest(struct xsl_watch *w)
{
	bool rest;

	spin_lock(&lock);
	rest = !w->runner || w->runner == current;
	spin_unlock(&lock);
	return rest;
}

/* The callback does not run any more, unless it is who calls. */
static void settle(struct xsl_watch *w)
{
	wait_event(runner_waits, at_rest(w));
	kref_put(&w->ref, release);
}

static void keep(struct xsl_watch *w)
{
	spin_lock(&lock);
	w->kept = true;
	spin_unlock(&lock);
}

int xsl_watch_add(struct xenbus_watch *watch, struct xsl_lane *lane)
{
	struct xsl_watch *w = make(watch, lane);
	int err;

	if (!w)
		return -ENOMEM;
	err = xsl_gate_enter();
	if (err)
		goto out_put;
	err = enter(w);
	if (!err)
		err = send(XS_WATCH, w);
	xsl_gate_leave();
	if (!err)
		keep(w);
	/* Its callback may have ended it already, whatever has become of the answer. */
	else if (leave(watch))
		settle(w);
out_put:
	kref_put(&w->ref, release);
	return err;
}

/* What a driver watches of its device comes in order with all else that its device hears. */
int register_xenbus_watch(struct xenbus_watch *watch)
{
	struct xsl_lane *lane = xsl_lane_of(watch->node);
	int err = xsl_watch_add(watch, lane);

	xsl_lane_put(lane);
	return err;
}
EXPORT_SYMBOL_GPL(register_xenbus_watch);

void unregister_xenbus_watch(struct xenbus_watch *watch)
{
	struct xsl_watch *w = leave(watch);

	if (WARN_ON_ONCE(!w))
		return;
	send(XS_UNWATCH, w);
	settle(w);
}
EXPORT_SYMBOL_GPL(unregister_xenbus_watch);

static struct xsl_watch *next(unsigned long *at)
{
	struct xsl_watch *w;

	spin_lock(&lock);
	w = xa_find(&table, at, ULONG_MAX, XA_PRESENT);
	if (w)
		kref_get(&w->ref);
	spin_unlock(&lock);
	return w;
}

/* Return: 0 or a negative errno. @tries: how often that has failed, of any watch. */
static int rearm(struct xsl_watch *w, unsigned int *tries)
{
	int err;

	do {
		err = send(XS_WATCH, w);
		/* An earlier try, whose answer was late. */
		if (err == -EEXIST)
			err = 0;
	} while (err && xsl_again(++*tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	return err;
}

/*
 * The whole guest waits, so that there is an end to trying. What xenstored has in its ring it may
 * do later: that is not taken back then, see xsl_watch_is_kept().
 */
void xsl_watch_rearm(void)
{
	unsigned int tries = 0;
	struct xsl_watch *w;
	unsigned long at;
	int err;

	for (at = 0; (w = next(&at)); at++) {
		err = rearm(w, &tries);
		if (err)
			pr_err("no watch on %s after the migration (%d)\n", w->node, err);
		kref_put(&w->ref, release);
	}
}
