// SPDX-License-Identifier: GPL-2.0
/*
 * How CPUs are found, waited for and left, in Linux 6.12 and later; smp.c has the rest.
 *
 * All CPUs are started at once and wait in pv_cpu_is_alive() for their turn. One that was
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

#include "stubs/result.h"
#include "stubs/vcpu.h"
#include "pv.h"

/**
 * pv_smp_count() - count the CPUs, which Xen knows and no table says
 *
 * Context: before the kernel makes room for CPUs.
 */
void __init pv_smp_count(void)
{
	unsigned int cpus = 0;

	while (cpus < nr_cpu_ids && hcall_vcpu_is_up(cpus) >= 0)
		cpus++;
	set_nr_cpu_ids(cpus);
}

/* As if a table had named each, with the number that pv_cpuid() shows. */
static void __init pv_register_cpus(void)
{
	unsigned int cpu;

	topology_register_boot_apic(0);
	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		topology_register_apic(cpu, CPU_ACPIID_INVALID, true);
	smp_found_config = 1;
}

static void __init pv_cpus_done(unsigned int max_cpus)
{
}

static int pv_kick_ap_alive(unsigned int cpu, struct task_struct *idle)
{
	return common_cpu_up(cpu, idle) ?: pv_cpu_launch(cpu, idle);
}

static void pv_poll_sync_state(void)
{
	hcall_yield();
}

#ifdef CONFIG_HOTPLUG_CPU
static void pv_cpu_die(unsigned int cpu)
{
	while (hcall_vcpu_is_up(xen_vcpu_nr(cpu)))
		schedule_timeout_uninterruptible(1);
}

/* The call to Xen returns when the CPU is wanted again. */
static void pv_play_dead(void)
{
	play_dead_common();
	hcall_vcpu_down(xen_vcpu_nr(smp_processor_id()));
	xen_cpu_bringup_again((unsigned long)task_pt_regs(current));
}
#endif

/**
 * pv_smp_init_version() - take over what differs between kernels
 */
void __init pv_smp_init_version(void)
{
	smp_ops.smp_cpus_done = pv_cpus_done;
	smp_ops.kick_ap_alive = pv_kick_ap_alive;
	smp_ops.poll_sync_state = pv_poll_sync_state;
#ifdef CONFIG_HOTPLUG_CPU
	smp_ops.cpu_die = pv_cpu_die;
	smp_ops.play_dead = pv_play_dead;
#endif
	x86_init.mpparse.find_mptable = x86_init_noop;
	x86_init.mpparse.early_parse_smp_cfg = x86_init_noop;
	x86_init.mpparse.parse_smp_cfg = pv_register_cpus;
}
