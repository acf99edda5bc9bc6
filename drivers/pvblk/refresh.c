// SPDX-License-Identifier: GPL-2.0
/*
 * The backend announces itself again while the disk is in use: what may change then is size,
 * write protection, and what the block layer may ask of it. The rest of what it says belongs
 * to the connection.
 */
#include "pvblk.h"

static bool pvblk_refresh_say(struct pvblk_disk *d, const char *key, u64 old, u64 new)
{
	if (old == new)
		return false;
	dev_info(&d->front.xdev->dev, "%s: %s was %llu and is %llu\n", d->place.name, key,
		 old, new);
	return true;
}

/*
 * Whether the limits change. For nothing they are not set anew: what the backend has refused
 * meanwhile, a discard say, would be asked for again.
 */
static bool pvblk_refresh_limits(struct pvblk_disk *d, const struct pvblk_props *new)
{
	const struct pvblk_props *old = &d->props;
	bool changed;

	changed = pvblk_refresh_say(d, "physical-sector-size", old->physical_sector_size,
				    new->physical_sector_size);
	changed |= pvblk_refresh_say(d, "feature-flush-cache", old->flush, new->flush);
	changed |= pvblk_refresh_say(d, "feature-barrier", old->barrier, new->barrier);
	changed |= pvblk_refresh_say(d, "feature-discard", old->discard, new->discard);
	changed |= pvblk_refresh_say(d, "discard-granularity", old->discard_granularity,
				     new->discard_granularity);
	changed |= pvblk_refresh_say(d, "discard-alignment", old->discard_alignment,
				     new->discard_alignment);
	changed |= pvblk_refresh_say(d, "discard-secure", old->discard_secure,
				     new->discard_secure);
	return changed;
}

static void pvblk_refresh_props(struct pvblk_disk *d, const struct pvblk_props *new)
{
	struct pvblk_props *own = &d->props;

	mutex_lock(&d->fence_lock);
	own->sectors = new->sectors;
	own->info = new->info;
	own->physical_sector_size = new->physical_sector_size;
	/* Read by whoever issues a flush: pvblk_request_map(). */
	WRITE_ONCE(own->flush, new->flush);
	own->barrier = new->barrier;
	own->discard = new->discard;
	own->discard_granularity = new->discard_granularity;
	own->discard_alignment = new->discard_alignment;
	own->discard_secure = new->discard_secure;
	pvblk_kept_connected(d);
	mutex_unlock(&d->fence_lock);
}

int pvblk_refresh(struct pvfront *f)
{
	struct pvblk_disk *d = pvblk_disk_of(f);
	struct pvblk_props props;
	bool flushes, limits;
	int err;

	err = pvblk_read_props(d, &props);
	if (err)
		return err;
	if (props.sector_size != d->props.sector_size) {
		xenbus_dev_error(f->xdev, -EINVAL,
				 "sector-size changed from %llu to %llu in use",
				 d->props.sector_size, props.sector_size);
		return -EINVAL;
	}
	if ((props.info ^ d->props.info) & VDISK_READONLY)
		dev_info(&f->xdev->dev, "%s is %s now\n", d->place.name,
			 props.info & VDISK_READONLY ? "read-only" : "writable");
	flushes = props.flush > d->props.flush || props.barrier > d->props.barrier;
	limits = pvblk_refresh_limits(d, &props);
	pvblk_refresh_props(d, &props);
	/* Whatever the backend has made of flushes before. */
	if (flushes)
		WRITE_ONCE(d->no_flush, false);
	if (limits) {
		WRITE_ONCE(d->limits_news, true);
		pvblk_disk_relimit(d);
	}
	pvblk_disk_size(d);
	return 0;
}
