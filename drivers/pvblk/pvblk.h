/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvblk: blkif frontend.
 *
 *   main.c     module, parameters, xenbus glue
 *   connect.c  keys, rings; what happens when the backend comes, goes, changes
 *   disk.c     gendisk, limits, minors
 *   queue.c    blk-mq operations and the event handler of one ring
 *   request.c  a block request to a ring request and back: segments, copies
 *   pool.c     the grants of one ring
 *   ring.c     pure: the ring, and what of it can be believed
 *   vdev.c     pure: virtual device numbers
 *
 * Lock order: none; struct pvblk_queue.lock is the only lock and a leaf.
 */
#ifndef _PVBLK_H
#define _PVBLK_H

#include <linux/blk-mq.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <pv/front.h>

#include "ring.h"
#include "vdev.h"

#define PVBLK_SECTOR		512

/* A pool does not grow beyond this, however many requests a ring may hold. */
#define PVBLK_POOL_MAX		2048

/* After this long a request is looked at: was an event lost, is anybody there? */
#define PVBLK_TIMEOUT		(30 * HZ)

/**
 * struct pvblk_grant - one grant reference and the page it may carry
 * @ref: the reference, claimed for the pool's life
 * @page: a page of ours to copy through, or NULL
 * @granted: the backend has access (persistent grants: from then on)
 */
struct pvblk_grant {
	grant_ref_t ref;
	struct page *page;
	bool granted;
};

/**
 * struct pvblk_pool - the grants of one ring; a stack, so that what was used
 *	last, and has a page, is used next
 * @grants: all of them
 * @free: indices of those that are not in use
 * @nr: number of all
 * @nr_free: number of free ones
 */
struct pvblk_pool {
	struct pvblk_grant *grants;
	u16 *free;
	unsigned int nr;
	unsigned int nr_free;
};

/**
 * struct pvblk_stats - counters of one queue
 * @requests: put on the ring
 * @responses: taken from it
 * @notifies: events sent
 * @interrupts: events received
 * @indirect: requests with indirect segments
 * @no_slot: times the ring was full
 * @no_grant: times the pool was empty
 * @lost_events: responses found by the timeout handler, not by an event
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
	u64 lost_events;
};

/**
 * struct pvblk_queue - a ring and all that belongs to it
 * @disk: the disk
 * @pages: the ring's pages
 * @event: its event channel
 * @lock: protects all below, from any context
 * @ring: the ring
 * @pool: its grants, for data
 * @desc: grants with pages for indirect segments, one for each slot of the ring;
 *	empty when there are no indirect requests
 * @in_flight: memory of @ring's table
 * @up: responses are expected; cleared before the event is closed
 * @stats: counters
 */
struct pvblk_queue {
	struct pvblk_disk *disk;
	struct pvfront_pages pages;
	struct pvfront_event event;
	spinlock_t lock;
	struct pvblk_ring ring;
	struct pvblk_pool pool;
	struct pvblk_pool desc;
	u8 *in_flight;
	bool up;
	struct pvblk_stats stats;
};

/**
 * struct pvblk_offer - what the backend offers before rings exist
 * @max_order: largest ring, log2 of pages
 * @max_queues: largest number of rings
 */
struct pvblk_offer {
	u64 max_order;
	u64 max_queues;
};

/**
 * struct pvblk_props - what the backend says of the disk once connected
 * @sectors: size in units of 512 bytes, whatever @sector_size is
 * @info: VDISK_* flags
 * @sector_size: logical block, bytes
 * @physical_sector_size: physical block, bytes; 0 if not said
 * @flush: it accepts BLKIF_OP_FLUSH_DISKCACHE
 * @barrier: it accepts BLKIF_OP_WRITE_BARRIER
 * @persistent: it keeps grants mapped
 * @max_indirect: segments in an indirect request; 0: no such requests
 * @discard: it accepts BLKIF_OP_DISCARD
 * @discard_granularity: bytes; 0 if not said
 * @discard_alignment: bytes
 * @discard_secure: it can discard securely
 */
struct pvblk_props {
	u64 sectors;
	u64 info;
	u64 sector_size;
	u64 physical_sector_size;
	u64 flush;
	u64 barrier;
	u64 persistent;
	u64 max_indirect;
	u64 discard;
	u64 discard_granularity;
	u64 discard_alignment;
	u64 discard_secure;
};

/**
 * struct pvblk_disk - one disk
 * @front: the connection
 * @place: its minors and name
 * @handle: virtual-device, which requests carry
 * @trusted: data may be granted where it lies
 * @props: as last read
 * @queues: @nr_queues rings
 * @nr_queues: rings of this connection
 * @order: log2 of the pages of a ring of this connection
 * @persistent: pages of ours stay granted and data is copied; at first an offer
 * @max_segs: segments in one request on this connection
 * @tag_segs: segments that every request has room for
 * @set: tags; @set.nr_hw_queues and depth stay as the first connection chose
 * @gd: NULL until the first connection is complete
 * @list: in the list of minors in use
 * @doomed: the device goes away: a request that times out fails at once
 * @dead: no request can be served any more
 * @parked: the queue is quiesced until a new connection is up
 */
