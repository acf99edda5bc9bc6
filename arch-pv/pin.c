// SPDX-License-Identifier: GPL-2.0
/*
 * When page tables come into use and go out of it.
 *
 * Xen's rule: a page is either writable or a page table, and only a tree that was checked
 * may be loaded. Checking a tree is called pinning; a pinned tree stays checked while it is
 * not loaded. So a new address space is filled as ordinary memory, pinned before its first
 * use, and unpinned before it is taken apart. Tables added in between go read-only one by
 * one.
 *
 * The lock of a last-level table is held from when it goes read-only until it is pinned: in
 * between, a store into it would be a real fault, not one that Xen carries out.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched/mm.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include <xen/page.h>
#include <asm/mmu_context.h>
#include <asm/paravirt.h>
#include <asm/pgalloc.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>

#include "hypercall-stubs/batch.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

#define USER_SLOTS	pgd_index(TASK_SIZE_MAX + PGDIR_SIZE - 1)

typedef void (*xpv_visit_fn)(struct page *table, unsigned int level, struct mm_struct *mm);

/**
 * xpv_user_pgd() - the entry of a user root that goes with one of the kernel's
 * @pgd: entry in the kernel's root of an address space
 *
 * Return: the entry, or NULL when there is none: a kernel address, or init_mm.
 */
pgd_t *xpv_user_pgd(const pgd_t *pgd)
{
	unsigned int slot = offset_in_page(pgd) / sizeof(*pgd);
	pgd_t *user = (pgd_t *)page_private(virt_to_page(pgd));

	return user && slot < USER_SLOTS ? user + slot : NULL;
}

/* Visits the tables below @table, children first. @level is that of @table. */
static void xpv_walk(const u64 *table, unsigned int level, unsigned int first, unsigned int end,
		     xpv_visit_fn visit, struct mm_struct *mm)
{
	unsigned int slot;
	void *child;

	for (slot = first; slot < end; slot++) {
		if (!(table[slot] & _PAGE_PRESENT))
			continue;
		child = __va(pgd_val(native_make_pgd(table[slot])) & PTE_PFN_MASK);
		if (level > 2)
			xpv_walk(child, level - 1, 0, PTRS_PER_PTE, visit, mm);
		visit(virt_to_page(child), level - 1, mm);
	}
}

static void xpv_protect(struct page *page, pgprot_t prot)
{
	hbatch_update_va_mapping((unsigned long)page_address(page),
				 pfn_pte(page_to_pfn(page), prot), UVMF_NONE);
}

static unsigned long xpv_page_mfn(struct page *page)
{
	return pfn_to_mfn(page_to_pfn(page));
}

static void xpv_unlock_table(void *lock)
	__releases(lock)
{
	spin_unlock(lock);
}

