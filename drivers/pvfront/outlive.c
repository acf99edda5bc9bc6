// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that outlive their backend, and their xenbus device: <pv/outlive.h>. What they
 * are to their users changes with @busy held, or in pvfront_stop() and pvfront_adopt(),
 * when no work item runs.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>

#include <pv/front.h>

#include "internal.h"

/* A backend that starts anew, and that of another host, is on its way. */
#define PVFRONT_RETURN_MS	30000

static DEFINE_MUTEX(pvfront_orphans_lock);
static LIST_HEAD(pvfront_orphans);

static u64 pvfront_now(void)
{
	return ktime_to_ms(ktime_get());
}

/* Has the deadline be looked at when it is due; not if there is none. */
static void pvfront_deadline_set(struct pvfront *f)
{
	u64 ms;

	spin_lock_irq(&f->lock);
	ms = f->orphan && READ_ONCE(f->over) ? 0 :
	     pvfront_loss_next(&f->loss, &f->policy, pvfront_now());
	/* An hour is as good as never: it is looked at again then. */
	if (ms == PVFRONT_LOSS_NEVER)
		cancel_delayed_work(&f->deadline);
	else if (!f->ended && (!f->stopped || f->orphan))
		mod_delayed_work(pvfront_wq, &f->deadline,
				 msecs_to_jiffies(min_t(u64, ms, 3600 * 1000)));
	spin_unlock_irq(&f->lock);
}

/* Nobody arms it any more, be it who writes a limit: what follows may free @f. */
static void pvfront_deadline_end(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	f->ended = true;
	cancel_delayed_work(&f->deadline);
	spin_unlock_irq(&f->lock);
}

static void pvfront_use_tell(struct pvfront *f)
{
	if (f->ops->use_changed)
		f->ops->use_changed(f, f->loss.use);
}

static const char *pvfront_loss_reason(enum pvfront_why why)
{
	switch (why) {
	case PVFRONT_SUSPENDED:
		return "the guest was restored";
	case PVFRONT_RESTARTED:
		return "the backend starts anew";
	case PVFRONT_RENEWED:
		return "a new connection is wanted";
	case PVFRONT_MOVED:
		return "the device has another backend";
	case PVFRONT_SILENT:
		return "the backend does not answer (io_timeout)";
	case PVFRONT_LOST:
	case PVFRONT_GONE:
		return "the backend is gone";
	case PVFRONT_BROKEN:
		return "the connection was broken off";
	default:
		return "the device is removed";
	}
}

static void pvfront_say_parked(struct pvfront *f)
{
	if (READ_ONCE(f->policy.ctrl_loss) == PVFRONT_OFF)
		dev_notice(&f->xdev->dev, "%s: users wait for a backend\n", f->loss.reason);
	else
		dev_notice(&f->xdev->dev,
			   "%s: users wait for a backend for %u s (ctrl_loss_tmo)\n",
			   f->loss.reason, pvfront_loss_seconds(&f->loss, &f->policy));
}

static bool pvfront_outlives(struct pvfront *f)
{
	return f->ops->outlives && f->ops->outlives(f);
}

bool pvfront_will_wait(struct pvfront *f)
{
	return READ_ONCE(f->policy.ctrl_loss) && pvfront_outlives(f) && f->ops->in_use(f);
}

void pvfront_use_lost(struct pvfront *f, enum pvfront_why why)
{
	bool returns = why == PVFRONT_SUSPENDED || why == PVFRONT_RESTARTED ||
		       why == PVFRONT_RENEWED || why == PVFRONT_MOVED;
	bool changed, was_live = f->loss.use == PVFRONT_USE_LIVE;

	if (!pvfront_outlives(f))
		return;
	spin_lock_irq(&f->lock);
	/* A backend that starts anew again and again gains no time by that. */
	if (!was_live && returns && why != PVFRONT_RESTARTED)
		pvfront_loss_extend(&f->loss, pvfront_now(), PVFRONT_RETURN_MS);
	changed = pvfront_loss_begin(&f->loss, pvfront_now(), returns ? PVFRONT_RETURN_MS : 0,
				     pvfront_loss_reason(why));
	spin_unlock_irq(&f->lock);
	/* Set-up that fails before has been reported. */
	if (was_live && f->lived)
		pvfront_say_parked(f);
	if (changed)
		pvfront_use_tell(f);
	pvfront_deadline_set(f);
}

void pvfront_use_connecting(struct pvfront *f)
{
	bool changed;

	spin_lock_irq(&f->lock);
	changed = pvfront_loss_connecting(&f->loss, pvfront_now());
	spin_unlock_irq(&f->lock);
	if (changed)
		pvfront_use_tell(f);
}

void pvfront_use_live(struct pvfront *f)
{
	bool changed;
	u64 ms = 0;

	spin_lock_irq(&f->lock);
	changed = pvfront_loss_end(&f->loss, pvfront_now(), &ms);
	spin_unlock_irq(&f->lock);
	if (changed && ms && f->lived)
		dev_notice(&f->xdev->dev, "connected again after %llu ms\n", ms);
	f->lived = true;
	if (!changed)
		return;
	pvfront_use_tell(f);
	pvfront_deadline_set(f);
}

