// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a connection with a backend that is there: it is told, and gets some time to
 * unmap our pages, in which it says Closed.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>

#include "internal.h"

/* How long a backend may take to unmap our pages once we are Closed. */
#define PVFRONT_LET_GO_MS	5000
#define PVFRONT_LET_GO_POLL_MS	200	/* at most; the first look comes sooner */

enum xenbus_state pvfront_close_peer(struct xenbus_device *xdev,
				     const char *otherend,
				     bool (*stop)(void *data), void *data)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(PVFRONT_LET_GO_MS);
	unsigned int ms = 5;
	enum xenbus_state peer;

	for (;;) {
		/*
		 * Each time: where another driver has the device, it writes
		 * Connected when it hears that the backend is, be it a moment
		 * after our Closed. Nothing is written where Closed stands.
		 */
		xenbus_switch_state(xdev, XenbusStateClosed);
		/* Read, not watched: in a remove the bus has ended the watch already. */
		peer = pv_read_driver_state(xdev, otherend);
		if (peer == XenbusStateClosed || peer == XenbusStateUnknown ||
		    time_after(jiffies, deadline) || (stop && stop(data)))
			return peer;
		msleep(ms);
		ms = min(2 * ms, PVFRONT_LET_GO_POLL_MS);
	}
}
EXPORT_SYMBOL_GPL(pvfront_close_peer);

static bool pvfront_stop_waiting(void *data)
{
	struct pvfront *f = data;

	return pvfront_gave_up(f);
}

void pvfront_let_go(struct pvfront *f, enum pvfront_why why)
{
	enum xenbus_state peer;

	if (why == PVFRONT_GONE || why == PVFRONT_LOST || why == PVFRONT_SUSPENDED ||
	    pv_vanished(f->xdev))
		return;
	/* Nothing was offered yet that the backend could have mapped. */
	if ((why == PVFRONT_RESTARTED || why == PVFRONT_MOVED) && !f->shown)
		return;

	peer = pvfront_close_peer(f->xdev, f->xdev->otherend,
				  pvfront_stop_waiting, f);
	if (peer == XenbusStateClosed) {
		f->orderly = f->to.nr;
		pvfront_rest_closed(f);
	} else if (peer != XenbusStateUnknown) {
		dev_warn(&f->xdev->dev,
			 "backend is still %s after we closed; its mappings end later\n",
			 xenbus_strstate(peer));
	}
}
EXPORT_SYMBOL_GPL(pvfront_let_go);
