// SPDX-License-Identifier: GPL-2.0
/*
 * A toolstack may give a device another backend without removing it: it rewrites `backend`
 * and `backend-id` in the device's directory. Since 7.0 the bus sees that, unregisters the
 * device and adds another. Before, it knows the device by its name and looks no further. So
 * it is seen here: the connection's work item leaves the old backend, which may be well
 * alive, in order, and then the device is probed once more, in xenwatch, as the bus does it:
 * elsewhere that would wait for xenwatch with the device locked, which xenwatch may want.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>

#include "internal.h"

/* How often, and when, keys that do not fit together are looked at again. */
#define PVFRONT_MOVE_LOOKS	60
#define PVFRONT_MOVE_MS		1000

/* Connections that are started. */
static DEFINE_MUTEX(pvfront_follow_lock);
static LIST_HEAD(pvfront_followed);

/* Whether a turn of xenwatch is on its way that probes devices once more; with the lock. */
static enum {
	PVFRONT_TURN_NONE,
	PVFRONT_TURN_COMES,
	PVFRONT_TURN_BEGINS,
} pvfront_turn;

static void pvfront_turn_event(struct xenbus_watch *watch, const char *path,
			       const char *token);

/* Of a watch that is new there is an event at once: that is all that it is for. */
static struct xenbus_watch pvfront_turn_watch = {
	.node = "device",
	.callback = pvfront_turn_event,
};

/* The length of a device's path before the key, or 0 if @path is of another key. */
static size_t pvfront_follow_length(const char *path)
{
	const char *key = strrchr(path, '/');

	if (!key || (strcmp(key, "/backend-id") && strcmp(key, "/backend")))
		return 0;
	return key - path;
}

static bool pvfront_follow_will(struct xenbus_watch *watch, const char *path,
				const char *token)
{
	return pvfront_follow_length(path);
}

/*
 * Whether both keys are of one domain. They may be written one after the other, and then
 * there is a time between when they are not.
 */
static bool pvfront_backend_is_of(const char *backend, int id)
{
	int domain;

	return sscanf(backend, "/local/domain/%d/", &domain) != 1 || domain == id;
}

enum pvfront_where { PVFRONT_STAYS, PVFRONT_HAS_MOVED, PVFRONT_IS_MOVING };

static enum pvfront_where pvfront_where_to(const struct xenbus_device *xdev)
{
	enum pvfront_where where = PVFRONT_STAYS;
	char *backend;
	int id;

	if (!xdev->otherend)
		return PVFRONT_STAYS;
	if (xenbus_scanf(XBT_NIL, xdev->nodename, "backend-id", "%d", &id) != 1)
		return PVFRONT_IS_MOVING;
	backend = xenbus_read(XBT_NIL, xdev->nodename, "backend", NULL);
	if (IS_ERR(backend))
		return PVFRONT_IS_MOVING;
	/* Where there is no state yet, a probe would fail, and not be tried again. */
	if (id != xdev->otherend_id || strcmp(backend, xdev->otherend))
		where = pvfront_backend_is_of(backend, id) &&
			xenbus_exists(XBT_NIL, backend, "state") ?
			PVFRONT_HAS_MOVED : PVFRONT_IS_MOVING;
	kfree(backend);
	return where;
}

/* Whether it is time to move. A toolstack that is in the middle of it is given some. */
static bool pvfront_has_moved(struct pvfront *f)
{
	enum pvfront_where where = pvfront_where_to(f->xdev);

	if (where != PVFRONT_IS_MOVING) {
		f->move_looks = 0;
		return where == PVFRONT_HAS_MOVED;
	}
	if (f->move_looks++ < PVFRONT_MOVE_LOOKS)
		pvfront_moved_in(f, PVFRONT_MOVE_MS);
	return false;
}

/* Has a turn of xenwatch come. */
static int pvfront_turn_ask(void)
{
	int err = 0;

	mutex_lock(&pvfront_follow_lock);
	if (pvfront_turn == PVFRONT_TURN_NONE) {
		err = register_xenbus_watch(&pvfront_turn_watch);
		if (!err)
			pvfront_turn = PVFRONT_TURN_COMES;
	}
	mutex_unlock(&pvfront_follow_lock);
	return err;
}

