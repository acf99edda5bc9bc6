// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of page tables, TLBs, the roots of a CPU, the fixmap.
 *
 * Xen's rule: the hardware walks the very tables that the guest wrote, so entries hold
 * machine frames, and a table in use is read-only and changes by hypercall. Elsewhere
 * the kernel thinks in its own frames, so each entry is translated when it is made and
 * when it is looked at. There are two roots for each address space: the kernel's, and
 * one without kernel addresses, which Xen loads while user code runs.
 *
 * pin.c tells when a table comes into use; PagePinned of its page says that it is.
 */
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/mm.h>
#include <linux/percpu.h>

#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/paravirt.h>
#include <asm/pgtable.h>
#include <asm/tlb.h>
#include <asm/tlbflush.h>
#include <xen/xen-ops.h>

#include <../mm/mm_internal.h>

#include "hypercall-stubs/batch.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

/* The kernel's root that Xen has for this CPU: a physical address. */
DEFINE_PER_CPU(unsigned long, xpv_cr3);

/* Whether pages have a struct page. Before that, each table is in use. */
DEFINE_STATIC_KEY_FALSE(xpv_have_pages);

/* What reads as "nothing there" in place of an APIC. */
static u8 xpv_no_apic[PAGE_SIZE] __page_aligned_bss;

/* Set in flush_tlb_multi with interrupts off. */
static DEFINE_PER_CPU(struct cpumask, xpv_flush_mask);

/* All levels of entries are translated alike. */
static __always_inline u64 xpv_entry_to_pfn(u64 entry)
{
	unsigned long pfn;

	if (!(entry & _PAGE_PRESENT))
		return entry;
	pfn = mfn_to_pfn((entry & XEN_PTE_MFN_MASK) >> PAGE_SHIFT);
	if (unlikely(pfn == ~0UL))
		return (entry & PTE_FLAGS_MASK) & ~_PAGE_PRESENT;
	return PFN_PHYS(pfn) | (entry & PTE_FLAGS_MASK);
}

static __always_inline u64 xpv_entry_to_mfn(u64 entry)
{
	unsigned long mfn;

	if (!(entry & _PAGE_PRESENT))
		return entry;
	/* A frame that was given back to Xen can't be mapped. */
	mfn = pfn_to_mfn((entry & PTE_PFN_MASK) >> PAGE_SHIFT);
	if (unlikely(mfn == INVALID_P2M_ENTRY))
		return 0;
	return PFN_PHYS(mfn) | (entry & PTE_FLAGS_MASK);
}

__visible u64 xpv_entry_val(u64 entry)
{
	return xpv_entry_to_pfn(entry);
}

PV_CALLEE_SAVE_REGS_THUNK(xpv_entry_val);

__visible u64 xpv_entry_make(u64 entry)
{
	return xpv_entry_to_mfn(entry);
}

PV_CALLEE_SAVE_REGS_THUNK(xpv_entry_make);

static bool xpv_table_in_use(const void *entry)
{
	return !static_branch_likely(&xpv_have_pages) || PagePinned(virt_to_page(entry));
}

/*
 * Straight to Xen, unless changes are collected: then it has its place among them. @caller is
 * the kernel's, who has called a hook of this file.
 */
static void xpv_mmu_update(struct mmu_update update, unsigned long caller)
{
	int rc;

	if (xpv_hold_if_lazy()) {
		hbatch_mmu_update_for(&update, caller);
		return;
	}
	rc = hcall_mmu_update(&update, 1, NULL);
	if (unlikely(rc))
		hbatch_refused(__HYPERVISOR_mmu_update, update.ptr, update.val, rc, caller);
}

static void xpv_mmuext(struct mmuext_op op, unsigned long caller)
{
	int rc;

	if (xpv_hold_if_lazy()) {
		hbatch_mmuext_for(&op, caller);
		return;
	}
	rc = hcall_mmuext(op);
	if (unlikely(rc))
		hbatch_refused(__HYPERVISOR_mmuext_op, op.cmd, op.arg1.linear_addr, rc, caller);
}

