// SPDX-License-Identifier: GPL-2.0
/* Bytes of programs, whole and cut off at the end of what could be read. */
#include <errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "arch-pv/fsgscode.h"
#include "test.h"

static const struct {
	const char *code;
	unsigned int len;
	int ret;
	struct fsgscode insn;
} rows[] = {
	{ "\xf3\x0f\xae\xc0", 4, 0, { RDFSBASE, false, 0, 4 } },
	{ "\xf3\x0f\xae\xcf", 4, 0, { RDGSBASE, false, 7, 4 } },
	{ "\xf3\x0f\xae\xd1", 4, 0, { WRFSBASE, false, 1, 4 } },
	{ "\xf3\x0f\xae\xdc", 4, 0, { WRGSBASE, false, 4, 4 } },
	{ "\xf3\x48\x0f\xae\xc0", 5, 0, { RDFSBASE, true, 0, 5 } },
	{ "\xf3\x41\x0f\xae\xc0", 5, 0, { RDFSBASE, false, 8, 5 } },
	{ "\xf3\x49\x0f\xae\xdf", 5, 0, { WRGSBASE, true, 15, 5 } },
	{ "\xf3\x4e\x0f\xae\xd3", 5, 0, { WRFSBASE, true, 3, 5 } },	/* R and X say nothing */
	{ "\xf3\x48\x0f\xae\xc0\xc3\xcc\xcc", 8, 0, { RDFSBASE, true, 0, 5 } },
	/* Cut off. */
	{ "", 0, -EAGAIN },
	{ "\xf3", 1, -EAGAIN },
	{ "\xf3\x48", 2, -EAGAIN },
	{ "\xf3\x48\x0f", 3, -EAGAIN },
	{ "\xf3\x48\x0f\xae", 4, -EAGAIN },
	{ "\xf3\x0f", 2, -EAGAIN },
	{ "\xf3\x0f\xae", 3, -EAGAIN },
	/* Cut off, and another instruction already. */
	{ "\x0f", 1, -EINVAL },
	{ "\x48\xf3", 2, -EINVAL },
	{ "\xf3\x0b", 2, -EINVAL },
	{ "\xf3\xf3", 2, -EINVAL },
	{ "\xf3\x48\x48", 3, -EINVAL },
	{ "\xf3\x48\x0f\x0b", 4, -EINVAL },
	{ "\xf3\x0f\x0b", 3, -EINVAL },
	/* Whole, and another instruction. */
	{ "\x0f\x0b\xf3\x0f\xae\xc0", 6, -EINVAL },	/* ud2 */
	{ "\x0f\xae\xe8\x90\x90", 5, -EINVAL },		/* lfence */
	{ "\xf2\x0f\xae\xc0", 4, -EINVAL },
	{ "\x66\xf3\x0f\xae\xc0", 5, -EINVAL },
	{ "\xf3\x0f\xae\xe0", 4, -EINVAL },		/* /4: ptwrite */
	{ "\xf3\x48\x0f\xae\xe8", 5, -EINVAL },		/* /5: incssp */
	{ "\xf3\x0f\xae\x00", 4, -EINVAL },		/* with memory */
	{ "\xf3\x0f\xae\x98", 4, -EINVAL },
};

static void bytes_are_what_the_table_says(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fsgscode got = { 0 };
		int ret = fsgscode_decode((const u8 *)rows[i].code, rows[i].len, &got);

		test_expect(ret == rows[i].ret, __FILE__, __LINE__, "row %u: %d, not %d", i, ret,
			    rows[i].ret);
		if (!ret)
			test_expect(!memcmp(&got, &rows[i].insn, sizeof(got)), __FILE__, __LINE__,
				    "row %u: what %d, wide %d, register %u, length %u", i, got.what,
				    got.wide, got.reg, got.length);
	}
}

/* Each prefix of each of the 4 * 17 * 8 instructions asks for more, and for no byte too many. */
static void every_prefix_asks_for_more(void)
{
	for (unsigned int rex = 0x3f; rex <= 0x4f; rex++)
		for (unsigned int modrm = 0xc0; modrm < 0xe0; modrm++) {
			u8 code[5] = { 0xf3 };
			unsigned int n = 1;
			struct fsgscode insn;

			if (rex >= 0x40)
				code[n++] = rex;
			code[n++] = 0x0f;
			code[n++] = 0xae;
			code[n++] = modrm;
			for (unsigned int len = 0; len < n; len++)
				EXPECT_EQ(fsgscode_decode(code, len, &insn), -EAGAIN);
			EXPECT_EQ(fsgscode_decode(code, n, &insn), 0);
			EXPECT_EQ(insn.length, n);
		}
}

const struct test_case test_cases[] = {
	TEST(bytes_are_what_the_table_says),
	TEST(every_prefix_asks_for_more),
	{ }
};
