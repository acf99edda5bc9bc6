// SPDX-License-Identifier: GPL-2.0
/* The bus "xen": frontends of this guest, below device/. */
#include <linux/export.h>
#include <linux/init.h>
#include <xen/xen.h>

#include "bus.h"
#include "root.h"

/* device/vbd/51712 is vbd-51712. */
static int name(const char *nodename, char *buf, size_t size)
{
	const char *type = nodename + sizeof("device/") - 1;
	const char *id = strchr(type, '/');

	/* The first console is none of this bus. */
	if (!id || !id[1] || !strcmp(type, "console/0"))
		return -ENODEV;
	if (snprintf(buf, size, "%.*s-%s", (int)(id - type), type, id + 1) >= size)
		return -ENAMETOOLONG;
	return 0;
}

static int uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=xen:%s", to_xenbus_device(dev)->devicetype);
}

/* The host should see the device close; but nobody waits for it for long. */
static void shutdown(struct device *device)
{
	struct xenbus_device *dev = to_xenbus_device(device);

	if (dev->state != XenbusStateConnected)
		return;
	xenbus_switch_state(dev, XenbusStateClosing);
	if (!wait_for_completion_timeout(&dev->down, 5 * HZ))
		dev_info(device, "the backend does not close\n");
}

static const struct dev_pm_ops power = {
	.freeze = xsl_power_freeze,
	.thaw = xsl_power_thaw,
	.restore = xsl_power_restore,
};

static struct xsl_bus frontends = {
	.root = "device",
	.levels = 3,
	.name = name,
	.ignore = true,
	.type = {
		.name = "xen",
		.match = xsl_driver_match,
		.uevent = uevent,
		.probe = xsl_driver_probe,
		.remove = xsl_driver_remove,
		.shutdown = shutdown,
		.dev_groups = xsl_device_groups,
		.pm = &power,
	},
};

static int details(struct xenbus_device *dev)
{
	return xsl_driver_details(dev, "backend-id", "backend");
}

/* Set at the end of boot: a driver that is loaded later waits for its devices. */
static bool booted;

int __xenbus_register_frontend(struct xenbus_driver *drv, struct module *owner,
			       const char *mod_name)
{
	int err;

	drv->read_otherend_details = details;
	err = xsl_driver_register(drv, &frontends, owner, mod_name);
	if (!err && booted)
		xsl_wait_for_devices(&frontends, &drv->driver, NULL);
	return err;
}
EXPORT_SYMBOL_GPL(__xenbus_register_frontend);

static int store_ready(struct notifier_block *nb, unsigned long event, void *data)
{
	xsl_bus_start(&frontends);
	return NOTIFY_DONE;
}

static struct notifier_block store_notifier = {
	.notifier_call = store_ready,
};

static int __init start(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;
	err = bus_register(&frontends.type);
	if (!err)
		err = register_xenstore_notifier(&store_notifier);
	return err;
}
subsys_initcall(start);

/* Behind the drivers' initcalls, and before the root file system is looked for. */
static int __init wait(void)
{
	if (!xen_domain())
		return -ENODEV;
	booted = true;
	xsl_wait_for_devices(&frontends, NULL, xsl_root(&frontends.type));
	return 0;
}
late_initcall(wait);
