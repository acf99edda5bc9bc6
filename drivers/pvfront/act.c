// SPDX-License-Identifier: GPL-2.0
/*
 * What a connection does about the backend's state: fsm.c says which action, here it
 * is carried out. All of it runs in the connection's work item, or in pvfront_stop()
 * when that item runs no more.
 *
 * Setting up is paced (<pv/pace.h>), and waits while the backend keeps too many pages
 * of earlier connections (PVFRONT_MAX_KEPT, @max_resting).
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include <pv/compat/xenbus.h>
#include <pv/front.h>
#include <pv/trace.h>

#include "internal.h"

/* How soon something is tried again that no event of the backend brings. */
#define PVFRONT_POLL_MS		1000

static void pvfront_set_phase(struct pvfront *f, enum pvfront_phase phase)
{
	if (f->phase == PVFRONT_LIVE && phase != PVFRONT_LIVE)
		pvfront_pace_end(&f->pace, jiffies_to_msecs(jiffies - f->live_since));
	if (phase == PVFRONT_LIVE)
		f->live_since = jiffies;
	WRITE_ONCE(f->phase, phase);
}

void pvfront_drop(struct pvfront *f, enum pvfront_why why)
{
	if (pvfront_is_live(f))
		f->few_keys = false;
	pvfront_set_phase(f, PVFRONT_CLOSED);
	if (!f->held)
		return;
	if (pvfront_keeps_users(why))
		pvfront_use_lost(f, why);
	else
		pvfront_use_ended(f, why);
	f->ops->close(f, why);
	f->held = pvfront_keeps_users(why);
}

void pvfront_restored(struct pvfront *f, enum pvfront_why why)
{
	pvfront_drop(f, why);
	if (why == PVFRONT_GONE)
		return;

	/* The bus has set the state to Initialising before ->resume. */
	pvfront_set_phase(f, PVFRONT_IDLE);
	memset(&f->pace, 0, sizeof(f->pace));
	f->due_set = false;

	/* What the backend of the old host did is not this one's fault. */
	spin_lock_irq(&f->lock);
	f->broken = false;
	f->reason = PVFRONT_NR_REASONS;
	spin_unlock_irq(&f->lock);
}

static void pvfront_say_closed(struct pvfront *f)
{
	if (f->xdev->state == XenbusStateInitialising) {
		pvfront_set_state(f, XenbusStateClosed);
		if (pv_bus_keeps_devices())
			f->xdev->state = XenbusStateClosed;
	} else {
		xenbus_frontend_closed(f->xdev);
	}
}

void pvfront_end(struct pvfront *f, enum pvfront_why why)
{
	pvfront_drop(f, why);
	pvfront_say_closed(f);
}

/*
 * While a module is loaded, or the guest boots, the bus waits up to 270 s for devices
 * whose copy says that they are yet to connect.
 */
static void pvfront_have_ended(struct pvfront *f, enum xenbus_state peer)
{
	bool ended = f->phase == PVFRONT_CLOSED || f->phase == PVFRONT_DISABLED;

	/* It follows from our Closed: see pvfront_set_state(). */
	if (ended && peer == XenbusStateClosed &&
	    f->xdev->state == XenbusStateInitialising)
		f->xdev->state = XenbusStateClosed;
}

void pvfront_disable(struct pvfront *f, enum pvfront_reason reason)
{
	xenbus_dev_error(f->xdev, -EPROTO,
			 "connection broken off: %s; the device is disabled until its driver is unbound and bound again",
			 pvfront_reason_text(reason));
	/* The bus writes Closed only if its copy is another state. */
	if (f->xdev->state != XenbusStateClosed)
		pvfront_set_state(f, XenbusStateClosing);
	pvfront_end(f, PVFRONT_BROKEN);
	pvfront_set_phase(f, PVFRONT_DISABLED);
}

/*
 * Writes Initialising whatever stands in the store. The bus's copy comes first: were it
 * another state with Initialising in the store, the device would look reset.
 */
int pvfront_announce(struct pvfront *f)
{
	int err;

	f->xdev->state = XenbusStateInitialising;
	f->shown = false;
	f->yielded = false;
	err = pvfront_write_state(f, XenbusStateInitialising);
	if (!err)
		pvfront_set_phase(f, PVFRONT_IDLE);
	return err;
}

