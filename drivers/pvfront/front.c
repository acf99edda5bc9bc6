// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a connection: events are noted from any context and acted upon
 * by one work item per device, in the order in which they matter.
 */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>
#include <pv/trace.h>

#include "internal.h"

/* How long a backend may take to unmap our pages once we are Closed. */
#define PVFRONT_LET_GO_MS	5000
#define PVFRONT_LET_GO_POLL_MS	5

static void pvfront_kick(struct pvfront *f)
{
	lockdep_assert_held(&f->lock);
	if (!f->stopped)
		queue_work(pvfront_wq, &f->work);
}

static void pvfront_set_phase(struct pvfront *f, enum pvfront_phase phase)
{
	WRITE_ONCE(f->phase, phase);
}

static void pvfront_drop(struct pvfront *f, enum pvfront_why why)
{
	pvfront_set_phase(f, PVFRONT_CLOSED);
	if (!f->held)
		return;
	f->ops->close(f, why);
	f->held = pvfront_keeps_users(why);
}

static void pvfront_end(struct pvfront *f, enum pvfront_why why)
{
	pvfront_drop(f, why);
	xenbus_frontend_closed(f->xdev);
}

/* -ENOENT if there is no state: the device is being removed. */
static int pvfront_try_state(struct pvfront *f, enum xenbus_state state)
{
	const char *dir = f->xdev->nodename;
	struct xenbus_transaction xbt;
	int err;

	err = xenbus_transaction_start(&xbt);
	if (err)
		return err;
	if (xenbus_exists(xbt, dir, "state"))
		err = xenbus_printf(xbt, dir, "state", "%d", state);
	else
		err = -ENOENT;
	if (err) {
		xenbus_transaction_end(xbt, 1);
		return err;
	}
	return xenbus_transaction_end(xbt, 0);
}

/*
 * Writes the state and leaves the bus's copy of it, xdev->state, alone. For the states
 * that come after Initialising while nothing has been heard of the backend since.
 *
 * Since 7.0 the bus takes a device whose state in the store is Initialising, and whose
 * copy is not, for one that the toolstack has reset: it is unregistered. xenwatch looks
 * at every key of ours that is written, reads the store first and the copy a round trip
 * later, and we run beside it: did the copy change with the state, it would see an old
 * Initialising and a new copy. Once xenwatch has brought a change of the backend that
 * follows from ours, it has seen ours too.
 */
static int pvfront_write_state(struct pvfront *f, enum xenbus_state state)
{
	unsigned int tries;
	int err;

	for (tries = 0; tries < PVFRONT_COMMIT_TRIES; tries++) {
		err = pvfront_try_state(f, state);
		if (err != -EAGAIN)
			break;
	}
	if (err && err != -ENOENT)
		xenbus_dev_fatal(f->xdev, err, "writing state %s",
				 xenbus_strstate(state));
	return err;
}

/*
 * Writes Initialising whatever stands in the store. The bus's copy comes first: were it
 * another state with Initialising in the store, the device would look reset.
 */
static int pvfront_announce(struct pvfront *f)
{
	int err;

	f->xdev->state = XenbusStateInitialising;
	err = pvfront_write_state(f, XenbusStateInitialising);
	if (!err)
		pvfront_set_phase(f, PVFRONT_IDLE);
	return err;
}

static void pvfront_offer(struct pvfront *f)
{
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->broken = false;
	f->reason = PVFRONT_NR_REASONS;
	spin_unlock_irqrestore(&f->lock, flags);

	f->held = true;
	f->orderly = false;
	pvfront_set_phase(f, PVFRONT_OFFERED);
	if (f->ops->offer(f) ||
	    pvfront_write_state(f, f->ops->offered_state))
		pvfront_end(f, PVFRONT_BROKEN);
}

static void pvfront_connect(struct pvfront *f)
{
	if (f->ops->connect(f)) {
		pvfront_end(f, PVFRONT_BROKEN);
		return;
	}
	pvfront_set_phase(f, PVFRONT_LIVE);
	/* The backend has answered it: pvfront_write_state(). */
	f->xdev->state = f->ops->offered_state;
	xenbus_switch_state(f->xdev, XenbusStateConnected);
}

