// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt flag, waiting for events, and where each CPU's struct vcpu_info is.
 *
 * Xen's rule: the flag is a byte that guest and Xen share. At first it lies in the page
 * that all CPUs share, which has room for 32; each CPU can name a place of its own once in
 * its life, and only then can functions patched into the kernel reach it by %gs.
 */
#include <linux/irq.h>
#include <linux/percpu.h>

#include <xen/events.h>
#include <asm/paravirt.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

DEFINE_PER_CPU(struct vcpu_info *, xen_vcpu);
/* Xen refuses one that crosses a page; it is as large as a cache line. */
DEFINE_PER_CPU_ALIGNED(struct vcpu_info, xen_vcpu_info);

DEFINE_PER_CPU(u32, xen_vcpu_id);
EXPORT_PER_CPU_SYMBOL(xen_vcpu_id);

static noinstr void xpv_safe_halt(void)
{
	hcall_block();
}

static void xpv_halt(void)
{
	/*
	 * So early, it is the end of the handler of an exception that nothing handles. A
	 * CPU that is down would leave a guest that seems to run.
	 */
	if (system_state == SYSTEM_BOOTING)
		xpv_die_early();
	if (irqs_disabled())
		hcall_vcpu_down(xen_vcpu_nr(smp_processor_id()));
	else
		hcall_block();
}

/**
 * xpv_vcpu_info_place() - have Xen keep a CPU's flags and time in its per-CPU data
 * @cpu: the CPU; its events go on where they were
 */
void xpv_vcpu_info_place(unsigned int cpu)
{
	struct vcpu_info *info = &per_cpu(xen_vcpu_info, cpu);

	BUILD_BUG_ON(sizeof(*info) > SMP_CACHE_BYTES);
	hcall_must(hcall_vcpu_register_info(xen_vcpu_nr(cpu), arbitrary_virt_to_mfn(info),
					    offset_in_page(info)));
	per_cpu(xen_vcpu, cpu) = info;
}

/**
 * xpv_irq_init_early() - events stay masked until xpv_irq_init_late()
 */
void __init xpv_irq_init_early(void)
{
	struct pv_irq_ops *ops = &pv_ops.irq;

	ops->save_fl = __PV_IS_CALLEE_SAVE(paravirt_ret0);
	ops->irq_disable = __PV_IS_CALLEE_SAVE(nop_func);
	ops->irq_enable = __PV_IS_CALLEE_SAVE(BUG_func);
	ops->safe_halt = xpv_safe_halt;
	ops->halt = xpv_halt;

	x86_init.irqs.intr_init = xen_init_IRQ;
	per_cpu(xen_vcpu, 0) = xpv_no_shared_info.vcpu_info;
}

/**
 * xpv_irq_init_late() - put the real functions in, before the kernel patches itself
 *
 * Context: all possible CPUs are known and have their per-CPU data.
 */
void __init xpv_irq_init_late(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(xen_vcpu_id, cpu) = cpu;
		xpv_vcpu_info_place(cpu);
	}
	pv_ops.irq.save_fl = __PV_IS_CALLEE_SAVE(xpv_save_fl);
	pv_ops.irq.irq_disable = __PV_IS_CALLEE_SAVE(xpv_irq_disable);
	pv_ops.irq.irq_enable = __PV_IS_CALLEE_SAVE(xpv_irq_enable);
	pv_ops.mmu.read_cr2 = __PV_IS_CALLEE_SAVE(xpv_read_cr2);
}