void pvfront_use_ended(struct pvfront *f, enum pvfront_why why)
{
	bool orderly = why == PVFRONT_CLOSING || why == PVFRONT_REMOVED;

	/* One that is live works until it is gone. */
	if (f->loss.use == PVFRONT_USE_LIVE && (orderly || !pvfront_outlives(f)))
		return;
	spin_lock_irq(&f->lock);
	pvfront_loss_fail(&f->loss, pvfront_now(), pvfront_loss_reason(why));
	spin_unlock_irq(&f->lock);
	pvfront_use_tell(f);
	/* A connection that follows, of a new device, has no limit of this one. */
	pvfront_deadline_set(f);
}

/* Takes @f out of the list. Returns false if somebody else has done that. */
static bool pvfront_orphan_leaves(struct pvfront *f)
{
	bool mine;

	mutex_lock(&pvfront_orphans_lock);
	mine = !list_empty(&f->link);
	if (mine) {
		WRITE_ONCE(f->over, true);
		list_del_init(&f->link);
	}
	mutex_unlock(&pvfront_orphans_lock);
	return mine;
}

/* The users' time is up. Returns whether @f was an @orphan, which is closed now. */
static bool pvfront_time_is_up(struct pvfront *f, bool orphan, unsigned int seconds)
{
	bool refused = READ_ONCE(f->over);

	/* Who has taken it waits until this work item is done, and looks at the time anew. */
	if (orphan && !pvfront_orphan_leaves(f))
		return false;
	if (refused)
		dev_err(&f->xdev->dev, "another device has come in its place: the device fails\n");
	else
		dev_err(&f->xdev->dev, "no backend for %u s (ctrl_loss_tmo): the device fails\n",
			seconds);
	if (orphan) {
		pvfront_deadline_end(f);
		pvfront_drop(f, PVFRONT_GONE);
	} else {
		pvfront_end(f, PVFRONT_GONE);
	}
	return orphan;
}

/* Does what is due. Returns whether that has ended an orphan. */
static bool pvfront_deadline_met(struct pvfront *f)
{
	enum pvfront_loss_action due = PVFRONT_LOSS_NOTHING;
	struct pvfront_policy p;
	unsigned int seconds;
	bool orphan;

	spin_lock_irq(&f->lock);
	p = f->policy;
	seconds = pvfront_loss_seconds(&f->loss, &p);
	orphan = f->orphan;
	/* One that is stopped and no orphan is being adopted. */
	if (orphan && READ_ONCE(f->over))
		due = PVFRONT_LOSS_FAIL;
	else if (orphan || !f->stopped)
		due = pvfront_loss_due(&f->loss, &p, pvfront_now());
	f->loss.fast |= due == PVFRONT_LOSS_FAST;
	spin_unlock_irq(&f->lock);

	switch (due) {
	case PVFRONT_LOSS_NOTHING:
		break;
	case PVFRONT_LOSS_FAST:
		dev_warn(&f->xdev->dev,
			 "no backend for %d s (fast_io_fail_tmo): I/O fails until there is one\n",
			 p.fast_io_fail);
		if (f->ops->fail_fast)
			f->ops->fail_fast(f);
		break;
	case PVFRONT_LOSS_FAIL:
		return pvfront_time_is_up(f, orphan, seconds);
	}
	return false;
}

static void pvfront_deadline(struct work_struct *work)
{
	struct pvfront *f = container_of(to_delayed_work(work), struct pvfront, deadline);
	unsigned int noio;
	bool over;

	/* What ends may be the disk that is swapped to. */
	noio = memalloc_noio_save();
	mutex_lock(&f->busy);
	over = pvfront_deadline_met(f);
	mutex_unlock(&f->busy);
	memalloc_noio_restore(noio);
	if (over)
		f->ops->expired(f);
	else
		pvfront_deadline_set(f);
}

void pvfront_outlive_init(struct pvfront *f)
{
	f->policy = (struct pvfront_policy) {
		.ctrl_loss = PVFRONT_OFF,
		.fast_io_fail = PVFRONT_OFF,
	};
	INIT_LIST_HEAD(&f->link);
	INIT_DELAYED_WORK(&f->deadline, pvfront_deadline);
}

void pvfront_policy_set(struct pvfront *f, int *limit, int value)
{
	spin_lock_irq(&f->lock);
	WRITE_ONCE(*limit, value);
	if (limit == &f->policy.ctrl_loss)
		f->loss.least_fail = 0;
	else if (limit == &f->policy.fast_io_fail)
		f->loss.least_fast = 0;
	spin_unlock_irq(&f->lock);
	pvfront_deadline_set(f);
}
EXPORT_SYMBOL_GPL(pvfront_policy_set);

