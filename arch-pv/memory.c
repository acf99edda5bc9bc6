// SPDX-License-Identifier: GPL-2.0
/*
 * What memory the guest has, and what it may get later.
 *
 * Xen's rule: the builder populates frames 0 to nr_pages. The memory map goes on to maxmem;
 * the rest is for the balloon driver to fill when the host allows it, until when nothing
 * may touch it. A map that is the host's (e820_host=1) has holes, of which the builder knows
 * nothing: what it populated there is moved behind them.
 */
#include <linux/init.h>
#include <linux/memblock.h>
#include <linux/mm.h>

#include <xen/interface/xen.h>
#include <xen/page.h>
#include <asm/e820/api.h>
#include <asm/setup.h>

#include "hypercall-stubs/memory.h"
#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/result.h"
#include "memplan.h"
#include "xpv.h"

/* Struct pages alone of more than this many times the memory would fill it. */
#define MOST_GROWTH	10
/* The table of frames has 8 bytes for each number, used or not: of the memory at most this part. */
#define P2M_PART	8
#define MEMORY_512G	(512ULL << 30)
#define MOVED_AT_ONCE	128

/* For the balloon driver: frames without memory. */
struct xen_memory_region xen_extra_mem[XEN_EXTRA_MEM_MAX_REGIONS] __initdata;
unsigned long xen_released_pages;

static struct memplan xpv_plan __initdata;
static struct boot_e820_entry xpv_map[E820_MAX_ENTRIES_ZEROPAGE] __initdata;

/*
 * For a host that can only move guests whose memory ends there. Reads like mem=512G, and
 * like it takes away what the map has above.
 */
static int __init xpv_parse_512gb_limit(char *arg)
{
	bool limit;
	int err = xpv_option_bool("xen_512gb_limit", arg, &limit);

	if (!err && limit)
		xpv_e820_remove_ram(MEMORY_512G, ULLONG_MAX - MEMORY_512G);
	return err;
}
early_param("xen_512gb_limit", xpv_parse_512gb_limit);

static unsigned int __init xpv_read_map(void)
{
	long n = hcall_memory_map(xpv_map, ARRAY_SIZE(xpv_map));

	if (n > 0)
		return n;
	if (n != -ENOSYS)
		panic("Xen gives no memory map: %ld\n", n);
	xpv_map[0] = (struct boot_e820_entry) {
		.size = PFN_PHYS(xen_start_info->nr_pages), .type = E820_TYPE_RAM,
	};
	return 1;
}

/*
 * What is in use from the first instruction on, and needs a place in the direct map. The
 * initrd does not: reserve_initrd() copies one that the direct map lacks, before memory is
 * moved.
 */
static struct memplan_span __init xpv_boot_span(void)
{
	return (struct memplan_span) {
		.first = PFN_DOWN(__pa_symbol(_text)),
		.end = PFN_DOWN(__pa(xen_start_info->pt_base)) + xen_start_info->nr_pt_frames,
	};
}

static void __init xpv_say_plan(unsigned long most)
{
	const unsigned int mb = 20 - PAGE_SHIFT;

	if (xpv_plan.beyond)
		pr_notice("memory above %lu MB ignored: maxmem is more than %u times the memory at boot\n",
			  most >> mb, 1 + MOST_GROWTH);
	if (xpv_plan.high)
		pr_notice("%lu MB of memory ignored: so high in the memory map that a table of frames up to there would take more than 1/%u of the memory at boot\n",
			  xpv_plan.high >> mb, P2M_PART);
	if (xpv_plan.stranded)
		pr_notice("%lu KB of memory can't be used: in holes of the memory map\n",
			  xpv_plan.stranded << (PAGE_SHIFT - 10));
}

static void __init xpv_make_plan(unsigned int entries)
{
	unsigned long have = xen_start_info->nr_pages, most = have * (1 + MOST_GROWTH);
	unsigned long limit = have * (PAGE_SIZE / sizeof(unsigned long) / P2M_PART);
	struct memplan_span boot = xpv_boot_span();
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(xpv_map) > MEMPLAN_SPANS);
	for (i = 0; i < entries; i++) {
		if (xpv_map[i].type == E820_TYPE_RAM)
			memplan_add(&xpv_plan, PFN_UP(xpv_map[i].addr),
				    PFN_DOWN(xpv_map[i].addr + xpv_map[i].size), limit);
	}
	memplan_make(&xpv_plan, have, max(boot.end, max_pfn_mapped), most);
	xpv_say_plan(most);
	if (!memplan_is_ram(&xpv_plan, boot.first, boot.end))
		panic("the memory map has a hole in frames %#lx to %#lx, where the kernel and its page tables are\n",
		      boot.first, boot.end);
}