/* Ends the watch. Returns false if somebody else does. */
static bool pvfront_turn_take(void)
{
	bool mine;

	mutex_lock(&pvfront_follow_lock);
	mine = pvfront_turn == PVFRONT_TURN_COMES;
	if (mine)
		pvfront_turn = PVFRONT_TURN_BEGINS;
	mutex_unlock(&pvfront_follow_lock);
	if (!mine)
		return false;
	/* Without the lock: it waits for xenwatch, which may be here. */
	unregister_xenbus_watch(&pvfront_turn_watch);
	mutex_lock(&pvfront_follow_lock);
	pvfront_turn = PVFRONT_TURN_NONE;
	mutex_unlock(&pvfront_follow_lock);
	return true;
}

static void pvfront_set_following(struct pvfront *f, bool following)
{
	spin_lock_irq(&f->lock);
	f->following = following;
	spin_unlock_irq(&f->lock);
}

bool pvfront_follow_look(struct pvfront *f)
{
	int err;

	if (!pvfront_has_moved(f))
		return false;
	dev_notice(&f->xdev->dev, "has another backend now\n");
	pvfront_leave(f);
	pvfront_set_following(f, true);
	err = pvfront_turn_ask();
	if (err) {
		dev_err(&f->xdev->dev,
			"cannot be probed for its new backend (error %d): that is tried when the toolstack writes it again\n",
			err);
		pvfront_set_following(f, false);
	}
	return true;
}

/* A device that is to be probed once more, with a reference; or NULL. */
static struct device *pvfront_reprobe_next(void)
{
	struct device *dev = NULL;
	struct pvfront *f;

	mutex_lock(&pvfront_follow_lock);
	list_for_each_entry(f, &pvfront_followed, followed) {
		if (!READ_ONCE(f->following) || f->gone)
			continue;
		pvfront_mark_gone(f);
		dev = get_device(&f->xdev->dev);
		break;
	}
	mutex_unlock(&pvfront_follow_lock);
	return dev;
}

static void pvfront_turn_event(struct xenbus_watch *watch, const char *path,
			       const char *token)
{
	struct device *dev;

	if (!pvfront_turn_take())
		return;
	while ((dev = pvfront_reprobe_next())) {
		if (device_reprobe(dev))
			dev_err(dev, "cannot be probed for its new backend\n");
		put_device(dev);
	}
}

static void pvfront_follow_event(struct xenbus_watch *watch, const char *path,
				 const char *token)
{
	size_t length = pvfront_follow_length(path);
	struct pvfront *f;

	mutex_lock(&pvfront_follow_lock);
	list_for_each_entry(f, &pvfront_followed, followed) {
		const char *name = f->xdev->nodename;

		if (strlen(name) == length && !strncmp(name, path, length))
			pvfront_moved(f);
	}
	mutex_unlock(&pvfront_follow_lock);
}

static struct xenbus_watch pvfront_follow_watch = {
	.node = "device",
	.will_handle = pvfront_follow_will,
	.callback = pvfront_follow_event,
};

void pvfront_follow(struct pvfront *f)
{
	if (!f->ops->outlives)
		return;
	mutex_lock(&pvfront_follow_lock);
	list_add_tail(&f->followed, &pvfront_followed);
	mutex_unlock(&pvfront_follow_lock);
	/* What was written after the bus had read it, and before this. */
	if (pv_bus_keeps_devices())
		pvfront_moved(f);
}

void pvfront_unfollow(struct pvfront *f)
{
	mutex_lock(&pvfront_follow_lock);
	list_del_init(&f->followed);
	mutex_unlock(&pvfront_follow_lock);
}

int pvfront_follow_init(void)
{
	return pv_bus_keeps_devices() ? register_xenbus_watch(&pvfront_follow_watch) : 0;
}

void pvfront_follow_exit(void)
{
	if (!pv_bus_keeps_devices())
		return;
	unregister_xenbus_watch(&pvfront_follow_watch);
	pvfront_turn_take();
}
