// SPDX-License-Identifier: GPL-2.0
/*
 * What proves that the old backend carries nothing out any more.
 *
 * A backend that restarts may have requests of ours with its storage still: xen-blkback's
 * xen_blkif_disconnect() gives such a ring up with -EBUSY, which is ignored, and says
 * Closed all the same. Were a write of these sent again, its first copy could land after
 * a later write of the same sectors. So neither the backend's state nor an event tells.
 * The grant table does: a backend keeps a ring mapped as long as it has requests of it,
 * whatever these are, a flush without data as well. xen-blkback unmaps a ring when
 * nothing of it is in flight; QEMU drains its storage before it does. Once no page of the
 * ring and no page of data is mapped, their grants end, so that nothing of that ring is
 * ever read again: the connection is dead. Xen also ends the mappings of a domain that
 * dies, which carries nothing out then; and a guest that was restored elsewhere has a new
 * grant table, its old domain having been destroyed before.
 *
 * Until then requests that are to be issued again wait, and with them all others of the
 * disk. After PVBLK_FENCE_SECS they fail with an I/O error. What they wrote may be on the
 * disk, or get there later: so the disk refuses writes until the proof is there.
 *
 * A request that fails goes back to its owner only when the backend has let go of its
 * memory, and a read into a buffer of O_DIRECT however long that takes: used anew, it
 * would be overwritten by a late read. Memory that the backend can only read and, of a
 * dead disk, pages of the page cache are left to it after PVBLK_LET_GO_MS; they are not
 * freed before it lets go. What a late write then writes is what was in the buffer of a
 * write that is known to have failed, or what its owner has put there since.
 *
 * When all that is settled, and before requests go on, what the old backend acknowledged
 * and may have lost is written again (kept.h, resend.c).
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include <pv/grant.h>

#include "pvblk.h"

/* How long pvblk_fence_end() waits for memory that the backend maps. */
#define PVBLK_LET_GO_MS		3000

/*
 * How often to look, at last. Requests that have failed are looked at more seldom than
 * those that are to be issued again: the kernel has a line in the log for each that is
 * mapped.
 */
#define PVBLK_LOOK_MAX_MS	1000U
#define PVBLK_LOOK_FAILED_MS	10000U

/**
 * struct pvblk_ended - the queues of a connection that has ended
 * @link: in struct pvblk_disk.ended
 * @queues: the queues, which are down
 * @nr: how many
 * @replay: their requests are to be issued again
 * @since: when the connection ended; PVBLK_FENCE_SECS later these fail, if it is not proven
 *	by then that it is dead
 * @let_go: until then the backend is waited for to let go of the memory of those that
 *	fail; afterwards it need not if pvblk_request_abandon() agrees
 */
struct pvblk_ended {
	struct list_head link;
	struct pvblk_queue *queues;
	unsigned int nr;
	bool replay;
	unsigned long since;
	unsigned long let_go;
};

void pvblk_hold(struct pvblk_queue *q, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	unsigned long flags;

	r->status = BLK_STS_IOERR;
	spin_lock_irqsave(&q->lock, flags);
	list_add_tail(&r->held, &q->held);
	spin_unlock_irqrestore(&q->lock, flags);
}

/* Takes a request that is in flight off its ring. Returns it, or NULL. */
static struct request *pvblk_disown(struct pvblk_queue *q, unsigned int id)
{
	struct request *rq;
	bool mine;

	spin_lock_irq(&q->lock);
	mine = pvblk_ring_disown(&q->ring, id);
	spin_unlock_irq(&q->lock);
	if (!mine)
		return NULL;
	rq = pvblk_request_of(q->disk, id);
	q->unsettled |= op_is_write(req_op(rq));
	return rq;
}

unsigned int pvblk_fence_fail(struct pvblk_queue *q, bool force)
{
	struct pvblk_request *r, *next;
	unsigned int id, left = 0;
	struct request *rq;
	LIST_HEAD(held);

	for (id = 0; id < pvblk_nr_ids(q->disk); id++) {
		rq = pvblk_disown(q, id);
		if (rq)
			pvblk_hold(q, rq);
	}

	spin_lock_irq(&q->lock);
	list_splice_init(&q->held, &held);
	spin_unlock_irq(&q->lock);
	list_for_each_entry_safe(r, next, &held, held) {
		rq = blk_mq_rq_from_pdu(r);
		if (force ? !pvblk_request_abandon(rq) :
			    !pvblk_request_end_access(rq)) {
			left++;
			continue;
		}
		list_del(&r->held);
		pvblk_request_rest(rq);
		blk_mq_complete_request(rq);
	}
	spin_lock_irq(&q->lock);
	list_splice(&held, &q->held);
	spin_unlock_irq(&q->lock);
	return left;
}

