/* SPDX-License-Identifier: GPL-2.0 */
/* There is one per-CPU variable: %gs is its address. */
#ifndef _SHIM_ASM_PERCPU_H
#define _SHIM_ASM_PERCPU_H

#define PER_CPU_VAR(var)	%gs:0

#endif
