// SPDX-License-Identifier: GPL-2.0
/* Devices and what is in their directory in sysfs. See bus.h. */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "bus.h"

static ssize_t nodename_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_xenbus_device(dev)->nodename);
}
static DEVICE_ATTR_RO(nodename);

static ssize_t devtype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", to_xenbus_device(dev)->devicetype);
}
static DEVICE_ATTR_RO(devtype);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s:%s\n", dev->bus->name, to_xenbus_device(dev)->devicetype);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", xenbus_strstate(to_xenbus_device(dev)->state));
}
static DEVICE_ATTR_RO(state);

static struct attribute *attrs[] = {
	&dev_attr_nodename.attr,
	&dev_attr_devtype.attr,
	&dev_attr_modalias.attr,
	&dev_attr_state.attr,
	NULL,
};

static const struct attribute_group group = {
	.attrs = attrs,
};

const struct attribute_group *xsl_device_groups[] = {
	&group,
	NULL,
};

#define SHOW(name)								\
	static ssize_t name##_show(struct device *dev,				\
				   struct device_attribute *attr, char *buf)	\
	{									\
		return sysfs_emit(buf, "%d\n",					\
				  atomic_read(&to_xenbus_device(dev)->name));	\
	}									\
	static DEVICE_ATTR_RO(name)

SHOW(event_channels);
SHOW(events);
SHOW(spurious_events);
SHOW(jiffies_eoi_delayed);

static ssize_t spurious_threshold_show(struct device *dev, struct device_attribute *attr,
				       char *buf)
{
	return sysfs_emit(buf, "%u\n", to_xenbus_device(dev)->spurious_threshold);
}

static ssize_t spurious_threshold_store(struct device *dev, struct device_attribute *attr,
					const char *buf, size_t count)
{
	int err = kstrtouint(buf, 0, &to_xenbus_device(dev)->spurious_threshold);

	return err ? err : count;
}
static DEVICE_ATTR_RW(spurious_threshold);

static struct attribute *events_attrs[] = {
	&dev_attr_event_channels.attr,
	&dev_attr_events.attr,
	&dev_attr_spurious_events.attr,
	&dev_attr_jiffies_eoi_delayed.attr,
	&dev_attr_spurious_threshold.attr,
	NULL,
};

/* Of a device that has a driver. */
const struct attribute_group xsl_device_events_group = {
	.name = "xenbus",
	.attrs = events_attrs,
};

static void release(struct device *dev)
{
	struct xsl_device *d = xsl_device(to_xenbus_device(dev));

	xsl_lane_unclaim(&d->node_claim);
	xsl_lane_unclaim(&d->otherend_claim);
	kfree(d->xdev.otherend);
	xsl_lane_put(d->lane);
	kfree(d);
}

/* The type is the second part of the path: vbd of device/vbd/51712. */
static struct xsl_device *make(struct xsl_bus *bus, const char *nodename)
{
	const char *type = nodename + strlen(bus->root) + 1;
	size_t len = strlen(nodename) + 1, type_len = strcspn(type, "/");
	struct xsl_device *d = kzalloc(struct_size(d, names, len + type_len + 1), GFP_KERNEL);

	if (!d)
		return NULL;
	memcpy(d->names, nodename, len);
	memcpy(d->names + len, type, type_len);
	d->xdev.nodename = d->names;
	d->xdev.devicetype = d->names + len;
	d->xdev.state = XenbusStateInitialising;
	init_completion(&d->xdev.down);
	sema_init(&d->xdev.reclaim_sem, 1);
	mutex_init(&d->switching);
	d->xdev.dev.bus = &bus->type;
	d->xdev.dev.release = release;
	return d;
}

struct xsl_device *xsl_device_add(struct xsl_bus *bus, const char *nodename,
				  struct xsl_lane *lane)
{
	char name[64];
	struct xsl_device *d;
	int err = bus->name(nodename, name, sizeof(name));

	if (err)
		return ERR_PTR(err);
	d = make(bus, nodename);
	if (!d)
		return ERR_PTR(-ENOMEM);
	d->lane = xsl_lane_get(lane);
	xsl_lane_claim(lane, &d->node_claim, d->xdev.nodename);
	/* The first reference goes with device_unregister(), whoever calls it. */
	device_initialize(&d->xdev.dev);
	get_device(&d->xdev.dev);
	err = dev_set_name(&d->xdev.dev, "%s", name);
	if (!err)
		err = device_add(&d->xdev.dev);
	if (!err)
		return d;
	put_device(&d->xdev.dev);
	put_device(&d->xdev.dev);
	return ERR_PTR(err);
}

void xsl_device_remove(struct xsl_device *dev)
{
	mutex_lock(&dev->switching);
	dev->vanished = true;
	xsl_set_vanished(&dev->xdev);
	mutex_unlock(&dev->switching);
	if (device_is_registered(&dev->xdev.dev))
		device_unregister(&dev->xdev.dev);
	put_device(&dev->xdev.dev);
}

bool xsl_device_replaced(struct xsl_device *dev)
{
	enum xenbus_state state;
	bool replaced;

	if (!XSL_REPLACES)
		return false;
	/* Nobody writes our state meanwhile. */
	mutex_lock(&dev->switching);
	replaced = dev->xdev.state != XenbusStateInitialising &&
		   !xsl_state_find(dev->xdev.nodename, &state) &&
		   state == XenbusStateInitialising;
	mutex_unlock(&dev->switching);
	if (replaced)
		dev_warn(&dev->xdev.dev, "the host has begun this device anew\n");
	return replaced;
}
