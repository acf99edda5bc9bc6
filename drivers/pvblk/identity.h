/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells a disk from all others: serial and wwid, for users, for links that are there
 * whatever the disk's number, and to notice that a new backend has another disk.
 *
 * blkif has no key for it. Toolstacks may write some into the backend's directory: `serial`,
 * a plain text; and XenServer's do write pages of SCSI's vital product data, in base64. Who
 * can write there serves the disk's data anyway. The frontend's directory is not asked: the
 * guest itself can write to it.
 */
#ifndef _PVBLK_IDENTITY_H
#define _PVBLK_IDENTITY_H

#include <linux/blk-mq.h>
#include <linux/list.h>
#include <linux/types.h>

#include "vpd.h"

struct attribute_group;
struct pvblk_disk;

/**
 * struct pvblk_identity_keys - the keys; each NULL if there is none
 * @serial: the serial as it is, before @page80
 * @page80: page 0x80, which has a serial
 * @page83: page 0x83, which has the wwid
 */
struct pvblk_identity_keys {
	char *serial;
	char *page80;
	char *page83;
};

/**
 * struct pvblk_identity - what users may know a disk by
 * @vpd: what; protected by the lock of identity.c
 * @list: while the disk has any of it, in the list there
 */
struct pvblk_identity {
	struct pvblk_vpd vpd;
	struct list_head list;
};

/**
 * pvblk_identity_read() - what the toolstack says
 * @d: the disk
 * @v: result; a name that is none is reported, and empty here
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported: the store could not be read.
 */
int pvblk_identity_read(struct pvblk_disk *d, struct pvblk_vpd *v);

/**
 * pvblk_identity_fit() - whether a new backend has the disk that users know
 * @d: a disk that users may have open
 * @v: what is said with the new backend
 *
 * One that says nothing fits: so it was with every backend before.
 *
 * Return: 0, or -EINVAL, reported with key, old and new value.
 */
int pvblk_identity_fit(struct pvblk_disk *d, const struct pvblk_vpd *v);

/**
 * pvblk_identity_is_same() - whether a new backend is known to have the disk that users know
 * @d: a disk that users may have open
 * @v: what is said with the new backend, which pvblk_identity_fit() has found to fit
 *
 * Return: true if a name says so; false also if nobody has said a name.
 */
bool pvblk_identity_is_same(const struct pvblk_disk *d, const struct pvblk_vpd *v);

/**
 * pvblk_identity_take() - have users know the disk by what they do not know of it yet
 * @d: a disk with a gendisk
 * @v: after pvblk_identity_fit()
 *
 * A name that another disk has is reported and not taken. A disk in use that gets one is
 * looked at by udev again.
 *
 * Context: process context; sleeps.
 */
void pvblk_identity_take(struct pvblk_disk *d, const struct pvblk_vpd *v);

/**
 * pvblk_identity_drop() - nobody knows the disk any more
 * @d: a disk whose gendisk goes
 *
 * Context: process context; sleeps.
 */
void pvblk_identity_drop(struct pvblk_disk *d);

/**
 * pvblk_identity_get() - block_device_operations.get_unique_id
 * @gd: a disk that somebody has open; struct pvblk_disk may be gone
 * @uid: room for PVBLK_UID_MAX bytes
 * @type: of which type it is to be
 *
 * Return: the number of bytes, or -EINVAL: there is no such.
 */
int pvblk_identity_get(struct gendisk *gd, u8 uid[PVBLK_UID_MAX], enum blk_unique_id type);

/* /sys/block/xvdX/serial and wwid, empty where there is none. */
extern const struct attribute_group pvblk_identity_group;

#endif
