/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The grants of one ring, and the pages that they may carry: claimed when first needed,
 * given back when not needed for a while. A reserve is kept as long as the pool is open,
 * enough for one request without indirect segments, so that I/O goes on without memory
 * and when other devices have all grants.
 *
 * Grants are shared by all devices of the guest, so beyond their reserves all pools
 * together take no more than half the table.
 */
#ifndef _PVBLK_POOL_H
#define _PVBLK_POOL_H

#include <linux/types.h>
#include <xen/grant_table.h>

#include <pv/grant.h>

/* Grants that are taken out of a pool under one hold of the lock. */
#define PVBLK_POOL_TURN	32U

struct page;
struct pvfront;

/**
 * struct pvblk_grant - one grant reference and the page it may carry
 * @ref: the reference, or INVALID_GRANT_REF while none is claimed
 * @page: a page of ours to copy through, or NULL
 * @granted: the backend has access (persistent grants: from then on)
 */
struct pvblk_grant {
	grant_ref_t ref;
	struct page *page;
	bool granted;
};

/**
 * struct pvblk_pool - the grants of one ring
 * @front: the connection
 * @to: who the pages are granted to
 * @pages: a grant is of use only with a page of ours
 * @grants: all of them
 * @own: the first so many are never on a stack: grant N is the first of the request
 *	with tag N, which takes no lock for it
 * @own_off: none of these may be used now
 * @free: two stacks that grow towards each other: from the start the indices of what
 *	is ready and not in use, what was used last on top; from the end of what has no
 *	reference or lacks its page
 * @nr: number of all
 * @reserve: so many, without @own, always are ready or in use
 * @limit: references that all pools together may have for more than their reserves
 * @nr_ready: height of the first stack
 * @nr_bare: height of the second
 * @least: smallest @nr_ready since the last turn of pvblk_pool_idle()
 *
 * The caller serialises everything but pvblk_pool_own() and pvblk_pool_equip(), which
 * touch only grants that their caller has.
 */
struct pvblk_pool {
	struct pvfront *front;
	struct pvfront_grantee to;
	struct pvblk_grant *grants;
	u16 *free;
	unsigned int own;
	unsigned int nr;
	unsigned int reserve;
	int limit;
	unsigned int nr_ready;
	unsigned int nr_bare;
	unsigned int least;
	bool pages;
	bool own_off;
};

/**
 * struct pvblk_pool_size - what a pool is to be like
 * @most: the largest number of grants, without @own
 * @own: so many tags are to have a grant of their own
 * @reserve: so many of @most are there from the start and stay
 * @pages: they carry pages of ours
 */
struct pvblk_pool_size {
	unsigned int most;
	unsigned int own;
	unsigned int reserve;
	bool pages;
};

/**
 * pvblk_pool_open() - claim the reserve
 * @p: zeroed
 * @f: the connection
 * @size: what it is to be like
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno; @p is zeroed again then.
 */
int pvblk_pool_open(struct pvblk_pool *p, struct pvfront *f,
		    const struct pvblk_pool_size *size);

/**
 * pvblk_pool_close() - give all grants and pages back
 * @p: any, with nothing in use
 *
 * What the backend still maps rests until that is over.
 *
 * Context: process context.
 */
void pvblk_pool_close(struct pvblk_pool *p);

/**
 * pvblk_pool_take() - get grants
 * @p: the pool
 * @nr: how many
 * @to: their indices; the first so many are ready, the rest are for
 *	pvblk_pool_equip()
 * @bare: how many these are
 *
 * Return: how many in all; fewer than @nr if so many are in use.
 */
unsigned int pvblk_pool_take(struct pvblk_pool *p, unsigned int nr, u16 *to,
			     unsigned int *bare);

/**
 * pvblk_pool_equip() - make grants ready that were taken bare
 * @p: the pool
 * @nr: how many
 * @at: their indices
 *
 * Context: any; does not sleep, takes no lock of the caller's.
 * Return: how many are ready, the first ones.
 */
unsigned int pvblk_pool_equip(struct pvblk_pool *p, unsigned int nr,
			      const u16 *at);

/**
 * pvblk_pool_put() - bring grants back
 * @p: the pool
 * @nr: how many
 * @from: their indices, as taken
 */
void pvblk_pool_put(struct pvblk_pool *p, unsigned int nr, const u16 *from);

/**
 * pvblk_pool_own() - make the grant ready that is a tag's own
 * @p: the pool
 * @tag: the tag, which the caller has
 *
 * Context: any; does not sleep.
 * Return: false if there is none, or no memory or reference for it.
 */
bool pvblk_pool_own(struct pvblk_pool *p, unsigned int tag);

/**
 * pvblk_pool_idle() - take out grants that nobody has used for a while
 * @p: the pool
 * @to: room for PVBLK_POOL_TURN, for pvblk_pool_drop()
 *
 * Those that were ready and not used since the turn before, down to the reserve. What
 * the backend maps stays.
 *
 * Return: how many; the turn is over when these are fewer than PVBLK_POOL_TURN.
 */
unsigned int pvblk_pool_idle(struct pvblk_pool *p, struct pvblk_grant *to);

/**
 * pvblk_pool_end_access() - end all access to what a pool has
 * @p: the pool of a connection that has ended
 *
 * Return: false if the backend maps some of it still.
 */
bool pvblk_pool_end_access(struct pvblk_pool *p);

/**
 * pvblk_pool_abandon() - leave a grant to a backend that keeps somebody's page mapped
 * @p: the pool of a connection that has ended
 * @i: index of the grant, which is in use
 * @page: the page, which is kept from being freed until the backend lets go
 * @readonly: as granted
 *
 * Context: process context; may sleep for memory.
 */
void pvblk_pool_abandon(struct pvblk_pool *p, unsigned int i, struct page *page,
			bool readonly);

/**
 * pvblk_pool_own_idle() - take out the grant that is a tag's own
 * @p: a pool with @own_off set, which everybody sees
 * @tag: a tag whose request uses no grant
 * @to: what was claimed and allocated, for pvblk_pool_drop()
 *
 * Return: false if there is nothing, or the backend maps it.
 */
bool pvblk_pool_own_idle(struct pvblk_pool *p, unsigned int tag,
			 struct pvblk_grant *to);

/**
 * pvblk_pool_drop() - give back what was taken out of a pool
 * @p: the pool
 * @g: reference and page; what the backend maps rests
 * @nr: how many
 *
 * Context: process context; may sleep for memory; needs no lock.
 */
void pvblk_pool_drop(struct pvblk_pool *p, struct pvblk_grant *g,
		     unsigned int nr);

/**
 * pvblk_pool_claimed() - count what a pool has claimed
 * @p: the pool
 *
 * Return: the grants with a reference, those of tags included.
 */
unsigned int pvblk_pool_claimed(const struct pvblk_pool *p);

#endif
