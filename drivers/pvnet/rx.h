/* SPDX-License-Identifier: GPL-2.0 */
/* The receive side of a queue. */
#ifndef _PVNET_RX_H
#define _PVNET_RX_H

#include <linux/timer.h>
#include <linux/types.h>
#include <linux/u64_stats_sync.h>
#include <pv/front.h>

#include "pace.h"
#include "rxring.h"

struct page_pool;
struct pvnet_queue;

/**
 * struct pvnet_rx_stats - what one receive side did
 * @packets: packets handed to the stack
 * @bytes: their bytes
 * @gso_packets: how many of them were larger than the MTU
 * @copied: small packets copied out of their buffer, which was posted again
 * @dropped: packets dropped here: no memory
 * @errors: packets the backend failed to copy, and malformed ones
 * @no_pages: times no page was to be had for an empty buffer
 * @notifies: events sent to the backend
 * @waited: packets no event was asked for, in the hope of more
 * @lost_events: how often packets were found that no event had come for
 * @gso_checksum_fixup: packets to be segmented that came with a full checksum
 * @hashed: packets that came with a hash, and `rxhash` is on
 */
struct pvnet_rx_stats {
	u64 packets;
	u64 bytes;
	u64 gso_packets;
	u64 copied;
	u64 dropped;
	u64 errors;
	u64 no_pages;
	u64 notifies;
	u64 waited;
	u64 lost_events;
	u64 gso_checksum_fixup;
	u64 hashed;
};

/**
 * struct pvnet_rx_buf - a receive buffer; one per slot of the ring
 * @ref: grant reference of this slot, held while the queue is open
 * @page: page granted to the backend, NULL if there is none now
 */
struct pvnet_rx_buf {
	grant_ref_t ref;
	struct page *page;
};

/**
 * struct pvnet_rx - the receive side of a queue
 * @ring: indices
 * @pages: the shared page
 * @pool: where empty buffers come from
 * @buf: by slot
 * @gathering: the event asked for is not the next one; the tick ends it
 * @gathered: packets received since that began
 * @overlooked: the watch for lost events found packets; the next poll counts it
 * @pace: of the events
 * @retry: fires when there was no memory for buffers
 * @sync: makes @stats readable
 * @stats: counters, kept over reconnects
 */
struct pvnet_rx {
	struct pvnet_rxring ring;
	struct pvfront_pages pages;
	struct page_pool *pool;
	struct pvnet_rx_buf buf[PVNET_RX_ENTRIES];
	bool gathering;
	unsigned int gathered;
	bool overlooked;
	struct pvnet_pace pace;
	struct timer_list retry;
	struct u64_stats_sync sync;
	struct pvnet_rx_stats stats;
};

/**
 * pvnet_rx_poll() - receive packets
 * @q: the queue
 * @budget: most packets to take
 *
 * Context: NAPI.
 * Return: packets taken; less than @budget if no more are there.
 */
int pvnet_rx_poll(struct pvnet_queue *q, int budget);

/**
 * pvnet_rx_fill() - post buffers in all vacant slots
 * @q: the queue
 * @gfp: how to allocate them
 *
 * The interface works with fewer buffers than there are slots. What is missing for want
 * of memory is posted by later polls, which a timer brings about if it is so much that
 * the backend might get stuck.
 *
 * Context: BH disabled and NAPI; or before that is enabled, and then as @gfp says.
 * Return: false if the ring could not be filled.
 */
bool pvnet_rx_fill(struct pvnet_queue *q, gfp_t gfp);

/**
 * pvnet_rx_flush() - take all buffers back when the ring is given up
 * @q: a queue whose NAPI is stopped
 *
 * Context: process context.
 */
void pvnet_rx_flush(struct pvnet_queue *q);

/**
 * pvnet_rx_retry() - timer: memory may be there again
 * @t: the timer in a struct pvnet_rx
 *
 * Context: softirq.
 */
void pvnet_rx_retry(struct timer_list *t);

#endif
