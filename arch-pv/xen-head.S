/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the domain builder reads and where it starts us. Included at the end of
 * arch/x86/kernel/head_64.S, in any kernel configuration.
 *
 * The builder has loaded the kernel at the addresses it is linked for, mapped
 * it with 4 KiB pages, and enters in ring 3 with events masked, flat segments
 * and the address of struct start_info in %rsi.
 */
#ifdef CONFIG_XEN_PV

#include <linux/elfnote.h>
#include <linux/init.h>
#include <linux/linkage.h>

#include <asm/page_types.h>
#include <asm/percpu.h>
#include <asm/unwind_hints.h>

#include <xen/interface/elfnote.h>
#include <xen/interface/features.h>
#include <xen/interface/xen.h>
#include <asm/xen/interface.h>

#include "compat-asm.h"

	__INIT
SYM_CODE_START(startup_xen)
	ANNOTATE_NOENDBR
	UNWIND_HINT_END_OF_STACK
	cld
	movq	%rsi, %rbx
	leaq	__top_init_kernel_stack(%rip), %rsp

	/* Per-CPU data and the stack protector need %gs before any C. */
	movl	$__HYPERVISOR_set_segment_base, %eax
	movl	$SEGBASE_GS_KERNEL, %edi
	movq	$FIRST_GS_BASE, %rsi
	syscall
	UNWIND_HINT_END_OF_STACK

	movq	%rbx, %rdi
	call	xen_start_kernel
	int3
SYM_CODE_END(startup_xen)
	__FINIT

#ifdef CONFIG_SMP
	/* Another CPU's first instruction; smp.c has set its stack and %gs. */
	.pushsection .text, "ax"
SYM_CODE_START(xpv_cpu_entry)
	UNWIND_HINT_END_OF_STACK
	ENDBR
	call	cpu_bringup_and_idle
	int3
SYM_CODE_END(xpv_cpu_entry)

	/* The same for one that was down, on the stack that %rdi says; objtool knows the name. */
SYM_CODE_START(xen_cpu_bringup_again)
	UNWIND_HINT_FUNC
	movq	%rdi, %rsp
	UNWIND_HINT_REGS
	call	cpu_bringup_and_idle
	int3
SYM_CODE_END(xen_cpu_bringup_again)
	.popsection
#endif

	/* What each note is for: xen/interface/elfnote.h. We promise read-only page tables. */
	ELFNOTE(Xen, XEN_ELFNOTE_GUEST_OS,	.asciz "linux")
	ELFNOTE(Xen, XEN_ELFNOTE_GUEST_VERSION,	.asciz "2.6")
	ELFNOTE(Xen, XEN_ELFNOTE_XEN_VERSION,	.asciz "xen-3.0")
	ELFNOTE(Xen, XEN_ELFNOTE_LOADER,	.asciz "generic")
	ELFNOTE(Xen, XEN_ELFNOTE_ENTRY,		note_entry)
	ELFNOTE(Xen, XEN_ELFNOTE_VIRT_BASE,	.quad __START_KERNEL_map)
	ELFNOTE(Xen, XEN_ELFNOTE_PADDR_OFFSET,	.quad 0)
	ELFNOTE(Xen, XEN_ELFNOTE_HV_START_LOW,	.quad __HYPERVISOR_VIRT_START)
	ELFNOTE(Xen, XEN_ELFNOTE_FEATURES,	.ascii "!writable_page_tables|pae_pgdir_above_4gb")
	ELFNOTE(Xen, XEN_ELFNOTE_SUPPORTED_FEATURES, .long 1 << XENFEAT_writable_page_tables)
	ELFNOTE(Xen, XEN_ELFNOTE_PAE_MODE,	.asciz "yes")
	ELFNOTE(Xen, XEN_ELFNOTE_L1_MFN_VALID,	.quad _PAGE_PRESENT; .quad _PAGE_PRESENT)
	ELFNOTE(Xen, XEN_ELFNOTE_SUSPEND_CANCEL, .long 1)
	ELFNOTE(Xen, XEN_ELFNOTE_MOD_START_PFN,	.long 1)

#endif /* CONFIG_XEN_PV */
