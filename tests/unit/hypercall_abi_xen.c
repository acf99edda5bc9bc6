// SPDX-License-Identifier: GPL-2.0
/* The rows of hypercall_abi_rows.h as Xen's own headers have them. */
#include "hypercall_abi.h"

#include <stdint.h>
#include <stdio.h>

/* Otherwise the headers give the interface of the oldest Xen. */
#define __XEN_TOOLS__

#include <xen/xen.h>
#include <xen/callback.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/physdev.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

/* What the kernel calls otherwise. */
#define pvclock_vcpu_time_info	vcpu_time_info
#define address_bits		mem_flags

struct xen_extraversion {
	xen_extraversion_t extraversion;
};

const struct abi_row abi_xen[] = {
#include "hypercall_abi_rows.h"
};
