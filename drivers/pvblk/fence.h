/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The end of a connection with requests in flight: nothing is sent again, and no memory
 * goes back to its owner, while the old backend may still carry a request out.
 */
#ifndef _PVBLK_FENCE_H
#define _PVBLK_FENCE_H

#include <linux/types.h>

struct pvblk_disk;
struct request;
struct pvblk_queue;

/*
 * So long requests wait for proof that the old connection is dead. Those of which there
 * is none then fail, and the disk takes no writes until there is.
 */
#define PVBLK_FENCE_SECS	60

/* Xen has no event for the end of a mapping: how often to look, at first. */
#define PVBLK_LOOK_MIN_MS	10U

/**
 * pvblk_fence_init() - prepare
 * @d: a disk that is not connected yet
 */
void pvblk_fence_init(struct pvblk_disk *d);

/**
 * pvblk_fence_end() - end a disk's queues
 * @d: any disk; with @replay it has a gendisk
 * @replay: the disk is parked, and requests in flight are issued again once that is
 *	safe and pvblk_fence_ready() was called. Otherwise the disk is dead and they
 *	fail, each as soon as its memory may go back to its owner
 *
 * Waits for the latter, but not long.
 *
 * Context: process context; sleeps. May run beside itself.
 */
void pvblk_fence_end(struct pvblk_disk *d, bool replay);

/**
 * pvblk_fence_ready() - a new connection is up
 * @d: the disk; its users may go on as soon as what was in flight is settled
 *
 * Context: process context.
 */
void pvblk_fence_ready(struct pvblk_disk *d);

/**
 * pvblk_fence_fail_fast() - users wait no more for a new connection
 * @d: a disk that is parked
 *
 * All its requests fail until pvblk_fence_ready().
 *
 * Context: process context; sleeps.
 */
void pvblk_fence_fail_fast(struct pvblk_disk *d);

/**
 * pvblk_fence_give_up() - there will be no new connection
 * @d: the disk, which is dead from here on
 *
 * What waits to be issued again fails, and users need not wait any more.
 *
 * Context: process context; sleeps.
 */
void pvblk_fence_give_up(struct pvblk_disk *d);

/**
 * pvblk_fence_settle() - look once more at ended connections
 * @d: the disk
 *
 * Context: process context; sleeps.
 * Return: of how many it is not proven that they are dead.
 */
unsigned int pvblk_fence_settle(struct pvblk_disk *d);

/**
 * pvblk_fence_is_idle() - whether no request is with a backend, the one there is or an old one
 * @d: the disk
 *
 * Context: process context; sleeps.
 * Return: true if so.
 */
bool pvblk_fence_is_idle(struct pvblk_disk *d);

/**
 * pvblk_fence_is_unsettled() - whether an old backend may carry out a write that has failed
 * @d: the disk
 *
 * Context: process context; fence_lock is held.
 * Return: true if so.
 */
bool pvblk_fence_is_unsettled(const struct pvblk_disk *d);

/**
 * pvblk_fence_exit() - give up the proof that ended connections are dead
 * @d: the disk, without a gendisk any more
 *
 * No request waits for it. Pages that the backend maps rest until it lets go.
 *
 * Context: process context; sleeps.
 */
void pvblk_fence_exit(struct pvblk_disk *d);

/**
 * pvblk_hold() - keep a request whose memory the backend has no right to, but maps
 * @q: its queue
 * @rq: the request, not on the ring; fails when the mapping has ended
 *
 * Context: any; takes @q->lock.
 */
void pvblk_hold(struct pvblk_queue *q, struct request *rq);

/**
 * pvblk_fence_fail() - fail what is in flight or held in a queue that is stopped
 * @q: the queue
 * @force: also those whose memory can be left to the backend
 *
 * Context: process context; takes @q->lock.
 * Return: how many requests are held still.
 */
unsigned int pvblk_fence_fail(struct pvblk_queue *q, bool force);

#endif
