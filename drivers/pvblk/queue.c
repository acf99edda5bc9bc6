// SPDX-License-Identifier: GPL-2.0
/* blk-mq's operations, and the life of a ring. */
#include <linux/blk-mq.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include "pvblk.h"

/*
 * What requests share does not grow beyond this, however many a ring may hold, and
 * no more tags have a grant of their own. Pages stay allocated, and Linux's backend
 * keeps 1,056 of a ring mapped: what is more would be mapped and unmapped for every
 * request.
 */
#define PVBLK_POOL_MAX		2048
#define PVBLK_POOL_MAX_PAGES	1024
#define PVBLK_POOL_OWN		32U

/*
 * How many tags of a ring get a grant of their own: none if hardware queues share the
 * ring, whose tags are the same numbers.
 */
static unsigned int pvblk_own_grants(const struct pvblk_disk *d)
{
	bool shared = d->nr_queues != d->set.nr_hw_queues ||
		      d->nr_polled != d->tag_polled;

	return shared ? 0 : min(d->set.queue_depth, PVBLK_POOL_OWN);
}

static struct pvblk_queue *pvblk_queue_of(struct blk_mq_hw_ctx *hctx)
{
	struct pvblk_disk *d = hctx->queue->queuedata;
	unsigned int plain = d->nr_queues - d->nr_polled;

	/* This backend may serve fewer rings than there are hardware queues. */
	if (hctx->type == HCTX_TYPE_POLL && d->nr_polled)
		return &d->queues[plain + hctx->queue_num % d->nr_polled];
	return &d->queues[hctx->queue_num % plain];
}

static void pvblk_map_queues(struct blk_mq_tag_set *set)
{
	struct blk_mq_queue_map *plain = &set->map[HCTX_TYPE_DEFAULT];
	struct blk_mq_queue_map *poll = &set->map[HCTX_TYPE_POLL];
	struct pvblk_disk *d = set->driver_data;

	plain->nr_queues = set->nr_hw_queues - d->tag_polled;
	blk_mq_map_queues(plain);
	if (!d->tag_polled)
		return;
	poll->nr_queues = d->tag_polled;
	poll->queue_offset = plain->nr_queues;
	blk_mq_map_queues(poll);
}

bool pvblk_queue_put(struct pvblk_queue *q, const struct blkif_request *out,
		     unsigned int id, bool last)
{
	bool put, notify = false;

	spin_lock_irq(&q->lock);
	/* What came after an abort would have nobody to end it. */
	put = q->up && pvblk_ring_put(&q->ring, out, id);
	if (put) {
		q->stats.requests++;
		q->stats.indirect += out->operation == BLKIF_OP_INDIRECT;
		if (last)
			notify = pvblk_ring_push(&q->ring);
		q->stats.notifies += notify;
		pvblk_watch(q);
	} else {
		q->stats.no_slot++;
	}
	spin_unlock_irq(&q->lock);

	if (notify)
		pvfront_event_notify(&q->event);
	return put;
}

/*
 * This connection has no polled ring: an event will end @rq. What makes a bio one
 * that a poller may free has to go, as pvblk_interrupt() says.
 */
static void pvblk_unpoll(struct request *rq)
{
	struct bio *bio;

	rq->cmd_flags &= ~REQ_POLLED;
	__rq_for_each_bio(bio, rq)
		bio_clear_polled(bio);
}

/*
 * An earlier write may still be carried out, later than this one: see
 * pvblk_fence_end().
 */
static bool pvblk_refuses(const struct pvblk_disk *d, const struct request *rq)
{
	return READ_ONCE(d->no_writes) && op_is_write(req_op(rq));
}

/* There is no ring, and no users who wait for one. */
static bool pvblk_fails(const struct pvblk_disk *d)
{
	return READ_ONCE(d->dead) || READ_ONCE(d->failing);
}

/* The batch that queue_rq was filling ends: let the backend know of it. */
static void pvblk_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct pvblk_disk *d = hctx->queue->queuedata;
	struct pvblk_queue *q;
	bool notify;

	if (pvblk_fails(d))
		return;

	q = pvblk_queue_of(hctx);
	spin_lock_irq(&q->lock);
	/* What was taken off a ring that is given up must not be shown to the backend. */
	notify = q->up && pvblk_ring_push(&q->ring);
	q->stats.notifies += notify;
	spin_unlock_irq(&q->lock);

	if (notify)
		pvfront_event_notify(&q->event);
}

