// SPDX-License-Identifier: GPL-2.0
/*
 * The table from the guest's frames to machine frames.
 *
 * Xen's rule: the guest keeps this table itself, and the toolstack reads it when it saves
 * the guest and writes it when it restores it. So it must be found from the shared page:
 * as an address and a root to translate it with.
 *
 * The tools' rule: the address is a multiple of 1 GB. They take the end of the guest from
 * where the array's last-level tables stand in the table above, and compare the number of
 * the last one, counted from the array's first, with its place, counted from the table's
 * start (libxc's map_p2m_list(), and likewise where cores are written). Where these differ
 * they leave out the last GB that the array has entries for.
 *
 * One array in the direct map holds it all. The builder's is kept where it is unless the
 * guest may grow, for which the array needs more entries: 8 bytes for each page of maxmem,
 * beside the 64 that its struct page takes. For the tools its frames are mapped once more.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include <asm/pgalloc.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>

#include "hypercall-stubs/result.h"
#include "xpv.h"

unsigned long *xen_p2m_addr __read_mostly;
EXPORT_SYMBOL_GPL(xen_p2m_addr);
/* Frames that the array has an entry for. */
unsigned long xen_p2m_size __read_mostly;
EXPORT_SYMBOL_GPL(xen_p2m_size);
/* Frames that may ever be memory; more than xen_p2m_size until xpv_p2m_grow(). */
unsigned long xen_max_p2m_pfn __read_mostly;
EXPORT_SYMBOL_GPL(xen_max_p2m_pfn);

/* Where the tools find the array; nothing else uses this mapping. */
static struct vm_struct xpv_p2m_area = { .flags = VM_MAP };

/**
 * xpv_p2m_init_early() - use the builder's table
 */
void __init xpv_p2m_init_early(void)
{
	xen_p2m_addr = (unsigned long *)xen_start_info->mfn_list;
	xen_p2m_size = xen_start_info->nr_pages;
	xen_max_p2m_pfn = xen_start_info->nr_pages;
}

/**
 * xpv_p2m_grow() - make room for memory that the guest may get
 * @pages: frames, from 0 on
 */
void __init xpv_p2m_grow(unsigned long pages)
{
	size_t old_bytes = PAGE_ALIGN(xen_p2m_size * sizeof(unsigned long));
	size_t bytes = PAGE_ALIGN(pages * sizeof(unsigned long));
	unsigned long *old = xen_p2m_addr, *table;

	if (pages <= xen_p2m_size)
		return;
	table = memblock_alloc(bytes, PAGE_SIZE);
	if (!table)
		panic("no %zu KB for the frame table of %lu MB (maxmem); give the guest more memory or a lower maxmem\n",
		      bytes >> 10, pages >> (20 - PAGE_SHIFT));
	memset(table, 0xff, bytes);
	memcpy(table, old, xen_p2m_size * sizeof(*table));
	xen_p2m_addr = table;
	/* Pairs with nothing: one CPU runs. The order is for NMI handlers. */
	barrier();
	xen_p2m_size = pages;
	xen_start_info->mfn_list = (unsigned long)table;
	memblock_free(old, old_bytes);
}

/* A last-level table for some of the array's frames, complete before it comes into use. */
static void __init xpv_p2m_map_part(unsigned long va, unsigned long pfn, unsigned long pages)
{
	pte_t *table = memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	unsigned long i;

	if (!table)
		panic("no memory for a page table of the frame table\n");
	for (i = 0; i < pages; i++)
		table[i] = pfn_pte(pfn + i, PAGE_KERNEL_RO);
	pmd_populate_kernel(&init_mm, populate_extra_pmd(va), table);
}

/**
 * xpv_p2m_map() - map the table where the toolstack can count it
 *
 * Context: the table has its final place and size; before vmalloc() works.
 */
void __init xpv_p2m_map(void)
{
	unsigned long pages = PFN_UP(xen_p2m_size * sizeof(unsigned long));
	unsigned long pfn = PFN_DOWN(__pa(xen_p2m_addr)), done, va;

	xpv_p2m_area.size = PFN_PHYS(pages);
	vm_area_register_early(&xpv_p2m_area, PUD_SIZE);
	va = (unsigned long)xpv_p2m_area.addr;
	for (done = 0; done < pages; done += PTRS_PER_PTE)
		xpv_p2m_map_part(va + PFN_PHYS(done), pfn + done,
				 min(pages - done, (unsigned long)PTRS_PER_PTE));
}

/**
 * xpv_p2m_publish() - tell the toolstack where the table is
 *
 * Context: at boot, and after a restore.
 */
void xpv_p2m_publish(void)
{
	struct arch_shared_info *arch = &HYPERVISOR_shared_info->arch;

	arch->max_pfn = xen_p2m_size;
	/* There is no tree of frames, only the array. */
	arch->pfn_to_mfn_frame_list_list = ~0UL;
	arch->p2m_generation = 0;
	arch->p2m_vaddr = (unsigned long)xpv_p2m_area.addr;
	arch->p2m_cr3 = xen_pfn_to_cr3(virt_to_mfn(swapper_pg_dir));
}

/**
 * get_phys_to_machine() - the entry of a frame that has no machine frame, or no entry
 * @pfn: the frame
 *
 * Return: the entry, INVALID_P2M_ENTRY when there is no memory, the same number marked as
 * such beyond all memory.
 */
unsigned long get_phys_to_machine(unsigned long pfn)
{
	if (pfn < xen_p2m_size)
		return READ_ONCE(xen_p2m_addr[pfn]);
	return pfn < xen_max_p2m_pfn ? INVALID_P2M_ENTRY : IDENTITY_FRAME(pfn);
}
EXPORT_SYMBOL_GPL(get_phys_to_machine);

/**
 * __set_phys_to_machine() - set the entry of a frame
 * @pfn: the frame
 * @mfn: its machine frame, or INVALID_P2M_ENTRY
 *
 * Return: whether the frame has an entry, or needs none.
 */
bool __set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	if (pfn >= xen_p2m_size)
		return mfn == INVALID_P2M_ENTRY;
	WRITE_ONCE(xen_p2m_addr[pfn], mfn);
	return true;
}

/**
 * set_phys_to_machine() - __set_phys_to_machine() under its other name: all entries are there
 * @pfn: the frame
 * @mfn: its machine frame, or INVALID_P2M_ENTRY
 *
 * Return: false when @pfn is beyond maxmem.
 */
bool set_phys_to_machine(unsigned long pfn, unsigned long mfn)
{
	return __set_phys_to_machine(pfn, mfn);
}

/**
 * xen_alloc_p2m_entry() - make sure a frame has an entry
 * @pfn: the frame
 *
 * Return: 0, or -ENOMEM when it is beyond maxmem.
 */
int xen_alloc_p2m_entry(unsigned long pfn)
{
	return pfn < xen_p2m_size ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(xen_alloc_p2m_entry);
