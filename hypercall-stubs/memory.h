/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of this guest: what it has, giving it back and getting it again. */
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

/**
 * hcall_maximum_pages() - ask how much memory the guest may have
 *
 * Return: pages, or a negative errno.
 */
static inline long hcall_maximum_pages(void)
{
	domid_t self = DOMID_SELF;

	return HYPERVISOR_memory_op(XENMEM_maximum_reservation, &self);
}

/**
 * hcall_populate() - get machine frames for frames of the guest
 * @frames: guest frames, replaced by the machine frames
 * @count: how many
 *
 * Return: how many were got, from the first on, or a negative errno.
 */
static inline long hcall_populate(xen_pfn_t *frames, unsigned long count)
{
	struct xen_memory_reservation arg = {
		.extent_start = frames, .nr_extents = count, .domid = DOMID_SELF,
	};

	return HYPERVISOR_memory_op(XENMEM_populate_physmap, &arg);
}

/**
 * hcall_release() - give machine frames back to Xen
 * @frames: machine frames, mapped nowhere
 * @count: how many
 *
 * Return: how many were taken, from the first on, or a negative errno.
 */
static inline long hcall_release(xen_pfn_t *frames, unsigned long count)
{
	struct xen_memory_reservation arg = {
		.extent_start = frames, .nr_extents = count, .domid = DOMID_SELF,
	};

	return HYPERVISOR_memory_op(XENMEM_decrease_reservation, &arg);
}

#endif
