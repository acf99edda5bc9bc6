/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tells a stream of events, worth gathering, from single ones, which are not:
 * gathering delays what comes first. PURE: no locks, no clock, no allocation.
 *
 * Events that follow each other closely start it. From then on the user gathers
 * and says how many came together; when that was not worth its delay, gathering
 * ends and takes a longer run of events to start again. So a request and response
 * game, as fast as it may be, is delayed once in a long while only.
 */
#ifndef _PVNET_PACE_H
#define _PVNET_PACE_H

#include <linux/types.h>

/* Events in close succession that start gathering, at least and at most. */
#define PVNET_PACE_RUN_MIN	4
#define PVNET_PACE_RUN_MAX	4096

/* So many together are worth it: a timer costs about what an event does. */
#define PVNET_PACE_WORTH	3

/**
 * struct pvnet_pace - what is known of the events of one direction
 * @last: when the last one came, in ns of any clock
 * @run: events that came soon after the one before
 * @need: so many in a row start gathering
 * @gather: whether to gather
 */
struct pvnet_pace {
	u64 last;
	unsigned int run;
	unsigned int need;
	bool gather;
};

/**
 * pvnet_pace_init() - forget all
 * @p: any memory
 */
void pvnet_pace_init(struct pvnet_pace *p);

/**
 * pvnet_pace_event() - an event came by itself
 * @p: the pace
 * @now: the time
 * @soon: ns within which it belongs to the run of the one before
 */
void pvnet_pace_event(struct pvnet_pace *p, u64 now, u64 soon);

/**
 * pvnet_pace_gathered() - the time for gathering is over
 * @p: the pace
 * @n: how many came together
 */
void pvnet_pace_gathered(struct pvnet_pace *p, unsigned int n);

#endif
