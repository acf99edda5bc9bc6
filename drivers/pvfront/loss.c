// SPDX-License-Identifier: GPL-2.0
/* How long the users of a device wait for a backend that was lost. PURE. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/types.h>

#include <pv/loss.h>

static bool pvfront_is_lost(const struct pvfront_loss *l)
{
	return l->use == PVFRONT_USE_PARKED || l->use == PVFRONT_USE_CONNECTING;
}

static bool pvfront_loss_set(struct pvfront_loss *l, enum pvfront_use use, u64 now)
{
	if (l->use == use)
		return false;
	l->use = use;
	l->changed = now;
	return true;
}

bool pvfront_loss_begin(struct pvfront_loss *l, u64 now, u64 least, const char *reason)
{
	if (!pvfront_is_lost(l)) {
		l->since = now;
		l->least_fail = least;
		l->least_fast = least;
		l->reason = reason;
	}
	l->fast = false;
	return pvfront_loss_set(l, PVFRONT_USE_PARKED, now);
}

void pvfront_loss_extend(struct pvfront_loss *l, u64 now, u64 least)
{
	u64 until = now - l->since + least;

	if (l->least_fail < until)
		l->least_fail = until;
	if (l->least_fast < until)
		l->least_fast = until;
}

unsigned int pvfront_loss_seconds(const struct pvfront_loss *l, const struct pvfront_policy *p)
{
	unsigned int least = l->least_fail / 1000;

	return p->ctrl_loss > 0 && (unsigned int)p->ctrl_loss > least ? p->ctrl_loss : least;
}

bool pvfront_loss_connecting(struct pvfront_loss *l, u64 now)
{
	return pvfront_is_lost(l) && pvfront_loss_set(l, PVFRONT_USE_CONNECTING, now);
}

bool pvfront_loss_end(struct pvfront_loss *l, u64 now, u64 *after)
{
	if (pvfront_is_lost(l))
		*after = now - l->since;
	l->fast = false;
	l->reason = NULL;
	return pvfront_loss_set(l, PVFRONT_USE_LIVE, now);
}

bool pvfront_loss_fail(struct pvfront_loss *l, u64 now, const char *reason)
{
	if (reason)
		l->reason = reason;
	return pvfront_loss_set(l, PVFRONT_USE_FAILED, now);
}

void pvfront_loss_count_anew(struct pvfront_loss *l, u64 now)
{
	if (!pvfront_is_lost(l))
		return;
	l->since = now;
	l->least_fail = 0;
	l->least_fast = 0;
}

/* In how many milliseconds a limit is reached: 0 if it is. */
static u64 pvfront_tmo_left(const struct pvfront_loss *l, int tmo, u64 least, u64 now)
{
	u64 gone = now - l->since;
	u64 ms = (u64)tmo * 1000;

	if (tmo == PVFRONT_OFF)
		return PVFRONT_LOSS_NEVER;
	if (ms < least)
		ms = least;
	return gone < ms ? ms - gone : 0;
}

enum pvfront_loss_action pvfront_loss_due(const struct pvfront_loss *l,
					  const struct pvfront_policy *p, u64 now)
{
	if (!pvfront_is_lost(l))
		return PVFRONT_LOSS_NOTHING;
	if (!pvfront_tmo_left(l, p->ctrl_loss, l->least_fail, now))
		return PVFRONT_LOSS_FAIL;
	if (!l->fast && !pvfront_tmo_left(l, p->fast_io_fail, l->least_fast, now))
		return PVFRONT_LOSS_FAST;
	return PVFRONT_LOSS_NOTHING;
}

u64 pvfront_loss_next(const struct pvfront_loss *l, const struct pvfront_policy *p,
		      u64 now)
{
	u64 fail, fast = PVFRONT_LOSS_NEVER;

	if (!pvfront_is_lost(l))
		return PVFRONT_LOSS_NEVER;
	fail = pvfront_tmo_left(l, p->ctrl_loss, l->least_fail, now);
	if (!l->fast)
		fast = pvfront_tmo_left(l, p->fast_io_fail, l->least_fast, now);
	return fast < fail ? fast : fail;
}

const char *pvfront_use_name(enum pvfront_use use)
{
	static const char * const names[] = {
		[PVFRONT_USE_LIVE] = "live",
		[PVFRONT_USE_PARKED] = "parked",
		[PVFRONT_USE_CONNECTING] = "connecting",
		[PVFRONT_USE_FAILED] = "failed",
	};
	unsigned int i = use;

	return i < ARRAY_SIZE(names) ? names[i] : "?";
}
EXPORT_SYMBOL_GPL(pvfront_use_name);
