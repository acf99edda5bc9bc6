/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which kernels these sources are for. What differs between them is told apart in
 * <pv/compat/...> and nowhere else, each header by what it is about. A macro of the
 * kernel's that came with a change is asked for rather than a version, as distributions
 * take changes back to older kernels.
 */
#ifndef _PV_COMPAT_H
#define _PV_COMPAT_H

#include <linux/version.h>

#define PV_KERNEL_IS(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(major, (minor) + 1, 0))

#if !PV_KERNEL_IS(6, 1) && !PV_KERNEL_IS(6, 12) && !PV_KERNEL_IS(7, 3)
#error "pvguest is not for this kernel: scripts/supported names those that it is for"
#endif

#endif
