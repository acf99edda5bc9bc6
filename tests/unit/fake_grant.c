// SPDX-License-Identifier: GPL-2.0
/* <pv/grant.h> for those who use it, with a back end whose domain does not die: what is
 * retired never rests. pvfront's own is in test_pvfront_resting.c.
 */
#include <fake.h>

#include <pv/grant.h>

#include "tests/unit/fake.h"

static unsigned int rests, rested_for;

unsigned int fake_rests(void)
{
	return rests;
}

unsigned int fake_rested_for(void)
{
	return rested_for;
}

int pvfront_claim_refs(struct pvfront_claim *c, unsigned int nr)
{
	c->nr = 0;
	if (gnttab_alloc_grant_references(nr, &c->head))
		return -ENOSPC;
	c->nr = nr;
	return 0;
}

unsigned int pvfront_max_refs(void)
{
	return fake_table_refs();
}

grant_ref_t pvfront_claim_next(struct pvfront_claim *c)
{
	if (!c->nr--)
		abort();
	return gnttab_claim_grant_reference(&c->head);
}

void pvfront_claim_end(struct pvfront_claim *c)
{
	if (c->nr)
		gnttab_free_grant_references(c->head);
	c->nr = 0;
}

void pvfront_free_ref(grant_ref_t *ref)
{
	if (*ref != INVALID_GRANT_REF)
		gnttab_free_grant_reference(*ref);
	*ref = INVALID_GRANT_REF;
}

void pvfront_retire(struct pvfront *f, const struct pvfront_grantee *to,
		    grant_ref_t *ref, struct page *page, bool readonly)
{
	if (page && !readonly) {
		rests++;
		rested_for = to->domid;
	}
	if (*ref != INVALID_GRANT_REF)
		gnttab_end_foreign_access(*ref, page);
	else if (page)
		__free_page(page);
	*ref = INVALID_GRANT_REF;
}

void pvfront_page_free(struct pvfront *f, const struct pvfront_grantee *to,
		       grant_ref_t *ref, struct page *page)
{
	if (page)
		pvfront_retire(f, to, ref, page, true);
}

struct page *pvfront_page_alloc(struct pvfront *f, gfp_t gfp)
{
	return alloc_page(gfp);
}

void pvfront_grants_begin(struct pvfront *f)
{
}
