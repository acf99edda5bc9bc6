// SPDX-License-Identifier: GPL-2.0
/* Memory maps as toolstacks make them and might, against what becomes of their frames. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "arch-pv/memplan.h"
#include "test.h"

#define MAX_ROWS	6
#define MB(n)		((n) * 256UL)
#define NO_LIMIT	(~0UL)

static const struct row {
	const char *name;
	struct memplan_span map[MAX_ROWS];
	unsigned long have, fixed, limit;
	unsigned long most;	/* 0: any number */
	struct memplan_span ram[MAX_ROWS];
	struct memplan_span extra[MAX_ROWS];
	struct memplan_move moves[MAX_ROWS];
	unsigned long end, beyond, high, stranded;
} rows[] = {
	{
		.name = "as much as maxmem",
		.map = { { 0, MB(256) } },
		.have = MB(256), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(256) } },
		.end = MB(256),
	}, {
		.name = "less than maxmem",
		.map = { { 0, MB(1024) } },
		.have = MB(256), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(1024) } },
		.extra = { { MB(256), MB(1024) } },
		.end = MB(1024),
	}, {
		.name = "too much maxmem",
		.map = { { 0, MB(4096) } },
		.have = MB(256), .fixed = MB(32), .limit = NO_LIMIT, .most = MB(2816),
		.ram = { { 0, MB(2816) } },
		.extra = { { MB(256), MB(2816) } },
		.end = MB(2816), .beyond = MB(1280),
	}, {
		.name = "a small guest with e820_host=1: a hole is no memory",
		.map = { { 0, MB(256) }, { MB(4096), MB(4864) } },
		.have = MB(256), .fixed = MB(32), .limit = MB(16384), .most = MB(2816),
		.ram = { { 0, MB(256) }, { MB(4096), MB(4864) } },
		.extra = { { MB(4096), MB(4864) } },
		.end = MB(4864),
	}, {
		.name = "the same, unsorted and with too much maxmem",
		.map = { { MB(4096), MB(8192) }, { 0, MB(256) } },
		.have = MB(256), .fixed = MB(32), .limit = MB(16384), .most = MB(2816),
		.ram = { { 0, MB(256) }, { MB(4096), MB(6656) } },
		.extra = { { MB(4096), MB(6656) } },
		.end = MB(6656), .beyond = MB(1536),
	}, {
		.name = "too much in three entries: the last goes, another is cut",
		.map = { { 0, MB(100) }, { MB(200), MB(300) }, { MB(400), MB(500) } },
		.have = MB(150), .fixed = MB(32), .limit = NO_LIMIT, .most = MB(160),
		.ram = { { 0, MB(100) }, { MB(200), MB(260) } },
		.extra = { { MB(250), MB(260) } },
		.moves = { { MB(100), MB(200), MB(50) } },
		.end = MB(260), .beyond = MB(140),
	}, {
		.name = "all of an entry too high",
		.map = { { 0, MB(32) }, { MB(4096), MB(4128) } },
		.have = MB(32), .fixed = MB(16), .limit = MB(2048), .most = MB(352),
		.ram = { { 0, MB(32) } },
		.end = MB(32), .high = MB(32),
	}, {
		.name = "a part of an entry too high",
		.map = { { 0, MB(32) }, { MB(2016), MB(2080) } },
		.have = MB(32), .fixed = MB(16), .limit = MB(2048), .most = MB(352),
		.ram = { { 0, MB(32) }, { MB(2016), MB(2048) } },
		.extra = { { MB(2016), MB(2048) } },
		.end = MB(2048), .high = MB(32),
	}, {
		.name = "the hole of a PC, e820_host=1",
		.map = { { 0, MB(3072) }, { MB(4096), MB(5120) } },
		.have = MB(4096), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(3072) }, { MB(4096), MB(5120) } },
		.moves = { { MB(3072), MB(4096), MB(1024) } },
		.end = MB(5120),
	}, {
		.name = "the same, unsorted",
		.map = { { MB(4096), MB(5120) }, { 0, MB(3072) } },
		.have = MB(4096), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(3072) }, { MB(4096), MB(5120) } },
		.moves = { { MB(3072), MB(4096), MB(1024) } },
		.end = MB(5120),
	}, {
		.name = "the same with maxmem above",
		.map = { { MB(4096), MB(9216) }, { 0, MB(3072) } },
		.have = MB(4096), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(3072) }, { MB(4096), MB(9216) } },
		.extra = { { MB(5120), MB(9216) } },
		.moves = { { MB(3072), MB(4096), MB(1024) } },
		.end = MB(9216),
	}, {
		.name = "a hole that only the balloon would have reached",
		.map = { { 0, MB(3072) }, { MB(4096), MB(5120) } },
		.have = MB(2048), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(3072) }, { MB(4096), MB(5120) } },
		.extra = { { MB(2048), MB(3072) }, { MB(4096), MB(5120) } },
		.end = MB(5120),
	}, {
		.name = "two holes, moved across two entries",
		.map = { { MB(400), MB(450) }, { 0, MB(100) }, { MB(200), MB(300) },
			 { MB(500), MB(600) } },
		.have = MB(350), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(100) }, { MB(200), MB(300) }, { MB(400), MB(450) },
			 { MB(500), MB(600) } },
		.moves = { { MB(100), MB(400), MB(50) }, { MB(150), MB(500), MB(50) },
			   { MB(300), MB(550), MB(50) } },
		.end = MB(600),
	}, {
		.name = "no room for all of a hole",
		.map = { { 0, MB(100) }, { MB(200), MB(260) } },
		.have = MB(220), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(100) }, { MB(200), MB(260) } },
		.moves = { { MB(100), MB(220), MB(40) } },
		.end = MB(260), .stranded = MB(60),
	}, {
		.name = "the map ends before what is populated",
		.map = { { 0, MB(200) } },
		.have = MB(256), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(200) } },
		.end = MB(200), .stranded = MB(56),
	}, {
		.name = "holes in what is fixed, and across its end",
		.map = { { 0, 0x9f }, { 0x100, MB(16) }, { MB(48), MB(300) } },
		.have = MB(256), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, 0x9f }, { 0x100, MB(16) }, { MB(48), MB(300) } },
		.extra = { { MB(272), MB(300) } },
		.moves = { { MB(32), MB(256), MB(16) } },
		.end = MB(300), .stranded = 0x61 + MB(16),
	}, {
		.name = "entries that touch, overlap, repeat and are empty",
		.map = { { MB(64), MB(128) }, { 0, MB(64) }, { MB(100), MB(200) },
			 { MB(64), MB(128) }, { MB(300), MB(300) }, { MB(500), MB(400) } },
		.have = MB(128), .fixed = MB(32), .limit = NO_LIMIT,
		.ram = { { 0, MB(200) } },
		.extra = { { MB(128), MB(200) } },
		.end = MB(200),
	}, {
		.name = "an entry that joins others",
		.map = { { 0, MB(10) }, { MB(20), MB(30) }, { MB(40), MB(50) }, { MB(60), MB(70) },
			 { MB(5), MB(45) } },
		.have = MB(70), .fixed = 0, .limit = NO_LIMIT,
		.ram = { { 0, MB(50) }, { MB(60), MB(70) } },
		.end = MB(70), .stranded = MB(10),
	}, {
		.name = "nothing",
		.have = 16, .fixed = 4, .limit = NO_LIMIT,
		.stranded = 16,
	},
};