static void pvblk_replay(struct pvblk_queue *q)
{
	unsigned int id;

	for (id = 0; id < pvblk_nr_ids(q->disk); id++) {
		struct request *rq = pvblk_disown(q, id);

		if (!rq)
			continue;
		/* Its owner gets the memory back after the next connection, at the latest. */
		pvblk_request_rest(rq);
		pvblk_request_release(rq);
		/* One that was late on the old connection has all its time on the new one. */
		rq->timeout = 0;
		blk_mq_requeue_request(rq, false);
	}
}

/* Ends all grants of a queue. Returns whether none of them is mapped any more. */
static bool pvblk_queue_is_fenced(struct pvblk_queue *q)
{
	unsigned int i;

	for (i = 0; i < q->pages.nr; i++)
		if (!pvfront_end_ref(&q->pages.ref[i]))
			return false;
	return pvblk_pool_end_access(&q->pool) && pvblk_pool_end_access(&q->desc);
}

/* Those that were answered end on any CPU, and copy from pages of the pool. */
static bool pvblk_queue_is_in_use(struct pvblk_queue *q)
{
	unsigned int id;

	for (id = 0; id < pvblk_nr_ids(q->disk); id++)
		if (pvblk_request_is_out(pvblk_request_of(q->disk, id), q))
			return true;
	return false;
}

static void pvblk_ended_free(struct pvblk_ended *e)
{
	unsigned int i;

	list_del(&e->link);
	for (i = 0; i < e->nr; i++)
		pvblk_queue_close(&e->queues[i]);
	kfree(e->queues);
	kfree(e);
}

/* So long users wait for proof: no longer than until their I/O is to fail. */
static unsigned int pvblk_fence_secs(struct pvblk_disk *d)
{
	unsigned int secs = PVBLK_FENCE_SECS;
	int fast = READ_ONCE(d->front.policy.fast_io_fail);

	if (fast != PVFRONT_OFF)
		secs = min_t(u64, secs, max_t(u64, fast, d->front.loss.least_fast / 1000));
	return secs;
}

static bool pvblk_fence_wait_over(struct pvblk_disk *d, const struct pvblk_ended *e)
{
	return e->replay && time_after(jiffies, e->since + pvblk_fence_secs(d) * HZ);
}

/*
 * Ends what can be ended of a connection. Returns how many of its queues are in use;
 * @proven says whether none of them can be carried out any more.
 */
static unsigned int pvblk_ended_settle(const struct pvblk_disk *d,
				       struct pvblk_ended *e, bool *proven)
{
	unsigned int i, in_use = 0;

	*proven = true;
	for (i = 0; i < e->nr; i++) {
		struct pvblk_queue *q = &e->queues[i];
		bool fenced;

		if (!q->disk)
			continue;
		fenced = pvblk_queue_is_fenced(q);
		*proven &= fenced;
		/* Without a disk there are no requests, nor on a ring that was never made. */
		if (!d->gd || !q->ring.in_flight)
			continue;
		if (fenced && e->replay)
			pvblk_replay(q);
		if (fenced || !e->replay)
			pvblk_fence_fail(q, time_after(jiffies, e->let_go));
		in_use += pvblk_queue_is_in_use(q);
	}
	return in_use;
}

/* @secs: for how long there was no proof; 0: there is. */
static void pvblk_refuse_writes(struct pvblk_disk *d, unsigned int secs)
{
	if (READ_ONCE(d->no_writes) == !!secs)
		return;
	WRITE_ONCE(d->no_writes, secs);
	if (secs)
		dev_err(&d->front.xdev->dev,
			"the old backend has had requests for more than %u s: they fail, and %s takes no writes while it has\n",
			secs, d->place.name);
	else
		dev_notice(&d->front.xdev->dev,
			   "the old backend has let go: %s takes writes again\n",
			   d->place.name);
}

static void pvblk_park(struct pvblk_disk *d)
{
	if (d->parked)
		return;
	WRITE_ONCE(d->parked, true);
	blk_mq_quiesce_queue(d->gd->queue);
}

