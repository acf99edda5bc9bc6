// SPDX-License-Identifier: GPL-2.0
/*
 * Responses: what brings us to the ring (an event, the timer when an event
 * waits for several, the watchdog when one was lost) and how requests end.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <pv/compat/blk.h>
#include <pv/compat/time.h>

#include "pvblk.h"

/* Responses taken from the ring under one hold of the lock. */
#define PVBLK_BATCH		16

/* The watchdog's turns: a lost event is found within two of them. */
#define PVBLK_WATCH		HZ

static blk_status_t pvblk_status(struct pvblk_disk *d, struct request *rq,
				 s16 status)
{
	if (status == BLKIF_RSP_OKAY)
		return BLK_STS_OK;
	if (status != BLKIF_RSP_EOPNOTSUPP)
		return BLK_STS_IOERR;

	switch (req_op(rq)) {
	case REQ_OP_FLUSH:
		/*
		 * The backend offered flushes and now says that its device has
		 * nothing to flush; an error here would shut down filesystems.
		 * The queue's limits say that there is a cache and can't be
		 * changed in an interrupt: pvblk_queue_rq() ends further flushes.
		 */
		dev_warn_once(&d->front.xdev->dev,
			      "backend stopped to support flushes\n");
		WRITE_ONCE(d->no_flush, true);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		pv_disk_no_discard(rq->q);
		return BLK_STS_NOTSUPP;
	case REQ_OP_SECURE_ERASE:
		pv_disk_no_secure_erase(rq->q);
		return BLK_STS_NOTSUPP;
	default:
		return BLK_STS_NOTSUPP;
	}
}

void pvblk_complete(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	if (r->status == BLK_STS_OK && r->bytes < blk_rq_bytes(rq)) {
		blk_update_request(rq, BLK_STS_OK, r->bytes);
		blk_mq_requeue_request(rq, true);
		return;
	}
	blk_mq_end_request(rq, r->status);
}

/*
 * Ends @rq, or puts it into @iob, whose requests end together: one look at the
 * clock and one turn of the tags for all of them.
 */
static void pvblk_end(struct request *rq, struct io_comp_batch *iob)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool whole = r->bytes == blk_rq_bytes(rq);

	if (blk_mq_complete_request_remote(rq))
		return;
	if (!blk_mq_add_to_batch(rq, iob, r->status || !whole,
				 blk_mq_end_request_batch))
		pvblk_complete(rq);
}

/* Takes the data of a request back; it may end once its grants are released. */
static struct request *pvblk_answered(struct pvblk_queue *q,
				      const struct blkif_response *response)
{
	struct request *rq = pvblk_request_of(q->disk, response->id);
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	r->status = pvblk_status(q->disk, rq, response->status);
	if (!pvblk_take_back(q, rq, response->status == BLKIF_RSP_OKAY))
		r->status = BLK_STS_IOERR;
	return rq;
}

static void pvblk_finish(struct pvblk_queue *q,
			 const struct blkif_response *batch, unsigned int nr,
			 struct io_comp_batch *iob)
{
	struct request *rqs[PVBLK_BATCH];
	unsigned int i;

	if (!nr)
		return;
	for (i = 0; i < nr; i++)
		rqs[i] = pvblk_answered(q, &batch[i]);
	pvblk_queue_release(q, rqs, nr);
	for (i = 0; i < nr; i++)
		pvblk_end(rqs[i], iob);
}

/* Returns true if responses came in meanwhile. */
static bool pvblk_rearm(struct pvblk_queue *q, bool late)
{
	const struct pvblk_disk *d = q->disk;
	unsigned int wait;

	lockdep_assert_held(&q->lock);

	wait = pvblk_coalesce_next(&q->coalesce, pvblk_ring_in_flight(&q->ring),
				   READ_ONCE(d->coalesce_responses), late);
	if (pvblk_ring_rearm(&q->ring, wait))
		return true;
	if (wait > 1) {
		q->deadline = ktime_add_us(ktime_get(),
					   READ_ONCE(d->coalesce_usecs));
		/* One that runs already looks at the deadline when it ends. */
		if (!hrtimer_is_queued(&q->timer))
			hrtimer_start(&q->timer, q->deadline,
				      HRTIMER_MODE_ABS_SOFT);
	}
	return false;
}

/*
 * Takes what responses there are and asks for the next event, unless the ring is
 * polled. With @late, the timer came before the event that was asked for. What is
 * in @iob afterwards is for the caller to complete.
 * Returns how many responses were handled, or -EPROTO after a lie.
 */
