/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvblk: blkif frontend.
 *
 *   main.c     module, xenbus glue
 *   params.c   parameters
 *   connect.c  keys, rings; what happens when the backend comes, goes, changes
 *   props.c    the backend's keys, and whether a new backend fits a disk in use
 *   refresh.c  what a backend may change of a disk in use
 *   disk.c     gendisk, limits
 *   minors.c   which disk has which minors and name
 *   add.c      a disk appears, and goes: what waits for its I/O, and how long
 *   queue.c    blk-mq operations; a ring's life
 *   request.c  a block request to a ring request and back: segments, copies
 *   access.c   the backend's access to a request's memory, when it ends or does not
 *   response.c events, and how requests end
 *   watch.c    what a queue does by time: late and lost events, spare grants
 *   fence.c    the end of a connection with requests in flight
 *   kept.c     what was acknowledged and not flushed
 *   resend.c   how that is written again to a new backend
 *   source.c   which image a disk is of
 *   outlive.c  disks that wait for another backend when their xenbus device has gone
 *   pool.c     the grants of one ring
 *   sysfs.c    what may be set for each device while it runs
 *   policy.c   what is seen and set of a disk's backend, and how long it is waited for
 *   identity.c what tells a disk from all others: serial, wwid
 *   ring.c     PURE: the ring, and what of it can be believed
 *   coalesce.c PURE: how many responses an event waits for
 *   vdev.c     PURE: virtual device numbers
 *   vpd.c      PURE: SCSI's pages with a disk's names
 *
 * Lock order: struct pvblk_disk.fence_lock, a mutex, then struct pvblk_queue.lock, which
 * is a leaf. The locks of identity.c and kept.c are others.
 */
#ifndef _PVBLK_H
#define _PVBLK_H

#include <linux/blk-mq.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <pv/front.h>

#include "access.h"
#include "fence.h"
#include "identity.h"
#include "kept.h"
#include "props.h"
#include "queue.h"
#include "request.h"
#include "resend.h"
#include "response.h"
#include "vdev.h"
#include "watch.h"

#define PVBLK_SECTOR		512

/* After this long a request is looked at: was an event lost, is anybody there? */
#define PVBLK_TIMEOUT		(30 * HZ)

/* One that is older than struct pvblk_disk.io_timeout has so long after a last event. */
#define PVBLK_NUDGED		(2 * HZ)

/**
 * struct pvblk_disk - one disk
 * @ref: held by the device while it is bound, by @del and while @guarded
 * @front: the connection, whose device it keeps
 * @place: its minors and name
 * @handle: virtual-device, which requests carry
 * @source: the backend's `params`, which name the image, as it was when the disk was last
 *	connected, or probed; NULL if not known
 * @trusted: data may be granted where it lies; read for each connection
 * @props: as last read; written with @fence_lock held, for @relimit
 * @identity: what users may know it by
 * @queues: @nr_queues rings
 * @nr_queues: rings of this connection
 * @nr_polled: how many of them, the last ones, are polled
 * @polled: the first of these while a poller may look at them, else NULL
 * @order: log2 of the pages of a ring of this connection
 * @persistent: pages of ours stay granted and data is copied; at first what we want
 * @max_segs: segments in one request on this connection; likewise
 * @tag_segs: segments that every request has room for
 * @tag_polled: how many of @set.nr_hw_queues, the last ones, are polled
 * @coalesce_responses: responses that an event may wait for
 * @coalesce_usecs: time that a response may wait for others, in microseconds
 * @io_timeout: seconds that a request may wait before the backend is taken for lost, or
 *	PVFRONT_OFF
 * @set: tags; @set.nr_hw_queues and depth stay as the first connection chose
 * @gd: NULL until the first connection is complete
 * @list: in the list of minors in use
 * @guarded: the disk is deleted, and has its name still
 * @unguarding: @unguard is queued
 * @unguard: ends that
 * @relimit: applies @props and @max_segs to the queue of a disk in use
 * @limits_news: @relimit has something to tell udev
 * @del: takes @gd away from its users
 * @going: @del is queued or runs; nothing else is done with @gd
 * @surprise: what @del finds dirty in the page cache cannot be written any more
 * @gone: woken when @del ends
 * @deleting: @del has come to del_gendisk(); protected by @fence_lock from then on
 * @no_flush: the backend said that its device has nothing to flush
 * @add: makes @gd visible, which reads the partition table
 * @adding: @add is queued or runs; @gd is not to be deleted
 * @added: it succeeded
 * @add_failed: it failed for want of memory: @gd cannot be added any more
 * @scan: looks whether the backend answers meanwhile
 * @scan_silent: turns of @scan without an answer
 * @vigil: the same while @gd is being deleted
 * @answers: responses that @scan or @vigil has seen
 * @vigil_left: turns of @vigil until there must be more of them
 * @doomed: the device goes away: a request that times out fails at once
 * @dead: no request can be served any more
 * @failing: users wait no more for another backend: requests fail until one is connected
 * @flushed: a flush has succeeded on this connection
 * @kept: acknowledged writes that no flush has covered
 * @no_writes: the old backend may still carry out writes that have failed
 * @fence: looks at @ended
 * @look_ms: after how long
 * @fence_lock: protects what follows, and @gd against @fence
 * @ended: connections of which it is not proven yet that they are dead
 * @resend: how far @kept was written again
 * @waits: an old connection is, for which users wait
 * @parked: the queue is quiesced until a new connection is up
 * @ready: it is up, or there will be none
 */
