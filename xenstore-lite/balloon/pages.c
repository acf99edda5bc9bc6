// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon: pages of this guest that have no memory.
 *
 * They come from the start, when it boots with less than it may have, or have given their memory
 * to Xen. They get memory again, or others map memory of another domain over them.
 */
#define pr_fmt(fmt) "xen:balloon: " fmt

#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched.h>

#include <asm/tlbflush.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>
#include <xen/mem-reservation.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "bal.h"
#include "compat.h"

struct balloon_stats balloon_stats;
EXPORT_SYMBOL_GPL(balloon_stats);

DEFINE_MUTEX(bal_mutex);

static LIST_HEAD(bal_pages);
/* Under bal_mutex: the guest is being saved. */
static bool bal_stopped;
/* Under bal_mutex: what Xen is asked about at once. */
static struct page *bal_batch[BAL_BATCH];
static xen_pfn_t bal_frames[BAL_BATCH];

#ifdef CONFIG_MEMORY_HOTPLUG
/* A limit by mem= that is lifted for memory that comes later; none comes here. */
u64 xen_saved_max_mem_size;
#endif

static void bal_add_page(struct page *page)
{
	__SetPageOffline(page);
	list_add(&page->lru, &bal_pages);
	balloon_stats.balloon_low++;
	bal_compat_count(page, 1);
}

static struct page *bal_take_page(void)
{
	struct page *page = list_first_entry_or_null(&bal_pages, struct page, lru);

	if (page) {
		list_del(&page->lru);
		__ClearPageOffline(page);
		balloon_stats.balloon_low--;
		bal_compat_count(page, -1);
	}
	return page;
}

unsigned long bal_empty(void)
{
	return balloon_stats.balloon_low;
}

unsigned long bal_get_memory(unsigned long count)
{
	struct page *page;
	int i = 0, got;

	list_for_each_entry(page, &bal_pages, lru) {
		if (i >= min_t(unsigned long, count, BAL_BATCH) || bal_stopped)
			break;
		bal_frames[i++] = page_to_xen_pfn(page);
	}
	got = i ? xenmem_reservation_increase(i, bal_frames) : 0;
	for (i = 0; i < got; i++) {
		page = bal_take_page();
		xenmem_reservation_va_mapping_update(1, &page, &bal_frames[i]);
		free_reserved_page(page);
	}
	if (got <= 0)
		return 0;
	balloon_stats.current_pages += got;
	return got;
}

/* Their memory is Xen's; of what Xen has not taken nothing can be said, so it is lost. */
static void bal_hand_over(int count)
{
	int i, rc;

	for (i = 0; i < count; i++)
		bal_frames[i] = xen_page_to_gfn(bal_batch[i]);
	xenmem_reservation_va_mapping_reset(count, bal_batch);
	flush_tlb_all();
	rc = xenmem_reservation_decrease(count, bal_frames);
	WARN_ONCE(rc != count, "Xen took %d of %d pages\n", rc, count);
	for (i = 0; i < count; i++)
		bal_add_page(bal_batch[i]);
	balloon_stats.current_pages -= count;
}

unsigned long bal_give_memory(unsigned long count, gfp_t gfp)
{
	int n;

	for (n = 0; n < min_t(unsigned long, count, BAL_BATCH) && !bal_stopped; n++) {
		bal_batch[n] = alloc_page(gfp);
		if (!bal_batch[n])
			break;
		adjust_managed_page_count(bal_batch[n], -1);
		xenmem_reservation_scrub_page(bal_batch[n]);
	}
	if (n)
		bal_hand_over(n);
	return n;
}

int bal_stop(void)
{
	unsigned long until = jiffies + 10 * HZ;

	while (!mutex_trylock(&bal_mutex)) {
		if (time_after(jiffies, until))
			return -EBUSY;
		schedule_timeout_idle(HZ / 50 + 1);
	}
	bal_stopped = true;
	mutex_unlock(&bal_mutex);
	return 0;
}

void bal_go(void)
{
	mutex_lock(&bal_mutex);
	bal_stopped = false;
	mutex_unlock(&bal_mutex);
	bal_follow();
}

/**
 * xen_alloc_ballooned_pages() - get pages without memory, to map another domain's over
 * @nr_pages: how many
 * @pages: filled in
 *
 * When the balloon has too few, Linux gives some up.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int xen_alloc_ballooned_pages(unsigned int nr_pages, struct page **pages)
{
	unsigned int n, taken;

	mutex_lock(&bal_mutex);
	for (n = 0; n < nr_pages; n++) {
		pages[n] = bal_take_page();
		if (!pages[n] && bal_give_memory(nr_pages - n, GFP_USER | __GFP_NOWARN))
			pages[n] = bal_take_page();
		if (!pages[n] || xen_alloc_p2m_entry(page_to_pfn(pages[n])))
			break;
	}
	taken = n < nr_pages && pages[n] ? n + 1 : n;
	balloon_stats.target_unpopulated += taken;
	mutex_unlock(&bal_mutex);
	if (n == nr_pages)
		return 0;
	xen_free_ballooned_pages(taken, pages);
	return -ENOMEM;
}
EXPORT_SYMBOL(xen_alloc_ballooned_pages);

/**
 * xen_free_ballooned_pages() - give pages back that are without memory again
 * @nr_pages: how many
 * @pages: the pages
 */
void xen_free_ballooned_pages(unsigned int nr_pages, struct page **pages)
{
	unsigned int i;

	mutex_lock(&bal_mutex);
	for (i = 0; i < nr_pages; i++)
		bal_add_page(pages[i]);
	balloon_stats.target_unpopulated -= min_t(unsigned long, nr_pages,
						  balloon_stats.target_unpopulated);
	mutex_unlock(&bal_mutex);
	/* If Linux gave some up for them, it may have memory again. */
	bal_follow();
}
EXPORT_SYMBOL(xen_free_ballooned_pages);

/* Frames that the guest may have memory for, and had none at its start. */
static void __init bal_add_region(unsigned long first, unsigned long count)
{
	unsigned long pfn, end = min(max_pfn, first + count);

	for (pfn = first; pfn < end; pfn++)
		bal_add_page(pfn_to_page(pfn));
	if (end > first)
		balloon_stats.total_pages += end - first;
}

static int __init bal_init(void)
{
	unsigned int i;

	if (!xen_pv_domain())
		return -ENODEV;
	mutex_lock(&bal_mutex);
	balloon_stats.current_pages = min(xen_start_info->nr_pages - xen_released_pages, max_pfn);
	balloon_stats.target_pages = balloon_stats.current_pages;
	balloon_stats.total_pages = balloon_stats.current_pages;
	for (i = 0; i < XEN_EXTRA_MEM_MAX_REGIONS; i++)
		bal_add_region(xen_extra_mem[i].start_pfn, xen_extra_mem[i].n_pfns);
	mutex_unlock(&bal_mutex);
	return bal_follow_init();
}
subsys_initcall(bal_init);
