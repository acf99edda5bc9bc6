// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's memory, as Xen counts it: pages get machine frames and lose them.
 *
 * Xen's rule: a frame that goes back to Xen must not be mapped, and one that comes is mapped by
 * who got it. Xen may give fewer than it is asked for.
 */
#define pr_fmt(fmt) "xen:balloon: " fmt

#include <linux/export.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>

#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>
#include <xen/page.h>

/* What a page holds is nobody else's business. */
bool xen_scrub_pages = IS_ENABLED(CONFIG_XEN_SCRUB_PAGES_DEFAULT);
core_param(xen_scrub_pages, xen_scrub_pages, bool, 0);

/* Without its own page where it was the kernel cannot go on. */
static void bal_set_mapping(struct page *page, pte_t pte)
{
	int rc = HYPERVISOR_update_va_mapping((unsigned long)page_to_virt(page), pte, 0);

	if (rc)
		panic("xen: frame %#lx cannot be mapped: %d\n", page_to_pfn(page), rc);
}

/**
 * __xenmem_reservation_va_mapping_update() - pages have memory: map it
 * @count: how many
 * @pages: the pages
 * @frames: their machine frames
 */
void __xenmem_reservation_va_mapping_update(unsigned long count, struct page **pages,
					    xen_pfn_t *frames)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		set_phys_to_machine(page_to_pfn(pages[i]), frames[i]);
		bal_set_mapping(pages[i], mfn_pte(frames[i], PAGE_KERNEL));
	}
}
EXPORT_SYMBOL_GPL(__xenmem_reservation_va_mapping_update);

/**
 * __xenmem_reservation_va_mapping_reset() - pages are about to lose their memory: unmap it
 * @count: how many
 * @pages: the pages
 */
void __xenmem_reservation_va_mapping_reset(unsigned long count, struct page **pages)
{
	unsigned long i;

	for (i = 0; i < count; i++) {
		bal_set_mapping(pages[i], native_make_pte(0));
		set_phys_to_machine(page_to_pfn(pages[i]), INVALID_P2M_ENTRY);
	}
}
EXPORT_SYMBOL_GPL(__xenmem_reservation_va_mapping_reset);

static int bal_reserve(unsigned int cmd, int count, xen_pfn_t *frames)
{
	struct xen_memory_reservation reservation = {
		.nr_extents = count,
		.domid = DOMID_SELF,
	};

	set_xen_guest_handle(reservation.extent_start, frames);
	return HYPERVISOR_memory_op(cmd, &reservation);
}

/**
 * xenmem_reservation_increase() - get memory from Xen
 * @count: for how many pages
 * @frames: frame numbers of ours; those that got memory become machine frames
 *
 * Return: for how many, the first ones, there was memory, or a negative errno.
 */
int xenmem_reservation_increase(int count, xen_pfn_t *frames)
{
	return bal_reserve(XENMEM_populate_physmap, count, frames);
}
EXPORT_SYMBOL_GPL(xenmem_reservation_increase);

/**
 * xenmem_reservation_decrease() - give memory to Xen
 * @count: how many frames
 * @frames: their machine frames, of which nothing is mapped
 *
 * Return: how many of them, the first ones, Xen took, or a negative errno.
 */
int xenmem_reservation_decrease(int count, xen_pfn_t *frames)
{
	return bal_reserve(XENMEM_decrease_reservation, count, frames);
}
EXPORT_SYMBOL_GPL(xenmem_reservation_decrease);
