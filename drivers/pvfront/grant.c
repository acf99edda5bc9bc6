// SPDX-License-Identifier: GPL-2.0
/* Grant references, and the end of a grant: at once, or a rest (rest.c). */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <xen/xen.h>

#include <pv/front.h>
#include <pv/grant.h>

#include "internal.h"
#include "restrule.h"

int pvfront_claim_refs(struct pvfront_claim *c, unsigned int nr)
{
	c->nr = 0;
	if (nr > U16_MAX || gnttab_alloc_grant_references(nr, &c->head))
		return -ENOSPC;
	c->nr = nr;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_claim_refs);

unsigned int pvfront_max_refs(void)
{
	return gnttab_max_grant_frames() *
	       (XEN_PAGE_SIZE / sizeof(struct grant_entry_v1));
}
EXPORT_SYMBOL_GPL(pvfront_max_refs);

grant_ref_t pvfront_claim_next(struct pvfront_claim *c)
{
	if (WARN_ON_ONCE(!c->nr))
		return INVALID_GRANT_REF;
	c->nr--;
	return gnttab_claim_grant_reference(&c->head);
}
EXPORT_SYMBOL_GPL(pvfront_claim_next);

void pvfront_claim_end(struct pvfront_claim *c)
{
	if (c->nr)
		gnttab_free_grant_references(c->head);
	c->nr = 0;
}
EXPORT_SYMBOL_GPL(pvfront_claim_end);

void pvfront_free_ref(grant_ref_t *ref)
{
	if (*ref != INVALID_GRANT_REF)
		gnttab_free_grant_reference(*ref);
	*ref = INVALID_GRANT_REF;
}
EXPORT_SYMBOL_GPL(pvfront_free_ref);

void pvfront_grants_begin(struct pvfront *f)
{
	f->to.domid = f->xdev->otherend_id;
	f->to.since = jiffies;
	f->to.nr++;
}

/* Whether Xen holds a page to its type for as long as the backend's domain lives. */
static bool pvfront_is_typed(const struct pvfront_grantee *to)
{
	return xen_pv_domain() &&
	       pvfront_rest_is_typed(to->domid, to->since, pvfront_rest_since());
}

static void pvfront_end_grant(struct pvfront *f, const struct pvfront_grantee *to,
			      grant_ref_t *ref, struct page *page, bool typed, bool ours)
{
	bool mapped;

	/* Also where there is nothing to remember, as with a backend in dom0 that is honest. */
	might_sleep();
	mapped = !pvfront_end_ref(ref);
	if (mapped || (page && typed))
		pvfront_rest_begin(f, to, mapped ? *ref : INVALID_GRANT_REF, page,
				   typed, ours);
	else if (page)
		put_page(page);
	*ref = INVALID_GRANT_REF;
}

void pvfront_retire(struct pvfront *f, const struct pvfront_grantee *to,
		    grant_ref_t *ref, struct page *page, bool readonly)
{
	pvfront_end_grant(f, to, ref, page, !readonly && pvfront_is_typed(to), false);
}
EXPORT_SYMBOL_GPL(pvfront_retire);

void pvfront_page_free(struct pvfront *f, const struct pvfront_grantee *to,
		       grant_ref_t *ref, struct page *page)
{
	/* One that was never granted may have rested before, and not be done. */
	if (page)
		pvfront_end_grant(f, to, ref, page, pvfront_is_typed(to), true);
}
EXPORT_SYMBOL_GPL(pvfront_page_free);

struct page *pvfront_page_alloc(struct pvfront *f, gfp_t gfp)
{
	struct page *page = pvfront_rest_take(f->to.domid);

	if (page)
		clear_page(page_address(page));
	else
		page = alloc_page(gfp | __GFP_ZERO);
	return page;
}
EXPORT_SYMBOL_GPL(pvfront_page_alloc);

unsigned int pvfront_kept(const struct pvfront *f)
{
	return atomic_read(&f->kept);
}
EXPORT_SYMBOL_GPL(pvfront_kept);
