/* SPDX-License-Identifier: GPL-2.0 */
/* Included by asm/xen/hypercall.h, which uses nothing of it. */
#ifndef _SHIM_LINUX_INSTRUMENTATION_H
#define _SHIM_LINUX_INSTRUMENTATION_H

#endif