static void pvblk_unpark(struct pvblk_disk *d)
{
	if (!d->parked)
		return;
	WRITE_ONCE(d->parked, false);
	blk_mq_unquiesce_queue(d->gd->queue);
	blk_mq_kick_requeue_list(d->gd->queue);
}

/* From here on users may write what is kept in another way, or past this disk. */
static void pvblk_fence_users_fail(struct pvblk_disk *d)
{
	if (d->kept.resend)
		pvblk_kept_fail(d, "requests have failed since");
}

/* Looks at all ended connections. Returns how many of their queues are in use. */
static unsigned int pvblk_fence_look(struct pvblk_disk *d)
{
	struct pvblk_ended *e, *next;
	unsigned int in_use = 0;
	bool waits = false;

	lockdep_assert_held(&d->fence_lock);

	list_for_each_entry_safe(e, next, &d->ended, link) {
		unsigned int n;
		bool proven;

		if (pvblk_fence_wait_over(d, e)) {
			e->replay = false;
			pvblk_refuse_writes(d, max((jiffies - e->since) / HZ, 1UL));
			pvblk_fence_users_fail(d);
		}
		n = pvblk_ended_settle(d, e, &proven);
		in_use += n;
		if (proven && !n)
			pvblk_ended_free(e);
		else
			waits |= e->replay;
	}
	if (list_empty(&d->ended))
		pvblk_refuse_writes(d, 0);
	pvblk_guard_look(d);
	WRITE_ONCE(d->waits, waits);

	if (d->ready && !waits && !pvblk_resend_step(d))
		pvblk_unpark(d);
	return in_use;
}

static void pvblk_fence_again(struct pvblk_disk *d)
{
	if (list_empty(&d->ended) && !(d->ready && d->parked))
		return;
	mod_delayed_work(pvblk_wq, &d->fence, msecs_to_jiffies(d->look_ms));
	/* Its answer may have been for now, and that was put off. */
	if (pvblk_resend_is_answered(d))
		mod_delayed_work(pvblk_wq, &d->fence, 0);
	d->look_ms = min(2 * d->look_ms,
			 d->parked ? PVBLK_LOOK_MAX_MS : PVBLK_LOOK_FAILED_MS);
}

static void pvblk_fence_work(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(to_delayed_work(work),
					    struct pvblk_disk, fence);

	mutex_lock(&d->fence_lock);
	pvblk_fence_look(d);
	pvblk_fence_again(d);
	mutex_unlock(&d->fence_lock);
}

void pvblk_fence_init(struct pvblk_disk *d)
{
	INIT_LIST_HEAD(&d->ended);
	mutex_init(&d->fence_lock);
	INIT_DELAYED_WORK(&d->fence, pvblk_fence_work);
}

/* What waits to be issued again fails. */
static void pvblk_fence_replay_none(struct pvblk_disk *d)
{
	struct pvblk_ended *e;

	list_for_each_entry(e, &d->ended, link)
		e->replay = false;
}

static void pvblk_fence_begin(struct pvblk_disk *d, bool replay)
{
	bool quiesce = d->gd && !d->parked;
	struct pvblk_ended *e;
	unsigned int i;

	/* Nobody is issuing a request when it goes, nor will: the disk is dead. */
	if (!replay) {
		WRITE_ONCE(d->dead, true);
		pvblk_fence_replay_none(d);
	}
	if (quiesce)
		blk_mq_quiesce_queue(d->gd->queue);
	/* With the disk that is swapped to parked, there may be no memory. */
	e = kzalloc(sizeof(*e), GFP_NOIO | __GFP_NOFAIL);
	for (i = 0; i < d->nr_queues; i++)
		pvblk_queue_down(&d->queues[i]);
	e->queues = d->queues;
	e->nr = d->nr_queues;
	e->replay = replay;
	e->since = jiffies;
	e->let_go = pvfront_until(&d->front,
				  jiffies + msecs_to_jiffies(PVBLK_LET_GO_MS));
	list_add_tail(&e->link, &d->ended);
	pvblk_resend_stop(d);
	d->queues = NULL;
	d->nr_queues = 0;
	d->nr_polled = 0;
	d->ready = false;
	d->look_ms = PVBLK_LOOK_MIN_MS;
	if (quiesce)
		blk_mq_unquiesce_queue(d->gd->queue);
}

