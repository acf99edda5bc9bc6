/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every way in from Xen and out to it, and the interrupt flag.
 *
 * Xen enters with %rcx and %r11 on top of the frame that hardware would push,
 * on the stack of the task, with %gs and page tables already switched. It takes
 * back control only by the iret hypercall, for user code and kernel code alike.
 * The interrupt flag is a byte in struct vcpu_info: 1 masks events.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/linkage.h>

#include <asm/asm.h>
#include <asm/asm-offsets.h>
#include <asm/percpu.h>
#include <asm/processor-flags.h>
#include <asm/segment.h>
#include <asm/thread_info.h>
#include <asm/unwind_hints.h>

#include <xen/interface/xen.h>

#include <../entry/calling.h>

#include "compat-asm.h"

#define EVENT_MASK	PER_CPU_VAR(xen_vcpu_info + XEN_vcpu_info_mask)
#define EVENT_PENDING	PER_CPU_VAR(xen_vcpu_info + XEN_vcpu_info_pending)

	/* The interrupt flag's functions may clobber %rax, and nothing else. */
	.pushsection .noinstr.text, "ax"

SYM_FUNC_START(xpv_save_fl)
	ENDBR
	cmpb	$1, EVENT_MASK
	sbbl	%eax, %eax
	andl	$X86_EFLAGS_IF, %eax
	RET
SYM_FUNC_END(xpv_save_fl)

SYM_FUNC_START(xpv_irq_disable)
	ENDBR
	movb	$1, EVENT_MASK
	RET
SYM_FUNC_END(xpv_irq_disable)

/*
 * An event that became pending while masked is delivered only when Xen is next
 * left. A task that moves to another CPU between the two instructions asks there
 * in vain, which does no harm: the move itself went through Xen.
 */
SYM_FUNC_START(xpv_irq_enable)
	ENDBR
	movb	$0, EVENT_MASK
	cmpb	$0, EVENT_PENDING
	jne	1f
	RET
1:	pushq	%rdi
	pushq	%rsi
	pushq	%rcx
	pushq	%r11
	movl	$__HYPERVISOR_xen_version, %eax
	xorl	%edi, %edi
	xorl	%esi, %esi
	UNWIND_HINT_SAVE
	syscall
	UNWIND_HINT_RESTORE
	popq	%r11
	popq	%rcx
	popq	%rsi
	popq	%rdi
	RET
SYM_FUNC_END(xpv_irq_enable)

SYM_FUNC_START(xpv_read_cr2)
	ENDBR
	movq	PER_CPU_VAR(xen_vcpu_info + XEN_vcpu_info_arch_cr2), %rax
	RET
SYM_FUNC_END(xpv_read_cr2)

/* Before struct vcpu_info is per CPU, which xpv_irq_init_late() changes. */
SYM_FUNC_START(xpv_read_cr2_early)
	ENDBR
	movq	PER_CPU_VAR(xen_vcpu), %rax
	movq	XEN_vcpu_info_arch_cr2(%rax), %rax
	RET
SYM_FUNC_END(xpv_read_cr2_early)

	.popsection

/* An entry point for Xen in front of one of entry_64.S. */
.macro xpv_entry name
SYM_CODE_START(xen_\name)
	UNWIND_HINT_ENTRY
	ENDBR
	popq	%rcx
	popq	%r11
	jmp	\name
SYM_CODE_END(xen_\name)
_ASM_NOKPROBE(xen_\name)
.endm

	.irp name, divide_error, int3, overflow, bounds, invalid_op, device_not_available, \
		coproc_segment_overrun, invalid_tss, segment_not_present, stack_segment, \
		general_protection, page_fault, spurious_interrupt_bug, coprocessor_error, \
		alignment_check, simd_coprocessor_error, xen_unknown_trap, xen_hypervisor_callback
	xpv_entry asm_exc_\name
	.endr
	.irp name, debug, nmi, double_fault
	xpv_entry asm_xenpv_exc_\name
	.endr
#ifdef CONFIG_X86_MCE
	xpv_entry asm_xenpv_exc_machine_check
