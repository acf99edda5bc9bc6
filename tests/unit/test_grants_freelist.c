// SPDX-License-Identifier: GPL-2.0
/* Lists of grant references: none is lost, none is twice anywhere, whatever is done to them. */
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "xenstore-lite/grants/freelist.h"
#include "test.h"

#define CHUNKS	3
#define REFS	(CHUNKS * GREFS_PER_CHUNK)
#define LISTS	4
#define WORDS	DIV_ROUND_UP(REFS, 64)

static struct grefs_slot memory[CHUNKS][GREFS_PER_CHUNK];
static struct grefs_slot *chunks[CHUNKS] = { memory[0], memory[1], memory[2] };
static struct grefs_slots slots = { .chunk = chunks, .end = REFS };

static struct grefs_list new_list(u32 first, u32 end)
{
	struct grefs_list list = GREFS_LIST_EMPTY;

	grefs_add_range(&slots, &list, first, end);
	return list;
}

/* Members counted by walking; REFS + 1 when it does not end. */
static u32 walk(u32 ref)
{
	u32 count = 0;

	for (; ref != GREFS_END && count <= REFS; ref = grefs_slot(&slots, ref)->next)
		count++;
	return count;
}

static void gives_references_in_their_order(void)
{
	struct grefs_list list = new_list(8, 20);
	u32 ref, first = grefs_take(&slots, &list, 12);

	EXPECT_EQ(list.count, 0);
	EXPECT_EQ(list.first, GREFS_END);
	for (ref = 8; ref < 20; ref++)
		EXPECT_EQ(grefs_pop(&slots, &first), ref);
	EXPECT_EQ(grefs_pop(&slots, &first), GREFS_END);
}

static void takes_all_or_nothing(void)
{
	struct grefs_list list = new_list(8, 20);

	EXPECT_EQ(grefs_take(&slots, &list, 13), GREFS_END);
	EXPECT_EQ(grefs_take(&slots, &list, 0), GREFS_END);
	EXPECT_EQ(list.count, 12);
	EXPECT_EQ(walk(grefs_take(&slots, &list, 5)), 5);
	EXPECT_EQ(list.count, 7);
	EXPECT_EQ(walk(list.first), 7);
}

static void splices_a_chain(void)
{
	struct grefs_list list = new_list(8, 20), other = new_list(100, 103);

	EXPECT_EQ(grefs_splice(&slots, &list, other.first), 3);
	EXPECT_EQ(list.count, 15);
	EXPECT_EQ(walk(list.first), 15);
	EXPECT_EQ(list.first, 100);
	EXPECT_EQ(grefs_splice(&slots, &list, GREFS_END), 0);
	EXPECT_EQ(walk(list.first), 15);
}

static void moves_what_there_is(void)
{
	struct grefs_list from = new_list(8, 20), to = new_list(100, 103);

	grefs_move(&slots, &from, &to, 4);
	EXPECT_EQ(from.count, 8);
	EXPECT_EQ(walk(from.first), 8);
	EXPECT_EQ(from.first, 12);
	EXPECT_EQ(to.count, 7);
	EXPECT_EQ(walk(to.first), 7);
	EXPECT_EQ(to.first, 8);

	grefs_move(&slots, &from, &to, 1000);
	EXPECT_EQ(from.count, 0);
	EXPECT_EQ(from.first, GREFS_END);
	EXPECT_EQ(to.count, 15);
	EXPECT_EQ(walk(to.first), 15);

	grefs_move(&slots, &from, &to, 1);
	EXPECT_EQ(walk(to.first), 15);
}

static void finds_a_run(void)
{
	struct grefs_list list = new_list(8, 12);
	unsigned long bits[WORDS];

	/* 8-11 and 60-69, over the end of a word, and 600. */
	grefs_add_range(&slots, &list, 600, 601);
	grefs_add_range(&slots, &list, 60, 70);
	EXPECT_EQ(grefs_take_run(&slots, &list, 11, bits), GREFS_END);
	EXPECT_EQ(list.count, 15);
	EXPECT_EQ(grefs_take_run(&slots, &list, 10, bits), 60);
	EXPECT_EQ(list.count, 5);
	EXPECT_EQ(walk(list.first), 5);
	EXPECT_EQ(grefs_take_run(&slots, &list, 3, bits), 8);
	EXPECT_EQ(walk(list.first), 2);
	EXPECT_EQ(grefs_take_run(&slots, &list, 2, bits), GREFS_END);
	EXPECT_EQ(grefs_take_run(&slots, &list, 1, bits), 11);
	EXPECT_EQ(list.first, 600);
	EXPECT_EQ(grefs_take_run(&slots, &list, 0, bits), GREFS_END);
}

/* Owners: 0 nobody seen, else the list's or the holder's number. */
static bool each_has_one_owner(const struct grefs_list *lists, const u8 *held)
{
	u8 owners[REFS] = { };
	u32 ref;
	int i;

	for (i = 0; i < LISTS; i++) {
		if (walk(lists[i].first) != lists[i].count)
			return false;
		for (ref = lists[i].first; ref != GREFS_END; ref = grefs_slot(&slots, ref)->next)
			owners[ref]++;
	}
	for (ref = 0; ref < REFS; ref++) {
		if (owners[ref] + held[ref] != 1)
			return false;
	}
	return true;
}

static void keeps_one_owner_each(void)
{
	struct grefs_list lists[LISTS] = { new_list(0, REFS), GREFS_LIST_EMPTY, GREFS_LIST_EMPTY,
					   GREFS_LIST_EMPTY };
	u32 chains[64], ref, first, n = 0;
	unsigned long bits[WORDS];
	u8 held[REFS] = { };
	int step;

	srand(1);
	for (step = 0; step < 20000; step++) {
		struct grefs_list *a = &lists[rand() % LISTS], *b = &lists[rand() % LISTS];
		u32 count = rand() % 80, i;

		switch (rand() % 4) {
		case 0:
			if (n == ARRAY_SIZE(chains))
				break;
			first = grefs_take(&slots, a, count);
			if (first == GREFS_END)
				break;
			for (ref = first; ref != GREFS_END; ref = grefs_slot(&slots, ref)->next)
				held[ref]++;
			chains[n++] = first;
			break;
		case 1:
			if (!n)
				break;
			first = chains[--n];
			for (ref = first; ref != GREFS_END; ref = grefs_slot(&slots, ref)->next)
				held[ref]--;
			grefs_splice(&slots, a, first);
			break;
		case 2:
			if (a != b)
				grefs_move(&slots, a, b, count);
			break;
		default:
			count %= 9;
			first = grefs_take_run(&slots, a, count, bits);
			if (first == GREFS_END)
				break;
			for (i = 0; i < count; i++)
				grefs_put(&slots, b, first + i);
		}
		if (!EXPECT(each_has_one_owner(lists, held)))
			return;
	}
}

const struct test_case test_cases[] = {
	TEST(gives_references_in_their_order),
	TEST(takes_all_or_nothing),
	TEST(splices_a_chain),
	TEST(moves_what_there_is),
	TEST(finds_a_run),
	TEST(keeps_one_owner_each),
	{ }
};
