/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices that outlive their backend, and their xenbus device. When a backend is lost
 * without having been taken offline, the users of such a device keep it and wait, as
 * <pv/loss.h> says how long. The next backend may come to the same xenbus device, or the
 * toolstack removes that and makes another: the connection is an orphan in between, and
 * whoever probes the new device adopts it.
 */
#ifndef _PV_OUTLIVE_H
#define _PV_OUTLIVE_H

#include <linux/types.h>

#include <pv/loss.h>

struct device;
struct pvfront;
struct pvfront_ops;
struct xenbus_device;

/**
 * pvfront_outlive_init() - prepare
 * @f: the connection
 */
void pvfront_outlive_init(struct pvfront *f);

/**
 * pvfront_policy_set() - change a limit; it counts at once, also for a backend on its way
 * @f: the connection
 * @limit: &f->policy.ctrl_loss or another
 * @value: seconds or PVFRONT_OFF
 *
 * Context: process context.
 */
void pvfront_policy_set(struct pvfront *f, int *limit, int value);

/**
 * pvfront_loss_read() - what the device is to its users
 * @f: the connection
 * @loss: a copy of it
 * @now: the time that @loss counts in
 *
 * Context: process context; takes @f->lock.
 */
void pvfront_loss_read(struct pvfront *f, struct pvfront_loss *loss, u64 *now);

/**
 * pvfront_count_anew() - the limits count from now, not from when the device was last live
 * @f: a connection that is stopped, before pvfront_orphan(): for a device whose users wait
 *	for its xenbus device and not for a backend
 *
 * Context: process context; takes @f->lock.
 */
void pvfront_count_anew(struct pvfront *f);

/**
 * pvfront_orphan() - the xenbus device is going, and users wait for another
 * @f: a connection of which pvfront_stop() said so
 *
 * From here on ->expired may be called, when time is up.
 *
 * Context: process context; sleeps.
 */
void pvfront_orphan(struct pvfront *f);

/**
 * pvfront_orphans_limit() - how long orphans wait is changed for all that do now
 * @ops: those of their devices
 * @seconds: until they end, or PVFRONT_OFF
 *
 * Context: process context; sleeps.
 */
void pvfront_orphans_limit(const struct pvfront_ops *ops, int seconds);

/**
 * pvfront_orphan_take() - look for an orphan
 * @ops: those that it has
 * @match: whether it is the one; may be NULL
 * @data: for @match
 *
 * One whose time is up (pvfront_orphan_is_over()) is not to be adopted.
 *
 * Context: process context; sleeps.
 * Return: the orphan, which is the caller's: for pvfront_adopt(), pvfront_orphan_refuse(),
 * pvfront_abandon(); or NULL. It expires no more.
 */
struct pvfront *pvfront_orphan_take(const struct pvfront_ops *ops,
				    bool (*match)(struct pvfront *f, const void *data),
				    const void *data);

/**
 * pvfront_orphan_refuse() - another device has come, which is not for this orphan
 * @f: of pvfront_orphan_take(); may be freed when this returns
 *
 * It ends soon, as if its time were up, and not in here: whoever probes must not wait.
 *
 * Context: process context; sleeps.
 */
void pvfront_orphan_refuse(struct pvfront *f);

/**
 * pvfront_orphan_is_over() - whether an orphan ends soon, and nobody adopts it
 * @f: any connection
 *
 * Context: any.
 * Return: true if so.
 */
bool pvfront_orphan_is_over(const struct pvfront *f);

/**
 * pvfront_has_left_host() - whether the guest was restored since a connection began
 * @f: the connection, or what is left of it
 *
 * Context: any.
 * Return: true if so: what its backend said was of another host.
 */
bool pvfront_has_left_host(const struct pvfront *f);

/**
 * pvfront_adopt() - go on with another xenbus device
 * @f: of pvfront_orphan_take()
 * @xdev: the device, which is being probed; the caller keeps it, and @f->xdev until now
 *
 * Nothing of @f runs until pvfront_start(), which is to follow, has succeeded.
 *
 * Context: process context; sleeps, but not for a backend.
 */
void pvfront_adopt(struct pvfront *f, struct xenbus_device *xdev);

/**
 * pvfront_move_device() - have users' device go to another xenbus device, or wait
 * @dev: of a class, such as a disk or an interface; the only one of its class there
 * @parent: the xenbus device's, or NULL: it has none for now
 *
 * For users nothing changes, so udev is told nothing. Nothing of @dev keeps its old parent
 * afterwards.
 *
 * Context: process context; sleeps. With the lock, such as RTNL, under which @dev's parent
 * is used.
 * Return: 0 or -errno, not reported.
 */
int pvfront_move_device(struct device *dev, struct device *parent);

/**
 * pvfront_abandon() - end an orphan now
 * @f: of pvfront_orphan_take(); ->expired is called
 *
 * Context: process context; sleeps as long as ->close does.
 */
void pvfront_abandon(struct pvfront *f);

/**
 * pvfront_orphans_end() - nobody will adopt any more: the module is unloaded
 * @ops: those of its devices
 *
 * When this returns no callback of an orphan runs.
 *
 * Context: process context; sleeps as long as ->close does, for each of them.
 */
void pvfront_orphans_end(const struct pvfront_ops *ops);

#endif
