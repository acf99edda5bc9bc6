// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for devices that are about to connect: at boot, for the root file system may be on
 * one, and when a driver is loaded, for what is done next may need its devices.
 *
 * A device whose backend is not there yet, or is gone, is not waited for. One whose backend
 * is at work is: for LONGEST while no device at all is connected, as it may be the only one,
 * and else for as long as some device gets on, each step within GRACE of the last.
 */
#define pr_fmt(fmt) "xenbus: " fmt

#include <linux/jiffies.h>
#include <linux/sched.h>

#include "bus.h"

#define LONGEST	(30 * HZ)
#define GRACE	(2 * HZ)

struct count {
	const struct device_driver *drv;
	unsigned int waiting;
	unsigned int connected;
	unsigned int steps;	/* changes whenever a device gets on */
	bool loud;
};

static bool connected(struct xenbus_device *dev, const struct xenbus_driver *drv)
{
	return dev->state == XenbusStateConnected && !(drv->is_ready && !drv->is_ready(dev));
}

static bool at_work(enum xenbus_state backend)
{
	return backend == XenbusStateInitWait || backend == XenbusStateInitialised ||
	       backend == XenbusStateConnected;
}

static int look(struct device *device, void *data)
{
	struct xenbus_device *dev = to_xenbus_device(device);
	const struct xenbus_driver *drv;
	struct count *c = data;
	enum xenbus_state backend;

	if (!device->driver || (c->drv && device->driver != c->drv))
		return 0;
	drv = to_xenbus_driver(device->driver);
	if (drv->not_essential || dev->state > XenbusStateConnected)
		return 0;
	if (connected(dev, drv)) {
		c->connected++;
		return 0;
	}
	backend = dev->otherend ? xsl_state_read(dev->otherend) : XenbusStateUnknown;
	c->waiting += at_work(backend);
	c->steps += dev->state * 16 + backend;
	if (c->loud)
		dev_warn(device, "is not connected: %s, the backend %s\n",
			 xenbus_strstate(dev->state), xenbus_strstate(backend));
	return 0;
}

void xsl_wait_for_devices(struct xsl_bus *bus, const struct device_driver *drv)
{
	unsigned long start = jiffies, step = jiffies;
	struct count last = { }, now;

	for (;;) {
		now = (struct count){ .drv = drv };
		bus_for_each_dev(&bus->type, NULL, &now, look);
		if (!now.waiting)
			break;
		if (now.steps != last.steps || now.connected != last.connected)
			step = jiffies;
		if (time_after(jiffies, now.connected ? step + GRACE : start + LONGEST))
			break;
		last = now;
		schedule_timeout_idle(HZ / 20);
	}
	now = (struct count){ .drv = drv, .loud = true };
	bus_for_each_dev(&bus->type, NULL, &now, look);
}
