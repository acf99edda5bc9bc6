// SPDX-License-Identifier: GPL-2.0
/* Any value of a key: what becomes a name is printable, and is one alone. */
#include <stdlib.h>
#include <string.h>

#include "drivers/pvblk/vpd.h"
#include "fuzz.h"

static void check(const char *text, unsigned int max)
{
	size_t len = strnlen(text, max + 1);

	if (len > max)
		abort();
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			abort();
	if (len && (text[0] == ' ' || text[len - 1] == ' '))
		abort();
}

static void check_page(const uint8_t *page, unsigned int len)
{
	struct pvblk_vpd v = { 0 };
	const char *serial = pvblk_vpd_serial(page, len, &v);
	const char *wwid = pvblk_vpd_wwid(page, len, &v);

	/* No page is both; a name is there if and only if nothing is wrong. */
	if (!serial + !wwid > 1 || !serial != !!v.serial[0] || !wwid != !!v.wwid[0])
		abort();
	if (v.uid_len > PVBLK_UID_MAX || v.uid_type > 3 || !v.uid_len != !v.uid_type)
		abort();
	check(v.serial, PVBLK_SERIAL_MAX);
	check(v.wwid, PVBLK_WWID_MAX);
}

/* As text in base64, as a page, and as a plain serial. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pvblk_vpd v = { 0 };
	char *text = malloc(size + 1);
	uint8_t *page = malloc(size);
	int len;

	memcpy(text, data, size);
	text[size] = '\0';
	len = pvblk_base64(text, page, size);
	if (len > (int)(size / 4 * 3))
		abort();
	if (len >= 0)
		check_page(page, len);
	memcpy(page, data, size);
	check_page(page, size);
	if (!pvblk_vpd_text(text, strlen(text), &v) != !!v.serial[0])
		abort();
	check(v.serial, PVBLK_SERIAL_MAX);
	free(page);
	free(text);
	return 0;
}
