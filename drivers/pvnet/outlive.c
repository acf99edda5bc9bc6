// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces that outlive their vif. The toolstack takes that away with a backend that has
 * died, and makes another for the next one: an interface that is up is an orphan meanwhile,
 * with its addresses and routes, and the next vif of its number and address adopts it.
 */
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pvnet.h"

/* A vif that is being probed cannot come back to it later. */
#define PVNET_READ_TRIES	8

PVFRONT_TMO_PARAM(ctrl_loss_tmo, 0, 600, "600",
		  "Time until an interface whose vif was removed with its backend goes");

static void pvnet_move(struct pvnet *net, struct device *parent)
{
	int err;

	/* ethtool and others use the parent under it, and whoever renames wants its uevent. */
	rtnl_lock();
	err = pvfront_move_device(&net->dev->dev, parent);
	rtnl_unlock();
	if (err)
		netdev_warn(net->dev, "cannot be moved in sysfs (%d)\n", err);
}

bool pvnet_waits_for_a_vif(void)
{
	return READ_ONCE(pvfront_limit_ctrl_loss_tmo.value);
}

void pvnet_orphan(struct pvnet *net)
{
	get_device(&net->front.xdev->dev);
	pvnet_move(net, NULL);
	/*
	 * Only now, and from now on: a backend that is gone from its vif may come back at any
	 * time. Not so if this vif had not even been probed.
	 */
	if (!net->front.adopted)
		pvfront_count_anew(&net->front);
	net->front.policy.ctrl_loss = READ_ONCE(pvfront_limit_ctrl_loss_tmo.value);
	pvfront_orphan(&net->front);
}

void pvnet_expired(struct pvfront *f)
{
	struct xenbus_device *xdev = f->xdev;

	pvfront_exit(f);
	pvnet_netdev_free(container_of(f, struct pvnet, front));
	put_device(&xdev->dev);
}

static bool pvnet_has_number(struct pvfront *f, const void *data)
{
	const struct xenbus_device *xdev = data;

	return !strcmp(f->xdev->nodename, xdev->nodename);
}

/* Whether it is the same interface to the toolstack, whatever address users have set. */
static bool pvnet_has_mac(const struct pvnet *net, const struct xenbus_device *xdev)
{
	unsigned int tries = PVNET_READ_TRIES;
	char *mac;
	bool same;

	do
		mac = xenbus_read(XBT_NIL, xdev->nodename, "mac", NULL);
	while (IS_ERR(mac) && pvfront_is_transient(PTR_ERR(mac)) && --tries);
	if (IS_ERR(mac))
		return false;
	same = !strcasecmp(mac, net->given_mac);
	kfree(mac);
	return same;
}

struct pvnet *pvnet_adopt(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_orphan_take(&pvnet_front_ops, pvnet_has_number, xdev);
	struct xenbus_device *old;
	struct pvnet *net;
	bool same;

	if (!f)
		return NULL;
	net = container_of(f, struct pvnet, front);
	same = pvnet_has_mac(net, xdev);
	if (!same)
		netdev_err(net->dev, "its vif has another address now: the interface goes\n");
	if (!same || pvfront_orphan_is_over(f)) {
		/* Its name is free for the other when this returns. */
		pvfront_abandon(f);
		return NULL;
	}
	old = f->xdev;
	pvfront_adopt(f, xdev);
	pvfront_policy_set(f, &f->policy.ctrl_loss, PVFRONT_OFF);
	put_device(&old->dev);
	pvnet_move(net, &xdev->dev);
	netdev_info(net->dev, "has waited for this vif\n");
	return net;
}

bool pvnet_outlives(struct pvfront *f)
{
	return container_of(f, struct pvnet, front)->dev->reg_state == NETREG_REGISTERED;
}

bool pvnet_in_use(struct pvfront *f)
{
	return netif_running(container_of(f, struct pvnet, front)->dev);
}
