// SPDX-License-Identifier: GPL-2.0
/* Event channels begin, end with a host, and begin again on another. */
#define pr_fmt(fmt) "xen:events: " fmt

#include <linux/cpuhotplug.h>
#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/seq_file.h>

#include <xen/events.h>
#include <xen/xen.h>

#include "evt.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "xen."

const struct evt_abi *evt_abi __ro_after_init = &evt_twolevel;

/* FIFO, where the host has it. */
bool xen_fifo_events = true;
module_param_named(fifo_events, xen_fifo_events, bool, 0);

static int evt_cpu_prepare(unsigned int cpu)
{
	return evt_abi->add_cpu(cpu);
}

static int evt_cpu_dead(unsigned int cpu)
{
	evt_abi->drop_cpu(cpu);
	return 0;
}

/**
 * xen_init_IRQ() - interrupts are event channels from now on
 */
void __init xen_init_IRQ(void)
{
	int rc;

	if (xen_fifo_events && !evt_fifo.init()) {
		evt_abi = &evt_fifo;
	} else {
		xen_fifo_events = false;
		rc = evt_twolevel.init();
		if (rc)
			panic("xen: no event channels: %d\n", rc);
	}
	rc = evt_channels_init() ?:
	     cpuhp_setup_state_nocalls(CPUHP_XEN_EVTCHN_PREPARE, "xen/evtchn:prepare",
				       evt_cpu_prepare, evt_cpu_dead);
	if (rc)
		panic("xen: no event channels: %d\n", rc);
	pr_info("%s ABI, %u ports\n", evt_abi->name, evt_abi->nr_ports);
}

/**
 * xen_irq_resume() - interrupts are event channels again, on another host
 *
 * Context: one CPU, interrupts off. What this domain has by itself works then; who talks to
 * another one binds again.
 */
void xen_irq_resume(void)
{
	int rc;

	evt_forget_ports();
	rc = evt_abi->resume();
	if (rc)
		panic("xen: this host has no event channels by the %s ABI: %d\n", evt_abi->name,
		      rc);
	evt_bind_again();
}

static int evt_stats_show(struct seq_file *file, void *unused)
{
	evt_channels_show(file);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(evt_stats);

static int __init evt_debugfs_init(void)
{
	if (xen_pv_domain())
		debugfs_create_file("events", 0400, NULL, NULL, &evt_stats_fops);
	return 0;
}
fs_initcall(evt_debugfs_init);
