// SPDX-License-Identifier: GPL-2.0
/* The bodies of the tracepoints. */
#include <pv/front.h>

#define CREATE_TRACE_POINTS
#include <pv/trace.h>
