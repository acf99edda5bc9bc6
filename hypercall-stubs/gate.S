/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way into Xen, target of the static call xen_hypercall. By the ABI the number is in
 * eax, arguments are in rdi, rsi, rdx, r10 and r8, the result comes in rax. The `syscall`
 * instruction destroys rcx and r11, of which the callers' inline assembly knows nothing,
 * so they are kept here. Events may arrive in between; that is why nothing is left below
 * the stack pointer. Callable from noinstr code.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/percpu.h>
#include <asm/unwind_hints.h>

#include "gate.h"

/* objtool takes syscall for the end of a function: the hints tell it how the stack goes on. */
.macro ENTER_XEN
	UNWIND_HINT_SAVE
	syscall
	UNWIND_HINT_RESTORE
.endm

/* Where PER_CPU_VAR() is relative to %rip, it takes no index. */
#ifdef __percpu_rel
#define PER_CPU_ELEMENT(array, index)	__percpu(array)(, index, 8)
#else
#define PER_CPU_ELEMENT(array, index)	PER_CPU_VAR(array)(, index, 8)
#endif

	.section .noinstr.text, "ax"

SYM_FUNC_START(hcall_gate)
	ANNOTATE_NOENDBR
	push	%r11
	push	%rcx
	ENTER_XEN
	pop	%rcx
	pop	%r11
	RET
SYM_FUNC_END(hcall_gate)

/* The same, which counts the call; in place of hcall_gate while counting is on. */
SYM_FUNC_START(hcall_gate_counting)
	ANNOTATE_NOENDBR
	push	%r11
	push	%rcx
	mov	%eax, %ecx
	cmp	$HCALL_NUMBERS, %ecx
	jae	.Lenter
	incq	PER_CPU_ELEMENT(hcall_counts, %rcx)
.Lenter:
	ENTER_XEN
	pop	%rcx
	pop	%r11
	RET
SYM_FUNC_END(hcall_gate_counting)
