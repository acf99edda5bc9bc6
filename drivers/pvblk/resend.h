/* SPDX-License-Identifier: GPL-2.0 */
/* Acknowledged writes are written again to a new backend, before users go on. */
#ifndef _PVBLK_RESEND_H
#define _PVBLK_RESEND_H

#include <linux/types.h>
#include <xen/interface/io/blkif.h>

struct pvblk_disk;
struct pvblk_kept_write;
struct pvblk_queue;

/**
 * struct pvblk_resend - how far a disk has got with that
 * @q: the queue that it uses; NULL while nothing is being written again
 * @grant: indices of grants of @q's pool, which carry pages of ours
 * @nr: how many
 * @write: what is being written
 * @done: bytes of it that are
 * @bytes: how many more are on the ring, or 0
 * @since: when they were put there, in jiffies
 * @begun: when the first were
 * @status: the backend's answer
 * @answered: there is one; pairs acquire and release
 *
 * Protected by struct pvblk_disk.fence_lock, but for @status and @answered.
 */
struct pvblk_resend {
	struct pvblk_queue *q;
	u16 grant[BLKIF_MAX_SEGMENTS_PER_REQUEST];
	unsigned int nr;
	struct pvblk_kept_write *write;
	unsigned int done;
	unsigned int bytes;
	unsigned long since;
	unsigned long begun;
	s16 status;
	bool answered;
};

/**
 * pvblk_resend_step() - go on with writing again what was kept
 * @d: a disk that is parked, with queues that carry I/O, and no old connection that may
 *	still carry out requests
 *
 * To be called again when struct pvblk_disk.fence runs.
 *
 * Context: process context; fence_lock is held.
 * Return: true if there is more to do; false when users may go on.
 */
bool pvblk_resend_step(struct pvblk_disk *d);

/**
 * pvblk_resend_stop() - the connection has ended: all begins anew with the next
 * @d: any disk; its queues are down
 *
 * Context: process context; fence_lock is held.
 */
void pvblk_resend_stop(struct pvblk_disk *d);

/**
 * pvblk_resend_is_answered() - whether pvblk_resend_step() has something to do
 * @d: the disk
 *
 * Context: fence_lock is held.
 * Return: true if so.
 */
bool pvblk_resend_is_answered(const struct pvblk_disk *d);

/**
 * pvblk_resend_answered() - the backend has answered what was put on the ring
 * @d: the disk
 * @status: its answer
 *
 * Context: any.
 */
void pvblk_resend_answered(struct pvblk_disk *d, s16 status);

#endif
