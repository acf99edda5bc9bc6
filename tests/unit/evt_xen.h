/* SPDX-License-Identifier: GPL-2.0 */
/* Xen's side of the FIFO ABI of event channels, as its public header describes it. */
#ifndef _TESTS_UNIT_EVT_XEN_H
#define _TESTS_UNIT_EVT_XEN_H

#include <linux/kernel.h>
#include <linux/string.h>

#include "xenstore-lite/events/queue.h"

#define EVT_XEN_PAGES	2
#define EVT_XEN_PORTS	(EVT_XEN_PAGES * 1024)

/**
 * struct evt_xen - a host and the memory that a guest has given it
 * @memory: the words
 * @words: the same, as the guest knows them
 * @control: the control block
 * @tail: the last of each queue, or 0
 * @queues: the guest's view
 */
struct evt_xen {
	event_word_t memory[EVT_XEN_PAGES][1024];
	struct evt_words words;
	struct evtchn_fifo_control_block control;
	u32 tail[EVTCHN_FIFO_MAX_QUEUES];
	struct evt_queues queues;
};

static inline void evt_xen_start(struct evt_xen *xen)
{
	int i;

	memset(xen, 0, sizeof(*xen));
	for (i = 0; i < EVT_XEN_PAGES; i++)
		xen->words.page[i] = xen->memory[i];
	xen->words.pages = EVT_XEN_PAGES;
}

static inline event_word_t *evt_xen_word(struct evt_xen *xen, u32 port)
{
	return &xen->memory[port / 1024][port % 1024];
}

/*
 * To the last of the queue, while the guest has not taken that; else the queue begins here. When
 * the last was this one the guest has taken it.
 */
static inline void evt_xen_link(struct evt_xen *xen, u32 port, unsigned int priority)
{
	event_word_t *tail = evt_xen_word(xen, xen->tail[priority]);

	*evt_xen_word(xen, port) |= EVT_WORD_LINKED;
	if (xen->tail[priority] && xen->tail[priority] != port && *tail & EVT_WORD_LINKED) {
		*tail = (*tail & ~EVTCHN_FIFO_LINK_MASK) | port;
	} else {
		xen->control.head[priority] = port;
		xen->control.ready |= 1U << priority;
	}
	xen->tail[priority] = port;
}

static inline void evt_xen_set_pending(struct evt_xen *xen, u32 port, unsigned int priority)
{
	event_word_t *word = evt_xen_word(xen, port);

	*word |= EVT_WORD_PENDING;
	if (!(*word & (EVT_WORD_MASKED | EVT_WORD_LINKED)))
		evt_xen_link(xen, port, priority);
}

static inline void evt_xen_unmask(struct evt_xen *xen, u32 port, unsigned int priority)
{
	*evt_xen_word(xen, port) &= ~EVT_WORD_MASKED;
	if (*evt_xen_word(xen, port) & EVT_WORD_PENDING)
		evt_xen_set_pending(xen, port, priority);
}

static inline u32 evt_xen_take(struct evt_xen *xen)
{
	return evt_queues_take(&xen->queues, &xen->control, &xen->words);
}

#endif
