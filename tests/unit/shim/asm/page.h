/* SPDX-License-Identifier: GPL-2.0 */
/* Included by asm/xen/hypercall.h, which uses nothing of it. */
#ifndef _SHIM_ASM_PAGE_H
#define _SHIM_ASM_PAGE_H

#endif
