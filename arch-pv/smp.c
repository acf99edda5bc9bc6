// SPDX-License-Identifier: GPL-2.0
/*
 * More than one CPU: finding, starting and stopping them.
 *
 * Xen's rule: a virtual CPU is given its registers, traps, GDT and root once in its life.
 * After that it only goes down and up again.
 * Nothing is to be learned from its number about cores or caches.
 *
 * Linux starts all CPUs at once; each waits in cpuhp_ap_sync_alive() for its turn. One that was
 * down begins anew: the idle loop that took it down is never gone back to.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/mmu_context.h>
#include <linux/nmi.h>
#include <linux/sched.h>
#include <linux/sched/hotplug.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/fpu/api.h>
#include <asm/idtentry.h>
#include <asm/paravirt.h>
#include <asm/setup.h>
#include <asm/smp.h>
#include <asm/spec-ctrl.h>
#include <asm/x86_init.h>
#include <xen/events.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

/* CPUs that have been given their first state. */
static struct cpumask xpv_initialised;

/**
 * xpv_smp_count() - count the CPUs, which Xen knows and no table says
 *
 * Context: before the kernel makes room for CPUs.
 */
void __init xpv_smp_count(void)
{
	unsigned int cpus = 0;

	/* Xen knows an end: it has none of a number that the guest was not given. */
	while (hcall_vcpu_is_up(cpus) >= 0)
		cpus++;
	if (cpus > nr_cpu_ids)
		pr_warn("xen: %u of %u CPUs are used: NR_CPUS or nr_cpus= has no room for more\n",
			nr_cpu_ids, cpus);
	set_nr_cpu_ids(min(cpus, nr_cpu_ids));
}

/* As if a table had named each, with the number that xpv_cpuid() shows. */
static void __init xpv_register_cpus(void)
{
	unsigned int cpu;

	topology_register_boot_apic(0);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		topology_register_apic(cpu, CPU_ACPIID_INVALID, true);
	smp_found_config = 1;
}

static void __init xpv_prepare_boot_cpu(void)
{
	native_smp_prepare_boot_cpu();
	xpv_drop_lock_prefixes();
	xpv_desc_release_boot_gdt();
	xpv_irq_init_late();
	xpv_lock_init();
}

/* The event channels of a CPU but its timer's. */
static int xpv_events_prepare(unsigned int cpu)
{
	int rc = xpv_ipi_prepare(cpu);

	if (rc)
		return rc;
	rc = xpv_lock_prepare(cpu);
	if (rc)
		xpv_ipi_unprepare(cpu);
	return rc;
}

static int xpv_cpu_prepare(unsigned int cpu)
{
	int rc = xpv_timer_prepare(cpu);

	if (rc)
		return rc;
	rc = xpv_events_prepare(cpu);
	if (rc)
		xpv_timer_unprepare(cpu);
	return rc;
}

static int xpv_cpu_dead(unsigned int cpu)
{
	xpv_lock_unprepare(cpu);
	xpv_ipi_unprepare(cpu);
	xpv_timer_unprepare(cpu);
	return 0;
}

static void __init xpv_prepare_cpus(unsigned int max_cpus)
{
	unsigned int cpu;

	smp_prepare_cpus_common();
	speculative_store_bypass_ht_init();

	if (xpv_events_prepare(0))
		panic("no event channels for the boot CPU\n");
	cpumask_set_cpu(0, &xpv_initialised);

	for_each_possible_cpu(cpu)
		if (cpu >= max_cpus && cpu)
			set_cpu_possible(cpu, false);
	for_each_possible_cpu(cpu)
		set_cpu_present(cpu, true);
}

static void xpv_fill_context(struct vcpu_guest_context *context, unsigned int cpu,
			     struct task_struct *idle)
{
	struct desc_ptr gdt = { .address = (unsigned long)get_cpu_gdt_rw(cpu) };
	unsigned long frame = arbitrary_virt_to_mfn((void *)gdt.address);

	context->flags = VGCF_IN_KERNEL | VGCF_failsafe_disables_events;
	context->user_regs.eip = (unsigned long)xpv_cpu_entry;
	context->user_regs.esp = (unsigned long)task_pt_regs(idle);
	context->user_regs.eflags = 1 << X86_EFLAGS_IOPL_BIT;
	context->user_regs.cs = __KERNEL_CS;
	context->user_regs.ss = __KERNEL_DS;
	context->user_regs.ds = __USER_DS;
	context->user_regs.es = __USER_DS;
	context->kernel_ss = __KERNEL_DS;
	context->kernel_sp = task_top_of_stack(idle);
	context->gs_base_kernel = per_cpu_offset(cpu);
	context->ctrlreg[3] = xen_pfn_to_cr3(virt_to_mfn(swapper_pg_dir));

	xpv_traps_copy(context->trap_ctxt);
	context->event_callback_eip = (unsigned long)xen_asm_exc_xen_hypervisor_callback;
	context->failsafe_callback_eip = (unsigned long)xen_failsafe_callback;

	xpv_desc_make_readonly((void *)gdt.address);
	context->gdt_frames[0] = frame;
	context->gdt_ents = GDT_ENTRIES;
}

/* The first time only; afterwards it goes on where it went down. */
static int xpv_initialise(unsigned int cpu, struct task_struct *idle)
{
	struct vcpu_guest_context *context;
	int rc;

	if (cpumask_test_cpu(cpu, &xpv_initialised))
		return 0;
	context = kzalloc(sizeof(*context), GFP_KERNEL);
	if (!context)
		return -ENOMEM;
	xpv_fill_context(context, cpu, idle);
	xpv_cr3_set(cpu, __pa(swapper_pg_dir));
	rc = hcall_warn(hcall_vcpu_initialise(xen_vcpu_nr(cpu), context));
	kfree(context);
	if (!rc)
		cpumask_set_cpu(cpu, &xpv_initialised);
	return rc;
}

