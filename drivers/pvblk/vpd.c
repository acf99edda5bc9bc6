// SPDX-License-Identifier: GPL-2.0
/* SCSI's vital product data pages 0x80 and 0x83, in base64. PURE. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "vpd.h"

/* A page: peripheral, page code, length of the rest. */
#define PVBLK_PAGE_HEAD		4
#define PVBLK_PAGE_SERIAL	0x80
#define PVBLK_PAGE_WWID		0x83

/* A designator: code set, type, reserved, length of the rest. */
#define PVBLK_DESIG_HEAD	4
#define PVBLK_DESIG_T10		1
#define PVBLK_DESIG_EUI64	2
#define PVBLK_DESIG_NAA		3
#define PVBLK_DESIG_NAME	8

/* The value of a digit, or -1. */
static int pvblk_base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

int pvblk_base64(const char *text, u8 *to, unsigned int size)
{
	unsigned int digits = 0, pad = 0, got = 0;
	u32 bits = 0;

	for (; *text; text++) {
		int digit = pvblk_base64_digit(*text);

		if (*text == '=') {
			pad++;
			continue;
		}
		if (digit < 0 || pad)
			return -EINVAL;
		bits = bits << 6 | digit;
		/* Every digit but the first of four completes a byte. */
		if (digits % 4) {
			if (got == size)
				return -ERANGE;
			to[got++] = bits >> (6 - 2 * (digits % 4));
		}
		digits++;
	}
	if (pad > 2 || (digits + pad) % 4)
		return -EINVAL;
	/* What is left of the last digit stands for nothing. */
	return bits & ((1U << 2 * pad) - 1) ? -EINVAL : got;
}

/* Copies the printable text without the blanks around it; @to has room for @max and the end. */
static const char *pvblk_vpd_copy(const char *text, unsigned int len, char *to,
				  unsigned int max)
{
	unsigned int i;

	for (; len && *text == ' '; len--)
		text++;
	while (len && text[len - 1] == ' ')
		len--;
	if (!len)
		return "has no character but blanks";
	if (len > max)
		return "has more characters than there is room for";
	for (i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return "has characters that are not printable ASCII";
	memcpy(to, text, len);
	to[len] = '\0';
	return NULL;
}

const char *pvblk_vpd_text(const char *text, unsigned int len, struct pvblk_vpd *v)
{
	return pvblk_vpd_copy(text, len, v->serial, PVBLK_SERIAL_MAX);
}

static const char *pvblk_page_check(const u8 *page, unsigned int len, u8 code)
{
	if (len < PVBLK_PAGE_HEAD)
		return "is shorter than the head of a page";
	if (page[1] != code)
		return "has the number of another page";
	if ((page[2] << 8 | page[3]) != len - PVBLK_PAGE_HEAD)
		return "has not the length that it says";
	return NULL;
}

const char *pvblk_vpd_serial(const u8 *page, unsigned int len, struct pvblk_vpd *v)
{
	const char *wrong = pvblk_page_check(page, len, PVBLK_PAGE_SERIAL);

	return wrong ?: pvblk_vpd_text((const char *)page + PVBLK_PAGE_HEAD,
				       len - PVBLK_PAGE_HEAD, v);
}

static u8 pvblk_desig_type(const u8 *desig)
{
	return desig[1] & 0xf;
}

/* Others name the port or the target by which the disk is reached. */
static bool pvblk_desig_is_disk(const u8 *desig)
{
	return !(desig[1] >> 4 & 3);
}

/* What NAA says of itself has to have the length that goes with it. */
static bool pvblk_naa_fits(const u8 *desig)
{
	switch (desig[3] ? desig[PVBLK_DESIG_HEAD] >> 4 : 0) {
	case 2:
	case 3:
	case 5:
		return desig[3] == 8;
	case 6:
		return desig[3] == 16;
	default:
		return false;
	}
}

/* How much the name is worth; 0: it is none for us; -1: it cannot be what it says. */
static int pvblk_desig_rank(const u8 *desig)
{
	unsigned int len = desig[3];

	if (!pvblk_desig_is_disk(desig))
		return 0;
	switch (pvblk_desig_type(desig)) {
	case PVBLK_DESIG_NAA:
		if (!pvblk_naa_fits(desig))
			return -1;
		return len == 16 ? 7 : 5;
	case PVBLK_DESIG_EUI64:
		if (len != 8 && len != 12 && len != 16)
			return -1;
		return len == 16 ? 6 : len == 12 ? 4 : 3;
	case PVBLK_DESIG_NAME:
		return 2;
	case PVBLK_DESIG_T10:
		return 1;
	default:
		return 0;
	}
}

static void pvblk_wwid_hex(const char *prefix, const u8 *desig, char *to)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int i;

	memcpy(to, prefix, 4);
	to += 4;
	for (i = 0; i < desig[3]; i++) {
		*to++ = digits[desig[PVBLK_DESIG_HEAD + i] >> 4];
		*to++ = digits[desig[PVBLK_DESIG_HEAD + i] & 0xf];
	}
	*to = '\0';
}

static const char *pvblk_wwid_text(const u8 *desig, char *to)
{
	const char *text = (const char *)desig + PVBLK_DESIG_HEAD;
	unsigned int len = desig[3], prefix = 0;

	if (pvblk_desig_type(desig) == PVBLK_DESIG_T10) {
		memcpy(to, "t10.", 4);
		prefix = 4;
	} else {
		/* A name string ends with a NUL, and is filled up with more. */
		while (len && !text[len - 1])
			len--;
	}
	return pvblk_vpd_copy(text, len, to + prefix, PVBLK_WWID_MAX - prefix);
}

/* The designator that is worth most, or why there is none. */
static const char *pvblk_wwid_find(const u8 *page, unsigned int len, const u8 **best)
{
	unsigned int at, left;
	int rank, most = 0;

	for (at = PVBLK_PAGE_HEAD; at < len; at += PVBLK_DESIG_HEAD + page[at + 3]) {
		left = len - at;
		if (left < PVBLK_DESIG_HEAD || left - PVBLK_DESIG_HEAD < page[at + 3])
			return "has a name that goes beyond its end";
		rank = pvblk_desig_rank(page + at);
		if (rank < 0)
			return "has a name whose length is not one of its kind";
		if (rank > most) {
			most = rank;
			*best = page + at;
		}
	}
	return most ? NULL : "has no name for the disk";
}

const char *pvblk_vpd_wwid(const u8 *page, unsigned int len, struct pvblk_vpd *v)
{
	const char *wrong = pvblk_page_check(page, len, PVBLK_PAGE_WWID);
	char wwid[PVBLK_WWID_MAX + 1];
	const u8 *best = NULL;

	if (!wrong)
		wrong = pvblk_wwid_find(page, len, &best);
	if (wrong)
		return wrong;

	switch (pvblk_desig_type(best)) {
	case PVBLK_DESIG_NAA:
		pvblk_wwid_hex("naa.", best, wwid);
		break;
	case PVBLK_DESIG_EUI64:
		pvblk_wwid_hex("eui.", best, wwid);
		break;
	default:
		wrong = pvblk_wwid_text(best, wwid);
		if (wrong)
			return wrong;
	}
	memcpy(v->wwid, wwid, strlen(wwid) + 1);
	if (pvblk_desig_type(best) <= PVBLK_DESIG_NAA && best[3] <= PVBLK_UID_MAX) {
		v->uid_type = pvblk_desig_type(best);
		v->uid_len = best[3];
		memcpy(v->uid, best + PVBLK_DESIG_HEAD, best[3]);
	}
	return NULL;
}
