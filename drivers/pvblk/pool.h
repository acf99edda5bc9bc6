/* SPDX-License-Identifier: GPL-2.0 */
/* The grants of one ring, and the pages they may carry. The caller serialises. */
#ifndef _PVBLK_POOL_H
#define _PVBLK_POOL_H

#include <linux/types.h>
#include <xen/grant_table.h>

struct page;

/**
 * struct pvblk_grant - one grant reference and the page it may carry
 * @ref: the reference, claimed for the pool's life
 * @page: a page of ours to copy through, or NULL
 * @granted: the backend has access (persistent grants: from then on)
 */
struct pvblk_grant {
	grant_ref_t ref;
	struct page *page;
	bool granted;
};

/**
 * struct pvblk_pool - the grants of one ring; a stack, so that what was used
 *	last, and has a page, is used next
 * @grants: all of them
 * @own: the first so many never are on the stack: grant N is the first of
 *	the request with tag N, which takes no lock for it
 * @free: indices of those on the stack that are not in use
 * @nr: number of all
 * @nr_free: number of free ones on the stack
 */
struct pvblk_pool {
	struct pvblk_grant *grants;
	u16 *free;
	unsigned int own;
	unsigned int nr;
	unsigned int nr_free;
};

/**
 * pvblk_pool_open() - claim grants
 * @p: zeroed
 * @want: how many would be good, @own included
 * @need: how many it takes to work at all
 * @pages: give so many of them, at most @need, a page, so that I/O goes on
 *	without memory
 * @own: so many tags are to have a grant of their own; none has if there are fewer
 *	grants than wanted
 *
 * Return: 0 or -errno.
 */
int pvblk_pool_open(struct pvblk_pool *p, unsigned int want, unsigned int need,
		    unsigned int pages, unsigned int own);

/**
 * pvblk_pool_close() - give grants and pages back
 * @p: any, with nothing in use
 *
 * A page that the backend still maps is freed when it lets go.
 */
void pvblk_pool_close(struct pvblk_pool *p);

/**
 * pvblk_pool_take() - get grants of the stack
 * @p: the pool
 * @nr: how many
 * @to: their indices
 *
 * Return: false if there are fewer; nothing was taken then.
 */
bool pvblk_pool_take(struct pvblk_pool *p, unsigned int nr, u16 *to);

/**
 * pvblk_pool_put() - bring grants back
 * @p: the pool
 * @nr: how many
 * @from: their indices
 */
void pvblk_pool_put(struct pvblk_pool *p, unsigned int nr, const u16 *from);

#endif
