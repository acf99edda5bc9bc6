// SPDX-License-Identifier: GPL-2.0
/*
 * Where the kernel maps its grant table.
 *
 * Xen's rule: the frames of the table are Xen's, known by machine frame only, and others
 * after a restore. So the address is kept and its entries are rewritten.
 */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include <xen/grant_table.h>
#include <asm/xen/page.h>

#include "xpv.h"

static struct vm_struct *xpv_grants, *xpv_grant_status;

struct xpv_frames {
	const u64 *next;
};

static int xpv_map_one(pte_t *pte, unsigned long addr, void *data)
{
	struct xpv_frames *frames = data;

	set_pte_at(&init_mm, addr, pte,
		   frames ? mfn_pte(*frames->next++, PAGE_KERNEL) : native_make_pte(0));
	return 0;
}

/* With no frames, entries are cleared; tables for them come into being in either case. */
static int xpv_map_frames(struct vm_struct *area, const u64 *frames, unsigned long count)
{
	struct xpv_frames arg = { .next = frames };

	return apply_to_page_range(&init_mm, (unsigned long)area->addr, count * PAGE_SIZE,
				   xpv_map_one, frames ? &arg : NULL);
}

static struct vm_struct *xpv_reserve_area(unsigned long count)
{
	struct vm_struct *area = get_vm_area(count * PAGE_SIZE, VM_IOREMAP);

	if (area && xpv_map_frames(area, NULL, count)) {
		free_vm_area(area);
		return NULL;
	}
	return area;
}

/**
 * arch_gnttab_init() - reserve addresses
 * @nr_shared: most frames of the table
 * @nr_status: most frames of the status words of version 2
 *
 * Return: 0 or -ENOMEM.
 */
int arch_gnttab_init(unsigned long nr_shared, unsigned long nr_status)
{
	xpv_grants = xpv_reserve_area(nr_shared);
	if (!xpv_grants)
		return -ENOMEM;
	xpv_grant_status = xpv_reserve_area(nr_status);
	if (!xpv_grant_status) {
		free_vm_area(xpv_grants);
		return -ENOMEM;
	}
	return 0;
}

/**
 * arch_gnttab_map_shared() - map the table
 * @frames: its machine frames
 * @nr_gframes: how many
 * @max_nr_gframes: how many there may be
 * @shared: where it is mapped
 *
 * Context: also with interrupts off, after a restore.
 * Return: 0.
 */
int arch_gnttab_map_shared(xen_pfn_t *frames, unsigned long nr_gframes,
			   unsigned long max_nr_gframes, void **shared)
{
	BUILD_BUG_ON(sizeof(*frames) != sizeof(u64));
	*shared = xpv_grants->addr;
	return xpv_map_frames(xpv_grants, (const u64 *)frames, nr_gframes);
}

/**
 * arch_gnttab_map_status() - map the status words
 * @frames: their machine frames
 * @nr_gframes: how many
 * @max_nr_gframes: how many there may be
 * @status: where they are mapped
 *
 * Return: 0.
 */
int arch_gnttab_map_status(u64 *frames, unsigned long nr_gframes, unsigned long max_nr_gframes,
			   grant_status_t **status)
{
	*status = xpv_grant_status->addr;
	return xpv_map_frames(xpv_grant_status, frames, nr_gframes);
}

/**
 * arch_gnttab_unmap() - unmap one of them
 * @shared: which
 * @nr_gframes: how many frames of it are mapped
 */
void arch_gnttab_unmap(void *shared, unsigned long nr_gframes)
{
	xpv_map_frames(shared == xpv_grants->addr ? xpv_grants : xpv_grant_status, NULL,
		       nr_gframes);
}
