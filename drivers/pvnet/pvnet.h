/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvnet: the network frontend. One struct pvnet per vif, with its net_device;
 * one struct pvnet_queue per pair of rings.
 *
 * Who may touch what:
 *  - the callbacks of pvfront (connect.c) build and tear down queues; they take
 *    RTNL to change what the stack sees;
 *  - between pvnet_serve() and pvnet_unserve() NAPI runs, and takes the responses
 *    of the transmit ring; between pvnet_start() and pvnet_halt(), which follow the
 *    interface up and down, the stack sends and NAPI receives as well. All four
 *    run under RTNL. A receive side belongs to its NAPI alone, a transmit side to
 *    whoever holds its netdev_queue's transmit lock.
 */
#ifndef _PVNET_H
#define _PVNET_H

#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>
#include <pv/front.h>

#include "coalesce.h"
#include "pace.h"
#include "rxring.h"
#include "small.h"
#include "stuck.h"
#include "txplan.h"
#include "txring.h"
#include "watch.h"

struct page_pool;

/* Largest packet, with its headers, that fits the 16-bit size of a request. */
#define PVNET_MAX_MTU	(XEN_NETIF_MAX_TX_SIZE - VLAN_ETH_HLEN)

/**
 * struct pvnet_tx_stats - what one transmit side did
 * @packets: packets handed to the backend
 * @bytes: their bytes
 * @gso_packets: how many of them the backend or what is behind it has to segment
 * @small: packets copied to where the backend may always read
 * @copied: packets copied to pages of their own before being granted
 * @merged: packets whose beginning was copied, to save a slot
 * @dropped: packets dropped here: no memory, no backend, too large
 * @errors: requests the backend answered with an error
 * @doorbells: events sent to the backend
 * @waited: packets the backend was told of later, together with others
 * @stopped: times the ring was full
 * @timeouts: times the watchdog found the ring stuck
 * @lost_events: how often responses were found that no event had come for
 * @lost_doorbells: how often the backend did not look at what it was told of
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
	u64 doorbells;
	u64 waited;
	u64 stopped;
	u64 timeouts;
	u64 lost_events;
	u64 lost_doorbells;
};

/**
 * struct pvnet_rx_stats - what one receive side did
 * @packets: packets handed to the stack
 * @bytes: their bytes
 * @gso_packets: how many of them were larger than the MTU
 * @copied: small packets copied out of their buffer, which was posted again
 * @dropped: packets dropped here: no memory
 * @errors: packets the backend failed to copy, and malformed ones
 * @no_pages: times no page was to be had for an empty buffer
 * @doorbells: events sent to the backend
 * @waited: packets no event was asked for, in the hope of more
 * @lost_events: how often packets were found that no event had come for
 * @gso_checksum_fixup: packets to be segmented that came with a full checksum
 */
