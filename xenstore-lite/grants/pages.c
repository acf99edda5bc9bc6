// SPDX-License-Identifier: GPL-2.0
/*
 * Pages without memory of their own, to map grants over: taken from the balloon, and kept for the
 * next request.
 */
#include <linux/mm.h>
#include <linux/spinlock.h>

#include <xen/balloon.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "gnt.h"

/**
 * gnttab_pages_set_private() - have pages carry a domain and a grant
 * @nr_pages: how many
 * @pages: the pages
 *
 * Return: 0: there is room in each.
 */
int gnttab_pages_set_private(int nr_pages, struct page **pages)
{
	int i;

	for (i = 0; i < nr_pages; i++)
		SetPagePrivate(pages[i]);
	return 0;
}
EXPORT_SYMBOL_GPL(gnttab_pages_set_private);

/**
 * gnttab_pages_clear_private() - undo gnttab_pages_set_private()
 * @nr_pages: how many
 * @pages: the pages
 */
void gnttab_pages_clear_private(int nr_pages, struct page **pages)
{
	int i;

	for (i = 0; i < nr_pages; i++) {
		ClearPagePrivate(pages[i]);
		set_page_private(pages[i], 0);
	}
}
EXPORT_SYMBOL_GPL(gnttab_pages_clear_private);

/**
 * gnttab_alloc_pages() - allocate pages to map grants over
 * @nr_pages: how many
 * @pages: filled in
 *
 * Return: 0 or a negative errno.
 */
int gnttab_alloc_pages(int nr_pages, struct page **pages)
{
	int rc = xen_alloc_unpopulated_pages(nr_pages, pages);

	return rc < 0 ? rc : gnttab_pages_set_private(nr_pages, pages);
}
EXPORT_SYMBOL_GPL(gnttab_alloc_pages);

/**
 * gnttab_free_pages() - undo gnttab_alloc_pages()
 * @nr_pages: how many
 * @pages: the pages, with nothing mapped over them
 */
void gnttab_free_pages(int nr_pages, struct page **pages)
{
	gnttab_pages_clear_private(nr_pages, pages);
	xen_free_unpopulated_pages(nr_pages, pages);
}
EXPORT_SYMBOL_GPL(gnttab_free_pages);

/**
 * gnttab_page_cache_init() - start with an empty cache of pages
 * @cache: the cache
 */
void gnttab_page_cache_init(struct gnttab_page_cache *cache)
{
	spin_lock_init(&cache->lock);
	cache->num_pages = 0;
	INIT_LIST_HEAD(&cache->pages);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_init);

/* The next of a cache that has more than @keep, or NULL. */
static struct page *gnt_cache_take(struct gnttab_page_cache *cache, unsigned int keep)
{
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&cache->lock, flags);
	if (cache->num_pages > keep) {
		page = list_first_entry(&cache->pages, struct page, lru);
		list_del(&page->lru);
		cache->num_pages--;
	}
	spin_unlock_irqrestore(&cache->lock, flags);
	return page;
}

/**
 * gnttab_page_cache_get() - get a page to map a grant over
 * @cache: where one may be
 * @page: filled in
 *
 * Return: 0 or a negative errno.
 */
int gnttab_page_cache_get(struct gnttab_page_cache *cache, struct page **page)
{
	*page = gnt_cache_take(cache, 0);
	return *page ? 0 : gnttab_alloc_pages(1, page);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_get);

/**
 * gnttab_page_cache_put() - keep pages for the next request
 * @cache: where
 * @pages: the pages
 * @num: how many
 */
void gnttab_page_cache_put(struct gnttab_page_cache *cache, struct page **pages, unsigned int num)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&cache->lock, flags);
	for (i = 0; i < num; i++)
		list_add(&pages[i]->lru, &cache->pages);
	cache->num_pages += num;
	spin_unlock_irqrestore(&cache->lock, flags);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_put);

/**
 * gnttab_page_cache_shrink() - free pages of a cache
 * @cache: the cache
 * @num: how many stay
 */
void gnttab_page_cache_shrink(struct gnttab_page_cache *cache, unsigned int num)
{
	struct page *page;

	while ((page = gnt_cache_take(cache, num)))
		gnttab_free_pages(1, &page);
}
EXPORT_SYMBOL_GPL(gnttab_page_cache_shrink);

/**
 * gnttab_foreach_grant_in_range() - call for each grant that a part of a page needs
 * @page: the page
 * @offset: where the part begins
 * @len: its bytes, none of them beyond the page
 * @fn: called with the frame, and offset and bytes in it
 * @data: for @fn
 */
void gnttab_foreach_grant_in_range(struct page *page, unsigned int offset, unsigned int len,
				   xen_grant_fn_t fn, void *data)
{
	unsigned long first = page_to_xen_pfn(page);

	while (len) {
		unsigned int at = xen_offset_in_page(offset);
		unsigned int part = min_t(unsigned int, len, XEN_PAGE_SIZE - at);

		fn(pfn_to_gfn(first + (offset >> XEN_PAGE_SHIFT)), at, part, data);
		offset += part;
		len -= part;
	}
}
EXPORT_SYMBOL_GPL(gnttab_foreach_grant_in_range);

/**
 * gnttab_foreach_grant() - call for each grant of some pages
 * @pages: the pages
 * @nr_grefs: how many grants
 * @fn: called with the frame, 0 and a frame's size
 * @data: for @fn
 */
void gnttab_foreach_grant(struct page **pages, unsigned int nr_grefs, xen_grant_fn_t fn,
			  void *data)
{
	unsigned int i;

	for (i = 0; i < nr_grefs; i++) {
		unsigned long pfn = page_to_xen_pfn(pages[i / XEN_PFN_PER_PAGE]);

		fn(pfn_to_gfn(pfn + i % XEN_PFN_PER_PAGE), 0, XEN_PAGE_SIZE, data);
	}
}
