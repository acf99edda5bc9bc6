// SPDX-License-Identifier: GPL-2.0
/*
 * A disk appears, and goes. Both wait for its I/O: for the partition table, for what is
 * dirty in the page cache. So neither is to wait for a backend that does not answer.
 *
 * A disk is added by a work item of its own, and the connection goes on meanwhile: when
 * it ends, it has the I/O fail, and then that item ends, too.
 */
#include <linux/blkdev.h>
#include <linux/workqueue.h>

#include "pvblk.h"

/*
 * A backend that answers nothing while a disk is added is looked at so often, and given
 * up after so many turns, 60 s: storage may fail over, but whoever calls sync(), to shut
 * down say, waits for the scan.
 */
#define PVBLK_SCAN		(30 * HZ)
#define PVBLK_SCAN_TURNS	2U

/*
 * A disk that is being deleted is looked at so often, and of its backend so many
 * answers are asked in so many turns, 30 s: fewer would keep whoever unbinds the driver
 * waiting for hours.
 */
#define PVBLK_VIGIL		(HZ / 2)
#define PVBLK_VIGIL_TURNS	60U
#define PVBLK_VIGIL_ANSWERS	8U

static u64 pvblk_answers(struct pvblk_disk *d)
{
	unsigned int i;
	u64 sum = 0;

	/* Keeps the queues. */
	mutex_lock(&d->fence_lock);
	for (i = 0; d->queues && i < d->nr_queues; i++)
		sum += READ_ONCE(d->queues[i].stats.responses);
	mutex_unlock(&d->fence_lock);
	return sum;
}

static void pvblk_add(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(work, struct pvblk_disk, add);
	int err;

	err = device_add_disk(&d->front.xdev->dev, d->gd, pvblk_disk_groups);
	WRITE_ONCE(d->added, !err);
	WRITE_ONCE(d->add_failed, err && pvfront_is_transient(err));
	/* Pairs with pvblk_disk_add_end(), which waits for this item. */
	WRITE_ONCE(d->adding, false);
	cancel_delayed_work(&d->scan);
	if (!err)
		return;
	if (d->add_failed) {
		dev_warn(&d->front.xdev->dev,
			 "adding disk %s: error %d; it will be tried again\n",
			 d->place.name, err);
		pvfront_retry(&d->front);
		return;
	}
	dev_err(&d->front.xdev->dev, "adding disk %s: error %d\n",
		d->place.name, err);
	pvfront_break(&d->front, PVFRONT_BROKE_ADD);
}

static void pvblk_scan(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(to_delayed_work(work),
					    struct pvblk_disk, scan);
	u64 answers = pvblk_answers(d);

	if (!READ_ONCE(d->adding))
		return;
	d->scan_silent = answers == d->answers ? d->scan_silent + 1 : 0;
	d->answers = answers;
	if (d->scan_silent == PVBLK_SCAN_TURNS) {
		pvfront_break(&d->front, PVFRONT_BROKE_SILENT);
		return;
	}
	if (d->scan_silent)
		xenbus_dev_error(d->front.xdev, -ETIMEDOUT,
				 "backend has answered nothing for %u s while the partitions of %s are read; given up after %u s",
				 d->scan_silent * PVBLK_SCAN / HZ, d->place.name,
				 PVBLK_SCAN_TURNS * PVBLK_SCAN / HZ);
	queue_delayed_work(pvblk_add_wq, &d->scan, PVBLK_SCAN);
}

void pvblk_disk_add(struct pvblk_disk *d)
{
	if (d->added)
		return;
	/* The block layer adds no disk twice: with another connection another is made. */
	if (READ_ONCE(d->add_failed)) {
		pvfront_retry(&d->front);
		return;
	}
	d->answers = pvblk_answers(d);
	if (!READ_ONCE(d->adding)) {
		d->adding = true;
		queue_work(pvblk_add_wq, &d->add);
	}
	d->scan_silent = 0;
	queue_delayed_work(pvblk_add_wq, &d->scan, PVBLK_SCAN);
}

void pvblk_disk_add_pause(struct pvblk_disk *d)
{
	cancel_delayed_work_sync(&d->scan);
	d->scan_silent = 0;
	if (READ_ONCE(d->adding))
		queue_delayed_work(pvblk_add_wq, &d->scan, PVBLK_SCAN);
}

void pvblk_disk_add_end(struct pvblk_disk *d)
{
	cancel_delayed_work_sync(&d->scan);
	flush_work(&d->add);
}

/* Nothing of the disk will be answered any more. */
static void pvblk_give_up(struct pvblk_disk *d)
{
	WRITE_ONCE(d->dead, true);
	pvblk_stop_queues(d, false);
}

static void pvblk_vigil(struct work_struct *work)
{
	struct pvblk_disk *d = container_of(to_delayed_work(work),
					    struct pvblk_disk, vigil);
	u64 answers = pvblk_answers(d);

	/* Where the driver is unbound no watch tells of the backend's end. */
	if (READ_ONCE(d->front.stopped))
		pvfront_look(&d->front);
	if (answers - d->answers >= PVBLK_VIGIL_ANSWERS || pvblk_fence_is_idle(d)) {
		d->answers = answers;
		d->vigil_left = PVBLK_VIGIL_TURNS;
	}
	if (!--d->vigil_left)
		dev_err(&d->front.xdev->dev,
			"backend has answered %llu requests in %u s: what is not written is lost\n",
			answers - d->answers, PVBLK_VIGIL_TURNS * PVBLK_VIGIL / HZ);
	if (!d->vigil_left || pvfront_peer_gone(&d->front)) {
		pvblk_give_up(d);
		return;
	}
	queue_delayed_work(pvblk_wq, &d->vigil, PVBLK_VIGIL);
}

void pvblk_vigil_begin(struct pvblk_disk *d)
{
	if (READ_ONCE(d->dead))
		return;
	d->answers = pvblk_answers(d);
	d->vigil_left = PVBLK_VIGIL_TURNS;
	queue_delayed_work(pvblk_wq, &d->vigil, PVBLK_VIGIL);
}

void pvblk_vigil_end(struct pvblk_disk *d)
{
	cancel_delayed_work_sync(&d->vigil);
}

void pvblk_add_init(struct pvblk_disk *d)
{
	INIT_WORK(&d->add, pvblk_add);
	INIT_DELAYED_WORK(&d->scan, pvblk_scan);
	INIT_DELAYED_WORK(&d->vigil, pvblk_vigil);
}
