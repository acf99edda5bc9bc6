// SPDX-License-Identifier: GPL-2.0
/*
 * A device that is probed: what is known of its other end goes when the probe fails.
 *
 * The source is taken in, with what it needs of the kernel and of the other files made here; the
 * claims are the real ones.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <xen/interface/io/xenbus.h>

#include "test.h"
#include "xenstore-lite/wire/answer.h"
#include "xenstore-lite/wire/claim.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _XSL_BUS_H
#define _XSL_DRIVER_H
#define _XSL_STORE_H
#define _XSL_WATCH_H

#define GFP_NOIO		0
#define __GFP_HIGH		0
#define XBT_NIL			0
#define SYSTEM_RUNNING		1
#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))
#define down(sem)		EXPECT_EQ((*(sem))++, 0)
#define up(sem)			EXPECT_EQ(--(*(sem)), 0)
#define dev_warn(...)		((void)0)
#define sysfs_create_group(kobj, group)	((void)(group), 0)
#define sysfs_remove_group(kobj, group)	((void)(group))
#define try_module_get(owner)	(!module_goes && ++modules)
#define module_put(owner)	(modules--)
#define driver_register(drv)	0
#define driver_unregister(drv)

struct module;
struct xsl_lane;
struct bus_type { int v; };
struct device_driver {
	const char *name, *mod_name;
	const struct bus_type *bus;
	struct module *owner;
};

struct device { struct device_driver *driver; };
struct attribute_group { int v; };

struct xenbus_watch {
	const char *node;
	bool (*will_handle)(struct xenbus_watch *w, const char *path, const char *token);
	void (*callback)(struct xenbus_watch *w, const char *path, const char *token);
};

struct xenbus_device {
	struct device dev;
	const char *nodename, *devicetype;
	char *otherend;
	int otherend_id;
	struct xenbus_watch otherend_watch;
	int reclaim_sem;
	unsigned int spurious_threshold;
};

struct xenbus_device_id { char devicetype[32]; };

struct xenbus_driver {
	const char *name;
	const struct xenbus_device_id *ids;
	bool allow_rebind;
	int (*probe)(struct xenbus_device *dev, const struct xenbus_device_id *id);
	void (*otherend_changed)(struct xenbus_device *dev, enum xenbus_state state);
	void (*remove)(struct xenbus_device *dev);
	int (*read_otherend_details)(struct xenbus_device *dev);
	struct device_driver driver;
};

struct xsl_device {
	struct xenbus_device xdev;
	struct xsl_lane *lane;
	struct xsl_claim otherend_claim;
};

struct xsl_bus {
	struct bus_type type;
	bool (*will_handle)(struct xenbus_watch *w, const char *path, const char *token);
	bool ignore;
};

static int system_state = SYSTEM_RUNNING;
static const struct attribute_group xsl_device_events_group;
static struct xsl_bus bus;
static struct xsl_claim *claims;
static int modules, strings, begun;
/* What goes wrong. */
static bool module_goes;
static int probe_error, watch_error;

static struct xenbus_driver *to_xenbus_driver(const struct device_driver *drv)
{
	return container_of(drv, struct xenbus_driver, driver);
}

static struct xenbus_device *to_xenbus_device(struct device *dev)
{
	return container_of(dev, struct xenbus_device, dev);
}

static struct xsl_device *xsl_device(struct xenbus_device *xdev) { return (void *)xdev; }
static struct xsl_bus *xsl_bus(const struct device *dev) { return &bus; }

static void kfree(const void *p)
{
	strings -= !!p;
	free((void *)p);
}

static char *kvasprintf(int gfp, const char *fmt, va_list ap)
{
	char text[64];

	vsnprintf(text, sizeof(text), fmt, ap);
	strings++;
	return strdup(text);
}

static int xenbus_gather(int t, const char *dir, const char *id, const char *fmt, int *id_to,
			 const char *path, const char *none, char **path_to, void *end)
{
	*id_to = 0;
	*path_to = strdup("/local/domain/0/backend/vbd/7/51712");
	strings++;
	return 0;
}

