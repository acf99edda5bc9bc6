/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvfront: what the pvblk, pvnet and pvcon frontends share.
 *
 * A frontend embeds one struct pvfront per xenbus device and gives it four
 * callbacks. pvfront runs them one at a time from its own work item, so
 *  - xenwatch, which serves every device of the guest and `xl shutdown`, only
 *    ever notes a state and returns;
 *  - a callback may sleep, allocate and talk to xenstore, and needs no lock
 *    against the other callbacks.
 *
 * Ring pages and event channels are plain objects whose close function is
 * safe on a zeroed or already closed one, so that error paths need no flags.
 */
#ifndef _PV_FRONT_H
#define _PV_FRONT_H

#include <linux/interrupt.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/xenbus.h>

#include <pv/fsm.h>
#include <pv/grant.h>
#include <pv/keyparse.h>
#include <pv/pace.h>
#include <pv/reason.h>

struct dentry;
struct pvfront;
struct pvfront_pub;

/* ---- connection ---- */

/**
 * enum pvfront_why - why a connection ends
 * @PVFRONT_CLOSING: the backend asked us to close and still answers: requests
 *	in flight may be waited for, with a deadline
 * @PVFRONT_GONE: the backend will not answer any more
 * @PVFRONT_BROKEN: the backend lied or set-up failed: nothing it sends may be
 *	used from here on
 * @PVFRONT_SUSPENDED: the guest was restored elsewhere. Grants and event
 *	channels of the old host do not exist any more. Users keep their
 *	device; requests in flight are issued again once a backend is live
 * @PVFRONT_RESTARTED: the backend starts anew on the same host, or set-up is to be
 *	tried again: as SUSPENDED, but the old backend may still hold grants, of
 *	which it is told by pvfront_let_go()
 * @PVFRONT_REMOVED: the device is being unbound while its backend is there. As
 *	after GONE in a remove, ->close is followed by no other callback
 */
enum pvfront_why {
	PVFRONT_CLOSING,
	PVFRONT_GONE,
	PVFRONT_BROKEN,
	PVFRONT_SUSPENDED,
	PVFRONT_RESTARTED,
	PVFRONT_REMOVED,
};

/**
 * pvfront_keeps_users() - whether a connection's end is only an interruption
 * @why: the reason given to ->close
 *
 * Return: true if users keep their device and a new offer is to follow.
 */
static inline bool pvfront_keeps_users(enum pvfront_why why)
{
	return why == PVFRONT_SUSPENDED || why == PVFRONT_RESTARTED;
}

/**
 * struct pvfront_ops - what a frontend supplies
 * @offered_state: state to write once ->offer has succeeded: Initialised where
 *	the backend publishes its properties only after mapping the rings
 *	(blkif, console), Connected where it maps them only then (netif)
 * @offer: read the backend's offers, set up rings and events, publish the keys
 *	with pvfront_publish()
 * @connect: the backend has mapped the rings: read its properties and start
 *	I/O. State Connected is written after it returns 0
 * @refresh: the backend announced itself again while live; may be NULL. It is tried
 *	again after an error that may go away (pvfront_is_transient())
 * @close: stop I/O and release everything @offer and @connect set up, whether
 *	or not they had succeeded; unless pvfront_keeps_users(), the users'
 *	device goes too. Called again with another reason when no new offer
 *	follows an interruption; not called while there is nothing to release
 * @show: print the driver's part of the debugfs file; may be NULL
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
	void (*show)(struct pvfront *f, struct seq_file *m);
};

/**
 * struct pvfront - one frontend's connection to its backend
 * @xdev: the xenbus device
 * @ops: the driver's callbacks
 * @phase: how far the connection is; written by the work item only
 * @started: pvfront_start() was called
 * @held: the driver holds something that ->close has to release; work item only
 * @broken: set once, by pvfront_break(); cleared when the guest was restored
 * @shown: an offer was written, which the backend may have taken up
 * @orderly: the backend has said Closed after we had; work item and remove only
 * @restored: ->close is called for a connection of another host; work item only
 * @kept: see pvfront_kept()
 * @broke: calls of pvfront_break() for each reason, over the device's life
 * @pace: how often a connection was set up
 * @due: when the next one may be, if @due_set; work item only
 * @due_set: @due counts
 * @kept_said: it was reported that the backend keeps too many pages
 * @refresh_tries: refreshes tried again in a row
 * @live_since: jiffies at which @phase became live
 * @work: runs the state machine
 * @again: has @work look at @peer once more
 * @busy: held while @work runs, so that @dir shows nothing half built
 * @lock: protects what follows it, and @broken
 * @peer: the backend's state when xenwatch last read it
 * @noted: @peer has not been acted upon yet
 * @resumed: the guest was restored since the work item last ran
 * @stopped: the device is being removed: nothing queues @work any more
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
	bool shown;
	bool orderly;
	bool restored;
	atomic_t kept;
	atomic_t broke[PVFRONT_NR_REASONS];
	struct pvfront_pace pace;
	unsigned long due;
	bool due_set;
	bool kept_said;
	unsigned int refresh_tries;
	unsigned long live_since;
	struct work_struct work;
	struct delayed_work again;
	struct mutex busy;
	spinlock_t lock;
	enum xenbus_state peer;
	bool noted;
	bool resumed;
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
 * The last step of a probe: from here on callbacks may run.
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported.
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
 * Context: process context; sleeps as long as ->close does.
 */
