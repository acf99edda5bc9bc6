// SPDX-License-Identifier: GPL-2.0
/* Any xenstore value against the C library's idea of a decimal number. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/limits.h>
#include <pv/keyparse.h>

#include "fuzz.h"

static int model(const char *text, u64 *value)
{
	for (const char *p = text; *p; p++)
		if (!isdigit((unsigned char)*p))
			return -EINVAL;
	if (!*text)
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, NULL, 10);
	return -errno;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	u64 got = 1, want = 1;

	memcpy(text, data, size);
	text[size] = '\0';

	int wanted = model(text, &want);
	int ret = pvfront_parse_u64(text, 0, U64_MAX, &got);

	/* Which error a text earns that is both too long and no number is open. */
	if (!ret != !wanted || (!ret && got != want))
		abort();
	if (ret && got != 1)
		abort();
	if (!ret && want && pvfront_parse_u64(text, 0, want - 1, &got) != -ERANGE)
		abort();
	free(text);
	return 0;
}
