// SPDX-License-Identifier: GPL-2.0
/*
 * Acknowledged writes until a flush covers them.
 *
 * Flushes divide time into eras: one that is issued ends an era, and covers all that was
 * acknowledged until then. A write that is acknowledged while a flush is in flight may or
 * may not be covered by it, belongs to the next era, and waits for the next flush.
 *
 * In each era so much is copied as may be kept, also when a write was missed in it: it may be
 * acknowledged in the next era, which then has no gap. Beyond that nothing is: streams that
 * nobody flushes are not copied.
 */
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/slab.h>

#include "pvblk.h"

/* As for pool.c: I/O must not wake the reserves of memory. What is not kept is known. */
#define PVBLK_KEPT_GFP		(GFP_NOWAIT | __GFP_NOWARN)

/* So many pages are freed by whoever has them go, be it an interrupt; more by a work item. */
#define PVBLK_KEPT_FREE		16U
#define PVBLK_KEPT_FREE_TURN	1024U

/* Only a backend with a cache can lose what it has acknowledged. */
static bool pvblk_caches(const struct pvblk_disk *d)
{
	return (READ_ONCE(d->props.flush) || READ_ONCE(d->props.barrier)) &&
	       !READ_ONCE(d->no_flush);
}

static bool pvblk_keeps(const struct pvblk_disk *d)
{
	return READ_ONCE(d->kept.limit_kb) != PVFRONT_OFF && pvblk_caches(d);
}

static void pvblk_kept_free(struct pvblk_kept *k, struct pvblk_kept_write *w)
{
	unsigned int i;

	for (i = 0; i < w->nr_pages; i++)
		__free_page(w->pages[i]);
	atomic_sub(w->nr_pages, &k->nr_pages);
	kfree(w);
}

/* Takes a write out of what is gone; NULL if there is none, or it has more pages than @most. */
static struct pvblk_kept_write *pvblk_kept_gone(struct pvblk_kept *k, unsigned int most)
{
	struct pvblk_kept_write *w;
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	w = list_first_entry_or_null(&k->gone, struct pvblk_kept_write, link);
	if (w && w->nr_pages > most)
		w = NULL;
	if (w)
		list_del(&w->link);
	spin_unlock_irqrestore(&k->lock, flags);
	return w;
}

/* Frees so many pages of what is gone. Returns whether that is all. */
static bool pvblk_kept_free_some(struct pvblk_kept *k, unsigned int most)
{
	struct pvblk_kept_write *w;

	while ((w = pvblk_kept_gone(k, most))) {
		most -= w->nr_pages;
		pvblk_kept_free(k, w);
	}
	return list_empty_careful(&k->gone);
}

static void pvblk_kept_free_work(struct work_struct *work)
{
	struct pvblk_kept *k = container_of(work, struct pvblk_kept, free);

	while (!pvblk_kept_free_some(k, PVBLK_KEPT_FREE_TURN))
		cond_resched();
}

static void pvblk_kept_tidy(struct pvblk_kept *k)
{
	if (!pvblk_kept_free_some(k, PVBLK_KEPT_FREE))
		queue_work(pvblk_wq, &k->free);
}

void pvblk_kept_init(struct pvblk_disk *d, int limit_kb)
{
	struct pvblk_kept *k = &d->kept;

	k->limit_kb = limit_kb;
	INIT_WORK(&k->free, pvblk_kept_free_work);
	spin_lock_init(&k->lock);
	INIT_LIST_HEAD(&k->writes);
	INIT_LIST_HEAD(&k->gone);
	k->era = 1;
}

static bool pvblk_kept_alloc_pages(struct pvblk_kept_write *w, unsigned int nr)
{
	for (; w->nr_pages < nr; w->nr_pages++) {
		w->pages[w->nr_pages] = alloc_page(PVBLK_KEPT_GFP);
		if (!w->pages[w->nr_pages])
			return false;
	}
	return true;
}

