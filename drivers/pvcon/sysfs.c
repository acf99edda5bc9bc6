// SPDX-License-Identifier: GPL-2.0
/* Which line and which channel a console is, for users and udev rules. */
#include <linux/sysfs.h>

#include "pvcon.h"

/*
 * /sys/bus/xen/devices/console-N/hvc: the line, "hvc1", or "none" while no
 * backend has been there yet.
 */
static ssize_t hvc_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	struct pvcon *con = pvcon_of(pvfront_of(dev));
	int line = READ_ONCE(con->line);

	if (line < 0)
		return sysfs_emit(buf, "none\n");
	return sysfs_emit(buf, "hvc%d\n", line);
}
static DEVICE_ATTR_RO(hvc);

/* .../channel: the name given in the guest's configuration, if there is one. */
static ssize_t channel_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	struct pvcon *con = pvcon_of(pvfront_of(dev));

	return sysfs_emit(buf, "%s\n", con->channel);
}
static DEVICE_ATTR_RO(channel);

static umode_t pvcon_attr_visible(struct kobject *kobj, struct attribute *attr,
				  int index)
{
	struct pvcon *con = pvcon_of(pvfront_of(kobj_to_dev(kobj)));

	if (attr == &dev_attr_channel.attr && !con->channel)
		return 0;
	return attr->mode;
}

static struct attribute *pvcon_attrs[] = {
	&dev_attr_hvc.attr,
	&dev_attr_channel.attr,
	NULL
};

static const struct attribute_group pvcon_attr_group = {
	.attrs = pvcon_attrs,
	.is_visible = pvcon_attr_visible,
};

const struct attribute_group *pvcon_attr_groups[] = {
	&pvcon_attr_group,
	NULL
};