void pvfront_stop(struct pvfront *f);

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
 * pvfront_let_go() - have the backend unmap what it maps of ours
 * @f: the connection
 * @why: as passed to ->close, from which it is to be called
 *
 * To be called once I/O has stopped and before grants are taken back: writes
 * Closed and waits, with a deadline, for the backend to follow, so that ring
 * pages and persistent grants are free at once rather than some time later.
 * Returns at once when there is no backend to wait for.
 *
 * Context: process context; sleeps, for 5 s at most.
 */
void pvfront_let_go(struct pvfront *f, enum pvfront_why why);

/**
 * pvfront_close_peer() - write state Closed and wait until the backend follows
 * @xdev: the device
 * @otherend: the backend's directory
 * @stop: whether to wait no longer; may be NULL
 * @data: for @stop
 *
 * Context: process context; sleeps, for 5 s at most.
 * Return: the state the backend was last seen in: Closed, Unknown if it is gone, or
 * another one if it did not follow.
 */
enum xenbus_state pvfront_close_peer(struct xenbus_device *xdev,
				     const char *otherend,
				     bool (*stop)(void *data), void *data);

/**
 * pvfront_look() - read from the store whether device and backend are there
 * @f: the connection
 *
 * For those who wait in a remove, when no watch tells of it.
 *
 * Context: process context; sleeps (xenstore).
 */
void pvfront_look(struct pvfront *f);

/**
 * pvfront_gave_up() - whether a wait for the backend has to end now
 * @f: the connection
 *
 * Context: process context; takes @f->lock.
 * Return: true in a remove of a device that is gone from the store.
 */
bool pvfront_gave_up(struct pvfront *f);

/**
 * pvfront_until() - when a wait has to end
 * @f: the connection
 * @deadline: in jiffies, how long the caller would wait
 *
 * Context: process context; takes @f->lock.
 * Return: @deadline, or an earlier time if the device is gone from the store: all
 * waits of a remove together then take at most 5 s.
 */
unsigned long pvfront_until(struct pvfront *f, unsigned long deadline);

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
 * or the guest is restored elsewhere no new connection follows. The caller must not touch the ring or end
 * the interrupt with an EOI after it.
 *
 * Context: any, interrupts included; takes @f->lock.
 */
void pvfront_break(struct pvfront *f, enum pvfront_reason reason);

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

/**
 * pvfront_peer_gone() - whether the backend is known to answer no more
 * @f: the connection
 *
 * Context: any; takes @f->lock.
 * Return: true if its state was last seen as Closed, or could not be read.
 */
bool pvfront_peer_gone(struct pvfront *f);

/**
 * pvfront_is_ending() - whether a backend that does not answer is to be given up
 * @f: the connection
 *
 * For timeout handlers. A callback may itself be what waits for the backend, so
 * that the ->close which is due cannot begin.
 *
 * Context: any; takes @f->lock.
 * Return: true if the device is being removed, if the backend lied, or if its state
 * was last seen as Closing or Closed or could not be read.
 */
bool pvfront_is_ending(struct pvfront *f);

/* ---- keys read ---- */