struct pvblk_disk {
	struct kref ref;
	struct pvfront front;
	struct pvblk_place place;
	blkif_vdev_t handle;
	char *source;
	bool trusted;
	struct pvblk_props props;
	struct pvblk_identity identity;
	struct pvblk_queue *queues;
	unsigned int nr_queues;
	unsigned int nr_polled;
	struct pvblk_queue __rcu *polled;
	unsigned int order;
	bool persistent;
	unsigned int max_segs;
	unsigned int tag_segs;
	unsigned int tag_polled;
	unsigned int coalesce_responses;
	unsigned int coalesce_usecs;
	int io_timeout;
	struct blk_mq_tag_set set;
	struct gendisk *gd;
	struct list_head list;
	bool guarded;
	bool unguarding;
	struct work_struct unguard;
	struct work_struct relimit;
	bool limits_news;
	struct work_struct del;
	bool going;
	bool surprise;
	wait_queue_head_t gone;
	bool deleting;
	bool no_flush;
	struct work_struct add;
	bool adding;
	bool added;
	bool add_failed;
	struct delayed_work scan;
	unsigned int scan_silent;
	struct delayed_work vigil;
	u64 answers;
	unsigned int vigil_left;
	bool doomed;
	bool dead;
	bool failing;
	bool flushed;
	struct pvblk_kept kept;
	bool no_writes;
	struct delayed_work fence;
	unsigned int look_ms;
	struct mutex fence_lock;
	struct list_head ended;
	struct pvblk_resend resend;
	bool waits;
	bool parked;
	bool ready;
};

static inline struct pvblk_disk *pvblk_disk_of(struct pvfront *f)
{
	return container_of(f, struct pvblk_disk, front);
}

/* main.c */

/* Goes on without memory: the disk that is swapped to may be the one to reconnect. */
extern struct workqueue_struct *pvblk_wq;

/*
 * Disks that appear, which waits for I/O and so for items of the other. A connection that
 * ends waits for them, and it does so without memory, too.
 */
extern struct workqueue_struct *pvblk_add_wq;

/* Disks that go, which may take for ever: nobody waits for an item of it without a bound. */
extern struct workqueue_struct *pvblk_del_wq;

/**
 * pvblk_disk_put() - a holder of @ref needs the disk no more
 * @d: the disk; the last one frees it
 *
 * Context: process context; sleeps.
 */
void pvblk_disk_put(struct pvblk_disk *d);

/**
 * pvblk_read_trust() - set @trusted for the next connection
 * @d: the disk, whose toolstack may be another one since the guest was restored
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported.
 */
int pvblk_read_trust(struct pvblk_disk *d);

/* source.c */

/**
 * pvblk_source_read() - which image the backend serves
 * @d: the disk
 * @source: result, for kfree(), or NULL if the toolstack does not say
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0, or -errno if that is not known; not reported.
 */
int pvblk_source_read(struct pvblk_disk *d, char **source);

/**
 * pvblk_source_look() - the same, for a disk that is being connected
 * @d: the disk
 * @source: as above
 *
 * Return: 0 or -errno, reported. A toolstack that has never let us read it says nothing.
 */
