// SPDX-License-Identifier: GPL-2.0
/* vCPUs that the host gives and takes: cpu/N/availability in the xenstore. */
#define pr_fmt(fmt) "xen: " fmt

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <xen/xen.h>
#include <xen/xenbus.h>
#include <asm/cpu.h>
#include <asm/xen/hypervisor.h>

#include "store/store.h"
#include "store/watch.h"

/* Whether it goes online then is user space's to say. */
static void give(unsigned int cpu)
{
	if (!cpu_present(cpu))
		xen_arch_register_cpu(cpu);
	set_cpu_present(cpu, true);
}

static void take(unsigned int cpu)
{
	if (!cpu_is_hotpluggable(cpu))
		return;
	lock_device_hotplug();
	if (cpu_online(cpu))
		device_offline(get_cpu_device(cpu));
	if (!cpu_online(cpu) && cpu_present(cpu)) {
		xen_arch_unregister_cpu(cpu);
		set_cpu_present(cpu, false);
	}
	unlock_device_hotplug();
}

/* Return: 1 for online, 0 for offline, or a negative errno. */
static int wanted(unsigned int cpu)
{
	unsigned int tries = 0;
	char dir[16], *state;
	int ret = -EINVAL;

	snprintf(dir, sizeof(dir), "cpu/%u", cpu);
	do
		state = xenbus_read(XBT_NIL, dir, "availability", NULL);
	while (xsl_answer(PTR_ERR_OR_ZERO(state)) == XSL_AGAIN &&
	       xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (IS_ERR(state)) {
		pr_err("%s/availability: cannot be read (%ld)\n", dir, PTR_ERR(state));
		return PTR_ERR(state);
	}
	if (!strcmp(state, "online"))
		ret = 1;
	else if (!strcmp(state, "offline"))
		ret = 0;
	else
		pr_err("%s/availability: '%s'; expected online or offline\n", dir, state);
	kfree(state);
	return ret;
}

/* Return: 0, or a negative errno of wanted(). */
static int obey(unsigned int cpu)
{
	int on = wanted(cpu);

	if (on > 0)
		give(cpu);
	else if (!on)
		take(cpu);
	return min(on, 0);
}

/* If xenstored does not answer for one, boot does not wait for all the others in turn. */
static void obey_all(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (xsl_answer(obey(cpu)) == XSL_AGAIN)
			break;
}

/* An event of one vCPU, or of something above them, which may be about any. */
static void changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	unsigned int cpu;

	if (sscanf(path, "cpu/%u", &cpu) == 1) {
		if (cpu < nr_cpu_ids && cpu_possible(cpu))
			obey(cpu);
		return;
	}
	obey_all();
}

static struct xenbus_watch watch = {
	.node = "cpu",
	.callback = changed,
};

/* Programs are to begin on no other vCPUs than those that the host gives. */
static int store_ready(struct notifier_block *nb, unsigned long event, void *data)
{
	xsl_watch_sure(&watch);
	obey_all();
	return NOTIFY_DONE;
}

static struct notifier_block store_notifier = {
	.notifier_call = store_ready,
};

static int __init start(void)
{
	return xen_pv_domain() ? register_xenstore_notifier(&store_notifier) : -ENODEV;
}
late_initcall(start);
