// SPDX-License-Identifier: GPL-2.0
/*
 * Where devices may be, and finding out whether they are. See bus.h.
 *
 * The watch of the bus says which path changed. Its lane only sorts that out: which places may
 * have another device now, or none. Each place is looked at in its own lane.
 */
#define pr_fmt(fmt) "xenbus: " fmt

#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bus.h"
#include "store/store.h"
#include "store/watch.h"
#include "wire/text.h"

/*
 * A place. It goes when it was looked at and there is no device, and nobody asks for another
 * look.
 */
struct xsl_place {
	struct list_head list;	/* under bus->lock */
	struct xsl_bus *bus;
	struct xsl_lane *lane;
	struct xsl_item item;
	bool queued;		/* under bus->lock: a look is to come */
	bool full;		/* under bus->lock: there is a device */
	struct xsl_device *dev;	/* of the lane alone */
	char node[];
};

static void look_over(struct xsl_bus *bus)
{
	atomic_dec(&bus->looks);
}

static void leave(struct xsl_place *p)
{
	xsl_device_remove(p->dev);
	p->dev = NULL;
}

/* Only what says Initialising is a new device; one that closes goes in a moment. */
static void arrive(struct xsl_place *p)
{
	enum xenbus_state state;
	struct xsl_device *dev;

	if (xsl_state_find(p->node, &state) || state != XenbusStateInitialising)
		return;
	dev = xsl_device_add(p->bus, p->node, p->lane);
	if (!IS_ERR(dev))
		p->dev = dev;
	else if (PTR_ERR(dev) != -ENODEV)
		pr_warn("%s: no device (%ld)\n", p->node, PTR_ERR(dev));
}

