/* SPDX-License-Identifier: GPL-2.0 */
/* The network stack. */
#ifndef _PV_COMPAT_NET_H
#define _PV_COMPAT_NET_H

#include <pv/compat.h>

/* mac_pton() is in the second. */
#if PV_KERNEL_IS(6, 1)
#include <net/page_pool.h>
#include <linux/kernel.h>
#else
#include <net/page_pool/helpers.h>
#include <linux/hex.h>
#endif

/**
 * pv_page_pool_forget() - take a page away from its pool
 * @pool: the pool
 * @page: a page of it with no other user; the caller's reference is kept
 *
 * A pool does not keep a page that somebody else has a reference to, so it is given
 * back with one too many. Kernels up to 6.5 have a function for this.
 *
 * Context: as page_pool_put_full_page().
 */
static inline void pv_page_pool_forget(struct page_pool *pool, struct page *page)
{
	get_page(page);
	page_pool_put_full_page(pool, page, false);
}

#endif
