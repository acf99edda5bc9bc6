// SPDX-License-Identifier: GPL-2.0
/* The end of the access that the backend has to a request's memory, or what becomes of it. */
#include <linux/bio.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

#include <pv/compat/mm.h>
#include <pv/grant.h>

#include "pvblk.h"
#include "segment.h"

bool pvblk_request_end_access(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	unsigned int i;

	if (!r->nr || r->q->persistent)
		return true;

	for (i = 0; i < r->nr; i++) {
		struct pvblk_grant *g = pvblk_grant_of(r, i);

		if (g->granted && !pvfront_take_back(g->ref))
			return false;
		g->granted = false;
	}
	return true;
}

void pvblk_request_rest(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool write = op_is_write(req_op(rq));
	struct pvblk_cursor c = PVBLK_CURSOR;
	struct req_iterator iter;
	struct bio_vec bv;

	if (!r->nr || r->q->copies)
		return;
	rq_for_each_segment(bv, rq, iter) {
		grant_ref_t none = INVALID_GRANT_REF;

		if (!pvblk_cursor_step(&c, &bv))
			continue;
		if (c.index == r->nr)
			break;
		pvfront_retire(&r->q->disk->front, &r->q->pool.to, &none,
			       pv_page_get(bv.bv_page), write);
	}
}

/* Nobody but the page cache has it, which takes it for not up to date. */
static bool pvblk_is_only_cache(struct page *page)
{
	struct folio *folio = page_folio(page);

	return !folio_test_anon(folio) && !folio_mapped(folio) &&
	       folio_mapping(folio);
}

static bool pvblk_may_abandon(struct request *rq)
{
	const struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool write = op_is_write(req_op(rq));
	struct req_iterator iter;
	struct bio_vec bv;

	/* A disk that lives would fill the page anew, and a program change it. */
	if (!write && !READ_ONCE(r->q->disk->dead))
		return false;
	rq_for_each_segment(bv, rq, iter) {
		if (write ? !pv_page_has_refs(bv.bv_page) :
			    !pvblk_is_only_cache(bv.bv_page))
			return false;
	}
	return true;
}

bool pvblk_request_abandon(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool write = op_is_write(req_op(rq));
	struct pvblk_cursor c = PVBLK_CURSOR;
	struct req_iterator iter;
	struct bio_vec bv;

	if (pvblk_request_end_access(rq))
		return true;
	/* With access to pages of ours nobody else's is at stake. */
	if (r->q->copies || !pvblk_may_abandon(rq))
		return r->q->copies;
	rq_for_each_segment(bv, rq, iter) {
		if (!pvblk_cursor_step(&c, &bv))
			continue;
		if (c.index == r->nr)
			break;
		if (pvblk_grant_of(r, c.index)->granted)
			pvblk_pool_abandon(&r->q->pool, r->grant[c.index],
					   bv.bv_page, write);
	}
	return true;
}
