// SPDX-License-Identifier: GPL-2.0
/* The module's parameters. */
#include <linux/compiler.h>
#include <linux/module.h>

#include <pv/param.h>

#include "kept.h"
#include "params.h"

PVFRONT_PARAM(max_queues, 1, 64, 4, 0644,
	      "Most rings to use for one disk");
PVFRONT_PARAM(poll_queues, 0, 64, 0, 0644,
	      "Rings of one disk, beside the others, that are polled for io_uring's IOPOLL");
PVFRONT_PARAM(max_ring_page_order, 0, 4, 0, 0644,
	      "Largest ring, as a power of two of pages");
PVFRONT_PARAM(max_indirect_segments, 0, 512, 256, 0644,
	      "Most pages of data in one request, above 11");

static bool pvblk_feature_persistent = true;
module_param_named(feature_persistent, pvblk_feature_persistent, bool, 0644);
MODULE_PARM_DESC(feature_persistent,
		 "Copy through pages that stay granted, if the backend maps them persistently (default Y)");

static bool pvblk_trusted = true;
module_param_named(trusted, pvblk_trusted, bool, 0644);
MODULE_PARM_DESC(trusted,
		 "Trust backends with the memory around the data; N copies all data (default Y)");

PVFRONT_TMO_PARAM(ctrl_loss_tmo, 0, 600, "600",
		  "Time until a disk whose backend is lost fails and goes");
PVFRONT_TMO_PARAM(fast_io_fail_tmo, 0, PVFRONT_OFF, "off",
		  "Time until its I/O fails while it waits for another");
PVFRONT_TMO_PARAM(io_timeout, 1, PVFRONT_OFF, "off",
		  "Time without an answer to a request until the backend is taken for lost");

PVFRONT_LIMIT_PARAM(unflushed_kb, 0, PVBLK_UNFLUSHED_MAX, 4096, "4096", "KB",
		    "Data that backends have acknowledged and not flushed, kept for each disk");

static bool pvblk_part_scan_off;
module_param_named(no_part_scan, pvblk_part_scan_off, bool, 0644);
MODULE_PARM_DESC(no_part_scan,
		 "Look for no partitions on disks: the kernel parses nothing of what is there (default N)");

struct pvfront_policy pvblk_policy(void)
{
	return (struct pvfront_policy) {
		.ctrl_loss = READ_ONCE(pvfront_limit_ctrl_loss_tmo.value),
		.fast_io_fail = READ_ONCE(pvfront_limit_fast_io_fail_tmo.value),
	};
}

int pvblk_io_timeout(void)
{
	return READ_ONCE(pvfront_limit_io_timeout.value);
}

int pvblk_unflushed_kb(void)
{
	return READ_ONCE(pvfront_limit_unflushed_kb.value);
}

unsigned int pvblk_max_queues(void)
{
	return READ_ONCE(pvfront_param_max_queues.value);
}

unsigned int pvblk_poll_queues(void)
{
	return READ_ONCE(pvfront_param_poll_queues.value);
}

unsigned int pvblk_max_ring_order(void)
{
	return READ_ONCE(pvfront_param_max_ring_page_order.value);
}

unsigned int pvblk_max_segs(void)
{
	return READ_ONCE(pvfront_param_max_indirect_segments.value);
}

bool pvblk_want_persistent(void)
{
	return READ_ONCE(pvblk_feature_persistent);
}

bool pvblk_trusts_backends(void)
{
	return READ_ONCE(pvblk_trusted);
}

bool pvblk_no_part_scan(void)
{
	return READ_ONCE(pvblk_part_scan_off);
}
