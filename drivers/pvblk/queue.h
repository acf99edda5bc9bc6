/* SPDX-License-Identifier: GPL-2.0 */
/* One ring with all that belongs to it: queue.c its life, response.c its events. */
#ifndef _PVBLK_QUEUE_H
#define _PVBLK_QUEUE_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <pv/front.h>

#include "coalesce.h"
#include "pool.h"
#include "ring.h"

struct blk_mq_hw_ctx;
struct io_comp_batch;
struct pvblk_disk;
struct request;

/**
 * struct pvblk_stats - counters of one queue
 * @requests: put on the ring
 * @responses: taken from it
 * @notifies: events sent
 * @interrupts: events received
 * @indirect: requests with indirect segments
 * @no_slot: times the ring was full
 * @no_grant: times the pool was empty
 * @late_events: times the timer came before an event that waited for several
 *	responses
 * @lost_events: times responses were found by the watchdog or the timeout
 *	handler, not by an event that had been asked for
 *
 * Each has one writer at a time; read without a lock, for people.
 */
struct pvblk_stats {
	u64 requests;
	u64 responses;
	u64 notifies;
	u64 interrupts;
	u64 indirect;
	u64 no_slot;
	u64 no_grant;
	u64 late_events;
	u64 lost_events;
};

/**
 * struct pvblk_queue - a ring and all that belongs to it
 * @disk: the disk
 * @polled: no event is asked for: whoever waits for a response looks for it
 * @pages: the ring's pages
 * @event: its event channel
 * @lock: protects all below, from any context
 * @ring: the ring
 * @pool: its grants, for data
 * @desc: grants with pages for indirect segments, one for each slot of the ring;
 *	empty when there are no indirect requests
 * @in_flight: memory of @ring's table
 * @up: responses are expected; cleared before the event is closed, and nothing
 *	starts a timer after it
 * @coalesce: how many responses the next event waits for
 * @deadline: when @timer is to look, while the event waits for more than one
 * @timer: queued whenever that is so; it may end before @deadline, which moves
 *	with every event, and starts again then
 * @watchdog: queued while requests are in flight; finds lost events
 * @stats: counters
 */
struct pvblk_queue {
	struct pvblk_disk *disk;
	bool polled;
	struct pvfront_pages pages;
	struct pvfront_event event;
	spinlock_t lock;
	struct pvblk_ring ring;
	struct pvblk_pool pool;
	struct pvblk_pool desc;
	u8 *in_flight;
	bool up;
	struct pvblk_coalesce coalesce;
	ktime_t deadline;
	struct hrtimer timer;
	struct delayed_work watchdog;
	struct pvblk_stats stats;
};

/* queue.c */
extern const struct blk_mq_ops pvblk_mq_ops;

/**
 * pvblk_queue_open() - ring, events and id table of one queue
 * @d: the disk
 * @index: which queue
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_queue_open(struct pvblk_disk *d, unsigned int index);

/**
 * pvblk_queue_up() - grants and descriptor pages; from here on it carries I/O
 * @q: an open queue whose disk's mode and limits are known
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_queue_up(struct pvblk_queue *q);

/**
 * pvblk_queue_down() - no event or timer handler runs and none will
 * @q: any
 */
void pvblk_queue_down(struct pvblk_queue *q);

/**
 * pvblk_queue_abort() - end what is in flight without a response
 * @q: any queue that is down, or whose backend is known to be gone
 * @requeue: issue the requests again later, instead of failing them
 *
 * Data pages are given back to their owner only when the backend has let go
 * of them; waits for that with a deadline.
 *
 * Context: process context; sleeps.
 */
void pvblk_queue_abort(struct pvblk_queue *q, bool requeue);

/**
 * pvblk_queue_close() - free everything of a queue that is down
 * @q: any; nothing is in flight
 */
void pvblk_queue_close(struct pvblk_queue *q);

/**
 * pvblk_request_of() - the block request with an id
 * @d: the disk
 * @id: of a request in flight
 *
 * Return: the request.
 */
struct request *pvblk_request_of(const struct pvblk_disk *d, unsigned int id);

/**
 * pvblk_take_back() - take the data of a request back from the backend
 * @q: the queue
 * @rq: the request, not on the ring any more
 * @copy: bring back what was read
 *
 * pvblk_queue_release() is to follow, before @rq ends.
 *
 * Context: any.
 * Return: false if the backend keeps data mapped that it has no right to; the
 * connection is broken then.
 */
bool pvblk_take_back(struct pvblk_queue *q, struct request *rq, bool copy);

/**
 * pvblk_queue_release() - give the grants of requests back
 * @q: the queue
 * @rqs: requests whose data was taken back
 * @nr: how many
 *
 * Context: any; takes @q->lock.
 */
void pvblk_queue_release(struct pvblk_queue *q, struct request *const *rqs,
			 unsigned int nr);

/* response.c */

/**
 * pvblk_complete() - end a request, or issue the rest of it
 * @rq: a request whose response was taken
 */
void pvblk_complete(struct request *rq);

/**
 * pvblk_interrupt() - handler of a queue's event
 * @irq: its interrupt
 * @cookie: the queue
 *
 * Return: IRQ_HANDLED.
 */
irqreturn_t pvblk_interrupt(int irq, void *cookie);

/**
 * pvblk_poll() - blk-mq's ->poll: take the responses of a polled ring
 * @hctx: the hardware queue of a request that is waited for
 * @iob: requests that have ended, for the caller to complete together
 *
 * Context: process context; also while the queue is quiesced, and without rings.
 * Return: how many responses were taken. None if the connection has no polled
 * ring: events bring them then.
 */
int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob);

/**
 * pvblk_queue_look() - take responses that no event or poller has come for
 * @q: the queue
 *
 * Context: process context; takes @q->lock.
 * Return: true if there were any whose event was lost.
 */
bool pvblk_queue_look(struct pvblk_queue *q);

/**
 * pvblk_queue_watch() - have the watchdog look after what is in flight
 * @q: a queue that is up
 *
 * Context: @q->lock is held.
 */
void pvblk_queue_watch(struct pvblk_queue *q);

/**
 * pvblk_timers_init() - prepare the timers of a queue
 * @q: the queue
 */
void pvblk_timers_init(struct pvblk_queue *q);

/**
 * pvblk_timers_stop() - no timer of a queue runs and none will
 * @q: a queue that is not up
 *
 * Context: process context; waits for handlers.
 */
void pvblk_timers_stop(struct pvblk_queue *q);

#endif
