/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pending event channels of the FIFO ABI.
 *
 * Xen's rule: a word for each channel has its state and links it to the next. Each CPU has a
 * queue for each priority: Xen appends to it, and says in the control block where it begins when
 * it was empty. A channel is taken by clearing LINKED and the link at once; Xen appends to a
 * channel only while it sees LINKED.
 *
 * All of it is memory of the guest that Xen writes. PURE: words of memory, nothing else.
 */
#ifndef _XENSTORE_LITE_EVENTS_QUEUE_H
#define _XENSTORE_LITE_EVENTS_QUEUE_H

#include <linux/types.h>

#include <xen/interface/event_channel.h>

#define EVT_WORD_PENDING	(1U << EVTCHN_FIFO_PENDING)
#define EVT_WORD_MASKED		(1U << EVTCHN_FIFO_MASKED)
#define EVT_WORD_LINKED		(1U << EVTCHN_FIFO_LINKED)
#define EVT_WORD_BUSY		(1U << EVTCHN_FIFO_BUSY)

#define EVT_WORDS_PER_PAGE	(4096 / sizeof(event_word_t))
#define EVT_WORD_PAGES		(EVTCHN_FIFO_NR_CHANNELS / EVT_WORDS_PER_PAGE)

/**
 * struct evt_words - the words of all channels
 * @page: pages of them, in order
 * @pages: how many of these are there
 */
struct evt_words {
	event_word_t *page[EVT_WORD_PAGES];
	unsigned int pages;
};

/**
 * struct evt_queues - a CPU's own view of its queues
 * @ready: a bit for each priority whose queue may have something
 * @head: the first of each, or 0: look where Xen says it begins
 * @lost: how often Xen's memory said what can't be
 */
struct evt_queues {
	u32 ready;
	u32 head[EVTCHN_FIFO_MAX_QUEUES];
	unsigned int lost;
};

/**
 * evt_word() - the word of a channel
 * @words: all words
 * @port: the channel
 *
 * Return: the word, or NULL when there is none.
 */
static inline event_word_t *evt_word(const struct evt_words *words, u32 port)
{
	if (port / EVT_WORDS_PER_PAGE >= words->pages)
		return NULL;
	return &words->page[port / EVT_WORDS_PER_PAGE][port % EVT_WORDS_PER_PAGE];
}

void evt_word_set(event_word_t *word, u32 bits);
void evt_word_clear(event_word_t *word, u32 bits);
bool evt_word_unmask(event_word_t *word);
bool evt_word_claim(event_word_t *word);
u32 evt_queues_take(struct evt_queues *queues, struct evtchn_fifo_control_block *control,
		    const struct evt_words *words);

#endif
