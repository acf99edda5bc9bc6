/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvfront: what the pvblk, pvnet and pvcon frontends share.
 *
 * A frontend embeds one struct pvfront per xenbus device and gives it its
 * callbacks. pvfront runs them one at a time from its own work item, so
 *  - xenwatch, which serves every device of the guest and `xl shutdown`, only
 *    ever notes a state and returns;
 *  - a callback may sleep, allocate and talk to xenstore, and needs no lock
 *    against the other callbacks.
 */
#ifndef _PV_FRONT_H
#define _PV_FRONT_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xen/xenbus.h>

#include <pv/channel.h>
#include <pv/fsm.h>
#include <pv/grant.h>
#include <pv/keyparse.h>
#include <pv/keys.h>
#include <pv/outlive.h>
#include <pv/pace.h>
#include <pv/param.h>
#include <pv/peer.h>
#include <pv/publish.h>
#include <pv/reason.h>

struct dentry;
struct pvfront;

/**
 * struct pvfront_ops - what a frontend supplies
 * @offered_state: state to write once ->offer has succeeded: Initialised where
 *	the backend publishes its properties only after mapping the rings
 *	(blkif, console), Connected where it maps them only then (netif)
 * @offer: read what the backend supports, set up rings and events, publish the keys
 *	with pvfront_publish()
 * @connect: the backend has mapped the rings: read its properties and start
 *	I/O. State Connected is written after it returns 0
 * @refresh: the backend announced itself again while live; may be NULL. It is tried
 *	again after an error that may go away (pvfront_is_transient())
 * @close: stop I/O and release everything @offer and @connect set up, whether
 *	or not they had succeeded; unless pvfront_keeps_users(), the users'
 *	device goes too. Called again with another reason when no new offer
 *	follows an interruption; not called while there is nothing to release
 * @outlives: whether there is a device that can wait for another backend
 *	(<pv/outlive.h>); called in any context. NULL: there is none, ever
 * @in_use: whether somebody has it, who would miss it; likewise
 * @fail_fast: have their I/O fail until @connect or @close; may be NULL
 * @use_changed: what the device is to them has changed: tell them; may be NULL
 * @expired: nobody has adopted the connection (pvfront_orphan()), which is closed: it may
 *	be freed, as the last thing that is done with it
 * @show: print the driver's part of the debugfs file: lines of `name value`, for each
 *	queue one of `queue N name value name value ...`; may be NULL
 *
 * @offer and @connect report an error themselves with pvfront_fail(), naming what
 * failed, and return -errno. ->close() follows: with PVFRONT_RESTARTED if the error may
 * go away (pvfront_is_transient()) and it is tried again, else with PVFRONT_BROKEN.
 *
 * None of them waits for I/O of the device that it makes: what is done with that, a
 * scan for partitions say, has a work item of its own, and ends when @close has its
 * I/O fail.
 *
 * Context: process context, may sleep; no two callbacks are run at the same time
 * for one device.
 */
struct pvfront_ops {
	enum xenbus_state offered_state;
	int (*offer)(struct pvfront *f);
	int (*connect)(struct pvfront *f);
	int (*refresh)(struct pvfront *f);
	void (*close)(struct pvfront *f, enum pvfront_why why);
	bool (*outlives)(struct pvfront *f);
	bool (*in_use)(struct pvfront *f);
	void (*fail_fast)(struct pvfront *f);
	void (*use_changed)(struct pvfront *f, enum pvfront_use use);
	void (*expired)(struct pvfront *f);
	void (*show)(struct pvfront *f, struct seq_file *m);
};

