// SPDX-License-Identifier: GPL-2.0
/*
 * Data is granted where it lies, read-only if it is to be written to the disk;
 * or, with persistent grants and towards a backend that is not trusted, copied
 * through pages of ours that hold nothing else.
 */
#include <linux/bio.h>
#include <linux/highmem.h>
#include <xen/page.h>

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

static bool pvblk_cursor_step(struct pvblk_cursor *c, const struct bio_vec *bv)
{
	bool same = c->index >= 0 && c->page == bv->bv_page &&
		    c->end == bv->bv_offset;

	c->page = bv->bv_page;
	c->end = bv->bv_offset + bv->bv_len;
	if (!same)
		c->index++;
	return !same;
}

bool pvblk_request_copies(const struct pvblk_disk *d)
{
	return d->persistent || !d->trusted;
}

static struct pvblk_grant *pvblk_grant_of(struct pvblk_queue *q,
					  const struct pvblk_request *r,
					  unsigned int i)
{
	return &q->pool.grants[r->grant[i]];
}

bool pvblk_request_shares(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	return r->nr > r->own;
}

void pvblk_request_release(struct pvblk_queue *q, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	lockdep_assert_held(&q->lock);

	if (r->nr > r->own)
		pvblk_pool_put(&q->pool, r->nr - r->own, r->grant + r->own);
	if (r->indirect)
		pvblk_pool_put(&q->desc, 1, &r->desc);
	r->nr = 0;
	r->indirect = false;
}

/* The page of ours to copy through. */
static struct page *pvblk_grant_page(struct pvblk_grant *g)
{
	if (!g->page)
		g->page = alloc_page(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);
	return g->page;
}

/*
 * Whether the tag's own grant can be used: not if a backend kept it when an earlier
 * request ended, and not without memory for its page, where the pool's stack may
 * have a grant with one.
 */
static bool pvblk_has_own(struct pvblk_queue *q, const struct request *rq)
{
	struct pvblk_grant *g = &q->pool.grants[rq->tag];

	if (rq->tag >= q->pool.own || g->ref == INVALID_GRANT_REF)
		return false;
	if (g->granted && !q->disk->persistent)
		return false;
	return !pvblk_request_copies(q->disk) || pvblk_grant_page(g);
}

static bool pvblk_take_shared(struct pvblk_queue *q, u16 *to, unsigned int nr,
			      u16 *desc)
{
	bool taken;

	spin_lock_irq(&q->lock);
	taken = pvblk_pool_take(&q->pool, nr, to);
	if (taken && desc && !pvblk_pool_take(&q->desc, 1, desc)) {
		pvblk_pool_put(&q->pool, nr, to);
		taken = false;
	}
	if (!taken)
		q->stats.no_grant++;
	spin_unlock_irq(&q->lock);
	return taken;
}

static bool pvblk_take(struct pvblk_queue *q, struct request *rq,
		       unsigned int nr)
{
	bool indirect = nr > BLKIF_MAX_SEGMENTS_PER_REQUEST;
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	r->own = pvblk_has_own(q, rq);
	if (r->own)
		r->grant[0] = rq->tag;
	if (nr > r->own && !pvblk_take_shared(q, r->grant + r->own, nr - r->own,
					      indirect ? &r->desc : NULL))
		return false;
	r->nr = nr;
	r->indirect = indirect;
	return true;
}

static void pvblk_give_access(struct pvblk_queue *q, struct pvblk_grant *g,
			      struct page *page, bool readonly)
{
	if (g->granted)
		return;
	gnttab_grant_foreign_access_ref(g->ref, q->disk->front.xdev->otherend_id,
					xen_page_to_gfn(page), readonly);
	g->granted = true;
}

/*
 * Fewer bytes than the request has: ends @seg where the last logical block among
 * them does. Nothing is read from @seg, which the backend may be able to write.
 * Returns how many segments are left.
 */
