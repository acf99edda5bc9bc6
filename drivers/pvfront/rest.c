// SPDX-License-Identifier: GPL-2.0
/*
 * Pages and grants that rest after their connection has ended. Nothing tells of a
 * mapping's end, so one work item looks, the more seldom the longer nothing happens.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <pv/front.h>
#include <pv/grant.h>

#include "internal.h"
#include "restrule.h"

/* How often the work item looks: at first, and when nothing has ended for long. */
#define PVFRONT_REST_MIN	msecs_to_jiffies(10)
#define PVFRONT_REST_MAX	(8 * HZ)

/* Pages of ours that may be granted again are in one of so many lists, by their domain. */
#define PVFRONT_REST_LISTS	16

/* How many of them an allocation looks at: others are of domains 16 numbers apart. */
#define PVFRONT_REST_SEARCH	64

/**
 * struct pvfront_rest - what rests
 * @link: in a list
 * @owner: whose @kept counts it while it is mapped; NULL once that device is gone
 * @page: the page, or NULL if only the reference rests
 * @ref: INVALID_GRANT_REF once nobody maps it
 * @domid: the domain that it was granted to
 * @nr: the connection of @owner that granted it
 * @typed: see struct pvfront_rest_state
 * @ours: nobody else has a reference to @page
 * @orderly: see struct pvfront_rest_state
 * @since: jiffies when the connection began that granted it
 * @unmapped: jiffies when nobody was seen to map it
 */
struct pvfront_rest {
	struct list_head link;
	struct pvfront *owner;
	struct page *page;
	grant_ref_t ref;
	domid_t domid;
	unsigned int nr;
	bool typed;
	bool ours;
	bool orderly;
	unsigned long since;
	unsigned long unmapped;
};

/**
 * struct pvfront_rest_domain - the domain that was last asked about in a turn
 * @domid: its number
 * @gone: the answer
 * @asked: there is one
 */
struct pvfront_rest_domain {
	domid_t domid;
	bool gone;
	bool asked;
};

/*
 * @pvfront_rest_turn protects pvfront_resting, and is held by whoever goes over all that
 * rests. An allocation may not sleep, and needs only pvfront_rest_lock, which protects
 * the other lists: pages that nobody maps, and nobody else has. It misses those that are
 * being gone over, which costs it new memory.
 */
static DEFINE_MUTEX(pvfront_rest_turn);
static LIST_HEAD(pvfront_resting);
static unsigned long pvfront_rest_wait;
static DEFINE_SPINLOCK(pvfront_rest_lock);
static struct list_head pvfront_ready[PVFRONT_REST_LISTS];
static unsigned long pvfront_suspended;
static unsigned long pvfront_left = INITIAL_JIFFIES;

static void pvfront_rest_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(pvfront_rest_look, pvfront_rest_work);

void pvfront_rest_init(void)
{
	unsigned int i;

	for (i = 0; i < PVFRONT_REST_LISTS; i++)
		INIT_LIST_HEAD(&pvfront_ready[i]);
}

static struct list_head *pvfront_rest_list(domid_t domid)
{
	return &pvfront_ready[domid % PVFRONT_REST_LISTS];
}

static bool pvfront_rest_is_ready(const struct pvfront_rest *r)
{
	return r->ours && r->ref == INVALID_GRANT_REF;
}

/* @r is in no list. */
static void pvfront_rest_add(struct pvfront_rest *r)
{
	lockdep_assert_held(&pvfront_rest_turn);
	if (!pvfront_rest_is_ready(r)) {
		list_add_tail(&r->link, &pvfront_resting);
		return;
	}
	spin_lock_irq(&pvfront_rest_lock);
	list_add_tail(&r->link, pvfront_rest_list(r->domid));
	spin_unlock_irq(&pvfront_rest_lock);
}

