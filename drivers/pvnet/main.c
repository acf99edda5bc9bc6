// SPDX-License-Identifier: GPL-2.0
/* pvnet: network frontend for Xen. Module and xenbus driver. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <xen/platform_pci.h>
#include <xen/xen.h>

#include "pvnet.h"

PVFRONT_PARAM(max_queues, 1, 64, 8, 0644,
	      "Most queues of an interface that is made later; never more than CPUs or than the backend serves");

/* The vif goes; if the interface @outlives it, it waits for another. */
static void pvnet_leave(struct pvnet *net, bool outlives)
{
	/* Without a limit it goes here, before another vif is probed that needs its name. */
	if (outlives && pvnet_waits_for_a_vif()) {
		pvnet_orphan(net);
	} else {
		pvfront_exit(&net->front);
		pvnet_netdev_free(net);
	}
}

static int pvnet_begin(struct xenbus_device *xdev)
{
	unsigned int queues = min(READ_ONCE(pvfront_param_max_queues.value),
				  num_possible_cpus());
	struct pvnet *net = pvnet_adopt(xdev);
	struct net_device *dev;
	int err;

	if (IS_ERR(net))
		return PTR_ERR(net);
	if (!net) {
		dev = pvnet_netdev_create(xdev, queues);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		net = netdev_priv(dev);
	}
	err = pvfront_start(&net->front);
	if (err)
		pvnet_leave(net, net->front.held);
	return err;
}

/*
 * In xenwatch, which also brings back a disk that is swapped to: nothing here waits for
 * memory that only that disk could give. Whoever has RTNL may (docs/reliability.md).
 */
static int pvnet_probe(struct xenbus_device *xdev,
		       const struct xenbus_device_id *id)
{
	unsigned int noio = memalloc_noio_save();
	int err = pvnet_begin(xdev);

	memalloc_noio_restore(noio);
	return err;
}

static void pvnet_remove(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_of(&xdev->dev);
	unsigned int noio = memalloc_noio_save();

	/* So it ends with its backend, and nobody is told that it waits. */
	if (!pvnet_waits_for_a_vif())
		WRITE_ONCE(f->policy.ctrl_loss, 0);

	pvnet_leave(container_of(f, struct pvnet, front), pvfront_stop(f));
	memalloc_noio_restore(noio);
}

static const struct xenbus_device_id pvnet_ids[] = {
	{ "vif" },
	{ "" }
};

static struct xenbus_driver pvnet_driver = {
	.name = "pvnet",
	.ids = pvnet_ids,
	.probe = pvnet_probe,
	.remove = pvnet_remove,
	.otherend_changed = pvfront_peer_changed,
	.suspend = pvfront_suspend,
	.resume = pvfront_resume,
};

static int pvnet_warn_if_taken(struct device *dev, void *data)
{
	struct device_driver *other = READ_ONCE(dev->driver);

	if (other && other != &pvnet_driver.driver &&
	    !strcmp(to_xenbus_device(dev)->devicetype, pvnet_ids[0].devicetype))
		pr_warn("%s is held by %s; echo %s >/sys/bus/xen/drivers/%s/unbind, then .../pvnet/bind\n",
			dev_name(dev), module_name(other->owner), dev_name(dev),
			other->name);
	return 0;
}

static int __init pvnet_init(void)
{
	int err;

	if (!xen_domain()) {
		pr_err("not a guest of Xen\n");
		return -ENODEV;
	}
	if (!xen_has_pv_nic_devices()) {
		pr_err("the emulated network cards were not unplugged (see xen_emul_unplug)\n");
		return -ENODEV;
	}
	pvnet_orphans_init();
	err = xenbus_register_frontend(&pvnet_driver);
	if (err) {
		pr_err("registering with xenbus failed: %d\n", err);
		return err;
	}
	bus_for_each_dev(pvnet_driver.driver.bus, NULL, NULL, pvnet_warn_if_taken);
	return 0;
}
module_init(pvnet_init);

static void __exit pvnet_exit(void)
{
	xenbus_unregister_driver(&pvnet_driver);
	pvnet_orphans_exit();
}
module_exit(pvnet_exit);

MODULE_DESCRIPTION("Xen paravirtual network frontend");
MODULE_AUTHOR("The pvguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(PV_VERSION);
MODULE_ALIAS("xen:vif");
