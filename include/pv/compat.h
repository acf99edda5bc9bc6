/* SPDX-License-Identifier: GPL-2.0 */
/* The one place that asks for the kernel's version. */
#ifndef _PV_COMPAT_H
#define _PV_COMPAT_H

#include <linux/version.h>

/*
 * drivers/pvcon/hvc.h repeats a private structure of drivers/tty/hvc, which
 * has had this shape since 4.19 at least; later kernels moved its outbuf and
 * changed the types of its operations.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define PV_HVC_LAYOUT_KNOWN
#endif

#endif
