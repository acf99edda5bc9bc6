/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long the users of a device wait for a backend that was lost, by two limits in
 * seconds that they set, with the names that NVMe over fabrics gave them. PURE.
 *
 * fast_io_fail_tmo after the loss the users' I/O fails, and the device still waits for a
 * backend. ctrl_loss_tmo after it the device fails for good. Both count from the time
 * when the device was last live: a backend that comes, and goes before it is connected,
 * does not start them anew. One that is on its way has some time in any case, unless
 * users set a limit while they wait.
 */
#ifndef _PV_LOSS_H
#define _PV_LOSS_H

#include <linux/types.h>

#define PVFRONT_OFF		(-1)		/* never */
#define PVFRONT_TMO_MAX		604800		/* a week, in seconds */
#define PVFRONT_LOSS_NEVER	U64_MAX

/**
 * enum pvfront_use - what a device is to its users
 * @PVFRONT_USE_LIVE: it has a backend, or has never had one
 * @PVFRONT_USE_PARKED: its backend was lost; users wait
 * @PVFRONT_USE_CONNECTING: a new backend is there; users wait until it is connected
 * @PVFRONT_USE_FAILED: there will be no other backend; users' I/O fails
 */
enum pvfront_use {
	PVFRONT_USE_LIVE,
	PVFRONT_USE_PARKED,
	PVFRONT_USE_CONNECTING,
	PVFRONT_USE_FAILED,
};

/**
 * enum pvfront_loss_action - what is due
 * @PVFRONT_LOSS_NOTHING: nothing yet
 * @PVFRONT_LOSS_FAST: I/O is to fail from now on
 * @PVFRONT_LOSS_FAIL: the device is to fail
 */
enum pvfront_loss_action {
	PVFRONT_LOSS_NOTHING,
	PVFRONT_LOSS_FAST,
	PVFRONT_LOSS_FAIL,
};

/**
 * struct pvfront_policy - the limits, in seconds, each PVFRONT_OFF or from 0
 * @ctrl_loss: until the device fails
 * @fast_io_fail: until its I/O fails
 */
struct pvfront_policy {
	int ctrl_loss;
	int fast_io_fail;
};

/**
 * struct pvfront_loss - a device's loss of its backend; zeroed: none
 * @use: the state
 * @fast: I/O fails, though the device waits
 * @reason: why @use is what it is, for people; a constant string, or NULL at first
 * @since: when the device was last live, in milliseconds; if it is not. Or since when its
 *	limits count: pvfront_loss_count_anew()
 * @least_fail: ctrl_loss counts no sooner than so many milliseconds after @since
 * @least_fast: likewise fast_io_fail
 * @changed: when @use changed, likewise
 */
struct pvfront_loss {
	enum pvfront_use use;
	bool fast;
	const char *reason;
	u64 since;
	u64 least_fail;
	u64 least_fast;
	u64 changed;
};

/**
 * pvfront_loss_begin() - the backend was lost, be it one that was being connected
 * @l: the state
 * @now: in milliseconds
 * @least: for how many milliseconds no limit counts; of the first loss in a row
 * @reason: why; a constant string; likewise
 *
 * Whether I/O is to fail is looked at anew: a backend that was being connected may have
 * let it wait again.
 *
 * Return: true if @l->use changed.
 */
bool pvfront_loss_begin(struct pvfront_loss *l, u64 now, u64 least, const char *reason);

/**
 * pvfront_loss_extend() - users wait already, and another backend is on its way
 * @l: the state, of a device that is not live
 * @now: in milliseconds
 * @least: for how many milliseconds from now on no limit counts
 */
void pvfront_loss_extend(struct pvfront_loss *l, u64 now, u64 least);

/**
 * pvfront_loss_seconds() - how long users wait in all
 * @l: the state, of a device that is not live
 * @p: the limits, of which ctrl_loss is not off
 *
 * Return: seconds from when it was last live.
 */
unsigned int pvfront_loss_seconds(const struct pvfront_loss *l, const struct pvfront_policy *p);

/**
 * pvfront_loss_connecting() - a new backend was offered what it needs
 * @l: the state
 * @now: in milliseconds
 *
 * Return: true if @l->use changed.
 */
bool pvfront_loss_connecting(struct pvfront_loss *l, u64 now);

/**
 * pvfront_loss_end() - the device is live
 * @l: the state
 * @now: in milliseconds
 * @after: for how long it was not, in milliseconds; untouched if it was
 *
 * Return: true if @l->use changed.
 */
bool pvfront_loss_end(struct pvfront_loss *l, u64 now, u64 *after);

/**
 * pvfront_loss_fail() - the device fails
 * @l: the state
 * @now: in milliseconds
 * @reason: why, or NULL for what the loss began with
 *
 * Return: true if @l->use changed.
 */
bool pvfront_loss_fail(struct pvfront_loss *l, u64 now, const char *reason);

/**
 * pvfront_loss_count_anew() - the limits count from now
 * @l: the state; nothing happens if nothing is lost
 * @now: in milliseconds
 */
void pvfront_loss_count_anew(struct pvfront_loss *l, u64 now);

/**
 * pvfront_loss_due() - what is due now
 * @l: the state
 * @p: the limits
 * @now: in milliseconds
 *
 * Return: the action; FAST only until @l->fast is set.
 */
enum pvfront_loss_action pvfront_loss_due(const struct pvfront_loss *l,
					  const struct pvfront_policy *p, u64 now);

/**
 * pvfront_loss_next() - when something will be due
 * @l: the state
 * @p: the limits
 * @now: in milliseconds
 *
 * Return: in so many milliseconds, or PVFRONT_LOSS_NEVER.
 */
u64 pvfront_loss_next(const struct pvfront_loss *l, const struct pvfront_policy *p,
		      u64 now);

/**
 * pvfront_use_name() - a state for people
 * @use: any value
 *
 * Return: a constant string.
 */
const char *pvfront_use_name(enum pvfront_use use);

#endif
