/* SPDX-License-Identifier: GPL-2.0 */
/* Why a connection ends, and how long its backend is waited for then. */
#ifndef _PV_PEER_H
#define _PV_PEER_H

#include <linux/types.h>
#include <xen/xenbus.h>

struct pvfront;

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
 * @PVFRONT_RENEWED: as RESTARTED, because the guest's user wants another connection
 * @PVFRONT_MOVED: as RESTARTED, because the toolstack has given the device another backend
 * @PVFRONT_LOST: as GONE, but another backend may come: as RESTARTED, with nobody to be
 *	told
 * @PVFRONT_SILENT: as RESTARTED, because the backend has not answered for too long
 * @PVFRONT_REMOVED: the device is being unbound while its backend is there. As
 *	after GONE in a remove, ->close is followed by no other callback
 */
enum pvfront_why {
	PVFRONT_CLOSING,
	PVFRONT_GONE,
	PVFRONT_BROKEN,
	PVFRONT_SUSPENDED,
	PVFRONT_RESTARTED,
	PVFRONT_RENEWED,
	PVFRONT_MOVED,
	PVFRONT_LOST,
	PVFRONT_SILENT,
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
	return why == PVFRONT_SUSPENDED || why == PVFRONT_RESTARTED ||
	       why == PVFRONT_RENEWED || why == PVFRONT_MOVED || why == PVFRONT_LOST ||
	       why == PVFRONT_SILENT;
}

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
 * Return: true if the device is being removed, or if the backend lied; or if its state was
 * last seen as Closing or Closed, or could not be read, and users do not wait for another
 * backend.
 */
bool pvfront_is_ending(struct pvfront *f);

#endif
