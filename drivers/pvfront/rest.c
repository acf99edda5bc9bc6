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

/* How many pages an allocation looks at for one of the right domain. */
#define PVFRONT_REST_SEARCH	16

/**
 * struct pvfront_rest - what rests
 * @link: in the list
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

/* @pvfront_rest_turn is held by whoever takes entries out of the list for long. */
static DEFINE_MUTEX(pvfront_rest_turn);
static DEFINE_SPINLOCK(pvfront_rest_lock);
static LIST_HEAD(pvfront_resting);
static unsigned long pvfront_rest_wait;
static unsigned long pvfront_suspended;
static unsigned long pvfront_left = INITIAL_JIFFIES;

static void pvfront_rest_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(pvfront_rest_look, pvfront_rest_work);

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

	spin_lock_irq(&pvfront_rest_lock);
	list_add_tail(&r->link, &pvfront_resting);
	if (pvfront_rest_wait != PVFRONT_REST_MIN) {
		pvfront_rest_wait = PVFRONT_REST_MIN;
		mod_delayed_work(pvfront_wq, &pvfront_rest_look, PVFRONT_REST_MIN);
	}
	spin_unlock_irq(&pvfront_rest_lock);
}

struct page *pvfront_rest_take(domid_t domid)
{
	unsigned int looked = 0;
	struct pvfront_rest *r;
	struct page *page = NULL;
	unsigned long flags;

	if (list_empty_careful(&pvfront_resting))
		return NULL;
	spin_lock_irqsave(&pvfront_rest_lock, flags);
	list_for_each_entry(r, &pvfront_resting, link) {
		if (r->ours && r->ref == INVALID_GRANT_REF && r->domid == domid) {
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

static bool pvfront_rest_over(struct pvfront_rest *r)
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
	/* Asked last: a domain that is gone maps nothing any more. */
	s.gone = s.typed && !s.mapped && pvfront_domain_gone(r->domid);
	s.secs = (jiffies - r->unmapped) / HZ;
	return pvfront_rest_is_over(&s);
}

/* Returns whether any rest has ended. */
static bool pvfront_rest_turn_over(struct list_head *resting)
{
	struct pvfront_rest *r, *next;
	bool ended = false;

	list_for_each_entry_safe(r, next, resting, link) {
		if (!pvfront_rest_over(r))
			continue;
		list_del(&r->link);
		if (r->page)
			put_page(r->page);
		kfree(r);
		ended = true;
		cond_resched();
	}
	return ended;
}

static void pvfront_rest_work(struct work_struct *work)
{
	LIST_HEAD(resting);
	bool ended;

	mutex_lock(&pvfront_rest_turn);
	spin_lock_irq(&pvfront_rest_lock);
	list_splice_init(&pvfront_resting, &resting);
	spin_unlock_irq(&pvfront_rest_lock);

	ended = pvfront_rest_turn_over(&resting);

	spin_lock_irq(&pvfront_rest_lock);
	list_splice(&resting, &pvfront_resting);
	if (list_empty(&pvfront_resting)) {
		pvfront_rest_wait = 0;
	} else {
		pvfront_rest_wait = ended ? PVFRONT_REST_MIN :
				    min(2 * pvfront_rest_wait, PVFRONT_REST_MAX);
		queue_delayed_work(pvfront_wq, &pvfront_rest_look,
				   pvfront_rest_wait);
	}
	spin_unlock_irq(&pvfront_rest_lock);
	mutex_unlock(&pvfront_rest_turn);
}

void pvfront_rest_disown(const struct pvfront *f)
{
	struct pvfront_rest *r;

	mutex_lock(&pvfront_rest_turn);
	spin_lock_irq(&pvfront_rest_lock);
	list_for_each_entry(r, &pvfront_resting, link)
		if (r->owner == f)
			r->owner = NULL;
	spin_unlock_irq(&pvfront_rest_lock);
	mutex_unlock(&pvfront_rest_turn);
}

void pvfront_rest_closed(const struct pvfront *f)
{
	struct pvfront_rest *r;

	mutex_lock(&pvfront_rest_turn);
	spin_lock_irq(&pvfront_rest_lock);
	list_for_each_entry(r, &pvfront_resting, link)
		if (r->owner == f && r->nr == f->orderly && r->ref == INVALID_GRANT_REF)
			r->orderly = true;
	spin_unlock_irq(&pvfront_rest_lock);
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
	spin_lock_irq(&pvfront_rest_lock);
	WRITE_ONCE(pvfront_left, READ_ONCE(pvfront_suspended));
	list_for_each_entry(r, &pvfront_resting, link)
		if (time_before(r->since, pvfront_left))
			r->typed = false;
	spin_unlock_irq(&pvfront_rest_lock);
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
	pvfront_rest_turn_over(&pvfront_resting);
	list_for_each_entry_safe(r, next, &pvfront_resting, link) {
		/* The kernel waits for no domain's end, only for a mapping's. */
		if (r->typed)
			lost++;
		else
			gnttab_end_foreign_access(r->ref, r->page);
		kfree(r);
	}
	INIT_LIST_HEAD(&pvfront_resting);
	if (lost)
		pr_warn("%u pages that backends may still use are lost until the guest ends\n",
			lost);
}
