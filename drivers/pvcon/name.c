// SPDX-License-Identifier: GPL-2.0
/* What a console's name in the store may be. PURE. */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#include <pv/keyparse.h>

#include "name.h"

bool pvcon_name_ok(const char *name)
{
	size_t len;

	for (len = 0; name[len]; len++)
		if (len == PVCON_NAME_MAX || name[len] < ' ' || name[len] > '~')
			return false;
	return len > 0;
}

int pvcon_number(const char *nodename, u64 *number)
{
	const char *slash = strrchr(nodename, '/');

	if (!slash)
		return -EINVAL;
	return pvfront_parse_u64(slash + 1, 0, U64_MAX, number);
}
