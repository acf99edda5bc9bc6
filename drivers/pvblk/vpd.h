/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a disk is called by who made it, as SCSI has it: the vital product data pages 0x80
 * (serial number) and 0x83 (device identification), which toolstacks put into the store in
 * base64. PURE.
 */
#ifndef _PVBLK_VPD_H
#define _PVBLK_VPD_H

#include <linux/types.h>

/* So many characters and their end; with a prefix and "-part15" a link in /dev has room. */
#define PVBLK_SERIAL_MAX	64
#define PVBLK_WWID_MAX		128

/* The largest page taken, bytes, and the text that it is: keys.def has that number. */
#define PVBLK_PAGE_MAX		1024
#define PVBLK_PAGE_TEXT_MAX	(((PVBLK_PAGE_MAX) + 2) / 3 * 4)

#define PVBLK_UID_MAX		16

/**
 * struct pvblk_vpd - names of one disk, each empty if there is none
 * @serial: printable ASCII, with no blank at either end
 * @wwid: the same: "naa.", "eui." and hexadecimal digits, "t10." and text, or a text alone
 * @uid: what @wwid was made of, if it has no more than 16 bytes
 * @uid_len: of these
 * @uid_type: of which type SCSI says that they are, enum blk_unique_id; 0: no @uid
 */
struct pvblk_vpd {
	char serial[PVBLK_SERIAL_MAX + 1];
	char wwid[PVBLK_WWID_MAX + 1];
	u8 uid[PVBLK_UID_MAX];
	u8 uid_len;
	u8 uid_type;
};

/**
 * pvblk_base64() - what a text in base64 stands for
 * @text: NUL-terminated; not trusted
 * @to: where the bytes go
 * @size: room there
 *
 * RFC 4648, section 4: padded, with nothing between or behind, and with zeros for what the
 * padding leaves over. So no two texts stand for the same bytes.
 *
 * Return: the number of bytes; -EINVAL: it is no such text; -ERANGE: they have no room.
 */
int pvblk_base64(const char *text, u8 *to, unsigned int size);

/**
 * pvblk_vpd_text() - a text as the serial
 * @text: not trusted
 * @len: its characters
 * @v: its @serial is set on success
 *
 * Return: NULL, or what is wrong: "has ..."
 */
const char *pvblk_vpd_text(const char *text, unsigned int len, struct pvblk_vpd *v);

/**
 * pvblk_vpd_serial() - the serial of a page 0x80
 * @page: not trusted
 * @len: its bytes
 * @v: its @serial is set on success
 *
 * Return: NULL, or what is wrong.
 */
const char *pvblk_vpd_serial(const u8 *page, unsigned int len, struct pvblk_vpd *v);

/**
 * pvblk_vpd_wwid() - the name for the whole world of a page 0x83
 * @page: not trusted
 * @len: its bytes
 * @v: its @wwid and @uid are set on success
 *
 * Of several that the page has for the disk, the first of the kind that is worth most is
 * taken: NAA of 16 bytes, EUI-64 of 16, NAA of 8, EUI-64 of 12, of 8, a SCSI name string,
 * T10 vendor identification.
 *
 * Return: NULL, or what is wrong.
 */
const char *pvblk_vpd_wwid(const u8 *page, unsigned int len, struct pvblk_vpd *v);

#endif
