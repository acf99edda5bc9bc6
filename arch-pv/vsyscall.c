// SPDX-License-Identifier: GPL-2.0
/*
 * The vsyscall page: the one page of programs that is at a kernel address.
 *
 * Xen's rule: while a program runs, its own root is loaded, which has no kernel addresses. So all
 * these roots share one table that has nothing but this page.
 */
#include <linux/init.h>
#include <linux/mm.h>

#include <asm/page.h>
#include <asm/pgtable.h>
#include <asm/vsyscall.h>

#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

static pud_t xpv_vsyscall_l3[PTRS_PER_PUD] __page_aligned_bss;

/**
 * xpv_vsyscall_init() - have Xen know the table
 *
 * Context: the root of the kernel is loaded.
 */
void __init xpv_vsyscall_init(void)
{
	pte_t pte = pfn_pte(PFN_DOWN(__pa(xpv_vsyscall_l3)), PAGE_KERNEL_RO);

	hcall_must(hcall_update_va_mapping((unsigned long)xpv_vsyscall_l3, pte, UVMF_NONE));
	hcall_must(hcall_mmuext(mmuext_pin(3, virt_to_mfn(xpv_vsyscall_l3))));
}

/**
 * xpv_vsyscall_set() - map the page for programs, too
 * @va: its address
 * @pte: the entry that maps it
 */
void xpv_vsyscall_set(unsigned long va, pte_t pte)
{
	set_pte_vaddr_pud(xpv_vsyscall_l3, va, pte);
}

/**
 * xpv_vsyscall_entry() - the last entry of each program's root
 *
 * Return: the entry.
 */
pgd_t xpv_vsyscall_entry(void)
{
	return __pgd(__pa_symbol(xpv_vsyscall_l3) | _PAGE_TABLE);
}
