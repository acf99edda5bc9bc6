// SPDX-License-Identifier: GPL-2.0
/* Lanes on workqueues. See lane.h. */
#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "lane.h"

/*
 * The lock is taken inside of that of watches and of places. The work holds a reference from
 * being queued until it has run.
 */
struct xsl_lane {
	struct kref ref;
	spinlock_t lock;
	struct list_head items;
	struct workqueue_struct *queue;
	struct work_struct work;
};

static struct workqueue_struct *freezing, *lasting;

int xsl_lane_start(void)
{
	freezing = alloc_workqueue("xenwatch", WQ_UNBOUND | WQ_FREEZABLE, 0);
	lasting = alloc_workqueue("xencontrol", WQ_UNBOUND, 0);
	return freezing && lasting ? 0 : -ENOMEM;
}

static void queue(struct xsl_lane *lane)
{
	xsl_lane_get(lane);
	if (!queue_work(lane->queue, &lane->work))
		xsl_lane_put(lane);
}

/* One piece a run, so that a guest that suspends waits for one piece of each lane at most. */
static void work(struct work_struct *work)
{
	struct xsl_lane *lane = container_of(work, struct xsl_lane, work);
	struct xsl_item *item;
	bool more = false;

	spin_lock(&lane->lock);
	item = list_first_entry_or_null(&lane->items, struct xsl_item, list);
	if (item) {
		list_del_init(&item->list);
		more = !list_empty(&lane->items);
	}
	spin_unlock(&lane->lock);
	if (item)
		item->run(item);
	if (more)
		queue(lane);
	xsl_lane_put(lane);
}

struct xsl_lane *xsl_lane_make(bool freezes)
{
	struct xsl_lane *lane = kzalloc(sizeof(*lane), GFP_KERNEL);

	if (!lane)
		return NULL;
	kref_init(&lane->ref);
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->items);
	INIT_WORK(&lane->work, work);
	lane->queue = freezes ? freezing : lasting;
	return lane;
}

struct xsl_lane *xsl_lane_get(struct xsl_lane *lane)
{
	kref_get(&lane->ref);
	return lane;
}

static void release(struct kref *ref)
{
	kfree(container_of(ref, struct xsl_lane, ref));
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
	spin_unlock(&lane->lock);
	queue(lane);
}
