// SPDX-License-Identifier: GPL-2.0
/*
 * A toolstack may give a device another backend without removing it: it rewrites `backend`
 * and `backend-id` in the device's directory. Since 7.0 the bus sees that, unregisters the
 * device and adds another. Before, it knows the device by its name and looks no further:
 * so what the bus would do is done here, in xenwatch, as the bus does it.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>

#include "internal.h"

static const char pvfront_follow_key[] = "/backend-id";

/* Connections that are started. */
static DEFINE_MUTEX(pvfront_follow_lock);
static LIST_HEAD(pvfront_followed);

/* The length of a device's path before the key, or 0 if @path is of another key. */
static size_t pvfront_follow_length(const char *path)
{
	size_t key = sizeof(pvfront_follow_key) - 1, length = strlen(path);

	if (length <= key || strcmp(path + length - key, pvfront_follow_key))
		return 0;
	return length - key;
}

static bool pvfront_follow_will(struct xenbus_watch *watch, const char *path,
				const char *token)
{
	return pvfront_follow_length(path);
}

/* Read where the bus's copy changes: in xenwatch. */
static bool pvfront_has_moved(const struct xenbus_device *xdev)
{
	char *backend;
	bool moved;
	int id;

	if (!xdev->otherend ||
	    xenbus_scanf(XBT_NIL, xdev->nodename, "backend-id", "%d", &id) != 1)
		return false;
	backend = xenbus_read(XBT_NIL, xdev->nodename, "backend", NULL);
	if (IS_ERR(backend))
		return false;
	moved = id != xdev->otherend_id || strcmp(backend, xdev->otherend);
	/* Where there is none, a probe would fail, and not be tried again. */
	moved = moved && xenbus_exists(XBT_NIL, backend, "state");
	kfree(backend);
	return moved;
}

/* The device that is at @path, if it has moved; with a reference. */
static struct device *pvfront_follow_find(const char *path)
{
	size_t length = pvfront_follow_length(path);
	struct device *dev = NULL;
	struct pvfront *f;

	mutex_lock(&pvfront_follow_lock);
	list_for_each_entry(f, &pvfront_followed, followed) {
		const char *name = f->xdev->nodename;

		if (strlen(name) != length || strncmp(name, path, length))
			continue;
		if (pvfront_has_moved(f->xdev)) {
			pvfront_mark_gone(f);
			dev = get_device(&f->xdev->dev);
		}
		break;
	}
	mutex_unlock(&pvfront_follow_lock);
	return dev;
}

static void pvfront_follow_event(struct xenbus_watch *watch, const char *path,
				 const char *token)
{
	struct device *dev = pvfront_follow_find(path);

	if (!dev)
		return;
	dev_notice(dev, "has another backend now\n");
	if (device_reprobe(dev))
		dev_err(dev, "cannot be probed for its new backend\n");
	put_device(dev);
}

static struct xenbus_watch pvfront_follow_watch = {
	.node = "device",
	.will_handle = pvfront_follow_will,
	.callback = pvfront_follow_event,
};

void pvfront_follow(struct pvfront *f)
{
	if (!f->ops->outlives)
		return;
	mutex_lock(&pvfront_follow_lock);
	list_add_tail(&f->followed, &pvfront_followed);
	mutex_unlock(&pvfront_follow_lock);
}

void pvfront_unfollow(struct pvfront *f)
{
	mutex_lock(&pvfront_follow_lock);
	list_del_init(&f->followed);
	mutex_unlock(&pvfront_follow_lock);
}

int pvfront_follow_init(void)
{
	return pv_bus_keeps_devices() ? register_xenbus_watch(&pvfront_follow_watch) : 0;
}

void pvfront_follow_exit(void)
{
	if (pv_bus_keeps_devices())
		unregister_xenbus_watch(&pvfront_follow_watch);
}
