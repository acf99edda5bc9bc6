// SPDX-License-Identifier: GPL-2.0
/* The kernel's idea of Xen's ABI against Xen's own. */
#include <string.h>

#include "hypercall_abi.h"
#include "test.h"

static void both_sides_agree(void)
{
	const struct abi_row *ours = abi_kernel, *theirs = abi_xen;

	for (; ours->name && theirs->name; ours++, theirs++) {
		test_expect(ours->size == theirs->size, __FILE__, __LINE__,
			    "%s has %zu bytes, %zu in Xen's headers", ours->name, ours->size,
			    theirs->size);
		test_expect(ours->value == theirs->value, __FILE__, __LINE__,
			    "%s is at or is %#lx, %#lx in Xen's headers", ours->name, ours->value,
			    theirs->value);
	}
	EXPECT(!ours->name && !theirs->name);
}

const struct test_case test_cases[] = {
	TEST(both_sides_agree),
	{ }
};
