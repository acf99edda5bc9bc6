// SPDX-License-Identifier: GPL-2.0
/* Users' devices go from one xenbus device to another, as far as sysfs keeps these. */
#include <fake.h>

#include <pv/outlive.h>

#include "test.h"

/* The directory of a class below a device, which is there as long as it has references. */
static struct kobject vif_dir, next_dir, virtual_dir;
static struct device vif, next, user;
static bool told, fails, keeps;

struct kobject *kobject_get(struct kobject *kobj)
{
	if (kobj)
		kobj->kref.v++;
	return kobj;
}

void kobject_put(struct kobject *kobj)
{
	if (kobj && !kobj->kref.v--)
		abort();
}

/* As that of Linux does: two references to the new directory, of which one is given back. */
int device_move(struct device *dev, struct device *parent, enum dpm_order order)
{
	struct kobject *old = dev->kobj.parent;

	told |= !dev->uevent_suppress;
	EXPECT_EQ(order, parent ? DPM_ORDER_DEV_AFTER_PARENT : DPM_ORDER_NONE);
	if (fails)
		return -ENOMEM;
	dev->kobj.parent = !parent ? &virtual_dir : parent == &vif ? &vif_dir : &next_dir;
	dev->kobj.parent->kref.v += 2;
	dev->parent = parent;
	kobject_put(old);
	/* One of a later kernel may give both back. */
	if (!keeps)
		kobject_put(old);
	return 0;
}

static void begin(void)
{
	vif_dir.kref.v = 2;
	next_dir.kref.v = 0;
	/* Others are there. */
	virtual_dir.kref.v = 2;
	user = (struct device){ .parent = &vif, .kobj.parent = &vif_dir };
	told = false;
	fails = false;
	keeps = true;
}

static void nothing_is_left_below_the_old_device(void)
{
	begin();
	EXPECT_EQ(pvfront_move_device(&user, NULL), 0);
	EXPECT_EQ(vif_dir.kref.v, 0);
	EXPECT(!user.parent);
	EXPECT_EQ(pvfront_move_device(&user, &next), 0);
	EXPECT_EQ(next_dir.kref.v, 2);
	EXPECT_EQ(pvfront_move_device(&user, &vif), 0);
	EXPECT_EQ(next_dir.kref.v, 0);
	EXPECT_EQ(vif_dir.kref.v, 2);
	EXPECT(!told);
	EXPECT(!user.uevent_suppress);
}

/* Others may be looking for it as its last reference goes. */
static void what_others_share_is_left_alone(void)
{
	begin();
	EXPECT_EQ(pvfront_move_device(&user, NULL), 0);
	EXPECT_EQ(virtual_dir.kref.v, 4);
	EXPECT_EQ(pvfront_move_device(&user, &next), 0);
	EXPECT_EQ(virtual_dir.kref.v, 3);
}

static void one_that_fails_changes_nothing(void)
{
	begin();
	fails = true;
	EXPECT_EQ(pvfront_move_device(&user, NULL), -ENOMEM);
	EXPECT_EQ(vif_dir.kref.v, 2);
	EXPECT(user.parent == &vif);
	EXPECT(!user.uevent_suppress);
}

static void a_kernel_that_keeps_nothing_loses_nothing(void)
{
	begin();
	keeps = false;
	EXPECT_EQ(pvfront_move_device(&user, NULL), 0);
	EXPECT_EQ(vif_dir.kref.v, 0);
}

/* Without a directory of its class between. */
static void a_device_below_its_parent_itself_is_moved(void)
{
	begin();
	vif.kobj.kref.v = 2;
	user.kobj.parent = &vif.kobj;
	EXPECT_EQ(pvfront_move_device(&user, NULL), 0);
	EXPECT_EQ(vif.kobj.kref.v, 1);
}

const struct test_case test_cases[] = {
	TEST(nothing_is_left_below_the_old_device),
	TEST(what_others_share_is_left_alone),
	TEST(one_that_fails_changes_nothing),
	TEST(a_kernel_that_keeps_nothing_loses_nothing),
	TEST(a_device_below_its_parent_itself_is_moved),
	{ }
};
