// SPDX-License-Identifier: GPL-2.0
/* Grants of one ring on demand. */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/front.h>
#include <pv/grant.h>

#include "pool.h"

/*
 * Neither wakes the reserves of memory nor sleeps: a request in parts through the
 * pool's own reserve is always possible.
 */
#define PVBLK_POOL_GFP	(GFP_NOWAIT | __GFP_NOWARN)

/* References that all pools have. */
static atomic_t pvblk_pool_taken = ATOMIC_INIT(0);

static bool pvblk_grant_is_bare(const struct pvblk_pool *p,
				const struct pvblk_grant *g)
{
	return g->ref == INVALID_GRANT_REF || (p->pages && !g->page);
}

static bool pvblk_grant_claim(const struct pvblk_pool *p, struct pvblk_grant *g)
{
	struct pvfront_claim claim;

	if (g->ref != INVALID_GRANT_REF)
		return true;
	if (atomic_read(&pvblk_pool_taken) >= p->limit ||
	    pvfront_claim_refs(&claim, 1))
		return false;
	g->ref = pvfront_claim_next(&claim);
	atomic_inc(&pvblk_pool_taken);
	return true;
}

static bool pvblk_grant_equip(struct pvblk_pool *p, struct pvblk_grant *g)
{
	if (!pvblk_grant_claim(p, g))
		return false;
	if (p->pages && !g->page)
		g->page = pvfront_page_alloc(p->front, PVBLK_POOL_GFP);
	return !pvblk_grant_is_bare(p, g);
}

/* Returns false if the backend still maps the page. */
static bool pvblk_grant_end(struct pvblk_grant *g)
{
	if (!g->granted)
		return true;
	if (!pvfront_end_ref(&g->ref))
		return false;
	atomic_dec(&pvblk_pool_taken);
	g->granted = false;
	return true;
}

static void pvblk_grant_drop(struct pvblk_pool *p, struct pvblk_grant *g)
{
	if (g->ref != INVALID_GRANT_REF)
		atomic_dec(&pvblk_pool_taken);
	if (g->page)
		pvfront_page_free(p->front, &p->to, &g->ref, g->page);
	else if (g->granted)
		pvfront_retire(p->front, &p->to, &g->ref, NULL, false);
	else
		pvfront_free_ref(&g->ref);
	g->page = NULL;
	g->granted = false;
}

static void pvblk_pool_push_bare(struct pvblk_pool *p, u16 i)
{
	p->nr_bare++;
	p->free[p->nr - p->own - p->nr_bare] = i;
}

static int pvblk_pool_reserve(struct pvblk_pool *p)
{
	struct pvfront_claim claim;
	unsigned int i;
	int err;

	err = pvfront_claim_refs(&claim, p->reserve);
	if (err)
		return err;
	for (i = 0; i < p->reserve; i++) {
		struct pvblk_grant *g = &p->grants[p->own + i];

		g->ref = pvfront_claim_next(&claim);
		atomic_inc(&pvblk_pool_taken);
		if (p->pages)
			g->page = pvfront_page_alloc(p->front, GFP_NOIO);
		if (pvblk_grant_is_bare(p, g)) {
			pvfront_claim_end(&claim);
			return -ENOMEM;
		}
		p->free[p->nr_ready++] = p->own + i;
	}
	return 0;
}

int pvblk_pool_open(struct pvblk_pool *p, struct pvfront *f,
		    const struct pvblk_pool_size *size)
{
	unsigned int i, nr = size->most + size->own;
	int err = -ENOMEM;

	p->front = f;
	p->to = f->to;
	p->pages = size->pages;
	p->reserve = size->reserve;
	p->limit = pvfront_max_refs() / 2;
	p->grants = kvcalloc(nr, sizeof(*p->grants), GFP_NOIO);
	p->free = kvcalloc(size->most, sizeof(*p->free), GFP_NOIO);
	if (!p->grants || !p->free)
		goto err;

	p->nr = nr;
	p->own = size->own;
	for (i = 0; i < nr; i++)
		p->grants[i].ref = INVALID_GRANT_REF;
	if (p->reserve)
		err = pvblk_pool_reserve(p);
	else
		err = 0;
	if (err)
		goto err;
	for (i = nr; i > p->own + p->reserve; i--)
		pvblk_pool_push_bare(p, i - 1);
	p->least = p->nr_ready;
	return 0;

err:
	pvblk_pool_close(p);
	return err;
}

