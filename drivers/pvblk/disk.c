// SPDX-License-Identifier: GPL-2.0
/* The gendisk: limits, size, ioctls; how it is made and goes. */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/cdrom.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/hdreg.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include <pv/compat/blk.h>

#include "params.h"
#include "pvblk.h"

/*
 * A disk that is being deleted is waited for so long once its I/O fails, and looked at
 * so often meanwhile. By then pvblk_fence_end() has given up what it can
 * (PVBLK_LET_GO_MS), and the rest of the deletion has had its time.
 */
#define PVBLK_DEL_WAIT		(5 * HZ)
#define PVBLK_DEL_LOOK		(HZ / 10)

/* How often a disk that is to be deleted is looked at for requests, in milliseconds. */
#define PVBLK_IDLE_MIN_MS	1U
#define PVBLK_IDLE_MAX_MS	500U

/* There are no cylinders; partitioning tools want some that cover the disk. */
static int pvblk_getgeo(struct pv_geo_device *dev, struct hd_geometry *geo)
{
	geo->heads = 255;
	geo->sectors = 63;
	geo->cylinders = min_t(sector_t, U16_MAX,
			       get_capacity(pv_geo_disk(dev)) / (255 * 63));
	return 0;
}

/*
 * What programs ask to tell a CD-ROM: blkif passes no commands to it, so there are no
 * other ioctls. One session, which begins at the start.
 *
 * Whoever has the disk open can come here when struct pvblk_disk has gone.
 */
static int pvblk_ioctl(struct block_device *bdev, pv_mode_t mode,
		       unsigned int command, unsigned long argument)
{
	switch (command) {
	case CDROMMULTISESSION:
		if (clear_user((void __user *)argument,
			       sizeof(struct cdrom_multisession)))
			return -EFAULT;
		return 0;
	case CDROM_GET_CAPABILITY:
		return -EINVAL;
	default:
		return -ENOTTY;
	}
}

static int pvblk_cdrom_ioctl(struct block_device *bdev, pv_mode_t mode,
			     unsigned int command, unsigned long argument)
{
	if (command == CDROM_GET_CAPABILITY)
		return 0;
	return pvblk_ioctl(bdev, mode, command, argument);
}

/* The disk is not deleted meanwhile. */
static int pvblk_open(struct pv_open_device *dev, pv_mode_t mode)
{
	struct gendisk *gd = pv_open_disk(dev);

	if (!disk_openers(gd))
		pvblk_kept_opened(gd->queue->queuedata);
	return 0;
}

static const struct block_device_operations pvblk_fops = {
	.owner = THIS_MODULE,
	.open = pvblk_open,
	.getgeo = pvblk_getgeo,
	.ioctl = pvblk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.get_unique_id = pvblk_identity_get,
};

static const struct block_device_operations pvblk_cdrom_fops = {
	.owner = THIS_MODULE,
	.open = pvblk_open,
	.getgeo = pvblk_getgeo,
	.ioctl = pvblk_cdrom_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.get_unique_id = pvblk_identity_get,
};

static struct pv_disk_limits pvblk_disk_limits(const struct pvblk_disk *d)
{
	const struct pvblk_props *p = &d->props;
	unsigned int discard = p->discard ? UINT_MAX >> SECTOR_SHIFT : 0;
	unsigned int physical = p->physical_sector_size ?: p->sector_size;

	return (struct pv_disk_limits){
		/* Every segment is one grant, which covers at most one page. */
		.max_segments = d->max_segs,
		.max_segment_size = PAGE_SIZE,
		.segment_boundary = PAGE_SIZE - 1,
		.max_sectors = d->max_segs * (PAGE_SIZE / PVBLK_SECTOR),
		.dma_alignment = PVBLK_SECTOR - 1,
		.logical_block_size = p->sector_size,
		.physical_block_size = physical,
		/*
		 * FUA is left to the block layer, which adds a flush: Linux's backend
		 * flushes before a BLKIF_OP_WRITE_BARRIER but not after it, so that
		 * operation does not make its own data durable.
		 */
		.write_cache = p->flush || p->barrier || d->kept.resend ||
			       READ_ONCE(d->kept.lost),
		.max_discard_sectors = discard,
		.max_secure_erase_sectors = p->discard_secure ? discard : 0,
		.discard_granularity = p->discard_granularity ?: physical,
		.discard_alignment = p->discard_alignment,
	};
}

