// SPDX-License-Identifier: GPL-2.0
/* Names and texts of the reasons for which a connection is broken off. */
#include <linux/string.h>
#include <pv/reason.h>

#include "test.h"

/* Counters in debugfs and fields of traces are split at blanks. */
static void names_differ_and_have_no_blanks(void)
{
	for (int i = 0; i < PVFRONT_NR_REASONS; i++) {
		const char *name = pvfront_reason_name(i);

		EXPECT(strlen(name) > 1 && strlen(name) < 12);
		EXPECT(!strpbrk(name, " \t\n%"));
		for (int j = 0; j < i; j++)
			EXPECT(strcmp(name, pvfront_reason_name(j)));
	}
}

static void texts_differ(void)
{
	for (int i = 0; i < PVFRONT_NR_REASONS; i++)
		for (int j = 0; j < i; j++)
			EXPECT(strcmp(pvfront_reason_text(i), pvfront_reason_text(j)));
}

static void what_is_no_reason_is_said_so(void)
{
	EXPECT(!strcmp(pvfront_reason_name(PVFRONT_NR_REASONS), "?"));
	EXPECT(!strcmp(pvfront_reason_name(-1), "?"));
	EXPECT(!strcmp(pvfront_reason_text(PVFRONT_NR_REASONS), "?"));
	EXPECT(!strcmp(pvfront_reason_text(-1), "?"));
}

const struct test_case test_cases[] = {
	TEST(names_differ_and_have_no_blanks),
	TEST(texts_differ),
	TEST(what_is_no_reason_is_said_so),
	{ }
};