static int xpv_cpu_launch(unsigned int cpu, struct task_struct *idle)
{
	int rc;

	xen_setup_runstate_info(cpu);
	per_cpu(xen_vcpu, cpu)->evtchn_upcall_mask = 1;
	/* It resets its FPU: what a task left there is to be loaded from memory again. */
	per_cpu(fpu_fpregs_owner_ctx, cpu) = NULL;
	rc = xpv_initialise(cpu, idle);
	if (!rc)
		rc = hcall_warn(hcall_vcpu_up(xen_vcpu_nr(cpu)));
	return rc;
}

static int xpv_kick_ap_alive(unsigned int cpu, struct task_struct *idle)
{
	return common_cpu_up(cpu, idle) ?: xpv_cpu_launch(cpu, idle);
}

static void xpv_poll_sync_state(void)
{
	hcall_yield();
}

static void xpv_cpu_come_up(void)
{
	unsigned int cpu;

	cr4_init();
	/* Its number, too, where vDSO's getcpu() finds it. */
	cpu_init_exception_handling(false);
	cpuhp_ap_sync_alive();
	cpu_init();
	fpu__init_cpu();
	touch_softlockup_watchdog();
	xpv_callbacks_init_cpu();

	xpv_timer_start();
	speculative_store_bypass_ht_init();
	cpu = smp_processor_id();
	xpv_cpu_identify(cpu);
	set_cpu_sibling_map(cpu);

	notify_cpu_starting(cpu);
	set_cpu_online(cpu, true);
	local_irq_enable();
}

/**
 * cpu_bringup_and_idle() - the first C function of each CPU but the first, and of one that was down
 *
 * Context: events masked, on the stack of the idle task.
 */
asmlinkage __visible void __noreturn cpu_bringup_and_idle(void)
{
	xpv_cpu_come_up();
	cpu_startup_entry(CPUHP_AP_ONLINE_IDLE);
}

#ifdef CONFIG_HOTPLUG_CPU
static int xpv_cpu_disable(void)
{
	if (!smp_processor_id())
		return -EBUSY;
	cpu_disable_common();
	/* Nobody else's page tables; the kernel is to know: it compares when this CPU ends. */
	leave_mm();
	return 0;
}

static void xpv_cpu_die(unsigned int cpu)
{
	while (hcall_vcpu_is_up(xen_vcpu_nr(cpu)))
		schedule_timeout_uninterruptible(1);
}

/* The call to Xen returns when the CPU is wanted again. */
static void xpv_play_dead(void)
{
	play_dead_common();
	hcall_vcpu_down(xen_vcpu_nr(smp_processor_id()));
	xen_cpu_bringup_again((unsigned long)task_pt_regs(current));
}

/**
 * xen_arch_register_cpu() - a CPU that the toolstack gives
 * @cpu: the CPU
 */
void xen_arch_register_cpu(int cpu)
{
	arch_register_cpu(cpu);
}
EXPORT_SYMBOL(xen_arch_register_cpu);

/**
 * xen_arch_unregister_cpu() - a CPU that the toolstack takes
 * @cpu: the CPU
 */
void xen_arch_unregister_cpu(int cpu)
{
	arch_unregister_cpu(cpu);
}
EXPORT_SYMBOL(xen_arch_unregister_cpu);
#else
static int xpv_cpu_disable(void)
{
	return -EOPNOTSUPP;
}
#endif

static void __init xpv_cpus_done(unsigned int max_cpus)
{
}

static void xpv_stop_this_cpu(void *unused)
{
	int cpu = smp_processor_id();

	/* Holds no address space that another may want to unpin. */
	load_cr3(swapper_pg_dir);
	set_cpu_online(cpu, false);
	hcall_vcpu_down(xen_vcpu_nr(cpu));
}

static void xpv_stop_other_cpus(int wait)
{
	smp_call_function(xpv_stop_this_cpu, NULL, wait);
}

/**
 * xpv_smp_resume() - CPUs that are up now were given their state by the restore
 */
void xpv_smp_resume(void)
{
	cpumask_copy(&xpv_initialised, cpu_online_mask);
}

/**
 * xpv_smp_init() - take over the other CPUs
 */
void __init xpv_smp_init(void)
{
	smp_ops = (struct smp_ops) {
		.smp_prepare_boot_cpu	= xpv_prepare_boot_cpu,
		.smp_prepare_cpus	= xpv_prepare_cpus,
		.smp_cpus_done		= xpv_cpus_done,
		.kick_ap_alive		= xpv_kick_ap_alive,
		.poll_sync_state	= xpv_poll_sync_state,
#ifdef CONFIG_HOTPLUG_CPU
		.cpu_die		= xpv_cpu_die,
		.play_dead		= xpv_play_dead,
#endif
		.cpu_disable		= xpv_cpu_disable,
		.stop_other_cpus	= xpv_stop_other_cpus,
		.smp_send_reschedule	= xpv_send_reschedule,
		.send_call_func_ipi	= xpv_send_call_func,
		.send_call_func_single_ipi = xpv_send_call_func_single,
	};
	x86_init.mpparse.find_mptable = x86_init_noop;
	x86_init.mpparse.early_parse_smp_cfg = x86_init_noop;
	x86_init.mpparse.parse_smp_cfg = xpv_register_cpus;
	if (cpuhp_setup_state_nocalls(CPUHP_XEN_PREPARE, "x86/pv:prepare", xpv_cpu_prepare,
				      xpv_cpu_dead) < 0)
		xpv_say("no room for the state of CPUs that come and go\n");
}
