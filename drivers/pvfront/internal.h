/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of pvfront share and its users do not see. */
#ifndef _PVFRONT_INTERNAL_H
#define _PVFRONT_INTERNAL_H

#include <linux/types.h>
#include <xen/grant_table.h>
#include <xen/interface/event_channel.h>

#include <pv/front.h>

struct page;
struct workqueue_struct;

/* The store may refuse a commit that raced with a writer; it can't forever. */
#define PVFRONT_COMMIT_TRIES	16

/*
 * Runs the state machines of all frontends, each device's in its own order.
 * Has a rescuer: reconnecting the disk that memory is swapped to must not wait
 * for memory. Freezable: from the time kernel threads are frozen for a suspension
 * until all is thawed, also after one that was called off, no item runs.
 */
extern struct workqueue_struct *pvfront_wq;

/* How often a refresh is tried again for which the store could not be read. */
#define PVFRONT_REFRESH_TRIES	10
#define PVFRONT_REFRESH_MS	500

/* state.c: both return 0 or -errno, -ENOENT if the device is being removed. */
int pvfront_set_state(struct pvfront *f, enum xenbus_state state);

/* With any other error reported. */
int pvfront_write_state(struct pvfront *f, enum xenbus_state state);

/* act.c; in the work item, or in pvfront_stop(). */
int pvfront_announce(struct pvfront *f);

/*
 * The same, for a device that is probed: what may go away is tried again, soon, once
 * work items may run, which _begun is to be told.
 */
int pvfront_begin(struct pvfront *f);
void pvfront_begun(struct pvfront *f);

void pvfront_act(struct pvfront *f, enum xenbus_state peer);
void pvfront_drop(struct pvfront *f, enum pvfront_why why);

/* The same, and our state in the store is Closed. */
void pvfront_end(struct pvfront *f, enum pvfront_why why);

/* @why: PVFRONT_SUSPENDED, or PVFRONT_GONE if the device was not restored as well. */
void pvfront_restored(struct pvfront *f, enum pvfront_why why);

/*
 * Ends a live connection and sets up another, in time: as the backend would end it if
 * @failed for want of something, else as for an interruption. Returns whether there was one.
 */
bool pvfront_connect_anew(struct pvfront *f, bool failed);

/* The same, for a live connection whose backend does not answer. */
bool pvfront_reconnect(struct pvfront *f);

/* The device has another backend: this one is told, and let go of. */
void pvfront_leave(struct pvfront *f);

/* Ends the connection; nothing that the backend does brings another. */
void pvfront_disable(struct pvfront *f, enum pvfront_reason reason);

/*
 * hypercall.c: a channel for @backend to bind to. xenbus_alloc_evtchn() writes state
 * Closing when there is none, after which nothing can be tried again.
 */
int pvfront_event_alloc(domid_t backend, evtchn_port_t *port);

/* report.c: whether set-up that failed with @err is to be tried again. */
bool pvfront_will_retry(const struct pvfront *f, int err);

/*
 * outlive.c: whether users keep the device when its backend is lost now, in any context;
 * and what the device is to them changes. _lost and _ended are called before ->close is.
 */
bool pvfront_will_wait(struct pvfront *f);
void pvfront_use_lost(struct pvfront *f, enum pvfront_why why);
void pvfront_use_connecting(struct pvfront *f);
void pvfront_use_live(struct pvfront *f);
void pvfront_use_ended(struct pvfront *f, enum pvfront_why why);

/* The last step of a start: what limits there are begin to count, and items may run. */
void pvfront_outlive_start(struct pvfront *f);

/*
 * follow.c: a started connection whose device gets another backend leaves the one that it
 * has, and is probed once more. On kernels whose bus does not do that. _look, in the work
 * item, returns whether it does, and nothing else is to be done for the old one.
 */
bool pvfront_follow_look(struct pvfront *f);
void pvfront_follow(struct pvfront *f);
void pvfront_unfollow(struct pvfront *f);
int pvfront_follow_init(void);
void pvfront_follow_exit(void);

/*
 * online.c: the toolstack takes a backend offline to remove the device. What cannot be
 * read says nothing: @online is true then, and -errno is returned, reported; _is_offline
 * and _is_online are both false, and report nothing.
 */
int pvfront_read_online(struct pvfront *f, bool *online);
bool pvfront_is_offline(struct pvfront *f);
bool pvfront_is_online(struct pvfront *f);

/* front.c: a remove of @f that follows waits no longer than if the device were gone. */
void pvfront_mark_gone(struct pvfront *f);

/* front.c: who the backend is was written; pvfront_follow_look() is to see, now or later. */
void pvfront_moved(struct pvfront *f);
void pvfront_moved_in(struct pvfront *f, unsigned int ms);

/* debugfs: pvfront/<device>, for people; nothing depends on it being there. */
void pvfront_debugfs_add(struct pvfront *f);
void pvfront_debugfs_del(struct pvfront *f);

/* grant.c: a connection begins, before it grants anything. */
void pvfront_grants_begin(struct pvfront *f);

/* rest.c: what <pv/grant.h> says of pages that rest. _init comes before all else. */
void pvfront_rest_init(void);

/* @ref is INVALID_GRANT_REF if nobody maps @page; @typed and @ours as in rest.c. May sleep. */
void pvfront_rest_begin(struct pvfront *f, const struct pvfront_grantee *to,
			grant_ref_t ref, struct page *page, bool typed, bool ours);

/* A page of ours that nobody maps and that only @domid had, or NULL. */
struct page *pvfront_rest_take(domid_t domid);

/*
 * How many pages that somebody else owns nobody maps, and only the end of the domain that
 * is @f's backend now frees: of @f, and of devices that are gone. May sleep.
 */
unsigned int pvfront_resting_pages(const struct pvfront *f);

/* @f goes away: nothing that rests counts for it any more. May sleep. */
void pvfront_rest_disown(const struct pvfront *f);

/* The backend has said Closed to the connection @f->orderly. May sleep. */
void pvfront_rest_closed(const struct pvfront *f);

/* The guest is about to be suspended; was restored: old grants exist no more. */
void pvfront_rest_suspend(void);
void pvfront_rest_restored(void);

/* Jiffies: what was granted before then does not exist any more. */
unsigned long pvfront_rest_since(void);

/* Nothing looks any more; what cannot be freed yet is lost, and said. */
void pvfront_rest_exit(void);

#endif
