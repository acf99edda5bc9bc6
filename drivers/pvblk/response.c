// SPDX-License-Identifier: GPL-2.0
/*
 * Responses, and how requests end. An event brings us to the ring in a hard interrupt,
 * which takes a bounded number of responses off it and ends the backend's access to the
 * requests' memory. Requests then end on the CPU that submitted them or, if that is this
 * one and data has to be copied, in a tasklet; it also takes what was too much for one
 * interrupt, and only then is the next event delivered.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/preempt.h>

#include <pv/compat/blk.h>

#include "pvblk.h"

/* Responses taken from the ring under one hold of the lock. */
#define PVBLK_BATCH		16

/* Responses handled in one interrupt, or one turn of the tasklet. */
#define PVBLK_BUDGET		64

/*
 * The backend failed a flush. Nothing is said to be durable that is not: an error of the
 * device is an error for whoever asked, also where the kernel's own driver ignores it.
 *
 * But some backends have no empty barriers, although they say that they have barriers,
 * and call one an error. If no barrier has ever succeeded, that is what it means.
 */
static bool pvblk_cannot_flush(struct pvblk_disk *d, u8 op, s16 status)
{
	if (status == BLKIF_RSP_EOPNOTSUPP)
		return true;
	return op == BLKIF_OP_WRITE_BARRIER && !READ_ONCE(d->flushed);
}

static blk_status_t pvblk_flush_status(struct pvblk_disk *d,
				       const struct pvblk_request *r, s16 status)
{
	if (status == BLKIF_RSP_OKAY) {
		WRITE_ONCE(d->flushed, true);
		pvblk_kept_flushed(d, r->covers);
		return BLK_STS_OK;
	}
	if (!pvblk_cannot_flush(d, r->op, status))
		return BLK_STS_IOERR;
	/*
	 * The backend announced flushes and now says that its device has
	 * nothing to flush; an error here would shut down filesystems.
	 * The queue's limits say that there is a cache and can't be
	 * changed in an interrupt: pvblk_queue_rq() ends further flushes.
	 */
	dev_warn_once(&d->front.xdev->dev,
		      "backend does not support flushes (status %d): none are sent any more\n",
		      status);
	WRITE_ONCE(d->no_flush, true);
	pvblk_kept_forget(d);
	return BLK_STS_OK;
}

static blk_status_t pvblk_status(struct pvblk_disk *d, struct request *rq,
				 s16 status)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	if (req_op(rq) == REQ_OP_FLUSH)
		return pvblk_flush_status(d, r, status);
	if (status == BLKIF_RSP_OKAY) {
		if (op_is_write(req_op(rq)) && req_op(rq) != REQ_OP_DISCARD)
			pvblk_kept_acknowledged(d, pvblk_request_take_kept(r));
		return BLK_STS_OK;
	}
	if (status != BLKIF_RSP_EOPNOTSUPP)
		return BLK_STS_IOERR;
	if (req_op(rq) == REQ_OP_DISCARD)
		pv_disk_no_discard(rq->q);
	else if (req_op(rq) == REQ_OP_SECURE_ERASE)
		pv_disk_no_secure_erase(rq->q);
	return BLK_STS_NOTSUPP;
}

/* Nothing of the queue is used by @rq any more. */
static void pvblk_unmap(struct request *rq)
{
	if (pvblk_request_reads_back(rq))
		pvblk_request_read_back(rq);
	pvblk_request_release(rq);
}

static bool pvblk_is_whole(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	return r->bytes == blk_rq_bytes(rq);
}

static void pvblk_finish(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	if (r->status == BLK_STS_OK && !pvblk_is_whole(rq)) {
		blk_update_request(rq, BLK_STS_OK, r->bytes);
		blk_mq_requeue_request(rq, true);
		return;
	}
	blk_mq_end_request(rq, r->status);
}

void pvblk_complete(struct request *rq)
{
	pvblk_unmap(rq);
	pvblk_finish(rq);
}

/*
 * Ends @rq, or puts it into @iob, whose requests end together: one look at the
 * clock and one turn of the tags for all of them.
 */
static void pvblk_end_here(struct request *rq, struct io_comp_batch *iob)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	pvblk_unmap(rq);
	if (!blk_mq_add_to_batch(rq, iob, r->status || !pvblk_is_whole(rq),
				 blk_mq_end_request_batch))
		pvblk_finish(rq);
}

/* Ends @rq where it should end: on the CPU it came from, and not copying in here. */
static void pvblk_end(struct pvblk_queue *q, struct request *rq,
		      struct io_comp_batch *iob)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	if (blk_mq_complete_request_remote(rq))
		return;
	if (in_hardirq() && pvblk_request_reads_back(rq)) {
		llist_add(&r->answered, &q->answered);
		tasklet_schedule(&q->later);
		return;
	}
	pvblk_end_here(rq, iob);
}

static void pvblk_answered(struct pvblk_queue *q,
			   const struct blkif_response *response,
			   struct io_comp_batch *iob)
{
	struct pvblk_request *r;
	struct request *rq;

	if (response->id == pvblk_resend_id(q->disk)) {
		pvblk_resend_answered(q->disk, response->status);
		return;
	}
	rq = pvblk_request_of(q->disk, response->id);
	r = blk_mq_rq_to_pdu(rq);
	r->status = pvblk_status(q->disk, rq, response->status);
	if (pvblk_request_end_access(rq)) {
		pvblk_end(q, rq, iob);
		return;
	}
	pvfront_break(&q->disk->front, PVFRONT_BROKE_MAPPED);
	pvblk_hold(q, rq);
}

