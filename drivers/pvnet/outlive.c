// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces that outlive their vif. The toolstack takes that away with a backend that has
 * died, and makes another for the next one: an interface that is up is an orphan meanwhile,
 * with its addresses and routes, and the next vif of its number and address adopts it.
 */
#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "pvnet.h"

/* A vif that is being probed cannot come back to it later. */
#define PVNET_READ_TRIES	8

/* How long it waits for the interface of the vif before it to go, whose name it needs. */
#define PVNET_END_JIFFIES	(5 * HZ)

PVFRONT_TMO_PARAM(ctrl_loss_tmo, 0, 600, "600",
		  "Time until an interface whose vif was removed with its backend goes");

/* Interfaces without a vif, until another adopts them or they are unregistered. */
static DEFINE_SPINLOCK(pvnet_orphans_lock);
static LIST_HEAD(pvnet_orphans);
static DECLARE_WAIT_QUEUE_HEAD(pvnet_orphan_gone);

/*
 * Frees those that nobody adopts. Not in pvfront's queue: that is for what memory may wait
 * for, and unregister_netdev() waits for work of queues that are not.
 */
static void pvnet_end_orphans(struct work_struct *work);
static DECLARE_WORK(pvnet_orphans_end, pvnet_end_orphans);

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

static void pvnet_orphan_add(struct pvnet *net)
{
	spin_lock(&pvnet_orphans_lock);
	list_add_tail(&net->orphan, &pvnet_orphans);
	spin_unlock(&pvnet_orphans_lock);
}

static void pvnet_orphan_del(struct pvnet *net)
{
	spin_lock(&pvnet_orphans_lock);
	list_del(&net->orphan);
	spin_unlock(&pvnet_orphans_lock);
}

bool pvnet_waits_for_a_vif(void)
{
	return READ_ONCE(pvfront_limit_ctrl_loss_tmo.value);
}

static void pvnet_say_orphan(const struct pvnet *net)
{
	const char *vif = net->front.xdev->nodename;
	int tmo = net->front.policy.ctrl_loss;

	if (tmo == PVFRONT_OFF)
		netdev_notice(net->dev, "waits for another %s\n", vif);
	else
		netdev_notice(net->dev, "waits for another %s for %d s (ctrl_loss_tmo)\n", vif,
			      tmo);
}

void pvnet_orphan(struct pvnet *net)
{
	get_device(&net->front.xdev->dev);
	pvnet_move(net, NULL);
	pvnet_orphan_add(net);
	/*
	 * Only now, and from now on: a backend that is gone from its vif may come back at any
	 * time. Not so if this vif had not even been probed.
	 */
	if (!net->front.adopted)
		pvfront_count_anew(&net->front);
	net->front.policy.ctrl_loss = READ_ONCE(pvfront_limit_ctrl_loss_tmo.value);
	pvnet_say_orphan(net);
	pvfront_orphan(&net->front);
}

static struct pvnet *pvnet_expired_orphan(void)
{
	struct pvnet *net, *found = NULL;

	spin_lock(&pvnet_orphans_lock);
	list_for_each_entry(net, &pvnet_orphans, orphan) {
		if (net->expired) {
			found = net;
			break;
		}
	}
	spin_unlock(&pvnet_orphans_lock);
	return found;
}

static void pvnet_end_orphans(struct work_struct *work)
{
	struct pvnet *net;

	while ((net = pvnet_expired_orphan())) {
		struct xenbus_device *xdev = net->front.xdev;

		unregister_netdev(net->dev);
		pvnet_orphan_del(net);
		wake_up_all(&pvnet_orphan_gone);
		pvfront_exit(&net->front);
		pvnet_netdev_free(net);
		put_device(&xdev->dev);
	}
}

void pvnet_expired(struct pvfront *f)
{
	struct pvnet *net = container_of(f, struct pvnet, front);

	spin_lock(&pvnet_orphans_lock);
	net->expired = true;
	spin_unlock(&pvnet_orphans_lock);
	schedule_work(&pvnet_orphans_end);
}

/* Those who wait have no other place where that is set: 0 ends them. */
static void pvnet_limit_changed(int seconds)
{
	pvfront_orphans_limit(&pvnet_front_ops, seconds);
}

void pvnet_orphans_init(void)
{
	pvfront_limit_ctrl_loss_tmo.changed = pvnet_limit_changed;
}

void pvnet_orphans_exit(void)
{
	pvfront_orphans_end(&pvnet_front_ops);
	flush_work(&pvnet_orphans_end);
}

static bool pvnet_has_number(struct pvfront *f, const void *data)
{
	const struct xenbus_device *xdev = data;

	return !strcmp(f->xdev->nodename, xdev->nodename);
}

static bool pvnet_has_orphan(const struct xenbus_device *xdev)
{
	struct pvnet *net;
	bool found = false;

	spin_lock(&pvnet_orphans_lock);
	list_for_each_entry(net, &pvnet_orphans, orphan)
		found |= pvnet_has_number(&net->front, xdev);
	spin_unlock(&pvnet_orphans_lock);
	return found;
}

/* One that goes still has the name that the interface of @xdev is to have. */
static void pvnet_await_end(struct xenbus_device *xdev)
{
	if (!wait_event_timeout(pvnet_orphan_gone, !pvnet_has_orphan(xdev),
				PVNET_END_JIFFIES))
		dev_warn(&xdev->dev, "the interface of the vif before is still there\n");
}

/*
 * Whether it is the same interface to the toolstack, whatever address users have set.
 * Returns 0 or -errno, reported.
 */
static int pvnet_compare_mac(const struct pvnet *net, struct xenbus_device *xdev, bool *same)
{
	unsigned int tries = PVNET_READ_TRIES;
	char *mac;

	do
		mac = xenbus_read(XBT_NIL, xdev->nodename, "mac", NULL);
	while (IS_ERR(mac) && pvfront_is_transient(PTR_ERR(mac)) && --tries);
	if (IS_ERR(mac)) {
		xenbus_dev_fatal(xdev, PTR_ERR(mac), "reading mac");
		return PTR_ERR(mac);
	}
	*same = !strcasecmp(mac, net->given_mac);
	if (!*same)
		netdev_err(net->dev, "its vif has address \"%s\" now, and not \"%s\": the interface goes\n",
			   mac, net->given_mac);
	kfree(mac);
	return 0;
}

struct pvnet *pvnet_adopt(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_orphan_take(&pvnet_front_ops, pvnet_has_number, xdev);
	struct xenbus_device *old;
	struct pvnet *net;
	bool same;
	int err;

	if (!f) {
		pvnet_await_end(xdev);
		return NULL;
	}
	net = container_of(f, struct pvnet, front);
	err = pvnet_compare_mac(net, xdev, &same);
	if (err) {
		/* Another probe may know. */
		pvfront_orphan(f);
		return ERR_PTR(err);
	}
	if (!same || pvfront_orphan_is_over(f)) {
		pvfront_abandon(f);
		pvnet_await_end(xdev);
		return NULL;
	}
	pvnet_orphan_del(net);
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
