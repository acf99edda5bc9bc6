// SPDX-License-Identifier: GPL-2.0
/*
 * Responses: what brings us to the ring, and how requests end.
 */
#include <linux/blk-mq.h>

#include "pvblk.h"

/* Responses taken from the ring under one hold of the lock. */
#define PVBLK_BATCH		16

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
		 */
		dev_warn_once(&d->front.xdev->dev,
			      "backend stopped to support flushes\n");
		blk_queue_write_cache(rq->q, false, false);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
		blk_queue_max_discard_sectors(rq->q, 0);
		return BLK_STS_NOTSUPP;
	case REQ_OP_SECURE_ERASE:
		blk_queue_max_secure_erase_sectors(rq->q, 0);
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

/* Returns how many responses were handled, or -EPROTO after a lie. */
static int pvblk_reap(struct pvblk_queue *q)
{
	struct blkif_response batch[PVBLK_BATCH];
	enum pvblk_verdict verdict = PVBLK_NONE;
	DEFINE_IO_COMP_BATCH(iob);
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
		       (q->up && verdict == PVBLK_NONE &&
			pvblk_ring_rearm(&q->ring));
		q->stats.responses += n;
		if (verdict > PVBLK_RESPONSE)
			q->up = false;
		spin_unlock_irqrestore(&q->lock, flags);

		pvblk_finish(q, batch, n, &iob);
		total += n;
	} while (more);
	if (iob.complete)
		iob.complete(&iob);

	if (verdict > PVBLK_RESPONSE) {
		pvfront_break(&q->disk->front, pvblk_verdict_text(verdict));
		return -EPROTO;
	}
	return total;
}

bool pvblk_queue_look(struct pvblk_queue *q)
{
	if (pvblk_reap(q) <= 0)
		return false;
	q->stats.lost_events++;
	return true;
}

irqreturn_t pvblk_interrupt(int irq, void *cookie)
{
	struct pvblk_queue *q = cookie;
	int n;

	q->stats.interrupts++;
	n = pvblk_reap(q);
	/* A backend that lied gets no further event delivered. */
	if (n >= 0)
		pvfront_event_eoi(&q->event, n > 0);
	return IRQ_HANDLED;
}