static void pvblk_relimit(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(work, struct pvblk_disk, relimit);
	bool news = xchg(&d->limits_news, false);
	unsigned int noio = memalloc_noio_save();
	struct pv_disk_limits l;
	int err;

	mutex_lock(&d->fence_lock);
	l = pvblk_disk_limits(d);
	mutex_unlock(&d->fence_lock);
	err = pv_disk_set_limits(d->gd->queue, &l);
	memalloc_noio_restore(noio);
	/* Not with the xenbus device, which may be another one by now. */
	if (err)
		dev_err(disk_to_dev(d->gd),
			"limits of the new backend (error %d): those of the old one stay\n",
			err);
	else if (news && READ_ONCE(d->added))
		disk_uevent(d->gd, KOBJ_CHANGE);
}

void pvblk_disk_relimit(struct pvblk_disk *d)
{
	queue_work(pvblk_add_wq, &d->relimit);
}

void pvblk_disk_size(struct pvblk_disk *d)
{
	set_disk_ro(d->gd, d->props.info & VDISK_READONLY);
	set_capacity_and_notify(d->gd, d->props.sectors);
}

void pvblk_disk_set_timeout(struct pvblk_disk *d)
{
	int tmo = READ_ONCE(d->io_timeout);
	bool sooner = tmo != PVFRONT_OFF && tmo < PVBLK_TIMEOUT / HZ;

	blk_queue_rq_timeout(d->gd->queue, sooner ? tmo * HZ : PVBLK_TIMEOUT);
}

static int pvblk_disk_alloc(struct pvblk_disk *d)
{
	int err;

	d->set.ops = &pvblk_mq_ops;
	d->set.numa_node = NUMA_NO_NODE;
	d->set.nr_maps = d->tag_polled ? HCTX_MAX_TYPES : 1;
	/*
	 * The backend's disk has a scheduler of its own. And a CPU that goes offline waits
	 * for no request, as with a stacked disk: those of a parked one may wait for long,
	 * and xenwatch, which takes CPUs away, is what brings the backend back.
	 */
	d->set.flags = PV_MQ_SHOULD_MERGE | BLK_MQ_F_NO_SCHED_BY_DEFAULT | BLK_MQ_F_STACKING;
	d->set.cmd_size = struct_size((struct pvblk_request *)NULL, grant,
				      d->max_segs);
	d->set.driver_data = d;
	err = blk_mq_alloc_tag_set(&d->set);
	if (err)
		return err;

	d->gd = pv_disk_alloc(&d->set, d);
	if (IS_ERR(d->gd)) {
		err = PTR_ERR(d->gd);
		d->gd = NULL;
		blk_mq_free_tag_set(&d->set);
		return err;
	}
	d->tag_segs = d->max_segs;
	return 0;
}

static void pvblk_disk_free(struct pvblk_disk *d)
{
	struct gendisk *gd = d->gd;

	pvblk_identity_drop(d);
	/* Nothing is in flight. Queues look for requests among the tags. */
	pvblk_fence_end(d, false);
	pvblk_kept_exit(d);
	mutex_lock(&d->fence_lock);
	d->gd = NULL;
	WRITE_ONCE(d->failing, false);
	mutex_unlock(&d->fence_lock);
	put_disk(gd);
	blk_mq_free_tag_set(&d->set);
}

