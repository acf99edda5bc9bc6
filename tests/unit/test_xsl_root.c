// SPDX-License-Identifier: GPL-2.0
/*
 * When the disk of root= is there: not before the partition that it names.
 *
 * The source is taken in, with what it needs of the kernel made here: a xenbus device, its disk
 * with a number for any partition, and one partition.
 */
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "test.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _ASM_X86_XEN_HYPERVISOR_H

#define __init
#define __initdata
#define IS_ENABLED(CONFIG_ANY)	1
#define early_param(name, fn)	static int (*const param)(char *value) = (fn)
#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))
#define device_trylock(dev)	(!locked && ++locks)
#define device_unlock(dev)	(locks--)
#define put_device(dev)		(refs--)
#define strscpy(to, from, size)	snprintf(to, size, "%s", from)

struct bus_type { int v; };
struct class { int v; };
struct device_driver { int v; };

struct device {
	struct device *parent;
	const struct bus_type *bus;
	struct device_driver *driver;
	dev_t devt;
};

struct xenbus_device { struct device dev; };

struct xenbus_driver {
	int (*is_ready)(struct xenbus_device *dev);
	struct device_driver driver;
};

static struct { unsigned long mod_len; } start_info, *xen_start_info = &start_info;
static const struct class block_class;
static const struct bus_type frontends;
static bool named, locked, ready, partition_found;
static int locks, refs;

static int is_ready_now(struct xenbus_device *dev)
{
	EXPECT_EQ(locks, 1);
	return ready;
}

static struct xenbus_driver driver = { .is_ready = is_ready_now };
static struct xenbus_device vbd = { .dev.bus = &frontends };
static struct device disk = { .parent = &vbd.dev, .devt = 0x20200 };
static struct device partition = { .parent = &disk, .devt = 0x20201 };

static struct xenbus_driver *to_xenbus_driver(struct device_driver *drv)
{
	return container_of(drv, struct xenbus_driver, driver);
}

static struct xenbus_device *to_xenbus_device(struct device *dev)
{
	return container_of(dev, struct xenbus_device, dev);
}

/* As soon as the disk has a name, a partition has a number. */
static int early_lookup_bdev(const char *name, dev_t *number)
{
	*number = strcmp(name, "/dev/xvda1") ? disk.devt : partition.devt;
	return named ? 0 : -ENODEV;
}

static struct device *class_find_device_by_devt(const struct class *class, dev_t number)
{
	struct device *found = NULL;

	if (named && number == disk.devt)
		found = &disk;
	if (partition_found && number == partition.devt)
		found = &partition;
	refs += !!found;
	return found;
}

#include "xenstore-lite/bus/root.c"

static const struct xsl_root *start(const char *name)
{
	char value[32];

	snprintf(value, sizeof(value), "%s", name);
	param(value);
	named = false;
	locked = false;
	ready = false;
	partition_found = false;
	locks = 0;
	refs = 0;
	vbd.dev.driver = &driver.driver;
	driver.is_ready = is_ready_now;
	return xsl_root(&frontends);
}

static void a_partition_is_there_when_it_is_found(void)
{
	const struct xsl_root *r = start("/dev/xvda1");

	if (!EXPECT(r))
		return;
	EXPECT(!r->is_there());
	named = true;
	EXPECT(!r->is_there());
	partition_found = true;
	EXPECT(!r->is_there());
	ready = true;
	EXPECT(r->is_there());
	EXPECT_EQ(locks, 0);
	EXPECT_EQ(refs, 0);
}

/* It has a name before it can be opened. */
static void a_disk_is_there_when_its_driver_says_so(void)
{
	const struct xsl_root *r = start("/dev/xvda");

	named = true;
	EXPECT(!r->is_there());
	ready = true;
	EXPECT(r->is_there());
	locked = true;
	EXPECT(!r->is_there());
	locked = false;
	vbd.dev.driver = NULL;
	EXPECT(!r->is_there());
}

static void a_driver_that_cannot_say_is_believed(void)
{
	const struct xsl_root *r = start("/dev/xvda");

	named = true;
	driver.is_ready = NULL;
	EXPECT(r->is_there());
}

/* Of no xenbus device: there is nobody to ask. */
static void a_disk_of_another_bus_is_there(void)
{
	const struct xsl_root *r = start("/dev/xvda");

	named = true;
	disk.parent = NULL;
	EXPECT(r->is_there());
	disk.parent = &vbd.dev;
	EXPECT_EQ(refs, 0);
}

const struct test_case test_cases[] = {
	TEST(a_partition_is_there_when_it_is_found),
	TEST(a_disk_is_there_when_its_driver_says_so),
	TEST(a_driver_that_cannot_say_is_believed),
	TEST(a_disk_of_another_bus_is_there),
	{ }
};
