// SPDX-License-Identifier: GPL-2.0
/* Names and numbers of disks, from their virtual-device. */
#include <stdio.h>

#include <linux/kernel.h>
#include <linux/string.h>

#include "drivers/pvblk/vdev.h"
#include "test.h"

#define EXT(disk, part) (1ULL << 28 | (disk) << 8 | (part))
#define OLD(major, minor) ((major) << 8 | (minor))

static const struct {
	u64 vdev;
	int ret;
	unsigned int first, nr;
	const char *name;
} table[] = {
	{ OLD(202, 0), 0, 0, 16, "xvda" },
	{ OLD(202, 16), 0, 16, 16, "xvdb" },
	{ OLD(202, 1), 0, 1, 1, "xvda1" },
	{ OLD(202, 255), 0, 255, 1, "xvdp15" },
	{ EXT(16, 0), 0, 4096, 256, "xvdq" },
	{ EXT(0, 0), 0, 0, 256, "xvda" },
	{ EXT(25, 0), 0, 25 * 256, 256, "xvdz" },
	{ EXT(26, 0), 0, 26 * 256, 256, "xvdaa" },
	{ EXT(26 + 26 * 26 - 1, 0), 0, 701 * 256, 256, "xvdzz" },
	{ EXT(26 + 26 * 26, 0), 0, 702 * 256, 256, "xvdaaa" },
	{ EXT(4095, 255), 0, 4095 * 256 + 255, 1, "xvdfan255" },
	{ EXT(4096, 0), -EINVAL },
	{ EXT(1 << 20, 0) - EXT(0, 0), -EINVAL },
	{ 1ULL << 29, -EINVAL },
	{ U64_MAX, -EINVAL },
	{ OLD(3, 0), 0, 0, 16, "xvda" },		/* hda */
	{ OLD(3, 64), 0, 16, 16, "xvdb" },		/* hdb */
	{ OLD(22, 65), 0, 49, 1, "xvdd1" },		/* hdd1 */
	{ OLD(3, 16), -EINVAL },			/* hda16 */
	{ OLD(3, 128), -EINVAL },
	{ OLD(8, 0), 0, 0, 16, "xvda" },		/* sda */
	{ OLD(65, 0), 0, 256, 16, "xvdq" },		/* sdq */
	{ OLD(71, 240), 0, 127 * 16, 16, "xvddx" },
	{ OLD(128, 0), 0, 128 * 16, 16, "xvddy" },
	{ OLD(135, 240), 0, 255 * 16, 16, "xvdiv" },
	{ OLD(72, 0), -EINVAL },
	{ OLD(136, 0), -EINVAL },
	{ 0, -EINVAL },
};

static void known_answers(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		struct pvblk_place p = { .name = "untouched" };

		EXPECT_EQ(pvblk_place(table[i].vdev, &p), table[i].ret);
		EXPECT_EQ(p.first_minor, table[i].first);
		EXPECT_EQ(p.nr_minors, table[i].nr);
		if (!EXPECT(!strcmp(p.name, table[i].name ?: "untouched")))
			printf("# 0x%llx became %s\n", table[i].vdev, p.name);
	}
}

static void minors_stay_within_the_major(void)
{
	unsigned int named = 0;

	for (u64 vdev = 0; vdev < 1ULL << 29; vdev += 13) {
		struct pvblk_place p;

		if (pvblk_place(vdev, &p))
			continue;
		named++;
		if (!EXPECT(p.nr_minors > 0 &&
			    p.first_minor + p.nr_minors <= 1 << 20 &&
			    strlen(p.name) < sizeof(p.name)))
			return;
	}
	EXPECT(named > 1000);
}

/* The others name emulated drives on an HVM guest. */
static void xvd_is_told_from_hd_and_sd(void)
{
	EXPECT(pvblk_is_xvd(51712));
	EXPECT(pvblk_is_xvd(51727));
	EXPECT(pvblk_is_xvd(1 << 28 | 5 << 8));
	EXPECT(!pvblk_is_xvd(768));
	EXPECT(!pvblk_is_xvd(22 << 8));
	EXPECT(!pvblk_is_xvd(8 << 8));
	EXPECT(!pvblk_is_xvd(65 << 8));
	EXPECT(!pvblk_is_xvd(0));
}

const struct test_case test_cases[] = {
	TEST(xvd_is_told_from_hd_and_sd),
	TEST(known_answers),
	TEST(minors_stay_within_the_major),
	{ }
};
