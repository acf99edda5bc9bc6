// SPDX-License-Identifier: GPL-2.0
/* pvcon: module and xenbus driver; what a console's directory says of it. */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <xen/xen.h>

#include "name.h"
#include "pvcon.h"

static int pvcon_check_number(struct xenbus_device *xdev)
{
	u64 number;
	int err;

	err = pvcon_number(xdev->nodename, &number);
	if (err) {
		xenbus_dev_fatal(xdev, err, "%s does not end in a number from 0 to %llu",
				 xdev->nodename, U64_MAX);
		return err;
	}
	/* Its ring and event channel do not come through xenstore. */
	if (!number)
		return -ENODEV;
	return 0;
}

enum { PVCON_KEYS_CONSOLE };

#define PVCON_KEY(table, name, type, min, max, def, member)		\
	PVFRONT_KEY(PVCON_KEYS_##table, name, type, min, max, def,	\
		    struct pvcon, member),
static const struct pvfront_key pvcon_keys[] = {
#include "keys.def"
};

static void pvcon_free(struct pvcon *con)
{
	kfree(con->channel);
	kfree(con);
}

static int pvcon_begin(struct xenbus_device *xdev)
{
	struct pvcon *con;
	int err;

	err = pvcon_check_number(xdev);
	if (err)
		return err;

	con = kzalloc(sizeof(*con), GFP_KERNEL);
	if (!con)
		return -ENOMEM;
	con->line = -1;
	init_waitqueue_head(&con->sent);
	pvfront_init(&con->front, xdev, &pvcon_front_ops);

	err = pvfront_read_keys(&con->front, xdev->nodename, pvcon_keys,
				ARRAY_SIZE(pvcon_keys), PVCON_KEYS_CONSOLE, con);
	if (!err)
		err = pvcon_forget_keys(con);
	if (!err)
		err = pvfront_start(&con->front);
	if (err)
		pvcon_free(con);
	return err;
}

/*
 * In xenwatch, which also brings back a disk that is swapped to: nothing waits for memory
 * that only that disk could give.
 */
static int pvcon_probe(struct xenbus_device *xdev,
		       const struct xenbus_device_id *id)
{
	unsigned int noio = memalloc_noio_save();
	int err = pvcon_begin(xdev);

	memalloc_noio_restore(noio);
	return err;
}

static void pvcon_remove(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_of(&xdev->dev);
	unsigned int noio = memalloc_noio_save();

	pvfront_stop(f);
	pvfront_exit(f);
	pvcon_free(pvcon_of(f));
	memalloc_noio_restore(noio);
}

static const struct xenbus_device_id pvcon_ids[] = {
	{ "console" },
	{ "" }
};

static struct xenbus_driver pvcon_driver = {
	.name = "pvcon",
	.ids = pvcon_ids,
	.probe = pvcon_probe,
	.remove = pvcon_remove,
	.otherend_changed = pvfront_peer_changed,
	.suspend = pvfront_suspend,
	.resume = pvfront_resume,
	/* Booting does not wait minutes for a console nobody serves. */
	.not_essential = true,
	.driver.groups = pvcon_driver_groups,
	.driver.dev_groups = pvcon_attr_groups,
};

static int __init pvcon_init(void)
{
	/* In dom0 there is no backend to connect to. */
	if (!xen_domain() || xen_initial_domain())
		return -ENODEV;
	return xenbus_register_frontend(&pvcon_driver);
}
module_init(pvcon_init);

static void __exit pvcon_exit(void)
{
	xenbus_unregister_driver(&pvcon_driver);
	pvcon_tty_exit();
}
module_exit(pvcon_exit);

MODULE_DESCRIPTION("Xen secondary PV consoles as hvc terminals");
MODULE_AUTHOR("The pvguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(PV_VERSION);
MODULE_ALIAS("xen:console");
