// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of other guests, mapped by grants, and what the drivers of the kernel ask of a
 * layer that can do more than this one.
 *
 * Xen's rule: a granted frame belongs to another guest. While it is mapped, the frame of
 * ours that it is mapped over has its number, marked as foreign, so that nobody takes it
 * for memory of ours.
 */
#include <linux/export.h>
#include <linux/mm.h>

#include <xen/grant_table.h>
#include <xen/swiotlb-xen.h>
#include <xen/xen-ops.h>
#include <asm/xen/page.h>

#include "hypercall-stubs/xen.h"
#include "xpv.h"

/* The machine frame that a grant was mapped from. */
static unsigned long xpv_granted_frame(const struct gnttab_map_grant_ref *map)
{
	const pte_t *pte;

	if (!(map->flags & GNTMAP_contains_pte))
		return PFN_DOWN(map->dev_bus_addr);
	/* host_addr is the machine address of the entry that Xen has written. */
	pte = mfn_to_virt(PFN_DOWN(map->host_addr)) + offset_in_page(map->host_addr);
	return pte_mfn(*pte);
}

/* Undo one mapping that can't be accounted for. */
static void xpv_unmap_grant(struct gnttab_map_grant_ref *map)
{
	struct gnttab_unmap_grant_ref unmap = {
		.host_addr = map->host_addr,
		.dev_bus_addr = map->flags & GNTMAP_device_map ? map->dev_bus_addr : 0,
		.handle = map->handle,
	};

	map->status = GNTST_general_error;
	map->handle = INVALID_GRANT_HANDLE;
	if (hcall_grant_unmap(&unmap, 1) || unmap.status)
		pr_err("grant %u of domain %u stays mapped: %d\n", map->ref, map->dom,
		       unmap.status);
}

/**
 * set_foreign_p2m_mapping() - account for grants that were mapped over pages of ours
 * @map_ops: mappings made; those that failed have a status
 * @kmap_ops: mappings of the same grants into the kernel, still to be made, or NULL
 * @pages: the pages, without memory of their own
 * @count: of each
 *
 * Return: 0 or a negative errno.
 */
int set_foreign_p2m_mapping(struct gnttab_map_grant_ref *map_ops,
			    struct gnttab_map_grant_ref *kmap_ops, struct page **pages,
			    unsigned int count)
{
	unsigned int i;
	int rc;

	if (kmap_ops) {
		rc = hcall_grant_map(kmap_ops, count);
		if (rc)
			return rc;
	}
	for (i = 0; i < count; i++) {
		if (map_ops[i].status || (kmap_ops && kmap_ops[i].status))
			continue;
		if (set_phys_to_machine(page_to_pfn(pages[i]),
					FOREIGN_FRAME(xpv_granted_frame(&map_ops[i]))))
			continue;
		if (kmap_ops)
			xpv_unmap_grant(&kmap_ops[i]);
		xpv_unmap_grant(&map_ops[i]);
	}
	return 0;
}

/**
 * clear_foreign_p2m_mapping() - undo set_foreign_p2m_mapping()
 * @unmap_ops: mappings that were undone
 * @kunmap_ops: those of the kernel, still to be undone, or NULL
 * @pages: the pages
 * @count: of each
 *
 * Return: 0, -EINVAL when one of @pages had no foreign frame, or Xen's errno.
 */
int clear_foreign_p2m_mapping(struct gnttab_unmap_grant_ref *unmap_ops,
			      struct gnttab_unmap_grant_ref *kunmap_ops, struct page **pages,
			      unsigned int count)
{
	unsigned int i;
	int rc = 0, failed = 0;

	for (i = 0; i < count; i++) {
		unsigned long pfn = page_to_pfn(pages[i]), entry = __pfn_to_mfn(pfn);

		if (entry != INVALID_P2M_ENTRY && (entry & FOREIGN_FRAME_BIT))
			set_phys_to_machine(pfn, INVALID_P2M_ENTRY);
		else
			failed = -EINVAL;
	}
	if (kunmap_ops)
		rc = hcall_grant_unmap(kunmap_ops, count);
	return rc ? rc : failed;
}

/* Mapping another guest's frames by number is for a toolstack, which this guest has not. */
int xen_remap_pfn(struct vm_area_struct *vma, unsigned long addr, xen_pfn_t *pfn, int nr,
		  int *err_ptr, pgprot_t prot, unsigned int domid, bool no_translate)
{
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(xen_remap_pfn);

int xen_unmap_domain_gfn_range(struct vm_area_struct *vma, int nr, struct page **pages)
{
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(xen_unmap_domain_gfn_range);

/* Contiguous machine memory is for devices passed through, which this guest has not. */
int xen_create_contiguous_region(phys_addr_t start, unsigned int order,
				 unsigned int address_bits, dma_addr_t *handle)
{
	return -EOPNOTSUPP;
}

void xen_destroy_contiguous_region(phys_addr_t start, unsigned int order)
{
}
