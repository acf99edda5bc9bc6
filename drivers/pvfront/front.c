// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a connection: events are noted from any context and acted upon
 * by one work item per device, in the order in which they matter.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched/mm.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>
#include <pv/trace.h>

#include "internal.h"

/*
 * How long a remove waits in all when the device is gone from the store: it runs in
 * xenwatch, which serves all other devices and the guest's shutdown.
 */
#define PVFRONT_GONE_MS		5000

static void pvfront_kick(struct pvfront *f)
{
	lockdep_assert_held(&f->lock);
	if (!f->stopped)
		queue_work(pvfront_wq, &f->work);
}

/* What has happened since the work item last ran. */
struct pvfront_news {
	enum xenbus_state peer;
	enum pvfront_reason reason;
	bool noted, resumed, retry, renew, silent, moved, lost;
};

static struct pvfront_news pvfront_take_news(struct pvfront *f)
{
	struct pvfront_news n;

	spin_lock_irq(&f->lock);
	/*
	 * The bus calls no ->resume for a device that it does not find in the new
	 * host's store, and leaves it without the backend's directory, for good: a
	 * later suspension that is called off finds it so, too.
	 */
	n.lost = f->suspended && !f->xdev->otherend && !f->lost;
	if (n.lost) {
		f->lost = true;
		f->peer = XenbusStateUnknown;
		f->noted = false;
	}
	n.peer = f->peer;
	n.noted = f->noted;
	n.resumed = f->resumed;
	n.retry = f->retry;
	n.silent = f->silent;
	n.moved = f->moved;
	n.renew = f->renew;
	n.reason = f->reason;
	f->noted = false;
	f->resumed = false;
	f->suspended = false;
	f->retry = false;
	f->silent = false;
	f->moved = false;
	f->renew = false;
	f->reason = PVFRONT_NR_REASONS;
	spin_unlock_irq(&f->lock);
	return n;
}

static void pvfront_heed(struct pvfront *f, const struct pvfront_news *n)
{
	if (n->lost) {
		dev_err(&f->xdev->dev, "not restored with its guest\n");
		pvfront_rest_restored();
		pvfront_restored(f, PVFRONT_GONE);
	} else if (n->resumed) {
		pvfront_restored(f, PVFRONT_SUSPENDED);
	} else if (n->reason != PVFRONT_NR_REASONS) {
		pvfront_disable(f, n->reason);
	} else if (f->following || (n->moved && pvfront_follow_look(f))) {
		return;
	} else if (((n->retry || n->renew) && pvfront_connect_anew(f, n->retry)) ||
		   (n->silent && pvfront_reconnect(f))) {
		/* What was noted was the old connection's. */
		return;
	}
	if (n->noted)
		pvfront_act(f, n->peer);
}

static void pvfront_work(struct work_struct *work)
{
	struct pvfront *f = container_of(work, struct pvfront, work);
	struct pvfront_news n = pvfront_take_news(f);
	unsigned int noio;

	/* The disk to reconnect may be the one that is swapped to. */
	noio = memalloc_noio_save();
	mutex_lock(&f->busy);
	pvfront_heed(f, &n);
	mutex_unlock(&f->busy);
	memalloc_noio_restore(noio);
}

/* The pace, or a retry, is due: what was last noted counts once more. */
static void pvfront_again(struct work_struct *work)
{
	struct pvfront *f = container_of(to_delayed_work(work), struct pvfront,
					 again);

	spin_lock_irq(&f->lock);
	f->noted = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
}

void pvfront_init(struct pvfront *f, struct xenbus_device *xdev,
		  const struct pvfront_ops *ops)
{
	f->xdev = xdev;
	f->ops = ops;
	f->phase = PVFRONT_IDLE;
	f->peer = XenbusStateUnknown;
	f->reason = PVFRONT_NR_REASONS;
	mutex_init(&f->busy);
	spin_lock_init(&f->lock);
	INIT_WORK(&f->work, pvfront_work);
	INIT_DELAYED_WORK(&f->again, pvfront_again);
	INIT_LIST_HEAD(&f->followed);
	pvfront_outlive_init(f);
	dev_set_drvdata(&xdev->dev, f);
}
EXPORT_SYMBOL_GPL(pvfront_init);

