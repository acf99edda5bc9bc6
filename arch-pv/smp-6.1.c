// SPDX-License-Identifier: GPL-2.0
/* How CPUs are found, waited for and left, in Linux 6.1; smp.c has the rest. */
#include <linux/cpu.h>
#include <linux/sched.h>
#include <linux/sched/hotplug.h>
#include <linux/smp.h>
#include <linux/tick.h>

#include <asm/cpu.h>
#include <asm/smp.h>
#include <asm/x86_init.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

/* How many CPUs this guest has, Xen knows and no table says. */
static void __init xpv_find_cpus(unsigned int early)
{
	unsigned int cpu, found = 0;

	if (early)
		return;
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		bool there = hcall_vcpu_is_up(cpu) >= 0;

		set_cpu_possible(cpu, there);
		set_cpu_present(cpu, there);
		found += there;
	}
	num_processors = found;
	disabled_cpus = 0;
	set_nr_cpu_ids(found);
}

/* They are found when the kernel looks for tables. */
void __init xpv_smp_count(void)
{
}

static void __init xpv_cpus_done(unsigned int max_cpus)
{
	calculate_max_logical_packages();
}

static int xpv_cpu_up(unsigned int cpu, struct task_struct *idle)
{
	int rc = common_cpu_up(cpu, idle);

	if (rc)
		return rc;
	rc = cpu_check_up_prepare(cpu);
	if (rc)
		return rc;

	/* cpu_init() waits for this. */
	cpumask_set_cpu(cpu, cpu_callout_mask);
	rc = xpv_cpu_launch(cpu, idle);
	if (rc) {
		cpumask_clear_cpu(cpu, cpu_callout_mask);
		return rc;
	}
	while (cpu_report_state(cpu) != CPU_ONLINE)
		hcall_yield();
	return 0;
}

#ifdef CONFIG_HOTPLUG_CPU
static void xpv_cpu_die(unsigned int cpu)
{
	while (hcall_vcpu_is_up(xen_vcpu_nr(cpu)))
		schedule_timeout_uninterruptible(1);
	common_cpu_die(cpu);
}

/*
 * The call to Xen returns when the CPU is wanted again, in the middle of the idle loop,
 * which had already stopped its tick for the last time.
 */
static void xpv_play_dead(void)
{
	play_dead_common();
	hcall_vcpu_down(xen_vcpu_nr(smp_processor_id()));

	xpv_cpu_come_up();
	tick_nohz_idle_enter();
	tick_nohz_idle_stop_tick_protected();
	cpuhp_online_idle(CPUHP_AP_ONLINE_IDLE);
	/* As the loop has had it: an event after its last look is to end its wait. */
	local_irq_disable();
}
#else
static void xpv_cpu_die(unsigned int cpu)
{
}

static void xpv_play_dead(void)
{
}
#endif

/**
 * xpv_smp_init_version() - take over what differs between kernels
 */
void __init xpv_smp_init_version(void)
{
	smp_ops.smp_cpus_done = xpv_cpus_done;
	smp_ops.cpu_up = xpv_cpu_up;
	smp_ops.cpu_die = xpv_cpu_die;
	smp_ops.play_dead = xpv_play_dead;
	x86_init.mpparse.find_smp_config = x86_init_noop;
	x86_init.mpparse.get_smp_config = xpv_find_cpus;
}
