// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes: a thread each. See lane.h.
 *
 * A worker of a workqueue would have to be made, or be the one rescuer that all lanes share. But a
 * lane may be that of the very disk that memory is to be written to, so it must get on without
 * any, whatever other lanes wait for.
 */
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "lane.h"

/* The lock is taken inside of that of watches and of places. */
struct xsl_lane {
	struct kref ref;
	spinlock_t lock;
	struct list_head items;		/* under the lock */
	bool ends;			/* under the lock: there is no reference any more */
	bool freezes;
	wait_queue_head_t waits;
};

/* Guards the claims. */
static DEFINE_SPINLOCK(claims_lock);
static struct xsl_claim *claims;

static bool has_news(struct xsl_lane *lane)
{
	bool news;

	spin_lock(&lane->lock);
	news = lane->ends || !list_empty(&lane->items);
	spin_unlock(&lane->lock);
	return news;
}

static struct xsl_item *take(struct xsl_lane *lane)
{
	struct xsl_item *item;

	spin_lock(&lane->lock);
	item = list_first_entry_or_null(&lane->items, struct xsl_item, list);
	if (item)
		list_del_init(&item->list);
	spin_unlock(&lane->lock);
	return item;
}

/* Return: what to do next, or NULL if the lane ends. */
static struct xsl_item *next(struct xsl_lane *lane)
{
	if (lane->freezes) {
		/* A guest that suspends waits for one piece of each lane at most. */
		try_to_freeze();
		wait_event_freezable(lane->waits, has_news(lane));
	} else {
		wait_event_idle(lane->waits, has_news(lane));
	}
	return take(lane);
}

static int run(void *data)
{
	struct xsl_lane *lane = data;
	struct xsl_item *item;

	if (lane->freezes)
		set_freezable();
	/* Nothing that is done here may wait for memory to be written to a disk: see above. */
	memalloc_noio_save();
	while ((item = next(lane)))
		item->run(item);
	kfree(lane);
	return 0;
}

struct xsl_lane *xsl_lane_make(bool freezes, const char *name)
{
	struct xsl_lane *lane = kzalloc(sizeof(*lane), GFP_KERNEL);

	if (!lane)
		return NULL;
	kref_init(&lane->ref);
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->items);
	init_waitqueue_head(&lane->waits);
	lane->freezes = freezes;
	if (IS_ERR(kthread_run(run, lane, "xenwatch/%s", name))) {
		kfree(lane);
		return NULL;
	}
	return lane;
}

struct xsl_lane *xsl_lane_get(struct xsl_lane *lane)
{
	kref_get(&lane->ref);
	return lane;
}

/* The thread, which may be who calls, frees the lane when it has done what was added. */
static void release(struct kref *ref)
{
	struct xsl_lane *lane = container_of(ref, struct xsl_lane, ref);

	spin_lock(&lane->lock);
	lane->ends = true;
	wake_up(&lane->waits);
	spin_unlock(&lane->lock);
}

void xsl_lane_put(struct xsl_lane *lane)
{
	if (lane)
		kref_put(&lane->ref, release);
}

void xsl_lane_add(struct xsl_lane *lane, struct xsl_item *item)
{
	spin_lock(&lane->lock);
	list_add_tail(&item->list, &lane->items);
	wake_up(&lane->waits);
	spin_unlock(&lane->lock);
}

void xsl_lane_claim(struct xsl_lane *lane, struct xsl_claim *claim, const char *path)
{
	claim->path = path;
	claim->owner = lane;
	spin_lock(&claims_lock);
	xsl_claim_add(&claims, claim);
	spin_unlock(&claims_lock);
}

void xsl_lane_unclaim(struct xsl_claim *claim)
{
	spin_lock(&claims_lock);
	xsl_claim_remove(&claims, claim);
	spin_unlock(&claims_lock);
}

struct xsl_lane *xsl_lane_of(const char *path)
{
	struct xsl_lane *lane;

	spin_lock(&claims_lock);
	lane = xsl_claim_find(claims, path);
	if (lane)
		xsl_lane_get(lane);
	spin_unlock(&claims_lock);
	return lane;
}
