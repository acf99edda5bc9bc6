// SPDX-License-Identifier: GPL-2.0
/*
 * The static call that all hypercalls of the kernel and its modules go through, and their
 * counters. Counting has a gate of its own: switching it on patches every call to go
 * there, so while it is off nothing is tested and nothing is fetched. What enters a batch
 * is counted besides, behind a static key.
 *
 * Not counted is what assembly calls by itself: iret on the return path, the call of
 * xpv_irq_enable() that lets pending events in, and the one of xen-head.S.
 */
#include <linux/cpumask.h>
#include <linux/debugfs.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/static_call.h>

#include <asm/xen/hypercall.h>
#include <xen/xen.h>

#include "count.h"

DEFINE_STATIC_CALL(xen_hypercall, hcall_gate);
EXPORT_STATIC_CALL_TRAMP(xen_hypercall);

DEFINE_STATIC_KEY_FALSE(hcall_counting);
DEFINE_PER_CPU(u64 [HCALL_NUMBERS], hcall_counts);
DEFINE_PER_CPU(u64 [HCALL_NUMBERS], hcall_batched);

/* Held while counting is switched. */
static DEFINE_MUTEX(hcall_switch_lock);

static int hcall_counting_get(void *unused, u64 *on)
{
	*on = static_key_enabled(&hcall_counting);
	return 0;
}

/* Counting starts from zero every time it is switched on. */
static void hcall_counting_start(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		memset(per_cpu_ptr(hcall_counts, cpu), 0, sizeof(hcall_counts));
		memset(per_cpu_ptr(hcall_batched, cpu), 0, sizeof(hcall_batched));
	}
	static_branch_enable(&hcall_counting);
	static_call_update(xen_hypercall, hcall_gate_counting);
}

static void hcall_counting_stop(void)
{
	static_call_update(xen_hypercall, hcall_gate);
	static_branch_disable(&hcall_counting);
}

static int hcall_counting_set(void *unused, u64 on)
{
	if (on > 1)
		return -EINVAL;

	mutex_lock(&hcall_switch_lock);
	if (on && !static_key_enabled(&hcall_counting))
		hcall_counting_start();
	else if (!on && static_key_enabled(&hcall_counting))
		hcall_counting_stop();
	mutex_unlock(&hcall_switch_lock);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(hcall_counting_fops, hcall_counting_get, hcall_counting_set, "%llu\n");

/* A line for each number that was seen: all CPUs, what of it came in batches, each CPU. */
static int hcall_counts_show(struct seq_file *seq, void *unused)
{
	unsigned int nr;
	int cpu;

	seq_printf(seq, "%-20s %12s %12s", "hypercall", "calls", "batched");
	for_each_online_cpu(cpu)
		seq_printf(seq, " %8s%-4d", "cpu", cpu);
	seq_putc(seq, '\n');

	for (nr = 0; nr < HCALL_NUMBERS; nr++) {
		u64 calls = 0, batched = 0;

		for_each_possible_cpu(cpu) {
			calls += READ_ONCE(per_cpu(hcall_counts, cpu)[nr]);
			batched += READ_ONCE(per_cpu(hcall_batched, cpu)[nr]);
		}
		if (!calls && !batched)
			continue;
		seq_printf(seq, "%-20s %12llu %12llu", hcall_name(nr), calls, batched);
		for_each_online_cpu(cpu)
			seq_printf(seq, " %12llu", READ_ONCE(per_cpu(hcall_counts, cpu)[nr]));
		seq_putc(seq, '\n');
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hcall_counts);

static int __init hcall_debugfs_init(void)
{
	struct dentry *dir;

	if (!xen_pv_domain())
		return 0;

	dir = debugfs_create_dir("hypercalls", NULL);
	debugfs_create_file_unsafe("counting", 0600, dir, NULL, &hcall_counting_fops);
	debugfs_create_file("counts", 0400, dir, NULL, &hcall_counts_fops);
	return 0;
}
fs_initcall(hcall_debugfs_init);
