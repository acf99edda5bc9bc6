// SPDX-License-Identifier: GPL-2.0
/* The arithmetic of memplan.h. */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "memplan.h"

static void memplan_remove(struct memplan *plan, unsigned int i)
{
	plan->nr_ram--;
	memmove(&plan->ram[i], &plan->ram[i + 1], (plan->nr_ram - i) * sizeof(plan->ram[0]));
}

/**
 * memplan_add() - note an entry of the map, in any order; entries may overlap
 * @plan: the plan, zeros before the first entry
 * @first: the first frame of the entry
 * @end: the first behind it; an entry of no frames is nothing
 * @limit: frames from here on are left out, and counted
 *
 * More entries than there is room for are left out, and counted.
 */
void memplan_add(struct memplan *plan, unsigned long first, unsigned long end,
		 unsigned long limit)
{
	unsigned int i = 0;

	if (end > limit && first < end) {
		plan->high += end - max(first, limit);
		end = limit;
	}
	if (first >= end)
		return;

	/* What it overlaps or touches becomes a part of it. */
	while (i < plan->nr_ram) {
		if (plan->ram[i].end < first || plan->ram[i].first > end) {
			i++;
			continue;
		}
		first = min(first, plan->ram[i].first);
		end = max(end, plan->ram[i].end);
		memplan_remove(plan, i);
	}
	if (plan->nr_ram == MEMPLAN_SPANS) {
		plan->high += end - first;
		return;
	}
	for (i = plan->nr_ram; i && plan->ram[i - 1].first > first; i--)
		plan->ram[i] = plan->ram[i - 1];
	plan->ram[i].first = first;
	plan->ram[i].end = end;
	plan->nr_ram++;
}

/* Leaves out what is more than @most frames; holes do not count. */
static void memplan_trim(struct memplan *plan, unsigned long most)
{
	unsigned int i, kept = 0;

	for (i = 0; i < plan->nr_ram; i++) {
		unsigned long count = plan->ram[i].end - plan->ram[i].first, fit = min(count, most);

		plan->beyond += count - fit;
		plan->ram[i].end -= count - fit;
		most -= fit;
		if (fit)
			kept = i + 1;
	}
	plan->nr_ram = kept;
	plan->end = kept ? plan->ram[kept - 1].end : 0;
}

/* Takes frames from the front of @extra for those of a hole, as far as there are any. */
static void memplan_fill(struct memplan *plan, unsigned int *from_extra, unsigned long first,
			 unsigned long end)
{
	while (first < end && *from_extra < plan->nr_extra) {
		struct memplan_span *extra = &plan->extra[*from_extra];
		unsigned long count = min(end - first, extra->end - extra->first);

		plan->moves[plan->nr_moves].from = first;
		plan->moves[plan->nr_moves].to = extra->first;
		plan->moves[plan->nr_moves].count = count;
		plan->nr_moves++;
		first += count;
		extra->first += count;
		if (extra->first == extra->end)
			(*from_extra)++;
	}
	plan->stranded += end - first;
}

/**
 * memplan_make() - make the plan, once all entries are added
 * @plan: the plan
 * @have: frames from 0 on that are populated
 * @fixed: those before this one stay where they are
 * @most: so many frames may be memory at most, populated or not; the rest is counted
 */
void memplan_make(struct memplan *plan, unsigned long have, unsigned long fixed,
		  unsigned long most)
{
	unsigned long at = 0, first, end;
	unsigned int i, used = 0;

	memplan_trim(plan, most);
	for (i = 0; i < plan->nr_ram; i++) {
		if (plan->ram[i].end <= have)
			continue;
		plan->extra[plan->nr_extra].first = max(plan->ram[i].first, have);
		plan->extra[plan->nr_extra].end = plan->ram[i].end;
		plan->nr_extra++;
	}
	for (i = 0; i <= plan->nr_ram && at < have; i++) {
		end = i < plan->nr_ram ? min(plan->ram[i].first, have) : have;
		if (at < end) {
			first = max(at, min(fixed, end));
			plan->stranded += first - at;
			memplan_fill(plan, &used, first, end);
		}
		if (i < plan->nr_ram)
			at = plan->ram[i].end;
	}
	plan->nr_extra -= used;
	memmove(plan->extra, &plan->extra[used], plan->nr_extra * sizeof(plan->extra[0]));
}

/**
 * memplan_is_ram() - whether the map says so of all of some frames
 * @plan: the plan
 * @first: the first frame
 * @end: the first behind
 *
 * Return: whether.
 */
bool memplan_is_ram(const struct memplan *plan, unsigned long first, unsigned long end)
{
	unsigned int i;

	for (i = 0; i < plan->nr_ram; i++)
		if (plan->ram[i].first <= first && plan->ram[i].end >= end)
			return true;
	return first >= end;
}
