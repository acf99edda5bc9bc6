// SPDX-License-Identifier: GPL-2.0
/* Drivers meet devices: probe, remove, and what the other end does in between. See bus.h. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "bus.h"
#include "driver.h"
#include "store/store.h"
#include "store/watch.h"
#include "wire/text.h"

static const struct xenbus_device_id *id_of(const struct xenbus_driver *drv,
					    const struct xenbus_device *dev)
{
	const struct xenbus_device_id *id = drv->ids;

	while (id && *id->devicetype && strcmp(id->devicetype, dev->devicetype))
		id++;
	return id && *id->devicetype ? id : NULL;
}

int xsl_driver_match(struct device *dev, const struct device_driver *drv)
{
	return !!id_of(to_xenbus_driver(drv), to_xenbus_device(dev));
}

static void forget_otherend(struct xenbus_device *dev)
{
	xsl_lane_unclaim(&xsl_device(dev)->otherend_claim);
	kfree(dev->otherend);
	dev->otherend = NULL;
}

static void unwatch_otherend(struct xenbus_device *dev)
{
	if (!dev->otherend_watch.node)
		return;
	unregister_xenbus_watch(&dev->otherend_watch);
	kfree(dev->otherend_watch.node);
	dev->otherend_watch.node = NULL;
}

static int read_details(struct xenbus_device *dev, const char *id, const char *path)
{
	int err = xenbus_gather(XBT_NIL, dev->nodename, id, "%i", &dev->otherend_id,
				path, NULL, &dev->otherend, NULL);

	if (err)
		return err;
	err = *dev->otherend ? xsl_exists(dev->otherend) : 0;
	if (err > 0)
		return 0;
	forget_otherend(dev);
	return err ? err : -ENOENT;
}

int xsl_driver_details(struct xenbus_device *dev, const char *id, const char *path)
{
	unsigned int tries = 0;
	int err;

	do
		err = read_details(dev, id, path);
	while (xsl_answer(err) == XSL_AGAIN && xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (err)
		xenbus_dev_fatal(dev, err, "%s and %s of %s, or the other end is not there", id,
				 path, dev->nodename);
	return err;
}

int xsl_driver_meet(struct xenbus_device *dev)
{
	struct xsl_device *d = xsl_device(dev);
	int err;

	unwatch_otherend(dev);
	forget_otherend(dev);
	err = to_xenbus_driver(dev->dev.driver)->read_otherend_details(dev);
	if (!err)
		xsl_lane_claim(d->lane, &d->otherend_claim, dev->otherend);
	return err;
}

/*
 * While the guest shuts down nothing is handled that may fail, as the root file system may be
 * gone.
 */
static void otherend_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct xenbus_device *dev = container_of(watch, struct xenbus_device, otherend_watch);
	struct xenbus_driver *drv = to_xenbus_driver(dev->dev.driver);
	enum xenbus_state state;

	/* One of another other end, of before a migration. */
	if (!dev->otherend || !xsl_text_below(path, dev->otherend))
		return;
	/* That it cannot be read is no state, least of all that it is gone. */
	if (xsl_state_find(dev->otherend, &state))
		return;
	if (system_state > SYSTEM_RUNNING) {
		if (xsl_bus(&dev->dev)->ignore && state == XenbusStateClosing)
			xenbus_frontend_closed(dev);
		return;
	}
	if (drv->otherend_changed)
		drv->otherend_changed(dev, state);
}

int xsl_driver_watch(struct xenbus_device *dev)
{
	return xenbus_watch_pathfmt(dev, &dev->otherend_watch, xsl_bus(&dev->dev)->will_handle,
				    otherend_changed, "%s/state", dev->otherend);
}

/* reclaim_sem keeps backends from being asked for memory meanwhile. */
static void call_remove(struct xenbus_driver *drv, struct xenbus_device *dev)
{
	if (!drv->remove)
		return;
	down(&dev->reclaim_sem);
	drv->remove(dev);
	up(&dev->reclaim_sem);
}