/* Return: whether the node of a device is gone; what could not be found out is not. */
static bool gone(struct xsl_place *p)
{
	unsigned int tries = 0;
	int there;

	do
		there = xsl_exists(p->node);
	while (xsl_answer(min(there, 0)) == XSL_AGAIN &&
	       xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (there < 0)
		pr_warn("%s: cannot be looked at (%d), so the device stays\n", p->node, there);
	return !there;
}

/* A driver may have ended its device itself. */
static bool stays(struct xsl_place *p)
{
	return device_is_registered(&p->dev->xdev.dev) && !gone(p) &&
	       !xsl_device_replaced(p->dev);
}

static void look(struct xsl_place *p)
{
	if (p->dev) {
		if (stays(p))
			return;
		leave(p);
	}
	arrive(p);
}

static void run_look(struct xsl_item *item)
{
	struct xsl_place *p = container_of(item, struct xsl_place, item);
	struct xsl_bus *bus = p->bus;
	bool over;

	spin_lock(&bus->lock);
	p->queued = false;
	spin_unlock(&bus->lock);
	look(p);
	spin_lock(&bus->lock);
	p->full = p->dev;
	over = !p->queued && !p->full;
	if (over)
		list_del(&p->list);
	spin_unlock(&bus->lock);
	if (over) {
		xsl_lane_put(p->lane);
		kfree(p);
	}
	look_over(bus);
}

/* Called with bus->lock held. */
static void queue_look(struct xsl_place *p)
{
	if (p->queued)
		return;
	p->queued = true;
	atomic_inc(&p->bus->looks);
	xsl_lane_add(p->lane, &p->item);
}

static struct xsl_place *make(struct xsl_bus *bus, const char *node, size_t len)
{
	struct xsl_place *p = kzalloc(struct_size(p, node, len + 1), GFP_KERNEL);

	if (!p)
		return NULL;
	memcpy(p->node, node, len);
	p->lane = xsl_lane_make(true, p->node);
	if (!p->lane) {
		kfree(p);
		return NULL;
	}
	p->bus = bus;
	p->item.run = run_look;
	return p;
}

/* Called with bus->lock held. */
static struct xsl_place *find(struct xsl_bus *bus, const char *node, size_t len)
{
	struct xsl_place *p;

	list_for_each_entry(p, &bus->places, list)
		if (!strncmp(p->node, node, len) && !p->node[len])
			return p;
	return NULL;
}

/*
 * Of a device that is known, only what makes it another one counts: it writes most of the keys
 * itself.
 */
static bool counts(const char *key)
{
	return !*key || !strcmp(key, "/state") || !strcmp(key, "/backend") ||
	       !strcmp(key, "/backend-id");
}

/* look_at() - queue a look if there is the place, or @fresh to become it */
static bool look_at(struct xsl_bus *bus, const char *path, size_t len, struct xsl_place *fresh)
{
	struct xsl_place *p;

	spin_lock(&bus->lock);
	p = find(bus, path, len);
	if (!p && fresh) {
		p = fresh;
		list_add_tail(&p->list, &bus->places);
	}
	if (p && (!p->full || counts(path + len)))
		queue_look(p);
	spin_unlock(&bus->lock);
	return p;
}

/* Of the lane of the bus alone: nobody else makes places. */
static void changed(struct xsl_bus *bus, const char *path, size_t len)
{
	struct xsl_place *fresh = NULL;

	/* A place that was there a moment ago may have gone, never the other way round. */
	while (!look_at(bus, path, len, fresh)) {
		fresh = make(bus, path, len);
		if (!fresh) {
			pr_err("%.*s: no memory to look for a device\n", (int)len, path);
			break;
		}
	}
}

/* What is there that could not be read would be missed until something else changes there. */
static char **list(const char *path, unsigned int *num)
{
	unsigned int tries = 0;
	char **names;

	do
		names = xenbus_directory(XBT_NIL, path, "", num);
	while (xsl_answer(PTR_ERR_OR_ZERO(names)) == XSL_AGAIN &&
	       xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	return names;
}

/* scan() - look at whatever is below a directory that is @depth parts deep */
static void scan(struct xsl_bus *bus, const char *path, unsigned int depth)
{
	unsigned int i, num = 0;
	char **names, *below;

	if (depth == bus->levels) {
		changed(bus, path, strlen(path));
		return;
	}
	names = list(path, &num);
	if (IS_ERR(names)) {
		if (PTR_ERR(names) != -ENOENT)
			pr_err("%s: cannot look for devices (%ld)\n", path, PTR_ERR(names));
		return;
	}
	for (i = 0; i < num; i++) {
		if (!xsl_text_is_name(names[i])) {
			pr_warn_ratelimited("%s: a name that is none: '%s'\n", path, names[i]);
			continue;
		}
		below = xsl_path(path, names[i]);
		if (below)
			scan(bus, below, depth + 1);
		kfree(below);
	}
	kfree(names);
}

static void look_below(struct xsl_bus *bus, const char *path)
{
	struct xsl_place *p;

	spin_lock(&bus->lock);
	list_for_each_entry(p, &bus->places, list)
		if (xsl_text_below(p->node, path))
			queue_look(p);
	spin_unlock(&bus->lock);
}

static unsigned int parts(const char *path)
{
	unsigned int n = 1;

	while ((path = strchr(path, '/'))) {
		path++;
		n++;
	}
	return n;
}

static void root_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	struct xsl_bus *bus = container_of(watch, struct xsl_bus, watch);
	unsigned int len = xsl_text_node(path, bus->levels);

	atomic_inc(&bus->looks);
	if (!xsl_text_below(path, bus->root) || !xsl_text_is_path(path)) {
		pr_warn_ratelimited("an event that is not of %s: '%s'\n", bus->root, path);
	} else if (len) {
		changed(bus, path, len);
	} else {
		look_below(bus, path);
		scan(bus, path, parts(path));
	}
	look_over(bus);
	/* The first event of the watch, which counts from the start. */
	if (!bus->scanned)
		look_over(bus);
	bus->scanned = true;
}

int xsl_bus_start(struct xsl_bus *bus)
{
	int err;

	spin_lock_init(&bus->lock);
	INIT_LIST_HEAD(&bus->places);
	atomic_set(&bus->looks, 1);
	bus->watch.node = bus->root;
	bus->watch.callback = root_changed;
	/* The first event, which every new watch gets, is the first scan's. */
	err = xsl_watch_sure(&bus->watch);
	if (err)
		look_over(bus);
	return err;
}
