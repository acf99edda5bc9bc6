// SPDX-License-Identifier: GPL-2.0
/*
 * Data is granted where it lies, read-only if it is to be written to the disk;
 * or, with persistent grants and towards a backend that is not trusted, copied
 * through pages of ours that hold nothing else.
 */
#include <linux/bio.h>
#include <linux/highmem.h>

#include <pv/grant.h>

#include "pvblk.h"
#include "segment.h"

/*
 * With so many grants a request goes on, in parts. Enough for a logical block of any
 * alignment, and no more than pools have in reserve.
 */
#define PVBLK_LEAST_SEGS	BLKIF_MAX_SEGMENTS_PER_REQUEST

unsigned int pvblk_nr_ids(const struct pvblk_disk *d)
{
	return d->set.nr_hw_queues * d->set.queue_depth;
}

unsigned int pvblk_request_id(const struct pvblk_disk *d,
			      const struct request *rq)
{
	return rq->mq_hctx->queue_num * d->set.queue_depth + rq->tag;
}

struct request *pvblk_request_of(const struct pvblk_disk *d, unsigned int id)
{
	return blk_mq_tag_to_rq(d->set.tags[id / d->set.queue_depth],
				id % d->set.queue_depth);
}

bool pvblk_request_is_out(struct request *rq, const struct pvblk_queue *q)
{
	struct pvblk_request *r;

	if (!rq)
		return false;
	r = blk_mq_rq_to_pdu(rq);
	/* Pairs with smp_store_release() in pvblk_request_release(). */
	return smp_load_acquire(&r->q) == q;
}

void pvblk_request_release(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_queue *q = r->q;
	unsigned long flags;

	if (!q)
		return;
	pvblk_kept_drop(q->disk, pvblk_request_take_kept(r));
	if (r->nr > r->own || r->indirect) {
		spin_lock_irqsave(&q->lock, flags);
		pvblk_pool_put(&q->pool, r->nr - r->own, r->grant + r->own);
		if (r->indirect)
			pvblk_pool_put(&q->desc, 1, &r->desc);
		spin_unlock_irqrestore(&q->lock, flags);
	}
	r->nr = 0;
	r->own = false;
	r->indirect = false;
	/* Pairs with smp_load_acquire() in pvblk_request_is_out(). */
	smp_store_release(&r->q, NULL);
}

/*
 * Whether the tag's own grant can be used: not if the backend kept it when an earlier
 * request ended.
 */
static bool pvblk_own_usable(struct pvblk_queue *q, const struct request *rq)
{
	if (!pvblk_pool_own(&q->pool, rq->tag))
		return false;
	return q->persistent || !q->pool.grants[rq->tag].granted;
}

unsigned int pvblk_take_shared(struct pvblk_queue *q, unsigned int nr, u16 *to)
{
	unsigned int bare, ready, n;

	spin_lock_irq(&q->lock);
	n = pvblk_pool_take(&q->pool, nr, to, &bare);
	spin_unlock_irq(&q->lock);
	if (!bare)
		return n;

	ready = pvblk_pool_equip(&q->pool, bare, to + n - bare);
	if (ready == bare)
		return n;
	spin_lock_irq(&q->lock);
	pvblk_pool_put(&q->pool, bare - ready, to + n - bare + ready);
	spin_unlock_irq(&q->lock);
	return n - bare + ready;
}

/* A page for indirect segments. */
static bool pvblk_take_desc(struct pvblk_queue *q, u16 *desc)
{
	unsigned int bare;
	bool taken;

	spin_lock_irq(&q->lock);
	taken = pvblk_pool_take(&q->desc, 1, desc, &bare);
	spin_unlock_irq(&q->lock);
	if (!taken || !bare || pvblk_pool_equip(&q->desc, 1, desc))
		return taken;
	spin_lock_irq(&q->lock);
	pvblk_pool_put(&q->desc, 1, desc);
	spin_unlock_irq(&q->lock);
	return false;
}