static int xsl_exists(const char *path) { return 1; }
static bool xsl_again(unsigned int tries, unsigned int most, unsigned int first) { return false; }
static int xsl_state_find(const char *path, enum xenbus_state *state) { return -EIO; }
static int xsl_state_read(const char *path, enum xenbus_state *state) { return -EIO; }
static void xenbus_dev_fatal(struct xenbus_device *dev, int err, const char *fmt, ...) { }
static void xenbus_dev_error(struct xenbus_device *dev, int err, const char *fmt, ...) { }
static int xenbus_switch_state(struct xenbus_device *dev, enum xenbus_state state) { return 0; }
static int xenbus_frontend_closed(struct xenbus_device *dev) { return 0; }

static int xsl_watch_add(struct xenbus_watch *watch, struct xsl_lane *lane)
{
	return watch_error;
}

static void unregister_xenbus_watch(struct xenbus_watch *watch) { }

static void xsl_lane_claim(struct xsl_lane *lane, struct xsl_claim *claim, const char *path)
{
	claim->path = path;
	xsl_claim_add(&claims, claim);
}

static void xsl_lane_unclaim(struct xsl_claim *claim) { xsl_claim_remove(&claims, claim); }

static int xenbus_watch_pathfmt(struct xenbus_device *dev, struct xenbus_watch *watch,
				bool (*will_handle)(struct xenbus_watch *w, const char *path,
						    const char *token),
				void (*callback)(struct xenbus_watch *w, const char *path,
						 const char *token),
				const char *pathfmt, ...);

#include "xenstore-lite/bus/driver.c"

static int probe(struct xenbus_device *dev, const struct xenbus_device_id *id)
{
	begun += !probe_error;
	return probe_error;
}

static void remove_device(struct xenbus_device *dev) { begun--; }

static int details(struct xenbus_device *dev)
{
	return xsl_driver_details(dev, "backend-id", "backend");
}

static const struct xenbus_device_id ids[] = { { "vbd" }, { "" } };
static struct xenbus_driver driver = {
	.ids = ids,
	.probe = probe,
	.remove = remove_device,
	.read_otherend_details = details,
};

static struct xsl_device device;

static void start(void)
{
	device = (struct xsl_device){
		.xdev.nodename = "device/vbd/51712",
		.xdev.devicetype = "vbd",
		.xdev.dev.driver = &driver.driver,
	};
	claims = NULL;
	module_goes = false;
	probe_error = 0;
	watch_error = 0;
	begun = 0;
	modules = 0;
	strings = 0;
}

/* The device can be freed: nothing points to it, and it holds nothing. */
static void expect_nothing_left(void)
{
	EXPECT(!claims);
	EXPECT(!device.xdev.otherend);
	EXPECT_EQ(strings, 0);
	EXPECT_EQ(modules, 0);
	EXPECT_EQ(begun, 0);
}

static void its_driver_has_it_until_it_goes(void)
{
	start();
	EXPECT_EQ(xsl_driver_probe(&device.xdev.dev), 0);
	EXPECT(claims == &device.otherend_claim);
	EXPECT_EQ(begun, 1);
	xsl_driver_remove(&device.xdev.dev);
	expect_nothing_left();
}

static void its_driver_refuses_it(void)
{
	start();
	probe_error = -ENODEV;
	EXPECT_EQ(xsl_driver_probe(&device.xdev.dev), -ENODEV);
	expect_nothing_left();
}

static void the_other_end_cannot_be_watched(void)
{
	start();
	watch_error = -ENOMEM;
	EXPECT_EQ(xsl_driver_probe(&device.xdev.dev), -ENOMEM);
	expect_nothing_left();
}

static void its_driver_is_being_unloaded(void)
{
	start();
	module_goes = true;
	EXPECT_EQ(xsl_driver_probe(&device.xdev.dev), -ESRCH);
	expect_nothing_left();
}

const struct test_case test_cases[] = {
	TEST(its_driver_has_it_until_it_goes),
	TEST(its_driver_refuses_it),
	TEST(the_other_end_cannot_be_watched),
	TEST(its_driver_is_being_unloaded),
	{ }
};
