// SPDX-License-Identifier: GPL-2.0
/* What tells a disk from all others: from the store to sysfs, and compared. */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "pvblk.h"

/* Disks that users know by something. The lock is a leaf; no store is waited for with it. */
static LIST_HEAD(pvblk_known);
static DEFINE_MUTEX(pvblk_known_lock);

typedef const char *pvblk_page_fn(const u8 *page, unsigned int len, struct pvblk_vpd *v);

static void pvblk_identity_bad(struct pvblk_disk *d, const char *key, const char *text,
			       const char *wrong)
{
	xenbus_dev_error(d->front.xdev, -EINVAL, "%s/%s, \"%*pE\", %s: it is not used",
			 d->front.xdev->otherend, key, (int)strnlen(text, 32), text, wrong);
}

static int pvblk_identity_page(struct pvblk_disk *d, const char *key, const char *text,
			       pvblk_page_fn *parse, struct pvblk_vpd *v)
{
	const char *wrong;
	u8 *page;
	int len;

	if (!text)
		return 0;
	page = kmalloc(PVBLK_PAGE_MAX, GFP_KERNEL);
	if (!page) {
		pvfront_fail(&d->front, -ENOMEM, "allocating a page of %s", key);
		return -ENOMEM;
	}
	len = pvblk_base64(text, page, PVBLK_PAGE_MAX);
	wrong = len < 0 ? "is not base64 of a page" : parse(page, len, v);
	if (wrong)
		pvblk_identity_bad(d, key, text, wrong);
	kfree(page);
	return 0;
}

static int pvblk_identity_parse(struct pvblk_disk *d, const struct pvblk_identity_keys *keys,
				struct pvblk_vpd *v)
{
	const char *wrong;
	int err;

	if (keys->serial) {
		wrong = pvblk_vpd_text(keys->serial, strlen(keys->serial), v);
		if (wrong)
			pvblk_identity_bad(d, "serial", keys->serial, wrong);
	}
	if (!v->serial[0]) {
		err = pvblk_identity_page(d, "sm-data/scsi/0x12/0x80", keys->page80,
					  pvblk_vpd_serial, v);
		if (err)
			return err;
	}
	return pvblk_identity_page(d, "sm-data/scsi/0x12/0x83", keys->page83,
				   pvblk_vpd_wwid, v);
}

int pvblk_identity_read(struct pvblk_disk *d, struct pvblk_vpd *v)
{
	struct pvblk_identity_keys keys;
	int err;

	memset(v, 0, sizeof(*v));
	err = pvblk_read_keys(d, PVBLK_KEYS_IDENTITY, &keys);
	if (err)
		return err;
	err = pvblk_identity_parse(d, &keys, v);
	kfree(keys.serial);
	kfree(keys.page80);
	kfree(keys.page83);
	return err;
}

/* Whether both are known, and not the same. */
static bool pvblk_name_differs(const char *old, const char *new)
{
	return old[0] && new[0] && strcmp(old, new);
}

int pvblk_identity_fit(struct pvblk_disk *d, const struct pvblk_vpd *v)
{
	/* Written by this thread alone, in pvblk_identity_take(). */
	const struct pvblk_vpd *old = &d->identity.vpd;
	bool serial = pvblk_name_differs(old->serial, v->serial);

	if (!serial && !pvblk_name_differs(old->wwid, v->wwid))
		return 0;
	pvfront_fail(&d->front, -EINVAL,
		     "%s was \"%s\" and is \"%s\": the new backend does not fit the disk in use",
		     serial ? "serial" : "wwid", serial ? old->serial : old->wwid,
		     serial ? v->serial : v->wwid);
	return -EINVAL;
}

static bool pvblk_name_is_same(const char *old, const char *new)
{
	return old[0] && !strcmp(old, new);
}

bool pvblk_identity_is_same(const struct pvblk_disk *d, const struct pvblk_vpd *v)
{
	const struct pvblk_vpd *old = &d->identity.vpd;

	return pvblk_name_is_same(old->serial, v->serial) ||
	       pvblk_name_is_same(old->wwid, v->wwid);
}

/* Whether another disk has the serial, or the wwid; then that one's name. */
static bool pvblk_known_elsewhere(const struct pvblk_disk *d, const char *serial,
				  const char *wwid, char *name)
{
	const struct pvblk_disk *other;

	lockdep_assert_held(&pvblk_known_lock);

	list_for_each_entry(other, &pvblk_known, identity.list) {
		const struct pvblk_vpd *v = &other->identity.vpd;

		if (other == d || ((!serial || strcmp(serial, v->serial)) &&
				   (!wwid || strcmp(wwid, v->wwid))))
			continue;
		strscpy(name, other->place.name, PVBLK_NAME_LEN);
		return true;
	}
	return false;
}