static void xpv_set_entry(void *entry, u64 val, unsigned long caller)
{
	xpv_mmu_update(mmu_set(xpv_machine_address(entry), val), caller);
}

static void xpv_set_pte(pte_t *ptep, pte_t pte)
{
	trace_xen_mmu_set_pte(ptep, pte);
	if (xpv_table_in_use(ptep))
		xpv_set_entry(ptep, pte.pte, _RET_IP_);
	else
		native_set_pte(ptep, pte);
}

/*
 * Tables for the direct map are filled before they come into use, as ordinary memory. A
 * store into one that is in use faults, and Xen carries it out; only the slots of
 * early_ioremap() are rewritten often enough to be worth a hypercall.
 */
static void __init xpv_set_pte_boot(pte_t *ptep, pte_t pte)
{
	if (is_early_ioremap_ptep(ptep))
		xpv_set_entry(ptep, pte.pte, _RET_IP_);
	else
		native_set_pte(ptep, pte);
}

static void xpv_set_pmd(pmd_t *pmdp, pmd_t pmd)
{
	trace_xen_mmu_set_pmd(pmdp, pmd);
	if (xpv_table_in_use(pmdp))
		xpv_set_entry(pmdp, pmd.pmd, _RET_IP_);
	else
		*pmdp = pmd;
}

static void xpv_set_pud(pud_t *pudp, pud_t pud)
{
	trace_xen_mmu_set_pud(pudp, pud);
	if (xpv_table_in_use(pudp))
		xpv_set_entry(pudp, pud.pud, _RET_IP_);
	else
		*pudp = pud;
}

/* The user's root has the same entries, for user addresses. */
static void xpv_set_p4d(p4d_t *p4dp, p4d_t p4d)
{
	pgd_t *user = NULL;

	if (static_branch_likely(&xpv_have_pages))
		user = xpv_user_pgd((pgd_t *)p4dp);
	trace_xen_mmu_set_p4d(p4dp, (p4d_t *)user, p4d);
	if (!xpv_table_in_use(p4dp)) {
		*p4dp = p4d;
		if (user)
			user->pgd = native_p4d_val(p4d);
		return;
	}
	if (!user) {
		xpv_set_entry(p4dp, native_p4d_val(p4d), _RET_IP_);
	} else {
		unsigned long flags = hbatch_begin();

		hbatch_mmu_update(mmu_set(xpv_machine_address(p4dp), native_p4d_val(p4d)));
		hbatch_mmu_update(mmu_set(xpv_machine_address(user), native_p4d_val(p4d)));
		hbatch_end(flags);
	}
}

/* Nothing is cleared in between: the bits that hardware sets meanwhile are kept. */
static pte_t xpv_modify_prot_start(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	trace_xen_mmu_ptep_modify_prot_start(vma->vm_mm, addr, ptep, *ptep);
	return *ptep;
}

static void xpv_modify_prot_commit(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep,
				   pte_t pte)
{
	trace_xen_mmu_ptep_modify_prot_commit(vma->vm_mm, addr, ptep, pte);
	xpv_mmu_update(mmu_set_keep_ad(xpv_machine_address(ptep), pte.pte), _RET_IP_);
}

static noinstr void xpv_write_cr2(unsigned long cr2)
{
	this_cpu_read(xen_vcpu)->arch.cr2 = cr2;
}

static unsigned long xpv_read_cr3(void)
{
	return this_cpu_read(xpv_cr3);
}

/**
 * xpv_write_cr3() - switch this CPU to another address space
 * @cr3: physical address of the kernel's root
 *
 * It is sent before this returns, after all that was collected: when another CPU asks what this
 * one has loaded, xpv_cr3 is the answer.
 */
void xpv_write_cr3(unsigned long cr3)
{
	unsigned long flags = hbatch_begin();
	pgd_t *user = NULL;

	if (static_branch_likely(&xpv_have_pages))
		user = xpv_user_pgd(__va(cr3));
	trace_xen_mmu_write_cr3(true, cr3);
	hbatch_mmuext(mmuext_new_baseptr(pfn_to_mfn(PFN_DOWN(cr3))));
	if (static_branch_likely(&xpv_have_pages)) {
		trace_xen_mmu_write_cr3(false, user ? __pa(user) : 0);
		hbatch_mmuext(mmuext_new_user_baseptr(user ? virt_to_mfn(user) : 0));
	}
	hbatch_flush();
	this_cpu_write(xpv_cr3, cr3);
	hbatch_end(flags);
}

