// SPDX-License-Identifier: GPL-2.0
/* Users' devices go from one xenbus device to another, or wait without one. */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/kobject.h>

#include <pv/outlive.h>

int pvfront_move_device(struct device *dev, struct device *parent)
{
	struct device *old = dev->parent;
	struct kobject *dir = NULL;
	int err;

	/*
	 * The directory of dev's class below the old parent, of which device_move() keeps
	 * the reference that device_add() took. The one without a parent, which others
	 * share and may just look for, stays in any case.
	 */
	if (old && dev->kobj.parent != &old->kobj)
		dir = kobject_get(dev->kobj.parent);

	dev_set_uevent_suppress(dev, 1);
	err = device_move(dev, parent, parent ? DPM_ORDER_DEV_AFTER_PARENT : DPM_ORDER_NONE);
	dev_set_uevent_suppress(dev, 0);

	/* Nobody else is in it: what there is beside ours is what was left. */
	if (!err && dir && kref_read(&dir->kref) > 1)
		kobject_put(dir);
	kobject_put(dir);
	return err;
}
EXPORT_SYMBOL_GPL(pvfront_move_device);
