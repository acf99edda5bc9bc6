/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of this directory have of each other. Where a name begins with xen_, the
 * rest of Linux asks for it under that name.
 */
#ifndef _ARCH_PV_PV_H
#define _ARCH_PV_PV_H

#include <linux/init.h>
#include <linux/percpu.h>

#include <xen/interface/xen.h>
#include <xen/interface/vcpu.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypervisor.h>
#include <asm/xen/page.h>

#include "compat.h"

/* options.c */
int __init pv_option_bool(const char *name, const char *arg, bool *value);
int __init pv_option_number(const char *name, const char *arg, unsigned long min,
			    unsigned long max, unsigned long *value);

/* boot.c */
DECLARE_PER_CPU_ALIGNED(struct vcpu_info, xen_vcpu_info);
extern struct shared_info pv_no_shared_info;
asmlinkage void xen_start_kernel(struct start_info *info);
void __init pv_say(const char *text);

/* entry.S; functions first, then addresses to give to Xen */
unsigned long pv_save_fl(void);
void pv_irq_disable(void);
void pv_irq_enable(void);
unsigned long pv_read_cr2(void);
unsigned long pv_read_cr2_early(void);
extern const char pv_iret[], pv_syscall[], pv_syscall32[], pv_sysenter32[];
extern const char xen_failsafe_callback[];
extern const char early_xen_iret_patch[];

/* cpu.c */
void __init pv_cpu_init_early(void);
void __init pv_cpu_init_caps(void);

/* fsgsbase.c */
void __init pv_fsgsbase_init(void);

/* desc.c */
void pv_desc_make_readonly(void *va);
void __init pv_desc_init_early(void);
void __init pv_desc_release_boot_gdt(void);

/* traps.c */
/* entry_64.S calls this, no header has it. */
asmlinkage void xen_pv_evtchn_do_upcall(struct pt_regs *regs);
void __init pv_traps_init_early(void);
void __init pv_callbacks_init(void);
void pv_callbacks_init_cpu(void);
void pv_traps_copy(struct trap_info *traps);

/* irq.c */
void __init pv_irq_init_early(void);
void __init pv_irq_init_late(void);
void pv_vcpu_info_place(unsigned int cpu);

/* mmu.c */
DECLARE_PER_CPU(unsigned long, pv_cr3_live);
extern struct static_key_false pv_have_pages;
void __init pv_mmu_init_early(void);
void pv_set_protection(void *va, pgprot_t prot);
void pv_write_cr3(unsigned long cr3);
void pv_cr3_set(unsigned int cpu, unsigned long cr3);

static inline u64 pv_machine_address(const void *va)
{
	return PFN_PHYS(pfn_to_mfn(PFN_DOWN(__pa(va)))) | offset_in_page(va);
}

/* Called with all registers kept, through pv_ops and in the thunks. */
u64 pv_entry_val(u64 entry);
u64 pv_entry_make(u64 entry);

/* boot-pt.c */
void __init pv_boot_pagetable(void);
void pv_user_vsyscall_set(unsigned long va, pte_t pte);
pgd_t pv_user_vsyscall_entry(void);

/* lazy.c */
void __init pv_lazy_init(void);

/* pin.c */
void __init pv_pin_init(void);
pgd_t *pv_user_pgd(const pgd_t *pgd);
void pv_pin_all(void);
void pv_unpin_all(void);

/* p2m.c */
void __init pv_p2m_init_early(void);
void __init pv_p2m_grow(unsigned long pages);
void pv_p2m_publish(void);

/* memory.c */
char *__init pv_memory_setup(void);
void __init pv_memory_fill(void);

/* time.c */
void __init pv_time_init_early(void);
int pv_timer_prepare(unsigned int cpu);
void pv_timer_unprepare(unsigned int cpu);
void pv_timer_start(void);
void pv_time_suspend(void);
void pv_time_resume(void);

/* apic-VERSION.c */
void __init pv_apic_init(void);

/* machine.c */
void __init pv_machine_init(void);
void __init pv_machine_init_late(void);
void __init pv_early_console_init(void);
void pv_die_early(void);

#ifdef CONFIG_SMP
/* smp.c, smp-VERSION.c, ipi.c */
extern const char pv_cpu_entry[];
/* Distances from each element to a LOCK prefix of the kernel, from the linker's script. */
extern const s32 __smp_locks[], __smp_locks_end[];
void __init pv_smp_init(void);
void __init pv_smp_init_version(void);
void __init pv_smp_count(void);
int pv_cpu_launch(unsigned int cpu, struct task_struct *idle);
void pv_cpu_come_up(void);
void pv_smp_resume(void);
/* By these names objtool knows that they do not return. */
asmlinkage void __noreturn cpu_bringup_and_idle(void);
void __noreturn xen_cpu_bringup_again(unsigned long stack);
int pv_ipi_prepare(unsigned int cpu);
void pv_ipi_unprepare(unsigned int cpu);
void pv_send_ipi_mask(const struct cpumask *mask, int vector);
void pv_send_ipi_mask_allbutself(const struct cpumask *mask, int vector);
void pv_send_ipi_allbutself(int vector);
void pv_send_ipi_all(int vector);
void pv_send_ipi_self(int vector);
void pv_send_reschedule(int cpu);
void pv_send_call_func(const struct cpumask *mask);
void pv_send_call_func_single(int cpu);

/* spinlock.c */
#ifdef CONFIG_PARAVIRT_SPINLOCKS
int pv_lock_prepare(unsigned int cpu);
void pv_lock_unprepare(unsigned int cpu);
void __init pv_lock_init(void);
#else
static inline int pv_lock_prepare(unsigned int cpu) { return 0; }
static inline void pv_lock_unprepare(unsigned int cpu) { }
static inline void pv_lock_init(void) { }
#endif
#else
static inline void pv_smp_init(void) { }
static inline void pv_smp_count(void) { }
static inline void pv_smp_resume(void) { }
#endif

#endif
