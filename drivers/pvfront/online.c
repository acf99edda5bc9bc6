// SPDX-License-Identifier: GPL-2.0
/* Whether the toolstack wants the device, or takes its backend offline to remove it. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>

#include "internal.h"

enum { PVBUS_KEYS_BACKEND };

/* What the backend's directory says, whatever device it is. */
struct pvfront_bus {
	u64 online;
};

#define PVBUS_KEY(table, name, type, min, max, def, member)		\
	PVFRONT_KEY(PVBUS_KEYS_##table, name, type, min, max, def,	\
		    struct pvfront_bus, member),
static const struct pvfront_key pvfront_bus_keys[] = {
#include "keys.def"
};

int pvfront_read_online(struct pvfront *f, bool *online)
{
	/* What cannot be read says nothing. */
	struct pvfront_bus bus = { .online = 1 };
	int err;

	err = pvfront_read_keys(f, f->xdev->otherend, pvfront_bus_keys,
				ARRAY_SIZE(pvfront_bus_keys), PVBUS_KEYS_BACKEND, &bus);
	*online = bus.online;
	return err;
}

/* Says nothing to people: of a backend that is gone with its domain all is forbidden to read. */
static int pvfront_try_online(struct pvfront *f, u64 *online)
{
	char *text;
	int err;

	if (!f->xdev->otherend)
		return -ENOENT;
	text = xenbus_read(XBT_NIL, f->xdev->otherend, "online", NULL);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = pvfront_parse_u64(text, 0, U32_MAX, online);
	kfree(text);
	return err;
}

bool pvfront_is_offline(struct pvfront *f)
{
	u64 online;

	return !pvfront_try_online(f, &online) && !online;
}

bool pvfront_is_online(struct pvfront *f)
{
	u64 online;

	return !pvfront_try_online(f, &online) && online;
}