static blk_status_t pvblk_queue_rq(struct blk_mq_hw_ctx *hctx,
				   const struct blk_mq_queue_data *bd)
{
	struct pvblk_disk *d = hctx->queue->queuedata;
	struct pvblk_request *r = blk_mq_rq_to_pdu(bd->rq);
	unsigned int id = pvblk_request_id(d, bd->rq);
	struct pvblk_queue *q;
	blk_status_t status;

	if (pvblk_fails(d) || pvblk_refuses(d, bd->rq))
		return BLK_STS_IOERR;
	/* What it would make durable is not there any more. */
	if (req_op(bd->rq) == REQ_OP_FLUSH && READ_ONCE(d->kept.lost))
		return BLK_STS_IOERR;

	q = pvblk_queue_of(hctx);
	if (!q->polled && (bd->rq->cmd_flags & REQ_POLLED))
		pvblk_unpoll(bd->rq);
	blk_mq_start_request(bd->rq);
	if (req_op(bd->rq) == REQ_OP_FLUSH && READ_ONCE(d->no_flush)) {
		blk_mq_end_request(bd->rq, BLK_STS_OK);
		goto not_put;
	}
	status = pvblk_request_map(q, bd->rq, id);
	if (!status && !pvblk_queue_put(q, &r->out, id, bd->last))
		status = BLK_STS_RESOURCE;
	if (!status)
		return status;
	if (!pvblk_request_end_access(bd->rq)) {
		pvfront_break(&d->front, PVFRONT_BROKE_MAPPED);
		pvblk_hold(q, bd->rq);
		goto not_put;
	}
	pvblk_request_release(bd->rq);
	return status;

not_put:
	if (bd->last)
		pvblk_commit_rqs(hctx);
	return BLK_STS_OK;
}

/* It has neither been answered, and ended, nor given up. */
static bool pvblk_is_waiting(struct request *rq)
{
	return blk_mq_rq_state(rq) == MQ_RQ_IN_FLIGHT;
}

/*
 * A request has waited for longer than users want to. The backend gets another event for
 * it, in case it has missed one; if that does not help, it is taken for lost.
 */
static void pvblk_overdue(struct pvblk_queue *q, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	int tmo = READ_ONCE(q->disk->io_timeout);

	/* While its partitions are read, a disk has another limit, which ends in refusal. */
	if (tmo == PVFRONT_OFF || !READ_ONCE(q->up) || READ_ONCE(q->disk->adding) ||
	    time_before(jiffies, r->since + tmo * HZ))
		return;
	if (r->nudged) {
		pvfront_silent(&q->disk->front);
		return;
	}
	r->nudged = true;
	rq->timeout = PVBLK_NUDGED;
	pvfront_event_notify(&q->event);
}

/* The disk is dead: what is in flight fails as soon as its memory may go back. */
static void pvblk_queues_fail(struct pvblk_disk *d)
{
	unsigned int i;

	WRITE_ONCE(d->dead, true);
	for (i = 0; d->queues && i < d->nr_queues; i++) {
		/* One that is being set up has carried nothing. */
		if (!d->queues[i].ring.in_flight)
			continue;
		pvblk_queue_stop(&d->queues[i]);
		pvblk_fence_fail(&d->queues[i], false);
	}
}

static enum blk_eh_timer_return pvblk_timeout(struct request *rq)
{
	struct pvblk_disk *d = rq->q->queuedata;
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_queue *q;
	bool waits;

	/* Keeps the queue, and the grants of its requests. */
	mutex_lock(&d->fence_lock);
	q = READ_ONCE(r->q);
	if (q && READ_ONCE(q->up))
		pvblk_queue_look(q);
	/* Of a parked disk it is pvblk_fence_look()'s. */
	if (q && !d->parked && pvblk_is_waiting(rq) &&
	    (READ_ONCE(d->doomed) || pvfront_is_ending(&d->front))) {
		pvblk_queues_fail(d);
		pvblk_fence_fail(q, false);
	}
	waits = pvblk_is_waiting(rq);
	if (waits && q && !d->parked)
		pvblk_overdue(q, rq);
	if (waits)
		dev_warn_ratelimited(&d->front.xdev->dev,
				     "a request has been waiting for the backend for more than %u s\n",
				     (unsigned int)((jiffies - r->since) / HZ));
	mutex_unlock(&d->fence_lock);
	return waits ? BLK_EH_RESET_TIMER : BLK_EH_DONE;
}

