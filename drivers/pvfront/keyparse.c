// SPDX-License-Identifier: GPL-2.0
/* Numbers and texts, as the store has them. PURE. */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/types.h>

#include <pv/keyparse.h>

int pvfront_parse_u64(const char *s, u64 min, u64 max, u64 *out)
{
	u64 v = 0;

	if (!*s)
		return -EINVAL;

	for (; *s; s++) {
		unsigned int digit = (unsigned char)*s - '0';

		if (digit > 9)
			return -EINVAL;
		if (v > (U64_MAX - digit) / 10)
			return -ERANGE;
		v = v * 10 + digit;
	}
	if (v < min || v > max)
		return -ERANGE;

	*out = v;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_parse_u64);

int pvfront_check_text(const char *s, u64 min, u64 max)
{
	u64 len;

	for (len = 0; s[len]; len++) {
		if (len == max)
			return -ERANGE;
		if (s[len] < ' ' || s[len] > '~')
			return -EINVAL;
	}
	return len < min ? -ERANGE : 0;
}
