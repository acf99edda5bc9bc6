// SPDX-License-Identifier: GPL-2.0
/*
 * Writes again what was kept. One request at a time, in the order of the acknowledgements:
 * a later write may be of the same sectors. Users wait meanwhile, so the ring is ours. The
 * request has an id that no tag has, and pages of ours, which the pool frees should the
 * connection end.
 */
#include <linux/blk-mq.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/string.h>

#include <pv/grant.h>

#include "pvblk.h"

/* Users wait no longer for all of it, unless the backend has part of it still. */
#define PVBLK_RESEND_SECS	60

static struct pvblk_grant *pvblk_resend_grant(const struct pvblk_resend *s, unsigned int i)
{
	return &s->q->pool.grants[s->grant[i]];
}

static void pvblk_resend_put_grants(struct pvblk_resend *s, unsigned int nr)
{
	struct pvblk_queue *q = s->q;

	spin_lock_irq(&q->lock);
	pvblk_pool_put(&q->pool, s->nr - nr, s->grant + nr);
	spin_unlock_irq(&q->lock);
	s->nr = nr;
}

/* Takes grants, as many as there are. Returns false if there is none. */
static bool pvblk_resend_begin(struct pvblk_disk *d)
{
	struct pvblk_resend *s = &d->resend;
	unsigned int i;

	*s = (struct pvblk_resend) {
		.q = &d->queues[0],
		.status = BLKIF_RSP_OKAY,
		.begun = jiffies,
	};
	s->nr = pvblk_take_shared(s->q, ARRAY_SIZE(s->grant), s->grant);
	for (i = 0; i < s->nr; i++) {
		struct pvblk_grant *g = pvblk_resend_grant(s, i);

		/* Where data is granted in place, the pool has none. */
		if (!g->page)
			g->page = pvfront_page_alloc(&d->front, GFP_NOIO);
		if (!g->page)
			break;
	}
	pvblk_resend_put_grants(s, i);
	if (!i)
		s->q = NULL;
	return i;
}

static void pvblk_resend_end(struct pvblk_disk *d)
{
	struct pvblk_resend *s = &d->resend;
	unsigned int i;

	for (i = 0; i < s->nr && !s->q->copies; i++) {
		struct pvblk_grant *g = pvblk_resend_grant(s, i);
		grant_ref_t none = INVALID_GRANT_REF;

		pvfront_page_free(&d->front, &s->q->pool.to, &none, g->page);
		g->page = NULL;
	}
	pvblk_resend_put_grants(s, 0);
	s->q = NULL;
}

void pvblk_resend_stop(struct pvblk_disk *d)
{
	/* It may land later, as any write that has failed. */
	if (d->resend.bytes && !pvblk_resend_is_answered(d))
		d->resend.q->unsettled = true;
	/* What has grants and pages is the pool. */
	d->resend = (struct pvblk_resend) { };
}

static struct pvblk_kept_write *pvblk_resend_next(struct pvblk_disk *d)
{
	struct pvblk_kept *k = &d->kept;
	struct pvblk_kept_write *w = d->resend.write;

	/* Nothing joins or leaves the list while users wait. */
	if (!w)
		return list_first_entry_or_null(&k->writes, struct pvblk_kept_write, link);
	return list_is_last(&w->link, &k->writes) ? NULL : list_next_entry(w, link);
}

/* Copies the next part of the write to our pages, and describes it. */
static void pvblk_resend_fill(struct pvblk_disk *d, struct blkif_request *out)
{
	struct pvblk_resend *s = &d->resend;
	const struct pvblk_kept_write *w = s->write;
	unsigned int i, left;

	s->bytes = min_t(unsigned int, w->bytes - s->done, s->nr * PAGE_SIZE);
	*out = (struct blkif_request) {
		.operation = BLKIF_OP_WRITE,
		.u.rw = {
			.nr_segments = DIV_ROUND_UP(s->bytes, PAGE_SIZE),
			.handle = d->handle,
			.id = pvblk_resend_id(d),
			.sector_number = w->at + s->done / PVBLK_SECTOR,
		},
	};
	for (i = 0, left = s->bytes; left; i++) {
		unsigned int n = min_t(unsigned int, left, PAGE_SIZE);
		struct pvblk_grant *g = pvblk_resend_grant(s, i);

		/* Parts are of whole pages, so each begins with one. */
		memcpy(page_address(g->page),
		       page_address(w->pages[s->done / PAGE_SIZE + i]), n);
		if (!g->granted)
			pvfront_give(d->front.xdev, g->ref, g->page, !s->q->persistent);
		g->granted = true;
		out->u.rw.seg[i] = (struct blkif_request_segment) {
			.gref = g->ref,
			.last_sect = n / PVBLK_SECTOR - 1,
		};
		left -= n;
	}
}

