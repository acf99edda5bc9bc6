/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pending event channels of the 2-level ABI.
 *
 * Xen's rule: a bit for each channel says that it is pending, another that it is masked; for each
 * CPU a word with a bit for each of their words says which to look at. The bits of a word belong
 * to channels of any CPU, so a CPU needs to know its own.
 *
 * A channel that moves while one CPU has looked and not yet called may be found by the other CPU,
 * too. So who calls has cleared the pending bit: only one can.
 *
 * PURE: bitmaps in, channels out.
 */
#ifndef _XENSTORE_LITE_EVENTS_SCAN_H
#define _XENSTORE_LITE_EVENTS_SCAN_H

#include <linux/types.h>

/**
 * struct evt_scan - bitmaps to look at
 * @pending: which channels are pending; those that are found are not any more
 * @masked: which are masked
 * @mine: which this CPU is told of
 * @turn: which word comes first, so that each does at some time
 */
struct evt_scan {
	unsigned long *pending;
	const unsigned long *masked;
	const unsigned long *mine;
	unsigned int turn;
};

void evt_scan(struct evt_scan *scan, unsigned long sel, void (*found)(u32 port));

#endif