struct pvblk_disk {
	struct pvfront front;
	struct pvblk_place place;
	blkif_vdev_t handle;
	bool trusted;
	struct pvblk_props props;
	struct pvblk_queue *queues;
	unsigned int nr_queues;
	unsigned int order;
	bool persistent;
	unsigned int max_segs;
	unsigned int tag_segs;
	struct blk_mq_tag_set set;
	struct gendisk *gd;
	struct list_head list;
	bool doomed;
	bool dead;
	bool parked;
};

static inline struct pvblk_disk *pvblk_disk_of(struct pvfront *f)
{
	return container_of(f, struct pvblk_disk, front);
}

/**
 * struct pvblk_request - driver's part of a block request
 * @status: how it ended; set before completion
 * @op: the BLKIF_OP asked for
 * @bytes: how much of the request is on the ring: less than all of it if it was
 *	built for an earlier backend that took more segments
 * @indirect: its segments are in a page of the queue's @desc
 * @desc: which one, if so
 * @nr: grants in use
 * @grant: their indices in the pool
 */
struct pvblk_request {
	blk_status_t status;
	u8 op;
	bool indirect;
	u16 desc;
	u16 nr;
	unsigned int bytes;
	u16 grant[];
};

/* main.c */
unsigned int pvblk_max_queues(void);
unsigned int pvblk_max_ring_order(void);
unsigned int pvblk_max_segs(void);
bool pvblk_want_persistent(void);

/* connect.c */
extern const struct pvfront_ops pvblk_front_ops;

/* disk.c */

/**
 * pvblk_disk_add() - make the disk appear
 * @d: connected, with @d->props read
 *
 * Context: process context; reads the partition table.
 * Return: 0 or -errno, reported.
 */
int pvblk_disk_add(struct pvblk_disk *d);

/**
 * pvblk_disk_del() - take the disk away from its users
 * @d: any; nothing happens if it has no disk
 *
 * Waits for requests in flight; each of them is answered or times out.
 */
void pvblk_disk_del(struct pvblk_disk *d);

/**
 * pvblk_disk_limits() - apply @d->props and @d->max_segs to the queue
 * @d: a disk with a queue
 */
void pvblk_disk_limits(struct pvblk_disk *d);

/**
 * pvblk_disk_size() - apply the size and the read-only flag, tell userspace
 * @d: a disk
 */
void pvblk_disk_size(struct pvblk_disk *d);

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
 * pvblk_queue_down() - no event handler runs and none will
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

/* pool.c */

/**
 * pvblk_pool_open() - claim grants
 * @p: zeroed
 * @want: how many would be good
 * @need: how many it takes to work at all
 * @pages: give @need of them a page, so that I/O goes on without memory
 *
 * Return: 0 or -errno.
 */
int pvblk_pool_open(struct pvblk_pool *p, unsigned int want, unsigned int need,
		    bool pages);

/**
 * pvblk_pool_close() - give grants and pages back
 * @p: any, with nothing in use
 *
 * A page that the backend still maps is freed when it lets go.
 */
void pvblk_pool_close(struct pvblk_pool *p);

/**
 * pvblk_pool_take() - get grants
 * @p: the pool
 * @nr: how many
 * @to: their indices
 *
 * Return: false if there are fewer; nothing was taken then.
 */
bool pvblk_pool_take(struct pvblk_pool *p, unsigned int nr, u16 *to);

/**
 * pvblk_pool_put() - bring grants back
 * @p: the pool
 * @nr: how many
 * @from: their indices
 */
void pvblk_pool_put(struct pvblk_pool *p, unsigned int nr, const u16 *from);

/* request.c */

/**
 * pvblk_request_copies() - whether data goes through pages of ours
 * @d: the disk
 *
 * Return: true with persistent grants, and if the backend is not trusted.
 */
bool pvblk_request_copies(const struct pvblk_disk *d);

/**
 * pvblk_request_map() - turn a block request into a ring request
 * @q: the queue
 * @rq: the block request
 * @id: its id on the ring
 * @out: the ring request, complete
 *
 * Takes grants, gives the backend access and copies what is to be written. Of a
 * request with more segments than the backend takes, maps the first part; the
 * rest is put on the ring when that is done.
 *
 * Context: any; takes @q->lock.
 * Return: BLK_STS_OK; BLK_STS_RESOURCE if it should be tried again later, or an
 * error. pvblk_request_unmap() is to follow whatever it was.
 */
blk_status_t pvblk_request_map(struct pvblk_queue *q, struct request *rq,
			       unsigned int id, struct blkif_request *out);

/**
 * pvblk_request_unmap() - take data and grants back
 * @q: the queue
 * @rq: a request that was mapped, if only in part
 * @copy: bring back what was read
 *
 * Context: any; takes @q->lock.
 * Return: false if the backend still has access to data of @rq; nothing was
 * given back then, and it may be tried again.
 */
bool pvblk_request_unmap(struct pvblk_queue *q, struct request *rq, bool copy);

/**
 * pvblk_request_reclaim() - take back the data of a request nobody answers
 * @q: the queue; its pool is to be closed next
 * @rq: a request that was mapped and is not in flight any more
 * @force: leave to the backend what it does not let go of; such pages stay
 *	allocated until it does
 *
 * Context: process context, alone on @rq.
 * Return: false if the backend has access to data of @rq still, without @force;
 * may be tried again.
 */
bool pvblk_request_reclaim(struct pvblk_queue *q, struct request *rq,
			   bool force);

#endif
