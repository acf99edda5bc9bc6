/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a packet is cut into slots: granted where it lies, page by page, or, when
 * that would take too many slots or the backend is not trusted, copied to pages
 * of its own.
 */
#ifndef _PVNET_TXPLAN_H
#define _PVNET_TXPLAN_H

#include "txring.h"

struct page;
struct pvnet;
struct sk_buff;

/**
 * struct pvnet_txplan - a packet in pieces that each lie in one page
 * @nr: number of pieces, 1 to PVNET_MAX_SLOTS
 * @own: the pages were allocated for the plan and are its user's to free
 * @page: the page of each piece
 * @slot: offset and size of each piece; id and grant are still to be filled in
 */
struct pvnet_txplan {
	unsigned int nr;
	bool own;
	struct page *page[PVNET_MAX_SLOTS];
	struct pvnet_tx_slot slot[PVNET_MAX_SLOTS];
};

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
