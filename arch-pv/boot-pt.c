// SPDX-License-Identifier: GPL-2.0
/*
 * The first page tables of our own, made of those that head_64.S has laid out, two that we
 * have for the direct map, and those that the domain builder left.
 *
 *	init_top_pgt				      builder's root
 *	 [273] xpv_direct_l3			       [511]
 *	        [0] xpv_direct_l2      ---copy of---.     [510]
 *	 [511] level3_kernel_pgt		    `----> L2 --> L1 tables, shared
 *	        [510] level2_kernel_pgt ---copy of-'
 *	        [511] level2_fixmap_pgt --> level1_fixmap_pgt
 *
 * So direct map and kernel map share the builder's last-level tables: a page that is made
 * read-only at one address is so at the other. Kernel addresses may be executed and the
 * direct map's not, which is said one level up, in the copies.
 *
 * Xen's rule: the moment the root is pinned, Xen checks all of the tree, and one writable
 * mapping of one table fails it, with the reason on Xen's console only.
 */
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>

#include <xen/xen.h>
#include <asm/page.h>
#include <asm/pgtable.h>

#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

/* The direct map's. head_64.S has such tables in some kernels, and a root that names them. */
static pud_t xpv_direct_l3[PTRS_PER_PUD] __page_aligned_bss;
static pmd_t xpv_direct_l2[PTRS_PER_PMD] __page_aligned_bss;

/* The kernel's own address of a table that an entry points to. */
static void *__init xpv_table_of(u64 entry)
{
	return (void *)(__START_KERNEL_map + (pgd_val(native_make_pgd(entry)) & PTE_PFN_MASK));
}

/* head_64.S can only write frames of the guest. */
static void __init xpv_translate(void *table)
{
	pgd_t *entry = table;
	unsigned int i;

	for (i = 0; i < PTRS_PER_PGD; i++)
		entry[i] = __pgd(native_pgd_val(entry[i]));
}

static void __init xpv_make_readonly(void *table)
{
	pte_t pte = pfn_pte(PFN_DOWN(__pa(table)), PAGE_KERNEL_RO);

	hcall_must(hcall_update_va_mapping((unsigned long)table, pte, UVMF_NONE));
}

static void __init xpv_adopt_builder_l2(void)
{
	u64 *root = (u64 *)xen_start_info->pt_base;
	u64 *l3 = xpv_table_of(root[pgd_index(__START_KERNEL_map)]);
	pmd_t *l2 = xpv_table_of(l3[pud_index(__START_KERNEL_map)]);
	unsigned int i;

	copy_page(level2_kernel_pgt, l2);
	copy_page(xpv_direct_l2, l2);
	for (i = 0; i < PTRS_PER_PMD; i++)
		if (native_pmd_val(xpv_direct_l2[i]) & _PAGE_PRESENT)
			xpv_direct_l2[i].pmd |= _PAGE_NX & __supported_pte_mask;
}

static void __init xpv_fill_root(void)
{
	clear_page(init_top_pgt);
	init_top_pgt[pgd_index(__PAGE_OFFSET_BASE_L4)] =
		__pgd(__pa_symbol(xpv_direct_l3) | _KERNPG_TABLE_NOENC);
	init_top_pgt[pgd_index(__START_KERNEL_map)] =
		__pgd(__pa_symbol(level3_kernel_pgt) | _PAGE_TABLE_NOENC);
	xpv_direct_l3[0] = __pud(__pa_symbol(xpv_direct_l2) | _KERNPG_TABLE_NOENC);
}

/* A page shared with the toolstack, which a guest without that service does not have. */
static void __init xpv_reserve_mfn(unsigned long mfn)
{
	if (mfn)
		memblock_reserve(PFN_PHYS(mfn_to_pfn(mfn)), PAGE_SIZE);
}

/* Memory that is in use without any of the kernel's own accounts saying so. */
static void __init xpv_reserve_builder_pages(void)
{
	memblock_reserve(__pa(xen_start_info->pt_base), PFN_PHYS(xen_start_info->nr_pt_frames));
	memblock_reserve(__pa(xen_start_info->mfn_list),
			 PAGE_ALIGN(xen_start_info->nr_pages * sizeof(unsigned long)));
	memblock_reserve(__pa(xen_start_info), PAGE_SIZE);
	xpv_reserve_mfn(xen_start_info->store_mfn);
	xpv_reserve_mfn(xen_start_info->console.domU.mfn);
}

/* The kernel map loses all but the kernel soon, see cleanup_highmap(). */
static void __init xpv_move_to_direct_map(void)
{
	xen_start_info->pt_base = (unsigned long)__va(__pa(xen_start_info->pt_base));
	xen_start_info->mfn_list = (unsigned long)__va(__pa(xen_start_info->mfn_list));
	xen_p2m_addr = (unsigned long *)xen_start_info->mfn_list;
	xen_start_info = __va(__pa(xen_start_info));
}

/**
 * xpv_boot_pagetable() - switch from the builder's page tables to the kernel's
 */
void __init xpv_boot_pagetable(void)
{
	void *const tables[] = {
		init_top_pgt, xpv_direct_l3, level3_kernel_pgt,
		xpv_direct_l2, level2_kernel_pgt, level2_fixmap_pgt,
	};
	unsigned long end = __pa(xen_start_info->pt_base) +
			    PFN_PHYS(xen_start_info->nr_pt_frames);
	unsigned long builder_root = pfn_to_mfn(PFN_DOWN(__pa(xen_start_info->pt_base)));
	unsigned int i;

	xpv_fill_root();
	xpv_translate(level3_kernel_pgt);
	xpv_translate(level2_fixmap_pgt);
	xpv_adopt_builder_l2();

	for (i = 0; i < ARRAY_SIZE(tables); i++)
		xpv_make_readonly(tables[i]);
	for (i = 0; i < FIXMAP_PMD_NUM; i++)
		xpv_make_readonly(level1_fixmap_pgt + i * PTRS_PER_PTE);

	hcall_must(hcall_mmuext(mmuext_pin(4, virt_to_mfn(init_top_pgt))));
	xpv_write_cr3(__pa_symbol(init_top_pgt));
	hcall_must(hcall_mmuext(mmuext_unpin(builder_root)));
	xpv_vsyscall_init();

	/* The builder maps on to the next multiple of 4 MB. */
	max_pfn_mapped = min(ALIGN(PFN_UP(end), PFN_DOWN(SZ_4M)), xen_start_info->nr_pages);
	xpv_reserve_builder_pages();
	xpv_move_to_direct_map();
}
