/* SPDX-License-Identifier: GPL-2.0 */
/* Whether this is an interrupt is what the test says. */
#ifndef _SHIM_LINUX_PREEMPT_H
#define _SHIM_LINUX_PREEMPT_H

#include <stdbool.h>

extern bool shim_interrupt;

#define in_interrupt()	(shim_interrupt)

#endif
