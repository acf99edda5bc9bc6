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
 * struct pvblk_limit - a limit that sysfs shows and sets
 * @attr: the attribute
 * @min: smallest number accepted
 * @max: largest number accepted
 * @unit: for people
 * @offset: of an int in struct pvblk_disk
 * @set: applies a new value
 */
struct pvblk_limit {
	struct device_attribute attr;
	int min;
	int max;
	const char *unit;
	size_t offset;
	void (*set)(struct pvblk_disk *d, int *limit, int value);
};

/* The disk goes away only when nobody is in here. */
static struct pvblk_disk *pvblk_disk_of_dev(struct device *dev)
{
	return dev_to_disk(dev)->queue->queuedata;
}

static const struct pvblk_limit *pvblk_limit_of(struct device_attribute *attr)
{
	return container_of(attr, struct pvblk_limit, attr);
}

static int *pvblk_limit_value(const struct pvblk_limit *l, struct pvblk_disk *d)
{
	return (void *)d + l->offset;
}

static void pvblk_tmo_set(struct pvblk_disk *d, int *limit, int value)
{
	pvfront_policy_set(&d->front, limit, value);
	pvblk_disk_set_timeout(d);
}

static void pvblk_unflushed_set(struct pvblk_disk *d, int *limit, int value)
{
	pvblk_kept_limit(d, value);
}

static ssize_t pvblk_limit_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	int *value = pvblk_limit_value(pvblk_limit_of(attr), pvblk_disk_of_dev(dev));

	return pvfront_emit_limit(buf, READ_ONCE(*value));
}

static ssize_t pvblk_limit_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	struct pvblk_disk *d = pvblk_disk_of_dev(dev);
	const struct pvblk_limit *l = pvblk_limit_of(attr);
	int value, err;

	err = pvfront_parse_limit(buf, l->min, l->max, &value);
	if (err) {
		dev_err(dev, "%s is \"%*pE\", not %s from %d to %d, or off\n",
			attr->attr.name, (int)strcspn(buf, "\n"), buf, l->unit,
			l->min, l->max);
		return err;
	}
	l->set(d, pvblk_limit_value(l, d), value);
	return count;
}

#define PVBLK_LIMIT(_name, _min, _max, _unit, _member, _set)		\
	static struct pvblk_limit pvblk_limit_##_name = {		\
		.attr = __ATTR(_name, 0644, pvblk_limit_show,		\
			       pvblk_limit_store),			\
		.min = (_min),						\
		.max = (_max),						\
		.unit = (_unit),					\
		.offset = offsetof(struct pvblk_disk, _member),		\
		.set = (_set),						\
	}

#define PVBLK_TMO(_name, _min, _member)					\
	PVBLK_LIMIT(_name, _min, PVFRONT_TMO_MAX, "seconds", _member,	\
		    pvblk_tmo_set)

PVBLK_TMO(ctrl_loss_tmo, 0, front.policy.ctrl_loss);
PVBLK_TMO(fast_io_fail_tmo, 0, front.policy.fast_io_fail);
PVBLK_TMO(io_timeout, 1, io_timeout);
PVBLK_LIMIT(unflushed_kb, 0, PVBLK_UNFLUSHED_MAX, "KB", kept.limit_kb,
	    pvblk_unflushed_set);

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
	struct pvblk_disk *d = pvblk_disk_of_dev(dev);
	struct pvfront_loss l;
	u64 now;

	pvfront_loss_read(&d->front, &l, &now);
	if (!l.reason && pvblk_use(d, &l) != PVFRONT_USE_LIVE)
		l.reason = READ_ONCE(d->waits) ? "the old backend has not let go" :
						 "what was not flushed is written again";
	return sysfs_emit(buf, "%s\n", l.reason ?: "none");
}
static DEVICE_ATTR_RO(reason);

/* For how long the disk has not been live. */
static ssize_t lost_seconds_show(struct device *dev, struct device_attribute *attr,
				 char *buf)
{
	struct pvblk_disk *d = pvblk_disk_of_dev(dev);
	struct pvfront_loss l;
	u64 now;

	pvfront_loss_read(&d->front, &l, &now);
	return sysfs_emit(buf, "%llu\n", pvblk_use(d, &l) == PVFRONT_USE_LIVE ? 0 :
			  div_u64(now - l.since, 1000));
}
static DEVICE_ATTR_RO(lost_seconds);

static struct attribute *pvblk_policy_attrs[] = {
	&pvblk_limit_ctrl_loss_tmo.attr.attr,
	&pvblk_limit_fast_io_fail_tmo.attr.attr,
	&pvblk_limit_io_timeout.attr.attr,
	&pvblk_limit_unflushed_kb.attr.attr,
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
