// SPDX-License-Identifier: GPL-2.0
/* A console's number, from its path. */
#include <linux/types.h>

#include "drivers/pvcon/name.h"
#include "test.h"

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
	TEST(device_numbers),
	{ }
};
