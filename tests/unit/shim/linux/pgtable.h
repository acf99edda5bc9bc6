/* SPDX-License-Identifier: GPL-2.0 */
/* What headers of Xen's interface need of page and descriptor tables. */
#ifndef _SHIM_LINUX_PGTABLE_H
#define _SHIM_LINUX_PGTABLE_H

#include <linux/types.h>

/* asm/xen/hypercall.h has the calls of PV guests only then. */
#define CONFIG_XEN_PV 1

typedef struct { unsigned long pte; } pte_t;

/* The kernel gets this one along with the page tables. */
struct desc_struct {
	u16 limit0, base0;
	u16 base1, attributes;
};

#endif
