/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between the kernels that the image is built of, in assembly; see compat.h. */
#ifndef _ARCH_PV_COMPAT_ASM_H
#define _ARCH_PV_COMPAT_ASM_H

#include <linux/version.h>

#include <asm/percpu.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)

/* Where the boot CPU's data are until there are per-CPU areas. */
#define FIRST_GS_BASE		INIT_PER_CPU_VAR(fixed_percpu_data)

.macro note_entry
	.quad	startup_xen
.endm

/* By which objtool knows that nothing comes after a hypercall that does not return. */
#define NEVER_HERE		int3

#else

#define FIRST_GS_BASE		0

/* A kernel that moves itself: the linker's script has the rest of the sum. */
.macro note_entry
	.globl	xen_elfnote_entry
xen_elfnote_entry:
	.quad	xen_elfnote_entry_value - .
.endm

#define NEVER_HERE		ud2

#endif

#endif
