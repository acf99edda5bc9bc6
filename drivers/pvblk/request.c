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

void pvblk_request_release(struct pvblk_queue *q, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	lockdep_assert_held(&q->lock);

	if (r->nr)
		pvblk_pool_put(&q->pool, r->nr, r->grant);
	if (r->indirect)
		pvblk_pool_put(&q->desc, 1, &r->desc);
	r->nr = 0;
	r->indirect = false;
}

static bool pvblk_take(struct pvblk_queue *q, struct pvblk_request *r,
		       unsigned int nr)
{
	bool indirect = nr > BLKIF_MAX_SEGMENTS_PER_REQUEST;
	unsigned long flags;
	bool taken;

	spin_lock_irqsave(&q->lock, flags);
	taken = pvblk_pool_take(&q->pool, nr, r->grant);
	if (taken && indirect && !pvblk_pool_take(&q->desc, 1, &r->desc)) {
		pvblk_pool_put(&q->pool, nr, r->grant);
		taken = false;
	}
	if (!taken)
		q->stats.no_grant++;
	spin_unlock_irqrestore(&q->lock, flags);
	if (!taken)
		return false;
	r->nr = nr;
	r->indirect = indirect;
	return true;
}

/* The page of ours to copy through. */
static struct page *pvblk_grant_page(struct pvblk_grant *g)
{
	if (!g->page)
		g->page = alloc_page(GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);
	return g->page;
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

/**
 * struct pvblk_extent - the part of a request that one ring request carries
 * @segs: segments
 * @bytes: of data
 * @last_sect: of the last segment
 */
struct pvblk_extent {
	unsigned int segs;
	unsigned int bytes;
	u8 last_sect;
};

/*
 * Fills @seg, of which there are as many as grants were taken, and gives access
 * to the data. What @part gets is all of the request unless it has more segments
 * than the backend takes, or memory for pages of ours runs out; then it ends where
 * a logical block does.
 */
static blk_status_t pvblk_fill_segments(struct pvblk_queue *q,
					struct request *rq,
					struct blkif_request_segment *seg,
					struct pvblk_extent *part)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	unsigned int block = q->disk->props.sector_size;
	bool write = op_is_write(req_op(rq));
	bool copy = pvblk_request_copies(q->disk);
	struct pvblk_cursor c = PVBLK_CURSOR;
	struct req_iterator iter;
	bool full = false, no_page = false;
	unsigned int bytes = 0;
	struct bio_vec bv;

	rq_for_each_segment(bv, rq, iter) {
		struct pvblk_grant *g;
		bool first;

		/* A break ends a bio, not the request: pass the other bios over. */
		if (full)
			break;
		first = pvblk_cursor_step(&c, &bv);
		if ((bv.bv_offset | bv.bv_len) % PVBLK_SECTOR) {
			dev_warn_ratelimited(&q->disk->front.xdev->dev,
					     "refusing a request whose memory is not aligned to sectors\n");
			return BLK_STS_IOERR;
		}
		full = c.index == r->nr;
		if (full)
			break;
		g = pvblk_grant_of(q, r, c.index);
		if (first) {
			struct page *page = copy ? pvblk_grant_page(g) :
						   bv.bv_page;

			no_page = !page;
			full = no_page;
			if (full)
				break;
			pvblk_give_access(q, g, page,
					  write && !q->disk->persistent);
			seg[c.index].gref = g->ref;
			seg[c.index].first_sect = bv.bv_offset / PVBLK_SECTOR;
		}
		seg[c.index].last_sect = c.end / PVBLK_SECTOR - 1;
		if (copy && write)
			memcpy_from_bvec(page_address(g->page) + bv.bv_offset,
					 &bv);
		bytes += bv.bv_len;
		if (bytes % block == 0)
			*part = (struct pvblk_extent){ c.index + 1, bytes,
						       seg[c.index].last_sect };
	}
	if (part->segs)
		return BLK_STS_OK;
	return no_page ? BLK_STS_RESOURCE : BLK_STS_IOERR;
}

static blk_status_t pvblk_map_data(struct pvblk_queue *q, struct request *rq,
				   unsigned int id, struct blkif_request *out)
{
	/* Ours are no more than the block layer's: it merges none of a page. */
	unsigned int nr = min_t(unsigned int, blk_rq_nr_phys_segments(rq),
				q->disk->max_segs);
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_grant *desc = NULL;
	struct blkif_request_segment *seg = out->u.rw.seg;
	struct pvblk_extent part = {};
	blk_status_t status;

	if (!pvblk_take(q, r, nr))
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

	status = pvblk_fill_segments(q, rq, seg, &part);
	if (status)
		return status;
	/* Behind the part's end the last segment may have grown. */
	seg[part.segs - 1].last_sect = part.last_sect;
	r->bytes = part.bytes;

	if (desc) {
		out->operation = BLKIF_OP_INDIRECT;
		out->u.indirect.indirect_op = r->op;
		out->u.indirect.nr_segments = part.segs;
		out->u.indirect.id = id;
		out->u.indirect.sector_number = blk_rq_pos(rq);
		out->u.indirect.handle = q->disk->handle;
		out->u.indirect.indirect_grefs[0] = desc->ref;
	} else {
		out->operation = r->op;
		out->u.rw.nr_segments = part.segs;
		out->u.rw.handle = q->disk->handle;
		out->u.rw.id = id;
		out->u.rw.sector_number = blk_rq_pos(rq);
	}
	return BLK_STS_OK;
}

blk_status_t pvblk_request_map(struct pvblk_queue *q, struct request *rq,
			       unsigned int id, struct blkif_request *out)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	r->nr = 0;
	r->indirect = false;
	r->status = BLK_STS_OK;
	r->bytes = blk_rq_bytes(rq);

	switch (req_op(rq)) {
	case REQ_OP_READ:
		r->op = BLKIF_OP_READ;
		return pvblk_map_data(q, rq, id, out);
	case REQ_OP_WRITE:
		r->op = BLKIF_OP_WRITE;
		return pvblk_map_data(q, rq, id, out);
	case REQ_OP_FLUSH:
		/* An empty barrier flushes, for backends that know only that. */
		r->op = q->disk->props.flush ? BLKIF_OP_FLUSH_DISKCACHE :
					       BLKIF_OP_WRITE_BARRIER;
		out->operation = r->op;
		out->u.rw.nr_segments = 0;
		out->u.rw.handle = q->disk->handle;
		out->u.rw.id = id;
		out->u.rw.sector_number = 0;
		return BLK_STS_OK;
	case REQ_OP_DISCARD:
	case REQ_OP_SECURE_ERASE:
		r->op = BLKIF_OP_DISCARD;
		out->operation = r->op;
		out->u.discard.flag = req_op(rq) == REQ_OP_SECURE_ERASE ?
				      BLKIF_DISCARD_SECURE : 0;
		out->u.discard.id = id;
		out->u.discard.sector_number = blk_rq_pos(rq);
		out->u.discard.nr_sectors = blk_rq_sectors(rq);
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
