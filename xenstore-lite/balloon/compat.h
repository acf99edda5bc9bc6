/* SPDX-License-Identifier: GPL-2.0 */
/* What differs for the balloon between the kernels that the image is made of. */
#ifndef _XENSTORE_LITE_BALLOON_COMPAT_H
#define _XENSTORE_LITE_BALLOON_COMPAT_H

#include <linux/mmzone.h>
#include <linux/version.h>
#include <linux/vmstat.h>

/* Pages in the balloon are in /proc/meminfo, where the kernel has a line for them. */
static inline void bal_compat_count(struct page *page, int change)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	mod_node_page_state(page_pgdat(page), NR_BALLOON_PAGES, change);
#endif
}

#endif
