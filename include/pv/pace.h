/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How soon, and how often, a connection may be set up anew. PURE.
 *
 * Each connection costs pages, grants and event channels, and what the backend keeps
 * mapped comes back late. So a backend that goes round its states gets a few
 * connections at once, then ever slower ones, then none. One that lasted starts the
 * count anew: an honest backend may be restarted as often as its host likes.
 *
 * Set-up that failed for want of memory, before the backend was shown anything, costs it
 * nothing and does not count: it is tried again for ever, ever slower.
 */
#ifndef _PV_PACE_H
#define _PV_PACE_H

#include <linux/types.h>

#define PVFRONT_PACE_FREE	5U	/* connections without a wait */
#define PVFRONT_PACE_MAX	40U	/* and in all, in about half an hour */
#define PVFRONT_PACE_FIRST_MS	1000U	/* the first wait; each is twice the one before */
#define PVFRONT_PACE_MOST_MS	64000U	/* the longest */
#define PVFRONT_PACE_FAILED_MS	250U	/* the first wait after set-up failed; grows likewise */
#define PVFRONT_PACE_LASTED_MS	60000U	/* a connection that lasted so long counts as good */
#define PVFRONT_PACE_NEVER	(~0U)

/**
 * struct pvfront_pace - connections of one device
 * @begun: connections that the backend was shown since one lasted
 * @failed: failures of set-up since one carried I/O
 */
struct pvfront_pace {
	unsigned int begun;
	unsigned int failed;
};

/**
 * pvfront_pace_wait() - how long to wait before the next connection
 * @p: the state
 *
 * Return: milliseconds from now, or PVFRONT_PACE_NEVER.
 */
unsigned int pvfront_pace_wait(const struct pvfront_pace *p);

/**
 * pvfront_pace_begin() - a connection is shown to the backend
 * @p: the state
 */
void pvfront_pace_begin(struct pvfront_pace *p);

/**
 * pvfront_pace_fail() - set-up of a connection has failed
 * @p: the state
 */
void pvfront_pace_fail(struct pvfront_pace *p);

/**
 * pvfront_pace_end() - a connection that carried I/O has ended
 * @p: the state
 * @ms: how long it did
 */
void pvfront_pace_end(struct pvfront_pace *p, u64 ms);

/**
 * pvfront_is_transient() - whether an error may go away by itself
 * @err: a negative errno of setting up a connection
 *
 * Return: true for shortage of memory, grants, event channels or room in the store,
 * and for a store that was busy or interrupted.
 */
bool pvfront_is_transient(int err);

#endif
