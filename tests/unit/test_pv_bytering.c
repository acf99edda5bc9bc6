// SPDX-License-Identifier: GPL-2.0
/* Two ends of one byte ring, of any size, and a far end that lies. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <pv/bytering.h>
#include "test.h"

static const u32 starts[] = { 0, 7, 0x80000000, 0xfffffff9, 0xffffffff };
static const u32 sizes[] = { 1, 2, 16, 1024 };

/* One byte more than the ring: it must stay as it is. */
static char bytes[1024 + 1];
static u32 prod, cons;
static struct pv_bytering writer, reader;

static void begin(u32 size, u32 at)
{
	struct pv_bytering end = { .bytes = bytes, .size = size, .index = at };

	prod = at;
	cons = at;
	writer = end;
	writer.ours = &prod;
	writer.theirs = &cons;
	reader = end;
	reader.ours = &cons;
	reader.theirs = &prod;
	memset(bytes, 'Z', sizeof(bytes));
}

static void every_byte_arrives_once_and_in_order(u32 size, u32 at)
{
	unsigned int sent = 0, got = 0, left, round;

	begin(size, at);
	for (round = 0; got < 4 * size + 5 && round < 10000; round++) {
		char piece[40], back[40];
		unsigned int i, len = round * 7 % sizeof(piece);
		int n;

		for (i = 0; i < len; i++)
			piece[i] = (char)(sent + i);
		n = pv_bytering_write(&writer, piece, len);
		EXPECT_EQ(n, min_t(u32, len, size - (sent - got)));
		sent += n;
		EXPECT_EQ(pv_bytering_unsent(&writer, cons), sent - got);
		n = pv_bytering_read(&reader, back, round * 5 % sizeof(back), &left);
		EXPECT_EQ(n, min_t(u32, round * 5 % sizeof(back), sent - got));
		for (i = 0; (int)i < n; i++)
			if (!EXPECT_EQ(back[i], (char)(got + i)))
				return;
		got += n;
		EXPECT_EQ(left, sent - got);
		EXPECT_EQ(bytes[size], 'Z');
	}
	EXPECT(got >= 4 * size + 5);
}

static void carries_bytes_at_every_size_and_index(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(sizes); s++)
		for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++)
			every_byte_arrives_once_and_in_order(sizes[s], starts[i]);
}

static void impossible_indices_change_nothing(void)
{
	static const u32 lies[] = { 17, 18, 0x80000000, 0xffffffff };

	for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++) {
		for (unsigned int l = 0; l < ARRAY_SIZE(lies); l++) {
			unsigned int left = 99;
			char byte = 'z';

			begin(16, starts[i]);
			prod = starts[i] + lies[l];
			EXPECT_EQ(pv_bytering_read(&reader, &byte, 1, &left), -EPROTO);
			EXPECT_EQ(byte, 'z');
			EXPECT_EQ(left, 99);
			EXPECT_EQ(cons, starts[i]);

			begin(16, starts[i]);
			cons = starts[i] - lies[l];
			EXPECT_EQ(pv_bytering_write(&writer, &byte, 1), -EPROTO);
			EXPECT_EQ(prod, starts[i]);
			EXPECT_EQ(bytes[starts[i] % 16], 'Z');
		}
	}
}

static void our_own_index_in_the_page_is_not_believed(void)
{
	unsigned int left;
	char got[4];

	begin(16, 0xffffffff);
	EXPECT_EQ(pv_bytering_write(&writer, "ab", 2), 2);
	prod = 1234;
	EXPECT_EQ(pv_bytering_write(&writer, "cd", 2), 2);
	EXPECT_EQ(prod, 3);
	cons = 4321;
	EXPECT_EQ(pv_bytering_read(&reader, got, 4, &left), 4);
	EXPECT(!memcmp(got, "abcd", 4));
	EXPECT_EQ(cons, 3);
}

const struct test_case test_cases[] = {
	TEST(carries_bytes_at_every_size_and_index),
	TEST(impossible_indices_change_nothing),
	TEST(our_own_index_in_the_page_is_not_believed),
	{ }
};
