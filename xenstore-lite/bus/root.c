// SPDX-License-Identifier: GPL-2.0
/* Which disk has the root file system. See root.h. */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <xen/xenbus.h>
#include <asm/xen/hypervisor.h>

#include "root.h"
#include "waitrule.h"

static char option[128] __initdata;

/* Beside the kernel's own root=, which is no early one. */
static int __init note(char *value)
{
	if (value)
		strscpy(option, value, sizeof(option));
	return 0;
}
early_param("root", note);

static bool __init is_there(void);

static struct xsl_root root __initdata = {
	.name = option,
	.is_there = is_there,
};

/*
 * The driver adds the disk and says that it is ready then: between the two the disk has a number,
 * and partitions are still looked for. Who has the lock is about to begin or to end it.
 */
static bool __init is_ready(struct device *device)
{
	const struct xenbus_driver *drv;
	bool ready = false;

	if (!device_trylock(device))
		return false;
	if (device->driver) {
		drv = to_xenbus_driver(device->driver);
		ready = !drv->is_ready || drv->is_ready(to_xenbus_device(device));
	}
	device_unlock(device);
	return ready;
}

/* The number of a partition of a disk is known before it is found, and if there is none. */
static bool __init is_there(void)
{
	struct device *disk, *up;
	bool there = true;
	dev_t number;

	if (early_lookup_bdev(option, &number))
		return false;
	disk = class_find_device_by_devt(&block_class, number);
	if (!disk)
		return false;
	for (up = disk->parent; up; up = up->parent)
		if (up->bus == root.bus)
			there = is_ready(up);
	put_device(disk);
	return there;
}

const struct xsl_root * __init xsl_root(const struct bus_type *bus)
{
	if (!xsl_wait_names_disk(option))
		return NULL;
	root.bus = bus;
	root.mounts = !IS_ENABLED(CONFIG_BLK_DEV_INITRD) || !xen_start_info->mod_len;
	return &root;
}
