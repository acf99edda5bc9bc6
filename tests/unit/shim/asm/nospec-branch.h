/* SPDX-License-Identifier: GPL-2.0 */
/* Static calls, which the kernel gets through this header: the trampoline is a function. */
#ifndef _SHIM_ASM_NOSPEC_BRANCH_H
#define _SHIM_ASM_NOSPEC_BRANCH_H

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)

#define STATIC_CALL_KEY(name)	__SCK__##name
#define STATIC_CALL_TRAMP(name)	__SCT__##name
#define DECLARE_STATIC_CALL(name, func)	extern __typeof__(func) STATIC_CALL_TRAMP(name)

/* A call from inline assembly needs a stack frame that is set up. */
register unsigned long current_stack_pointer asm("rsp");
#define ASM_CALL_CONSTRAINT	"+r" (current_stack_pointer)

#endif
