// SPDX-License-Identifier: GPL-2.0
/*
 * What a queue does by time. A high resolution timer bounds how long a response waits for
 * others to share its event with; a watch finds responses whose event was lost, while
 * requests are in flight; and grants that nobody has needed for a turn go back to the
 * guest, which wakes no idle CPU.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/rcupdate.h>

#include <pv/compat/time.h>

#include "pvblk.h"

/* The watch's turns: a lost event is found within two of them. */
#define PVBLK_WATCH		HZ

/* Grants that were not used between two turns go back. */
#define PVBLK_TRIM		(10 * HZ)

static enum hrtimer_restart pvblk_timer(struct hrtimer *timer)
{
	struct pvblk_queue *q = container_of(timer, struct pvblk_queue, timer);
	bool waits, late = false;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	waits = q->up && q->coalesce.wait > 1;
	if (waits) {
		late = ktime_compare(ktime_get(), q->deadline) >= 0;
		/* Events have come and been asked for again. */
		if (!late && !hrtimer_is_queued(timer))
			hrtimer_start(timer, q->deadline, HRTIMER_MODE_ABS_SOFT);
	}
	q->stats.late_events += late;
	spin_unlock_irqrestore(&q->lock, flags);

	if (late)
		pvblk_queue_reap(q, true);
	return HRTIMER_NORESTART;
}

static bool pvblk_has_spare(const struct pvblk_pool *p)
{
	return pvblk_pool_claimed(p) > p->reserve;
}

static void pvblk_trim_later(struct pvblk_queue *q)
{
	queue_delayed_work(pvblk_wq, &q->trim, PVBLK_TRIM);
}

/* In process context, as requests of a polled ring end nowhere else. */
static void pvblk_watch_work(struct work_struct *work)
{
	struct pvblk_queue *q = container_of(to_delayed_work(work),
					     struct pvblk_queue, watch);
	bool forgotten;

	spin_lock_irq(&q->lock);
	forgotten = q->up && pvblk_ring_forgotten(&q->ring);
	if (q->up && pvblk_ring_in_flight(&q->ring))
		pvblk_watch(q);
	if (q->up && !delayed_work_pending(&q->trim))
		pvblk_trim_later(q);
	spin_unlock_irq(&q->lock);

	if (forgotten && pvblk_queue_look(q))
		dev_warn_ratelimited(&q->disk->front.xdev->dev,
				     "an event of queue %u was lost\n", q->index);
}

void pvblk_watch(struct pvblk_queue *q)
{
	lockdep_assert_held(&q->lock);
	if (!delayed_work_pending(&q->watch))
		kblockd_mod_delayed_work_on(WORK_CPU_UNBOUND, &q->watch,
					    PVBLK_WATCH);
}

static void pvblk_trim_pool(struct pvblk_queue *q, struct pvblk_pool *p)
{
	struct pvblk_grant idle[PVBLK_POOL_TURN];
	unsigned int n;

	do {
		spin_lock_irq(&q->lock);
		n = q->up ? pvblk_pool_idle(p, idle) : 0;
		spin_unlock_irq(&q->lock);
		pvblk_pool_drop(p, idle, n);
		cond_resched();
	} while (n == PVBLK_POOL_TURN);
}

/* Whether a request with this tag, in whatever hardware queue, has grants of @q. */
static bool pvblk_tag_is_out(const struct pvblk_queue *q, unsigned int tag)
{
	const struct pvblk_disk *d = q->disk;
	unsigned int id;

	for (id = tag; id < pvblk_nr_ids(d); id += d->set.queue_depth)
		if (pvblk_request_is_out(pvblk_request_of(d, id), q))
			return true;
	return false;
}

/* Grants of tags have no lock: their users are kept out first. */
static void pvblk_trim_own(struct pvblk_queue *q)
{
	struct pvblk_pool *p = &q->pool;
	struct pvblk_grant idle;
	unsigned int tag;

	WRITE_ONCE(p->own_off, true);
	/* Pairs with the read side that blk-mq issues requests in. */
	synchronize_rcu();
	for (tag = 0; tag < p->own; tag++)
		if (!pvblk_tag_is_out(q, tag) &&
		    pvblk_pool_own_idle(p, tag, &idle))
			pvblk_pool_drop(p, &idle, 1);
	/* Pairs with smp_load_acquire() in pvblk_pool_own(). */
	smp_store_release(&p->own_off, false);
}

static void pvblk_trim(struct work_struct *work)
{
	struct pvblk_queue *q = container_of(to_delayed_work(work),
					     struct pvblk_queue, trim);
	u64 requests = READ_ONCE(q->stats.requests);

	pvblk_trim_pool(q, &q->pool);
	pvblk_trim_pool(q, &q->desc);
	if (requests == q->trim_requests && q->pool.own)
		pvblk_trim_own(q);
	q->trim_requests = requests;

	spin_lock_irq(&q->lock);
	if (q->up && (pvblk_has_spare(&q->pool) || pvblk_has_spare(&q->desc)))
		pvblk_trim_later(q);
	spin_unlock_irq(&q->lock);
}

void pvblk_watch_init(struct pvblk_queue *q)
{
	pvblk_coalesce_init(&q->coalesce);
	pv_hrtimer_setup(&q->timer, pvblk_timer, CLOCK_MONOTONIC,
			 HRTIMER_MODE_ABS_SOFT);
	INIT_DELAYED_WORK(&q->watch, pvblk_watch_work);
	INIT_DEFERRABLE_WORK(&q->trim, pvblk_trim);
}

void pvblk_watch_stop(struct pvblk_queue *q)
{
	hrtimer_cancel(&q->timer);
	cancel_delayed_work_sync(&q->watch);
	cancel_delayed_work_sync(&q->trim);
}
