// SPDX-License-Identifier: GPL-2.0
/* States of devices, and errors of them that the host can read. */
#define pr_fmt(fmt) "xenbus: " fmt

#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "bus.h"
#include "store/store.h"

static const char *const names[] = {
	[XenbusStateUnknown]		= "Unknown",
	[XenbusStateInitialising]	= "Initialising",
	[XenbusStateInitWait]		= "InitWait",
	[XenbusStateInitialised]	= "Initialised",
	[XenbusStateConnected]		= "Connected",
	[XenbusStateClosing]		= "Closing",
	[XenbusStateClosed]		= "Closed",
	[XenbusStateReconfiguring]	= "Reconfiguring",
	[XenbusStateReconfigured]	= "Reconfigured",
};

const char *xenbus_strstate(enum xenbus_state state)
{
	return state < ARRAY_SIZE(names) ? names[state] : "INVALID";
}
EXPORT_SYMBOL_GPL(xenbus_strstate);

int xsl_state_read(const char *path, enum xenbus_state *state)
{
	int value, found = xenbus_scanf(XBT_NIL, path, "state", "%d", &value);

	switch (xsl_answer(found == 1 ? 0 : found)) {
	case XSL_THERE:
		*state = value;
		return 0;
	case XSL_GONE:
	case XSL_HIDDEN:
		*state = XenbusStateUnknown;
		return 0;
	default:
		return found;
	}
}

int xsl_state_find(const char *path, enum xenbus_state *state)
{
	unsigned int tries = 0;
	int err;

	do
		err = xsl_state_read(path, state);
	while (xsl_answer(err) == XSL_AGAIN && xsl_again(++tries, XSL_LOOKS, XSL_LOOKS_FIRST));
	if (err)
		pr_warn("%s: the state cannot be read (%d), so nothing is done until it changes\n",
			path, err);
	return err;
}

/* Drivers are told Unknown also when nobody could be asked: there is no other way to tell them. */
enum xenbus_state xenbus_read_driver_state(XSL_READ_STATE_ARGS)
{
	enum xenbus_state state = XenbusStateUnknown;

	if (!XSL_READ_STATE_GONE)
		xsl_state_read(path, &state);
	return state;
}
EXPORT_SYMBOL_GPL(xenbus_read_driver_state);

__printf(3, 0)
static void report(struct xenbus_device *dev, int err, const char *fmt, va_list ap)
{
	char *text = kvasprintf(GFP_KERNEL, fmt, ap);
	char *dir = kasprintf(GFP_KERNEL, "error/%s", dev->nodename);

	dev_err(&dev->dev, "%d %s\n", -err, text ? text : fmt);
	if (text && dir)
		xenbus_printf(XBT_NIL, dir, "error", "%d %s", -err, text);
	kfree(dir);
	kfree(text);
}

void xenbus_dev_error(struct xenbus_device *dev, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(dev, err, fmt, ap);
	va_end(ap);
}
EXPORT_SYMBOL_GPL(xenbus_dev_error);

/* write_once() - one attempt of write_state() */
static int write_once(struct xenbus_device *dev, enum xenbus_state state)
{
	struct xenbus_transaction t;
	int old, end, err = xenbus_transaction_start(&t);

	if (err)
		return err;
	err = xenbus_scanf(t, dev->nodename, "state", "%d", &old);
	if (err == 1)
		err = xenbus_printf(t, dev->nodename, "state", "%d", state);
	end = xenbus_transaction_end(t, err);
	return err ? err : end;
}

/*
 * write_state() - write a state over an old one, in a transaction: a device that the host has
 * removed meanwhile must not come to life by it. Return: 0, or -ENOENT if it was removed.
 */
static int write_state(struct xenbus_device *dev, enum xenbus_state state)
{
	unsigned int tries = 0;
	int err;

	do
		err = write_once(dev, state);
	while (err == -EAGAIN && xsl_again(++tries, XSL_TRIES, XSL_TRIES_FIRST));
	return err;
}

static int set_state(struct xenbus_device *dev, enum xenbus_state state)
{
	struct xsl_device *d = xsl_device(dev);
	int err = 0;

	mutex_lock(&d->switching);
	if (state != dev->state && !d->vanished) {
		err = write_state(dev, state);
		if (!err || err == -ENOENT) {
			dev->state = state;
			err = 0;
		}
	}
	mutex_unlock(&d->switching);
	return err;
}

void xenbus_dev_fatal(struct xenbus_device *dev, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(dev, err, fmt, ap);
	va_end(ap);
	set_state(dev, XenbusStateClosing);
}
EXPORT_SYMBOL_GPL(xenbus_dev_fatal);

/* Drivers do not look at the outcome: what was to be said is said here. */
int xenbus_switch_state(struct xenbus_device *dev, enum xenbus_state state)
{
	int err = set_state(dev, state);

	if (err)
		xenbus_dev_fatal(dev, err, "writing the state %s", xenbus_strstate(state));
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_switch_state);

int xenbus_frontend_closed(struct xenbus_device *dev)
{
	xenbus_switch_state(dev, XenbusStateClosed);
	complete(&dev->down);
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_frontend_closed);