struct pvnet_rx_stats {
	u64 packets;
	u64 bytes;
	u64 gso_packets;
	u64 copied;
	u64 dropped;
	u64 errors;
	u64 no_pages;
	u64 doorbells;
	u64 waited;
	u64 lost_events;
	u64 gso_checksum_fixup;
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
 * struct pvnet_rx_buf - a receive buffer; one per slot of the ring
 * @ref: grant reference of this slot, held while the queue is open
 * @page: page granted to the backend, NULL if there is none now
 */
struct pvnet_rx_buf {
	grant_ref_t ref;
	struct page *page;
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
 * @bell: the backend wants to be told of requests and was not yet
 * @waiting: packets since @bell was set
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
	bool bell;
	unsigned int waiting;
	struct pvnet_pace pace;
	struct u64_stats_sync sync;
	struct pvnet_tx_stats stats;
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
 * struct pvnet_backend - what the backend can do, from its directory
 * @rx_copy: it copies received packets into our buffers
 * @sg: it takes packets of several slots
 * @gso4: it takes TCPv4 packets to be segmented
 * @gso6: the same for TCPv6
 * @no_csum: it does not take packets without IPv4 transport checksum
 * @csum6: it takes packets without IPv6 transport checksum
 * @split: it can use one event channel for each direction
 * @max_queues: most queues it serves
 */
struct pvnet_backend {
	u64 rx_copy;
	u64 sg;
	u64 gso4;
	u64 gso6;
	u64 no_csum;
	u64 csum6;
	u64 split;
	u64 max_queues;
};

/**
 * struct pvnet_config - what the toolstack says of the interface for each connection
 * @trusted: the backend may see memory around the packets
 */
struct pvnet_config {
	u64 trusted;
};

/**
 * struct pvnet_settings - what it says once; the user's to change afterwards
 * @mtu: the MTU
 */
struct pvnet_settings {
	u64 mtu;
};

/* The tables of keys.def; see there. */
enum pvnet_keys { PVNET_KEYS_BACKEND, PVNET_KEYS_TOOLSTACK, PVNET_KEYS_INTERFACE };

/**
 * struct pvnet - one network interface
 * @front: the connection
 * @dev: the net_device whose private data this is
 * @backend: what the backend can do
 * @untrusted: the backend may see nothing but the packets themselves
 * @connected: the interface was connected before, so neighbours must be told
 * @live: between pvnet_serve() and pvnet_unserve(); changed under RTNL
 * @running: between pvnet_start() and pvnet_halt(); changed under RTNL
 * @tuning: what ethtool sets
 * @watch: looks for lost events while @live
 * @nr_queues: queues in use; changed only while not @live
 * @max_queues: queues there is memory for
 * @queue: all queues
 */
struct pvnet {
	struct pvfront front;
	struct net_device *dev;
	struct pvnet_backend backend;
	bool untrusted;
	bool connected;
	bool live;
	bool running;
	struct pvnet_tuning tuning;
	struct pvnet_watch watch;
	unsigned int nr_queues;
	unsigned int max_queues;
	struct pvnet_queue *queue;
};

/* keys.c */

/**
 * pvnet_read_keys() - read the keys of one table, each within its bounds
 * @net: the interface
 * @table: the table
 * @to: the structure that it fills; undefined on error
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported.
 */
int pvnet_read_keys(struct pvnet *net, enum pvnet_keys table, void *to);

/* connect.c */
extern const struct pvfront_ops pvnet_front_ops;

/* queue.c */
int pvnet_queue_open(struct pvnet_queue *q);
void pvnet_queue_close(struct pvnet_queue *q);
int pvnet_poll(struct napi_struct *napi, int budget);
void pvnet_serve(struct pvnet *net);
void pvnet_unserve(struct pvnet *net);
void pvnet_start(struct pvnet *net);
void pvnet_halt(struct pvnet *net);

static inline struct pvfront_event *pvnet_tx_event(struct pvnet_queue *q)
{
	return &q->event[PVNET_TX_EVENT];
}

static inline struct pvfront_event *pvnet_rx_event(struct pvnet_queue *q)
{
	return &q->event[q->net->backend.split ? PVNET_RX_EVENT : PVNET_TX_EVENT];
}

/* tx.c */
netdev_tx_t pvnet_xmit(struct sk_buff *skb, struct net_device *dev);
void pvnet_tx_ring_bell(struct pvnet_queue *q);

/* txdone.c */
void pvnet_tx_make_room(struct pvnet_queue *q, struct netdev_queue *txq);
void pvnet_tx_reap(struct pvnet_queue *q, int budget);
bool pvnet_tx_finish(struct pvnet_queue *q, bool last);
void pvnet_tx_wake(struct pvnet_queue *q);
void pvnet_tx_forgive(struct pvnet_queue *q);
void pvnet_tx_flush(struct pvnet_queue *q);
void pvnet_tx_timeout(struct net_device *dev, unsigned int index);

/* rx.c */
int pvnet_rx_poll(struct pvnet_queue *q, int budget);
bool pvnet_rx_fill(struct pvnet_queue *q, gfp_t gfp);
void pvnet_rx_flush(struct pvnet_queue *q);
void pvnet_rx_retry(struct timer_list *t);

/* netdev.c */
struct net_device *pvnet_netdev_create(struct xenbus_device *xdev,
				       unsigned int max_queues);
void pvnet_netdev_free(struct pvnet *net);
void pvnet_netdev_adopt(struct pvnet *net);

/* ethtool.c */
extern const struct ethtool_ops pvnet_ethtool_ops;

#endif