static spinlock_t *xpv_table_lock(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

/*
 * The batch has this many unlocked at the latest when 32 are held: preempt_count has room.
 *
 * PagePinned changes before the lock is taken, so one who has the lock may see it too early, and
 * both ways are good: a table that is not one yet Xen updates as ordinary memory, and a store into
 * one that still is faults, and Xen carries it out.
 */
static void xpv_lock_table(struct page *table, struct mm_struct *mm)
{
	spin_lock_nest_lock(xpv_table_lock(table), &mm->page_table_lock);
	__release(xpv_table_lock(table));	/* for sparse: the batch does it */
}

static void xpv_pin_table(struct page *table, unsigned int level, struct mm_struct *mm)
{
	if (TestSetPagePinned(table))
		return;
	if (level > 1 || !IS_ENABLED(CONFIG_SPLIT_PTE_PTLOCKS)) {
		xpv_protect(table, PAGE_KERNEL_RO);
		return;
	}
	xpv_lock_table(table, mm);
	xpv_protect(table, PAGE_KERNEL_RO);
	hbatch_mmuext(mmuext_pin(1, xpv_page_mfn(table)));
	hbatch_done(xpv_unlock_table, xpv_table_lock(table));
}

static void xpv_unpin_table(struct page *table, unsigned int level, struct mm_struct *mm)
{
	if (!TestClearPagePinned(table))
		return;
	if (level > 1 || !IS_ENABLED(CONFIG_SPLIT_PTE_PTLOCKS)) {
		xpv_protect(table, PAGE_KERNEL);
		return;
	}
	xpv_lock_table(table, mm);
	hbatch_mmuext(mmuext_unpin(xpv_page_mfn(table)));
	xpv_protect(table, PAGE_KERNEL);
	hbatch_done(xpv_unlock_table, xpv_table_lock(table));
}

static void xpv_pin_root(struct page *root)
{
	SetPagePinned(root);
	xpv_protect(root, PAGE_KERNEL_RO);
	hbatch_mmuext(mmuext_pin(4, xpv_page_mfn(root)));
}

static void xpv_unpin_root(struct page *root)
{
	hbatch_mmuext(mmuext_unpin(xpv_page_mfn(root)));
	ClearPagePinned(root);
	xpv_protect(root, PAGE_KERNEL);
}

/* The kernel's half is shared with init_mm and in use for ever. */
static void xpv_pin(struct mm_struct *mm, pgd_t *pgd)
{
	unsigned long flags = hbatch_begin();

	trace_xen_mmu_pgd_pin(mm, pgd);
	xpv_walk((u64 *)pgd, 4, 0, USER_SLOTS, xpv_pin_table, mm);
	xpv_pin_root(virt_to_page(pgd));
	xpv_pin_root(virt_to_page(xpv_user_pgd(pgd)));
	hbatch_end(flags);
}

static void xpv_unpin(struct mm_struct *mm, pgd_t *pgd)
{
	unsigned long flags = hbatch_begin();

	trace_xen_mmu_pgd_unpin(mm, pgd);
	xpv_unpin_root(virt_to_page(xpv_user_pgd(pgd)));
	xpv_unpin_root(virt_to_page(pgd));
	xpv_walk((u64 *)pgd, 4, 0, USER_SLOTS, xpv_unpin_table, mm);
	hbatch_end(flags);
}

static void xpv_pin_mm(struct mm_struct *mm)
{
	spin_lock(&mm->page_table_lock);
	if (!PagePinned(virt_to_page(mm->pgd)))
		xpv_pin(mm, mm->pgd);
	spin_unlock(&mm->page_table_lock);
}

static void xpv_leave_this_cpu(void *data)
{
	struct mm_struct *mm = data;

	if (this_cpu_read(cpu_tlbstate.loaded_mm) == mm)
		leave_mm();
}

static bool xpv_cpu_has_mm(int cpu, void *mm)
{
	return per_cpu(xpv_cr3, cpu) == __pa(((struct mm_struct *)mm)->pgd);
}

/* The last user is gone, but CPUs may have the root loaded still, out of laziness. */
static void xpv_exit_mmap(struct mm_struct *mm)
{
	preempt_disable();
	xpv_leave_this_cpu(mm);
	on_each_cpu_cond(xpv_cpu_has_mm, xpv_leave_this_cpu, mm, true);
	preempt_enable();

	spin_lock(&mm->page_table_lock);
	/* Not when exec or fork failed half-way. */
	if (PagePinned(virt_to_page(mm->pgd)))
		xpv_unpin(mm, mm->pgd);
	spin_unlock(&mm->page_table_lock);
}

static int xpv_pgd_alloc(struct mm_struct *mm)
{
	pgd_t *user = (pgd_t *)get_zeroed_page(GFP_KERNEL_ACCOUNT);

	if (!user)
		return -ENOMEM;
	user[PTRS_PER_PGD - 1] = xpv_vsyscall_entry();
	set_page_private(virt_to_page(mm->pgd), (unsigned long)user);
	return 0;
}

static void xpv_pgd_free(struct mm_struct *mm, pgd_t *pgd)
{
	struct page *page = virt_to_page(pgd);

	free_page(page_private(page));
	set_page_private(page, 0);
}

/* As the tracepoints count levels: from a root of five levels, which is 0. */
static unsigned int xpv_trace_level(unsigned int level)
{
	return 5 - level;
}

/* A table that is hung into a tree in use. */
static void xpv_alloc_table(struct mm_struct *mm, unsigned long pfn, unsigned int level)
{
	struct page *table = pfn_to_page(pfn);
	bool in_use = PagePinned(virt_to_page(mm->pgd));
	unsigned long flags;

	trace_xen_mmu_alloc_ptpage(mm, pfn, xpv_trace_level(level), in_use);
	if (!in_use || TestSetPagePinned(table))
		return;
	flags = hbatch_begin();
	xpv_protect(table, PAGE_KERNEL_RO);
	if (level == 1 && IS_ENABLED(CONFIG_SPLIT_PTE_PTLOCKS))
		hbatch_mmuext(mmuext_pin(1, xpv_page_mfn(table)));
	hbatch_end(flags);
}

/* A table that was taken out of one. */
static void xpv_release_table(unsigned long pfn, unsigned int level)
{
	struct page *table = pfn_to_page(pfn);
	bool in_use = TestClearPagePinned(table);
	unsigned long flags;

	trace_xen_mmu_release_ptpage(pfn, xpv_trace_level(level), in_use);
	if (!in_use)
		return;
	flags = hbatch_begin();
	if (level == 1 && IS_ENABLED(CONFIG_SPLIT_PTE_PTLOCKS))
		hbatch_mmuext(mmuext_unpin(xpv_page_mfn(table)));
	xpv_protect(table, PAGE_KERNEL);
	hbatch_end(flags);
}

static void xpv_alloc_pte(struct mm_struct *mm, unsigned long pfn)
{
	xpv_alloc_table(mm, pfn, 1);
}

static void xpv_alloc_pmd(struct mm_struct *mm, unsigned long pfn)
{
	xpv_alloc_table(mm, pfn, 2);
}

static void xpv_alloc_pud(struct mm_struct *mm, unsigned long pfn)
{
	xpv_alloc_table(mm, pfn, 3);
}

static void xpv_release_pte(unsigned long pfn)
{
	xpv_release_table(pfn, 1);
}

static void xpv_release_pmd(unsigned long pfn)
{
	xpv_release_table(pfn, 2);
}

static void xpv_release_pud(unsigned long pfn)
{
	xpv_release_table(pfn, 3);
}

/* Before there are struct pages, only init_mm exists, and it is in use. */
static void __init xpv_alloc_pte_boot(struct mm_struct *mm, unsigned long pfn)
{
	xpv_set_protection(__va(PFN_PHYS(pfn)), PAGE_KERNEL_RO);
	hcall_must(hcall_mmuext(mmuext_pin(1, pfn_to_mfn(pfn))));
}

static void __init xpv_alloc_upper_boot(struct mm_struct *mm, unsigned long pfn)
{
	xpv_set_protection(__va(PFN_PHYS(pfn)), PAGE_KERNEL_RO);
}

static void __init xpv_release_pte_boot(unsigned long pfn)
{
	hcall_must(hcall_mmuext(mmuext_unpin(pfn_to_mfn(pfn))));
	xpv_set_protection(__va(PFN_PHYS(pfn)), PAGE_KERNEL);
}

static void __init xpv_release_upper_boot(unsigned long pfn)
{
	xpv_set_protection(__va(PFN_PHYS(pfn)), PAGE_KERNEL);
}

static void __init xpv_note_pinned(struct page *table, unsigned int level, struct mm_struct *mm)
{
	SetPagePinned(table);
}

/* From now on PagePinned tells; what came into use before has it set here. */
static void __init xpv_after_bootmem(void)
{
	struct pv_mmu_ops *ops = &pv_ops.mmu;
	u64 *root = (u64 *)init_mm.pgd;

	xpv_walk(root, 4, 0, pgd_index(GUARD_HOLE_BASE_ADDR), xpv_note_pinned, &init_mm);
	xpv_walk(root, 4, pgd_index(GUARD_HOLE_END_ADDR), PTRS_PER_PGD, xpv_note_pinned, &init_mm);
	SetPagePinned(virt_to_page(root));
	static_branch_enable(&xpv_have_pages);

	ops->alloc_pte = xpv_alloc_pte;
	ops->alloc_pmd = xpv_alloc_pmd;
	ops->alloc_pud = xpv_alloc_pud;
	ops->release_pte = xpv_release_pte;
	ops->release_pmd = xpv_release_pmd;
	ops->release_pud = xpv_release_pud;
}

/**
 * xpv_pin_init() - take over the coming and going of page tables
 */
void __init xpv_pin_init(void)
{
	struct pv_mmu_ops *ops = &pv_ops.mmu;

	ops->enter_mmap = xpv_pin_mm;
	ops->exit_mmap = xpv_exit_mmap;
	ops->pgd_alloc = xpv_pgd_alloc;
	ops->pgd_free = xpv_pgd_free;

	ops->alloc_pte = xpv_alloc_pte_boot;
	ops->alloc_pmd = xpv_alloc_upper_boot;
	ops->alloc_pud = xpv_alloc_upper_boot;
	ops->release_pte = xpv_release_pte_boot;
	ops->release_pmd = xpv_release_upper_boot;
	ops->release_pud = xpv_release_upper_boot;

	x86_init.hyper.init_after_bootmem = xpv_after_bootmem;
}

/**
 * xpv_pin_all() - have the toolstack know all page tables, also those being built or taken apart
 *
 * Context: no other CPU runs.
 */
void xpv_pin_all(void)
{
	struct page *page;

	/* Whose tables they are is not known here. */
	spin_lock(&init_mm.page_table_lock);
	list_for_each_entry(page, &pgd_list, lru) {
		if (PagePinned(page))
			continue;
		xpv_pin(&init_mm, page_address(page));
		SetPageSavePinned(page);
	}
	spin_unlock(&init_mm.page_table_lock);
}

/**
 * xpv_unpin_all() - undo xpv_pin_all()
 *
 * Context: no other CPU runs.
 */
void xpv_unpin_all(void)
{
	struct page *page;

	spin_lock(&init_mm.page_table_lock);
	list_for_each_entry(page, &pgd_list, lru) {
		if (!PageSavePinned(page))
			continue;
		ClearPageSavePinned(page);
		xpv_unpin(&init_mm, page_address(page));
	}
	spin_unlock(&init_mm.page_table_lock);
}