static unsigned int pvblk_trim(struct pvblk_queue *q, struct request *rq,
			       struct blkif_request_segment *seg)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_cursor c = PVBLK_CURSOR;
	struct req_iterator iter;
	struct bio_vec bv;
	unsigned int left;

	r->bytes -= r->bytes % (unsigned int)q->disk->props.sector_size;
	left = r->bytes;
	if (!left)
		return 0;

	rq_for_each_segment(bv, rq, iter) {
		bv.bv_len = min(bv.bv_len, left);
		left -= bv.bv_len;
		pvblk_cursor_step(&c, &bv);
		if (!left)
			goto out;
	}
out:
	seg[c.index].last_sect = c.end / PVBLK_SECTOR - 1;
	return c.index + 1;
}

/*
 * Fills @seg, of which there are as many as grants were taken, and gives access
 * to the data. That is all of the request unless it has more segments than the
 * backend takes, or memory for pages of ours runs out.
 * Returns how many segments it is, or -errno.
 */
static int pvblk_fill_segments(struct pvblk_queue *q, struct request *rq,
			       struct blkif_request_segment *seg)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool write = op_is_write(req_op(rq));
	bool copy = pvblk_request_copies(q->disk);
	struct pvblk_cursor c = PVBLK_CURSOR;
	struct pvblk_grant *g = NULL;
	struct page *page = NULL;
	struct req_iterator iter;
	struct bio_vec bv;

	r->bytes = 0;
	rq_for_each_segment(bv, rq, iter) {
		if ((bv.bv_offset | bv.bv_len) % PVBLK_SECTOR) {
			dev_warn_ratelimited(&q->disk->front.xdev->dev,
					     "refusing a request whose memory is not aligned to sectors\n");
			return -EIO;
		}
		if (pvblk_cursor_step(&c, &bv)) {
			if (c.index == r->nr)
				goto cut;
			g = pvblk_grant_of(q, r, c.index);
			page = copy ? pvblk_grant_page(g) : bv.bv_page;
			if (!page)
				goto cut;
			pvblk_give_access(q, g, page,
					  write && !q->disk->persistent);
			seg[c.index].gref = g->ref;
			seg[c.index].first_sect = bv.bv_offset / PVBLK_SECTOR;
		}
		seg[c.index].last_sect = c.end / PVBLK_SECTOR - 1;
		if (copy && write)
			memcpy_from_bvec(page_address(page) + bv.bv_offset, &bv);
		r->bytes += bv.bv_len;
	}
	return c.index + 1;
cut:
	return pvblk_trim(q, rq, seg) ?: page ? -EIO : -ENOMEM;
}

/* All of a request of this form but its segments. */
static void pvblk_head(struct blkif_request *out, const struct pvblk_disk *d,
		       u8 op, unsigned int segs, unsigned int id, sector_t at)
{
	memset(out, 0, offsetof(struct blkif_request, u.rw.seg));
	out->operation = op;
	out->u.rw.nr_segments = segs;
	out->u.rw.handle = d->handle;
	out->u.rw.id = id;
	out->u.rw.sector_number = at;
}

static blk_status_t pvblk_map_data(struct pvblk_queue *q, struct request *rq,
				   unsigned int id)
{
	/* Ours are no more than the block layer's: it merges none of a page. */
	unsigned int nr = min_t(unsigned int, blk_rq_nr_phys_segments(rq),
				q->disk->max_segs);
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct blkif_request *out = &r->out;
	struct blkif_request_segment *seg = out->u.rw.seg;
	struct pvblk_grant *desc = NULL;
	int segs;

	if (!pvblk_take(q, rq, nr))
		return BLK_STS_RESOURCE;
	if (r->indirect) {
		desc = &q->desc.grants[r->desc];
		/*
		 * With persistent grants Linux's backend maps even these for
		 * writing.
		 */
		pvblk_give_access(q, desc, desc->page, !q->disk->persistent);
		seg = page_address(desc->page);
	}

	segs = pvblk_fill_segments(q, rq, seg);
	if (segs < 0)
		return errno_to_blk_status(segs);

	if (desc) {
		out->operation = BLKIF_OP_INDIRECT;
		out->u.indirect = (struct blkif_request_indirect){
			.indirect_op = r->op,
			.nr_segments = segs,
			.id = id,
			.sector_number = blk_rq_pos(rq),
			.handle = q->disk->handle,
			.indirect_grefs[0] = desc->ref,
		};
	} else {
		pvblk_head(out, q->disk, r->op, segs, id, blk_rq_pos(rq));
	}
	return BLK_STS_OK;
}

