// SPDX-License-Identifier: GPL-2.0
/* The end of a transaction of the store, also where there is no memory for the request. */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/kernel.h>

#include <pv/compat/xenbus.h>
#include <pv/publish.h>

#define PVFRONT_ABORT_TRIES	8	/* 255 ms in all */

int pvfront_transaction_end(struct xenbus_transaction t, int err)
{
	unsigned int tries;

	if (!err) {
		err = xenbus_transaction_end(t, 0);
		if (err != -ENOMEM)
			return err;
	}
	for (tries = 0; tries < PVFRONT_ABORT_TRIES; tries++) {
		if (xenbus_transaction_end(t, 1) != -ENOMEM)
			break;
		msleep(1 << tries);
	}
	return err;
}
EXPORT_SYMBOL_GPL(pvfront_transaction_end);
