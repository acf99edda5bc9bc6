// SPDX-License-Identifier: GPL-2.0
/* Virtual device numbers: which disk of ours one is. PURE. */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <xen/interface/io/blkif.h>

#include "vdev.h"

#define PVBLK_EXTENDED		BIT(28)
#define PVBLK_EXT_PARTS		256
#define PVBLK_PARTS		16
#define PVBLK_MINORS		BIT(20)

/**
 * struct pvblk_major - disks that one major number of the vdev encoding holds
 * @first: the first such major
 * @nr: how many consecutive ones
 * @parts: minors per disk
 * @disks: disks per major
 * @base: index of the first disk
 */
struct pvblk_major {
	u16 first;
	u8 nr;
	u8 parts;
	u8 disks;
	u8 base;
};

static const struct pvblk_major pvblk_majors[] = {
	{ PVBLK_MAJOR,		 1, 16, 16, 0 },
	{ XEN_IDE0_MAJOR,	 1, 64, 2, 0 },
	{ XEN_IDE1_MAJOR,	 1, 64, 2, 2 },
	{ XEN_SCSI_DISK0_MAJOR,	 1, 16, 16, 0 },
	{ XEN_SCSI_DISK1_MAJOR,	 7, 16, 16, 16 },
	{ XEN_SCSI_DISK8_MAJOR,	 8, 16, 16, 128 },
};

/* Base 26 without a zero: a to z, aa to zz, aaa, ... */
static char *pvblk_letters(char *p, unsigned int disk)
{
	if (disk >= 26)
		p = pvblk_letters(p, disk / 26 - 1);
	*p++ = 'a' + disk % 26;
	return p;
}

static int pvblk_set_place(struct pvblk_place *place, unsigned int disk,
			   unsigned int part, unsigned int parts)
{
	char *p;

	if (part >= parts || disk >= PVBLK_MINORS / parts)
		return -EINVAL;

	place->first_minor = disk * parts + part;
	place->nr_minors = part ? 1 : parts;

	memcpy(place->name, "xvd", 3);
	p = pvblk_letters(place->name + 3, disk);
	*p = '\0';
	if (part)
		snprintf(p, place->name + sizeof(place->name) - p, "%u", part);
	return 0;
}

int pvblk_place(u64 vdev, struct pvblk_place *place)
{
	const struct pvblk_major *m = pvblk_majors;
	unsigned int major = vdev >> 8, minor = vdev & 0xff;
	size_t i;

	if (vdev >= 2 * PVBLK_EXTENDED)
		return -EINVAL;
	if (vdev & PVBLK_EXTENDED)
		return pvblk_set_place(place,
				       (vdev & ~PVBLK_EXTENDED) / PVBLK_EXT_PARTS,
				       vdev % PVBLK_EXT_PARTS, PVBLK_EXT_PARTS);

	for (i = 0; i < ARRAY_SIZE(pvblk_majors); i++, m++) {
		unsigned int disk = minor / m->parts;

		if (major < m->first || major >= m->first + m->nr)
			continue;
		if (disk >= m->disks)
			return -EINVAL;
		disk += m->base + (major - m->first) * m->disks;
		return pvblk_set_place(place, disk, minor % m->parts,
				       PVBLK_PARTS);
	}
	return -EINVAL;
}

bool pvblk_is_xvd(u64 vdev)
{
	return (vdev & PVBLK_EXTENDED) || vdev >> 8 == PVBLK_MAJOR;
}
