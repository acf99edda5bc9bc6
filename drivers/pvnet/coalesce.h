/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is put off in the hope that more comes, and until when: the notification of the
 * backend for requests sent, and its interrupt for packets received. The next poll of the
 * queue's NAPI, which the queue's tick brings about, does what was put off at the latest.
 */
#ifndef _PVNET_COALESCE_H
#define _PVNET_COALESCE_H

#include <linux/types.h>

struct pvnet;
struct pvnet_queue;

/* Ranges and defaults of what ethtool sets; docs/parameters.md names them. */
#define PVNET_MAX_USECS			1000
#define PVNET_MAX_RX_FRAMES		128
#define PVNET_MAX_TX_FRAMES		64
#define PVNET_RX_COPYBREAK		256
#define PVNET_TX_SMALL			128

/**
 * struct pvnet_tuning - what may be tuned while packets flow
 * @rx_usecs: how long the interrupt for a packet may be put off; 0: it is not
 * @rx_frames: slots filled for which the interrupt comes sooner
 * @tx_usecs: how long the notification for a packet may be put off; 0: it is not
 * @tx_frames: packets for which the backend is notified sooner
 * @adaptive_rx: interrupts are put off only while packets follow each other closely
 * @adaptive_tx: notifications are put off only then
 * @rx_copybreak: packets received of up to so many bytes are copied
 * @tx_copybreak: packets sent of up to so many bytes are copied
 *
 * Written under RTNL, read with READ_ONCE() one by one.
 */
struct pvnet_tuning {
	u32 rx_usecs;
	u32 rx_frames;
	u32 tx_usecs;
	u32 tx_frames;
	bool adaptive_rx;
	bool adaptive_tx;
	u32 rx_copybreak;
	u32 tx_copybreak;
};

/**
 * pvnet_coalesce_init() - defaults, and timers not started
 * @net: an interface with its queues
 */
void pvnet_coalesce_init(struct pvnet *net);

/**
 * pvnet_coalesce_reset() - forget what was put off
 * @q: a queue whose NAPI and transmit path are stopped
 *
 * Context: process context; sleeps.
 */
void pvnet_coalesce_reset(struct pvnet_queue *q);

/**
 * pvnet_tick_start() - have the queue polled within a time
 * @q: the queue
 * @usecs: the time, unless it is to be polled sooner or by the longer time of the
 *	other direction anyway
 *
 * Context: BH disabled.
 */
void pvnet_tick_start(struct pvnet_queue *q, u32 usecs);

/**
 * pvnet_rx_arm() - ask for an event when packets have come
 * @q: the queue
 * @done: packets received by the poll that ends
 *
 * Context: NAPI.
 * Return: true if there are packets to receive already.
 */
bool pvnet_rx_arm(struct pvnet_queue *q, unsigned int done);

/**
 * pvnet_tx_may_wait() - whether the notification for a packet is put off
 * @q: the queue; the backend has asked for one
 *
 * Context: transmit lock held.
 * Return: true if so; the tick was started.
 */
bool pvnet_tx_may_wait(struct pvnet_queue *q);

#endif
