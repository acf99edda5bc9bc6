// SPDX-License-Identifier: GPL-2.0
/* The bus "xen-backend": devices that this guest serves to others, below backend/. */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <xen/xen.h>

#include "bus.h"
#include "store/store.h"

static int find_frontend(const char *nodename, int *domain)
{
	char *frontend;
	int err = xenbus_gather(XBT_NIL, nodename, "frontend-id", "%i", domain,
				"frontend", NULL, &frontend, NULL);

	if (err)
		return err;
	err = *frontend ? xsl_exists(frontend) : 0;
	kfree(frontend);
	return err > 0 ? 0 : err ? err : -ENOENT;
}

/* backend/vbd/7/51712 is vbd-7-51712, if the frontend is there. */
static int name(const char *nodename, char *buf, size_t size)
{
	const char *type = nodename + sizeof("backend/") - 1;
	const char *id = strrchr(nodename, '/') + 1;
	unsigned int tries = 0;
	int domain, err;

	do
		err = find_frontend(nodename, &domain);
	while (xsl_answer(err) == XSL_AGAIN && xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (err)
		return err;
	if (snprintf(buf, size, "%.*s-%i-%s", (int)strcspn(type, "/"), type, domain, id) >= size)
		return -ENAMETOOLONG;
	return 0;
}

/* What hotplug scripts go by. */
static int uevent(const struct device *device, struct kobj_uevent_env *env)
{
	const struct xenbus_device *dev = to_xenbus_device(device);
	const struct xenbus_driver *drv = device->driver ? to_xenbus_driver(device->driver) : NULL;

	if (add_uevent_var(env, "MODALIAS=xen-backend:%s", dev->devicetype) ||
	    add_uevent_var(env, "XENBUS_TYPE=%s", dev->devicetype) ||
	    add_uevent_var(env, "XENBUS_PATH=%s", dev->nodename) ||
	    add_uevent_var(env, "XENBUS_BASE_PATH=backend"))
		return -ENOMEM;
	return drv && drv->uevent ? drv->uevent(dev, env) : 0;
}

/* A frontend that writes its state often is looked at once. */
static bool will_handle(struct xenbus_watch *watch, const char *path, const char *token)
{
	return !watch->nr_pending;
}

static struct xsl_bus backends = {
	.root = "backend",
	.levels = 4,
	.name = name,
	.will_handle = will_handle,
	.type = {
		.name = "xen-backend",
		.match = xsl_driver_match,
		.uevent = uevent,
		.probe = xsl_driver_probe,
		.remove = xsl_driver_remove,
		.dev_groups = xsl_device_groups,
	},
};

static int details(struct xenbus_device *dev)
{
	return xsl_driver_details(dev, "frontend-id", "frontend");
}

int __xenbus_register_backend(struct xenbus_driver *drv, struct module *owner,
			      const char *mod_name)
{
	drv->read_otherend_details = details;
	return xsl_driver_register(drv, &backends, owner, mod_name);
}
EXPORT_SYMBOL_GPL(__xenbus_register_backend);

int xenbus_dev_is_online(struct xenbus_device *dev)
{
	return !!xenbus_read_unsigned(dev->nodename, "online", 0);
}
EXPORT_SYMBOL_GPL(xenbus_dev_is_online);

static int reclaim(struct device *device, void *data)
{
	struct xenbus_device *dev = to_xenbus_device(device);
	struct xenbus_driver *drv = device->driver ? to_xenbus_driver(device->driver) : NULL;

	if (!drv || !drv->reclaim_memory || down_trylock(&dev->reclaim_sem))
		return 0;
	drv->reclaim_memory(dev);
	up(&dev->reclaim_sem);
	return 0;
}

/* Memory is short: drivers are told, and free what they like; nothing is counted. */
static unsigned long shrink(struct shrinker *shrinker, struct shrink_control *sc)
{
	bus_for_each_dev(&backends.type, NULL, NULL, reclaim);
	return 0;
}

static int store_ready(struct notifier_block *nb, unsigned long event, void *data)
{
	xsl_bus_start(&backends);
	return NOTIFY_DONE;
}

static struct notifier_block store_notifier = {
	.notifier_call = store_ready,
};

static int __init start(void)
{
	struct shrinker *shrinker;
	int err;

	if (!xen_domain())
		return -ENODEV;
	err = bus_register(&backends.type);
	if (!err)
		err = register_xenstore_notifier(&store_notifier);
	if (err)
		return err;
	shrinker = shrinker_alloc(0, "xen-backend");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = shrink;
	shrinker_register(shrinker);
	return 0;
}
subsys_initcall(start);
