// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for devices that are about to connect: at boot, for the root file system may be on
 * one, and when a driver is loaded, for what is done next may need its devices. How long is in
 * waitrule.h.
 */
#define pr_fmt(fmt) "xenbus: " fmt

#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bus.h"
#include "root.h"
#include "waitrule.h"

/* When it is said that the root file system is waited for: at first, and how often. */
#define SAY_FIRST	(2 * HZ)
#define SAY_AGAIN	(30 * HZ)

struct count {
	const struct device_driver *drv;
	struct xsl_wait wait;
	unsigned int steps;	/* changes whenever a device gets on */
	bool loud;
};

static bool at_work(enum xenbus_state backend)
{
	return backend == XenbusStateInitWait || backend == XenbusStateInitialised ||
	       backend == XenbusStateConnected;
}

/* Also one whose backend has hardly begun. */
static bool may_come(const struct xenbus_device *dev, enum xenbus_state backend)
{
	return (!strcmp(dev->devicetype, "vbd") || !strcmp(dev->devicetype, "vscsi")) &&
	       (backend == XenbusStateInitialising || at_work(backend));
}

/* Called with the device locked. Return: the path of the backend that is not connected, or NULL. */
static char *awaited(struct xenbus_device *dev, struct count *c)
{
	const struct xenbus_driver *drv;

	if (!dev->dev.driver || (c->drv && dev->dev.driver != c->drv))
		return NULL;
	drv = to_xenbus_driver(dev->dev.driver);
	if (drv->not_essential || dev->state > XenbusStateConnected || !dev->otherend)
		return NULL;
	if (dev->state == XenbusStateConnected && !(drv->is_ready && !drv->is_ready(dev))) {
		c->wait.connected++;
		return NULL;
	}
	return kstrdup(dev->otherend, GFP_KERNEL);
}

/*
 * A device that is locked is just being probed or removed: who has the lock may set its other end,
 * and is not waited for here.
 */
static int look(struct device *device, void *data)
{
	struct xenbus_device *dev = to_xenbus_device(device);
	enum xenbus_state backend;
	struct count *c = data;
	char *otherend;

	if (!device_trylock(device)) {
		c->wait.at_work++;
		c->wait.coming++;
		return 0;
	}
	otherend = awaited(dev, c);
	device_unlock(device);
	if (!otherend)
		return 0;
	if (!xsl_state_read(otherend, &backend)) {
		c->wait.at_work += at_work(backend);
		c->wait.coming += may_come(dev, backend);
		c->steps += dev->state * 16 + backend;
		if (c->loud)
			dev_warn(device, "is not connected: %s, the backend %s\n",
				 xenbus_strstate(dev->state), xenbus_strstate(backend));
	}
	kfree(otherend);
	return 0;
}

static struct count look_at_all(struct xsl_bus *bus, const struct device_driver *drv, bool loud)
{
	struct count c = { .drv = drv, .loud = loud };
	unsigned int looks = drv ? 0 : atomic_read(&bus->looks);

	bus_for_each_dev(&bus->type, NULL, &c, look);
	c.wait.at_work += looks;
	c.wait.coming += looks;
	c.steps += c.wait.connected + looks;
	return c;
}

void xsl_wait_for_devices(struct xsl_bus *bus, const struct device_driver *drv,
			  const struct xsl_root *root)
{
	unsigned long start = jiffies, step = jiffies, say = start + SAY_FIRST;
	struct count last = { }, now;

	for (;;) {
		now = look_at_all(bus, drv, false);
		if (now.steps != last.steps)
			step = jiffies;
		last = now;
		now.wait.mounts = root && root->mounts;
		now.wait.root = root && root->is_there();
		now.wait.total = jiffies_to_msecs(jiffies - start);
		now.wait.quiet = jiffies_to_msecs(jiffies - step);
		if (!xsl_wait_more(&now.wait))
			break;
		if (now.wait.mounts && time_after(jiffies, say)) {
			say = jiffies + SAY_AGAIN;
			pr_info("waits for root=%s, %lu s at most\n", root->name,
				XSL_WAIT_ROOT / 1000);
			look_at_all(bus, drv, true);
		}
		schedule_timeout_idle(HZ / 20);
	}
	if (now.wait.root)
		return;
	look_at_all(bus, drv, true);
	if (now.wait.mounts)
		pr_err("root=%s is not there after %lu s\n", root->name, now.wait.total / 1000);
}
