/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that small packets are copied to, and that the backend may read for as long as
 * the queue is open: no grant is made or taken back for such a packet. Each request id
 * has PVNET_TX_SMALL bytes.
 *
 * A page for which there was no memory or no grant reference is tried again whenever one
 * of its ids is to carry a small packet, which is sent like a large one until then.
 */
#ifndef _PVNET_SMALL_H
#define _PVNET_SMALL_H

#include <linux/gfp.h>
#include <linux/types.h>
#include <xen/interface/grant_table.h>

#include "coalesce.h"
#include "wire.h"

struct pvfront;

#define PVNET_SMALL_PER_PAGE	(PVNET_PAGE_SIZE / PVNET_TX_SMALL)
#define PVNET_SMALL_PAGES	(PVNET_TX_ENTRIES / PVNET_SMALL_PER_PAGE)

/**
 * struct pvnet_small_page - where PVNET_SMALL_PER_PAGE ids have their small packets
 * @va: the page, or NULL while there is none
 * @ref: its grant
 */
struct pvnet_small_page {
	void *va;
	grant_ref_t ref;
};

/**
 * struct pvnet_small - the small packets of a transmit ring; all zero at first
 * @page: by id
 */
struct pvnet_small {
	struct pvnet_small_page page[PVNET_SMALL_PAGES];
};

/**
 * pvnet_small_open() - allocate and grant the page of an id
 * @f: the connection
 * @s: where it has no page yet
 * @id: the id
 * @gfp: how to allocate it
 *
 * Context: as @gfp says.
 * Return: false if there is no memory or no grant reference now.
 */
bool pvnet_small_open(struct pvfront *f, struct pvnet_small *s, u16 id, gfp_t gfp);

/**
 * pvnet_small_close() - take all pages back
 * @f: the connection
 * @s: any
 *
 * Context: process context.
 */
void pvnet_small_close(struct pvfront *f, struct pvnet_small *s);

/**
 * pvnet_small_of() - the page of an id
 * @s: the memory
 * @id: the id
 *
 * Return: it; its @va may be NULL.
 */
static inline struct pvnet_small_page *pvnet_small_of(struct pvnet_small *s, u16 id)
{
	return &s->page[id / PVNET_SMALL_PER_PAGE];
}

/**
 * pvnet_small_offset() - where in its page an id has its bytes
 * @id: the id
 *
 * Return: the offset.
 */
static inline unsigned int pvnet_small_offset(u16 id)
{
	return id % PVNET_SMALL_PER_PAGE * PVNET_TX_SMALL;
}

#endif
