// SPDX-License-Identifier: GPL-2.0
/* pvblk: module, the toolstack's keys, xenbus glue. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/interface/io/blkif.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "params.h"
#include "pvblk.h"

struct workqueue_struct *pvblk_wq;
struct workqueue_struct *pvblk_add_wq;
struct workqueue_struct *pvblk_del_wq;

/*
 * What an HVM guest has an emulated drive for stays with that: two drivers would write
 * to one disk. Drives of hd* and sd* numbers are emulated unless they were unplugged;
 * a CD-ROM is never unplugged.
 */
static int pvblk_check_emulated(struct pvblk_disk *d, u64 vdev, const char *type)
{
	struct xenbus_device *xdev = d->front.xdev;

	if (!xen_hvm_domain())
		return 0;

	if (xen_has_pv_and_legacy_disk_devices() && !pvblk_is_xvd(vdev)) {
		dev_info(&xdev->dev,
			 "virtual-device %llu is an emulated drive's, which was not unplugged\n",
			 vdev);
		return -ENODEV;
	}

	if (!type || strcmp(type, "cdrom"))
		return 0;
	dev_info(&xdev->dev, "device-type is \"cdrom\", which is emulated\n");
	return -ENODEV;
}

static int pvblk_configure(struct pvblk_disk *d)
{
	struct xenbus_device *xdev = d->front.xdev;
	struct pvblk_number number;
	u64 vdev;
	int err;

	err = pvblk_read_keys(d, PVBLK_KEYS_NUMBER, &number);
	if (err)
		return err;

	vdev = number.vdev != PVBLK_NO_VDEV ? number.vdev : number.vdev_ext;
	err = pvblk_place(vdev, &d->place);
	if (err)
		xenbus_dev_fatal(xdev, err,
				 "virtual-device %llu names no disk or partition",
				 vdev);
	else
		err = pvblk_check_emulated(d, vdev, number.type);
	d->handle = vdev;
	kfree(number.type);
	return err;
}

int pvblk_read_trust(struct pvblk_disk *d)
{
	struct pvblk_config config;
	int err = pvblk_read_keys(d, PVBLK_KEYS_TOOLSTACK, &config);

	if (!err)
		d->trusted = config.trusted && pvblk_trusts_backends();
	return err;
}

/* The device goes; if the disk @outlives it, it waits for another. */
static void pvblk_leave(struct pvblk_disk *d, bool outlives)
{
	if (outlives)
		pvblk_orphan(d);
	else
		pvblk_disk_put(d);
}

static int pvblk_begin(struct xenbus_device *xdev)
{
	struct pvblk_disk *d;
	int err;

	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;

	kref_init(&d->ref);
	get_device(&xdev->dev);
	pvblk_disk_init(d);
	pvblk_knobs_init(d);
	pvblk_add_init(d);
	pvblk_fence_init(d);
	pvfront_init(&d->front, xdev, &pvblk_front_ops);
	d->front.policy = pvblk_policy();
	d->io_timeout = pvblk_io_timeout();
	pvblk_kept_init(d, pvblk_unflushed_kb());

	err = pvblk_configure(d);
	if (err) {
		pvblk_disk_put(d);
		return err;
	}
	/* One that cannot be read now is when the disk is connected. */
	pvblk_source_read(d, &d->source);
	d = pvblk_adopt(d);
	err = pvfront_start(&d->front);
	if (err)
		pvblk_leave(d, d->front.held);
	return err;
}

/*
 * In xenwatch, which also brings back a disk that is swapped to: nothing waits for memory
 * that only that disk could give.
 */
static int pvblk_probe(struct xenbus_device *xdev,
		       const struct xenbus_device_id *id)
{
	unsigned int noio = memalloc_noio_save();
	int err = pvblk_begin(xdev);

	memalloc_noio_restore(noio);
	return err;
}