void pvblk_pool_close(struct pvblk_pool *p)
{
	pvblk_pool_drop(p, p->grants, p->nr);
	kvfree(p->grants);
	kvfree(p->free);
	memset(p, 0, sizeof(*p));
}

unsigned int pvblk_pool_take(struct pvblk_pool *p, unsigned int nr, u16 *to,
			     unsigned int *bare)
{
	unsigned int end = p->nr - p->own;
	unsigned int n = 0;

	while (n < nr && p->nr_ready)
		to[n++] = p->free[--p->nr_ready];
	p->least = min(p->least, p->nr_ready);
	for (*bare = 0; n < nr && p->nr_bare; ++*bare)
		to[n++] = p->free[end - p->nr_bare--];
	return n;
}

unsigned int pvblk_pool_equip(struct pvblk_pool *p, unsigned int nr,
			      const u16 *at)
{
	unsigned int i;

	for (i = 0; i < nr && pvblk_grant_equip(p, &p->grants[at[i]]); i++)
		;
	return i;
}

void pvblk_pool_put(struct pvblk_pool *p, unsigned int nr, const u16 *from)
{
	/* Backwards: the first that was taken is the first to be taken again. */
	while (nr--) {
		u16 i = from[nr];

		if (pvblk_grant_is_bare(p, &p->grants[i]))
			pvblk_pool_push_bare(p, i);
		else
			p->free[p->nr_ready++] = i;
	}
}

bool pvblk_pool_own(struct pvblk_pool *p, unsigned int tag)
{
	struct pvblk_grant *g;

	/* Pairs with smp_store_release() in pvblk_trim_own(). */
	if (tag >= p->own || smp_load_acquire(&p->own_off))
		return false;
	g = &p->grants[tag];
	return !pvblk_grant_is_bare(p, g) || pvblk_grant_equip(p, g);
}

/* Returns false if the backend still maps the page. */
static bool pvblk_grant_take_out(struct pvblk_grant *g, struct pvblk_grant *to)
{
	if (!pvblk_grant_end(g))
		return false;
	*to = (struct pvblk_grant){ .ref = g->ref, .page = g->page };
	*g = (struct pvblk_grant){ .ref = INVALID_GRANT_REF };
	return true;
}

unsigned int pvblk_pool_idle(struct pvblk_pool *p, struct pvblk_grant *to)
{
	unsigned int equipped = p->nr - p->own - p->nr_bare;
	unsigned int i, kept = 0, n = 0, most;
	u16 gone[PVBLK_POOL_TURN];

	most = equipped > p->reserve ? equipped - p->reserve : 0;
	most = min(most, PVBLK_POOL_TURN);
	/* The bottom of the stack is what was not used for longest. */
	for (i = 0; i < p->least && n < most; i++) {
		u16 at = p->free[i];

		if (pvblk_grant_take_out(&p->grants[at], &to[n]))
			gone[n++] = at;
		else
			p->free[kept++] = at;
	}
	memmove(p->free + kept, p->free + i,
		(p->nr_ready - i) * sizeof(*p->free));
	p->nr_ready -= n;
	p->least = n < PVBLK_POOL_TURN ? p->nr_ready : p->least - n;
	for (i = 0; i < n; i++)
		pvblk_pool_push_bare(p, gone[i]);
	return n;
}

bool pvblk_pool_end_access(struct pvblk_pool *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (!pvblk_grant_end(&p->grants[i]))
			return false;
	return true;
}

void pvblk_pool_abandon(struct pvblk_pool *p, unsigned int i, struct page *page,
			bool readonly)
{
	struct pvblk_grant *g = &p->grants[i];

	get_page(page);
	pvfront_retire(p->front, &p->to, &g->ref, page, readonly);
	g->granted = false;
	atomic_dec(&pvblk_pool_taken);
}

bool pvblk_pool_own_idle(struct pvblk_pool *p, unsigned int tag,
			 struct pvblk_grant *to)
{
	struct pvblk_grant *g = &p->grants[tag];

	return g->ref != INVALID_GRANT_REF && pvblk_grant_take_out(g, to);
}

void pvblk_pool_drop(struct pvblk_pool *p, struct pvblk_grant *g,
		     unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		pvblk_grant_drop(p, &g[i]);
}

unsigned int pvblk_pool_claimed(const struct pvblk_pool *p)
{
	unsigned int i, claimed = 0;

	for (i = 0; i < p->nr; i++)
		claimed += READ_ONCE(p->grants[i].ref) != INVALID_GRANT_REF;
	return claimed;
}
