// SPDX-License-Identifier: GPL-2.0
/*
 * What memory the guest has, and what it may get later.
 *
 * Xen's rule: the builder populates frames 0 to nr_pages. The memory map goes on to maxmem;
 * the rest is for the balloon driver to fill when the host allows it, until when nothing
 * may touch it.
 */
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>

#include <xen/interface/xen.h>
#include <xen/page.h>
#include <asm/e820/api.h>
#include <asm/setup.h>

#include "stubs/memory.h"
#include "stubs/result.h"
#include "pv.h"

/* Struct pages alone of more than this many times the memory would fill it. */
#define MOST_GROWTH	10
#define MEMORY_512G	(512ULL << 30)

/* For the balloon driver: frames without memory. */
struct xen_memory_region xen_extra_mem[XEN_EXTRA_MEM_MAX_REGIONS] __initdata;
unsigned long xen_released_pages;

static struct boot_e820_entry pv_map[E820_MAX_ENTRIES_ZEROPAGE] __initdata;

/*
 * For a host that can only move guests whose memory ends there. Reads like mem=512G, and
 * like it takes away what the map has above.
 */
static int __init pv_parse_512gb_limit(char *arg)
{
	bool limit;
	int err = pv_option_bool("xen_512gb_limit", arg, &limit);

	if (!err && limit)
		e820__range_remove(MEMORY_512G, ULLONG_MAX - MEMORY_512G, E820_TYPE_RAM, 1);
	return err;
}
early_param("xen_512gb_limit", pv_parse_512gb_limit);

static unsigned int __init pv_read_map(void)
{
	long n = hcall_memory_map(pv_map, ARRAY_SIZE(pv_map));

	if (n > 0)
		return n;
	if (n != -ENOSYS)
		panic("Xen gives no memory map: %ld\n", n);
	pv_map[0] = (struct boot_e820_entry) {
		.size = PFN_PHYS(xen_start_info->nr_pages), .type = E820_TYPE_RAM,
	};
	return 1;
}

/* Frames @first to @end are for the balloon driver. */
static void __init pv_add_extra(unsigned long first, unsigned long end)
{
	static unsigned int regions __initdata;

	if (regions == ARRAY_SIZE(xen_extra_mem)) {
		pr_warn("memory at frames %#lx to %#lx ignored: more than %u regions\n",
			first, end, regions);
		return;
	}
	memblock_reserve(PFN_PHYS(first), PFN_PHYS(end - first));
	xen_extra_mem[regions].start_pfn = first;
	xen_extra_mem[regions].n_pfns = end - first;
	regions++;
	xen_max_p2m_pfn = end;
}

static void __init pv_add_ram(unsigned long first, unsigned long end)
{
	unsigned long have = xen_start_info->nr_pages, limit = have * (1 + MOST_GROWTH);

	if (end > limit) {
		pr_notice("memory above %lu MB ignored: maxmem is more than %u times the memory at boot\n",
			  limit >> (20 - PAGE_SHIFT), 1 + MOST_GROWTH);
		end = limit;
	}
	if (first >= end)
		return;
	e820__range_add(PFN_PHYS(first), PFN_PHYS(end - first), E820_TYPE_RAM);
	if (end > have)
		pv_add_extra(max(first, have), end);
}

/**
 * pv_memory_setup() - fill the kernel's memory map
 *
 * Return: where it came from.
 */
char *__init pv_memory_setup(void)
{
	unsigned int i, n = pv_read_map();

	for (i = 0; i < n; i++) {
		if (pv_map[i].type == E820_TYPE_RAM)
			pv_add_ram(PFN_UP(pv_map[i].addr),
				   PFN_DOWN(pv_map[i].addr + pv_map[i].size));
		else
			e820__range_add(pv_map[i].addr, pv_map[i].size, pv_map[i].type);
	}
	/* Ordinary memory, but too much common code looks for firmware in it. */
	e820__range_add(ISA_START_ADDRESS, ISA_END_ADDRESS - ISA_START_ADDRESS,
			E820_TYPE_RESERVED);
	e820__update_table(e820_table);
	return "Xen";
}