/* No request is left. Pages that the backend maps rest until it lets go. */
static void pvblk_disk_release(struct kref *ref)
{
	struct pvblk_disk *d = container_of(ref, struct pvblk_disk, ref);
	struct xenbus_device *xdev = d->front.xdev;

	pvblk_fence_exit(d);
	pvfront_exit(&d->front);
	kfree(d->source);
	kfree(d);
	put_device(&xdev->dev);
}

void pvblk_disk_put(struct pvblk_disk *d)
{
	kref_put(&d->ref, pvblk_disk_release);
}

static void pvblk_remove(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_of(&xdev->dev);
	unsigned int noio = memalloc_noio_save();

	pvblk_leave(pvblk_disk_of(f), pvfront_stop(f));
	memalloc_noio_restore(noio);
}

/* Boot waits for disks; one that was refused is not waited for. */
static int pvblk_is_ready(struct xenbus_device *xdev)
{
	const struct pvblk_disk *d = pvblk_disk_of(pvfront_of(&xdev->dev));

	return pvfront_is_live(&d->front) && !READ_ONCE(d->adding) &&
	       !READ_ONCE(d->add_failed);
}

static const struct xenbus_device_id pvblk_ids[] = {
	{ "vbd" },
	{ "" }
};

static struct xenbus_driver pvblk_driver = {
	.name = "pvblk",
	.driver.dev_groups = pvblk_groups,
	.ids = pvblk_ids,
	.probe = pvblk_probe,
	.remove = pvblk_remove,
	.otherend_changed = pvfront_peer_changed,
	.suspend = pvfront_suspend,
	.resume = pvfront_resume,
	.is_ready = pvblk_is_ready,
};

static int __init pvblk_init(void)
{
	int err;

	if (!xen_domain())
		return -ENODEV;
	if (!xen_has_pv_disk_devices()) {
		pr_err("the emulated disks were not unplugged (see xen_emul_unplug)\n");
		return -ENODEV;
	}

	pvblk_wq = alloc_workqueue("pvblk", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!pvblk_wq)
		return -ENOMEM;
	pvblk_add_wq = alloc_workqueue("pvblk_add", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!pvblk_add_wq) {
		err = -ENOMEM;
		goto err_wq;
	}
	pvblk_del_wq = alloc_workqueue("pvblk_del", WQ_UNBOUND, 0);
	if (!pvblk_del_wq) {
		err = -ENOMEM;
		goto err_add_wq;
	}

	err = register_blkdev(PVBLK_MAJOR, "xvd");
	if (err) {
		pr_err("major %u is taken (%d): if xen_blkfront is loaded, unbind its disks in /sys/bus/xen/drivers/vbd and `rmmod xen_blkfront` first\n",
		       PVBLK_MAJOR, err);
		goto err_del_wq;
	}
	err = xenbus_register_frontend(&pvblk_driver);
	if (err)
		goto err_major;
	return 0;

err_major:
	unregister_blkdev(PVBLK_MAJOR, "xvd");
err_del_wq:
	destroy_workqueue(pvblk_del_wq);
err_add_wq:
	destroy_workqueue(pvblk_add_wq);
err_wq:
	destroy_workqueue(pvblk_wq);
	return err;
}
module_init(pvblk_init);

static void __exit pvblk_exit(void)
{
	xenbus_unregister_driver(&pvblk_driver);
	pvfront_orphans_end(&pvblk_front_ops);
	/* Disks that go may become guards. */
	flush_workqueue(pvblk_del_wq);
	pvblk_guards_end();
	/* Disks that go still; the other queues serve them. */
	destroy_workqueue(pvblk_del_wq);
	unregister_blkdev(PVBLK_MAJOR, "xvd");
	destroy_workqueue(pvblk_add_wq);
	destroy_workqueue(pvblk_wq);
}
module_exit(pvblk_exit);

MODULE_DESCRIPTION("Xen virtual block device frontend");
MODULE_AUTHOR("The pvguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(PV_VERSION);
MODULE_ALIAS("xen:vbd");
MODULE_ALIAS_BLOCKDEV_MAJOR(PVBLK_MAJOR);
