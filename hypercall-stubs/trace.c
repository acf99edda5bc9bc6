// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints of <trace/events/xen.h>, defined here once for the kernel, and the names
 * of hypercalls, which they print.
 */
#include <linux/kernel.h>
#include <linux/types.h>

#include <xen/interface/xen.h>
#include <xen/interface/xen-mca.h>

#include "count.h"

/* With a space, because the tracepoints print "op %u%s". */
#define HYPERCALL(name)	\
	[__HYPERVISOR_##name] = " " #name,
static const char *const hcall_names[HCALL_NUMBERS] = {
#include <asm/xen-hypercalls.h>
};

static const char *xen_hypercall_name(unsigned int nr)
{
	return nr < HCALL_NUMBERS && hcall_names[nr] ? hcall_names[nr] : " unknown";
}

/**
 * hcall_name() - the name of a hypercall
 * @nr: its number
 *
 * Return: the name without __HYPERVISOR_, "unknown" for a number that has none.
 */
const char *hcall_name(unsigned long nr)
{
	return xen_hypercall_name(min_t(unsigned long, nr, HCALL_NUMBERS)) + 1;
}

#define CREATE_TRACE_POINTS
#include <trace/events/xen.h>
