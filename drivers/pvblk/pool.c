// SPDX-License-Identifier: GPL-2.0
#include <linux/gfp.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pool.h"

/*
 * Grants are shared by all devices of the guest and run out: with many disks a
 * smaller pool is better than no disk. Returns how many there are.
 */
static unsigned int pvblk_pool_reserve(unsigned int want, unsigned int need,
				       grant_ref_t *head)
{
	unsigned int nr = want;

	while (gnttab_alloc_grant_references(nr, head)) {
		if (nr == need)
			return 0;
		nr = max(nr / 2, need);
	}
	return nr;
}

static int pvblk_pool_pages(struct pvblk_pool *p, unsigned int nr)
{
	unsigned int i;

	/* The top of the stack, which is what is used first. */
	for (i = p->nr_free - nr; i < p->nr_free; i++) {
		struct pvblk_grant *g = &p->grants[p->free[i]];

		g->page = alloc_page(GFP_NOIO | __GFP_ZERO);
		if (!g->page)
			return -ENOMEM;
	}
	return 0;
}

int pvblk_pool_open(struct pvblk_pool *p, unsigned int want, unsigned int need,
		    unsigned int pages, unsigned int own)
{
	grant_ref_t head;
	unsigned int i, nr;

	nr = pvblk_pool_reserve(want, need, &head);
	if (!nr)
		return -ENOSPC;

	p->grants = kvcalloc(nr, sizeof(*p->grants), GFP_NOIO);
	p->free = kvcalloc(nr, sizeof(*p->free), GFP_NOIO);
	if (!p->grants || !p->free) {
		gnttab_free_grant_references(head);
		pvblk_pool_close(p);
		return -ENOMEM;
	}

	for (i = 0; i < nr; i++)
		p->grants[i].ref = gnttab_claim_grant_reference(&head);
	p->nr = nr;
	p->own = nr == want ? own : 0;
	for (i = p->own; i < nr; i++)
		p->free[p->nr_free++] = i;

	if (pvblk_pool_pages(p, pages)) {
		pvblk_pool_close(p);
		return -ENOMEM;
	}
	return 0;
}

void pvblk_pool_close(struct pvblk_pool *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		struct pvblk_grant *g = &p->grants[i];

		if (g->ref == INVALID_GRANT_REF)
			continue;	/* taken back with its request */
		if (g->granted) {
			/* Frees reference and page, now or when it can. */
			gnttab_end_foreign_access(g->ref, g->page);
			continue;
		}
		gnttab_free_grant_reference(g->ref);
		if (g->page)
			__free_page(g->page);
	}
	kvfree(p->grants);
	kvfree(p->free);
	memset(p, 0, sizeof(*p));
}

bool pvblk_pool_take(struct pvblk_pool *p, unsigned int nr, u16 *to)
{
	if (p->nr_free < nr)
		return false;

	p->nr_free -= nr;
	memcpy(to, p->free + p->nr_free, nr * sizeof(*to));
	return true;
}

void pvblk_pool_put(struct pvblk_pool *p, unsigned int nr, const u16 *from)
{
	memcpy(p->free + p->nr_free, from, nr * sizeof(*from));
	p->nr_free += nr;
}
