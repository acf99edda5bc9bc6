// SPDX-License-Identifier: GPL-2.0
/* A console's number, from its path in the store. PURE. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#include <pv/keyparse.h>

#include "name.h"

int pvcon_number(const char *nodename, u64 *number)
{
	const char *slash = strrchr(nodename, '/');

	if (!slash)
		return -EINVAL;
	return pvfront_parse_u64(slash + 1, 0, U64_MAX, number);
}