void pvblk_fence_end(struct pvblk_disk *d, bool replay)
{
	unsigned int in_use, ms = PVBLK_LOOK_MIN_MS;
	unsigned long deadline;

	mutex_lock(&d->fence_lock);
	if (replay && !d->failing)
		pvblk_park(d);
	if (!d->queues)
		goto out;
	pvblk_fence_begin(d, replay);
	/* One look more than until these may be abandoned. */
	deadline = pvfront_until(&d->front,
				 jiffies + msecs_to_jiffies(PVBLK_LET_GO_MS)) +
		   msecs_to_jiffies(2 * PVBLK_LOOK_MIN_MS) + 1;
	for (;;) {
		in_use = pvblk_fence_look(d);
		if (!in_use || replay || time_after(jiffies, deadline))
			break;
		msleep(min_t(unsigned int, ms, jiffies_to_msecs(deadline - jiffies) + 1));
		ms = min(2 * ms, PVBLK_LOOK_MAX_MS);
	}
	if (in_use && !replay)
		dev_warn(&d->front.xdev->dev,
			 "backend keeps data of failed requests mapped: they wait until it lets go\n");
	pvblk_fence_again(d);
out:
	mutex_unlock(&d->fence_lock);
}

void pvblk_fence_ready(struct pvblk_disk *d)
{
	mutex_lock(&d->fence_lock);
	if (d->failing) {
		/* When nobody is issuing a request, none sees rings half set up. */
		pvblk_park(d);
		WRITE_ONCE(d->failing, false);
	}
	d->ready = true;
	pvblk_fence_look(d);
	if (d->waits)
		dev_warn(&d->front.xdev->dev,
			 "the old backend may still carry out requests: users of %s wait for it to let go, up to %u s\n",
			 d->place.name, pvblk_fence_secs(d));
	pvblk_fence_again(d);
	mutex_unlock(&d->fence_lock);
}

void pvblk_fence_fail_fast(struct pvblk_disk *d)
{
	struct pvblk_ended *e;
	unsigned long now;

	mutex_lock(&d->fence_lock);
	WRITE_ONCE(d->failing, true);
	pvblk_fence_users_fail(d);
	/* What is proven to be dead needs no fence. */
	pvblk_fence_look(d);
	now = jiffies;
	list_for_each_entry(e, &d->ended, link) {
		if (!e->replay)
			continue;
		e->replay = false;
		pvblk_refuse_writes(d, max((now - e->since) / HZ, 1UL));
	}
	pvblk_fence_look(d);
	pvblk_unpark(d);
	pvblk_fence_again(d);
	mutex_unlock(&d->fence_lock);
}

void pvblk_fence_give_up(struct pvblk_disk *d)
{
	mutex_lock(&d->fence_lock);
	WRITE_ONCE(d->dead, true);
	pvblk_fence_replay_none(d);
	d->ready = true;
	pvblk_fence_look(d);
	mutex_unlock(&d->fence_lock);
}

unsigned int pvblk_fence_settle(struct pvblk_disk *d)
{
	struct pvblk_ended *e;
	unsigned int unproven = 0;

	mutex_lock(&d->fence_lock);
	pvblk_fence_look(d);
	list_for_each_entry(e, &d->ended, link)
		unproven++;
	mutex_unlock(&d->fence_lock);
	return unproven;
}

bool pvblk_fence_is_idle(struct pvblk_disk *d)
{
	unsigned int i, out = 0;
	struct pvblk_ended *e;

	mutex_lock(&d->fence_lock);
	for (i = 0; d->queues && i < d->nr_queues; i++)
		out += pvblk_ring_owed(&d->queues[i].ring);
	list_for_each_entry(e, &d->ended, link)
		for (i = 0; d->gd && i < e->nr; i++)
			out += e->queues[i].disk && pvblk_queue_is_in_use(&e->queues[i]);
	mutex_unlock(&d->fence_lock);
	return !out;
}

bool pvblk_fence_is_unsettled(const struct pvblk_disk *d)
{
	const struct pvblk_ended *e;
	unsigned int i;

	lockdep_assert_held(&d->fence_lock);
	list_for_each_entry(e, &d->ended, link)
		for (i = 0; i < e->nr; i++)
			if (e->queues[i].unsettled)
				return true;
	return false;
}

void pvblk_fence_exit(struct pvblk_disk *d)
{
	struct pvblk_ended *e, *next;

	cancel_delayed_work_sync(&d->fence);
	list_for_each_entry_safe(e, next, &d->ended, link)
		pvblk_ended_free(e);
	mutex_destroy(&d->fence_lock);
}
