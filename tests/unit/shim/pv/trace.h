/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints, of which there are none in userspace. */
#ifndef _SHIM_PV_TRACE_H
#define _SHIM_PV_TRACE_H

#include <pv/front.h>

static inline void trace_pvfront_state(const struct pvfront *f, enum xenbus_state peer,
				       enum pvfront_action action)
{
}

#endif
