// SPDX-License-Identifier: GPL-2.0
/*
 * Save, restore, migration: what the layer does around the call that suspends the guest.
 *
 * Xen's rule: the guest wakes with other machine frames. The toolstack has translated page
 * tables, descriptors and the frame table; what else holds machine frames the guest writes
 * as frames of its own before, and looks up after. All but one CPU are stopped, by
 * drivers/xen/manage.c, which calls here.
 */
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/tick.h>

#include <xen/xen-ops.h>
#include <asm/fixmap.h>
#include <asm/msr.h>

#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

static DEFINE_PER_CPU(u64, xpv_spec_ctrl);

/*
 * Not the tick: the CPU goes idle again before stop_machine() has it, and may then find no
 * timer pending and stop a clock event device that is shut down, which the kernel warns
 * of. The boot CPU's tick is suspended by timekeeping_suspend(); the others' lose an event
 * at most, and resume as if they had.
 */
static void xpv_suspend_cpu(void *unused)
{
	if (boot_cpu_has(X86_FEATURE_SPEC_CTRL)) {
		u64 val;

		rdmsrq(MSR_IA32_SPEC_CTRL, val);
		this_cpu_write(xpv_spec_ctrl, val);
		wrmsrq(MSR_IA32_SPEC_CTRL, 0);
	}
}

static void xpv_resume_cpu(void *unused)
{
	if (boot_cpu_has(X86_FEATURE_SPEC_CTRL))
		wrmsrq(MSR_IA32_SPEC_CTRL, this_cpu_read(xpv_spec_ctrl));
	/* The boot CPU's tick is timekeeping_resume()'s. */
	if (smp_processor_id())
		tick_resume_local();
}

/**
 * xen_arch_suspend() - all CPUs still run, devices are stopped
 */
void xen_arch_suspend(void)
{
	on_each_cpu(xpv_suspend_cpu, NULL, 1);
}

/**
 * xen_arch_resume() - all CPUs run again, devices are not
 */
void xen_arch_resume(void)
{
	on_each_cpu(xpv_resume_cpu, NULL, 1);
}

/**
 * xen_arch_pre_suspend() - the last before the call
 *
 * Context: one CPU, interrupts off.
 */
void xen_arch_pre_suspend(void)
{
	xpv_time_suspend();
	xpv_pin_all();
	xen_start_info->store_mfn = mfn_to_pfn(xen_start_info->store_mfn);
	xen_start_info->console.domU.mfn = mfn_to_pfn(xen_start_info->console.domU.mfn);

	/* Xen's page is not the guest's: nothing may map it. */
	HYPERVISOR_shared_info = &xpv_no_shared_info;
	hcall_must(hcall_update_va_mapping(fix_to_virt(FIX_PARAVIRT_BOOTMAP),
					   native_make_pte(0), UVMF_INVLPG | UVMF_LOCAL));
}

/* Xen knows nothing of what the CPUs had told it. */
static void xpv_restore_vcpus(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		bool stop = cpu != smp_processor_id() && hcall_vcpu_is_up(xen_vcpu_nr(cpu)) > 0;

		/* Only a CPU that is down can be told by another. */
		if (stop)
			hcall_must(hcall_vcpu_down(xen_vcpu_nr(cpu)));
		xen_setup_runstate_info(cpu);
		xpv_vcpu_info_place(cpu);
		if (stop)
			hcall_must(hcall_vcpu_up(xen_vcpu_nr(cpu)));
	}
}

/**
 * xen_arch_post_suspend() - the first after the call
 * @cancelled: the guest goes on in the same domain
 *
 * Context: one CPU, interrupts off.
 */
void xen_arch_post_suspend(int cancelled)
{
	set_fixmap(FIX_PARAVIRT_BOOTMAP, xen_start_info->shared_info);
	HYPERVISOR_shared_info = (struct shared_info *)fix_to_virt(FIX_PARAVIRT_BOOTMAP);
	xpv_p2m_publish();

	if (cancelled) {
		xen_start_info->store_mfn = pfn_to_mfn(xen_start_info->store_mfn);
		xen_start_info->console.domU.mfn = pfn_to_mfn(xen_start_info->console.domU.mfn);
	} else {
		xpv_smp_resume();
		xpv_restore_vcpus();
	}
	xpv_unpin_all();
	xpv_time_resume();
}