int pvfront_start(struct pvfront *f)
{
	int err;

	/*
	 * A backend that served an earlier driver is Closed, and leaves that
	 * state only when it sees Initialising written.
	 */
	f->started = true;
	err = pvfront_begin(f);
	if (err)
		return err;
	pvfront_debugfs_add(f);
	pvfront_follow(f);
	pvfront_outlive_start(f);
	pvfront_begun(f);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_start);

static void pvfront_set_gone(struct pvfront *f)
{
	lockdep_assert_held(&f->lock);
	if (f->gone)
		return;
	f->gone = true;
	f->give_up = jiffies + msecs_to_jiffies(PVFRONT_GONE_MS);
}

void pvfront_mark_gone(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	pvfront_set_gone(f);
	spin_unlock_irq(&f->lock);
}

void pvfront_look(struct pvfront *f)
{
	enum xenbus_state peer;
	bool gone = pv_vanished(f->xdev) ||
		    pvfront_find_state(XBT_NIL, f->xdev->nodename) == -ENOENT;

	peer = gone ? XenbusStateUnknown :
		      pv_read_driver_state(f->xdev, f->xdev->otherend);

	spin_lock_irq(&f->lock);
	f->peer = peer;
	if (gone)
		pvfront_set_gone(f);
	spin_unlock_irq(&f->lock);
}
EXPORT_SYMBOL_GPL(pvfront_look);

bool pvfront_stop(struct pvfront *f)
{
	enum pvfront_why why = PVFRONT_REMOVED;
	bool asked;

	/* For the end, and the device is gone before that was acted upon. */
	spin_lock_irq(&f->lock);
	asked = f->noted && !f->following &&
		(f->peer == XenbusStateClosing || f->peer == XenbusStateClosed);
	spin_unlock_irq(&f->lock);
	/*
	 * In a remove the bus notes no more states. And what waits for the
	 * backend now, here or in the work item, is not to wait for one that
	 * has gone with the device.
	 */
	pvfront_unfollow(f);
	pvfront_look(f);
	/* It is online: its backend was to come back. */
	asked = asked && !pvfront_is_online(f);
	spin_lock_irq(&f->lock);
	f->stopped = true;
	spin_unlock_irq(&f->lock);

	cancel_delayed_work_sync(&f->again);
	cancel_work_sync(&f->work);
	cancel_delayed_work_sync(&f->deadline);
	pvfront_debugfs_del(f);
	/*
	 * A device that is there is unbound by somebody who does not want it; or because its
	 * probe has failed after our part, as far as one that was just adopted tells.
	 */
	if ((f->gone || f->adopted) && !asked && f->held && pvfront_will_wait(f) &&
	    (f->following || !pvfront_is_offline(f)))
		why = PVFRONT_LOST;
	else if (f->gone || pvfront_peer_gone(f))
		why = PVFRONT_GONE;
	pvfront_drop(f, why);
	return why == PVFRONT_LOST;
}
EXPORT_SYMBOL_GPL(pvfront_stop);

void pvfront_exit(struct pvfront *f)
{
	pvfront_rest_disown(f);
}
EXPORT_SYMBOL_GPL(pvfront_exit);

void pvfront_peer_changed(struct xenbus_device *xdev, enum xenbus_state state)
{
	struct pvfront *f = pvfront_of(&xdev->dev);

	spin_lock_irq(&f->lock);
	f->peer = state;
	f->noted = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
}
EXPORT_SYMBOL_GPL(pvfront_peer_changed);

