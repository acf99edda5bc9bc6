// SPDX-License-Identifier: GPL-2.0
/* Pages of vital product data as toolstacks write them, as disks have them, and junk. */
#include <stdio.h>
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "drivers/pvblk/vpd.h"
#include "test.h"

/* Exactly as large as they are, so that AddressSanitizer sees a look behind the end. */
static int base64(const char *text, char *to, unsigned int size)
{
	char *own = strdup(text);
	u8 *room = malloc(size);
	int len = pvblk_base64(own, room, size);

	if (len > 0)
		memcpy(to, room, len);
	free(room);
	free(own);
	return len;
}

static const char *serial_of(const u8 *page, unsigned int len, struct pvblk_vpd *v)
{
	u8 *own = malloc(len);
	const char *wrong;

	memcpy(own, page, len);
	memset(v, 0, sizeof(*v));
	wrong = pvblk_vpd_serial(own, len, v);
	free(own);
	return wrong;
}

static const char *wwid_of(const u8 *page, unsigned int len, struct pvblk_vpd *v)
{
	u8 *own = malloc(len);
	const char *wrong;

	memcpy(own, page, len);
	memset(v, 0, sizeof(*v));
	wrong = pvblk_vpd_wwid(own, len, v);
	free(own);
	return wrong;
}

static const struct {
	const char *text;
	int ret;
	const char *bytes;
} base64_table[] = {
	{ "", 0, "" },
	{ "Zg==", 1, "f" },
	{ "Zm8=", 2, "fo" },
	{ "Zm9v", 3, "foo" },
	{ "Zm9vYg==", 4, "foob" },
	{ "Zm9vYmE=", 5, "fooba" },
	{ "Zm9vYmFy", 6, "foobar" },
	{ "+/+/", 3, "\xfb\xff\xbf" },
	{ "AAAA", 3, "\0\0\0" },
	{ "Z", -EINVAL },
	{ "Zg", -EINVAL },
	{ "Zm8", -EINVAL },
	{ "Zg=", -EINVAL },
	{ "Zg===", -EINVAL },
	{ "Zg======", -EINVAL },
	{ "Z===", -EINVAL },
	{ "====", -EINVAL },
	{ "=", -EINVAL },
	{ "Zm9v=", -EINVAL },
	{ "Zm9v====", -EINVAL },
	{ "Zg==Zg==", -EINVAL },
	{ "Zm=v", -EINVAL },
	{ "Zm9v\n", -EINVAL },
	{ "Zm9 ", -EINVAL },
	{ "-_-_", -EINVAL },
	{ "Zm9\x80", -EINVAL },
	/* Bits that the padding leaves over. */
	{ "Zh==", -EINVAL },
	{ "Zm9=", -EINVAL },
};

static void base64_known_answers(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(base64_table); i++) {
		char to[16];
		int ret = base64(base64_table[i].text, to, sizeof(to));

		if (!EXPECT_EQ(ret, base64_table[i].ret))
			printf("# of \"%s\"\n", base64_table[i].text);
		if (ret >= 0 && base64_table[i].bytes)
			EXPECT(!memcmp(to, base64_table[i].bytes, ret));
	}
}

static void base64_keeps_within_its_room(void)
{
	char to[16];

	for (unsigned int size = 0; size < 6; size++)
		EXPECT_EQ(base64("Zm9vYmFy", to, size), -ERANGE);
	EXPECT_EQ(base64("Zm9vYmFy", to, 6), 6);
	EXPECT_EQ(base64("Zm9vYg==", to, 3), -ERANGE);
	EXPECT_EQ(base64("Zm9vYg==", to, 4), 4);
}

/* Any bytes, of any length, come back. */
static void base64_round_trip(void)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	srandom(1);
	for (unsigned int len = 0; len < 200; len++) {
		char text[300] = "", to[200];
		u8 bytes[203] = { 0 };

		for (unsigned int i = 0; i < len; i++)
			bytes[i] = random();
		for (unsigned int i = 0; i < len; i += 3) {
			u32 three = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];

			for (unsigned int j = 0; j < 4; j++) {
				char digit = digits[three >> (18 - 6 * j) & 63];

				text[i / 3 * 4 + j] = j <= len - i ? digit : '=';
			}
		}
		EXPECT_EQ(base64(text, to, sizeof(to)), len);
		EXPECT(!memcmp(to, bytes, len));
	}
}

/* What XenServer's storage manager makes up for a virtual disk image. */
static const u8 xen_80[] = "\0\200\0\0224f3a2b1c-0d9e-8f  ";
static const u8 xen_83[] =
	"\x00\x83\x00\x31\x02\x01\x00\x2dXENSRC  4f3a2b1c-0d9e-8f7a-6b5c-4d3e2f1a0b9c ";