static void pvfront_act(struct pvfront *f, enum xenbus_state peer)
{
	enum pvfront_action action = pvfront_next(f->phase, peer);

	trace_pvfront_state(f, peer, action);

	switch (action) {
	case PVFRONT_DO_NOTHING:
		break;
	case PVFRONT_DO_NUDGE:
		pvfront_announce(f);
		break;
	case PVFRONT_DO_OFFER:
		pvfront_offer(f);
		break;
	case PVFRONT_DO_CONNECT:
		pvfront_connect(f);
		break;
	case PVFRONT_DO_REFRESH:
		if (f->ops->refresh)
			f->ops->refresh(f);
		break;
	case PVFRONT_DO_RESET:
		pvfront_write_state(f, XenbusStateClosed);
		break;
	case PVFRONT_DO_YIELD:
		/* The toolstack takes a backend offline to remove the device. */
		if (!xenbus_read_unsigned(f->xdev->otherend, "online", 1))
			pvfront_end(f, PVFRONT_CLOSING);
		break;
	case PVFRONT_DO_CLOSE:
		pvfront_end(f, PVFRONT_CLOSING);
		break;
	case PVFRONT_DO_DROP:
		pvfront_end(f, PVFRONT_GONE);
		break;
	case PVFRONT_DO_RESTART:
		pvfront_drop(f, PVFRONT_RESTARTED);
		if (!pvfront_announce(f))
			pvfront_offer(f);
		break;
	}
}

static void pvfront_work(struct work_struct *work)
{
	struct pvfront *f = container_of(work, struct pvfront, work);
	enum xenbus_state peer;
	bool noted, resumed;
	enum pvfront_reason reason;

	spin_lock_irq(&f->lock);
	peer = f->peer;
	noted = f->noted;
	resumed = f->resumed;
	reason = f->reason;
	f->noted = false;
	f->resumed = false;
	f->reason = PVFRONT_NR_REASONS;
	spin_unlock_irq(&f->lock);

	mutex_lock(&f->busy);
	if (resumed) {
		f->restored = true;
		pvfront_drop(f, PVFRONT_SUSPENDED);
		f->restored = false;
		/* The bus has set the state to Initialising before ->resume. */
		pvfront_set_phase(f, PVFRONT_IDLE);
	} else if (reason != PVFRONT_NR_REASONS) {
		xenbus_dev_fatal(f->xdev, -EPROTO, "backend broke the protocol: %s",
				 pvfront_reason_text(reason));
		pvfront_end(f, PVFRONT_BROKEN);
	}
	if (noted)
		pvfront_act(f, peer);
	mutex_unlock(&f->busy);
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
	err = pvfront_announce(f);
	if (err)
		return err;
	pvfront_debugfs_add(f);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_start);

void pvfront_stop(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	f->stopped = true;
	spin_unlock_irq(&f->lock);

	cancel_work_sync(&f->work);
	pvfront_debugfs_del(f);
	pvfront_drop(f, PVFRONT_REMOVED);
	pvfront_rest_disown(f);
}
EXPORT_SYMBOL_GPL(pvfront_stop);

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
	flush_work(&pvfront_of(&xdev->dev)->work);
	pvfront_rest_suspend();
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
	f->resumed = true;
	pvfront_kick(f);
	spin_unlock_irq(&f->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_resume);

void pvfront_let_go(struct pvfront *f, enum pvfront_why why)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(PVFRONT_LET_GO_MS);
	enum xenbus_state peer;

	if (why == PVFRONT_GONE || pvfront_keeps_users(why) ||
	    pv_vanished(f->xdev))
		return;
	if (xenbus_switch_state(f->xdev, XenbusStateClosed))
		return;

	/* Read, not watched: in a remove the bus has ended the watch already. */
	for (;;) {
		peer = pv_read_driver_state(f->xdev, f->xdev->otherend);
		f->orderly = peer == XenbusStateClosed;
		if (f->orderly || peer == XenbusStateUnknown)
			return;
		if (time_after(jiffies, deadline))
			break;
		msleep(PVFRONT_LET_GO_POLL_MS);
	}
	dev_warn(&f->xdev->dev,
		 "backend is still %s %u ms after we closed; its mappings end later\n",
		 xenbus_strstate(peer), PVFRONT_LET_GO_MS);
}
EXPORT_SYMBOL_GPL(pvfront_let_go);

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
	bool ending;

	spin_lock_irqsave(&f->lock, flags);
	ending = f->stopped || f->peer == XenbusStateClosing;
	spin_unlock_irqrestore(&f->lock, flags);
	return ending || pvfront_peer_gone(f);
}
EXPORT_SYMBOL_GPL(pvfront_is_ending);