int pvblk_disk_make(struct pvblk_disk *d)
{
	struct pv_disk_limits limits = pvblk_disk_limits(d);
	struct gendisk *gd;
	int err;

	err = pvblk_minors_take(d);
	if (err)
		return err;

	err = pvblk_disk_alloc(d);
	if (err)
		goto err_minors;

	gd = d->gd;
	gd->major = PVBLK_MAJOR;
	gd->first_minor = d->place.first_minor;
	gd->minors = d->place.nr_minors;
	strscpy(gd->disk_name, d->place.name, sizeof(gd->disk_name));
	gd->fops = d->props.info & VDISK_CDROM ? &pvblk_cdrom_fops : &pvblk_fops;
	if (d->props.info & VDISK_REMOVABLE || d->props.removable)
		gd->flags |= GENHD_FL_REMOVABLE;
	if (gd->minors == 1 || pvblk_no_part_scan())
		gd->flags |= GENHD_FL_NO_PART;
	pvblk_disk_set_timeout(d);

	err = pv_disk_set_limits(gd->queue, &limits);
	if (err)
		goto err_disk;
	set_disk_ro(gd, d->props.info & VDISK_READONLY);
	set_capacity(gd, d->props.sectors);
	return 0;

err_disk:
	pvblk_disk_free(d);
err_minors:
	pvblk_minors_release(d);
	pvfront_fail(&d->front, err, "making disk %s", d->place.name);
	return err;
}

/*
 * What a backend keeps is waited for here and not in del_gendisk(): the disk can still be
 * moved off its device, and no lock of the block layer is held.
 */
static void pvblk_wait_idle(struct pvblk_disk *d)
{
	unsigned int ms = PVBLK_IDLE_MIN_MS;

	while (!pvblk_fence_is_idle(d)) {
		msleep(ms);
		ms = min(2 * ms, PVBLK_IDLE_MAX_MS);
	}
}

static void pvblk_del(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(work, struct pvblk_disk, del);

	if (d->added && d->surprise) {
		blk_mark_disk_dead(d->gd);
		pvblk_wait_idle(d);
	}
	mutex_lock(&d->fence_lock);
	d->deleting = true;
	mutex_unlock(&d->fence_lock);
	if (d->added)
		del_gendisk(d->gd);
	d->added = false;
	cancel_work_sync(&d->relimit);
	d->add_failed = false;
	pvblk_disk_free(d);
	pvblk_minors_end(d);
	/* Pairs with pvblk_disk_is_going(): what was written above is seen, too. */
	smp_store_release(&d->going, false);
	wake_up(&d->gone);
	pvblk_disk_put(d);
}

bool pvblk_disk_is_going(const struct pvblk_disk *d)
{
	/* Pairs with pvblk_del(). */
	return smp_load_acquire(&d->going);
}

void pvblk_disk_del(struct pvblk_disk *d, bool surprise)
{
	unsigned long until = jiffies + PVBLK_DEL_WAIT;

	d->surprise = surprise;
	d->deleting = false;
	WRITE_ONCE(d->going, true);
	kref_get(&d->ref);
	queue_work(pvblk_del_wq, &d->del);

	while (!wait_event_timeout(d->gone, !pvblk_disk_is_going(d), PVBLK_DEL_LOOK)) {
		if (!READ_ONCE(d->dead))
			until = jiffies + PVBLK_DEL_WAIT;
		else if (time_after(jiffies, pvfront_until(&d->front, until)))
			break;
	}
	if (!pvblk_disk_is_going(d))
		return;
	dev_warn(&d->front.xdev->dev,
		 "%s goes when the backend lets go of data of failed requests\n",
		 d->place.name);
	pvblk_leave_device(d);
}

void pvblk_disk_init(struct pvblk_disk *d)
{
	pvblk_minors_init(d);
	INIT_LIST_HEAD(&d->identity.list);
	INIT_WORK(&d->relimit, pvblk_relimit);
	INIT_WORK(&d->del, pvblk_del);
	init_waitqueue_head(&d->gone);
}
