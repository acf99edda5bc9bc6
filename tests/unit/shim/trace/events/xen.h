/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints that evaluate their first argument and do nothing. */
#ifndef _SHIM_TRACE_EVENTS_XEN_H
#define _SHIM_TRACE_EVENTS_XEN_H

enum { XEN_MC_FL_BATCH, XEN_MC_FL_ARGS, XEN_MC_FL_CALLBACK };

#define trace_xen_mc_entry(entry, nargs)		((void)(entry))
#define trace_xen_mc_flush(calls, bytes, callbacks)	((void)(calls))
#define trace_xen_mc_flush_reason(reason)		((void)(reason))
#define trace_xen_mc_callback(fn, data)			((void)(fn))

#endif