blk_status_t pvblk_request_map(struct pvblk_queue *q, struct request *rq,
			       unsigned int id)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct blkif_request *out = &r->out;

	r->nr = 0;
	r->indirect = false;
	r->status = BLK_STS_OK;
	r->bytes = blk_rq_bytes(rq);

	switch (req_op(rq)) {
	case REQ_OP_READ:
		r->op = BLKIF_OP_READ;
		return pvblk_map_data(q, rq, id);
	case REQ_OP_WRITE:
		r->op = BLKIF_OP_WRITE;
		return pvblk_map_data(q, rq, id);
	case REQ_OP_FLUSH:
		/* An empty barrier flushes, for backends that know only that. */
		r->op = q->disk->props.flush ? BLKIF_OP_FLUSH_DISKCACHE :
					       BLKIF_OP_WRITE_BARRIER;
		pvblk_head(out, q->disk, r->op, 0, id, 0);
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
	case REQ_OP_SECURE_ERASE:
		r->op = BLKIF_OP_DISCARD;
		out->operation = r->op;
		out->u.discard = (struct blkif_request_discard){
			.flag = req_op(rq) == REQ_OP_SECURE_ERASE ?
				BLKIF_DISCARD_SECURE : 0,
			.id = id,
			.sector_number = blk_rq_pos(rq),
			.nr_sectors = blk_rq_sectors(rq),
		};
		return BLK_STS_OK;
	default:
		return BLK_STS_NOTSUPP;
	}
}

static void pvblk_copy_back(struct pvblk_queue *q, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_cursor c = PVBLK_CURSOR;
	unsigned int left = r->bytes;
	struct req_iterator iter;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		if (!left)
			break;
		bv.bv_len = min(bv.bv_len, left);
		left -= bv.bv_len;
		pvblk_cursor_step(&c, &bv);
		memcpy_to_bvec(&bv,
			       page_address(pvblk_grant_of(q, r, c.index)->page) +
			       bv.bv_offset);
	}
}

bool pvblk_request_unmap(struct pvblk_queue *q, struct request *rq, bool copy)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	unsigned int i;

	if (!r->nr)
		return true;

	for (i = 0; !q->disk->persistent && i < r->nr; i++) {
		struct pvblk_grant *g = pvblk_grant_of(q, r, i);

		if (!g->granted)
			continue;
		if (!gnttab_end_foreign_access_ref(g->ref))
			return false;
		g->granted = false;
	}

	if (copy && r->op == BLKIF_OP_READ && pvblk_request_copies(q->disk))
		pvblk_copy_back(q, rq);
	return true;
}

bool pvblk_request_reclaim(struct pvblk_queue *q, struct request *rq, bool force)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	unsigned int i;

	/* Pages of ours are the pool's business: no user waits for them. */
	for (i = 0; !pvblk_request_copies(q->disk) && i < r->nr; i++) {
		struct pvblk_grant *g = pvblk_grant_of(q, r, i);

		if (!g->granted)
			continue;
		if (!gnttab_try_end_foreign_access(g->ref)) {
			if (!force)
				return false;
			gnttab_end_foreign_access(g->ref, NULL);
		}
		g->ref = INVALID_GRANT_REF;
		g->granted = false;
	}
	r->nr = 0;
	return true;
}
