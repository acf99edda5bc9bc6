// SPDX-License-Identifier: GPL-2.0
/* Values with a format, as <xen/xenbus.h> has them. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "store.h"

int xenbus_scanf(struct xenbus_transaction t, const char *dir, const char *node,
		 const char *fmt, ...)
{
	char *value = xenbus_read(t, dir, node, NULL);
	va_list ap;
	int found;

	if (IS_ERR(value))
		return PTR_ERR(value);
	va_start(ap, fmt);
	found = vsscanf(value, fmt, ap);
	va_end(ap);
	kfree(value);
	/* The node is there, its value is none of that format. */
	return found ? found : -ERANGE;
}
EXPORT_SYMBOL_GPL(xenbus_scanf);

unsigned int xenbus_read_unsigned(const char *dir, const char *node, unsigned int default_val)
{
	unsigned int value;

	return xenbus_scanf(XBT_NIL, dir, node, "%u", &value) == 1 ? value : default_val;
}
EXPORT_SYMBOL_GPL(xenbus_read_unsigned);

int xenbus_printf(struct xenbus_transaction t, const char *dir, const char *node,
		  const char *fmt, ...)
{
	va_list ap;
	char *value;
	int err;

	va_start(ap, fmt);
	value = kvasprintf(GFP_NOIO | __GFP_HIGH, fmt, ap);
	va_end(ap);
	if (!value)
		return -ENOMEM;
	err = xenbus_write(t, dir, node, value);
	kfree(value);
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_printf);

/* One of the triples: without a format the caller gets the value itself. */
static int gather(struct xenbus_transaction t, const char *dir, const char *node,
		  const char *fmt, void *to)
{
	char *value = xenbus_read(t, dir, node, NULL);
	int err = 0;

	if (IS_ERR(value))
		return PTR_ERR(value);
	if (!fmt) {
		*(char **)to = value;
		return 0;
	}
	if (sscanf(value, fmt, to) != 1)
		err = -EINVAL;
	kfree(value);
	return err;
}

int xenbus_gather(struct xenbus_transaction t, const char *dir, ...)
{
	const char *node, *fmt;
	va_list ap;
	int err = 0;

	va_start(ap, dir);
	while (!err && (node = va_arg(ap, const char *))) {
		fmt = va_arg(ap, const char *);
		err = gather(t, dir, node, fmt, va_arg(ap, void *));
	}
	va_end(ap);
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_gather);
