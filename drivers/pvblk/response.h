/* SPDX-License-Identifier: GPL-2.0 */
/* How requests end: what brings us to the ring, and what is done where. */
#ifndef _PVBLK_RESPONSE_H
#define _PVBLK_RESPONSE_H

#include <linux/interrupt.h>
#include <linux/types.h>

struct blk_mq_hw_ctx;
struct io_comp_batch;
struct pvblk_queue;
struct request;

/**
 * pvblk_complete() - end a request, or issue the rest of it
 * @rq: a request whose response was taken
 *
 * Context: softirq or process context: data may have to be copied.
 */
void pvblk_complete(struct request *rq);

/**
 * pvblk_interrupt() - handler of a queue's event
 * @irq: its interrupt
 * @cookie: the queue
 *
 * Handles a bounded number of responses and copies nothing: pvblk_later() does the rest.
 *
 * Return: IRQ_HANDLED.
 */
irqreturn_t pvblk_interrupt(int irq, void *cookie);

/**
 * pvblk_later() - a queue's tasklet: what is too much for an interrupt
 * @t: of the queue
 */
void pvblk_later(struct tasklet_struct *t);

/**
 * pvblk_poll() - blk-mq's ->poll: take the responses of a polled ring
 * @hctx: the hardware queue of a request that is waited for
 * @iob: requests that have ended, for the caller to complete together
 *
 * Context: process context; also while the queue is quiesced, and without rings.
 * Return: how many responses were taken. None if the connection has no polled
 * ring: events bring them then.
 */
int pvblk_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob);

/**
 * pvblk_queue_reap() - take responses outside of an interrupt
 * @q: the queue
 * @late: the timer came before the event that was asked for
 *
 * Context: softirq or process context; takes @q->lock.
 * Return: how many there were, or -EPROTO after a lie.
 */
int pvblk_queue_reap(struct pvblk_queue *q, bool late);

/**
 * pvblk_queue_look() - take responses that no event or poller has come for
 * @q: the queue
 *
 * Context: process context; takes @q->lock.
 * Return: true if there were any whose event was lost.
 */
bool pvblk_queue_look(struct pvblk_queue *q);

#endif