int pvblk_source_look(struct pvblk_disk *d, char **source);

/**
 * pvblk_source_differs() - whether both are known, and not the same
 * @old: one, or NULL
 * @new: the other, or NULL
 *
 * Return: true if so.
 */
bool pvblk_source_differs(const char *old, const char *new);

/**
 * pvblk_source_fit() - whether a new backend has the image of the disk that users know
 * @d: a disk that users may have open
 * @v: the names that it has with the new backend, which fit
 * @source: of pvblk_source_look()
 *
 * Return: 0, or -EINVAL, reported with old and new value.
 */
int pvblk_source_fit(struct pvblk_disk *d, const struct pvblk_vpd *v, const char *source);

/**
 * pvblk_source_take() - remember it for the next backend
 * @d: the disk
 * @source: of pvblk_source_look(), which is @d's from here on; nothing happens to NULL
 */
void pvblk_source_take(struct pvblk_disk *d, char *source);

/**
 * pvblk_source_forget() - any image may follow
 * @d: the disk
 */
void pvblk_source_forget(struct pvblk_disk *d);

/**
 * pvblk_source_say() - log that two disks of one number are of different images
 * @d: the one that users have
 * @new: the one that is being probed
 */
void pvblk_source_say(const struct pvblk_disk *d, const struct pvblk_disk *new);

/* outlive.c */

/**
 * pvblk_leave_device() - the disk gets on without its xenbus device
 * @d: any
 *
 * That may be unregistered before its child is, of which 6.1 warns.
 *
 * Context: process context; sleeps.
 */
void pvblk_leave_device(struct pvblk_disk *d);

/**
 * pvblk_orphan() - the xenbus device goes, the disk waits for another
 * @d: a disk of which pvfront_stop() said so; may be freed when this returns
 *
 * Context: process context; sleeps.
 */
void pvblk_orphan(struct pvblk_disk *d);

/**
 * pvblk_adopt() - see whether a disk waits for a device that is probed
 * @new: a disk made for the device; freed if there is one
 *
 * Context: process context; sleeps.
 * Return: the disk to go on with.
 */
struct pvblk_disk *pvblk_adopt(struct pvblk_disk *new);

/* Of struct pvfront_ops. */
bool pvblk_outlives(struct pvfront *f);
bool pvblk_in_use(struct pvfront *f);
void pvblk_use_changed(struct pvfront *f, enum pvfront_use use);
void pvblk_expired(struct pvfront *f);

/* policy.c */
extern const struct attribute_group *pvblk_disk_groups[];

/* sysfs.c */
extern const struct attribute_group *pvblk_groups[];

/**
 * pvblk_knobs_init() - the defaults of what sysfs may change
 * @d: a disk that is not connected yet
 */
void pvblk_knobs_init(struct pvblk_disk *d);

/* connect.c */
extern const struct pvfront_ops pvblk_front_ops;

/**
 * pvblk_stop_queues() - no queue expects a response any more; end what is in flight
 * @d: the disk
 * @requeue: issue the requests again later, instead of failing them
 *
 * Context: process context; sleeps. May run beside itself.
 */
void pvblk_stop_queues(struct pvblk_disk *d, bool requeue);

/* refresh.c */

/**
 * pvblk_refresh() - the backend may have changed the disk in use
 * @f: the connection, which is live
 *
 * Size, write protection and limits are applied, told to the log and to udev. A read that
 * fails, or keys that make no sense, leave things as they were: the disk works.
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported.
 */
int pvblk_refresh(struct pvfront *f);

/* add.c */

/**
 * pvblk_add_init() - prepare what adds and deletes the disk
 * @d: the disk
 */
void pvblk_add_init(struct pvblk_disk *d);

/**
 * pvblk_disk_add() - have the disk appear, or go on with that
 * @d: made, with queues that carry I/O
 *
 * Returns at once: the partition table is read by a work item of its own. A backend
 * that does not answer meanwhile loses the connection (PVFRONT_BROKE_SILENT).
 */
void pvblk_disk_add(struct pvblk_disk *d);

/**
 * pvblk_disk_add_pause() - the connection is interrupted: another has its time anew
 * @d: any
 *
 * Context: process context; sleeps.
 */
void pvblk_disk_add_pause(struct pvblk_disk *d);