static struct pvblk_kept_write *pvblk_kept_alloc(struct pvblk_kept *k, unsigned int bytes)
{
	unsigned int nr = DIV_ROUND_UP(bytes, PAGE_SIZE);
	unsigned int most = max(READ_ONCE(k->limit_kb), 0) / (PAGE_SIZE / 1024);
	struct pvblk_kept_write *w;

	if (atomic_read(&k->nr_copied) + nr > most)
		return NULL;
	if (atomic_add_return(nr, &k->nr_pages) > most)
		goto err;
	w = kzalloc(struct_size(w, pages, nr), PVBLK_KEPT_GFP);
	if (!w)
		goto err;
	w->bytes = bytes;
	if (pvblk_kept_alloc_pages(w, nr)) {
		atomic_add(nr, &k->nr_copied);
		return w;
	}
	atomic_sub(nr - w->nr_pages, &k->nr_pages);
	pvblk_kept_free(k, w);
	return NULL;
err:
	atomic_sub(nr, &k->nr_pages);
	return NULL;
}

/* Copies @bv to @w, from @done on, as far as there is room. Returns where that ends. */
static unsigned int pvblk_kept_fill(struct pvblk_kept_write *w, unsigned int done,
				    const struct bio_vec *bv)
{
	unsigned int end = min(w->bytes, done + bv->bv_len);
	struct bio_vec part = *bv;

	for (; done < end; done += part.bv_len) {
		unsigned int offset = offset_in_page(done);

		part.bv_len = min_t(unsigned int, end - done, PAGE_SIZE - offset);
		memcpy_from_bvec(page_address(w->pages[done >> PAGE_SHIFT]) + offset, &part);
		part.bv_offset += part.bv_len;
	}
	return done;
}

struct pvblk_kept_write *pvblk_kept_copy(struct pvblk_disk *d, struct request *rq)
{
	struct pvblk_request *r = blk_mq_rq_to_pdu(rq);
	struct pvblk_kept_write *w;
	struct req_iterator iter;
	unsigned int done = 0;
	struct bio_vec bv;

	if (!pvblk_keeps(d))
		return NULL;
	w = pvblk_kept_alloc(&d->kept, r->bytes);
	if (!w)
		return NULL;
	w->at = blk_rq_pos(rq);
	rq_for_each_segment(bv, rq, iter)
		done = pvblk_kept_fill(w, done, &bv);
	return w;
}

void pvblk_kept_drop(struct pvblk_disk *d, struct pvblk_kept_write *w)
{
	if (w)
		pvblk_kept_free(&d->kept, w);
}

/* A write was acknowledged that is not kept: what was kept before is of no use. */
static void pvblk_kept_miss(struct pvblk_kept *k)
{
	unsigned long flags;

	/* Mostly it is known. A flush that is issued begins an era before the backend sees it. */
	if (READ_ONCE(k->missed) == READ_ONCE(k->era))
		return;
	spin_lock_irqsave(&k->lock, flags);
	WRITE_ONCE(k->missed, k->era);
	list_splice_tail_init(&k->writes, &k->gone);
	spin_unlock_irqrestore(&k->lock, flags);
	pvblk_kept_tidy(k);
}

void pvblk_kept_acknowledged(struct pvblk_disk *d, struct pvblk_kept_write *w)
{
	struct pvblk_kept *k = &d->kept;
	unsigned long flags;
	bool kept;

	if (!w) {
		if (pvblk_keeps(d))
			pvblk_kept_miss(k);
		return;
	}
	spin_lock_irqsave(&k->lock, flags);
	w->era = k->era;
	/* What was missed before it in this era may be of the same sectors. */
	kept = pvblk_keeps(d) && k->missed != k->era;
	list_add_tail(&w->link, kept ? &k->writes : &k->gone);
	spin_unlock_irqrestore(&k->lock, flags);
	if (!kept)
		pvblk_kept_tidy(k);
}