/* The backend's state is acted upon again in so many milliseconds. */
static void pvfront_again_in(struct pvfront *f, unsigned int ms)
{
	spin_lock_irq(&f->lock);
	if (!f->stopped)
		mod_delayed_work(pvfront_wq, &f->again, msecs_to_jiffies(ms));
	spin_unlock_irq(&f->lock);
}

int pvfront_begin(struct pvfront *f)
{
	int err = pvfront_announce(f);

	if (!pvfront_will_retry(f, err))
		return err;
	pvfront_set_phase(f, PVFRONT_PAUSED);
	return 0;
}

void pvfront_begun(struct pvfront *f)
{
	if (f->phase == PVFRONT_PAUSED)
		pvfront_again_in(f, PVFRONT_POLL_MS);
}

/* Returns true if too many pages are kept; it is looked again later then. */
static bool pvfront_keeps_too_much(struct pvfront *f)
{
	unsigned int resting = f->max_resting ? pvfront_resting_pages(f) : 0;
	unsigned int kept = pvfront_kept(f);

	if (kept <= PVFRONT_MAX_KEPT && resting <= f->max_resting) {
		f->kept_said = false;
		return false;
	}
	if (!f->kept_said && resting > f->max_resting)
		xenbus_dev_error(f->xdev, -EBUSY,
				 "%u pages of earlier connections wait for the end of domain %u, which did not close, %u at most are allowed: no new connection until it is gone",
				 resting, f->xdev->otherend_id, f->max_resting);
	else if (!f->kept_said)
		xenbus_dev_error(f->xdev, -EBUSY,
				 "backend keeps %u pages of earlier connections mapped, %u at most are allowed: no new connection until it lets go",
				 kept, PVFRONT_MAX_KEPT);
	f->kept_said = true;
	pvfront_again_in(f, PVFRONT_POLL_MS);
	return true;
}

/* Whether a connection may be set up now; if not, that is tried again when it may. */
static bool pvfront_is_due(struct pvfront *f)
{
	unsigned int ms;

	if (pvfront_keeps_too_much(f))
		return false;
	if (!f->due_set) {
		ms = pvfront_pace_wait(&f->pace);
		if (ms == PVFRONT_PACE_NEVER) {
			pvfront_break(f, PVFRONT_BROKE_FLAPPING);
			return false;
		}
		f->due = jiffies + msecs_to_jiffies(ms);
		f->due_set = true;
	}
	if (time_before(jiffies, f->due)) {
		pvfront_again_in(f, jiffies_to_msecs(f->due - jiffies) + 1);
		return false;
	}
	return true;
}

/*
 * Set-up failed and was reported by pvfront_fail(). Users keep their device if it is
 * worth another try, or if the backend has gone meanwhile: then, whatever the error, it is
 * of what is not there any more.
 */
static void pvfront_failed(struct pvfront *f, int err)
{
	bool gone = pvfront_will_wait(f) &&
		    pv_read_driver_state(f->xdev, f->xdev->otherend) == XenbusStateUnknown;

	if (!gone && !pvfront_will_retry(f, err)) {
		pvfront_end(f, PVFRONT_BROKEN);
		return;
	}
	/* What an offer waits for costs nothing to look at. */
	if (err != -EBUSY || !f->pace.failed)
		pvfront_pace_fail(&f->pace);
	pvfront_drop(f, gone ? PVFRONT_LOST : PVFRONT_RESTARTED);
	pvfront_set_phase(f, PVFRONT_PAUSED);
	pvfront_again_in(f, 0);
}

static void pvfront_offer(struct pvfront *f)
{
	int err;

	/* A lie told while the last connection ended counts, too: disabled next. */
	if (pvfront_is_broken(f) || !pvfront_is_due(f))
		return;
	f->due_set = false;
	f->held = true;
	f->adopted = false;
	pvfront_set_phase(f, PVFRONT_OFFERED);
	pvfront_grants_begin(f);
	err = f->ops->offer(f);
	if (err) {
		/* The backend was shown nothing: whoever maps it nevertheless is seen to. */
		f->orderly = f->to.nr;
	} else {
		pvfront_pace_begin(&f->pace);
		f->shown = true;
		err = pvfront_write_state(f, f->ops->offered_state);
	}
	if (err)
		pvfront_failed(f, err);
	else
		pvfront_use_connecting(f);
}

