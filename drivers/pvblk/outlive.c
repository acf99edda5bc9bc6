// SPDX-License-Identifier: GPL-2.0
/*
 * Disks that outlive their xenbus device. The toolstack takes that away with a backend
 * that has died, and makes another for the next one: the disk is an orphan meanwhile,
 * without a parent in sysfs, and the next device of its number adopts it if it is for the
 * same image. Whether the disk is as large is looked at when it connects (props.c).
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>

#include "pvblk.h"

/*
 * Users see no difference, so udev is not told: it would read the disk, and wait with it.
 * With no parent, or with one of the same name as before.
 */
static void pvblk_move(struct pvblk_disk *d, struct device *parent)
{
	struct device *dev;

	/* One that is being deleted is not in sysfs much longer. */
	lockdep_assert_held(&d->fence_lock);
	if (!d->gd || !d->added || d->deleting)
		return;
	dev = disk_to_dev(d->gd);
	if (dev->parent == parent)
		return;
	if (pvfront_move_device(dev, parent))
		dev_warn(&d->front.xdev->dev, "%s cannot be moved in sysfs\n",
			 d->place.name);
}

void pvblk_leave_device(struct pvblk_disk *d)
{
	mutex_lock(&d->fence_lock);
	pvblk_move(d, NULL);
	mutex_unlock(&d->fence_lock);
}

void pvblk_orphan(struct pvblk_disk *d)
{
	pvblk_leave_device(d);
	pvfront_orphan(&d->front);
}

void pvblk_expired(struct pvfront *f)
{
	pvblk_disk_put(pvblk_disk_of(f));
}

static bool pvblk_has_number(struct pvfront *f, const void *data)
{
	const struct pvblk_disk *d = pvblk_disk_of(f), *new = data;

	return d->handle == new->handle;
}

/* Where one of them is not known it is looked at once more before anything is sent. */
static bool pvblk_is_for(struct pvblk_disk *d, struct pvblk_disk *new)
{
	struct pvblk_vpd vpd;
	int err;

	/* The bus told no orphan of a restore. */
	if (pvfront_has_left_host(&d->front))
		pvblk_source_forget(d);
	if (!pvblk_source_differs(d->source, new->source))
		return true;
	/* What cannot be read now is read again when it connects. */
	new->front.started = true;
	err = pvblk_identity_read(new, &vpd);
	new->front.started = false;
	if (pvfront_is_transient(err) || (!err && pvblk_identity_is_same(d, &vpd)))
		return true;
	pvblk_source_say(d, new);
	return false;
}

struct pvblk_disk *pvblk_adopt(struct pvblk_disk *new)
{
	struct pvfront *f = pvfront_orphan_take(new->front.ops, pvblk_has_number, new);
	struct xenbus_device *xdev = new->front.xdev;
	struct pvblk_disk *d;
	struct device *old;

	if (!f)
		return new;
	d = pvblk_disk_of(f);
	if (pvfront_orphan_is_over(f) || !pvblk_is_for(d, new)) {
		pvfront_orphan_refuse(f);
		return new;
	}
	old = &f->xdev->dev;
	get_device(&xdev->dev);
	pvfront_adopt(f, xdev);
	mutex_lock(&d->fence_lock);
	pvblk_move(d, &xdev->dev);
	/* Who looks at the device of a disk without connection holds this: none has @old now. */
	mutex_unlock(&d->fence_lock);
	put_device(old);
	dev_info(&xdev->dev, "%s has waited for this device\n", d->place.name);
	pvblk_disk_put(new);
	return d;
}

bool pvblk_outlives(struct pvfront *f)
{
	const struct pvblk_disk *d = pvblk_disk_of(f);

	return READ_ONCE(d->gd) && READ_ONCE(d->added) && !pvblk_disk_is_going(d) &&
	       !READ_ONCE(d->doomed);
}

/* A partition that is open has the disk open, too. */
bool pvblk_in_use(struct pvfront *f)
{
	struct gendisk *gd = READ_ONCE(pvblk_disk_of(f)->gd);

	return gd && disk_openers(gd);
}

/*
 * From the device and not from the disk, of which udev would look for a file system, and
 * wait with the disk.
 */
void pvblk_use_changed(struct pvfront *f, enum pvfront_use use)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	char state[32], disk[32];
	char *env[] = { state, disk, NULL };

	if (f->orphan)
		return;
	snprintf(state, sizeof(state), "STATE=%s", pvfront_use_name(use));
	snprintf(disk, sizeof(disk), "DISK=%s", d->place.name);
	kobject_uevent_env(&f->xdev->dev.kobj, KOBJ_CHANGE, env);
}
