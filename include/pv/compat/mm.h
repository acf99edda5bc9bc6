/* SPDX-License-Identifier: GPL-2.0 */
/* Memory. */
#ifndef _PV_COMPAT_MM_H
#define _PV_COMPAT_MM_H

#include <linux/mm.h>

#include <pv/compat.h>

/**
 * pv_page_has_refs() - whether get_page() keeps a page from being freed
 * @page: any page that is in use
 *
 * Since 7.x not if it is the slab allocator's: get_page() warns then, and takes no
 * reference. That is the heads of small packets, and the log buffers of some file
 * systems: their owner frees them, and they are allocated anew.
 *
 * Context: any.
 * Return: true if it does.
 */
static inline bool pv_page_has_refs(struct page *page)
{
#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
	return true;
#else
	struct folio *folio = page_folio(page);

	return !folio_test_slab(folio) && !folio_test_large_kmalloc(folio);
#endif
}

/**
 * pv_page_get() - take a reference that keeps a page from being freed
 * @page: any page that is in use
 *
 * Context: any.
 * Return: @page, for put_page(); NULL if it has no references (pv_page_has_refs()).
 */
static inline struct page *pv_page_get(struct page *page)
{
	if (!pv_page_has_refs(page))
		return NULL;
	get_page(page);
	return page;
}

#endif
