// SPDX-License-Identifier: GPL-2.0
/*
 * Consoles that the bus has lost.
 *
 * Since 7.0 the bus takes a state that it reads as Initialising, while its own copy is
 * another by then, for a reset by the toolstack. hvc_xen goes on from Initialising while
 * the bus looks at the keys that it writes, so a guest that boots can lose a secondary
 * console: the bus removes the device and, as the state in the store is Initialised now,
 * makes no new one. Nothing brings that back but a state Initialising in the store, which
 * is written here, once the backend has let go of the ring that hvc_xen has left to it.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/compat/xenbus.h>
#include <pv/publish.h>

#include "name.h"
#include "pvcon.h"

#define PVCON_PREFIX		"console-"
#define PVCON_REVIVE_MS		5000	/* for the backend, and again for the bus */
#define PVCON_REVIVE_POLL_MS	20

/* As often as the store may refuse a commit that raced with a writer. */
#define PVCON_COMMIT_TRIES	16

/* @node does not come to life by this if it has been removed. */
static int pvcon_try_write(const char *node, enum xenbus_state state)
{
	struct xenbus_transaction xbt;
	int err;

	err = xenbus_transaction_start(&xbt);
	if (err)
		return err;
	err = pvfront_find_state(xbt, node);
	if (err == -ENOENT)
		err = -ENODEV;
	if (!err)
		err = xenbus_printf(xbt, node, "state", "%d", state);
	/* QEMU maps the ring that these name, whatever the state. */
	if (!err) {
		xenbus_rm(xbt, node, "ring-ref");
		xenbus_rm(xbt, node, "port");
	}
	return pvfront_transaction_end(xbt, err);
}

static int pvcon_write(const char *node, enum xenbus_state state)
{
	unsigned int tries;
	int err = -EAGAIN;

	for (tries = 0; err == -EAGAIN && tries < PVCON_COMMIT_TRIES; tries++)
		err = pvcon_try_write(node, state);
	return err;
}

static int pvcon_reset(const char *node)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(PVCON_REVIVE_MS);
	char *otherend = xenbus_read(XBT_NIL, node, "backend", NULL);
	enum xenbus_state peer;
	int err;

	if (IS_ERR(otherend))
		return PTR_ERR(otherend) == -ENOENT ? -ENODEV : PTR_ERR(otherend);
	err = pvcon_write(node, XenbusStateClosed);
	while (!err) {
		peer = pv_read_driver_state(NULL, otherend);
		if (peer == XenbusStateClosed || peer == XenbusStateUnknown)
			break;
		if (time_after(jiffies, deadline))
			err = -ETIMEDOUT;
		else
			msleep(PVCON_REVIVE_POLL_MS);
	}
	kfree(otherend);
	return err ?: pvcon_write(node, XenbusStateInitialising);
}

struct device *pvcon_revive(const struct device_driver *drv, const char *name)
{
	unsigned long deadline;
	struct device *dev;
	char node[64];
	u64 number;
	int err;

	if (strncmp(name, PVCON_PREFIX, strlen(PVCON_PREFIX)))
		return ERR_PTR(-ENODEV);
	snprintf(node, sizeof(node), "device/console/%s", name + strlen(PVCON_PREFIX));
	/* The primary console is none of the bus's. */
	if (pvcon_number(node, &number) || !number)
		return ERR_PTR(-ENODEV);
	err = pvcon_reset(node);
	if (err)
		return ERR_PTR(err);

	/*
	 * xenwatch is told, and makes it. It is on the bus's list a moment before a
	 * driver may have it; the first to get it is hvc_xen, or else this one.
	 */
	deadline = jiffies + msecs_to_jiffies(PVCON_REVIVE_MS);
	for (;;) {
		dev = bus_find_device_by_name(drv->bus, NULL, name);
		if (dev && READ_ONCE(dev->driver))
			return dev;
		if (time_after(jiffies, deadline))
			return dev ?: ERR_PTR(-ETIMEDOUT);
		put_device(dev);
		msleep(PVCON_REVIVE_POLL_MS);
	}
}