/**
 * pvblk_disk_add_end() - wait until the disk has appeared, or failed to
 * @d: any; if it is being added, its I/O fails
 *
 * Context: process context; sleeps.
 */
void pvblk_disk_add_end(struct pvblk_disk *d);

/**
 * pvblk_vigil_begin() - look after a backend that a disk's end waits for
 * @d: a disk that is to be deleted
 *
 * Until pvblk_vigil_end() all its I/O fails as soon as device or backend is gone, or
 * the backend answers too little.
 */
void pvblk_vigil_begin(struct pvblk_disk *d);

/**
 * pvblk_vigil_end() - the disk is deleted
 * @d: after pvblk_vigil_begin()
 *
 * Context: process context; sleeps.
 */
void pvblk_vigil_end(struct pvblk_disk *d);

/* minors.c */

/* Before all else of this file. */
void pvblk_minors_init(struct pvblk_disk *d);

/**
 * pvblk_minors_take() - have minors and name for a disk
 * @d: the disk, with its place
 *
 * Context: process context.
 * Return: 0, or -EEXIST, reported.
 */
int pvblk_minors_take(struct pvblk_disk *d);

/**
 * pvblk_minors_release() - a disk that had no users needs them no more
 * @d: the disk
 *
 * Context: process context.
 */
void pvblk_minors_release(struct pvblk_disk *d);

/**
 * pvblk_minors_end() - a disk is deleted, and needs them no more, or as a guard
 * @d: the disk
 *
 * Context: process context.
 */
void pvblk_minors_end(struct pvblk_disk *d);

/**
 * pvblk_guard_look() - look whether a guard is needed still
 * @d: any disk
 *
 * Context: process context; fence_lock is held.
 */
void pvblk_guard_look(struct pvblk_disk *d);

/**
 * pvblk_guards_end() - the module is unloaded: no guard holds any more
 *
 * Context: process context; pvblk_del_wq is to be drained.
 */
void pvblk_guards_end(void);

/**
 * pvblk_disk_waits() - whether a disk that is going has the name, or minors, of this one
 * @d: any; it may be the one that is going
 *
 * Context: process context.
 * Return: true if so, also of one that has gone and guards them: a connection has to wait.
 */
bool pvblk_disk_waits(const struct pvblk_disk *d);

/* disk.c */

/* Before all else of this file. */
void pvblk_disk_init(struct pvblk_disk *d);

/**
 * pvblk_disk_make() - a disk that nobody sees yet
 * @d: connected, with @d->props read
 *
 * Context: process context.
 * Return: 0 or -errno, reported.
 */
int pvblk_disk_make(struct pvblk_disk *d);

/**
 * pvblk_disk_del() - take the disk away from its users
 * @d: with a gendisk that is not being added
 * @surprise: no new I/O of users gets to the disk, nor what is dirty in the page cache
 *
 * Waits for requests in flight: each of them is answered, or fails when the vigil ends.
 * Of those that failed a backend may keep memory that it reads into for others, O_DIRECT
 * say: they end when it lets go (fence.c). This waits 5 s for that, then the disk goes
 * later, and has no parent in sysfs any more.
 *
 * Context: process context; sleeps.
 */
void pvblk_disk_del(struct pvblk_disk *d, bool surprise);

/**
 * pvblk_disk_is_going() - whether pvblk_disk_del() was called and the disk is there still
 * @d: any
 *
 * Context: any.
 * Return: true if so: there can be no connection.
 */
bool pvblk_disk_is_going(const struct pvblk_disk *d);

/**
 * pvblk_disk_relimit() - apply @d->props and @d->max_segs to a disk in use
 * @d: a disk with a queue
 *
 * Soon, in a work item of its own: whoever writes a limit to sysfs waits, with the
 * limits locked, for requests that end only once the disk goes on. Until then requests
 * keep to the old limits. That is safe: a request with too many segments is carried out
 * in parts, and what a backend does not know it refuses.
 *
 * Context: process context.
 */
void pvblk_disk_relimit(struct pvblk_disk *d);

/**
 * pvblk_disk_set_timeout() - apply @d->io_timeout to requests from now on
 * @d: a disk
 */
void pvblk_disk_set_timeout(struct pvblk_disk *d);

/**
 * pvblk_disk_size() - apply the size and the read-only flag, tell userspace
 * @d: a disk
 */
void pvblk_disk_size(struct pvblk_disk *d);

#endif