static int pvblk_drain(struct pvblk_queue *q, bool late,
		       struct io_comp_batch *iob)
{
	struct blkif_response batch[PVBLK_BATCH];
	enum pvblk_verdict verdict = PVBLK_NONE;
	unsigned long flags;
	unsigned int n;
	int total = 0;
	bool more;

	do {
		spin_lock_irqsave(&q->lock, flags);
		for (n = 0; q->up && n < PVBLK_BATCH; n++) {
			verdict = pvblk_ring_next(&q->ring, &batch[n]);
			if (verdict != PVBLK_RESPONSE)
				break;
		}
		more = n == PVBLK_BATCH ||
		       (q->up && verdict == PVBLK_NONE && !q->polled &&
			pvblk_rearm(q, late));
		q->stats.responses += n;
		if (verdict > PVBLK_RESPONSE)
			q->up = false;
		spin_unlock_irqrestore(&q->lock, flags);

		pvblk_finish(q, batch, n, iob);
		total += n;
		late = false;
	} while (more);

	if (verdict > PVBLK_RESPONSE) {
		pvfront_break(&q->disk->front, pvblk_verdict_reason(verdict));
		return -EPROTO;
	}
	return total;
}

static int pvblk_reap(struct pvblk_queue *q, bool late)
{
	DEFINE_IO_COMP_BATCH(iob);
	int n;

	n = pvblk_drain(q, late, &iob);
	if (iob.complete)
		iob.complete(&iob);
	return n;
}

bool pvblk_queue_look(struct pvblk_queue *q)
{
	/* Of a polled ring: whoever submitted them did not come to poll. */
	if (pvblk_reap(q, false) <= 0 || q->polled)
		return false;
	q->stats.lost_events++;
	return true;
}

int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	struct pvblk_disk *d = hctx->queue->queuedata;
	struct pvblk_queue *polled;
	int n = 0;

	/*
	 * Nothing in the block layer keeps pollers out when a connection ends.
	 * Pairs with synchronize_rcu() in pvblk_keep_pollers_out().
	 */
	rcu_read_lock();
	polled = rcu_dereference(d->polled);
	if (polled)
		n = pvblk_drain(&polled[hctx->queue_num % d->nr_polled], false,
				iob);
	rcu_read_unlock();
	return max(n, 0);
}

irqreturn_t pvblk_interrupt(int irq, void *cookie)
{
	struct pvblk_queue *q = cookie;
	int n = 0;

	q->stats.interrupts++;
	/*
	 * A polled ring asks for none, but for one in 2^32 responses. Its requests
	 * must not end here: bios of pollers come from a cache that interrupts
	 * have to keep out of.
	 */
	if (!q->polled)
		n = pvblk_reap(q, false);
	/* A backend that lied gets no further event delivered. */
	if (n >= 0)
		pvfront_event_eoi(&q->event, n > 0);
	return IRQ_HANDLED;
}

/* Bounds how long a response waits for others to share its event with. */
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
		pvblk_reap(q, true);
	return HRTIMER_NORESTART;
}

/* In process context, as requests of a polled ring end nowhere else. */
static void pvblk_watchdog(struct work_struct *work)
{
	struct pvblk_queue *q = container_of(to_delayed_work(work),
					     struct pvblk_queue, watchdog);
	bool forgotten;

	spin_lock_irq(&q->lock);
	forgotten = q->up && pvblk_ring_forgotten(&q->ring);
	if (q->up && pvblk_ring_in_flight(&q->ring))
		pvblk_queue_watch(q);
	spin_unlock_irq(&q->lock);

	if (forgotten && pvblk_queue_look(q))
		dev_warn_ratelimited(&q->disk->front.xdev->dev,
				     "an event of queue %zu was lost\n",
				     q - q->disk->queues);
}

void pvblk_queue_watch(struct pvblk_queue *q)
{
	lockdep_assert_held(&q->lock);
	if (!delayed_work_pending(&q->watchdog))
		kblockd_mod_delayed_work_on(WORK_CPU_UNBOUND, &q->watchdog,
					    PVBLK_WATCH);
}

void pvblk_timers_init(struct pvblk_queue *q)
{
	pvblk_coalesce_init(&q->coalesce);
	pv_hrtimer_setup(&q->timer, pvblk_timer, CLOCK_MONOTONIC,
			 HRTIMER_MODE_ABS_SOFT);
	INIT_DELAYED_WORK(&q->watchdog, pvblk_watchdog);
}

void pvblk_timers_stop(struct pvblk_queue *q)
{
	hrtimer_cancel(&q->timer);
	cancel_delayed_work_sync(&q->watchdog);
}