/**
 * xpv_cr3_set() - note the root that another CPU will start with
 * @cpu: the CPU
 * @cr3: physical address of the root
 */
void xpv_cr3_set(unsigned int cpu, unsigned long cr3)
{
	per_cpu(xpv_cr3, cpu) = cr3;
}

static void xpv_flush_tlb(void)
{
	xpv_mmuext(mmuext_flush_local(), _RET_IP_);
}

static void xpv_flush_tlb_one(unsigned long addr)
{
	trace_xen_mmu_flush_tlb_one_user(addr);
	xpv_mmuext(mmuext_invlpg_local(addr), _RET_IP_);
}

/* Xen skips CPUs that do not run; it flushes them when they do again. */
static void xpv_flush_tlb_multi(const struct cpumask *cpus, const struct flush_tlb_info *info)
{
	struct cpumask *mask;
	unsigned long flags;

	trace_xen_mmu_flush_tlb_multi(cpus, info->mm, info->start, info->end);
	flags = hbatch_begin();
	mask = this_cpu_ptr(&xpv_flush_mask);
	cpumask_and(mask, cpus, cpu_online_mask);
	if (info->end != TLB_FLUSH_ALL && info->end - info->start <= PAGE_SIZE)
		hbatch_mmuext(mmuext_invlpg_multi(info->start, cpumask_bits(mask)));
	else
		hbatch_mmuext(mmuext_flush_multi(cpumask_bits(mask)));
	hbatch_flush();
	hbatch_end(flags);
}

/**
 * xpv_set_protection() - change how a page is mapped at one address
 * @va: the address, which has a mapping in the kernel's part of the current page table
 * @prot: PAGE_KERNEL or PAGE_KERNEL_RO
 */
void xpv_set_protection(void *va, pgprot_t prot)
{
	unsigned int level;
	pte_t *ptep = lookup_address((unsigned long)va, &level);
	u64 pte = ptep->pte;

	/* Not dirty without being writable, which is how the kernel marks shadow stacks. */
	if (pgprot_val(prot) & _PAGE_RW)
		pte |= _PAGE_RW;
	else
		pte &= ~(u64)(_PAGE_RW | _PAGE_DIRTY);
	hcall_must(hcall_update_va_mapping((unsigned long)va, native_make_pte(pte), UVMF_NONE));
}

/**
 * arbitrary_virt_to_machine() - the machine address of any kernel address
 * @vaddr: in the direct map, the kernel image or vmalloc space
 *
 * Return: the machine address.
 */
xmaddr_t arbitrary_virt_to_machine(void *vaddr)
{
	unsigned int level;

	if (virt_addr_valid(vaddr))
		return XMADDR(xpv_machine_address(vaddr));
	return XMADDR(PFN_PHYS(pte_mfn(*lookup_address((unsigned long)vaddr, &level))) |
		      offset_in_page(vaddr));
}
EXPORT_SYMBOL_GPL(arbitrary_virt_to_machine);

/**
 * arbitrary_virt_to_mfn() - the machine frame behind any kernel address
 * @vaddr: in the direct map, the kernel image or vmalloc space
 *
 * Return: the machine frame.
 */
unsigned long arbitrary_virt_to_mfn(void *vaddr)
{
	return PFN_DOWN(arbitrary_virt_to_machine(vaddr).maddr);
}
EXPORT_SYMBOL_GPL(arbitrary_virt_to_mfn);

