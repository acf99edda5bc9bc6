// SPDX-License-Identifier: GPL-2.0
/* What is said, and to whom, when setting up a connection fails. */
#include <linux/export.h>
#include <linux/kernel.h>

#include <pv/front.h>

#include "internal.h"

bool pvfront_will_retry(const struct pvfront *f, int err)
{
	/* A probe is the bus's to try again, and it does not. */
	return f->started && pvfront_is_transient(err) &&
	       pvfront_pace_wait(&f->pace) != PVFRONT_PACE_NEVER;
}

void pvfront_fail(struct pvfront *f, int err, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	if (!pvfront_is_live(f) && pvfront_will_retry(f, err)) {
		dev_warn_ratelimited(&f->xdev->dev,
				     "%d %pV; it will be tried again\n", -err,
				     &text);
	} else {
		xenbus_dev_error(f->xdev, err, "%pV", &text);
		/* A live connection goes on. */
		if (!pvfront_is_live(f))
			pvfront_set_state(f, XenbusStateClosing);
	}
	va_end(args);
}
EXPORT_SYMBOL_GPL(pvfront_fail);
