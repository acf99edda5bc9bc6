// SPDX-License-Identifier: GPL-2.0
/* Writing our state to the store, in step with the bus, which looks at it, too. */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>

#include "internal.h"

int pvfront_find_state(struct xenbus_transaction t, const char *dir)
{
	char *state = xenbus_read(t, dir, "state", NULL);

	if (IS_ERR(state))
		return PTR_ERR(state);
	kfree(state);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_find_state);

/* -ENOENT if there is no state: the device is being removed. */
static int pvfront_try_state(struct pvfront *f, enum xenbus_state state)
{
	const char *dir = f->xdev->nodename;
	struct xenbus_transaction xbt;
	int err;

	if (pv_vanished(f->xdev))
		return -ENOENT;
	err = xenbus_transaction_start(&xbt);
	if (err)
		return err;
	err = pvfront_find_state(xbt, dir);
	if (!err)
		err = xenbus_printf(xbt, dir, "state", "%d", state);
	return pvfront_transaction_end(xbt, err);
}

/*
 * Leaves the bus's copy of the state, xdev->state, alone. For the states that come after
 * Initialising while nothing has been heard of the backend since.
 *
 * Since 7.0 the bus takes a device whose state in the store is Initialising, and whose
 * copy is not, for one that the toolstack has reset: it is unregistered. xenwatch looks
 * at every key of ours that is written, reads the store first and the copy a round trip
 * later, and we run beside it: did the copy change with the state, it would see an old
 * Initialising and a new copy. Once xenwatch has brought a change of the backend that
 * follows from ours, it has seen ours too.
 */
int pvfront_set_state(struct pvfront *f, enum xenbus_state state)
{
	unsigned int tries;
	int err;

	for (tries = 0; tries < PVFRONT_COMMIT_TRIES; tries++) {
		err = pvfront_try_state(f, state);
		if (err != -EAGAIN)
			break;
	}
	return err;
}

int pvfront_write_state(struct pvfront *f, enum xenbus_state state)
{
	int err = pvfront_set_state(f, state);

	if (err && err != -ENOENT)
		pvfront_fail(f, err, "writing state %s", xenbus_strstate(state));
	return err;
}
