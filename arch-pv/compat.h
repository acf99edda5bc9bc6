/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that the image is built of, in C; compat-asm.h has what
 * assembly needs. The version is asked for in these two and in the Makefile, which takes one
 * file for each of them where whole structures part, and nowhere else.
 */
#ifndef _ARCH_PV_COMPAT_H
#define _ARCH_PV_COMPAT_H

#include <linux/console.h>
#include <linux/cpuhotplug.h>
#include <linux/cpu.h>
#include <linux/mm.h>
#include <linux/version.h>

#include <asm/desc.h>
#include <asm/mmu_context.h>
#include <asm/mtrr.h>
#include <asm/paravirt.h>
#include <asm/pvclock.h>
#include <asm/smp.h>
#include <asm/tlbflush.h>

#define PV_LINUX_IS(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(major, (minor) + 1, 0))

#if PV_LINUX_IS(6, 1)

#define pv_bug_func		paravirt_BUG
#define pv_nop_func		paravirt_nop
#define pv_load_gdt_and_percpu	switch_to_new_gdt
#define pv_pvclock_read		pvclock_clocksource_read
#define PV_SPLIT_PTE_LOCKS	USE_SPLIT_PTE_PTLOCKS

/* Whoever asks for the scheduler's clock may be moved to another CPU meanwhile. */
#define pv_sched_clock_begin()	preempt_disable_notrace()
#define pv_sched_clock_end()	preempt_enable_notrace()

static inline spinlock_t *pv_pte_lock(struct page *table)
{
	return ptlock_ptr(table);
}

static inline void pv_leave_mm(void)
{
	leave_mm(smp_processor_id());
}

static inline bool pv_has_console(void)
{
	return console_drivers;
}

/* Before a new address space is used: by exec, and by fork. */
#define PV_ENTER_MMAP_HOOKS(enter) \
static void pv_activate_mm(struct mm_struct *prev, struct mm_struct *next) \
{ \
	enter(next); \
} \
static void pv_dup_mmap(struct mm_struct *oldmm, struct mm_struct *mm) \
{ \
	enter(mm); \
} \
static void __init pv_set_enter_mmap(struct pv_mmu_ops *ops) \
{ \
	ops->activate_mm = pv_activate_mm; \
	ops->dup_mmap = pv_dup_mmap; \
}

#ifdef CONFIG_SMP
/* On the CPU itself: it runs; it is to be seen as up. */
static inline void pv_cpu_is_alive(void) { }

static inline void pv_cpu_is_online(unsigned int cpu)
{
	cpu_set_state_online(cpu);
}

/* Of a CPU's place in the host nothing is known. */
static inline void pv_cpu_has_no_cores(unsigned int cpu)
{
	cpu_data(cpu).x86_max_cores = 1;
}
#endif

static inline void pv_memory_is_cached(void) { }

#elif PV_LINUX_IS(6, 12)

#define pv_bug_func		BUG_func
#define pv_nop_func		nop_func
#define pv_load_gdt_and_percpu	switch_gdt_and_percpu_base
/* The other warns, which instruments. */
#define pv_pvclock_read		pvclock_clocksource_read_nowd
#define PV_SPLIT_PTE_LOCKS	IS_ENABLED(CONFIG_SPLIT_PTE_PTLOCKS)

/* sched_clock() has seen to it that the CPU stays the same. */
static __always_inline void pv_sched_clock_begin(void) { }
static __always_inline void pv_sched_clock_end(void) { }

static inline spinlock_t *pv_pte_lock(struct page *table)
{
	return ptlock_ptr(page_ptdesc(table));
}

static inline void pv_leave_mm(void)
{
	leave_mm();
}

static inline bool pv_has_console(void)
{
	return !hlist_empty(&console_list);
}

#define PV_ENTER_MMAP_HOOKS(enter) \
static void __init pv_set_enter_mmap(struct pv_mmu_ops *ops) \
{ \
	ops->enter_mmap = enter; \
}

#ifdef CONFIG_SMP
/* Waits here for its turn. */
static inline void pv_cpu_is_alive(void)
{
	cpuhp_ap_sync_alive();
}

static inline void pv_cpu_is_online(unsigned int cpu) { }
static inline void pv_cpu_has_no_cores(unsigned int cpu) { }
#endif

/* There are no MTRRs to say so. */
static inline void pv_memory_is_cached(void)
{
	guest_force_mtrr_state(NULL, 0, MTRR_TYPE_WRBACK);
}

#else
#error "arch-pv is not for this kernel: scripts/image names those that it is for"
#endif

#endif
