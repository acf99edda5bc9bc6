/* SPDX-License-Identifier: GPL-2.0 */
/* A block request's way to the ring and back: segments, grants, copies. */
#ifndef _PVBLK_REQUEST_H
#define _PVBLK_REQUEST_H

#include <linux/blk-mq.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/types.h>
#include <xen/interface/io/blkif.h>

struct pvblk_disk;
struct pvblk_queue;

/**
 * struct pvblk_request - driver's part of a block request
 * @q: the queue whose grants it has; NULL from pvblk_request_release() to the next
 *	pvblk_request_map()
 * @answered: in the list of what pvblk_later() is to end
 * @held: in the queue's list of what the backend keeps although it must not
 * @since: when it was put on the ring, in jiffies
 * @nudged: it has waited for too long, and the backend got another event for it
 * @status: how it ended; set before completion
 * @op: the BLKIF_OP asked for
 * @indirect: its segments are in a page of the queue's @desc
 * @own: the first of its grants is its tag's own
 * @desc: which one, if @indirect
 * @nr: grants in use
 * @kept: copy of what a write sends, or NULL
 * @covers: of a flush: of pvblk_kept_issue_flush()
 * @bytes: how much of the request is on the ring: less than all of it if the backend
 *	takes no more segments, or there are no more grants
 * @out: what goes on the ring, here and not on the stack, where kernels zero it
 * @grant: their indices in the pool
 */
struct pvblk_request {
	struct pvblk_queue *q;
	union {
		struct llist_node answered;
		struct list_head held;
	};
	unsigned long since;
	blk_status_t status;
	bool nudged;
	u8 op;
	bool indirect;
	bool own;
	u16 desc;
	u16 nr;
	struct pvblk_kept_write *kept;
	unsigned long covers;
	unsigned int bytes;
	struct blkif_request out;
	u16 grant[];
};

/**
 * pvblk_nr_ids() - count the ids that requests of a disk can have
 * @d: the disk
 *
 * Return: their number.
 */
unsigned int pvblk_nr_ids(const struct pvblk_disk *d);

/**
 * pvblk_request_id() - the id of a request on the ring
 * @d: the disk
 * @rq: the request
 *
 * Unique in the disk, not only in the hardware queue: after a migration several of
 * these may share a ring.
 *
 * Return: the id.
 */
unsigned int pvblk_request_id(const struct pvblk_disk *d,
			      const struct request *rq);

/**
 * pvblk_resend_id() - the id of what the driver writes again by itself
 * @d: the disk
 *
 * Return: the id, which no request of the block layer has.
 */
static inline unsigned int pvblk_resend_id(const struct pvblk_disk *d)
{
	return pvblk_nr_ids(d);
}

/**
 * pvblk_request_take_kept() - the copy of what a write has sent
 * @r: the request, which does not have it any more
 *
 * Return: the copy or NULL.
 */
static inline struct pvblk_kept_write *pvblk_request_take_kept(struct pvblk_request *r)
{
	struct pvblk_kept_write *w = r->kept;

	r->kept = NULL;
	return w;
}

/**
 * pvblk_request_of() - the block request with an id
 * @d: the disk
 * @id: below pvblk_nr_ids()
 *
 * Return: the request that had the id last, in flight or not; NULL if none had.
 */
struct request *pvblk_request_of(const struct pvblk_disk *d, unsigned int id);

/**
 * pvblk_request_is_out() - whether a request has grants of a queue
 * @rq: of pvblk_request_of()
 * @q: the queue
 *
 * Context: any. Once false it stays so as long as nobody maps requests for @q.
 * Return: true if so.
 */
bool pvblk_request_is_out(struct request *rq, const struct pvblk_queue *q);

/**
 * pvblk_take_shared() - take grants that are no tag's own
 * @q: the queue
 * @nr: how many
 * @to: their indices in its pool, ready
 *
 * Context: with interrupts enabled; takes @q->lock; does not sleep.
 * Return: how many there were, at most @nr.
 */
unsigned int pvblk_take_shared(struct pvblk_queue *q, unsigned int nr, u16 *to);

/**
 * pvblk_request_map() - turn a block request into a ring request
 * @q: the queue
 * @rq: the block request
 * @id: its id on the ring
 *
 * Fills in the @out of its struct pvblk_request: takes grants, gives the backend
 * access and copies what is to be written. Of a request with more segments than the
 * backend takes, or than there are grants, maps the first part; the rest is put on the
 * ring when that is done.
 *
 * Context: any; takes @q->lock.
 * Return: BLK_STS_OK; BLK_STS_RESOURCE if it should be tried again later, or an
 * error. Whatever it was, pvblk_request_end_access() and pvblk_request_release()
 * are to follow.
 */
blk_status_t pvblk_request_map(struct pvblk_queue *q, struct request *rq,
			       unsigned int id);

/**
 * pvblk_request_reads_back() - whether data is to be copied to a request
 * @rq: a request that was answered
 *
 * Return: true if so, to be done by pvblk_request_read_back() before the release.
 */
bool pvblk_request_reads_back(struct request *rq);

/**
 * pvblk_request_read_back() - copy what was read to a request
 * @rq: the request
 *
 * Context: any but a hard interrupt, for its length.
 */
void pvblk_request_read_back(struct request *rq);

/**
 * pvblk_request_release() - give a request's grants back to its queue
 * @rq: a request whose access was ended; it may have been released
 *
 * The queue may be freed when this returns.
 *
 * Context: any; takes the queue's lock.
 */
void pvblk_request_release(struct request *rq);

#endif