/**
 * struct pvfront_key - one numeric key of the store and where its value goes
 * @name: the key's name below the directory read
 * @min: smallest value accepted
 * @max: largest value accepted
 * @def: value when the key is absent; PVFRONT_REQUIRED if it must be there
 * @offset: of a u64 in the structure filled
 */
struct pvfront_key {
	const char *name;
	u64 min;
	u64 max;
	u64 def;
	size_t offset;
};

#define PVFRONT_REQUIRED	U64_MAX

/**
 * PVFRONT_KEY() - an element of a table of keys
 * @_name: the key's name
 * @_min: smallest value accepted
 * @_max: largest value accepted
 * @_def: value when absent, or PVFRONT_REQUIRED
 * @_type: the structure filled
 * @_member: its u64 member
 */
#define PVFRONT_KEY(_name, _min, _max, _def, _type, _member) {		\
	.name = (_name),						\
	.min = (_min),							\
	.max = (_max),							\
	.def = (_def),							\
	.offset = offsetof(_type, _member) +				\
		BUILD_BUG_ON_ZERO(sizeof_field(_type, _member) !=	\
				  sizeof(u64)),				\
}

/**
 * pvfront_read_keys() - read and check a table of keys
 * @f: the connection
 * @dir: xenstore directory: xdev->otherend or xdev->nodename
 * @keys: the table
 * @nr: its length
 * @to: the structure the offsets count from; on error partly filled
 *
 * A value that is absent though required, malformed or out of range refuses
 * the device with xenbus_dev_fatal() naming key, value and range.
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
int pvfront_read_keys(struct pvfront *f, const char *dir,
		      const struct pvfront_key *keys, size_t nr, void *to);

/* ---- keys written ---- */

#define PVFRONT_DEVICE	(-1)	/* not in a queue's directory */

/**
 * pvfront_put() - write one key in the transaction of pvfront_publish()
 * @p: the transaction
 * @queue: index of the queue whose directory queue-N/ the key belongs to, or
 *	PVFRONT_DEVICE for the device's own directory
 * @name: the key
 * @fmt: printf format of the value
 *
 * After a first error the remaining calls do nothing: the filler needs no
 * error checks of its own.
 *
 * Context: process context; sleeps.
 */
__printf(4, 5)
void pvfront_put(struct pvfront_pub *p, int queue, const char *name,
		 const char *fmt, ...);

/**
 * pvfront_del() - remove a key, or a directory with all below, if it is there
 * @p: the transaction
 * @name: key in the device's directory
 *
 * For keys an earlier driver or connection may have left behind and whose mere
 * presence changes what the backend does.
 *
 * Context: process context; sleeps.
 */
void pvfront_del(struct pvfront_pub *p, const char *name);

/**
 * pvfront_publish() - write all keys of an offer in one transaction
 * @f: the connection
 * @fill: calls pvfront_put() and pvfront_del(); run again when the store was
 *	changed under the transaction
 *
 * Context: process context; sleeps. Gives up after a bounded number of tries.
 * Return: 0 or -errno, reported with the name of the key that failed.
 */
int pvfront_publish(struct pvfront *f,
		    void (*fill)(struct pvfront *f, struct pvfront_pub *p));

/* ---- ring pages and events ---- */

#define PVFRONT_MAX_RING_ORDER	4
#define PVFRONT_MAX_RING_PAGES	(1U << PVFRONT_MAX_RING_ORDER)

/**
 * struct pvfront_pages - zeroed contiguous pages granted to the backend
 * @front: the connection
 * @va: first byte; NULL when not set up
 * @nr: number of pages
 * @ref: a grant per page
 */
struct pvfront_pages {
	struct pvfront *front;
	void *va;
	unsigned int nr;
	grant_ref_t ref[PVFRONT_MAX_RING_PAGES];
};

/**
 * pvfront_pages_open() - allocate and grant ring pages, read-write
 * @f: the connection
 * @s: zeroed or closed
 * @nr: pages, 1 to PVFRONT_MAX_RING_PAGES
 *
 * Context: process context; sleeps, allocates with GFP_NOIO.
 * Return: 0 or -errno, reported.
 */
int pvfront_pages_open(struct pvfront *f, struct pvfront_pages *s,
		       unsigned int nr);

/**
 * pvfront_pages_close() - take the grants back and free the pages
 * @s: any; nothing happens if it is not open
 *
 * A page that the backend may still use rests, see <pv/grant.h>.
 *
 * Context: process context.
 */