static void pages_of_xenserver(void)
{
	struct pvblk_vpd v;

	EXPECT(!serial_of(xen_80, sizeof(xen_80) - 1, &v));
	EXPECT(!strcmp(v.serial, "4f3a2b1c-0d9e-8f"));
	EXPECT(!wwid_of(xen_83, sizeof(xen_83) - 1, &v));
	EXPECT(!strcmp(v.wwid, "t10.XENSRC  4f3a2b1c-0d9e-8f7a-6b5c-4d3e2f1a0b9c"));
	/* 45 bytes are no short one. */
	EXPECT_EQ(v.uid_type, 0);
}

/* A page that ends early, says so or not, has no name. */
static void every_length(void)
{
	struct pvblk_vpd v;
	u8 page[sizeof(xen_83)];

	for (unsigned int len = 0; len < sizeof(xen_83) - 1; len++) {
		EXPECT(wwid_of(xen_83, len, &v));
		EXPECT(!v.wwid[0] && !v.uid_type);
		if (len < 4)
			continue;
		memcpy(page, xen_83, sizeof(page));
		page[3] = len - 4;
		EXPECT(wwid_of(page, len, &v));
		EXPECT(!v.wwid[0] && !v.uid_type);
	}
	for (unsigned int len = 0; len < sizeof(xen_80) - 1; len++) {
		EXPECT(serial_of(xen_80, len, &v));
		EXPECT(!v.serial[0]);
	}
	/* And one byte too many. */
	EXPECT(serial_of(xen_80, sizeof(xen_80), &v));
	EXPECT(wwid_of(xen_83, sizeof(xen_83), &v));
	/* One page is not the other. */
	EXPECT(serial_of(xen_83, sizeof(xen_83) - 1, &v));
	EXPECT(wwid_of(xen_80, sizeof(xen_80) - 1, &v));
}

/* says TEXT: whether it is a serial; then which */
static const char *says(const char *text)
{
	static struct pvblk_vpd v;
	char *own = malloc(strlen(text));
	const char *wrong;

	memset(&v, 0, sizeof(v));
	memcpy(own, text, strlen(text));
	wrong = pvblk_vpd_text(own, strlen(text), &v);
	free(own);
	return wrong ? NULL : v.serial;
}

static void serials(void)
{
	char text[PVBLK_SERIAL_MAX + 3];

	for (unsigned int len = 1; len < sizeof(text) - 1; len++) {
		memset(text, 'x', len);
		text[len] = '\0';
		if (len > PVBLK_SERIAL_MAX)
			EXPECT(!says(text));
		else
			EXPECT(says(text) && !strcmp(says(text), text));
	}
	EXPECT(!strcmp(says("  a b~ "), "a b~"));
	EXPECT(!says(""));
	EXPECT(!says("  "));
	for (unsigned int c = 1; c < 256; c++) {
		char three[] = { 'a', c, 'b', '\0' };

		EXPECT_EQ(!!says(three), c >= ' ' && c <= '~');
	}
}

/* Designators of one page, the last of them with its length alone. */
struct desigs {
	u8 page[300];
	unsigned int len;
};

static void add(struct desigs *p, u8 set, u8 type, const void *bytes, u8 len)
{
	u8 *to = p->page + p->len;

	to[0] = set;
	to[1] = type;
	to[2] = 0;
	to[3] = len;
	memcpy(to + 4, bytes, len);
	p->len += 4 + len;
	p->page[2] = (p->len - 4) >> 8;
	p->page[3] = p->len - 4;
}

static const struct desigs none = { .page = { 0, 0x83 }, .len = 4 };

static const u8 naa6[16] = "\x60\x01\x40\x5a\xbc\xde\xf0\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12";
static const u8 naa5[8] = "\x50\x02\x53\x8e\x40\x11\x22\x33";
static const u8 eui[16] = "\x00\x25\x38\x8b\x71\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09";