const struct blk_mq_ops pvblk_mq_ops = {
	.queue_rq = pvblk_queue_rq,
	.commit_rqs = pvblk_commit_rqs,
	.complete = pvblk_complete,
	.map_queues = pvblk_map_queues,
	.poll = pvblk_poll,
	.timeout = pvblk_timeout,
};

struct pvblk_queue *pvblk_queues_alloc(unsigned int nr)
{
	/* Only such sizes are sure to begin a cache line. */
	return kzalloc(roundup_pow_of_two(nr * sizeof(struct pvblk_queue)),
		       GFP_NOIO);
}

int pvblk_queue_open(struct pvblk_disk *d, unsigned int index)
{
	struct pvblk_queue *q = &d->queues[index];
	int err;

	q->disk = d;
	q->index = index;
	q->polled = index >= d->nr_queues - d->nr_polled;
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->held);
	init_llist_head(&q->answered);
	tasklet_setup(&q->later, pvblk_later);
	pvblk_watch_init(q);

	q->in_flight = kvzalloc(pvblk_nr_ids(d) + 1, GFP_NOIO);
	if (!q->in_flight) {
		pvfront_fail(&d->front, -ENOMEM, "allocating queue %u",
			     index);
		return -ENOMEM;
	}

	err = pvfront_pages_open(&d->front, &q->pages, 1U << d->order);
	if (err)
		return err;
	pvblk_ring_init(&q->ring, q->pages.va, q->pages.nr * XEN_PAGE_SIZE,
			q->in_flight, pvblk_nr_ids(d) + 1);
	if (q->polled)
		pvblk_ring_disarm(&q->ring);

	/* A polled ring needs it too: to tell the backend of requests. */
	return pvfront_event_open(&d->front, &q->event, pvblk_interrupt, q,
				  "%s-q%u", d->place.name, index);
}

static int pvblk_queue_grants(struct pvblk_queue *q)
{
	struct pvblk_disk *d = q->disk;
	unsigned int slots = RING_SIZE(&q->ring.front);
	unsigned int most = q->copies ? PVBLK_POOL_MAX_PAGES : PVBLK_POOL_MAX;
	const struct pvblk_pool_size data = {
		.most = max(min(most, slots * d->max_segs), d->max_segs),
		.own = pvblk_own_grants(d),
		.reserve = BLKIF_MAX_SEGMENTS_PER_REQUEST,
		.pages = q->copies,
	};
	const struct pvblk_pool_size desc = { .most = slots, .pages = true };
	int err;

	err = pvblk_pool_open(&q->pool, &d->front, &data);
	if (!err && d->max_segs > BLKIF_MAX_SEGMENTS_PER_REQUEST)
		err = pvblk_pool_open(&q->desc, &d->front, &desc);
	return err;
}

int pvblk_queue_up(struct pvblk_queue *q)
{
	struct pvblk_disk *d = q->disk;
	int err;

	q->persistent = d->persistent;
	q->copies = d->persistent || !d->trusted;
	err = pvblk_queue_grants(q);
	if (err) {
		pvfront_fail(&d->front, err,
			     "setting up grants for requests of %u segments",
				 d->max_segs);
		return err;
	}

	spin_lock_irq(&q->lock);
	q->up = true;
	spin_unlock_irq(&q->lock);
	return 0;
}

void pvblk_queue_stop(struct pvblk_queue *q)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	q->up = false;
	spin_unlock_irqrestore(&q->lock, flags);
}

void pvblk_queue_down(struct pvblk_queue *q)
{
	if (!q->disk)
		return;
	pvblk_queue_stop(q);
	pvfront_event_close(&q->event);
	pvblk_watch_stop(q);
	/* Whatever schedules it has ended; what it has to end, it does. */
	tasklet_kill(&q->later);
}

void pvblk_queue_close(struct pvblk_queue *q)
{
	if (!q->disk)
		return;
	pvblk_pool_close(&q->pool);
	pvblk_pool_close(&q->desc);
	pvfront_event_close(&q->event);
	pvfront_pages_close(&q->pages);
	kvfree(q->in_flight);
	q->disk = NULL;
}
