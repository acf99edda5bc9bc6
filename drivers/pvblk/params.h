/* SPDX-License-Identifier: GPL-2.0 */
/* The module's parameters, which may change at any time. */
#ifndef _PVBLK_PARAMS_H
#define _PVBLK_PARAMS_H

#include <linux/types.h>

#include <pv/loss.h>

unsigned int pvblk_max_queues(void);
unsigned int pvblk_poll_queues(void);
unsigned int pvblk_max_ring_order(void);
unsigned int pvblk_max_segs(void);
bool pvblk_want_persistent(void);
bool pvblk_trusts_backends(void);
bool pvblk_no_part_scan(void);
struct pvfront_policy pvblk_policy(void);
int pvblk_io_timeout(void);
int pvblk_unflushed_kb(void);

#endif