static struct memplan plan;

/* The numbers behind the last one of a row are zeros, in the plan not looked at. */
static bool same(const void *got, unsigned int n, const void *want, unsigned int max, size_t size)
{
	static const char zeros[sizeof(struct memplan_move)];

	return n <= max && !memcmp(got, want, n * size) &&
	       (n == max || !memcmp((const char *)want + n * size, zeros, size));
}

static void maps_become_what_the_table_says(void)
{
	for (const struct row *row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		memset(&plan, 0, sizeof(plan));
		for (unsigned int i = 0; i < MAX_ROWS; i++)
			memplan_add(&plan, row->map[i].first, row->map[i].end, row->limit);
		memplan_make(&plan, row->have, row->fixed, row->most ?: NO_LIMIT);
		test_expect(same(plan.ram, plan.nr_ram, row->ram, MAX_ROWS, sizeof(*plan.ram)),
			    __FILE__, __LINE__, "%s: other memory", row->name);
		test_expect(same(plan.extra, plan.nr_extra, row->extra, MAX_ROWS,
				 sizeof(*plan.extra)),
			    __FILE__, __LINE__, "%s: other frames for the balloon", row->name);
		test_expect(same(plan.moves, plan.nr_moves, row->moves, MAX_ROWS,
				 sizeof(*plan.moves)),
			    __FILE__, __LINE__, "%s: other moves", row->name);
		test_expect(plan.end == row->end && plan.beyond == row->beyond &&
			    plan.high == row->high && plan.stranded == row->stranded,
			    __FILE__, __LINE__,
			    "%s: end %#lx, beyond %#lx, high %#lx, stranded %#lx", row->name,
			    plan.end, plan.beyond, plan.high, plan.stranded);
	}
}