static bool pvblk_take_serial(struct pvblk_disk *d, const struct pvblk_vpd *v, char *other)
{
	struct pvblk_vpd *own = &d->identity.vpd;

	if (own->serial[0] || !v->serial[0] ||
	    pvblk_known_elsewhere(d, v->serial, NULL, other))
		return false;
	strscpy(own->serial, v->serial, sizeof(own->serial));
	return true;
}

static bool pvblk_take_wwid(struct pvblk_disk *d, const struct pvblk_vpd *v, char *other)
{
	struct pvblk_vpd *own = &d->identity.vpd;

	if (own->wwid[0] || !v->wwid[0] || pvblk_known_elsewhere(d, NULL, v->wwid, other))
		return false;
	strscpy(own->wwid, v->wwid, sizeof(own->wwid));
	memcpy(own->uid, v->uid, sizeof(own->uid));
	own->uid_len = v->uid_len;
	own->uid_type = v->uid_type;
	return true;
}

/* Two disks' links cannot be one, and who looks for one disk must not find the other. */
static void pvblk_known_clash(struct pvblk_disk *d, const char *key, const char *name,
			      const char *other)
{
	if (other[0])
		xenbus_dev_error(d->front.xdev, -EEXIST,
				 "%s \"%s\" of %s is that of %s: it is not used", key,
				 name, d->place.name, other);
}

void pvblk_identity_take(struct pvblk_disk *d, const struct pvblk_vpd *v)
{
	char serial_is[PVBLK_NAME_LEN] = "", wwid_is[PVBLK_NAME_LEN] = "";
	bool news;

	mutex_lock(&pvblk_known_lock);
	news = pvblk_take_serial(d, v, serial_is);
	news |= pvblk_take_wwid(d, v, wwid_is);
	if (news && list_empty(&d->identity.list))
		list_add(&d->identity.list, &pvblk_known);
	mutex_unlock(&pvblk_known_lock);

	pvblk_known_clash(d, "serial", v->serial, serial_is);
	pvblk_known_clash(d, "wwid", v->wwid, wwid_is);
	if (news && READ_ONCE(d->added))
		disk_uevent(d->gd, KOBJ_CHANGE);
}

void pvblk_identity_drop(struct pvblk_disk *d)
{
	mutex_lock(&pvblk_known_lock);
	list_del_init(&d->identity.list);
	memset(&d->identity.vpd, 0, sizeof(d->identity.vpd));
	mutex_unlock(&pvblk_known_lock);
}

int pvblk_identity_get(struct gendisk *gd, u8 uid[PVBLK_UID_MAX], enum blk_unique_id type)
{
	const struct pvblk_disk *d;
	int len = -EINVAL;

	mutex_lock(&pvblk_known_lock);
	list_for_each_entry(d, &pvblk_known, identity.list) {
		const struct pvblk_vpd *v = &d->identity.vpd;

		if (d->gd != gd || v->uid_type != type)
			continue;
		memcpy(uid, v->uid, v->uid_len);
		len = v->uid_len;
	}
	mutex_unlock(&pvblk_known_lock);
	return len;
}

/* The attributes go before the disk's structure does. */
static ssize_t pvblk_name_show(struct device *dev, char *buf, size_t offset)
{
	struct pvblk_disk *d = dev_to_disk(dev)->queue->queuedata;
	const char *name = (const char *)&d->identity.vpd + offset;
	ssize_t len;

	mutex_lock(&pvblk_known_lock);
	len = name[0] ? sysfs_emit(buf, "%s\n", name) : 0;
	mutex_unlock(&pvblk_known_lock);
	return len;
}

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return pvblk_name_show(dev, buf, offsetof(struct pvblk_vpd, serial));
}
static DEVICE_ATTR_RO(serial);

static ssize_t wwid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return pvblk_name_show(dev, buf, offsetof(struct pvblk_vpd, wwid));
}
static DEVICE_ATTR_RO(wwid);

static struct attribute *pvblk_identity_attrs[] = {
	&dev_attr_serial.attr,
	&dev_attr_wwid.attr,
	NULL
};

const struct attribute_group pvblk_identity_group = {
	.attrs = pvblk_identity_attrs,
};