/* Some slots are given frames of the guest, some what Xen calls a frame. */
static void xpv_set_fixmap(unsigned int slot, phys_addr_t phys, pgprot_t prot)
{
	unsigned long va = __fix_to_virt(slot);
	pte_t pte;

	switch (slot) {
	case FIX_BTMAP_END ... FIX_BTMAP_BEGIN:
#ifdef CONFIG_X86_VSYSCALL_EMULATION
	case VSYSCALL_PAGE:
#endif
		pte = pfn_pte(PFN_DOWN(phys), prot);
		break;
	case FIX_APIC_BASE:
#ifdef CONFIG_X86_IO_APIC
	case FIX_IO_APIC_BASE_0 ... FIX_IO_APIC_BASE_END:
#endif
		pte = pfn_pte(PFN_DOWN(__pa_symbol(xpv_no_apic)), PAGE_KERNEL_RO);
		break;
	default:
		pte = mfn_pte(PFN_DOWN(phys), prot);
		break;
	}
	hcall_must(hcall_update_va_mapping(va, pte, UVMF_INVLPG | UVMF_ALL));
#ifdef CONFIG_X86_VSYSCALL_EMULATION
	if (slot == VSYSCALL_PAGE)
		xpv_vsyscall_set(va, pte);
#endif
}

/* The direct map is complete: most tables that are written to now are in use. */
static void __init xpv_pagetable_init(void)
{
	pv_ops.mmu.set_pte = xpv_set_pte;
	paging_init();
	xpv_p2m_grow(xen_max_p2m_pfn);
	xpv_memory_fill();
	xpv_p2m_map();
	xpv_p2m_publish();
}

/**
 * xpv_mmu_init_early() - take over page tables, before the first entry is written
 */
void __init xpv_mmu_init_early(void)
{
	struct pv_mmu_ops *ops = &pv_ops.mmu;

	ops->read_cr2 = __PV_IS_CALLEE_SAVE(xpv_read_cr2_early);
	ops->write_cr2 = xpv_write_cr2;
	ops->read_cr3 = xpv_read_cr3;
	ops->write_cr3 = xpv_write_cr3;

	ops->flush_tlb_user = xpv_flush_tlb;
	ops->flush_tlb_kernel = xpv_flush_tlb;
	ops->flush_tlb_one_user = xpv_flush_tlb_one;
	ops->flush_tlb_multi = xpv_flush_tlb_multi;
	/* Nobody is interrupted by a flush, so lockless walkers need freeing by RCU. */
	xpv_free_tables_by_rcu(ops);

	ops->set_pte = xpv_set_pte_boot;
	ops->set_pmd = xpv_set_pmd;
	ops->set_pud = xpv_set_pud;
	ops->set_p4d = xpv_set_p4d;
	ops->ptep_modify_prot_start = xpv_modify_prot_start;
	ops->ptep_modify_prot_commit = xpv_modify_prot_commit;
	ops->set_fixmap = xpv_set_fixmap;

	ops->pte_val = PV_CALLEE_SAVE(xpv_entry_val);
	ops->pmd_val = PV_CALLEE_SAVE(xpv_entry_val);
	ops->pud_val = PV_CALLEE_SAVE(xpv_entry_val);
	ops->pgd_val = PV_CALLEE_SAVE(xpv_entry_val);
	ops->make_pte = PV_CALLEE_SAVE(xpv_entry_make);
	ops->make_pmd = PV_CALLEE_SAVE(xpv_entry_make);
	ops->make_pud = PV_CALLEE_SAVE(xpv_entry_make);
	ops->make_pgd = PV_CALLEE_SAVE(xpv_entry_make);
#if CONFIG_PGTABLE_LEVELS >= 5
	ops->p4d_val = PV_CALLEE_SAVE(xpv_entry_val);
	ops->make_p4d = PV_CALLEE_SAVE(xpv_entry_make);
#endif

	xpv_pin_init();

	x86_init.paging.pagetable_init = xpv_pagetable_init;
	memset(xpv_no_apic, 0xff, sizeof(xpv_no_apic));

	/* One hypercall for each page costs more than to flush all. */
	tlb_single_page_flush_ceiling = 1;

	/* Xen would refuse a global page of a guest. */
	__supported_pte_mask &= ~_PAGE_GLOBAL;
	__default_kernel_pte_mask &= ~_PAGE_GLOBAL;
}
