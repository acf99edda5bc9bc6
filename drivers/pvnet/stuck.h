/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tells an event that was lost from one that is only late. PURE: no locks, no clock, no
 * allocation.
 *
 * The user looks at a queue from time to time. What waits for an event at two looks in a
 * row, while nothing has moved in between, waits in vain.
 */
#ifndef _PVNET_STUCK_H
#define _PVNET_STUCK_H

#include <linux/bits.h>
#include <linux/types.h>
#include <xen/interface/xen.h>
#include <xen/interface/io/ring.h>

/* Which event was lost: of the transmit ring, of the receive ring, or to the backend. */
#define PVNET_LOST_TX		BIT(0)
#define PVNET_LOST_RX		BIT(1)
#define PVNET_LOST_NOTIFY	BIT(2)

/**
 * struct pvnet_look - a queue at one look
 * @tx_cons: responses taken from the transmit ring
 * @rx_cons: and from the receive ring
 * @tx_moves: of pvnet_txring_moves()
 * @waits: PVNET_LOST_* bits of what waits for an event now
 * @busy: something else is outstanding, for which an event will come
 */
struct pvnet_look {
	RING_IDX tx_cons;
	RING_IDX rx_cons;
	RING_IDX tx_moves;
	unsigned int waits;
	bool busy;
};

/**
 * struct pvnet_stuck - what the last look saw; all zero at first
 * @last: the look
 * @quiet: nothing was outstanding, and nothing had moved since the look before
 */
struct pvnet_stuck {
	struct pvnet_look last;
	bool quiet;
};

/**
 * pvnet_stuck_look() - compare a look with the one before
 * @s: the queue
 * @now: what it looks like; becomes the last look
 *
 * What was lost once is not reported again before it has waited for two more looks.
 *
 * Return: PVNET_LOST_* bits of the events that were lost.
 */
unsigned int pvnet_stuck_look(struct pvnet_stuck *s, const struct pvnet_look *now);

#endif