void pvfront_rest_begin(struct pvfront *f, const struct pvfront_grantee *to,
			grant_ref_t ref, struct page *page, bool typed, bool ours)
{
	/* Forgotten, the page would be lost: so there is memory for this before all others. */
	struct pvfront_rest *r = kmalloc(sizeof(*r), GFP_NOIO | __GFP_NOFAIL);

	*r = (struct pvfront_rest) {
		.owner = f,
		.page = page,
		.ref = ref,
		.domid = to->domid,
		.nr = to->nr,
		.typed = typed,
		.ours = ours,
		/* Closed or not: who still maps it may do so until it dies. */
		.orderly = f->orderly == to->nr && ref == INVALID_GRANT_REF,
		.since = to->since,
		.unmapped = jiffies,
	};
	if (ref != INVALID_GRANT_REF)
		atomic_inc(&f->kept);

	mutex_lock(&pvfront_rest_turn);
	pvfront_rest_add(r);
	if (pvfront_rest_wait != PVFRONT_REST_MIN) {
		pvfront_rest_wait = PVFRONT_REST_MIN;
		mod_delayed_work(pvfront_wq, &pvfront_rest_look, PVFRONT_REST_MIN);
	}
	mutex_unlock(&pvfront_rest_turn);
}

struct page *pvfront_rest_take(domid_t domid)
{
	struct list_head *ready = pvfront_rest_list(domid);
	unsigned int looked = 0;
	struct pvfront_rest *r;
	struct page *page = NULL;
	unsigned long flags;

	if (list_empty_careful(ready))
		return NULL;
	spin_lock_irqsave(&pvfront_rest_lock, flags);
	list_for_each_entry(r, ready, link) {
		if (r->domid == domid) {
			page = r->page;
			list_del(&r->link);
			kfree(r);
			break;
		}
		if (++looked == PVFRONT_REST_SEARCH)
			break;
	}
	spin_unlock_irqrestore(&pvfront_rest_lock, flags);
	return page;
}

static bool pvfront_rest_is_gone(struct pvfront_rest_domain *last, domid_t domid)
{
	if (!last->asked || last->domid != domid) {
		last->domid = domid;
		last->gone = pvfront_domain_gone(domid);
		last->asked = true;
	}
	return last->gone;
}

static bool pvfront_rest_over(struct pvfront_rest *r, struct pvfront_rest_domain *last)
{
	struct pvfront_rest_state s = {
		.typed = r->typed,
		.orderly = r->orderly,
		.enough = PVFRONT_REST_SECS,
	};

	if (r->ref != INVALID_GRANT_REF) {
		s.mapped = !pvfront_end_ref(&r->ref);
		if (!s.mapped) {
			r->unmapped = jiffies;
			if (r->owner)
				atomic_dec(&r->owner->kept);
		}
	}
	if (!r->page)
		return !s.mapped;
	/* A domain that is gone maps nothing any more, whichever is looked at first. */
	s.gone = s.typed && !s.mapped && pvfront_rest_is_gone(last, r->domid);
	s.secs = (jiffies - r->unmapped) / HZ;
	return pvfront_rest_is_over(&s);
}

/* Has pvfront_resting hold all that rests; pvfront_rest_sort() is to follow. */
static void pvfront_rest_gather(void)
{
	unsigned int i;

	lockdep_assert_held(&pvfront_rest_turn);
	spin_lock_irq(&pvfront_rest_lock);
	for (i = 0; i < PVFRONT_REST_LISTS; i++)
		list_splice_init(&pvfront_ready[i], &pvfront_resting);
	spin_unlock_irq(&pvfront_rest_lock);
}

/* Puts what may be granted again where allocations find it. */
static void pvfront_rest_sort(void)
{
	struct pvfront_rest *r, *next;

	list_for_each_entry_safe(r, next, &pvfront_resting, link) {
		cond_resched();
		if (!pvfront_rest_is_ready(r))
			continue;
		list_del(&r->link);
		pvfront_rest_add(r);
	}
}

/* Of all that was gathered; returns whether any rest has ended. */
static bool pvfront_rest_turn_over(void)
{
	struct pvfront_rest_domain last = { .asked = false };
	struct pvfront_rest *r, *next;
	bool ended = false;

	list_for_each_entry_safe(r, next, &pvfront_resting, link) {
		cond_resched();
		if (!pvfront_rest_over(r, &last))
			continue;
		list_del(&r->link);
		if (r->page)
			put_page(r->page);
		kfree(r);
		ended = true;
	}
	return ended;
}

