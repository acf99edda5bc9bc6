// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/bus/xen/drivers/pvcon/take: write "console-1" to it, and pvcon takes that
 * console, from hvc_xen if need be.
 *
 * hvc_xen, built into most kernels, has every console before a module can. To
 * unbind it by hand is not safe: it frees the ring's page while the backend
 * still has it mapped writable, and the next owner of the page suffers. (A PV
 * guest's kernel panics when that is a page table: Xen refuses to pin it.) So
 * the backend is made to close first, which the frontend's state does.
 *
 * In between hvc_xen has no backend, and it spins for room in the ring, so a
 * console that somebody writes to at this moment is not to be taken.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "name.h"
#include "pvcon.h"

#define PVCON_IN_TREE		"xenconsole"

/* One taker at a time: a second would unbind what the first has just bound. */
static DEFINE_MUTEX(pvcon_take_lock);

/* The address of the backend, which a change of drivers frees. */
static char *pvcon_otherend(struct xenbus_device *xdev)
{
	char *path = NULL;

	device_lock(&xdev->dev);
	if (xdev->otherend)
		path = kstrdup(xdev->otherend, GFP_KERNEL);
	device_unlock(&xdev->dev);
	return path;
}

static int pvcon_close_backend(struct xenbus_device *xdev)
{
	char *otherend = pvcon_otherend(xdev);
	enum xenbus_state peer;

	if (!otherend)
		return -ENOMEM;
	peer = pvfront_close_peer(xdev, otherend, NULL, NULL);
	kfree(otherend);
	if (peer == XenbusStateClosed || peer == XenbusStateUnknown)
		return 0;
	dev_err(&xdev->dev,
		"backend is %s after state Closed was written, expected Closed\n",
		xenbus_strstate(peer));
	return -ETIMEDOUT;
}

static int pvcon_take(struct device_driver *drv, struct device *dev)
{
	struct xenbus_device *xdev = to_xenbus_device(dev);
	bool ours, in_tree, none, lineless = false;
	u64 number;
	int err;

	device_lock(dev);
	ours = dev->driver == drv;
	if (ours)
		lineless = READ_ONCE(pvcon_of(pvfront_of(dev))->line) < 0;
	none = !dev->driver;
	in_tree = dev->driver && !strcmp(dev->driver->name, PVCON_IN_TREE);
	device_unlock(dev);

	if (ours && !lineless)
		return 0;
	if (strcmp(xdev->devicetype, "console") ||
	    pvcon_number(xdev->nodename, &number) || !number) {
		dev_err(dev, "not a secondary console, expected console-1 or above\n");
		return -EINVAL;
	}
	if (!none && !in_tree && !ours) {
		dev_err(dev, "bound to a driver other than %s\n", PVCON_IN_TREE);
		return -EBUSY;
	}
	if (in_tree) {
		err = pvcon_close_backend(xdev);
		if (err)
			return err;
	}
	/* One of ours that found no line left starts anew: there may be one now. */
	if (in_tree || lineless)
		device_release_driver(dev);
	return device_driver_attach(drv, dev);
}

static ssize_t take_store(struct device_driver *drv, const char *buf,
			  size_t count)
{
	struct device *dev;
	char name[64];
	int err;

	if (strscpy(name, buf, sizeof(name)) < 0)
		return -E2BIG;
	mutex_lock(&pvcon_take_lock);
	dev = bus_find_device_by_name(drv->bus, NULL, strim(name));
	if (!dev)
		dev = pvcon_revive(drv, strim(name));
	if (IS_ERR(dev)) {
		err = PTR_ERR(dev);
		pr_err("take: no device \"%.63s\" on the Xen bus (%d), expected one of /sys/bus/xen/devices/console-*\n",
		       strim(name), err);
	} else {
		err = pvcon_take(drv, dev);
		put_device(dev);
	}
	mutex_unlock(&pvcon_take_lock);
	return err ?: count;
}
static DRIVER_ATTR_WO(take);

static struct attribute *pvcon_driver_attrs[] = {
	&driver_attr_take.attr,
	NULL
};

static const struct attribute_group pvcon_driver_attr_group = {
	.attrs = pvcon_driver_attrs,
};

const struct attribute_group *pvcon_driver_groups[] = {
	&pvcon_driver_attr_group,
	NULL
};
