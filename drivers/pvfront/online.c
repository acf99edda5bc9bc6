// SPDX-License-Identifier: GPL-2.0
/* Whether the toolstack wants the device, or takes its backend offline to remove it. */
#include <linux/kernel.h>

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

bool pvfront_is_offline(struct pvfront *f)
{
	bool online = true;

	if (f->xdev->otherend && !pv_vanished(f->xdev))
		pvfront_read_online(f, &online);
	return !online;
}