#endif
#if defined(CONFIG_X86_KERNEL_IBT) || defined(CONFIG_X86_CET)
	xpv_entry asm_exc_control_protection
#endif
#ifdef CONFIG_IA32_EMULATION
	xpv_entry asm_int80_emulation
#endif

	__INIT
SYM_CODE_START(xen_early_idt_handler_array)
	vector = 0
	.rept NUM_EXCEPTION_VECTORS
	UNWIND_HINT_UNDEFINED
	ENDBR
	popq	%rcx
	popq	%r11
	jmp	early_idt_handler_array + vector * EARLY_IDT_HANDLER_SIZE
	vector = vector + 1
	.fill	xen_early_idt_handler_array + vector * XEN_EARLY_IDT_HANDLER_SIZE - ., 1, 0xcc
	.endr
SYM_CODE_END(xen_early_idt_handler_array)
	__FINIT

/*
 * In front of the frame that iret pops, Xen wants %rax, %r11, %rcx and flags, and
 * loads the three from there. Nothing below %rsp is needed any more, so an NMI
 * may come at any instruction.
 */
.macro iret_hypercall
	pushq	$0
	pushq	%rcx
	pushq	%r11
	pushq	%rax
	movl	$__HYPERVISOR_iret, %eax
	syscall
	NEVER_HERE
.endm

SYM_CODE_START(xpv_iret)
	UNWIND_HINT_UNDEFINED
	ANNOTATE_NOENDBR
	iret_hypercall
SYM_CODE_END(xpv_iret)

/*
 * struct pt_regs at %rsp, once per system call. %rdi, %rsi, %rdx and orig_ax become the
 * hypercall's frame, so the three registers that Xen loads from there are moved to it
 * instead of popped and pushed again.
 */
SYM_CODE_START(xenpv_restore_regs_and_return_to_usermode)
	UNWIND_HINT_REGS
	ANNOTATE_NOENDBR
	STACKLEAK_ERASE
	UNWIND_HINT_UNDEFINED
	movq	RDX(%rsp), %rdx
	movq	RSI(%rsp), %rsi
	movq	RDI(%rsp), %rdi
	movq	$0, ORIG_RAX(%rsp)	/* the frame's flags */
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	/* An operand's %rsp is what it is after the pop. */
	popq	RSI - R11 - 8(%rsp)
	popq	%r10
	popq	%r9
	popq	%r8
	popq	RDX - RAX - 8(%rsp)
	popq	RDI - RCX - 8(%rsp)
	movl	$__HYPERVISOR_iret, %eax
	syscall
	NEVER_HERE
SYM_CODE_END(xenpv_restore_regs_and_return_to_usermode)

/*
 * System calls. The selectors in the frame are Xen's guess of the caller's, the
 * kernel wants those that the instruction would have left with.
 */
.macro syscall_entry name, target, cs, ss
SYM_CODE_START(\name)
	UNWIND_HINT_ENTRY
	ENDBR
	popq	%rcx
	popq	%r11
	movq	$\cs, 8(%rsp)
	movq	$\ss, 32(%rsp)
	jmp	\target
SYM_CODE_END(\name)
.endm

	syscall_entry xpv_syscall, entry_SYSCALL_64_after_hwframe, __USER_CS, __USER_DS
#ifdef CONFIG_IA32_EMULATION
	syscall_entry xpv_syscall32, entry_SYSCALL_compat_after_hwframe, __USER32_CS, __USER_DS
	syscall_entry xpv_sysenter32, entry_SYSENTER_compat_after_hwframe, __USER32_CS, __USER_DS
#else
	/* No 32-bit programs: they see -ENOSYS. */
SYM_CODE_START(xpv_syscall32)
SYM_INNER_LABEL(xpv_sysenter32, SYM_L_GLOBAL)
	UNWIND_HINT_ENTRY
	ENDBR
	addq	$16, %rsp
	movq	$-ENOSYS, %rax
	iret_hypercall
SYM_CODE_END(xpv_syscall32)
#endif
