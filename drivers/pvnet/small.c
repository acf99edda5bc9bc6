// SPDX-License-Identifier: GPL-2.0
/* Memory that small packets are copied to. */
#include <linux/mm.h>

#include <pv/front.h>
#include <pv/grant.h>

#include "small.h"

bool pvnet_small_open(struct pvfront *f, struct pvnet_small *s, u16 id, gfp_t gfp)
{
	struct pvnet_small_page *small = pvnet_small_of(s, id);
	struct pvfront_claim claim;
	struct page *page;

	if (pvfront_claim_refs(&claim, 1))
		return false;
	page = pvfront_page_alloc(f, gfp | __GFP_NOWARN);
	if (!page) {
		pvfront_claim_end(&claim);
		return false;
	}
	small->va = page_address(page);
	small->ref = pvfront_claim_next(&claim);
	pvfront_give(f->xdev, small->ref, page, true);
	return true;
}

void pvnet_small_close(struct pvfront *f, struct pvnet_small *s)
{
	unsigned int i;

	for (i = 0; i < PVNET_SMALL_PAGES; i++) {
		struct pvnet_small_page *small = &s->page[i];

		if (small->va)
			pvfront_page_free(f, &f->to, &small->ref, virt_to_page(small->va));
		small->va = NULL;
	}
}
