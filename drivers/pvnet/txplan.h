/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a packet is cut into slots: granted where it lies, page by page, or copied
 * to pages of its own: its beginning if it is a slot too long otherwise, all of
 * it if that does not do or the backend is not trusted.
 */
#ifndef _PVNET_TXPLAN_H
#define _PVNET_TXPLAN_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>

#include "txring.h"

struct page;
struct pvnet;

/**
 * struct pvnet_txplan - a packet in pieces that each lie in one page
 * @nr: number of pieces, 1 to PVNET_MAX_SLOTS
 * @own: so many pieces from the first on are copies in pages that were allocated
 *	for them and are the plan's user's to free
 * @page: the page of each piece
 * @slot: offset and size of each piece; id and grant are still to be filled in
 */
struct pvnet_txplan {
	unsigned int nr;
	unsigned int own;
	struct page *page[PVNET_MAX_SLOTS];
	struct pvnet_tx_slot slot[PVNET_MAX_SLOTS];
};

/**
 * struct pvnet_tx_cb - lives in skb->cb while any slot of the packet is in flight
 * @slots: how many are
 * @failed: the backend answered one with an error
 */
struct pvnet_tx_cb {
	unsigned int slots;
	bool failed;
};

static inline struct pvnet_tx_cb *pvnet_tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct pvnet_tx_cb) > sizeof(skb->cb));
	return (struct pvnet_tx_cb *)skb->cb;
}

/**
 * pvnet_txplan_make() - cut a packet into slots
 * @plan: to be filled
 * @net: the interface
 * @skb: the packet; not changed
 *
 * Context: any; allocates with GFP_ATOMIC.
 * Return: false if the packet cannot be sent: its size is out of bounds or there
 * is no memory for a copy.
 */
bool pvnet_txplan_make(struct pvnet_txplan *plan, const struct pvnet *net,
		       struct sk_buff *skb);

#endif