/* What is not populated yet nobody may touch. */
static void __init xpv_reserve_unpopulated(void)
{
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(xen_extra_mem) < MEMPLAN_SPANS);
	for (i = 0; i < xpv_plan.nr_extra; i++) {
		const struct memplan_span *extra = &xpv_plan.extra[i];

		xen_extra_mem[i].start_pfn = extra->first;
		xen_extra_mem[i].n_pfns = extra->end - extra->first;
		memblock_reserve(PFN_PHYS(extra->first), PFN_PHYS(extra->end - extra->first));
	}
	for (i = 0; i < xpv_plan.nr_moves; i++)
		memblock_reserve(PFN_PHYS(xpv_plan.moves[i].to), PFN_PHYS(xpv_plan.moves[i].count));
}

/**
 * xpv_memory_setup() - fill the kernel's memory map
 *
 * Return: where it came from.
 */
char *__init xpv_memory_setup(void)
{
	unsigned int i, n = xpv_read_map();

	xpv_make_plan(n);
	for (i = 0; i < n; i++) {
		if (xpv_map[i].type != E820_TYPE_RAM)
			e820__range_add(xpv_map[i].addr, xpv_map[i].size, xpv_map[i].type);
	}
	for (i = 0; i < xpv_plan.nr_ram; i++)
		e820__range_add(PFN_PHYS(xpv_plan.ram[i].first),
				PFN_PHYS(xpv_plan.ram[i].end - xpv_plan.ram[i].first),
				E820_TYPE_RAM);
	xpv_reserve_unpopulated();
	xen_max_p2m_pfn = max(xen_start_info->nr_pages, xpv_plan.end);

	/* Ordinary memory, but too much common code looks for firmware in it. */
	e820__range_add(ISA_START_ADDRESS, ISA_END_ADDRESS - ISA_START_ADDRESS,
			E820_TYPE_RESERVED);
	e820__update_table(e820_table);
	return "Xen";
}

/* The entries of the direct map and of Xen's table for one frame that is moved. */
static void __init xpv_move_frame(struct mmu_update *updates, unsigned long from, unsigned long to)
{
	unsigned long mfn = pfn_to_mfn(from);
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)__va(PFN_PHYS(to)), &level);

	/* The direct map has all memory, page by page. */
	if (!pte || level != PG_LEVEL_4K)
		panic("xen: frame %#lx is not in the direct map\n", to);
	updates[0] = mmu_set_m2p(PFN_PHYS(mfn), to);
	updates[1] = mmu_set(xpv_machine_address(pte), mfn_pte(mfn, PAGE_KERNEL).pte);
	set_phys_to_machine(from, INVALID_P2M_ENTRY);
	set_phys_to_machine(to, mfn);
}

/*
 * The command line may have taken some or all of the memory out of the map again. The
 * direct map can't tell: the table of the last frame has entries for those behind it.
 */
static unsigned long __init xpv_move_frames(const struct memplan_move *move)
{
	static struct mmu_update updates[2 * MOVED_AT_ONCE] __initdata;
	unsigned long i, done = 0;
	unsigned int n = 0;

	for (i = 0; i < move->count; i++) {
		if (!memblock_is_memory(PFN_PHYS(move->to + i)))
			continue;
		xpv_move_frame(&updates[n], move->from + i, move->to + i);
		done++;
		n += 2;
		if (n == ARRAY_SIZE(updates)) {
			hcall_must(hcall_mmu_update(updates, n, NULL));
			n = 0;
		}
	}
	if (n)
		hcall_must(hcall_mmu_update(updates, n, NULL));
	memblock_phys_free(PFN_PHYS(move->to), PFN_PHYS(move->count));
	return done;
}

/**
 * xpv_memory_fill() - move what was populated in holes to where the map has memory
 *
 * Context: the direct map is complete, and so is the table of frames.
 */
void __init xpv_memory_fill(void)
{
	unsigned long planned = 0, moved = 0;
	unsigned int i;

	for (i = 0; i < xpv_plan.nr_moves; i++) {
		planned += xpv_plan.moves[i].count;
		moved += xpv_move_frames(&xpv_plan.moves[i]);
	}
	if (planned)
		pr_info("%lu KB of memory moved out of holes of the memory map, %lu KB can't be used\n",
			moved << (PAGE_SHIFT - 10), (planned - moved) << (PAGE_SHIFT - 10));
}
