/* SPDX-License-Identifier: GPL-2.0 */
/* The segments of a block request, each of which has a grant. */
#ifndef _PVBLK_SEGMENT_H
#define _PVBLK_SEGMENT_H

#include <linux/bio.h>
#include <linux/types.h>

#include "pvblk.h"

/*
 * Tells segments apart: bio_vecs that follow each other inside one page make
 * one segment, as they do in the block layer's count.
 */
struct pvblk_cursor {
	struct page *page;
	unsigned int end;
	int index;
};

#define PVBLK_CURSOR	((struct pvblk_cursor){ .index = -1 })

static inline bool pvblk_cursor_step(struct pvblk_cursor *c, const struct bio_vec *bv)
{
	bool same = c->index >= 0 && c->page == bv->bv_page &&
		    c->end == bv->bv_offset;

	c->page = bv->bv_page;
	c->end = bv->bv_offset + bv->bv_len;
	if (!same)
		c->index++;
	return !same;
}

/* The grant of segment @i. */
static inline struct pvblk_grant *pvblk_grant_of(const struct pvblk_request *r,
						 unsigned int i)
{
	return &r->q->pool.grants[r->grant[i]];
}

#endif
