/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Looks once a second for events that got lost, while there is something that one could
 * be missed for: packets in flight, a full ring, requests that the backend has not looked
 * at, traffic within the last second. After that the watch is parked: its timer does not
 * wake an idle CPU, and whoever sends or receives a packet ends that.
 *
 * While the interface is down it looks more often, as long as packets are in flight, so
 * that they are freed soon after they were answered.
 */
#ifndef _PVNET_WATCH_H
#define _PVNET_WATCH_H

#include <linux/timer.h>
#include <linux/types.h>

struct pvnet;

/**
 * struct pvnet_watch - the watch over an interface
 * @timer: the next look while it is not @parked
 * @parked_timer: the next look while it is; deferrable
 * @parked: nothing was outstanding at the last look
 */
struct pvnet_watch {
	struct timer_list timer;
	struct timer_list parked_timer;
	bool parked;
};

/**
 * pvnet_watch_init() - prepare a watch that does not run
 * @net: the interface
 */
void pvnet_watch_init(struct pvnet *net);

/**
 * pvnet_watch_start() - look at the queues from now on
 * @net: an interface whose connection has come up
 */
void pvnet_watch_start(struct pvnet *net);

/**
 * pvnet_watch_stop() - end the watch
 * @net: an interface that is not live any more, whose NAPI and transmit path are stopped
 *
 * Context: process context; sleeps.
 */
void pvnet_watch_stop(struct pvnet *net);

/**
 * pvnet_watch_change() - look soon, as the interface has gone up or down
 * @net: a live interface
 */
void pvnet_watch_change(struct pvnet *net);

/**
 * pvnet_watch_wake() - end the parking of a watch
 * @net: the interface
 *
 * Context: any in which the interface is live. To be called where pvnet_watch_is_parked()
 * after requests were published or responses taken.
 */
void pvnet_watch_wake(struct pvnet *net);

static inline bool pvnet_watch_is_parked(const struct pvnet_watch *w)
{
	return READ_ONCE(w->parked);
}

#endif