/**
 * struct pvfront - one frontend's connection to its backend
 * @xdev: the xenbus device
 * @ops: the driver's callbacks
 * @phase: how far the connection is; written by the work item only
 * @started: pvfront_start() was called
 * @held: the driver holds something that ->close has to release; work item only
 * @broken: set once, by pvfront_break(); cleared when the guest was restored, or another
 *	device has adopted the connection
 * @few_keys: xenstored had no room for an offer: the driver makes do with as few keys as it
 *	can, until a connection made of them has ended; set by pvfront_publish()
 * @shown: an offer was written, which the backend may have taken up
 * @yielded: the backend was seen Closing, and has got some time to go on
 * @to: who the newest connection grants pages to; as it is still when that has ended
 * @orderly: the last connection (@to.nr) that ended with the backend saying Closed after
 *	we had, or before it was shown; 0: none. Work item and remove only
 * @kept: see pvfront_kept()
 * @max_resting: pages of others that may rest until the backend's domain ends, before no new
 *	connection is offered to it; 0: any number; set by the driver before pvfront_start()
 * @broke: calls of pvfront_break() for each reason, over the device's life
 * @pace: how often a connection was set up
 * @due: when the next one may be, if @due_set; work item only
 * @due_set: @due counts
 * @kept_said: it was reported that the backend keeps too many pages
 * @refresh_tries: refreshes tried again in a row
 * @live_since: jiffies at which @phase became live
 * @lived: it did so at some time
 * @policy: how long users wait for another backend; @lock
 * @loss: whether they do; written with @busy and @lock held
 * @deadline: ends their wait
 * @orphan: @xdev is not bound any more: pvfront_orphan()
 * @ended: it was one, and is about to be freed: nothing arms @deadline
 * @adopted: it was an orphan, and nothing was offered since: what removes it now is a probe
 *	that failed
 * @over: an orphan that nobody may adopt: it ends soon; see pvfront_orphan_is_over()
 * @link: in the list of orphans; whoever takes it out has the orphan
 * @followed: in the list of those that are started, of follow.c
 * @work: runs the state machine
 * @again: has @work look at @peer once more
 * @busy: held while @work runs, so that @dir shows nothing half built
 * @lock: protects what follows it, and @broken
 * @peer: the backend's state when xenwatch last read it
 * @noted: @peer has not been acted upon yet
 * @resumed: the guest was restored since the work item last ran
 * @suspended: a suspension began since then; whether the guest was restored, and this
 *	device with it, is not known yet
 * @lost: it was not, and that was acted upon
 * @retry: pvfront_retry() was called since then
 * @silent: pvfront_silent() was called since then
 * @moved: the toolstack has written who the backend is, since then
 * @move_looks: how often keys were read that do not fit together, in a row; work item only
 * @following: the device is about to be probed for another backend
 * @renew: pvfront_renew() was called since then
 * @stopped: the device is being removed, or was adopted and is not started yet: nothing
 *	queues @work
 * @gone: the device was found to be gone from the store
 * @give_up: when waiting for it has to end, if it is @gone
 * @reason: of the first pvfront_break(), until it was reported; else
 *	PVFRONT_NR_REASONS
 * @dir: debugfs file
 */
struct pvfront {
	struct xenbus_device *xdev;
	const struct pvfront_ops *ops;
	enum pvfront_phase phase;
	bool started;
	bool held;
	bool broken;
	bool few_keys;
	bool shown;
	bool yielded;
	struct pvfront_grantee to;
	unsigned int orderly;
	atomic_t kept;
	unsigned int max_resting;
	atomic_t broke[PVFRONT_NR_REASONS];
	struct pvfront_pace pace;
	unsigned long due;
	bool due_set;
	bool kept_said;
	unsigned int refresh_tries;
	unsigned long live_since;
	bool lived;
	struct pvfront_policy policy;
	struct pvfront_loss loss;
	struct delayed_work deadline;
	bool orphan;
	bool ended;
	bool adopted;
	bool over;
	struct list_head link;
	struct list_head followed;
	struct work_struct work;
	struct delayed_work again;
	struct mutex busy;
	spinlock_t lock;
	enum xenbus_state peer;
	bool noted;
	bool resumed;
	bool suspended;
	bool lost;
	bool retry;
	bool silent;
	bool moved;
	unsigned int move_looks;
	bool following;
	bool renew;
	bool stopped;
	bool gone;
	unsigned long give_up;
	enum pvfront_reason reason;
	struct dentry *dir;
};

/**
 * pvfront_init() - prepare a connection; the first step of a probe
 * @f: zeroed memory
 * @xdev: the device; its driver data points to @f from here on
 * @ops: callbacks; must outlive @f
 *
 * Context: process context.
 */
void pvfront_init(struct pvfront *f, struct xenbus_device *xdev,
		  const struct pvfront_ops *ops);

/**
 * pvfront_start() - announce to the backend that we are here
 * @f: an initialised connection
 *
 * The last step of a probe: from here on callbacks may run. An error that may go away is
 * reported, and that is tried again.
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported unless it is -ENOENT: the device is being removed.
 */
int pvfront_start(struct pvfront *f);

/**
 * pvfront_stop() - end the connection; the first step of a remove
 * @f: a started connection
 *
 * When it returns no callback runs or will run, and ->close has been called if
 * there was anything to release: with PVFRONT_REMOVED, or with PVFRONT_GONE when the
 * device or its backend is gone from the store. Then, which is how xenwatch calls it,
 * all that waits for the backend ends within 5 s.
 *
 * A device that is gone from the store and has users who wait for another backend keeps
 * them: ->close gets PVFRONT_LOST, and pvfront_orphan() is to follow.
 *
 * Context: process context; sleeps as long as ->close does.
 * Return: true if so.
 */