/*
 * The bus would do it, and close the device where there is no memory for that. The
 * backend has answered our last state, so the bus's copy may follow: pvfront_write_state().
 */
static int pvfront_say_connected(struct pvfront *f)
{
	int err = 0;

	if (f->ops->offered_state != XenbusStateConnected)
		err = pvfront_write_state(f, XenbusStateConnected);
	/* Without a state the device is being removed. */
	if (err && err != -ENOENT)
		return err;
	f->xdev->state = XenbusStateConnected;
	return 0;
}

static void pvfront_connect(struct pvfront *f)
{
	int err = f->ops->connect(f);

	if (!err)
		err = pvfront_say_connected(f);
	if (err) {
		pvfront_failed(f, err);
		return;
	}
	pvfront_set_phase(f, PVFRONT_LIVE);
	pvfront_use_live(f);
}

static void pvfront_refresh(struct pvfront *f)
{
	int err = f->ops->refresh ? f->ops->refresh(f) : 0;

	if (!err) {
		f->refresh_tries = 0;
	} else if (pvfront_is_transient(err) &&
		   f->refresh_tries < PVFRONT_REFRESH_TRIES) {
		f->refresh_tries++;
		pvfront_again_in(f, PVFRONT_REFRESH_MS);
	}
}

/* Nothing is shared. Lead the backend to InitWait, where the next offer is made. */
static void pvfront_begin_again(struct pvfront *f)
{
	enum xenbus_state peer;

	pvfront_set_phase(f, PVFRONT_PAUSED);
	if (!pvfront_is_due(f))
		return;
	if (pvfront_announce(f)) {
		pvfront_again_in(f, PVFRONT_POLL_MS);
		return;
	}
	/* One that is there already has nothing to change for us to see. */
	peer = pv_read_driver_state(f->xdev, f->xdev->otherend);
	if (peer == XenbusStateInitWait)
		pvfront_offer(f);
	else if (peer == XenbusStateUnknown)
		/* It is gone, which will be noted, or there was no memory to read it. */
		pvfront_again_in(f, PVFRONT_POLL_MS);
}

bool pvfront_connect_anew(struct pvfront *f, bool failed)
{
	unsigned int failures = f->pace.failed;

	if (f->phase != PVFRONT_LIVE)
		return false;
	pvfront_drop(f, failed ? PVFRONT_CLOSING : PVFRONT_RENEWED);
	/* The backend is not to blame for the guest's own doing. */
	if (f->pace.begun)
		f->pace.begun--;
	/* Shortage is tried again for ever, ever slower. */
	if (failed) {
		f->pace.failed = failures;
		pvfront_pace_fail(&f->pace);
	}
	pvfront_begin_again(f);
	return true;
}

bool pvfront_reconnect(struct pvfront *f)
{
	if (f->phase != PVFRONT_LIVE)
		return false;
	pvfront_drop(f, PVFRONT_SILENT);
	pvfront_begin_again(f);
	return true;
}

void pvfront_leave(struct pvfront *f)
{
	/* It answers: without users who wait, their requests are waited for. */
	pvfront_drop(f, pvfront_will_wait(f) ? PVFRONT_MOVED : PVFRONT_CLOSING);
}

/* Returns false if that cannot be read for now; it is looked at again then. */
static bool pvfront_ask_online(struct pvfront *f, bool *online)
{
	int err = pvfront_read_online(f, online);

	if (!err || !pvfront_will_retry(f, err))
		return true;
	pvfront_again_in(f, PVFRONT_POLL_MS);
	return false;
}

static void pvfront_yield(struct pvfront *f)
{
	bool online;

	if (!pvfront_ask_online(f, &online))
		return;
	if (!online) {
		pvfront_end(f, PVFRONT_CLOSING);
		return;
	}
	if (f->phase != PVFRONT_IDLE)
		return;
	/*
	 * A backend may go on by itself. Not so one that saw the Closing of a probe
	 * that failed: it waits for our Closed without end.
	 */
	if (f->yielded &&
	    (pv_read_driver_state(f->xdev, f->xdev->otherend) != XenbusStateClosing ||
	     !pvfront_write_state(f, XenbusStateClosed)))
		return;
	f->yielded = true;
	pvfront_again_in(f, PVFRONT_POLL_MS);
}

