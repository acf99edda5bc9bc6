/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of this guest: what it has, and Xen's table of its frames. */
#ifndef _HYPERCALL_STUBS_MEMORY_H
#define _HYPERCALL_STUBS_MEMORY_H

#include <linux/types.h>

#include <xen/interface/memory.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

/**
 * hcall_memory_map() - read the guest's memory map
 * @entries: filled with entries of 20 bytes, struct boot_e820_entry
 * @max: room in @entries
 *
 * Return: how many entries, or a negative errno; -ENOSYS when the guest was given none.
 */
static inline long hcall_memory_map(void *entries, unsigned int max)
{
	struct xen_memory_map arg = { .nr_entries = max, .buffer = entries };
	long rc = HYPERVISOR_memory_op(XENMEM_memory_map, &arg);

	return rc ? rc : arg.nr_entries;
}

/**
 * hcall_machphys_mapping() - ask where the table from machine to guest frames is
 * @map: filled with its addresses and the last frame it has
 *
 * Return: 0 or a negative errno.
 */
static inline long hcall_machphys_mapping(struct xen_machphys_mapping *map)
{
	return HYPERVISOR_memory_op(XENMEM_machphys_mapping, map);
}

#endif
