// SPDX-License-Identifier: GPL-2.0
/*
 * How CPUs are found, waited for and left, in Linux 6.12 and later; smp.c has the rest.
 *
 * All CPUs are started at once and wait in xpv_cpu_is_alive() for their turn. One that was
 * down begins anew: the idle loop that took it down is never gone back to.
 */
#include <linux/cpu.h>
#include <linux/sched.h>
#include <linux/sched/hotplug.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>

#include <asm/apic.h>
#include <asm/cpu.h>
#include <asm/smp.h>
#include <asm/x86_init.h>

#include "hypercall-stubs/result.h"
#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

/**
 * xpv_smp_count() - count the CPUs, which Xen knows and no table says
 *
 * Context: before the kernel makes room for CPUs.
 */
void __init xpv_smp_count(void)
{
	unsigned int cpus = 0;

	while (cpus < nr_cpu_ids && hcall_vcpu_is_up(cpus) >= 0)
		cpus++;
	set_nr_cpu_ids(cpus);
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

static void __init xpv_cpus_done(unsigned int max_cpus)
{
}

static int xpv_kick_ap_alive(unsigned int cpu, struct task_struct *idle)
{
	return common_cpu_up(cpu, idle) ?: xpv_cpu_launch(cpu, idle);
}

static void xpv_poll_sync_state(void)
{
	hcall_yield();
}

#ifdef CONFIG_HOTPLUG_CPU
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
#endif

/**
 * xpv_smp_init_version() - take over what differs between kernels
 */
void __init xpv_smp_init_version(void)
{
	smp_ops.smp_cpus_done = xpv_cpus_done;
	smp_ops.kick_ap_alive = xpv_kick_ap_alive;
	smp_ops.poll_sync_state = xpv_poll_sync_state;
#ifdef CONFIG_HOTPLUG_CPU
	smp_ops.cpu_die = xpv_cpu_die;
	smp_ops.play_dead = xpv_play_dead;
#endif
	x86_init.mpparse.find_mptable = x86_init_noop;
	x86_init.mpparse.early_parse_smp_cfg = x86_init_noop;
	x86_init.mpparse.parse_smp_cfg = xpv_register_cpus;
}
