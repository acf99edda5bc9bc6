/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control ring's life, and the wait for an answer. A backend may have none, and one
 * that has may not answer: the interface works without.
 *
 * Requests are sent in sessions, from pvnet_ctrl_begin() to pvnet_ctrl_end(), each of
 * which ends within PVNET_CTRL_MS however slow the backend is: ethtool's are held under
 * RTNL. A request that is not answered by then is the connection's last one.
 */
#ifndef _PVNET_CTRL_H
#define _PVNET_CTRL_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <pv/front.h>

#include "ctrlring.h"

struct pvnet;

/* The longest session, in ms. */
#define PVNET_CTRL_MS	2000U

/**
 * struct pvnet_ctrl - the control ring of an interface
 * @lock: a session; protects all but the three flags
 * @deadline: jiffies at which the session has to end
 * @ring: indices
 * @pages: the shared page
 * @event: the event channel
 * @arg: what a request refers to by @ref: the backend may read it
 * @ref: grants @arg
 * @wait: where a request waits for its response
 * @usable: requests may be sent; false after a lie, a timeout and pvnet_ctrl_stop()
 * @noted: an event has come; whoever waits looks at the ring once for it
 * @expected: an event is due that was not seen
 * @asked: requests sent, over the device's life
 * @timeouts: sessions that the backend did not answer in time, likewise
 */
struct pvnet_ctrl {
	struct mutex lock;
	unsigned long deadline;
	struct pvnet_ctrlring ring;
	struct pvfront_pages pages;
	struct pvfront_event event;
	struct page *arg;
	grant_ref_t ref;
	wait_queue_head_t wait;
	bool usable;
	bool noted;
	bool expected;
	unsigned int asked;
	unsigned int timeouts;
};

/**
 * pvnet_ctrl_init() - prepare a control ring that is not open
 * @ctrl: zeroed
 */
void pvnet_ctrl_init(struct pvnet_ctrl *ctrl);

/**
 * pvnet_ctrl_open() - build the ring, if the backend has feature-ctrl-ring and the store room
 * @net: the interface, in ->offer, whose backend's keys were read
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported; pvnet_ctrl_close() is to follow either way.
 */
int pvnet_ctrl_open(struct pvnet *net);

/**
 * pvnet_ctrl_publish() - write the ring's keys, if it is open
 * @ctrl: the ring
 * @pub: the transaction
 */
void pvnet_ctrl_publish(struct pvnet_ctrl *ctrl, struct pvfront_pub *pub);

/**
 * pvnet_ctrl_start() - the backend has mapped the ring: requests may be sent
 * @ctrl: the ring; nothing happens if it is not open
 */
void pvnet_ctrl_start(struct pvnet_ctrl *ctrl);

/**
 * pvnet_ctrl_stop() - send no more requests, and wait for none
 * @ctrl: the ring
 *
 * Context: any.
 */
void pvnet_ctrl_stop(struct pvnet_ctrl *ctrl);

/**
 * pvnet_ctrl_close() - take the ring apart, however far it was built
 * @net: the interface, after pvnet_ctrl_stop()
 *
 * Context: process context; sleeps.
 */
void pvnet_ctrl_close(struct pvnet *net);

/**
 * pvnet_ctrl_begin() - begin a session
 * @ctrl: the ring, in whatever state
 *
 * Context: process context; sleeps, for PVNET_CTRL_MS at most if another session is on.
 */
void pvnet_ctrl_begin(struct pvnet_ctrl *ctrl);

/**
 * pvnet_ctrl_end() - end a session
 * @ctrl: the ring
 */
void pvnet_ctrl_end(struct pvnet_ctrl *ctrl);

/**
 * pvnet_ctrl_is_usable() - whether requests may be sent
 * @ctrl: the ring
 *
 * Context: any. What it says may be over when it returns.
 * Return: true from pvnet_ctrl_start() on, unless the backend did not answer or lied.
 */
static inline bool pvnet_ctrl_is_usable(const struct pvnet_ctrl *ctrl)
{
	return READ_ONCE(ctrl->usable);
}

/**
 * pvnet_ctrl_ask() - send a request and wait for the answer
 * @net: the interface, in a session
 * @type: XEN_NETIF_CTRL_TYPE_*
 * @word: the first word that belongs to it
 * @data: set to the answer's, if there is one; may be NULL
 *
 * Context: process context; sleeps, until the session's deadline at most.
 * Return: 0; -EOPNOTSUPP, -EINVAL or -E2BIG as the backend answers; -ENOTCONN if no
 * request may be sent, -ETIMEDOUT for no answer and -EPROTO for a lie, both reported.
 */
int pvnet_ctrl_ask(struct pvnet *net, u16 type, u32 word, u32 *data);

/**
 * pvnet_ctrl_ask_with() - send a request that refers to data
 * @net: the interface, in a session
 * @type: XEN_NETIF_CTRL_TYPE_SET_HASH_KEY or _MAPPING
 * @arg: the data
 * @size: its bytes, PVNET_PAGE_SIZE at most
 * @nr: its elements, as the request counts them
 *
 * Context: as pvnet_ctrl_ask().
 * Return: as pvnet_ctrl_ask().
 */
int pvnet_ctrl_ask_with(struct pvnet *net, u16 type, const void *arg, size_t size, u32 nr);

#endif
