// SPDX-License-Identifier: GPL-2.0
/* The rows of hypercall_abi_rows.h as the kernel's headers have them. */
#include "hypercall_abi.h"

#include <linux/types.h>

#include <xen/interface/callback.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/features.h>
#include <xen/interface/grant_table.h>
#include <xen/interface/memory.h>
#include <xen/interface/physdev.h>
#include <xen/interface/sched.h>
#include <xen/interface/vcpu.h>
#include <xen/interface/version.h>
#include <xen/interface/xen.h>

const struct abi_row abi_kernel[] = {
#include "hypercall_abi_rows.h"
};
