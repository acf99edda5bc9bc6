/* SPDX-License-Identifier: GPL-2.0 */
/* The Xen bus. */
#ifndef _PV_COMPAT_XENBUS_H
#define _PV_COMPAT_XENBUS_H

#include <xen/xenbus.h>

#include <pv/compat.h>

#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
#define PV_XENBUS_KEEPS_DEVICES
#endif

/**
 * pv_bus_keeps_devices() - whether the bus has one device for as long as its node is there
 *
 * Context: any.
 * Return: true if so. Since 7.0 the bus takes a device whose state in the store is
 * Initialising, and whose own copy is not, for reset, and unregisters it.
 */
static inline bool pv_bus_keeps_devices(void)
{
#ifdef PV_XENBUS_KEEPS_DEVICES
	return true;
#else
	return false;
#endif
}

/**
 * pv_read_driver_state() - read the state of the other end
 * @xdev: the device whose other end it is
 * @path: the directory of the other end, or NULL: a device that was not restored with
 *	its guest has none
 *
 * Context: process context; sleeps.
 * Return: the state; Unknown if there is none, or @xdev has vanished.
 */
static inline enum xenbus_state
pv_read_driver_state(const struct xenbus_device *xdev, const char *path)
{
	if (!path)
		return XenbusStateUnknown;
#ifdef PV_XENBUS_KEEPS_DEVICES
	return xenbus_read_driver_state(path);
#else
	return xenbus_read_driver_state(xdev, path);
#endif
}

/**
 * pv_vanished() - whether the bus has given up a device
 * @xdev: the device
 *
 * Since 7.0 the bus removes a device whose node was removed, or rewritten for another
 * backend, and adds a new one in the latter case. What stands in the store under the
 * paths of @xdev is not for it any more, and states are not written there.
 *
 * Context: any.
 * Return: true if so; false always on kernels that don't tell.
 */
static inline bool pv_vanished(const struct xenbus_device *xdev)
{
#ifdef PV_XENBUS_KEEPS_DEVICES
	return false;
#else
	return READ_ONCE(xdev->vanished);
#endif
}

#endif
