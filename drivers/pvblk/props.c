// SPDX-License-Identifier: GPL-2.0
/*
 * The backend's keys, each with its bounds, and what they have to be together. A number
 * that a disk's users or the block layer could not bear is refused here.
 */
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/sizes.h>

#include "pvblk.h"

#define PVBLK_BACKEND_KEY(name, min, max, def, member) \
	PVFRONT_KEY(name, min, max, def, struct pvblk_backend, member)
#define PVBLK_PROP_KEY(name, min, max, def, member) \
	PVFRONT_KEY(name, min, max, def, struct pvblk_props, member)

static const struct pvfront_key pvblk_backend_keys[] = {
	PVBLK_BACKEND_KEY("max-ring-page-order", 0, 31, 0, max_order),
	PVBLK_BACKEND_KEY("multi-queue-max-queues", 0, U16_MAX, 1, max_queues),
};

/* Linux's frontend takes whatever is not 0 as "yes". */
#define PVBLK_FLAG(name, member)	PVBLK_PROP_KEY(name, 0, U32_MAX, 0, member)

static const struct pvfront_key pvblk_prop_keys[] = {
	PVBLK_PROP_KEY("sectors", 0, S64_MAX >> SECTOR_SHIFT, PVFRONT_REQUIRED,
		       sectors),
	PVBLK_PROP_KEY("info", 0, U8_MAX, PVFRONT_REQUIRED, info),
	PVBLK_PROP_KEY("sector-size", PVBLK_SECTOR, PAGE_SIZE, PVFRONT_REQUIRED,
		       sector_size),
	PVBLK_PROP_KEY("physical-sector-size", PVBLK_SECTOR, SZ_1G, 0,
		       physical_sector_size),
	PVBLK_FLAG("feature-flush-cache", flush),
	PVBLK_FLAG("feature-barrier", barrier),
	PVBLK_FLAG("feature-persistent", persistent),
	PVBLK_PROP_KEY("feature-max-indirect-segments", 0, U16_MAX, 0,
		       max_indirect),
	PVBLK_FLAG("feature-discard", discard),
	PVBLK_PROP_KEY("discard-granularity", 0, SZ_1G, 0, discard_granularity),
	PVBLK_PROP_KEY("discard-alignment", 0, SZ_1G - 1, 0, discard_alignment),
	PVBLK_FLAG("discard-secure", discard_secure),
};

int pvblk_read_backend(struct pvblk_disk *d, struct pvblk_backend *b)
{
	int err;

	err = pvfront_read_keys(&d->front, d->front.xdev->otherend,
				pvblk_backend_keys,
				ARRAY_SIZE(pvblk_backend_keys), b);
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
	int err;

	err = pvfront_read_keys(&d->front, d->front.xdev->otherend,
				pvblk_prop_keys, ARRAY_SIZE(pvblk_prop_keys), p);
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
 * blkif has no key that identifies a disk, so size and kind are all there is. More room
 * and a lifted write protection hurt nobody.
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
