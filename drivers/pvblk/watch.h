/* SPDX-License-Identifier: GPL-2.0 */
/* What a queue does by time: late and lost events, grants nobody needs. */
#ifndef _PVBLK_WATCH_H
#define _PVBLK_WATCH_H

struct pvblk_queue;

/**
 * pvblk_watch_init() - prepare the timers of a queue
 * @q: the queue
 */
void pvblk_watch_init(struct pvblk_queue *q);

/**
 * pvblk_watch() - have the watch look after what is in flight
 * @q: a queue that is up
 *
 * Context: @q->lock is held.
 */
void pvblk_watch(struct pvblk_queue *q);

/**
 * pvblk_watch_stop() - no timer of a queue runs and none will
 * @q: a queue that is not up
 *
 * Context: process context; waits for handlers.
 */
void pvblk_watch_stop(struct pvblk_queue *q);

#endif
