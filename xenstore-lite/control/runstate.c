// SPDX-License-Identifier: GPL-2.0
/*
 * Time that a vCPU did not have: Xen writes into an area of each vCPU how long it was running,
 * wanted to run, was blocked and was off. A migration begins these anew, so that what was
 * before it is kept here and added.
 */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/sched/cputime.h>
#include <linux/static_call.h>
#include <linux/static_key.h>
#include <xen/interface/xen.h>
#include <xen/interface/vcpu.h>
#include <xen/xen-ops.h>
#include <asm/paravirt.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "compat.h"

#define STATES	ARRAY_SIZE(((struct vcpu_runstate_info *)NULL)->time)

static DEFINE_PER_CPU(struct vcpu_runstate_info, area);

/* Time on earlier hosts, and time on this one at the moment of suspending. */
struct kept {
	u64 before[STATES];
	u64 now[STATES];
};

static DEFINE_PER_CPU(struct kept, kept);

/* A copy that is of one moment: Xen changes the time of entry with everything else. */
static void copy_area(struct vcpu_runstate_info *to, unsigned int cpu)
{
	const struct vcpu_runstate_info *from = per_cpu_ptr(&area, cpu);
	u64 entry;

	do {
		entry = READ_ONCE(from->state_entry_time);
		/* Pairs with Xen's barriers around what it writes in between. */
		virt_rmb();
		*to = *from;
		/* The same. */
		virt_rmb();
	} while (entry != READ_ONCE(from->state_entry_time) || entry & XEN_RUNSTATE_UPDATE);
}

static u64 time_in(const struct vcpu_runstate_info *info, unsigned int cpu, int state)
{
	return info->time[state] + per_cpu(kept, cpu).before[state];
}

#ifdef XSL_HAS_RUNSTATE_SNAPSHOT
void xen_get_runstate_snapshot(struct vcpu_runstate_info *res)
{
	unsigned int cpu = smp_processor_id();
	int i;

	copy_area(res, cpu);
	for (i = 0; i < STATES; i++)
		res->time[i] = time_in(res, cpu, i);
}
#endif

/* Read while another vCPU's lock is waited for: no copy, one word. */
bool xen_vcpu_stolen(int vcpu)
{
	return READ_ONCE(per_cpu(area, vcpu).state) == RUNSTATE_runnable;
}

u64 xen_steal_clock(int cpu)
{
	struct vcpu_runstate_info info;

	copy_area(&info, cpu);
	return time_in(&info, cpu, RUNSTATE_runnable) + time_in(&info, cpu, RUNSTATE_offline);
}

/* -1 before suspending, 0 after it on another host, 1 if the guest stayed where it was. */
void xen_manage_runstate_time(int action)
{
	struct vcpu_runstate_info info;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		struct kept *k = per_cpu_ptr(&kept, cpu);

		if (action < 0) {
			copy_area(&info, cpu);
			memcpy(k->now, info.time, sizeof(k->now));
		}
		for (i = 0; !action && i < STATES; i++)
			k->before[i] += k->now[i];
	}
}

void xen_setup_runstate_info(int cpu)
{
	struct vcpu_register_runstate_memory_area op = {
		.addr.v = per_cpu_ptr(&area, cpu),
	};
	int err = HYPERVISOR_vcpu_op(VCPUOP_register_runstate_memory_area, xen_vcpu_nr(cpu), &op);

	/* Stolen time is not accounted then, and nothing else is lost. */
	if (err)
		pr_err("no stolen time of CPU %d (%d)\n", cpu, err);
}

void __init xen_time_setup_guest(void)
{
	bool marks = !HYPERVISOR_vm_assist(VMASST_CMD_enable, VMASST_TYPE_runstate_update_flag);

	static_call_update(pv_steal_clock, xen_steal_clock);
	static_key_slow_inc(&paravirt_steal_enabled);
	/* Another vCPU's area can be read only if Xen marks it while it writes. */
	if (marks)
		static_key_slow_inc(&paravirt_steal_rq_enabled);
}
