/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvcon: secondary Xen consoles as /dev/hvcN.
 *
 * Two objects with lives of their own: struct pvcon is the xenbus device and
 * goes with it; struct pvcon_tty is the line users have open, survives
 * suspend/resume and a backend that starts anew without closing (one that
 * closes hangs it up), and after its device is gone stays until the last user
 * has closed it.
 */
#ifndef _PVCON_H
#define _PVCON_H

#include <linux/types.h>
#include <linux/wait.h>

#include <pv/front.h>

#include "ring.h"

struct device;
struct device_driver;
struct pvcon_tty;

/**
 * struct pvcon - one xenbus console device
 * @front: the connection
 * @page: the ring's page
 * @event: the event channel; open only while @tty is set
 * @tty: the line; changed by the connection's callbacks only
 * @line: the N of @tty's hvcN, or -1; for readers outside the callbacks
 * @channel: name the toolstack gave the console, or NULL; constant
 * @sent: woken after each event
 * @ring: protected by the lock in @tty while attached to it
 * @received: bytes of input; protected as @ring
 * @output: bytes of output; protected as @ring
 * @refused: how often the ring had no room; protected as @ring
 * @saved: the ring's contents across an interruption, zeroes otherwise
 */
struct pvcon {
	struct pvfront front;
	struct pvfront_pages page;
	struct pvfront_event event;
	struct pvcon_tty *tty;
	int line;
	char *channel;
	wait_queue_head_t sent;
	struct pvcon_ring ring;
	u64 received;
	u64 output;
	u64 refused;
	struct xencons_interface saved;
};

static inline struct pvcon *pvcon_of(struct pvfront *f)
{
	return container_of(f, struct pvcon, front);
}

extern const struct pvfront_ops pvcon_front_ops;

/* Attributes of a device, in /sys/bus/xen/devices/console-N. */
extern const struct attribute_group *pvcon_attr_groups[];

/* Attributes of the driver, in /sys/bus/xen/drivers/pvcon. */
extern const struct attribute_group *pvcon_driver_groups[];

/**
 * pvcon_revive() - have the bus make the device of a console that it has lost
 * @drv: pvcon on the Xen bus
 * @name: of the device, "console-1"
 *
 * Context: process context; sleeps, for 10 s at most.
 * Return: the device, for put_device(); or an ERR_PTR: -ENODEV if there is no such
 * console in the store, -ETIMEDOUT if the backend or the bus does not follow.
 */
struct device *pvcon_revive(const struct device_driver *drv, const char *name);

/**
 * pvcon_forget_keys() - remove the keys by which a backend finds a ring
 * @con: the device
 *
 * QEMU's backend maps whatever ring the keys name as soon as they are both
 * there, without looking at our state, and hvc_xen leaves them behind.
 *
 * Context: process context; sleeps.
 * Return: 0 or -errno, reported.
 */
int pvcon_forget_keys(struct pvcon *con);

/**
 * pvcon_tty_add() - make a line, with no ring behind it
 *
 * Context: process context; sleeps.
 * Return: the line, or an ERR_PTR: -ENXIO if all lines of the kernel are taken.
 */
struct pvcon_tty *pvcon_tty_add(void);

/**
 * pvcon_tty_line() - the N of a line's hvcN
 * @tty: the line
 *
 * Return: 0 to HVC_LINES - 1.
 */
int pvcon_tty_line(const struct pvcon_tty *tty);

/**
 * pvcon_tty_attach() - let a line's bytes flow
 * @tty: the line
 * @con: has a started ring and an open event channel
 *
 * Context: process context.
 */
void pvcon_tty_attach(struct pvcon_tty *tty, struct pvcon *con);

/**
 * pvcon_tty_detach() - stop them; output waits in the line from here on
 * @tty: the line
 *
 * When it returns nothing uses the device's ring any more.
 *
 * Context: process context.
 */
void pvcon_tty_detach(struct pvcon_tty *tty);

/**
 * pvcon_tty_event() - handle an event of the backend
 * @tty: the line
 *
 * Context: hard interrupt.
 * Return: whether it brought anything.
 */
bool pvcon_tty_event(struct pvcon_tty *tty);

/**
 * pvcon_tty_sent() - whether the backend has fetched all output
 * @tty: the line
 *
 * Context: any.
 * Return: true also if it never will because no ring is attached.
 */
bool pvcon_tty_sent(struct pvcon_tty *tty);

/**
 * pvcon_tty_remove() - hang up the line's users and let go of it
 * @tty: the line; not to be used afterwards
 *
 * The module stays pinned until the last of them has closed the line.
 *
 * Context: process context; sleeps.
 */
void pvcon_tty_remove(struct pvcon_tty *tty);

/**
 * pvcon_tty_exit() - for module exit, when no line is left
 */
void pvcon_tty_exit(void);

#endif
