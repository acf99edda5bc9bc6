// SPDX-License-Identifier: GPL-2.0
/*
 * The end of access by grants, now or when the peer has unmapped the page.
 *
 * A page that a peer has mapped must not be used for anything else, so it is kept, and its
 * reference with it, for as long as that takes. Nothing has to be allocated for that: a reference
 * that waits is on no other list, so its slot links it here.
 *
 * A restore empties the table, and nobody of the old host has anything mapped: what waits then
 * ends at the next look.
 *
 * Locking: gnt_defer_lock protects the list, with interrupts off.
 */
#define pr_fmt(fmt) "xen:grant_table: " fmt

#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include <xen/page.h>

#include "gnt.h"

/* How soon it is looked again: a peer that is about to let go needs some ms. */
#define GNT_DEFER_FIRST		(HZ / 20 ?: 1)
#define GNT_DEFER_LAST		HZ

static void gnt_defer_work(struct work_struct *unused);

static DEFINE_SPINLOCK(gnt_defer_lock);
static u32 gnt_deferred = GREFS_END;
static u32 gnt_deferred_now;
static u64 gnt_deferred_ever;
static unsigned long gnt_defer_delay = GNT_DEFER_FIRST;
static DECLARE_DELAYED_WORK(gnt_defer_again, gnt_defer_work);

static void gnt_defer_add(u32 ref)
{
	unsigned long flags;

	spin_lock_irqsave(&gnt_defer_lock, flags);
	gnt_slot(ref)->next = gnt_deferred;
	gnt_deferred = ref;
	gnt_deferred_now++;
	spin_unlock_irqrestore(&gnt_defer_lock, flags);
}

/* All that wait, as a chain. */
static u32 gnt_defer_take_all(void)
{
	unsigned long flags;
	u32 first;

	spin_lock_irqsave(&gnt_defer_lock, flags);
	first = gnt_deferred;
	gnt_deferred = GREFS_END;
	gnt_deferred_now = 0;
	spin_unlock_irqrestore(&gnt_defer_lock, flags);
	return first;
}

static void gnt_defer_finish(u32 ref)
{
	struct grefs_slot *slot = gnt_slot(ref);

	if (slot->pfn != GREFS_END)
		put_page(pfn_to_page(slot->pfn));
	gnttab_free_grant_reference(ref);
}

static void gnt_defer_work(struct work_struct *unused)
{
	u32 ref, next;
	bool ended = false;

	for (ref = gnt_defer_take_all(); ref != GREFS_END; ref = next) {
		next = gnt_slot(ref)->next;
		if (gnt_end(ref)) {
			gnt_defer_finish(ref);
			ended = true;
		} else {
			gnt_defer_add(ref);
		}
		cond_resched();
	}
	/* Who has let go of one is about to let go of others. */
	gnt_defer_delay = ended ? GNT_DEFER_FIRST : min(2 * gnt_defer_delay, GNT_DEFER_LAST);
	if (READ_ONCE(gnt_deferred) != GREFS_END)
		schedule_delayed_work(&gnt_defer_again, gnt_defer_delay);
}

/* With no page given, the frame says which it is: its owner may free it while it is mapped. */
static struct page *gnt_page_of(grant_ref_t ref)
{
	unsigned long pfn = gfn_to_pfn(gnt_frame(ref));
	struct page *page;

	if (!pfn_valid(pfn))
		return NULL;
	page = compound_head(pfn_to_page(pfn));
	return get_page_unless_zero(page) ? page : NULL;
}

void gnt_defer(grant_ref_t ref, struct page *page)
{
	unsigned long flags;

	if (!page)
		page = gnt_page_of(ref);
	gnt_slot(ref)->pfn = page ? page_to_pfn(page) : GREFS_END;
	pr_notice_ratelimited("domain %u still maps grant %u: its page is kept until it does not\n",
			      gnt_peer(ref), ref);
	gnt_defer_add(ref);
	spin_lock_irqsave(&gnt_defer_lock, flags);
	gnt_deferred_ever++;
	spin_unlock_irqrestore(&gnt_defer_lock, flags);
	schedule_delayed_work(&gnt_defer_again, GNT_DEFER_FIRST);
}

/**
 * gnttab_end_foreign_access_ref() - end access by a grant, unless the peer has it mapped
 * @ref: the grant; the reference stays the caller's
 *
 * Return: 1 when access has ended, 0 when the peer has it mapped.
 */
int gnttab_end_foreign_access_ref(grant_ref_t ref)
{
	if (gnt_end(ref))
		return 1;
	pr_notice_ratelimited("domain %u still maps grant %u\n", gnt_peer(ref), ref);
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_end_foreign_access_ref);

/**
 * gnttab_try_end_foreign_access() - end access by a grant and give up its reference, if possible
 * @ref: the grant
 *
 * Return: 1 when access has ended, 0 when the peer has it mapped: then the reference stays the
 * caller's. With version 2 of the table the peer cannot map it anew from then on.
 */
int gnttab_try_end_foreign_access(grant_ref_t ref)
{
	if (!gnt_end(ref))
		return 0;
	gnttab_free_grant_reference(ref);
	return 1;
}
EXPORT_SYMBOL_GPL(gnttab_try_end_foreign_access);

/**
 * gnttab_end_foreign_access() - end access by a grant and give up its reference, now or later
 * @ref: the grant
 * @page: its page, of which one reference goes with it, or NULL
 *
 * A page that the peer has mapped is not free before that has ended, whether it is given or not.
 */
void gnttab_end_foreign_access(grant_ref_t ref, struct page *page)
{
	if (!gnttab_try_end_foreign_access(ref))
		gnt_defer(ref, page);
	else if (page)
		put_page(page);
}
EXPORT_SYMBOL_GPL(gnttab_end_foreign_access);

/**
 * gnttab_grant_foreign_access() - permit another domain access to a page
 * @domid: the domain
 * @frame: the page's machine frame
 * @readonly: not 0: reading only
 *
 * Return: the grant's reference or -ENOSPC.
 */
int gnttab_grant_foreign_access(domid_t domid, unsigned long frame, int readonly)
{
	u32 ref = gnt_refs_get(1);

	if (ref == GREFS_END)
		return -ENOSPC;
	gnttab_grant_foreign_access_ref(ref, domid, frame, readonly);
	return ref;
}
EXPORT_SYMBOL_GPL(gnttab_grant_foreign_access);

void gnt_defer_show(struct seq_file *file)
{
	seq_printf(file, "waiting for a peer %u, ever %llu\n", READ_ONCE(gnt_deferred_now),
		   READ_ONCE(gnt_deferred_ever));
}