/* Puts the next part on the ring. Returns false if there is none. */
static bool pvblk_resend_send(struct pvblk_disk *d)
{
	struct pvblk_resend *s = &d->resend;
	struct blkif_request out;

	if (!s->write || s->done == s->write->bytes) {
		s->write = pvblk_resend_next(d);
		s->done = 0;
	}
	if (!s->write)
		return false;
	pvblk_resend_fill(d, &out);
	s->answered = false;
	s->since = jiffies;
	d->look_ms = PVBLK_LOOK_MIN_MS;
	/* A ring that was given up meanwhile takes nothing: its end follows. */
	pvblk_queue_put(s->q, &out, pvblk_resend_id(d), true);
	return true;
}

bool pvblk_resend_is_answered(const struct pvblk_disk *d)
{
	/* Pairs with smp_store_release() in pvblk_resend_answered(). */
	return d->resend.bytes && smp_load_acquire(&d->resend.answered);
}

void pvblk_resend_answered(struct pvblk_disk *d, s16 status)
{
	d->resend.status = status;
	/* Pairs with smp_load_acquire() in pvblk_resend_is_answered(). */
	smp_store_release(&d->resend.answered, true);
	mod_delayed_work(pvblk_wq, &d->fence, 0);
}

/* Ends the access of what was answered. Returns false if the backend maps it still. */
static bool pvblk_resend_take_back(struct pvblk_resend *s)
{
	unsigned int i;

	for (i = 0; i < s->nr && !s->q->persistent; i++) {
		struct pvblk_grant *g = pvblk_resend_grant(s, i);

		if (g->granted && !pvfront_take_back(g->ref))
			return false;
		g->granted = false;
	}
	return true;
}

/* Returns true if what is on the ring has to be waited for. */
static bool pvblk_resend_wait(struct pvblk_disk *d)
{
	struct pvblk_resend *s = &d->resend;

	int tmo = READ_ONCE(d->io_timeout);

	if (!pvblk_resend_is_answered(d)) {
		/* As for requests of users. */
		if (tmo != PVFRONT_OFF && time_after(jiffies, s->since + tmo * HZ))
			pvfront_silent(&d->front);
		return true;
	}
	if (!pvblk_resend_take_back(s)) {
		pvfront_break(&d->front, PVFRONT_BROKE_MAPPED);
		return true;
	}
	s->done += s->bytes;
	s->bytes = 0;
	return false;
}

/* All was written again, or will not be. */
static bool pvblk_resend_over(struct pvblk_disk *d)
{
	pvblk_resend_end(d);
	d->kept.resend = false;
	pvblk_kept_connected(d);
	/* The cache that flushes were for may not be there any more. */
	pvblk_disk_relimit(d);
	return false;
}

bool pvblk_resend_step(struct pvblk_disk *d)
{
	struct pvblk_resend *s = &d->resend;

	lockdep_assert_held(&d->fence_lock);
	if (!d->queues || (!d->kept.resend && !s->q))
		return false;
	if (READ_ONCE(d->no_writes)) {
		pvblk_kept_fail(d, "the old backend may still write");
		return false;
	}
	if (!s->q && !pvblk_resend_begin(d))
		return true;
	if (s->bytes && pvblk_resend_wait(d))
		return true;
	/* Users may have had them forgotten. */
	if (!d->kept.resend)
		return pvblk_resend_over(d);
	if (s->status != BLKIF_RSP_OKAY) {
		pvblk_kept_fail(d, "the new backend refuses them");
		return pvblk_resend_over(d);
	}
	if (time_after(jiffies, s->begun + PVBLK_RESEND_SECS * HZ)) {
		pvblk_kept_fail(d, "the new backend is too slow");
		return pvblk_resend_over(d);
	}
	return pvblk_resend_send(d) || pvblk_resend_over(d);
}
