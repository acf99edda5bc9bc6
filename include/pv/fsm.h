/* SPDX-License-Identifier: GPL-2.0 */
/* The connection's state machine: backend's state and our phase to an action. PURE. */
#ifndef _PV_FSM_H
#define _PV_FSM_H

#include <linux/types.h>
#include <xen/interface/io/xenbus.h>

/**
 * enum pvfront_phase - how far a frontend has got with its backend
 * @PVFRONT_IDLE: state Initialising is written, nothing is shared yet
 * @PVFRONT_OFFERED: rings are granted and their keys published
 * @PVFRONT_LIVE: the backend has mapped the rings; I/O flows
 * @PVFRONT_CLOSED: nothing is shared any more; state Closed is written
 * @PVFRONT_PAUSED: the same, and Initialising is to be written when the pace allows
 *	another connection (<pv/pace.h>)
 * @PVFRONT_DISABLED: the backend lied, or went round its states too often: nothing
 *	that it says counts any more. Ends when the device is unbound or the guest is
 *	restored elsewhere
 *
 * Finer than the xenbus state on purpose: pvnet writes Connected already when
 * it offers its rings, so the written state cannot tell OFFERED from LIVE.
 */
enum pvfront_phase {
	PVFRONT_IDLE,
	PVFRONT_OFFERED,
	PVFRONT_LIVE,
	PVFRONT_CLOSED,
	PVFRONT_PAUSED,
	PVFRONT_DISABLED,
};

/**
 * enum pvfront_action - what a frontend does about its backend's state
 * @PVFRONT_DO_NOTHING: the state asks nothing of us
 * @PVFRONT_DO_NUDGE: write Initialising again: a backend that was Closed when
 *	we first wrote it only leaves Closed on that write
 * @PVFRONT_DO_OFFER: negotiate, set up rings, publish
 * @PVFRONT_DO_CONNECT: the backend is up: go live
 * @PVFRONT_DO_REFRESH: the backend announced Connected again: properties (a
 *	disk's size) may have changed
 * @PVFRONT_DO_RESET: the backend still serves an earlier driver of this device
 *	and ignores what we would offer: write Closed, and Initialising once it
 *	has followed
 * @PVFRONT_DO_YIELD: the backend ends an earlier connection, which is to be
 *	waited for, or it is being removed, and then so are we
 * @PVFRONT_DO_CLOSE: wind down while the backend still answers
 * @PVFRONT_DO_DROP: the backend is gone; nothing in flight will be answered
 * @PVFRONT_DO_RESTART: the backend starts anew: drop what is shared and have it
 *	close, then as AGAIN
 * @PVFRONT_DO_AGAIN: write Initialising once the pace allows another connection
 */
enum pvfront_action {
	PVFRONT_DO_NOTHING,
	PVFRONT_DO_NUDGE,
	PVFRONT_DO_OFFER,
	PVFRONT_DO_CONNECT,
	PVFRONT_DO_REFRESH,
	PVFRONT_DO_RESET,
	PVFRONT_DO_YIELD,
	PVFRONT_DO_CLOSE,
	PVFRONT_DO_DROP,
	PVFRONT_DO_RESTART,
	PVFRONT_DO_AGAIN,
};

/**
 * pvfront_next() - the connection state machine, as a function
 * @phase: where the frontend is
 * @peer: the backend's state key, not trusted; any int is fine
 *
 * Context: any.
 * Return: the action to take.
 */
enum pvfront_action pvfront_next(enum pvfront_phase phase,
				 enum xenbus_state peer);

/**
 * pvfront_phase_name() - a phase for people
 * @phase: any value
 *
 * Return: a constant string.
 */
const char *pvfront_phase_name(enum pvfront_phase phase);

/**
 * pvfront_action_name() - an action for people
 * @action: any value
 *
 * Return: a constant string.
 */
const char *pvfront_action_name(enum pvfront_action action);

#endif
