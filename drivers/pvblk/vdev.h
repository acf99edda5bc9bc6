/* SPDX-License-Identifier: GPL-2.0 */
/* Virtual device numbers: which disk of ours one is. PURE. */
#ifndef _PVBLK_VDEV_H
#define _PVBLK_VDEV_H

#include <linux/types.h>

#define PVBLK_MAJOR		202
#define PVBLK_NAME_LEN		16

/**
 * struct pvblk_place - where a virtual device number puts a disk
 * @first_minor: of major PVBLK_MAJOR
 * @nr_minors: 16 or 256 for a whole disk, 1 for a device number that names a
 *	partition, which then is a disk of its own without partitions
 * @name: "xvda", "xvdb1", ...
 */
struct pvblk_place {
	unsigned int first_minor;
	unsigned int nr_minors;
	char name[PVBLK_NAME_LEN];
};

/**
 * pvblk_place() - decode a virtual device number
 * @vdev: the `virtual-device` key
 * @place: result; untouched on error
 *
 * Knows the encodings of Xen's vbd interface: 202 << 8 | disk << 4 | part, the
 * extended 1 << 28 | disk << 8 | part, and the numbers of hd* and sd* devices,
 * whose disks appear under the same letters as xvd*.
 *
 * Return: 0 or -EINVAL.
 */
int pvblk_place(u64 vdev, struct pvblk_place *place);

/**
 * pvblk_is_xvd() - whether a virtual device number is one of xvd*
 * @vdev: the `virtual-device` key
 *
 * Return: false for the numbers of hd* and sd* devices, which an HVM guest may have
 * emulated as well.
 */
bool pvblk_is_xvd(u64 vdev);

#endif