/* Gives back all grants of @r but the first @nr. */
static void pvblk_take_less(struct pvblk_request *r, unsigned int nr)
{
	struct pvblk_queue *q = r->q;

	spin_lock_irq(&q->lock);
	pvblk_pool_put(&q->pool, r->nr - nr, r->grant + nr);
	spin_unlock_irq(&q->lock);
	r->nr = nr;
}

/*
 * Takes grants for @nr segments, or for some of them: with what the pool has in
 * reserve, a request without indirect segments, I/O always goes on.
 */
static bool pvblk_take_grants(struct pvblk_queue *q, struct request *rq,
			      unsigned int nr)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	r->own = pvblk_own_usable(q, rq);
	if (r->own)
		r->grant[0] = rq->tag;
	r->nr = r->own;
	if (r->nr < nr)
		r->nr += pvblk_take_shared(q, nr - r->nr, r->grant + r->nr);
	if (r->nr < min_t(unsigned int, nr, PVBLK_LEAST_SEGS)) {
		q->stats.no_grant++;
		return false;
	}
	if (r->nr <= BLKIF_MAX_SEGMENTS_PER_REQUEST)
		return true;
	r->indirect = pvblk_take_desc(q, &r->desc);
	if (!r->indirect)
		pvblk_take_less(r, BLKIF_MAX_SEGMENTS_PER_REQUEST);
	return true;
}

static void pvblk_give_access(struct pvblk_queue *q, struct pvblk_grant *g,
			      struct page *page, bool readonly)
{
	if (g->granted)
		return;
	pvfront_give(q->disk->front.xdev, g->ref, page, readonly);
	g->granted = true;
}

/*
 * Fewer bytes than the request has: ends @seg where the last logical block among
 * them does. Nothing is read from @seg, which the backend may be able to write.
 * Returns how many segments are left.
 */
static unsigned int pvblk_end_at_block(struct pvblk_queue *q, struct request *rq,
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
 * to the data. That is all of the request unless it has more segments than grants.
 * Returns how many segments it is, or -errno.
 */
static int pvblk_fill_segments(struct pvblk_queue *q, struct request *rq,
			       struct blkif_request_segment *seg)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	bool write = op_is_write(req_op(rq));
	bool copy = q->copies;
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
			g = pvblk_grant_of(r, c.index);
			page = copy ? g->page : bv.bv_page;
			pvblk_give_access(q, g, page,
					  write && !q->persistent);
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
	return pvblk_end_at_block(q, rq, seg) ?: -EIO;
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

	if (!pvblk_take_grants(q, rq, nr))
		return BLK_STS_RESOURCE;
	if (r->indirect) {
		desc = &q->desc.grants[r->desc];
		/*
		 * With persistent grants Linux's backend maps even these for
		 * writing.
		 */
		pvblk_give_access(q, desc, desc->page, !q->persistent);
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
	if (r->op == BLKIF_OP_WRITE)
		r->kept = pvblk_kept_copy(q->disk, rq);
	return BLK_STS_OK;
}

blk_status_t pvblk_request_map(struct pvblk_queue *q, struct request *rq,
			       unsigned int id)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct blkif_request *out = &r->out;

	WRITE_ONCE(r->q, q);
	r->nr = 0;
	r->own = false;
	r->indirect = false;
	r->status = BLK_STS_OK;
	r->since = jiffies;
	r->nudged = false;
	r->kept = NULL;
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
		r->op = READ_ONCE(q->disk->props.flush) ? BLKIF_OP_FLUSH_DISKCACHE :
							  BLKIF_OP_WRITE_BARRIER;
		pvblk_head(out, q->disk, r->op, 0, id, 0);
		r->covers = pvblk_kept_issue_flush(q->disk);
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

bool pvblk_request_reads_back(struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);

	return r->nr && r->op == BLKIF_OP_READ && r->status == BLK_STS_OK &&
	       r->q->copies;
}

void pvblk_request_read_back(struct request *rq)
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
			       page_address(pvblk_grant_of(r, c.index)->page) +
			       bv.bv_offset);
	}
}
