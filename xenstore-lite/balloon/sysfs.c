// SPDX-License-Identifier: GPL-2.0
/*
 * Who says how much memory the guest is to have: the toolstack, in memory/target, and whoever is
 * root, in /sys/devices/system/xen_memory/xen_memory0. What is there has the names of Linux.
 */
#define pr_fmt(fmt) "xen:balloon: " fmt

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm_types.h>

#include <xen/mem-reservation.h>
#include <xen/xenbus.h>

#include "bal.h"
#include "store/store.h"
#include "store/watch.h"

#define BAL_PAGES_TO_KB(pages)	((pages) << (PAGE_SHIFT - 10))
#define BAL_KB_TO_PAGES(kb)	((kb) >> (PAGE_SHIFT - 10))

/* In KB. A value that is none leaves the target as it is. */
static void bal_target_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	unsigned long long kb;
	unsigned int tries = 0;
	int rc;

	do
		rc = xenbus_scanf(XBT_NIL, "memory", "target", "%llu", &kb);
	while (xsl_answer(min(rc, 0)) == XSL_AGAIN &&
	       xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (rc == 1)
		balloon_set_new_target(BAL_KB_TO_PAGES(kb));
	else if (rc != -ENOENT)
		pr_warn_ratelimited("memory/target cannot be read as a number of KB: %d\n", rc);
}

static struct xenbus_watch bal_target_watch = {
	.node = "memory/target",
	.callback = bal_target_changed,
};

static int bal_xenstore_ready(struct notifier_block *unused, unsigned long event, void *data)
{
	xsl_watch_sure(&bal_target_watch);
	return NOTIFY_DONE;
}

static struct notifier_block bal_xenstore_notifier = { .notifier_call = bal_xenstore_ready };

static ssize_t target_kb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", BAL_PAGES_TO_KB(balloon_stats.target_pages));
}

static ssize_t target_kb_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	unsigned long kb;
	int rc;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	rc = kstrtoul(buf, 0, &kb);
	if (rc)
		return rc;
	balloon_set_new_target(BAL_KB_TO_PAGES(kb));
	return count;
}
static DEVICE_ATTR_RW(target_kb);

static ssize_t target_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", balloon_stats.target_pages << PAGE_SHIFT);
}

/* Bytes, or with K, M or G behind. */
static ssize_t target_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	unsigned long long bytes;
	char *end;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	bytes = memparse(buf, &end);
	if (end == buf || (*end && *end != '\n'))
		return -EINVAL;
	balloon_set_new_target(bytes >> PAGE_SHIFT);
	return count;
}
static DEVICE_ATTR_RW(target);

static DEVICE_ULONG_ATTR(schedule_delay, 0444, balloon_stats.schedule_delay);
static DEVICE_ULONG_ATTR(max_schedule_delay, 0644, balloon_stats.max_schedule_delay);
static DEVICE_ULONG_ATTR(retry_count, 0444, balloon_stats.retry_count);
static DEVICE_ULONG_ATTR(max_retry_count, 0644, balloon_stats.max_retry_count);
static DEVICE_BOOL_ATTR(scrub_pages, 0644, xen_scrub_pages);

static struct attribute *bal_attrs[] = {
	&dev_attr_target_kb.attr,
	&dev_attr_target.attr,
	&dev_attr_schedule_delay.attr.attr,
	&dev_attr_max_schedule_delay.attr.attr,
	&dev_attr_retry_count.attr.attr,
	&dev_attr_max_retry_count.attr.attr,
	&dev_attr_scrub_pages.attr.attr,
	NULL
};

static ssize_t current_kb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", BAL_PAGES_TO_KB(balloon_stats.current_pages));
}
static DEVICE_ATTR_RO(current_kb);

static ssize_t low_kb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", BAL_PAGES_TO_KB(balloon_stats.balloon_low));
}
static DEVICE_ATTR_RO(low_kb);

static ssize_t high_kb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lu\n", BAL_PAGES_TO_KB(balloon_stats.balloon_high));
}
static DEVICE_ATTR_RO(high_kb);

static struct attribute *bal_info_attrs[] = {
	&dev_attr_current_kb.attr,
	&dev_attr_low_kb.attr,
	&dev_attr_high_kb.attr,
	NULL
};

static const struct attribute_group bal_group = { .attrs = bal_attrs };
static const struct attribute_group bal_info_group = { .name = "info", .attrs = bal_info_attrs };
static const struct attribute_group *bal_groups[] = { &bal_group, &bal_info_group, NULL };

static const struct bus_type bal_subsys = {
	.name = "xen_memory",
	.dev_name = "xen_memory",
};

static struct device bal_device = {
	.bus = &bal_subsys,
	.id = 0,
	.groups = bal_groups,
};

/**
 * xen_balloon_init() - let others set the target
 */
void xen_balloon_init(void)
{
	int rc = subsys_system_register((struct bus_type *)&bal_subsys, NULL);

	if (!rc) {
		rc = device_register(&bal_device);
		if (rc) {
			put_device(&bal_device);
			bus_unregister(&bal_subsys);
		}
	}
	if (rc)
		pr_err("no files in /sys/devices/system/xen_memory: %d\n", rc);
	register_xenstore_notifier(&bal_xenstore_notifier);
}
EXPORT_SYMBOL_GPL(xen_balloon_init);