static void pvfront_rest_work(struct work_struct *work)
{
	bool ended;

	mutex_lock(&pvfront_rest_turn);
	pvfront_rest_gather();
	ended = pvfront_rest_turn_over();
	if (list_empty(&pvfront_resting)) {
		pvfront_rest_wait = 0;
	} else {
		pvfront_rest_wait = ended ? PVFRONT_REST_MIN :
				    min(2 * pvfront_rest_wait, PVFRONT_REST_MAX);
		queue_delayed_work(pvfront_wq, &pvfront_rest_look,
				   pvfront_rest_wait);
	}
	pvfront_rest_sort();
	mutex_unlock(&pvfront_rest_turn);
}

unsigned int pvfront_resting_pages(const struct pvfront *f)
{
	domid_t domid = f->xdev->otherend_id;
	struct pvfront_rest *r;
	unsigned int nr = 0;

	mutex_lock(&pvfront_rest_turn);
	list_for_each_entry(r, &pvfront_resting, link) {
		cond_resched();
		nr += r->typed && !r->orderly && !r->ours && r->domid == domid &&
		      (!r->owner || r->owner == f);
	}
	mutex_unlock(&pvfront_rest_turn);
	return nr;
}

void pvfront_rest_disown(const struct pvfront *f)
{
	struct pvfront_rest *r;

	mutex_lock(&pvfront_rest_turn);
	pvfront_rest_gather();
	list_for_each_entry(r, &pvfront_resting, link) {
		cond_resched();
		if (r->owner == f)
			r->owner = NULL;
	}
	pvfront_rest_sort();
	mutex_unlock(&pvfront_rest_turn);
}

void pvfront_rest_closed(const struct pvfront *f)
{
	struct pvfront_rest *r;

	mutex_lock(&pvfront_rest_turn);
	pvfront_rest_gather();
	list_for_each_entry(r, &pvfront_resting, link) {
		cond_resched();
		if (r->owner == f && r->nr == f->orderly && r->ref == INVALID_GRANT_REF)
			r->orderly = true;
	}
	pvfront_rest_sort();
	mutex_unlock(&pvfront_rest_turn);
}

void pvfront_rest_suspend(void)
{
	WRITE_ONCE(pvfront_suspended, jiffies);
}

void pvfront_rest_restored(void)
{
	struct pvfront_rest *r;

	mutex_lock(&pvfront_rest_turn);
	WRITE_ONCE(pvfront_left, READ_ONCE(pvfront_suspended));
	pvfront_rest_gather();
	list_for_each_entry(r, &pvfront_resting, link) {
		cond_resched();
		if (time_before(r->since, pvfront_left))
			r->typed = false;
	}
	pvfront_rest_sort();
	mutex_unlock(&pvfront_rest_turn);
}

unsigned long pvfront_rest_since(void)
{
	return READ_ONCE(pvfront_left);
}

bool pvfront_has_left_host(const struct pvfront *f)
{
	return time_before(f->to.since, pvfront_rest_since());
}
EXPORT_SYMBOL_GPL(pvfront_has_left_host);

void pvfront_rest_exit(void)
{
	struct pvfront_rest *r, *next;
	unsigned int lost = 0;

	cancel_delayed_work_sync(&pvfront_rest_look);
	mutex_lock(&pvfront_rest_turn);
	pvfront_rest_gather();
	pvfront_rest_turn_over();
	list_for_each_entry_safe(r, next, &pvfront_resting, link) {
		/* The kernel waits for no domain's end, only for a mapping's. */
		if (r->typed)
			lost++;
		else
			gnttab_end_foreign_access(r->ref, r->page);
		kfree(r);
	}
	INIT_LIST_HEAD(&pvfront_resting);
	mutex_unlock(&pvfront_rest_turn);
	if (lost)
		pr_warn("%u pages that backends may still use are lost until the guest ends\n",
			lost);
}
