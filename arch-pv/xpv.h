/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this directory have of each other. Where a name begins with xen_, the
 * rest of Linux asks for it under that name.
 */
#ifndef _ARCH_PV_XPV_H
#define _ARCH_PV_XPV_H

#include <linux/init.h>
#include <linux/percpu.h>

#include <xen/interface/xen.h>
#include <xen/interface/vcpu.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>

#include "compat.h"

/* options.c */
int __init xpv_option_bool(const char *name, const char *arg, bool *value);
int __init xpv_option_number(const char *name, const char *arg, unsigned long min,
			     unsigned long max, unsigned long *value);

/* boot.c */
DECLARE_PER_CPU_ALIGNED(struct vcpu_info, xen_vcpu_info);
extern struct shared_info xpv_no_shared_info;
asmlinkage void xen_start_kernel(struct start_info *info);
void __init xpv_say(const char *text);

/* entry.S; functions first, then addresses to give to Xen */
unsigned long xpv_save_fl(void);
void xpv_irq_disable(void);
void xpv_irq_enable(void);
unsigned long xpv_read_cr2(void);
unsigned long xpv_read_cr2_early(void);
extern const char xpv_iret[], xpv_syscall[], xpv_syscall32[], xpv_sysenter32[];
extern const char xen_failsafe_callback[];
extern const char early_xen_iret_patch[];

/* cpu.c */
void __init xpv_cpu_init_early(void);
void __init xpv_cpu_init_caps(void);

/* fsgsbase.c */
void __init xpv_fsgsbase_init(void);
int xpv_read_user_gs(u64 *base);
int xpv_write_user_gs(u64 base);
void xpv_forget_user_gs(void);

/* desc.c */
void xpv_desc_make_readonly(void *va);
void __init xpv_desc_init_early(void);
void __init xpv_desc_release_boot_gdt(void);

/* traps.c */
/* entry_64.S calls this, no header has it. */
asmlinkage void xen_pv_evtchn_do_upcall(struct pt_regs *regs);
void __init xpv_traps_init_early(void);
void __init xpv_callbacks_init(void);
void xpv_callbacks_init_cpu(void);
void xpv_traps_copy(struct trap_info *traps);

/* irq.c */
void __init xpv_irq_init_early(void);
void __init xpv_irq_init_late(void);
void xpv_vcpu_info_place(unsigned int cpu);

/* mmu.c */
DECLARE_PER_CPU(unsigned long, xpv_cr3);
extern struct static_key_false xpv_have_pages;
void __init xpv_mmu_init_early(void);
void xpv_set_protection(void *va, pgprot_t prot);
void xpv_write_cr3(unsigned long cr3);
void xpv_cr3_set(unsigned int cpu, unsigned long cr3);

static inline u64 xpv_machine_address(const void *va)
{
	return PFN_PHYS(pfn_to_mfn(PFN_DOWN(__pa(va)))) | offset_in_page(va);
}

/* Called with all registers kept, through pv_ops and in the thunks. */
u64 xpv_entry_val(u64 entry);
u64 xpv_entry_make(u64 entry);

/* boot-pt.c */
void __init xpv_boot_pagetable(void);

/* vsyscall.c; without the page, no entry */
#ifdef CONFIG_X86_VSYSCALL_EMULATION
void __init xpv_vsyscall_init(void);
void xpv_vsyscall_set(unsigned long va, pte_t pte);
pgd_t xpv_vsyscall_entry(void);
#else
static inline void xpv_vsyscall_init(void) { }
static inline pgd_t xpv_vsyscall_entry(void) { return native_make_pgd(0); }
#endif

/* lazy.c */
void __init xpv_lazy_init(void);

/* pin.c */
void __init xpv_pin_init(void);
pgd_t *xpv_user_pgd(const pgd_t *pgd);
void xpv_pin_all(void);
void xpv_unpin_all(void);

/* p2m.c */
void __init xpv_p2m_init_early(void);
void __init xpv_p2m_grow(unsigned long pages);
void __init xpv_p2m_map(void);
void xpv_p2m_publish(void);

/* memory.c */
char *__init xpv_memory_setup(void);
void __init xpv_memory_fill(void);

/* time.c */
void __init xpv_time_init_early(void);
int xpv_timer_prepare(unsigned int cpu);
void xpv_timer_unprepare(unsigned int cpu);
void xpv_timer_start(void);
void xpv_time_suspend(void);
void xpv_time_resume(void);

/* apic.c */
void __init xpv_apic_init(void);

/* machine.c */
void __init xpv_machine_init(void);
void __init xpv_machine_init_late(void);
void __init xpv_early_console_init(void);
void xpv_die_early(void);

#ifdef CONFIG_SMP
/* smp.c, ipi.c */
extern const char xpv_cpu_entry[];
/* Distances from each element to a LOCK prefix of the kernel, from the linker's script. */
extern const s32 __smp_locks[], __smp_locks_end[];
void __init xpv_smp_init(void);
void __init xpv_smp_count(void);
void xpv_smp_resume(void);
/* By these names objtool knows that they do not return. */
asmlinkage void __noreturn cpu_bringup_and_idle(void);
void __noreturn xen_cpu_bringup_again(unsigned long stack);
int xpv_ipi_prepare(unsigned int cpu);
void xpv_ipi_unprepare(unsigned int cpu);
void xpv_send_ipi_mask(const struct cpumask *mask, int vector);
void xpv_send_ipi_mask_allbutself(const struct cpumask *mask, int vector);
void xpv_send_ipi_allbutself(int vector);
void xpv_send_ipi_all(int vector);
void xpv_send_ipi_self(int vector);
void xpv_send_reschedule(int cpu);
void xpv_send_call_func(const struct cpumask *mask);
void xpv_send_call_func_single(int cpu);

/* spinlock.c */
#ifdef CONFIG_PARAVIRT_SPINLOCKS
int xpv_lock_prepare(unsigned int cpu);
void xpv_lock_unprepare(unsigned int cpu);
void __init xpv_lock_init(void);
#else
static inline int xpv_lock_prepare(unsigned int cpu) { return 0; }
static inline void xpv_lock_unprepare(unsigned int cpu) { }
static inline void xpv_lock_init(void) { }
#endif
#else
static inline void xpv_smp_init(void) { }
static inline void xpv_smp_count(void) { }
static inline void xpv_smp_resume(void) { }
#endif

#endif