/* Returns true if responses came in meanwhile. */
static bool pvblk_arm(struct pvblk_queue *q, bool late)
{
	const struct pvblk_disk *d = q->disk;
	unsigned int wait;

	lockdep_assert_held(&q->lock);

	wait = pvblk_coalesce_next(&q->coalesce, pvblk_ring_in_flight(&q->ring),
				   READ_ONCE(d->coalesce_responses), late);
	if (pvblk_ring_arm(&q->ring, wait))
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
 * Takes what responses there are, up to a budget, and then asks for the next event,
 * unless the ring is polled. With @late, the timer came before the event that was asked
 * for. What is in @iob afterwards is for the caller to complete. @more is set if there
 * may be more responses, for which no event will come.
 * Returns how many responses were handled, or -EPROTO after a lie.
 */
static int pvblk_drain(struct pvblk_queue *q, bool late,
		       struct io_comp_batch *iob, bool *more)
{
	struct blkif_response batch[PVBLK_BATCH];
	enum pvblk_verdict verdict = PVBLK_NONE;
	unsigned int i, n, total = 0;
	unsigned long flags;

	do {
		spin_lock_irqsave(&q->lock, flags);
		for (n = 0; q->up && n < PVBLK_BATCH; n++) {
			verdict = pvblk_ring_next(&q->ring, &batch[n]);
			if (verdict != PVBLK_RESPONSE)
				break;
		}
		*more = n == PVBLK_BATCH ||
			(q->up && verdict == PVBLK_NONE && !q->polled &&
			 pvblk_arm(q, late));
		q->stats.responses += n;
		if (pvblk_is_lie(verdict))
			q->up = false;
		spin_unlock_irqrestore(&q->lock, flags);

		for (i = 0; i < n; i++)
			pvblk_answered(q, &batch[i], iob);
		total += n;
		late = false;
	} while (*more && total < PVBLK_BUDGET);

	if (pvblk_is_lie(verdict)) {
		*more = false;
		pvfront_break(&q->disk->front, pvblk_ring_reason(verdict));
		return -EPROTO;
	}
	return total;
}

static int pvblk_reap(struct pvblk_queue *q, bool late, bool *more)
{
	DEFINE_IO_COMP_BATCH(iob);
	int n;

	n = pvblk_drain(q, late, &iob, more);
	if (iob.complete)
		iob.complete(&iob);
	return n;
}

int pvblk_queue_reap(struct pvblk_queue *q, bool late)
{
	bool more;
	int n;

	n = pvblk_reap(q, late, &more);
	/* Of a polled ring the rest is for whoever looks next. */
	if (more && !q->polled)
		tasklet_schedule(&q->later);
	return n;
}

bool pvblk_queue_look(struct pvblk_queue *q)
{
	/* Of a polled ring: whoever submitted them did not come to poll. */
	if (pvblk_queue_reap(q, false) <= 0 || q->polled)
		return false;
	q->stats.lost_events++;
	return true;
}

int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	struct pvblk_disk *d = hctx->queue->queuedata;
	struct pvblk_queue *polled;
	bool more;
	int n = 0;

	/*
	 * Nothing in the block layer keeps pollers out when a connection ends.
	 * Pairs with synchronize_rcu() in pvblk_keep_pollers_out().
	 */
	rcu_read_lock();
	polled = rcu_dereference(d->polled);
	if (polled)
		n = pvblk_drain(&polled[hctx->queue_num % d->nr_polled], false,
				iob, &more);
	rcu_read_unlock();
	return max(n, 0);
}

irqreturn_t pvblk_interrupt(int irq, void *cookie)
{
	struct pvblk_queue *q = cookie;
	bool more = false;
	int n = 0;

	q->stats.interrupts++;
	/*
	 * A polled ring asks for none, but for one in 2^32 responses. Its requests
	 * must not end here: bios of pollers come from a cache that interrupts
	 * have to keep out of.
	 */
	if (!q->polled)
		n = pvblk_reap(q, false, &more);
	if (more) {
		/* Without its end no other interrupt of this queue runs. */
		q->owes_eoi = true;
		tasklet_schedule(&q->later);
	} else if (n >= 0) {
		pvfront_event_eoi(&q->event, n > 0);
	}
	/* A backend that lied gets no further event delivered. */
	return IRQ_HANDLED;
}

/* The event that pvblk_interrupt() did not end. */
static void pvblk_end_event(struct pvblk_queue *q)
{
	spin_lock_irq(&q->lock);
	/* Where it was cleared, the event is about to be closed. */
	if (q->up && q->owes_eoi)
		pvfront_event_eoi(&q->event, true);
	q->owes_eoi = false;
	spin_unlock_irq(&q->lock);
}

void pvblk_later(struct tasklet_struct *t)
{
	struct pvblk_queue *q = from_tasklet(q, t, later);
	struct pvblk_request *r, *next;
	struct llist_node *answered;
	DEFINE_IO_COMP_BATCH(iob);
	bool more;

	answered = llist_reverse_order(llist_del_all(&q->answered));
	llist_for_each_entry_safe(r, next, answered, answered)
		pvblk_end_here(blk_mq_rq_from_pdu(r), &iob);
	if (iob.complete)
		iob.complete(&iob);

	pvblk_reap(q, false, &more);
	if (more)
		tasklet_schedule(&q->later);
	else
		pvblk_end_event(q);
}
