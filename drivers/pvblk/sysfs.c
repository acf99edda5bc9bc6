// SPDX-License-Identifier: GPL-2.0
/*
 * What may be set for each device while it runs, in its own directory:
 * /sys/bus/xen/devices/vbd-N/. What belongs to the block layer is set there:
 * /sys/block/xvdX/queue/.
 */
#include <linux/device.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "pvblk.h"

/**
 * struct pvblk_knob - a bounded number that sysfs shows and sets
 * @attr: the attribute
 * @min: smallest value accepted
 * @max: largest value accepted
 * @def: the default
 * @offset: of an unsigned int in struct pvblk_disk
 */
struct pvblk_knob {
	struct device_attribute attr;
	unsigned int min;
	unsigned int max;
	unsigned int def;
	size_t offset;
};

static struct pvblk_knob *pvblk_knob_of(struct device_attribute *attr)
{
	return container_of(attr, struct pvblk_knob, attr);
}

static unsigned int *pvblk_knob_value(const struct pvblk_knob *k,
				      struct pvblk_disk *d)
{
	return (void *)d + k->offset;
}

static ssize_t pvblk_knob_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	struct pvblk_disk *d = pvblk_disk_of(pvfront_of(dev));

	return sysfs_emit(buf, "%u\n",
			  READ_ONCE(*pvblk_knob_value(pvblk_knob_of(attr), d)));
}

static ssize_t pvblk_knob_store(struct device *dev,
				struct device_attribute *attr,
				const char *buf, size_t count)
{
	struct pvblk_disk *d = pvblk_disk_of(pvfront_of(dev));
	const struct pvblk_knob *k = pvblk_knob_of(attr);
	unsigned int value;
	int err;

	err = pvfront_parse_number(buf, k->min, k->max, &value);
	if (err) {
		dev_err(dev, "%s is \"%*pE\", not a number from %u to %u\n",
			attr->attr.name, (int)strcspn(buf, "\n"), buf, k->min, k->max);
		return err;
	}
	/* Heeded when the next event is asked for. */
	WRITE_ONCE(*pvblk_knob_value(k, d), value);
	return count;
}

#define PVBLK_KNOB(_name, _min, _max, _def)				\
	static struct pvblk_knob pvblk_knob_##_name = {			\
		.attr = __ATTR(_name, 0644, pvblk_knob_show,		\
			       pvblk_knob_store),			\
		.min = (_min),						\
		.max = (_max),						\
		.def = (_def),						\
		.offset = offsetof(struct pvblk_disk, _name),		\
	}

PVBLK_KNOB(coalesce_responses, 1, 256, 1);
PVBLK_KNOB(coalesce_usecs, 1, 100000, 200);

static struct pvblk_knob *const pvblk_knobs[] = {
	&pvblk_knob_coalesce_responses,
	&pvblk_knob_coalesce_usecs,
};

static struct attribute *pvblk_attrs[] = {
	&pvblk_knob_coalesce_responses.attr.attr,
	&pvblk_knob_coalesce_usecs.attr.attr,
	NULL
};

static const struct attribute_group pvblk_group = {
	.attrs = pvblk_attrs,
};

const struct attribute_group *pvblk_groups[] = {
	&pvblk_group,
	NULL
};

void pvblk_knobs_init(struct pvblk_disk *d)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pvblk_knobs); i++)
		*pvblk_knob_value(pvblk_knobs[i], d) = pvblk_knobs[i]->def;
}
