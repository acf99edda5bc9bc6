/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the toolstack's memory map and the number of frames that the builder has populated:
 * what is memory, what the balloon driver may add, and which frames are to be exchanged,
 * because the builder populates frames 0 to the number whatever the map says.
 *
 * PURE: arguments to result, nothing else. All numbers are frames; @end is the first behind.
 */
#ifndef _ARCH_PV_MEMPLAN_H
#define _ARCH_PV_MEMPLAN_H

#include <linux/types.h>

/* As many as a map has entries; each may have a hole in front of it, and one follows. */
#define MEMPLAN_SPANS	128
#define MEMPLAN_MOVES	(2 * MEMPLAN_SPANS + 1)

/**
 * struct memplan_span - adjacent frames
 * @first: the first
 * @end: the first behind
 */
struct memplan_span {
	unsigned long first, end;
};

/**
 * struct memplan_move - memory that changes its place
 * @from: the first frame, in a hole of the map, populated
 * @to: the frame that the first is moved to, memory by the map, not populated
 * @count: how many
 */
struct memplan_move {
	unsigned long from, to, count;
};

/**
 * struct memplan - what becomes of the frames
 * @ram: memory by the map: in order, and none touches the next
 * @nr_ram: how many
 * @extra: parts of it that stay unpopulated, for the balloon driver, in order
 * @nr_extra: how many
 * @moves: what is moved out of holes, in order
 * @nr_moves: how many
 * @end: of @ram
 * @beyond: frames that the map calls memory and the plan leaves out, as too many
 * @high: frames that it leaves out because of their numbers
 * @stranded: populated frames in holes that stay there, of use to nobody
 */
struct memplan {
	struct memplan_span ram[MEMPLAN_SPANS];
	unsigned int nr_ram;
	struct memplan_span extra[MEMPLAN_SPANS];
	unsigned int nr_extra;
	struct memplan_move moves[MEMPLAN_MOVES];
	unsigned int nr_moves;
	unsigned long end;
	unsigned long beyond;
	unsigned long high;
	unsigned long stranded;
};

void memplan_add(struct memplan *plan, unsigned long first, unsigned long end,
		 unsigned long limit);
void memplan_make(struct memplan *plan, unsigned long have, unsigned long fixed,
		  unsigned long most);
bool memplan_is_ram(const struct memplan *plan, unsigned long first, unsigned long end);

#endif
