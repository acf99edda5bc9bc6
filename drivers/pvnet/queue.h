/* SPDX-License-Identifier: GPL-2.0 */
/* A queue: a transmit and a receive ring, their events, and the NAPI that serves both. */
#ifndef _PVNET_QUEUE_H
#define _PVNET_QUEUE_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/types.h>
#include <pv/front.h>

#include "rx.h"
#include "stuck.h"
#include "tx.h"

struct pvnet;

/* Event channels of a queue; without the split feature the first serves both. */
enum { PVNET_TX_EVENT, PVNET_RX_EVENT, PVNET_NR_EVENTS };

/**
 * struct pvnet_queue - a transmit and a receive ring with one NAPI for both
 * @net: the interface
 * @index: the queue's number
 * @napi: reaps transmissions and receives
 * @event: event channels
 * @owed: bit per event channel: an event came whose EOI was not given yet
 * @eoi_tx: how far the transmit ring's responses were taken at the last EOI
 * @eoi_rx: the same of the receive ring; both are NAPI's
 * @polling: the CPU that runs @napi now, or -1
 * @tick: runs @napi when what was put off is due
 * @ticked: it did so, and no poll has ended since
 * @stuck: what the watch for lost events last saw
 * @warned: a lost event was put in the log, which is done once for a connection
 * @tx: transmit side
 * @rx: receive side
 */
struct pvnet_queue {
	struct pvnet *net;
	unsigned int index;
	struct napi_struct napi;
	struct pvfront_event event[PVNET_NR_EVENTS];
	unsigned long owed;
	RING_IDX eoi_tx;
	RING_IDX eoi_rx;
	int polling;
	struct hrtimer tick;
	bool ticked;
	struct pvnet_stuck stuck;
	bool warned;
	/* Apart from each other and from what the interrupt and NAPI write above. */
	struct pvnet_tx tx ____cacheline_aligned_in_smp;
	struct pvnet_rx rx ____cacheline_aligned_in_smp;
};

/**
 * pvnet_queues_open() - build the queues of a connection
 * @net: the interface, whose queues were never opened or are closed again
 * @nr: so many of them
 *
 * Where there is no room for all of them there are fewer, and @net->most_queues says so.
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported; pvnet_queue_close() of each is to follow either way.
 */
int pvnet_queues_open(struct pvnet *net, unsigned int nr);

/**
 * pvnet_queue_fill() - post receive buffers, and get memory for small packets
 * @q: a queue that is open
 *
 * The last step of an offer: what fails before has none of that memory to give up. What
 * there is no memory for comes later.
 *
 * Context: process context; sleeps. NAPI does not run yet.
 */
void pvnet_queue_fill(struct pvnet_queue *q);

/**
 * pvnet_queue_close() - take a queue apart, however far it was built
 * @q: a queue that pvnet_serve() has not served, or pvnet_unserve() serves no more
 *
 * Context: process context; sleeps.
 */
void pvnet_queue_close(struct pvnet_queue *q);

/**
 * pvnet_poll() - the NAPI of a queue
 * @napi: in a struct pvnet_queue
 * @budget: most packets to receive; 0 when netpoll only wants room to send
 *
 * Events are asked for and acknowledged before NAPI is left: one that comes in
 * between makes napi_complete_done() schedule the next poll. After a lie neither
 * is done, so that the backend gets no more of our time. While the interface is
 * down only the transmit ring is served, for the packets still on it.
 *
 * Context: softirq.
 * Return: packets received, or @budget to be called again.
 */
int pvnet_poll(struct napi_struct *napi, int budget);

/**
 * pvnet_serve() - have NAPI serve the rings from here on
 * @net: the interface, whose connection has come up
 *
 * Context: RTNL.
 */
void pvnet_serve(struct pvnet *net);

/**
 * pvnet_unserve() - undo pvnet_serve() and pvnet_start()
 * @net: the interface, whose connection ends
 *
 * Context: RTNL; sleeps. Nothing happens if the connection never came up.
 */
void pvnet_unserve(struct pvnet *net);

/**
 * pvnet_start() - let packets flow, if they can
 * @net: the interface
 *
 * Context: RTNL. Nothing happens while the interface is down or not connected.
 */
void pvnet_start(struct pvnet *net);

/**
 * pvnet_halt() - stop transmission and reception
 * @net: the interface
 *
 * The backend may still hold packets. NAPI goes on and frees them when they are
 * answered: a sender may wait for that.
 *
 * Context: RTNL; sleeps. When it returns the stack gets no more packets.
 */
void pvnet_halt(struct pvnet *net);

#endif
