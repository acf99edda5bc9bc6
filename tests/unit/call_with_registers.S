/* SPDX-License-Identifier: GPL-2.0 */
/*
 * void call_with_registers(void (*fn)(void)): loads all registers from `before`, calls the
 * function, stores all to `after`. `before` gets the stack pointer that is to come back.
 */
#include <linux/linkage.h>

/* Each register with its place in struct registers. */
.macro EACH_REGISTER do
	\do rax, 0
	\do rbx, 8
	\do rcx, 16
	\do rdx, 24
	\do rsi, 32
	\do rdi, 40
	\do rbp, 48
	\do r8, 56
	\do r9, 64
	\do r10, 72
	\do r11, 80
	\do r12, 88
	\do r13, 96
	\do r14, 104
	\do r15, 112
.endm

.macro LOAD reg, place
	mov	before + \place(%rip), %\reg
.endm

.macro STORE reg, place
	mov	%\reg, after + \place(%rip)
.endm

SYM_FUNC_START(call_with_registers)
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	push	%rdi
	mov	%rsp, before + 120(%rip)
	EACH_REGISTER LOAD
	call	*(%rsp)
	EACH_REGISTER STORE
	mov	%rsp, after + 120(%rip)
	pop	%rdi
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	RET
SYM_FUNC_END(call_with_registers)
