/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that the image is built of, in C; compat-asm.h has what
 * assembly needs. The version is asked for in these two and in the Makefile, which takes one
 * file for each of them where whole structures part, and nowhere else.
 */
#ifndef _ARCH_PV_COMPAT_H
#define _ARCH_PV_COMPAT_H

#include <linux/version.h>

#include <asm/e820/api.h>
#include <asm/hardirq.h>
#include <asm/msr.h>
#include <asm/mwait.h>
#include <asm/paravirt.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/tlb.h>

#include "hypercall-stubs/batch.h"

#define XPV_LINUX_IS(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(major, (minor) + 1, 0))

#if !XPV_LINUX_IS(6, 12) && !XPV_LINUX_IS(7, 3)
#error "arch-pv is not for this kernel: scripts/image names those that it is for"
#endif

#if XPV_LINUX_IS(7, 3)

#include <asm/cpuid/api.h>

#define xpv_irq_count(what)	inc_irq_stat(what)

/* get_cpu_cap() looks into a table that this fills. */
static inline void xpv_cpuid_scan(struct cpuinfo_x86 *cpu)
{
	cpuid_scan_cpu(cpu);
}

/* A 32-bit program enters by syscall, or else by sysenter, or else by neither. */
static inline void xpv_no_syscall32(void)
{
	setup_clear_cpu_cap(X86_FEATURE_SYSCALL32);
}

static inline void xpv_no_sysenter32(void)
{
	if (!boot_cpu_has(X86_FEATURE_SYSCALL32))
		setup_clear_cpu_cap(X86_FEATURE_SYSFAST32);
}

static inline void xpv_e820_remove_ram(u64 start, u64 size)
{
	e820__range_remove(start, size, E820_TYPE_RAM);
}

static inline void xpv_no_io_delay(void)
{
	pv_info.io_delay = false;
}

#define XPV_MSR_HOOKS(read, write) \
static u64 xpv_msr_read_hook(u32 msr) \
{ \
	u64 val; \
	read(msr, &val); \
	return val; \
} \
static void xpv_msr_write_hook(u32 msr, u64 val) \
{ \
	write(msr, val); \
} \
static void __init xpv_set_msr_hooks(struct pv_cpu_ops *ops) \
{ \
	ops->read_msr = xpv_msr_read_hook; \
	ops->write_msr = xpv_msr_write_hook; \
	ops->read_msr_safe = read; \
	ops->write_msr_safe = write; \
}

static inline int xpv_native_read_msr(u32 msr, u64 *val)
{
	return native_read_msr_safe(msr, val);
}

static inline int xpv_native_write_msr(u32 msr, u64 val)
{
	return native_write_msr_safe(msr, val);
}

/*
 * lazy-7.3.c: whether a change of a page table is to be collected. The first one of a lazy section
 * is where holding begins.
 */
bool xpv_hold_if_lazy(void);

/* It always does. */
static inline void xpv_free_tables_by_rcu(struct pv_mmu_ops *ops) { }

#ifdef CONFIG_SMP
static inline void xpv_cpu_identify(unsigned int cpu)
{
	identify_secondary_cpu(cpu);
}

/* There is no list of LOCK prefixes, and none are taken out. */
static inline void xpv_drop_lock_prefixes(void) { }
#endif

#ifdef CONFIG_PARAVIRT_SPINLOCKS
#define XPV_LOCK_OPS		pv_ops_lock

static inline void xpv_lock_set_queue(void)
{
	static_call_update(queued_spin_lock_slowpath, __pv_queued_spin_lock_slowpath);
	static_call_update(queued_spin_unlock, __raw_callee_save___pv_queued_spin_unlock);
}
#endif

#else	/* 6.12 */

#define CPUID_LEAF_MWAIT	CPUID_MWAIT_LEAF
#define rdmsrq			rdmsrl
#define wrmsrq			wrmsrl

#define XPV_IRQ_RESCHEDULE	irq_resched_count
#define XPV_IRQ_CALL_FUNCTION	irq_call_count
#define XPV_IRQ_IRQ_WORK		apic_irq_work_irqs
#define XPV_IRQ_HYPERVISOR_CALLBACK irq_hv_callback_count
#define xpv_irq_count(what)	inc_irq_stat(XPV_IRQ_##what)

static inline void xpv_cpuid_scan(struct cpuinfo_x86 *cpu) { }

static inline void xpv_no_syscall32(void)
{
	setup_clear_cpu_cap(X86_FEATURE_SYSCALL32);
}

static inline void xpv_no_sysenter32(void)
{
	setup_clear_cpu_cap(X86_FEATURE_SYSENTER32);
}

static inline void xpv_e820_remove_ram(u64 start, u64 size)
{
	e820__range_remove(start, size, E820_TYPE_RAM, 1);
}

static inline void xpv_no_io_delay(void)
{
	pv_ops.cpu.io_delay = nop_func;
}

#define XPV_MSR_HOOKS(read, write) \
static u64 xpv_msr_read_safe_hook(unsigned int msr, int *err) \
{ \
	u64 val; \
	*err = read(msr, &val); \
	return val; \
} \
static int xpv_msr_write_safe_hook(unsigned int msr, unsigned int low, unsigned int high) \
{ \
	return write(msr, (u64)high << 32 | low); \
} \
static u64 xpv_msr_read_hook(unsigned int msr) \
{ \
	u64 val; \
	read(msr, &val); \
	return val; \
} \
static void xpv_msr_write_hook(unsigned int msr, unsigned int low, unsigned int high) \
{ \
	write(msr, (u64)high << 32 | low); \
} \
static void __init xpv_set_msr_hooks(struct pv_cpu_ops *ops) \
{ \
	ops->read_msr = xpv_msr_read_hook; \
	ops->write_msr = xpv_msr_write_hook; \
	ops->read_msr_safe = xpv_msr_read_safe_hook; \
	ops->write_msr_safe = xpv_msr_write_safe_hook; \
}

static inline int xpv_native_read_msr(u32 msr, u64 *val)
{
	int err;

	*val = native_read_msr_safe(msr, &err);
	return err;
}

static inline int xpv_native_write_msr(u32 msr, u64 val)
{
	return native_write_msr_safe(msr, val, val >> 32);
}

/* Whether a change of a page table is to be collected: holding began with the lazy section. */
static inline bool xpv_hold_if_lazy(void)
{
	return hbatch_held();
}

static inline void xpv_free_tables_by_rcu(struct pv_mmu_ops *ops)
{
	ops->tlb_remove_table = tlb_remove_table;
}

#ifdef CONFIG_SMP
static inline void xpv_cpu_identify(unsigned int cpu)
{
	smp_store_cpu_info(cpu);
}

/* lock-prefix.c */
void xpv_drop_lock_prefixes(void);
#endif

#ifdef CONFIG_PARAVIRT_SPINLOCKS
#define XPV_LOCK_OPS		pv_ops.lock

static inline void xpv_lock_set_queue(void)
{
	pv_ops.lock.queued_spin_lock_slowpath = __pv_queued_spin_lock_slowpath;
	pv_ops.lock.queued_spin_unlock = PV_CALLEE_SAVE(__pv_queued_spin_unlock);
}
#endif

#endif

#endif
