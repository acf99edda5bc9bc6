/* SPDX-License-Identifier: GPL-2.0 */
/* One ring with all that belongs to it, and its life. */
#ifndef _PVBLK_QUEUE_H
#define _PVBLK_QUEUE_H

#include <linux/cache.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <pv/front.h>

#include "coalesce.h"
#include "pool.h"
#include "ring.h"

struct pvblk_disk;

/**
 * struct pvblk_stats - counters of one queue
 * @requests: put on the ring
 * @responses: taken from it
 * @notifies: events sent
 * @interrupts: events received
 * @indirect: requests with indirect segments
 * @no_slot: times the ring was full
 * @no_grant: times there were no grants for a request, not even in parts
 * @late_events: times the timer came before an event that waited for several
 *	responses
 * @lost_events: times responses were found by the watch or the timeout
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
 * @index: which of its queues
 * @persistent: pages of ours stay granted; of this connection, while the disk may have
 *	a new one
 * @copies: data goes through pages of ours: with persistent grants, and if the backend
 *	is not trusted
 * @unsettled: a write was taken off the ring without an answer; protected by fence_lock
 * @polled: no event is asked for: whoever waits for a response looks for it
 * @pages: the ring's pages
 * @event: its event channel
 * @in_flight: memory of @ring's table
 * @timer: queued while an event waits for more than one response; it may end before
 *	@deadline, which moves with every event, and starts again then
 * @watch: queued while requests are in flight; finds lost events
 * @trim: queued while the pools have more than their reserves
 * @trim_requests: @stats.requests at the last turn of @trim
 * @answered: requests whose data is still to be copied, by @later
 * @later: ends these, and handles what was too much for an interrupt
 * @owes_eoi: the interrupt has left its end to @later
 * @lock: protects all below, from any context
 * @ring: the ring
 * @pool: its grants, for data
 * @desc: grants with pages for indirect segments; empty when there are no indirect
 *	requests
 * @up: responses are expected; cleared before the event is closed, and nothing
 *	starts a timer after it
 * @coalesce: how many responses the next event waits for
 * @deadline: when @timer is to look
 * @held: requests off the ring whose memory the backend maps still
 * @stats: counters
 *
 * Queues of one disk are in one array: each begins a cache line, so that one's lock and
 * indices are never beside another's.
 */
struct pvblk_queue {
	struct pvblk_disk *disk;
	unsigned int index;
	bool persistent;
	bool copies;
	bool polled;
	bool unsettled;
	struct pvfront_pages pages;
	struct pvfront_event event;
	u8 *in_flight;
	struct hrtimer timer;
	struct delayed_work watch;
	struct delayed_work trim;
	u64 trim_requests;
	struct llist_head answered;
	struct tasklet_struct later;
	bool owes_eoi;
	spinlock_t lock ____cacheline_aligned_in_smp;
	struct pvblk_ring ring;
	struct pvblk_pool pool;
	struct pvblk_pool desc;
	bool up;
	struct pvblk_coalesce coalesce;
	ktime_t deadline;
	struct list_head held;
	struct pvblk_stats stats;
};

extern const struct blk_mq_ops pvblk_mq_ops;

/**
 * pvblk_queues_alloc() - memory of a disk's queues
 * @nr: how many
 *
 * Return: them, zeroed, for kfree(); or NULL.
 */
struct pvblk_queue *pvblk_queues_alloc(unsigned int nr);

/**
 * pvblk_queue_open() - ring, events and id table of one queue
 * @d: the disk
 * @index: which queue
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_queue_open(struct pvblk_disk *d, unsigned int index);

/**
 * pvblk_queue_up() - the grants' reserve; from here on it carries I/O
 * @q: an open queue whose disk's mode and limits are known
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_queue_up(struct pvblk_queue *q);

/**
 * pvblk_queue_put() - put a request on the ring
 * @q: the queue
 * @out: the request, complete
 * @id: its id
 * @last: no other follows soon: show it to the backend
 *
 * Context: with interrupts enabled; takes @q->lock.
 * Return: false if the ring is full, or given up.
 */
bool pvblk_queue_put(struct pvblk_queue *q, const struct blkif_request *out,
		     unsigned int id, bool last);

/**
 * pvblk_queue_stop() - nothing is put on the ring or taken from it any more
 * @q: an open queue
 *
 * Context: any; takes @q->lock.
 */
void pvblk_queue_stop(struct pvblk_queue *q);

/**
 * pvblk_queue_down() - no event or timer handler runs and none will
 * @q: any
 *
 * Context: process context; waits for handlers.
 */
void pvblk_queue_down(struct pvblk_queue *q);

/**
 * pvblk_queue_close() - free everything of a queue that is down
 * @q: any; no request has a grant of it
 *
 * Context: process context.
 */
void pvblk_queue_close(struct pvblk_queue *q);

#endif