unsigned long pvblk_kept_issue_flush(struct pvblk_disk *d)
{
	struct pvblk_kept *k = &d->kept;
	unsigned long flags, covers;

	spin_lock_irqsave(&k->lock, flags);
	covers = k->era;
	WRITE_ONCE(k->era, covers + 1);
	atomic_set(&k->nr_copied, 0);
	spin_unlock_irqrestore(&k->lock, flags);
	return covers;
}

void pvblk_kept_flushed(struct pvblk_disk *d, unsigned long covers)
{
	struct pvblk_kept *k = &d->kept;
	struct pvblk_kept_write *w, *next;
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	if (covers > k->covered)
		k->covered = covers;
	list_for_each_entry_safe(w, next, &k->writes, link) {
		if (w->era > k->covered)
			break;
		list_move_tail(&w->link, &k->gone);
	}
	spin_unlock_irqrestore(&k->lock, flags);
	pvblk_kept_tidy(k);
}

void pvblk_kept_forget(struct pvblk_disk *d)
{
	struct pvblk_kept *k = &d->kept;
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	k->covered = k->era;
	WRITE_ONCE(k->era, k->era + 1);
	atomic_set(&k->nr_copied, 0);
	list_splice_tail_init(&k->writes, &k->gone);
	spin_unlock_irqrestore(&k->lock, flags);
	pvblk_kept_tidy(k);
}

static void pvblk_kept_set_lost(struct pvblk_disk *d, bool lost)
{
	if (READ_ONCE(d->kept.lost) == lost)
		return;
	WRITE_ONCE(d->kept.lost, lost);
	/* Where there is no cache the block layer would have flushes succeed by itself. */
	if (d->gd)
		pvblk_disk_relimit(d);
}

void pvblk_kept_limit(struct pvblk_disk *d, int limit_kb)
{
	struct pvblk_kept *k = &d->kept;
	int old;

	/* Keeps out who is writing again what is forgotten. */
	mutex_lock(&d->fence_lock);
	old = k->limit_kb;
	WRITE_ONCE(k->limit_kb, limit_kb);
	if (limit_kb == PVFRONT_OFF) {
		k->resend = false;
		pvblk_kept_forget(d);
		pvblk_kept_set_lost(d, false);
	} else if (old == PVFRONT_OFF && pvblk_keeps(d)) {
		/* Nobody knows what was written until now. */
		pvblk_kept_miss(k);
	}
	mutex_unlock(&d->fence_lock);
}

void pvblk_kept_fail(struct pvblk_disk *d, const char *why)
{
	lockdep_assert_held(&d->fence_lock);
	d->kept.resend = false;
	pvblk_kept_forget(d);
	if (READ_ONCE(d->kept.lost))
		return;
	pvblk_kept_set_lost(d, true);
	dev_err(&d->front.xdev->dev,
		"writes of %s that no flush had covered may be lost (%s): flushes fail until everybody has closed it\n",
		d->place.name, why);
}

void pvblk_kept_disconnected(struct pvblk_disk *d, bool lost)
{
	struct pvblk_kept *k = &d->kept;
	bool gap, any;

	mutex_lock(&d->fence_lock);
	spin_lock_irq(&k->lock);
	gap = k->missed > k->covered;
	any = !list_empty(&k->writes);
	spin_unlock_irq(&k->lock);
	if (lost && k->limit_kb != PVFRONT_OFF) {
		if (gap)
			pvblk_kept_fail(d, "more than unflushed_kb");
		else
			k->resend |= any;
	}
	mutex_unlock(&d->fence_lock);
}

void pvblk_kept_connected(struct pvblk_disk *d)
{
	lockdep_assert_held(&d->fence_lock);
	if (!d->kept.resend && !pvblk_caches(d))
		pvblk_kept_forget(d);
}

void pvblk_kept_opened(struct pvblk_disk *d)
{
	pvblk_kept_set_lost(d, false);
}

void pvblk_kept_exit(struct pvblk_disk *d)
{
	pvblk_kept_forget(d);
	d->kept.resend = false;
	d->kept.lost = false;
	flush_work(&d->kept.free);
}
