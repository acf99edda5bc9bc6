/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many responses the next event may wait for. PURE.
 *
 * An event at every response costs more than the response. With many requests
 * in flight the backend is asked to send one only when a share of them is
 * answered, and a timer looks for those that wait too long. A timer that comes
 * first says that the backend is too slow for that: then every response has its
 * event again for a while, the longer the more often it happens.
 */
#ifndef _PVBLK_COALESCE_H
#define _PVBLK_COALESCE_H

#include <linux/types.h>

/* An event waits for one of so many parts of what is in flight. */
#define PVBLK_COALESCE_SHARE	4U

/* Turns without waiting after the timer came first, at first and at most. */
#define PVBLK_COALESCE_HOLD_MIN	16U
#define PVBLK_COALESCE_HOLD_MAX	1024U

/**
 * struct pvblk_coalesce - state of one ring
 * @wait: responses that the event asked for last waits for
 * @hold: turns left in which an event waits for one response only
 * @backoff: @hold when the timer comes first the next time
 */
struct pvblk_coalesce {
	unsigned int wait;
	unsigned int hold;
	unsigned int backoff;
};

/**
 * pvblk_coalesce_init() - start with an event at every response
 * @c: the state
 */
void pvblk_coalesce_init(struct pvblk_coalesce *c);

/**
 * pvblk_coalesce_next() - choose how many responses the next event waits for
 * @c: the state
 * @in_flight: requests without a response
 * @most: responses that an event may wait for, at least 1
 * @late: the timer came before the event that was asked for
 *
 * Return: 1 to @most, and never more than @in_flight unless that is 0.
 */
unsigned int pvblk_coalesce_next(struct pvblk_coalesce *c,
				 unsigned int in_flight, unsigned int most,
				 bool late);

#endif
