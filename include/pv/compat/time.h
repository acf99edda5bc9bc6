/* SPDX-License-Identifier: GPL-2.0 */
/* Timers. */
#ifndef _PV_COMPAT_TIME_H
#define _PV_COMPAT_TIME_H

#include <linux/hrtimer.h>
#include <linux/timer.h>

#include <pv/compat.h>

/* What a timer is a member of; arguments as container_of() of a variable of that type. */
#ifdef timer_container_of
#define pv_timer_of(var, timer, member)	timer_container_of(var, timer, member)
#else
#define pv_timer_of(var, timer, member)	from_timer(var, timer, member)
#endif

/**
 * pv_hrtimer_setup() - prepare a timer
 * @timer: the timer
 * @function: what to call
 * @clock: a CLOCK_
 * @mode: an HRTIMER_MODE_
 */
static inline void pv_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*function)(struct hrtimer *),
				    clockid_t clock, enum hrtimer_mode mode)
{
#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
	hrtimer_init(timer, clock, mode);
	timer->function = function;
#else
	hrtimer_setup(timer, function, clock, mode);
#endif
}

#endif