/* The backend asks us to close: for good only if it is offline, or nobody waits for another. */
static void pvfront_closing(struct pvfront *f)
{
	bool online;

	if (!pvfront_ask_online(f, &online))
		return;
	if (!online || !pvfront_will_wait(f)) {
		pvfront_end(f, PVFRONT_CLOSING);
		return;
	}
	pvfront_drop(f, PVFRONT_RESTARTED);
	pvfront_begin_again(f);
}

/* Whether users wait in vain: the backend is Closed, and offline. */
static bool pvfront_is_over(struct pvfront *f, enum xenbus_state peer)
{
	return f->held && peer == XenbusStateClosed && pvfront_is_offline(f);
}

/* The backend is gone, or Closed. It may be followed by another if it is not offline. */
static void pvfront_gone(struct pvfront *f, enum xenbus_state peer)
{
	bool online = true;

	if (peer == XenbusStateClosed)
		pvfront_read_online(f, &online);
	if (!online || !f->held || !pvfront_will_wait(f)) {
		pvfront_end(f, PVFRONT_GONE);
		return;
	}
	pvfront_drop(f, PVFRONT_LOST);
	/* Until Initialising is written, the next one must not find Connected. */
	pvfront_say_closed(f);
	pvfront_begin_again(f);
}

/* Whether the backend has no state, rather than that it cannot be read for now. */
static bool pvfront_peer_is_missing(struct pvfront *f)
{
	const char *dir = f->xdev->otherend;
	int err = dir ? pvfront_find_state(XBT_NIL, dir) : -ENOENT;

	return err && !pvfront_is_transient(err);
}

void pvfront_act(struct pvfront *f, enum xenbus_state peer)
{
	enum pvfront_action action = pvfront_next(f->phase, peer);
	enum xenbus_state now;

	pvfront_have_ended(f, peer);
	/*
	 * What xenwatch noted may have been read before the backend followed a
	 * change of ours: no connection ends for a state that is over.
	 */
	if (action == PVFRONT_DO_CLOSE || action == PVFRONT_DO_DROP) {
		now = pv_read_driver_state(f->xdev, f->xdev->otherend);
		if (now == XenbusStateUnknown && !pvfront_peer_is_missing(f)) {
			pvfront_again_in(f, PVFRONT_POLL_MS);
			return;
		}
		if (now != peer) {
			spin_lock_irq(&f->lock);
			if (f->peer == peer)
				f->peer = now;
			spin_unlock_irq(&f->lock);
			peer = now;
			action = pvfront_next(f->phase, peer);
		}
	}
	trace_pvfront_state(f, peer, action);

	switch (action) {
	case PVFRONT_DO_NOTHING:
		break;
	case PVFRONT_DO_NUDGE:
		if (pvfront_is_over(f, peer))
			pvfront_end(f, PVFRONT_CLOSING);
		else if (pvfront_announce(f))
			pvfront_again_in(f, PVFRONT_POLL_MS);
		break;
	case PVFRONT_DO_OFFER:
		pvfront_offer(f);
		break;
	case PVFRONT_DO_CONNECT:
		pvfront_connect(f);
		break;
	case PVFRONT_DO_REFRESH:
		pvfront_refresh(f);
		break;
	case PVFRONT_DO_RESET:
		if (pvfront_write_state(f, XenbusStateClosed))
			pvfront_again_in(f, PVFRONT_POLL_MS);
		break;
	case PVFRONT_DO_YIELD:
		pvfront_yield(f);
		break;
	case PVFRONT_DO_CLOSE:
		pvfront_closing(f);
		break;
	case PVFRONT_DO_DROP:
		pvfront_gone(f, peer);
		break;
	case PVFRONT_DO_RESTART:
		pvfront_drop(f, PVFRONT_RESTARTED);
		pvfront_begin_again(f);
		break;
	case PVFRONT_DO_AGAIN:
		if (pvfront_is_over(f, peer))
			pvfront_end(f, PVFRONT_CLOSING);
		else
			pvfront_begin_again(f);
		break;
	}
}