/* Any map: each populated frame is memory, moved or stranded, and no frame has two uses. */
static void no_frame_is_lost_or_used_twice(void)
{
	enum { FRAMES = 4096 };
	static unsigned char use[FRAMES];
	unsigned int seed = 1;

	for (unsigned int round = 0; round < 300; round++) {
		unsigned long have = 1024, fixed = 64, populated = 0, counted = 0, n;
		unsigned long most = round % 3 ? NO_LIMIT : 700 + round, memory = 0;

		memset(&plan, 0, sizeof(plan));
		memset(use, 0, sizeof(use));
		for (unsigned int i = 0; i < round % 150; i++) {
			unsigned long first;

			seed = seed * 1103515245 + 12345;
			first = seed >> 16 & (FRAMES - 1);
			seed = seed * 1103515245 + 12345;
			memplan_add(&plan, first, first + (seed >> 20) % 40, FRAMES);
		}
		memplan_make(&plan, have, fixed, most);
		for (unsigned int i = 0; i < plan.nr_ram; i++)
			for (n = plan.ram[i].first; n < plan.ram[i].end; n++) {
				EXPECT_EQ(use[n], 0);
				use[n] = 1;
				populated += n < have;
				memory++;
			}
		EXPECT(memory <= most);
		for (unsigned int i = 0; i < plan.nr_extra; i++)
			for (n = plan.extra[i].first; n < plan.extra[i].end; n++) {
				EXPECT_EQ(use[n], 1);
				use[n] = 2;
			}
		for (unsigned int i = 0; i < plan.nr_moves; i++)
			for (n = 0; n < plan.moves[i].count; n++) {
				EXPECT_EQ(use[plan.moves[i].from + n], 0);
				EXPECT(plan.moves[i].from >= fixed);
				EXPECT(plan.moves[i].from + n < have);
				use[plan.moves[i].from + n] = 3;
				EXPECT_EQ(use[plan.moves[i].to + n], 1);
				EXPECT(plan.moves[i].to >= have);
				use[plan.moves[i].to + n] = 2;
				counted++;
			}
		EXPECT_EQ(populated + counted + plan.stranded, have);
		/* What is memory and not populated is the balloon's, or was moved to. */
		for (n = have; n < FRAMES; n++)
			EXPECT(use[n] != 1);
	}
}

static void more_entries_than_fit_are_counted(void)
{
	memset(&plan, 0, sizeof(plan));
	for (unsigned long i = 0; i < MEMPLAN_SPANS + 2; i++)
		memplan_add(&plan, 4 * i, 4 * i + 2, NO_LIMIT);
	EXPECT_EQ(plan.nr_ram, MEMPLAN_SPANS);
	EXPECT_EQ(plan.high, 4);
	/* Each hole is moved to an entry of its own size, so no move is in two. */
	memplan_make(&plan, 2 * MEMPLAN_SPANS, 0, NO_LIMIT);
	EXPECT_EQ(plan.end, 4 * (MEMPLAN_SPANS - 1) + 2);
	EXPECT_EQ(plan.nr_moves, MEMPLAN_SPANS / 2);
	EXPECT_EQ(plan.stranded, 0);
	EXPECT_EQ(plan.nr_extra, 0);
}

static void frames_are_memory_only_when_all_are(void)
{
	memset(&plan, 0, sizeof(plan));
	memplan_add(&plan, 10, 20, NO_LIMIT);
	memplan_add(&plan, 30, 40, NO_LIMIT);
	EXPECT(memplan_is_ram(&plan, 10, 20));
	EXPECT(memplan_is_ram(&plan, 31, 32));
	EXPECT(memplan_is_ram(&plan, 25, 25));
	EXPECT(!memplan_is_ram(&plan, 9, 20));
	EXPECT(!memplan_is_ram(&plan, 10, 21));
	EXPECT(!memplan_is_ram(&plan, 15, 35));
	EXPECT(!memplan_is_ram(&plan, 20, 30));
}

const struct test_case test_cases[] = {
	TEST(maps_become_what_the_table_says),
	TEST(no_frame_is_lost_or_used_twice),
	TEST(more_entries_than_fit_are_counted),
	TEST(frames_are_memory_only_when_all_are),
	{ }
};