void pvfront_pages_close(struct pvfront_pages *s);

/**
 * pvfront_pages_publish() - write the grants of a ring's pages
 * @p: the transaction
 * @queue: as for pvfront_put()
 * @name: "ring-ref", "tx-ring-ref", ...; with @numbered a page's index follows
 * @s: the pages
 * @numbered: write ring-ref0, ring-ref1, ... even for one page
 */
void pvfront_pages_publish(struct pvfront_pub *p, int queue, const char *name,
			   const struct pvfront_pages *s, bool numbered);

/**
 * struct pvfront_event - an event channel to the backend with its handler
 * @port: the local port, published to the backend
 * @irq: 0 when not set up
 * @cookie: as given to pvfront_event_open()
 * @name: as shown in /proc/interrupts
 */
struct pvfront_event {
	evtchn_port_t port;
	unsigned int irq;
	void *cookie;
	char name[32];
};

/**
 * pvfront_event_open() - allocate an event channel and bind a handler
 * @f: the connection
 * @e: zeroed or closed; its address must not change while it is open
 * @handler: runs in hard interrupt context and owes the event a
 *	pvfront_event_eoi(), then or later: until then no further event is
 *	delivered, which is what bounds a storm
 * @cookie: passed to @handler
 * @fmt: printf format of the name shown in /proc/interrupts
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
__printf(5, 6)
int pvfront_event_open(struct pvfront *f, struct pvfront_event *e,
		       irq_handler_t handler, void *cookie,
		       const char *fmt, ...);

/**
 * pvfront_event_close() - wait for a running handler and close the channel
 * @e: any; nothing happens if it is not open
 *
 * Context: process context; sleeps.
 */
void pvfront_event_close(struct pvfront_event *e);

/**
 * pvfront_event_notify() - send an event to the backend
 * @e: an open event
 *
 * Context: any. One hypercall.
 */
static inline void pvfront_event_notify(struct pvfront_event *e)
{
	notify_remote_via_irq(e->irq);
}

/**
 * pvfront_event_eoi() - allow the next event to be delivered
 * @e: an open event
 * @useful: whether the event brought any work; a backend that sends useless
 *	ones is slowed down by the kernel's event code
 *
 * Context: any.
 */
static inline void pvfront_event_eoi(struct pvfront_event *e, bool useful)
{
	xen_irq_lateeoi(e->irq, useful ? 0 : XEN_EOI_FLAG_SPURIOUS);
}

/* ---- module parameters and sysfs attributes ---- */

/**
 * pvfront_parse_number() - a bounded number given by a user
 * @text: the number in base 10, or with 0x or 0 in front 16 or 8; a newline may
 *	follow
 * @min: smallest value accepted
 * @max: largest value accepted
 * @value: the number; untouched on error
 *
 * Return: 0 or -EINVAL. The message is the caller's, who knows what it is of.
 */
int pvfront_parse_number(const char *text, unsigned int min, unsigned int max,
			 unsigned int *value);

/**
 * struct pvfront_param - a bounded number given as a module parameter
 * @value: holds the default until the parameter is given
 * @min: smallest value accepted
 * @max: largest value accepted
 */
struct pvfront_param {
	unsigned int value;
	unsigned int min;
	unsigned int max;
};

extern const struct kernel_param_ops pvfront_param_ops;

/**
 * PVFRONT_PARAM() - declare a module parameter with a range
 * @_name: its name; pvfront_param_<name>.value is what code reads
 * @_min: smallest value accepted
 * @_max: largest value accepted
 * @_def: default
 * @_perm: sysfs mode; a value written later holds for connections made later
 * @_desc: text for modinfo, with the unit
 *
 * Anything else is refused with -EINVAL and a message naming parameter, value
 * and range.
 */
#define PVFRONT_PARAM(_name, _min, _max, _def, _perm, _desc)		\
	static struct pvfront_param pvfront_param_##_name = {		\
		.value = (_def), .min = (_min), .max = (_max),		\
	};								\
	module_param_cb(_name, &pvfront_param_ops,			\
			&pvfront_param_##_name, _perm);			\
	MODULE_PARM_DESC(_name, _desc " (" #_min " to " #_max		\
			 ", default " #_def ")")

#endif
