// SPDX-License-Identifier: GPL-2.0
/* Numbers and texts of the store. */
#include <stdio.h>

#include <linux/kernel.h>
#include <pv/keyparse.h>

#include "test.h"

#define UNTOUCHED 4711

static const struct {
	const char *text;
	u64 min, max;
	int ret;
	u64 value;
} table[] = {
	{ "0", 0, U64_MAX, 0, 0 },
	{ "1", 1, 1, 0, 1 },
	{ "256", 0, 256, 0, 256 },
	{ "0007", 0, 10, 0, 7 },
	{ "18446744073709551615", 0, U64_MAX, 0, U64_MAX },
	{ "18446744073709551616", 0, U64_MAX, -ERANGE },
	{ "18446744073709551620", 0, U64_MAX, -ERANGE },
	{ "99999999999999999999999999", 0, U64_MAX, -ERANGE },
	{ "0", 1, 4, -ERANGE },
	{ "5", 1, 4, -ERANGE },
	{ "4", 5, 3, -ERANGE },
	{ "", 0, U64_MAX, -EINVAL },
	{ "-1", 0, U64_MAX, -EINVAL },
	{ "+1", 0, U64_MAX, -EINVAL },
	{ " 1", 0, U64_MAX, -EINVAL },
	{ "1 ", 0, U64_MAX, -EINVAL },
	{ "1\n", 0, U64_MAX, -EINVAL },
	{ "0x10", 0, U64_MAX, -EINVAL },
	{ "1.5", 0, U64_MAX, -EINVAL },
	{ "\xb1", 0, U64_MAX, -EINVAL },
	{ "/:", 0, U64_MAX, -EINVAL },
};

static void known_answers(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		u64 got = UNTOUCHED;
		int ret = pvfront_parse_u64(table[i].text, table[i].min, table[i].max, &got);

		if (!EXPECT_EQ(ret, table[i].ret) ||
		    !EXPECT_EQ(got, table[i].ret ? UNTOUCHED : table[i].value))
			printf("# the text was '%s'\n", table[i].text);
	}
}

static void printed_numbers_come_back(void)
{
	u64 value = U64_MAX;

	for (int i = 0; i < 64; i++, value = value / 2 - i % 2) {
		char text[24];
		u64 got = UNTOUCHED;

		snprintf(text, sizeof(text), "%llu", value);
		EXPECT_EQ(pvfront_parse_u64(text, value, value, &got), 0);
		EXPECT_EQ(got, value);
		if (!value)
			break;
	}
}

static void texts_are_printable(void)
{
	static const struct {
		const char *text;
		u64 min, max;
		int ret;
	} table[] = {
		{ "a", 1, 255, 0 },
		{ "org.example.console.0", 1, 255, 0 },
		{ "with blank ~", 1, 255, 0 },
		{ "", 0, 0, 0 },
		{ "", 1, 255, -ERANGE },
		{ "abc", 3, 3, 0 },
		{ "abc", 4, 4, -ERANGE },
		{ "abc", 1, 2, -ERANGE },
		{ "two\nlines", 1, 255, -EINVAL },
		{ "\x1b[2J", 1, 255, -EINVAL },
		{ "\x7f", 1, 255, -EINVAL },
		{ "caf\xc3\xa9", 1, 255, -EINVAL },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++)
		if (!EXPECT_EQ(pvfront_check_text(table[i].text, table[i].min, table[i].max),
			       table[i].ret))
			printf("# the text was '%s'\n", table[i].text);
}

const struct test_case test_cases[] = {
	TEST(known_answers),
	TEST(printed_numbers_come_back),
	TEST(texts_are_printable),
	{ }
};
