/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints of a connection: /sys/kernel/tracing/events/pvfront/. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM pvfront

#if !defined(_PV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _PV_TRACE_H

#include <linux/string.h>
#include <linux/tracepoint.h>

#include <pv/front.h>

#define PVFRONT_TRACE_NAME	24	/* vbd-4294967295 has 14 */

/* Arrays, not __string(): what assigns those has changed its arguments. */
TRACE_EVENT(pvfront_state,
	    TP_PROTO(const struct pvfront *f, enum xenbus_state peer,
		     enum pvfront_action action),
	    TP_ARGS(f, peer, action),
	    TP_STRUCT__entry(
		__array(char, device, PVFRONT_TRACE_NAME)
		__array(char, phase, 12)
		__array(char, peer, 16)
		__array(char, action, 12)
	    ),
	    TP_fast_assign(
		strscpy(__entry->device, dev_name(&f->xdev->dev), PVFRONT_TRACE_NAME);
		strscpy(__entry->phase, pvfront_phase_name(f->phase), 12);
		strscpy(__entry->peer, xenbus_strstate(peer), 16);
		strscpy(__entry->action, pvfront_action_name(action), 12);
	    ),
	    TP_printk("%s phase=%s backend=%s action=%s", __entry->device,
		      __entry->phase, __entry->peer, __entry->action)
);

TRACE_EVENT(pvfront_break,
	    TP_PROTO(const struct pvfront *f, enum pvfront_reason reason),
	    TP_ARGS(f, reason),
	    TP_STRUCT__entry(
		__array(char, device, PVFRONT_TRACE_NAME)
		__array(char, reason, 12)
	    ),
	    TP_fast_assign(
		strscpy(__entry->device, dev_name(&f->xdev->dev), PVFRONT_TRACE_NAME);
		strscpy(__entry->reason, pvfront_reason_name(reason), 12);
	    ),
	    TP_printk("%s reason=%s", __entry->device, __entry->reason)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH pv
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