bool pvfront_stop(struct pvfront *f);

/**
 * pvfront_exit() - nothing is given to the backend or taken from it any more
 * @f: an initialised connection that is not started, or stopped; may be freed afterwards
 *
 * What rests (<pv/grant.h>) goes on resting, and counts for no device.
 *
 * Context: process context; sleeps.
 */
void pvfront_exit(struct pvfront *f);

/**
 * pvfront_of() - the connection of a device
 * @dev: of a xenbus device after pvfront_init()
 *
 * Return: the connection.
 */
static inline struct pvfront *pvfront_of(const struct device *dev)
{
	return dev_get_drvdata(dev);
}

/**
 * pvfront_peer_changed() - every frontend's xenbus_driver.otherend_changed
 * @xdev: the device
 * @state: the backend's state
 *
 * Context: process context; does not sleep.
 */
void pvfront_peer_changed(struct xenbus_device *xdev, enum xenbus_state state);

/**
 * pvfront_suspend() - every frontend's xenbus_driver.suspend
 * @xdev: the device
 *
 * No callback straddles the suspension: what runs them is frozen before.
 *
 * Context: process context.
 * Return: 0.
 */
int pvfront_suspend(struct xenbus_device *xdev);

/**
 * pvfront_resume() - every frontend's xenbus_driver.resume
 * @xdev: the device
 *
 * Context: process context.
 * Return: 0.
 */
int pvfront_resume(struct xenbus_device *xdev);

/**
 * pvfront_fail() - report that setting up a connection failed
 * @f: the connection, in ->offer, ->connect or ->refresh
 * @err: the negative errno that the callback is going to return
 * @fmt: what failed, with key and value where there are such, without newline
 *
 * An error that ends the device goes to the log and the store. One that is tried again
 * goes to the log, and one in ->refresh, which ends nothing, to both.
 *
 * Context: process context; sleeps (xenstore).
 */
__printf(3, 4)
void pvfront_fail(struct pvfront *f, int err, const char *fmt, ...);

/**
 * pvfront_break() - break a connection off: the backend lied, or is of no use
 * @f: the connection
 * @reason: what it did
 *
 * Counts every call for its reason, reports the first one and closes the connection with
 * PVFRONT_BROKEN from the work item. The device is disabled then: until it is unbound
 * or the guest is restored elsewhere no new connection follows. The caller must not
 * touch the ring or end the interrupt with an EOI after it.
 *
 * Context: any, interrupts included; takes @f->lock.
 */
void pvfront_break(struct pvfront *f, enum pvfront_reason reason);

/**
 * pvfront_retry() - end a live connection for want of something, and connect anew
 * @f: the connection
 *
 * For an error that may go away (pvfront_is_transient()), met after ->connect, before
 * the device has users. The connection is closed with PVFRONT_CLOSING from the work
 * item; others follow as after set-up that failed.
 *
 * Context: any, interrupts included; takes @f->lock.
 */
void pvfront_retry(struct pvfront *f);

/**
 * pvfront_silent() - a live backend has not answered for too long
 * @f: the connection
 *
 * It is closed with PVFRONT_SILENT from the work item. Another may follow, as when the
 * backend starts anew; until then users wait, for how long is theirs to set.
 *
 * Context: any, interrupts included; takes @f->lock.
 */
void pvfront_silent(struct pvfront *f);

/**
 * pvfront_renew() - end a live connection and set up another one, as the user wants
 * @f: the connection
 *
 * For what can be agreed upon with a backend only while connecting. The connection is
 * closed with PVFRONT_RENEWED from the work item; nothing happens if it is not live
 * then, as the next one is yet to be offered.
 *
 * Context: any, interrupts included; takes @f->lock.
 */
void pvfront_renew(struct pvfront *f);

/**
 * pvfront_is_broken() - whether the backend's ring may still be used
 * @f: the connection
 *
 * Context: any.
 * Return: true once pvfront_break() was called on this connection.
 */
static inline bool pvfront_is_broken(const struct pvfront *f)
{
	return READ_ONCE(f->broken);
}

/**
 * pvfront_is_live() - whether the connection carries I/O
 * @f: the connection
 *
 * Context: any. What it says may be over when it returns.
 * Return: true between ->connect and ->close.
 */
static inline bool pvfront_is_live(const struct pvfront *f)
{
	return READ_ONCE(f->phase) == PVFRONT_LIVE;
}

#endif