static void the_best_name_is_taken(void)
{
	struct pvblk_vpd v;
	struct desigs p = none;

	/* Another's name, and one of a kind that we do not know. */
	add(&p, 1, 0x13, naa5, 8);
	add(&p, 1, 0x94, "\0\0\0\1", 4);
	add(&p, 2, 0x0, "vendor", 6);
	EXPECT(wwid_of(p.page, p.len, &v));

	add(&p, 2, 0x1, "ACME    1234", 12);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "t10.ACME    1234"));
	EXPECT(v.uid_type == 1 && v.uid_len == 12 && !memcmp(v.uid, "ACME    1234", 12));

	add(&p, 3, 0x8, "iqn.2020-01.org.example:d1\0\0", 28);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "iqn.2020-01.org.example:d1"));
	EXPECT_EQ(v.uid_type, 0);

	add(&p, 1, 0x2, eui, 8);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "eui.0025388b71000001"));
	EXPECT(v.uid_type == 2 && v.uid_len == 8 && !memcmp(v.uid, eui, 8));

	add(&p, 1, 0x3, naa5, 8);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "naa.5002538e40112233"));

	add(&p, 1, 0x2, eui, 16);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "eui.0025388b710000010203040506070809"));

	add(&p, 1, 0x3, naa6, 16);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!strcmp(v.wwid, "naa.6001405abcdef0123456789abcdef012"));
	EXPECT(v.uid_type == 3 && v.uid_len == 16 && !memcmp(v.uid, naa6, 16));

	/* Of two that are worth the same the first stays. */
	add(&p, 1, 0x3, "\x60\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16);
	EXPECT(!wwid_of(p.page, p.len, &v));
	EXPECT(!memcmp(v.uid, naa6, 16));
}

/* The length that a kind of name has is the only one. */
static void names_of_wrong_lengths(void)
{
	struct pvblk_vpd v;

	for (unsigned int len = 0; len < 40; len++) {
		u8 bytes[40] = { 0x60 };
		struct desigs naa_6 = none;
		struct desigs naa_5 = none;
		struct desigs eui_64 = none;

		add(&naa_6, 1, 3, bytes, len);
		EXPECT_EQ(!wwid_of(naa_6.page, naa_6.len, &v), len == 16);
		bytes[0] = 0x50;
		add(&naa_5, 1, 3, bytes, len);
		EXPECT_EQ(!wwid_of(naa_5.page, naa_5.len, &v), len == 8);
		add(&eui_64, 1, 2, bytes, len);
		EXPECT_EQ(!wwid_of(eui_64.page, eui_64.len, &v),
			  len == 8 || len == 12 || len == 16);
	}
	for (unsigned int naa = 0; naa < 16; naa++) {
		u8 bytes[16] = { naa << 4 };
		struct desigs p = none;

		add(&p, 1, 3, bytes, 8);
		EXPECT_EQ(!wwid_of(p.page, p.len, &v), naa == 2 || naa == 3 || naa == 5);
	}
	for (unsigned int len = 0; len < 256; len++) {
		char text[256];
		struct desigs p = none;

		memset(text, 'x', sizeof(text));
		add(&p, 2, 1, text, len);
		EXPECT_EQ(!wwid_of(p.page, p.len, &v), len && len <= PVBLK_WWID_MAX - 4);
		EXPECT_EQ(v.uid_len, len <= 16 ? len : 0);
	}
}

/* A name beyond which the page goes on wins nothing when what follows is broken. */
static void a_broken_page_has_no_name(void)
{
	struct pvblk_vpd v;
	struct desigs p = none;

	add(&p, 1, 3, naa6, 16);
	for (unsigned int more = 1; more < 8; more++) {
		memcpy(p.page + p.len, "\1\3\0\10", 4);
		p.page[3] = p.len + more - 4;
		EXPECT(wwid_of(p.page, p.len + more, &v));
		EXPECT(!v.wwid[0]);
	}
}

static bool is_printable(const char *text, unsigned int max)
{
	EXPECT(strnlen(text, max + 1) <= max);
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

/* Pages that are good, with some bytes that are not. */
static void junk(void)
{
	unsigned int good = 0;

	srandom(2);
	for (unsigned int round = 0; round < 200000; round++) {
		unsigned int len = round % 2 ? sizeof(xen_83) - 1 : random() % 64;
		struct pvblk_vpd v;
		u8 page[64];

		memcpy(page, xen_83, sizeof(xen_83));
		for (unsigned int i = random() % 4; i; i--)
			page[random() % sizeof(page)] = random();
		page[1] = 0x83;
		if (round % 4 < 2)
			page[3] = len - 4;
		if (!wwid_of(page, len, &v))
			good++;
		else
			EXPECT(!v.wwid[0] && !v.uid_type);
		if (!EXPECT(is_printable(v.wwid, PVBLK_WWID_MAX) && v.uid_len <= PVBLK_UID_MAX))
			return;
		page[1] = 0x80;
		serial_of(page, len, &v);
		if (!EXPECT(is_printable(v.serial, PVBLK_SERIAL_MAX)))
			return;
	}
	EXPECT(good > 1000);
}

const struct test_case test_cases[] = {
	TEST(base64_known_answers),
	TEST(base64_keeps_within_its_room),
	TEST(base64_round_trip),
	TEST(pages_of_xenserver),
	TEST(every_length),
	TEST(serials),
	TEST(the_best_name_is_taken),
	TEST(names_of_wrong_lengths),
	TEST(a_broken_page_has_no_name),
	TEST(junk),
	{ }
};