int pvfront_suspend(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_of(&xdev->dev);

	pvfront_rest_suspend();
	/*
	 * The work item runs when all is thawed, not before: its queue was frozen.
	 * It sees what has become of the device; of a suspension that was called
	 * off the bus tells nobody, either.
	 */
	spin_lock_irq(&f->lock);
	f->suspended = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_suspend);

int pvfront_resume(struct xenbus_device *xdev)
{
	struct pvfront *f = pvfront_of(&xdev->dev);

	pvfront_rest_restored();
	spin_lock_irq(&f->lock);
	/*
	 * What was noted before belongs to the old host's backend. Of the new
	 * one nothing is known yet; it is not known to be gone.
	 */
	f->peer = XenbusStateInitialising;
	f->noted = false;
	f->lost = false;
	f->resumed = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_resume);

void pvfront_break(struct pvfront *f, enum pvfront_reason reason)
{
	unsigned long flags;

	if (WARN_ON_ONCE(reason >= PVFRONT_NR_REASONS))
		return;
	atomic_inc(&f->broke[reason]);
	trace_pvfront_break(f, reason);

	spin_lock_irqsave(&f->lock, flags);
	if (!f->broken) {
		WRITE_ONCE(f->broken, true);
		f->reason = reason;
		pvfront_kick(f);
	}
	spin_unlock_irqrestore(&f->lock, flags);
}
EXPORT_SYMBOL_GPL(pvfront_break);

void pvfront_retry(struct pvfront *f)
{
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->retry = true;
	pvfront_kick(f);
	spin_unlock_irqrestore(&f->lock, flags);
}
EXPORT_SYMBOL_GPL(pvfront_retry);

void pvfront_silent(struct pvfront *f)
{
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->silent = true;
	pvfront_kick(f);
	spin_unlock_irqrestore(&f->lock, flags);
}
EXPORT_SYMBOL_GPL(pvfront_silent);

void pvfront_moved(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	f->moved = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
}

void pvfront_moved_in(struct pvfront *f, unsigned int ms)
{
	spin_lock_irq(&f->lock);
	f->moved = true;
	if (!f->stopped)
		mod_delayed_work(pvfront_wq, &f->again, msecs_to_jiffies(ms));
	spin_unlock_irq(&f->lock);
}

void pvfront_renew(struct pvfront *f)
{
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->renew = true;
	pvfront_kick(f);
	spin_unlock_irqrestore(&f->lock, flags);
}
EXPORT_SYMBOL_GPL(pvfront_renew);

bool pvfront_peer_gone(struct pvfront *f)
{
	unsigned long flags;
	bool gone;

	spin_lock_irqsave(&f->lock, flags);
	gone = f->peer == XenbusStateUnknown || f->peer == XenbusStateClosed ||
	       pv_vanished(f->xdev);
	spin_unlock_irqrestore(&f->lock, flags);
	return gone;
}
EXPORT_SYMBOL_GPL(pvfront_peer_gone);

bool pvfront_is_ending(struct pvfront *f)
{
	unsigned long flags;
	bool ending, closing;

	spin_lock_irqsave(&f->lock, flags);
	ending = (f->stopped && !f->gone) || f->broken;
	closing = f->peer == XenbusStateClosing;
	spin_unlock_irqrestore(&f->lock, flags);
	return ending || ((closing || pvfront_peer_gone(f)) && !pvfront_will_wait(f));
}
EXPORT_SYMBOL_GPL(pvfront_is_ending);

bool pvfront_gave_up(struct pvfront *f)
{
	bool over;

	spin_lock_irq(&f->lock);
	over = f->stopped && f->gone;
	spin_unlock_irq(&f->lock);
	return over;
}
EXPORT_SYMBOL_GPL(pvfront_gave_up);

unsigned long pvfront_until(struct pvfront *f, unsigned long deadline)
{
	spin_lock_irq(&f->lock);
	if (f->gone && time_before(f->give_up, deadline))
		deadline = f->give_up;
	spin_unlock_irq(&f->lock);
	return deadline;
}
EXPORT_SYMBOL_GPL(pvfront_until);
