/* SPDX-License-Identifier: GPL-2.0 */
/* What the store says of a disk, and whether a new backend fits a disk in use. */
#ifndef _PVBLK_PROPS_H
#define _PVBLK_PROPS_H

#include <linux/limits.h>
#include <linux/types.h>

struct pvblk_disk;

/* The tables of keys.def; see there. */
enum pvblk_keys {
	PVBLK_KEYS_NUMBER,
	PVBLK_KEYS_TOOLSTACK,
	PVBLK_KEYS_BACKEND,
	PVBLK_KEYS_DISK,
	PVBLK_KEYS_IDENTITY,
};

/**
 * struct pvblk_number - which disk it is, as the toolstack says in our own directory
 * @vdev: its number, or PVBLK_NO_VDEV
 * @vdev_ext: its number where that has more than 16 bits, or PVBLK_NO_VDEV
 * @type: "disk", "cdrom" or another name of what it looks like; NULL if not said
 */
struct pvblk_number {
	u64 vdev;
	u64 vdev_ext;
	char *type;
};

#define PVBLK_NO_VDEV	U32_MAX

/**
 * struct pvblk_config - what the toolstack says there of a connection
 * @trusted: the backend may see memory around the data
 */
struct pvblk_config {
	u64 trusted;
};

/**
 * struct pvblk_backend - what the backend says before rings exist
 * @max_order: largest ring, log2 of pages
 * @max_queues: largest number of rings
 */
struct pvblk_backend {
	u64 max_order;
	u64 max_queues;
};

/**
 * struct pvblk_props - what the backend says of the disk once connected
 * @sectors: size in units of 512 bytes, whatever @sector_size is
 * @info: VDISK_* flags
 * @sector_size: logical block, bytes
 * @physical_sector_size: physical block, bytes; 0 if not said
 * @flush: it accepts BLKIF_OP_FLUSH_DISKCACHE
 * @barrier: it accepts BLKIF_OP_WRITE_BARRIER
 * @persistent: it keeps grants mapped
 * @max_indirect: segments in an indirect request; 0: no such requests
 * @discard: it accepts BLKIF_OP_DISCARD
 * @discard_granularity: bytes; 0 if not said
 * @discard_alignment: bytes
 * @discard_secure: it can discard securely
 * @removable: the toolstack wants it to look so; Qubes' key
 */
struct pvblk_props {
	u64 sectors;
	u64 info;
	u64 sector_size;
	u64 physical_sector_size;
	u64 flush;
	u64 barrier;
	u64 persistent;
	u64 max_indirect;
	u64 discard;
	u64 discard_granularity;
	u64 discard_alignment;
	u64 discard_secure;
	u64 removable;
};

/**
 * pvblk_read_keys() - read the keys of one table, each within its bounds
 * @d: the disk
 * @table: the table
 * @to: the structure that it fills; undefined on error
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_read_keys(struct pvblk_disk *d, enum pvblk_keys table, void *to);

/**
 * pvblk_read_backend() - read and check what is said before rings exist
 * @d: the disk
 * @b: result
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_read_backend(struct pvblk_disk *d, struct pvblk_backend *b);

/**
 * pvblk_read_props() - read and check what the backend says of the disk
 * @d: the disk
 * @p: result; undefined on error
 *
 * Return: 0 or -errno, reported.
 */
int pvblk_read_props(struct pvblk_disk *d, struct pvblk_props *p);

/**
 * pvblk_props_fit() - whether a disk in use may go on with a new backend
 * @d: a disk that users may have open, with the properties that they know
 * @p: what the new backend says
 *
 * Return: 0, or -EINVAL, reported with key, old and new value.
 */
int pvblk_props_fit(struct pvblk_disk *d, const struct pvblk_props *p);

#endif
