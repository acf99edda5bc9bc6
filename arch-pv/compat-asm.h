/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between the kernels that the image is built of, in assembly; see compat.h. */
#ifndef _ARCH_PV_COMPAT_ASM_H
#define _ARCH_PV_COMPAT_ASM_H

#include <linux/version.h>

#include <asm/segment.h>
#include <asm/unwind_hints.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)

/* Nothing is known of the stack; nothing called this. */
#define HINT_UNDEFINED		UNWIND_HINT_EMPTY
#define HINT_END_OF_STACK	UNWIND_HINT_EMPTY
#define USER32_SS		__USER32_DS

.macro load_first_stack
	movq	initial_stack(%rip), %rsp
.endm

#else

#define HINT_UNDEFINED		UNWIND_HINT_UNDEFINED
#define HINT_END_OF_STACK	UNWIND_HINT_END_OF_STACK
#define USER32_SS		__USER_DS

.macro load_first_stack
	leaq	__top_init_kernel_stack(%rip), %rsp
.endm

#endif

#endif
