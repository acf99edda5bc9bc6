// SPDX-License-Identifier: GPL-2.0
/*
 * The keys, each with its bounds, and what the backend's have to be together. A number
 * that a disk's users or the block layer could not bear is refused here.
 */
#include <linux/log2.h>

#include "pvblk.h"

/* The structure that each table of keys.def fills. */
#define PVBLK_FILLS_NUMBER	struct pvblk_number
#define PVBLK_FILLS_TOOLSTACK	struct pvblk_config
#define PVBLK_FILLS_BACKEND	struct pvblk_backend
#define PVBLK_FILLS_DISK	struct pvblk_props
#define PVBLK_FILLS_IDENTITY	struct pvblk_identity_keys
#define PVBLK_KEY(table, name, type, min, max, def, member)		\
	PVFRONT_KEY(PVBLK_KEYS_##table, name, type, min, max, def,	\
		    PVBLK_FILLS_##table, member),
static const struct pvfront_key pvblk_keys[] = {
#include "keys.def"
};

int pvblk_read_keys(struct pvblk_disk *d, enum pvblk_keys table, void *to)
{
	const struct xenbus_device *xdev = d->front.xdev;
	bool own = table == PVBLK_KEYS_NUMBER || table == PVBLK_KEYS_TOOLSTACK;

	return pvfront_read_keys(&d->front, own ? xdev->nodename : xdev->otherend,
				 pvblk_keys, ARRAY_SIZE(pvblk_keys), table, to);
}

int pvblk_read_backend(struct pvblk_disk *d, struct pvblk_backend *b)
{
	int err = pvblk_read_keys(d, PVBLK_KEYS_BACKEND, b);

	/* 0 means as Linux's frontend takes it: there is no such feature. */
	if (!err && !b->max_queues)
		b->max_queues = 1;
	return err;
}

static int pvblk_check_sizes(struct pvblk_disk *d, const struct pvblk_props *p)
{
	if (is_power_of_2(p->sector_size) &&
	    (!p->physical_sector_size ||
	     (is_power_of_2(p->physical_sector_size) &&
	      p->physical_sector_size >= p->sector_size)) &&
	    p->sectors % (p->sector_size / PVBLK_SECTOR) == 0)
		return 0;
	pvfront_fail(&d->front, -EINVAL,
		     "sector-size %llu, physical-sector-size %llu and sectors %llu do not fit together",
		     p->sector_size, p->physical_sector_size, p->sectors);
	return -EINVAL;
}

/*
 * The block layer splits discards at multiples of the granularity, counted from the
 * alignment. One that is no such number makes it loop for ever, or a bio's size wrap.
 */
static int pvblk_check_discard(struct pvblk_disk *d, const struct pvblk_props *p)
{
	if (!p->discard_granularity && !p->discard_alignment)
		return 0;
	if (is_power_of_2(p->discard_granularity) &&
	    p->discard_granularity >= PVBLK_SECTOR &&
	    p->discard_alignment < p->discard_granularity &&
	    p->discard_alignment % PVBLK_SECTOR == 0)
		return 0;
	pvfront_fail(&d->front, -EINVAL,
		     "discard-granularity %llu is not a power of two of at least %u, or discard-alignment %llu is not a multiple of %u below it",
		     p->discard_granularity, PVBLK_SECTOR, p->discard_alignment,
		     PVBLK_SECTOR);
	return -EINVAL;
}

int pvblk_read_props(struct pvblk_disk *d, struct pvblk_props *p)
{
	int err = pvblk_read_keys(d, PVBLK_KEYS_DISK, p);

	if (!err)
		err = pvblk_check_sizes(d, p);
	if (!err)
		err = pvblk_check_discard(d, p);
	return err;
}

static int pvblk_misfit(struct pvblk_disk *d, const char *key, u64 old, u64 new)
{
	pvfront_fail(&d->front, -EINVAL,
		     "%s was %llu and is %llu: the new backend does not fit the disk in use",
		     key, old, new);
	return -EINVAL;
}

/*
 * blkif has no key that identifies a disk: size and kind are all that every backend gives,
 * and identity.c has what toolstacks may add. More room and a lifted write protection hurt
 * nobody.
 */
int pvblk_props_fit(struct pvblk_disk *d, const struct pvblk_props *p)
{
	const struct pvblk_props *old = &d->props;

	if (p->sector_size != old->sector_size)
		return pvblk_misfit(d, "sector-size", old->sector_size,
				    p->sector_size);
	if (p->sectors < old->sectors)
		return pvblk_misfit(d, "sectors", old->sectors, p->sectors);
	if (p->info & ~old->info & VDISK_READONLY)
		return pvblk_misfit(d, "info", old->info, p->info);
	return 0;
}
