/* SPDX-License-Identifier: GPL-2.0 */
/* The transmit side of a queue: sending, and what becomes of what was sent. */
#ifndef _PVNET_TX_H
#define _PVNET_TX_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <pv/front.h>

#include "pace.h"
#include "small.h"
#include "txplan.h"
#include "txring.h"

struct pvnet_queue;

/**
 * struct pvnet_tx_stats - what one transmit side did
 * @packets: packets handed to the backend
 * @bytes: their bytes
 * @gso_packets: how many of them the backend or what is behind it has to segment
 * @small: packets copied to where the backend may always read
 * @copied: packets copied to pages of their own before being granted
 * @merged: packets whose beginning was copied, to save a slot
 * @dropped: packets dropped here: no memory, no backend, too large
 * @errors: packets the backend answered with an error
 * @notifies: events sent to the backend
 * @waited: packets the backend was told of later, together with others
 * @stopped: times the ring was full
 * @timeouts: times the watchdog found the ring stuck
 * @lost_events: how often responses were found that no event had come for
 * @lost_notifies: how often the backend was notified and did not look
 */
struct pvnet_tx_stats {
	u64 packets;
	u64 bytes;
	u64 gso_packets;
	u64 small;
	u64 copied;
	u64 merged;
	u64 dropped;
	u64 errors;
	u64 notifies;
	u64 waited;
	u64 stopped;
	u64 timeouts;
	u64 lost_events;
	u64 lost_notifies;
};

/**
 * struct pvnet_tx_buf - what a request in flight refers to; one per id
 * @ref: grant reference of this id, held while the queue is open
 * @page: page granted; NULL while the id is not in flight, and for a small packet
 * @skb: the packet, shared by all its ids and freed with the last one
 * @own: @page was allocated for this request
 */
struct pvnet_tx_buf {
	grant_ref_t ref;
	struct page *page;
	struct sk_buff *skb;
	bool own;
};

/**
 * struct pvnet_tx - the transmit side of a queue
 * @ring: indices and ids
 * @pages: the shared page
 * @small: to which small packets are copied
 * @plan: of the packet that is being sent, here and not on the stack, where kernels
 *	zero all of it for each packet
 * @buf: by id
 * @held: packets in flight that were not copied, and wait to be freed
 * @to_notify: the backend has asked for a notification, which was put off
 * @waiting: packets since @to_notify was set
 * @pace: of what the backend is told
 * @sync: makes @stats readable
 * @stats: counters, kept over reconnects
 */
struct pvnet_tx {
	struct pvnet_txring ring;
	struct pvfront_pages pages;
	struct pvnet_small small;
	struct pvnet_txplan plan;
	struct pvnet_tx_buf buf[PVNET_TX_ENTRIES];
	unsigned int held;
	bool to_notify;
	unsigned int waiting;
	struct pvnet_pace pace;
	struct u64_stats_sync sync;
	struct pvnet_tx_stats stats;
};

/* tx.c */

/**
 * pvnet_xmit() - ndo_start_xmit
 * @skb: the packet
 * @dev: the interface
 *
 * Context: transmit lock held, BH disabled.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the queue should not have been
 * running.
 */
netdev_tx_t pvnet_xmit(struct sk_buff *skb, struct net_device *dev);

/**
 * pvnet_tx_notify_now() - notify the backend of what was to wait for the end of a poll
 * @q: the queue
 *
 * Context: NAPI, transmit lock held.
 */
void pvnet_tx_notify_now(struct pvnet_queue *q);

/* txdone.c */

/**
 * pvnet_tx_make_room() - take responses because the ring is filling up
 * @q: the queue
 * @txq: its transmit side in the stack
 *
 * Context: transmit lock held.
 */
void pvnet_tx_make_room(struct pvnet_queue *q, struct netdev_queue *txq);

/**
 * pvnet_tx_reap() - take responses and free their packets, if anybody waits for it
 * @q: the queue
 * @budget: of the NAPI poll; 0 when netpoll calls
 *
 * The transmit lock is held for TX_REAP_BATCH responses at a time, and not while packets
 * are freed: others send meanwhile. Bounded by the size of the ring.
 *
 * Context: NAPI.
 */
void pvnet_tx_reap(struct pvnet_queue *q, int budget);

/**
 * pvnet_tx_finish() - end a poll: notify the backend, and ask for an event, as needed
 * @q: the queue
 * @last: NAPI is left if there is nothing more to do, so an event has to bring it back
 *
 * Context: NAPI.
 * Return: true if there are responses to reap already.
 */
bool pvnet_tx_finish(struct pvnet_queue *q, bool last);

/**
 * pvnet_tx_wake() - let the stack send when the interface comes up
 * @q: a queue that is served
 *
 * A ring that is full stays stopped: its NAPI wakes it when there is room.
 *
 * Context: RTNL.
 */
void pvnet_tx_wake(struct pvnet_queue *q);

/**
 * pvnet_tx_flush() - release all that is in flight when the ring is given up
 * @q: a queue whose NAPI and transmit path are stopped
 *
 * Context: process context.
 */
void pvnet_tx_flush(struct pvnet_queue *q);

/**
 * pvnet_tx_timeout() - ndo_tx_timeout: a full ring has not moved for long
 * @dev: the interface
 * @index: the queue
 *
 * If there are responses, polling takes them: their event was lost, or was to come with
 * more of them. If not, all there is to do is to remind the backend.
 *
 * Context: the watchdog's timer, transmit paths frozen.
 */
void pvnet_tx_timeout(struct net_device *dev, unsigned int index);

#endif
