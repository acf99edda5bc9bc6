// SPDX-License-Identifier: GPL-2.0
/* Lists of free grant references: taken, given back, moved and searched. PURE. */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "freelist.h"

/* The member @count places from the front, 1 for the first. */
static u32 grefs_nth(const struct grefs_slots *slots, const struct grefs_list *list, u32 count)
{
	u32 ref = list->first;

	while (--count)
		ref = grefs_slot(slots, ref)->next;
	return ref;
}

/**
 * grefs_take() - take references off a list
 * @slots: all slots
 * @list: the list
 * @count: how many
 *
 * Return: the first of a chain of @count that ends with GREFS_END, or GREFS_END when the list
 * has fewer, and then none is taken.
 */
u32 grefs_take(const struct grefs_slots *slots, struct grefs_list *list, u32 count)
{
	struct grefs_slot *last;
	u32 first = list->first;

	if (!count || list->count < count)
		return GREFS_END;
	last = grefs_slot(slots, grefs_nth(slots, list, count));
	list->first = last->next;
	list->count -= count;
	last->next = GREFS_END;
	return first;
}

/**
 * grefs_splice() - give a chain of references to a list
 * @slots: all slots
 * @list: the list
 * @first: the first of the chain, or GREFS_END
 *
 * Return: how many there were.
 */
u32 grefs_splice(const struct grefs_slots *slots, struct grefs_list *list, u32 first)
{
	u32 ref = first, count = 1;

	if (first == GREFS_END)
		return 0;
	while (grefs_slot(slots, ref)->next != GREFS_END) {
		ref = grefs_slot(slots, ref)->next;
		count++;
	}
	grefs_slot(slots, ref)->next = list->first;
	list->first = first;
	list->count += count;
	return count;
}

/**
 * grefs_move() - move references from one list to another
 * @slots: all slots
 * @from: the list that has them
 * @to: the list that gets them
 * @count: how many at most
 */
void grefs_move(const struct grefs_slots *slots, struct grefs_list *from, struct grefs_list *to,
		u32 count)
{
	struct grefs_slot *last;
	u32 first = from->first;

	if (count > from->count)
		count = from->count;
	if (!count)
		return;
	last = grefs_slot(slots, grefs_nth(slots, from, count));
	from->first = last->next;
	last->next = to->first;
	to->first = first;
	from->count -= count;
	to->count += count;
}

/**
 * grefs_add_range() - give new references to a list
 * @slots: all slots
 * @list: the list
 * @first: the first reference
 * @end: the first that is not one of them
 *
 * They come off the list again in their order.
 */
void grefs_add_range(const struct grefs_slots *slots, struct grefs_list *list, u32 first, u32 end)
{
	while (end > first)
		grefs_put(slots, list, --end);
}

/* The first of @count free references in a row, or GREFS_END. */
static u32 grefs_find_run(const struct grefs_slots *slots, u32 count, const unsigned long *free)
{
	u32 ref, run = 0;

	for (ref = 0; ref < slots->end; ref++) {
		run = free[ref / BITS_PER_LONG] & (1UL << ref % BITS_PER_LONG) ? run + 1 : 0;
		if (run == count)
			return ref + 1 - count;
	}
	return GREFS_END;
}

/**
 * grefs_take_run() - take references with adjacent numbers off a list
 * @slots: all slots
 * @list: the list
 * @count: how many
 * @free: room for one bit of each slot
 *
 * Walks the whole list twice: for callers that are few.
 *
 * Return: the first reference, or GREFS_END when the list has no such run.
 */
u32 grefs_take_run(const struct grefs_slots *slots, struct grefs_list *list, u32 count,
		   unsigned long *free)
{
	u32 ref, first, *link = &list->first;

	if (!count || list->count < count)
		return GREFS_END;
	memset(free, 0, DIV_ROUND_UP(slots->end, BITS_PER_LONG) * sizeof(*free));
	for (ref = list->first; ref != GREFS_END; ref = grefs_slot(slots, ref)->next)
		free[ref / BITS_PER_LONG] |= 1UL << ref % BITS_PER_LONG;
	first = grefs_find_run(slots, count, free);
	if (first == GREFS_END)
		return GREFS_END;

	while (*link != GREFS_END) {
		struct grefs_slot *slot = grefs_slot(slots, *link);

		if (*link - first < count)
			*link = slot->next;
		else
			link = &slot->next;
	}
	list->count -= count;
	return first;
}
