// SPDX-License-Identifier: GPL-2.0
/*
 * What users see and set of a disk's backend: /sys/block/xvdX/backend/. It is with the
 * disk, not with the xenbus device, which may go while the disk waits for another.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "pvblk.h"

/**
 * struct pvblk_tmo - a limit of time that sysfs shows and sets
 * @attr: the attribute
 * @min: smallest value accepted, in seconds
 * @offset: of an int in struct pvblk_disk
 */
struct pvblk_tmo {
	struct device_attribute attr;
	int min;
	size_t offset;
};

/* The disk goes away only when nobody is in here. */
static struct pvblk_disk *pvblk_disk_of_dev(struct device *dev)
{
	return dev_to_disk(dev)->queue->queuedata;
}

static const struct pvblk_tmo *pvblk_tmo_of(struct device_attribute *attr)
{
	return container_of(attr, struct pvblk_tmo, attr);
}

static int *pvblk_tmo_value(const struct pvblk_tmo *t, struct pvblk_disk *d)
{
	return (void *)d + t->offset;
}

static ssize_t pvblk_tmo_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	int *value = pvblk_tmo_value(pvblk_tmo_of(attr), pvblk_disk_of_dev(dev));

	return pvfront_emit_tmo(buf, READ_ONCE(*value));
}

static ssize_t pvblk_tmo_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	struct pvblk_disk *d = pvblk_disk_of_dev(dev);
	const struct pvblk_tmo *t = pvblk_tmo_of(attr);
	int value, err;

	err = pvfront_parse_tmo(buf, t->min, &value);
	if (err) {
		dev_err(dev, "%s is \"%*pE\", not seconds from %d to %d, or off\n",
			attr->attr.name, (int)strcspn(buf, "\n"), buf, t->min,
			PVFRONT_TMO_MAX);
		return err;
	}
	pvfront_policy_set(&d->front, pvblk_tmo_value(t, d), value);
	pvblk_disk_set_timeout(d);
	return count;
}

#define PVBLK_TMO(_name, _min, _member)					\
	static struct pvblk_tmo pvblk_tmo_##_name = {				\
		.attr = __ATTR(_name, 0644, pvblk_tmo_show, pvblk_tmo_store),	\
		.min = (_min),							\
		.offset = offsetof(struct pvblk_disk, _member),			\
	}

PVBLK_TMO(ctrl_loss_tmo, 0, front.policy.ctrl_loss);
PVBLK_TMO(fast_io_fail_tmo, 0, front.policy.fast_io_fail);
PVBLK_TMO(io_timeout, 1, io_timeout);

/* Connected, but the old connection is not proven dead: users still wait. */
static enum pvfront_use pvblk_use(struct pvblk_disk *d, const struct pvfront_loss *l)
{
	if (l->use == PVFRONT_USE_LIVE && READ_ONCE(d->parked))
		return PVFRONT_USE_CONNECTING;
	return l->use;
}

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pvblk_disk *d = pvblk_disk_of_dev(dev);
	struct pvfront_loss l;
	u64 now;

	pvfront_loss_read(&d->front, &l, &now);
	return sysfs_emit(buf, "%s\n", pvfront_use_name(pvblk_use(d, &l)));
}
static DEVICE_ATTR_RO(state);

static ssize_t reason_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pvfront_loss l;
	u64 now;

	pvfront_loss_read(&pvblk_disk_of_dev(dev)->front, &l, &now);
	return sysfs_emit(buf, "%s\n", l.reason ?: "none");
}
static DEVICE_ATTR_RO(reason);

/* For how long the disk has not been live. */
static ssize_t lost_seconds_show(struct device *dev, struct device_attribute *attr,
				 char *buf)
{
	struct pvfront_loss l;
	u64 now;

	pvfront_loss_read(&pvblk_disk_of_dev(dev)->front, &l, &now);
	return sysfs_emit(buf, "%llu\n",
			  l.use == PVFRONT_USE_LIVE ? 0 : div_u64(now - l.since, 1000));
}
static DEVICE_ATTR_RO(lost_seconds);

static struct attribute *pvblk_policy_attrs[] = {
	&pvblk_tmo_ctrl_loss_tmo.attr.attr,
	&pvblk_tmo_fast_io_fail_tmo.attr.attr,
	&pvblk_tmo_io_timeout.attr.attr,
	&dev_attr_state.attr,
	&dev_attr_reason.attr,
	&dev_attr_lost_seconds.attr,
	NULL
};

static const struct attribute_group pvblk_policy_group = {
	.name = "backend",
	.attrs = pvblk_policy_attrs,
};

const struct attribute_group *pvblk_disk_groups[] = {
	&pvblk_policy_group,
	&pvblk_identity_group,
	NULL
};
