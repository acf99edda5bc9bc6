/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the inline assembly of asm/xen/hypercall.h calls: the registers go to
 * gate_registers, the answer comes from gate_entered(). Like Xen it may destroy rdi, rsi,
 * rdx, r10 and r8, and does; everything else is kept, as the gate into Xen keeps it.
 */
#include <linux/linkage.h>

SYM_FUNC_START(__SCT__xen_hypercall)
	push	%rbp
	mov	%rsp, %rbp
	push	%rcx
	push	%r9
	push	%r11
	mov	%eax, %eax
	mov	%rax, gate_registers(%rip)
	mov	%rdi, gate_registers + 8(%rip)
	mov	%rsi, gate_registers + 16(%rip)
	mov	%rdx, gate_registers + 24(%rip)
	mov	%r10, gate_registers + 32(%rip)
	mov	%r8, gate_registers + 40(%rip)
	sub	$520, %rsp
	and	$-16, %rsp
	fxsave64 (%rsp)
	call	gate_entered
	fxrstor64 (%rsp)
	lea	-24(%rbp), %rsp
	pop	%r11
	pop	%r9
	pop	%rcx
	pop	%rbp
	mov	$-0x5a5a, %rdi
	mov	%rdi, %rsi
	mov	%rdi, %rdx
	mov	%rdi, %r10
	mov	%rdi, %r8
	RET
SYM_FUNC_END(__SCT__xen_hypercall)
