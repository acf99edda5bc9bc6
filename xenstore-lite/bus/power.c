// SPDX-License-Identifier: GPL-2.0
/* What devices do while the guest is saved, and when it goes on, here or on another host. */
#include "bus.h"
#include "driver.h"

/* A driver that cannot get ready is told of the migration all the same. */
int xsl_power_freeze(struct device *device)
{
	struct xenbus_driver *drv = device->driver ? to_xenbus_driver(device->driver) : NULL;
	int err = 0;

	if (drv && drv->suspend)
		err = drv->suspend(to_xenbus_device(device));
	if (err)
		dev_warn(device, "not ready to be saved (%d)\n", err);
	return 0;
}

/* The guest was not saved after all: nothing has changed. */
int xsl_power_thaw(struct device *device)
{
	return 0;
}

static int resume(struct xenbus_device *dev, struct xenbus_driver *drv)
{
	int err = xsl_driver_meet(dev);

	if (err)
		return err;
	dev->state = XenbusStateInitialising;
	if (drv->resume)
		err = drv->resume(dev);
	return err ? err : xsl_driver_watch(dev);
}

int xsl_power_restore(struct device *device)
{
	int err;

	if (!device->driver)
		return 0;
	err = resume(to_xenbus_device(device), to_xenbus_driver(device->driver));
	if (err)
		dev_warn(device, "does not go on after the migration (%d)\n", err);
	return err;
}
