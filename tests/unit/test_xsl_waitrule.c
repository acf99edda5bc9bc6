// SPDX-License-Identifier: GPL-2.0
/* How long the boot waits for devices. */
#include <linux/kernel.h>

#include "test.h"
#include "xenstore-lite/bus/waitrule.h"

static const struct row {
	struct xsl_wait now;
	bool more;
} rows[] = {
	/* The root disk is there: nothing else counts. */
	{ { .mounts = true, .root = true, .coming = 3, .at_work = 3, .connected = 1 }, false },
	{ { .root = true, .at_work = 1 }, false },
	/* It is not, while an interface is connected, and its backend is slow. */
	{ { .mounts = true, .coming = 1, .connected = 1, .total = 60000, .quiet = 60000 }, true },
	{ { .mounts = true, .coming = 1, .total = 299999, .quiet = 299999 }, true },
	{ { .mounts = true, .coming = 1, .total = 300000 }, false },
	/* No disk comes any more, whatever else is at work. */
	{ { .mounts = true, .coming = 0, .at_work = 2, .connected = 1 }, false },
	/* Nobody knows what is needed. */
	{ { .at_work = 1, .connected = 1, .quiet = 999, .total = 100000 }, true },
	{ { .at_work = 1, .connected = 1, .quiet = 1000 }, false },
	{ { .at_work = 1, .quiet = 29999, .total = 29999 }, true },
	{ { .at_work = 1, .total = 30000 }, false },
	{ { .coming = 5, .connected = 0 }, false },
	{ { .connected = 4 }, false },
};

static void waits_for_what_is_needed(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(xsl_wait_more(&rows[i].now), rows[i].more);
}

static void knows_which_disk_is_named(void)
{
	EXPECT(xsl_wait_names_disk("/dev/xvda1"));
	EXPECT(xsl_wait_names_disk("/dev/nvme0n1p1"));
	EXPECT(xsl_wait_names_disk("PARTUUID=0123-01"));
	EXPECT(xsl_wait_names_disk("PARTLABEL=root"));
	EXPECT(!xsl_wait_names_disk(""));
	EXPECT(!xsl_wait_names_disk("/dev/nfs"));
	EXPECT(!xsl_wait_names_disk("/dev/ram0"));
	EXPECT(!xsl_wait_names_disk("UUID=0123"));
	EXPECT(!xsl_wait_names_disk("202:1"));
	EXPECT(!xsl_wait_names_disk("ubi0:root"));
}

const struct test_case test_cases[] = {
	TEST(waits_for_what_is_needed),
	TEST(knows_which_disk_is_named),
	{ }
};
