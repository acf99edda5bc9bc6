/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices in the xenstore and drivers of them.
 *
 * A place is a path that a device has, had or may have, such as device/vbd/51712. Each has a
 * lane (store/lane.h), in which the device is found, probed, told of the other end's states
 * and removed: in their order for one device, side by side for several.
 */
#ifndef _XSL_BUS_H
#define _XSL_BUS_H

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <xen/xenbus.h>

#include "compat.h"
#include "store/lane.h"

struct xsl_root;

/**
 * struct xsl_bus - a bus of xenbus devices
 * @root: where its devices are in the xenstore
 * @levels: how many parts of a path name a device, as device/vbd/51712 has 3
 * @name: writes a device's name into buf; 0, or a negative errno for no device of this bus
 * @will_handle: of watches of the other end's state
 * @ignore: while the guest shuts down, changes of the other end are acknowledged, not handled
 * @type: for the driver core
 * @watch: of @root
 * @lock: guards @places and what struct xsl_place says
 * @places: places known
 * @looks: looks at places that are queued or run, and scans
 * @scanned: of the lane of @watch alone: the first scan is over
 */
struct xsl_bus {
	const char *root;
	unsigned int levels;
	int (*name)(const char *nodename, char *buf, size_t size);
	bool (*will_handle)(struct xenbus_watch *watch, const char *path, const char *token);
	bool ignore;
	struct bus_type type;
	struct xenbus_watch watch;
	spinlock_t lock;
	struct list_head places;
	atomic_t looks;
	bool scanned;
};

/**
 * struct xsl_device - a device
 * @xdev: as drivers see it
 * @lane: where its callbacks run
 * @node_claim: that its own path belongs to @lane
 * @otherend_claim: that the other end's path does, while that is known
 * @switching: held while the state is written, so that ours and the xenstore's agree
 * @vanished: its node went or became another device's: nothing is written there any more
 * @names: nodename and devicetype
 */
struct xsl_device {
	struct xenbus_device xdev;
	struct xsl_lane *lane;
	struct xsl_claim node_claim;
	struct xsl_claim otherend_claim;
	struct mutex switching;
	bool vanished;
	char names[];
};

static inline struct xsl_device *xsl_device(struct xenbus_device *xdev)
{
	return container_of(xdev, struct xsl_device, xdev);
}

static inline struct xsl_bus *xsl_bus(const struct device *dev)
{
	return container_of((struct bus_type *)dev->bus, struct xsl_bus, type);
}

/**
 * xsl_bus_start() - begin to look for devices, when xenstored is there
 * @bus: the bus, registered with the driver core
 *
 * Return: 0 or a negative errno.
 */
int xsl_bus_start(struct xsl_bus *bus);

/**
 * xsl_device_add() - make the device of a path and have it probed
 * @bus: the bus
 * @nodename: the path
 * @lane: its lane
 *
 * Return: the device, with a reference for the caller, or an ERR_PTR.
 */
struct xsl_device *xsl_device_add(struct xsl_bus *bus, const char *nodename,
				  struct xsl_lane *lane);

/**
 * xsl_device_remove() - end a device whose node is gone or another one's
 * @dev: the device; the caller's reference is given back
 *
 * Drivers of backends end their device themselves when the host has no use for it any more, in
 * the lane of the device: then only the reference is left to give back.
 */
void xsl_device_remove(struct xsl_device *dev);

/**
 * xsl_device_replaced() - look whether the node is that of a new device now
 * @dev: the device that was found there
 *
 * The host begins a device anew by writing the state Initialising, as it does for the
 * successor of a backend that died. Kernels before 7.0 leave that to drivers, and so do we
 * there.
 *
 * Return: whether it is.
 */
bool xsl_device_replaced(struct xsl_device *dev);

/**
 * xsl_state_read() - read the state of an end
 * @path: its node
 * @state: set to the state, XenbusStateUnknown if there is no such node
 *
 * Return: 0, or a negative errno if nobody could be asked, or the state is none.
 */
int xsl_state_read(const char *path, enum xenbus_state *state);

/**
 * xsl_state_find() - read the state of an end, more than once if need be
 * @path: its node
 * @state: set to the state, XenbusStateUnknown if there is no such node
 *
 * Takes 3 s, and as long as requests take to fail, if it can't be read.
 *
 * Return: 0, or a negative errno, which has been said.
 */
int xsl_state_find(const char *path, enum xenbus_state *state);

/**
 * xsl_driver_register() - register a driver
 * @drv: the driver
 * @bus: with which bus
 * @owner: its module
 * @mod_name: that module's name
 *
 * Return: 0 or a negative errno.
 */
int xsl_driver_register(struct xenbus_driver *drv, struct xsl_bus *bus, struct module *owner,
			const char *mod_name);

/**
 * xsl_driver_details() - read who the other end is
 * @dev: the device
 * @id: key with its domain
 * @path: key with its path
 *
 * Return: 0 or a negative errno, which is in the xenstore then.
 */
int xsl_driver_details(struct xenbus_device *dev, const char *id, const char *path);

/* For struct bus_type. */
int xsl_driver_match(struct device *dev, const struct device_driver *drv);
int xsl_driver_probe(struct device *dev);
void xsl_driver_remove(struct device *dev);
int xsl_power_freeze(struct device *dev);
int xsl_power_thaw(struct device *dev);
int xsl_power_restore(struct device *dev);
extern const struct attribute_group *xsl_device_groups[];
extern const struct attribute_group xsl_device_events_group;

/**
 * xsl_wait_for_devices() - wait for devices that are about to connect
 * @bus: the bus
 * @drv: of this driver alone, or NULL
 * @root: the disk that makes all others needless, or NULL
 */
void xsl_wait_for_devices(struct xsl_bus *bus, const struct device_driver *drv,
			  const struct xsl_root *root);

#endif