static int begin(struct xenbus_driver *drv, struct xenbus_device *dev)
{
	int err;

	down(&dev->reclaim_sem);
	err = drv->probe(dev, id_of(drv, dev));
	up(&dev->reclaim_sem);
	if (err)
		return err;
	err = xsl_driver_watch(dev);
	if (err)
		call_remove(drv, dev);
	return err;
}

int xsl_driver_probe(struct device *device)
{
	struct xenbus_device *dev = to_xenbus_device(device);
	struct xenbus_driver *drv = to_xenbus_driver(device->driver);
	int err;

	if (!drv->probe)
		return -ENODEV;
	err = xsl_driver_meet(dev);
	if (err)
		return err;
	if (!try_module_get(drv->driver.owner)) {
		err = -ESRCH;
		goto out_forget;
	}
	err = begin(drv, dev);
	if (err)
		goto out_put;
	dev->spurious_threshold = 1;
	if (sysfs_create_group(&device->kobj, &xsl_device_events_group))
		dev_warn(device, "no statistics of events in sysfs\n");
	return 0;

out_put:
	module_put(drv->driver.owner);
	xenbus_dev_error(dev, err, "probe of %s", dev->nodename);
out_forget:
	/* Nobody calls xsl_driver_remove() then. */
	forget_otherend(dev);
	return err;
}

void xsl_driver_remove(struct device *device)
{
	struct xenbus_device *dev = to_xenbus_device(device);
	struct xenbus_driver *drv = to_xenbus_driver(device->driver);
	enum xenbus_state state;

	sysfs_remove_group(&device->kobj, &xsl_device_events_group);
	unwatch_otherend(dev);
	call_remove(drv, dev);
	module_put(drv->driver.owner);
	forget_otherend(dev);
	/* Closed ends the device for the host; a driver that can come back leaves that to it. */
	if (!drv->allow_rebind ||
	    (!xsl_state_read(dev->nodename, &state) && state == XenbusStateClosing))
		xenbus_switch_state(dev, XenbusStateClosed);
}

int xsl_driver_register(struct xenbus_driver *drv, struct xsl_bus *bus, struct module *owner,
			const char *mod_name)
{
	drv->driver.name = drv->name ? drv->name : drv->ids->devicetype;
	drv->driver.bus = &bus->type;
	drv->driver.owner = owner;
	drv->driver.mod_name = mod_name;
	return driver_register(&drv->driver);
}

void xenbus_unregister_driver(struct xenbus_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(xenbus_unregister_driver);

int xenbus_watch_path(struct xenbus_device *dev, const char *path, struct xenbus_watch *watch,
		      bool (*will_handle)(struct xenbus_watch *, const char *, const char *),
		      void (*callback)(struct xenbus_watch *, const char *, const char *))
{
	int err;

	watch->node = path;
	watch->will_handle = will_handle;
	watch->callback = callback;
	err = xsl_watch_add(watch, xsl_device(dev)->lane);
	if (!err)
		return 0;
	watch->node = NULL;
	watch->will_handle = NULL;
	watch->callback = NULL;
	xenbus_dev_fatal(dev, err, "watching %s", path);
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_watch_path);

int xenbus_watch_pathfmt(struct xenbus_device *dev, struct xenbus_watch *watch,
			 bool (*will_handle)(struct xenbus_watch *, const char *, const char *),
			 void (*callback)(struct xenbus_watch *, const char *, const char *),
			 const char *pathfmt, ...)
{
	va_list ap;
	char *path;
	int err;

	va_start(ap, pathfmt);
	path = kvasprintf(GFP_NOIO | __GFP_HIGH, pathfmt, ap);
	va_end(ap);
	if (!path) {
		xenbus_dev_fatal(dev, -ENOMEM, "the path of a watch");
		return -ENOMEM;
	}
	err = xenbus_watch_path(dev, path, watch, will_handle, callback);
	if (err)
		kfree(path);
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_watch_pathfmt);
