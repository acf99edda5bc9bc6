// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvcon/name.h"
#include "test.h"

static void channel_names(void)
{
	static const struct {
		const char *name;
		bool ok;
	} table[] = {
		{ "a", true },
		{ "org.example.console.0", true },
		{ "with blank ~", true },
		{ "", false },
		{ "two\nlines", false },
		{ "\x1b[2J", false },
		{ "\x7f", false },
		{ "caf\xc3\xa9", false },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++)
		if (!EXPECT_EQ(pvcon_name_ok(table[i].name), table[i].ok))
			printf("# the name was '%s'\n", table[i].name);
}

static void channel_name_length(void)
{
	char name[PVCON_NAME_MAX + 2];

	memset(name, 'n', sizeof(name));
	name[PVCON_NAME_MAX] = '\0';
	EXPECT(pvcon_name_ok(name));
	name[PVCON_NAME_MAX] = 'n';
	name[PVCON_NAME_MAX + 1] = '\0';
	EXPECT(!pvcon_name_ok(name));
}

static void device_numbers(void)
{
	u64 n = 4711;

	EXPECT_EQ(pvcon_number("device/console/0", &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(pvcon_number("device/console/10", &n), 0);
	EXPECT_EQ(n, 10);
	EXPECT_EQ(pvcon_number("device/console/11", &n), 0);
	EXPECT_EQ(n, 11);
	EXPECT_EQ(pvcon_number("device/console/51712", &n), 0);
	EXPECT_EQ(n, 51712);

	n = 4711;
	EXPECT(pvcon_number("device/console/", &n) < 0);
	EXPECT(pvcon_number("device/console/1x", &n) < 0);
	EXPECT(pvcon_number("device/console/-1", &n) < 0);
	EXPECT(pvcon_number("5", &n) < 0);
	EXPECT_EQ(n, 4711);
}

const struct test_case test_cases[] = {
	TEST(channel_names),
	TEST(channel_name_length),
	TEST(device_numbers),
	{ }
};
