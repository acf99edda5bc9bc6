/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists of free grant references.
 *
 * Each reference has a slot, and a list is linked through the slots of its members. A slot
 * belongs to who owns the reference: the list that it is on, under that list's lock, or who
 * has taken it. So lists of different owners are changed at the same time without a common lock.
 *
 * PURE: no locks, no memory of its own.
 */
#ifndef _XENSTORE_LITE_GRANTS_FREELIST_H
#define _XENSTORE_LITE_GRANTS_FREELIST_H

#include <linux/types.h>

/* Ends every list; never a reference. */
#define GREFS_END		((u32)-1)
/* Slots are allocated by chunks of a page. */
#define GREFS_PER_CHUNK		512

/**
 * struct grefs_slot - what is known of one reference
 * @next: the next on its list, or GREFS_END
 * @pfn: the page that is kept until a peer has unmapped it, or GREFS_END
 */
struct grefs_slot {
	u32 next;
	u32 pfn;
};

/**
 * struct grefs_slots - the slots of all references
 * @chunk: pages of slots, in order
 * @end: first reference that has none
 */
struct grefs_slots {
	struct grefs_slot **chunk;
	u32 end;
};

/**
 * struct grefs_list - free references
 * @first: the first, or GREFS_END
 * @count: how many
 */
struct grefs_list {
	u32 first;
	u32 count;
};

#define GREFS_LIST_EMPTY	{ .first = GREFS_END, .count = 0 }

/**
 * grefs_slot() - the slot of a reference
 * @slots: all slots
 * @ref: the reference, less than @slots->end
 *
 * Return: the slot.
 */
static inline struct grefs_slot *grefs_slot(const struct grefs_slots *slots, u32 ref)
{
	return &slots->chunk[ref / GREFS_PER_CHUNK][ref % GREFS_PER_CHUNK];
}

/**
 * grefs_put() - give one reference to a list
 * @slots: all slots
 * @list: the list
 * @ref: the reference
 */
static inline void grefs_put(const struct grefs_slots *slots, struct grefs_list *list, u32 ref)
{
	grefs_slot(slots, ref)->next = list->first;
	list->first = ref;
	list->count++;
}

/**
 * grefs_pop() - take the first reference off a chain
 * @slots: all slots
 * @first: the first of the chain; becomes the second
 *
 * Return: the reference, or GREFS_END when there was none.
 */
static inline u32 grefs_pop(const struct grefs_slots *slots, u32 *first)
{
	u32 ref = *first;

	if (ref != GREFS_END)
		*first = grefs_slot(slots, ref)->next;
	return ref;
}

u32 grefs_take(const struct grefs_slots *slots, struct grefs_list *list, u32 count);
u32 grefs_splice(const struct grefs_slots *slots, struct grefs_list *list, u32 first);
void grefs_move(const struct grefs_slots *slots, struct grefs_list *from, struct grefs_list *to,
		u32 count);
void grefs_add_range(const struct grefs_slots *slots, struct grefs_list *list, u32 first, u32 end);
u32 grefs_take_run(const struct grefs_slots *slots, struct grefs_list *list, u32 count,
		   unsigned long *free);

#endif
