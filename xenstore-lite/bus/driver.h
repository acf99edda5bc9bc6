/* SPDX-License-Identifier: GPL-2.0 */
/* How a device with a driver comes to its other end, at probe and after a migration. */
#ifndef _XSL_DRIVER_H
#define _XSL_DRIVER_H

struct xenbus_device;

/**
 * xsl_driver_meet() - find out who the other end is now
 * @dev: a device with a driver
 *
 * Return: 0 or a negative errno.
 */
int xsl_driver_meet(struct xenbus_device *dev);

/**
 * xsl_driver_watch() - begin to hear of the other end's states
 * @dev: a device with a driver, whose other end is known
 *
 * Return: 0 or a negative errno.
 */
int xsl_driver_watch(struct xenbus_device *dev);

#endif
