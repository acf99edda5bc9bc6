// SPDX-License-Identifier: GPL-2.0
/* Pending event channels of the FIFO ABI are taken off their queues. PURE. */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <asm/barrier.h>

#include "queue.h"

/* How often Xen may be in the middle of a change. It is there for some instructions each time. */
#define EVT_BUSY_TRIES	10000

/**
 * evt_word_set() - set bits of a word
 * @word: the word
 * @bits: the bits
 */
void evt_word_set(event_word_t *word, u32 bits)
{
	event_word_t old;

	do
		old = READ_ONCE(*word);
	while (sync_cmpxchg(word, old, old | bits) != old);
}

/**
 * evt_word_clear() - clear bits of a word
 * @word: the word
 * @bits: the bits
 */
void evt_word_clear(event_word_t *word, u32 bits)
{
	event_word_t old;

	do {
		old = READ_ONCE(*word);
		if (!(old & bits))
			return;
	} while (sync_cmpxchg(word, old, old & ~bits) != old);
}

/**
 * evt_word_unmask() - unmask a channel that is not pending
 * @word: its word
 *
 * Xen marks a word as busy while it decides by MASKED whether to link the channel.
 *
 * Return: true when the channel is not masked, false when it is pending or Xen is busy: then only
 * Xen can unmask it, and link it.
 */
bool evt_word_unmask(event_word_t *word)
{
	unsigned int tries;

	for (tries = 0; tries < EVT_BUSY_TRIES; tries++) {
		event_word_t old = READ_ONCE(*word);

		if (!(old & EVT_WORD_MASKED))
			return true;
		if (old & EVT_WORD_PENDING)
			return false;
		if (old & EVT_WORD_BUSY)
			continue;
		if (sync_cmpxchg(word, old, old & ~EVT_WORD_MASKED) == old)
			return true;
	}
	return false;
}

/**
 * evt_word_claim() - become who deals with an event
 * @word: the word of its channel, which was taken off a queue
 *
 * A channel that moves between being taken and being dealt with is linked to another CPU's queue
 * as long as it is pending, so that two CPUs may have it. A full barrier, when it is true.
 *
 * Return: true when it was due, and is not pending any more.
 */
bool evt_word_claim(event_word_t *word)
{
	event_word_t old;

	do {
		old = READ_ONCE(*word);
		if ((old & (EVT_WORD_PENDING | EVT_WORD_MASKED)) != EVT_WORD_PENDING)
			return false;
	} while (sync_cmpxchg(word, old, old & ~EVT_WORD_PENDING) != old);
	return true;
}

/* Off its queue; the next on it, or 0. */
static u32 evt_word_unlink(event_word_t *word)
{
	event_word_t old;

	do
		old = READ_ONCE(*word);
	while (sync_cmpxchg(word, old, old & ~(EVT_WORD_LINKED | EVTCHN_FIFO_LINK_MASK)) != old);
	return old & EVTCHN_FIFO_LINK_MASK;
}

/**
 * evt_queues_take() - take the next channel, of the most urgent queue
 * @queues: the CPU's view of its queues
 * @control: what Xen says of them
 * @words: the words of all channels
 *
 * Return: the channel, which may be masked or not pending any more, or 0 when there is none.
 */
u32 evt_queues_take(struct evt_queues *queues, struct evtchn_fifo_control_block *control,
		    const struct evt_words *words)
{
	/* A full barrier: what Xen has linked before it said so is seen. */
	queues->ready |= xchg(&control->ready, 0);

	while (queues->ready & ((1U << EVTCHN_FIFO_MAX_QUEUES) - 1)) {
		unsigned int priority = __builtin_ctz(queues->ready);
		u32 *head = &queues->head[priority];
		u32 port = *head ?: READ_ONCE(control->head[priority]);
		event_word_t *word = evt_word(words, port);

		if (!word || !port) {
			/* Xen says that there is something, and not what. */
			queues->lost++;
			*head = 0;
			queues->ready &= ~(1U << priority);
			continue;
		}
		*head = evt_word_unlink(word);
		/* What Xen appends from now on begins the queue anew, and Xen says so. */
		if (!*head)
			queues->ready &= ~(1U << priority);
		return port;
	}
	queues->ready = 0;
	return 0;
}
