/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes that the backend has acknowledged and that no flush has covered yet. A backend that
 * takes flushes may have them in a cache, and lose them with its domain; the file system,
 * which stays mounted, would take them for durable after its next flush. So their data is
 * kept until a flush that was issued later succeeds, and is written again to the next
 * backend (resend.h) before users go on.
 *
 * There is a bound. What is acknowledged beyond it is not kept, and what was kept before is
 * of no use then: written again it would undo the former. If such a backend is lost, flushes
 * fail until everybody has closed the disk.
 *
 * Only what a backend has lost is written again: others may have written the disk since.
 */
#ifndef _PVBLK_KEPT_H
#define _PVBLK_KEPT_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct page;
struct pvblk_disk;
struct request;

/* Largest bound, in KB. */
#define PVBLK_UNFLUSHED_MAX	65536

/**
 * struct pvblk_kept_write - the data of one write
 * @link: in struct pvblk_kept.writes or .gone
 * @era: struct pvblk_kept.era when it was acknowledged
 * @at: first sector, of 512 bytes
 * @bytes: length
 * @nr_pages: how many of @pages there are
 * @pages: the data, from the start of the first
 */
struct pvblk_kept_write {
	struct list_head link;
	unsigned long era;
	sector_t at;
	unsigned int bytes;
	unsigned int nr_pages;
	struct page *pages[];
};

/**
 * struct pvblk_kept - what a disk keeps
 * @limit_kb: the bound, or PVFRONT_OFF: backends are trusted to lose nothing; written with
 *	fence_lock held
 * @nr_pages: those of @writes, of @gone and of requests in flight; at most @limit_kb
 * @nr_copied: those that were copied in this era; likewise
 * @free: frees what is left of @gone
 * @lost: writes were lost: flushes fail
 * @resend: @writes are to be written again before users go on; fence_lock. While it is set
 *	no request is issued or answered, and nobody else changes @writes
 * @lock: protects all below, from any context; a leaf
 * @writes: what was acknowledged, in that order
 * @gone: what is to be freed
 * @era: begins with 1, and anew with every flush that is issued
 * @covered: a flush issued at the end of this era has succeeded
 * @missed: the last era in which a write was acknowledged that is not kept
 */
struct pvblk_kept {
	int limit_kb;
	atomic_t nr_pages;
	atomic_t nr_copied;
	struct work_struct free;
	bool lost;
	bool resend;
	spinlock_t lock;
	struct list_head writes;
	struct list_head gone;
	unsigned long era;
	unsigned long covered;
	unsigned long missed;
};

/**
 * pvblk_kept_init() - prepare
 * @d: a disk that is not connected yet
 * @limit_kb: the bound, or PVFRONT_OFF
 */
void pvblk_kept_init(struct pvblk_disk *d, int limit_kb);

/**
 * pvblk_kept_limit() - change the bound
 * @d: the disk
 * @limit_kb: the bound, or PVFRONT_OFF, which also has flushes fail no more
 *
 * Context: process context; takes fence_lock.
 */
void pvblk_kept_limit(struct pvblk_disk *d, int limit_kb);

/**
 * pvblk_kept_copy() - copy what a write is about to send
 * @d: the disk
 * @rq: a write that was mapped, if only in part
 *
 * Context: any; does not sleep.
 * Return: the copy; NULL where none is needed, or possible.
 */
struct pvblk_kept_write *pvblk_kept_copy(struct pvblk_disk *d, struct request *rq);

/**
 * pvblk_kept_drop() - a request was not acknowledged
 * @d: the disk
 * @w: its copy, or NULL
 *
 * Context: any.
 */
void pvblk_kept_drop(struct pvblk_disk *d, struct pvblk_kept_write *w);

/**
 * pvblk_kept_acknowledged() - a write was
 * @d: the disk
 * @w: its copy, which is not the caller's any more, or NULL
 *
 * To be called before whoever wrote is told.
 *
 * Context: any; takes the lock.
 */
void pvblk_kept_acknowledged(struct pvblk_disk *d, struct pvblk_kept_write *w);

/**
 * pvblk_kept_issue_flush() - a flush is about to be put on the ring
 * @d: the disk
 *
 * Context: any; takes the lock.
 * Return: what it covers, for pvblk_kept_flushed().
 */
unsigned long pvblk_kept_issue_flush(struct pvblk_disk *d);

/**
 * pvblk_kept_flushed() - a flush has succeeded
 * @d: the disk
 * @covers: of pvblk_kept_issue_flush()
 *
 * Context: any; takes the lock.
 */
void pvblk_kept_flushed(struct pvblk_disk *d, unsigned long covers);

/**
 * pvblk_kept_forget() - nothing that was acknowledged can be lost, or matters any more
 * @d: the disk, where nothing is being written again, or with fence_lock held
 *
 * Context: any; takes the lock.
 */
void pvblk_kept_forget(struct pvblk_disk *d);

/**
 * pvblk_kept_disconnected() - the connection has ended, and users wait for another
 * @d: the disk, which is parked; no answer is acted upon any more
 * @lost: the backend was not seen to end in order: its cache may be lost
 *
 * Context: process context; takes fence_lock.
 */
void pvblk_kept_disconnected(struct pvblk_disk *d, bool lost);

/**
 * pvblk_kept_connected() - the keys of a backend were read
 * @d: the disk
 *
 * If that has no cache, what was kept for another is of no use once it is written again.
 *
 * Context: process context; fence_lock is held.
 */
void pvblk_kept_connected(struct pvblk_disk *d);

/**
 * pvblk_kept_fail() - what was kept is lost as well
 * @d: the disk
 * @why: for the log
 *
 * Context: process context; fence_lock is held.
 */
void pvblk_kept_fail(struct pvblk_disk *d, const char *why);

/**
 * pvblk_kept_opened() - somebody is opening a disk that nobody has open
 * @d: the disk: no user is left who has written what was lost
 *
 * Context: any.
 */
void pvblk_kept_opened(struct pvblk_disk *d);

/**
 * pvblk_kept_exit() - free all
 * @d: the disk, without requests
 *
 * Context: process context; sleeps.
 */
void pvblk_kept_exit(struct pvblk_disk *d);

#endif