void pvfront_loss_read(struct pvfront *f, struct pvfront_loss *loss, u64 *now)
{
	spin_lock_irq(&f->lock);
	*loss = f->loss;
	*now = pvfront_now();
	spin_unlock_irq(&f->lock);
}
EXPORT_SYMBOL_GPL(pvfront_loss_read);

void pvfront_count_anew(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	pvfront_loss_count_anew(&f->loss, pvfront_now());
	spin_unlock_irq(&f->lock);
}
EXPORT_SYMBOL_GPL(pvfront_count_anew);

void pvfront_orphan(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	f->orphan = true;
	f->stopped = true;
	spin_unlock_irq(&f->lock);
	mutex_lock(&pvfront_orphans_lock);
	list_add_tail(&f->link, &pvfront_orphans);
	/* It may be freed as soon as the lock is. */
	pvfront_deadline_set(f);
	mutex_unlock(&pvfront_orphans_lock);
}
EXPORT_SYMBOL_GPL(pvfront_orphan);

void pvfront_orphans_limit(const struct pvfront_ops *ops, int seconds)
{
	struct pvfront *f;

	mutex_lock(&pvfront_orphans_lock);
	list_for_each_entry(f, &pvfront_orphans, link)
		if (f->ops == ops)
			pvfront_policy_set(f, &f->policy.ctrl_loss, seconds);
	mutex_unlock(&pvfront_orphans_lock);
}
EXPORT_SYMBOL_GPL(pvfront_orphans_limit);

static bool pvfront_is_late(struct pvfront *f)
{
	bool late;

	spin_lock_irq(&f->lock);
	late = pvfront_loss_due(&f->loss, &f->policy, pvfront_now()) == PVFRONT_LOSS_FAIL;
	spin_unlock_irq(&f->lock);
	return late;
}

struct pvfront *pvfront_orphan_take(const struct pvfront_ops *ops,
				    bool (*match)(struct pvfront *f, const void *data),
				    const void *data)
{
	struct pvfront *f, *found = NULL;

	mutex_lock(&pvfront_orphans_lock);
	list_for_each_entry(f, &pvfront_orphans, link) {
		if (f->ops != ops || (match && !match(f, data)))
			continue;
		if (pvfront_is_late(f))
			WRITE_ONCE(f->over, true);
		found = f;
		list_del_init(&f->link);
		break;
	}
	mutex_unlock(&pvfront_orphans_lock);
	return found;
}
EXPORT_SYMBOL_GPL(pvfront_orphan_take);

void pvfront_orphan_refuse(struct pvfront *f)
{
	WRITE_ONCE(f->over, true);
	spin_lock_irq(&f->lock);
	f->policy.ctrl_loss = 0;
	spin_unlock_irq(&f->lock);
	pvfront_orphan(f);
}
EXPORT_SYMBOL_GPL(pvfront_orphan_refuse);

bool pvfront_orphan_is_over(const struct pvfront *f)
{
	return READ_ONCE(f->over);
}
EXPORT_SYMBOL_GPL(pvfront_orphan_is_over);

void pvfront_adopt(struct pvfront *f, struct xenbus_device *xdev)
{
	spin_lock_irq(&f->lock);
	f->orphan = false;
	spin_unlock_irq(&f->lock);
	/* It has nothing to end now, and no limit that is set arms it before the start. */
	cancel_delayed_work_sync(&f->deadline);
	/* Another domain has not gone round its states yet. */
	if (f->to.domid != xdev->otherend_id)
		memset(&f->pace, 0, sizeof(f->pace));
	f->due_set = false;
	f->kept_said = false;
	f->refresh_tries = 0;
	spin_lock_irq(&f->lock);
	f->xdev = xdev;
	f->adopted = true;
	f->broken = false;
	f->reason = PVFRONT_NR_REASONS;
	f->gone = false;
	f->noted = false;
	f->retry = false;
	f->silent = false;
	f->moved = false;
	f->following = false;
	f->peer = XenbusStateInitialising;
	spin_unlock_irq(&f->lock);
	dev_set_drvdata(&xdev->dev, f);
}
EXPORT_SYMBOL_GPL(pvfront_adopt);

void pvfront_outlive_start(struct pvfront *f)
{
	spin_lock_irq(&f->lock);
	f->stopped = false;
	spin_unlock_irq(&f->lock);
	pvfront_deadline_set(f);
}

void pvfront_abandon(struct pvfront *f)
{
	pvfront_deadline_end(f);
	cancel_delayed_work_sync(&f->deadline);
	mutex_lock(&f->busy);
	pvfront_drop(f, PVFRONT_GONE);
	mutex_unlock(&f->busy);
	f->ops->expired(f);
}
EXPORT_SYMBOL_GPL(pvfront_abandon);

void pvfront_orphans_end(const struct pvfront_ops *ops)
{
	struct pvfront *f;

	while ((f = pvfront_orphan_take(ops, NULL, NULL)))
		pvfront_abandon(f);
	/* One whose time is up may have left the list, and be about to end. */
	flush_workqueue(pvfront_wq);
}
EXPORT_SYMBOL_GPL(pvfront_orphans_end);
