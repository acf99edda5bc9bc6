/* SPDX-License-Identifier: GPL-2.0 */
/* For tests that take a source in, and bring what it needs. */
#ifndef _SHIM_ASM_XEN_HYPERVISOR_H
#define _SHIM_ASM_XEN_HYPERVISOR_H

#endif
