/* SPDX-License-Identifier: GPL-2.0 */
/* How often each hypercall was made, counted while it is switched on in debugfs. */
#ifndef _HYPERCALL_STUBS_COUNT_H
#define _HYPERCALL_STUBS_COUNT_H

#include <linux/jump_label.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include "gate.h"

DECLARE_STATIC_KEY_FALSE(hcall_counting);
DECLARE_PER_CPU(u64 [HCALL_NUMBERS], hcall_counts);
DECLARE_PER_CPU(u64 [HCALL_NUMBERS], hcall_batched);

/**
 * hcall_count_batched() - count an operation that goes into a batch
 * @nr: __HYPERVISOR_*, of the call it would be by itself
 */
static inline void hcall_count_batched(unsigned int nr)
{
	if (static_branch_unlikely(&hcall_counting))
		this_cpu_inc(hcall_batched[nr]);
}

const char *hcall_name(unsigned long nr);

#endif
