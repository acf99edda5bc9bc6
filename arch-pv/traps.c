// SPDX-License-Identifier: GPL-2.0
/*
 * Which function Xen enters for which exception, and where events, system calls and
 * failed returns go.
 *
 * Xen's rule: there is no IDT but a list of vectors with addresses, no stack switch by
 * vector, and flags only say who may raise a vector and whether events are masked on
 * entry. The kernel goes on writing an IDT; each gate written is translated.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>

#include <xen/events.h>
#include <asm/cpu.h>
#include <asm/desc.h>
#include <asm/hardirq.h>
#include <asm/idtentry.h>
#include <asm/irq_regs.h>
#include <asm/irq_stack.h>
#include <asm/setup.h>
#include <asm/traps.h>
#include <xen/interface/callback.h>

#include "hypercall-stubs/cpu.h"
#include "hypercall-stubs/result.h"
#include "xpv.h"

#define TRAP_MASKS_EVENTS	BIT(2)

/* Of each vector the way in; a gate to anything else is none of the kernel's. */
static void (*const xpv_trap_entry[NUM_EXCEPTION_VECTORS])(void) = {
	[X86_TRAP_DE]	= xen_asm_exc_divide_error,
	[X86_TRAP_DB]	= xen_asm_xenpv_exc_debug,
	[X86_TRAP_NMI]	= xen_asm_xenpv_exc_nmi,
	[X86_TRAP_BP]	= xen_asm_exc_int3,
	[X86_TRAP_OF]	= xen_asm_exc_overflow,
	[X86_TRAP_BR]	= xen_asm_exc_bounds,
	[X86_TRAP_UD]	= xen_asm_exc_invalid_op,
	[X86_TRAP_NM]	= xen_asm_exc_device_not_available,
	[X86_TRAP_DF]	= xen_asm_xenpv_exc_double_fault,
	[X86_TRAP_OLD_MF] = xen_asm_exc_coproc_segment_overrun,
	[X86_TRAP_TS]	= xen_asm_exc_invalid_tss,
	[X86_TRAP_NP]	= xen_asm_exc_segment_not_present,
	[X86_TRAP_SS]	= xen_asm_exc_stack_segment,
	[X86_TRAP_GP]	= xen_asm_exc_general_protection,
	[X86_TRAP_PF]	= xen_asm_exc_page_fault,
	[X86_TRAP_SPURIOUS] = xen_asm_exc_spurious_interrupt_bug,
	[X86_TRAP_MF]	= xen_asm_exc_coprocessor_error,
	[X86_TRAP_AC]	= xen_asm_exc_alignment_check,
#ifdef CONFIG_X86_MCE
	[X86_TRAP_MC]	= xen_asm_xenpv_exc_machine_check,
#endif
	[X86_TRAP_XF]	= xen_asm_exc_simd_coprocessor_error,
#if defined(CONFIG_X86_KERNEL_IBT) || defined(CONFIG_X86_CET)
	[X86_TRAP_CP]	= xen_asm_exc_control_protection,
#endif
};

/* The kernel's IDT as last loaded, which another CPU starts from. */
static DEFINE_PER_CPU(struct desc_ptr, xpv_idt);

static const void *__ref xpv_trap_address(unsigned int vector, unsigned long gate)
{
	if (vector >= NUM_EXCEPTION_VECTORS)
		goto other;
	if (gate - (unsigned long)early_idt_handler_array < sizeof(early_idt_handler_array))
		return xen_early_idt_handler_array[vector];
	if (xpv_trap_entry[vector])
		return xpv_trap_entry[vector];
other:
#ifdef CONFIG_IA32_EMULATION
	if (vector == IA32_SYSCALL_VECTOR)
		return xen_asm_int80_emulation;
#endif
	return xen_asm_exc_xen_unknown_trap;
}

/* Returns whether the gate is one at all. */
static bool xpv_trap_from_gate(struct trap_info *trap, unsigned int vector, const gate_desc *gate)
{
	if (gate->bits.type != GATE_INTERRUPT && gate->bits.type != GATE_TRAP)
		return false;
	trap->vector = vector;
	trap->cs = gate_segment(gate);
	trap->flags = gate->bits.dpl;
	if (gate->bits.type == GATE_INTERRUPT)
		trap->flags |= TRAP_MASKS_EVENTS;
	trap->address = (unsigned long)xpv_trap_address(vector, gate_offset(gate));
	return true;
}

/* Fills @traps from @idt; returns how many, the rest is left. */
static unsigned int xpv_traps_from_idt(struct trap_info *traps, const struct desc_ptr *idt,
				       bool by_vector)
{
	unsigned int vector, n = 0, gates = (idt->size + 1) / sizeof(gate_desc);
	const gate_desc *gate = (const gate_desc *)idt->address;

	for (vector = 0; vector < gates; vector++)
		if (xpv_trap_from_gate(&traps[by_vector ? vector : n], vector, &gate[vector]))
			n++;
	return n;
}

/**
 * xpv_traps_copy() - the traps of this CPU in the form that another starts with
 * @traps: 256 entries of zeros, filled by vector
 */
void xpv_traps_copy(struct trap_info *traps)
{
	xpv_traps_from_idt(traps, this_cpu_ptr(&xpv_idt), true);
}

static void xpv_load_idt(const struct desc_ptr *idt)
{
	/* Too large for the stack. CPUs may come up, and load, several at once. */
	static struct trap_info traps[IDT_ENTRIES + 1];
	static DEFINE_SPINLOCK(lock);
	unsigned int n;

	trace_xen_cpu_load_idt(idt);
	*this_cpu_ptr(&xpv_idt) = *idt;
	spin_lock(&lock);
	n = xpv_traps_from_idt(traps, idt, false);
	traps[n].address = 0;
	hcall_must(hcall_set_trap_table(traps));
	spin_unlock(&lock);
}

static void xpv_write_idt_entry(gate_desc *idt, int vector, const gate_desc *gate)
{
	struct trap_info traps[2] = { };

	trace_xen_cpu_write_idt_entry(idt, vector, gate);
	native_write_idt_entry(idt, vector, gate);
	if ((unsigned long)idt == __this_cpu_read(xpv_idt.address) &&
	    xpv_trap_from_gate(&traps[0], vector, gate))
		hcall_must(hcall_set_trap_table(traps));
}

/**
 * xpv_traps_init_early() - take over the IDT, and have the early handlers in force
 */
void __init xpv_traps_init_early(void)
{
	pv_ops.cpu.load_idt = xpv_load_idt;
	pv_ops.cpu.write_idt_entry = xpv_write_idt_entry;
	idt_setup_early_handler();
}

/**
 * xpv_callbacks_init_cpu() - say where system calls enter, which each CPU does for itself
 */
void xpv_callbacks_init_cpu(void)
{
	hcall_must(hcall_register_callback(CALLBACKTYPE_syscall, CALLBACKF_mask_events,
					   xpv_syscall));
	/* AMD has no sysenter in long mode, Intel no syscall in compatibility mode. */
	if (hcall_register_callback(CALLBACKTYPE_syscall32, CALLBACKF_mask_events, xpv_syscall32))
		xpv_no_syscall32();
	if (hcall_register_callback(CALLBACKTYPE_sysenter, CALLBACKF_mask_events, xpv_sysenter32))
		xpv_no_sysenter32();
}

/**
 * xpv_callbacks_init() - say where events, failed returns and system calls enter
 */
void __init xpv_callbacks_init(void)
{
	hcall_must(hcall_register_callback(CALLBACKTYPE_event, CALLBACKF_mask_events,
					   xen_asm_exc_xen_hypervisor_callback));
	hcall_must(hcall_register_callback(CALLBACKTYPE_failsafe, CALLBACKF_mask_events,
					   xen_failsafe_callback));
	xpv_callbacks_init_cpu();
}

/* Vectors that have a stack of their own on hardware are here on the task's. */
void noist_exc_debug(struct pt_regs *regs);

DEFINE_IDTENTRY_RAW(xenpv_exc_debug)
{
	if (!user_mode(regs))
		exc_debug(regs);
	else
		noist_exc_debug(regs);
}

#ifdef CONFIG_X86_MCE
DEFINE_IDTENTRY_RAW(xenpv_exc_machine_check)
{
	if (!user_mode(regs))
		exc_machine_check(regs);
	else
		noist_exc_machine_check(regs);
}
#endif

DEFINE_IDTENTRY_RAW(xenpv_exc_nmi)
{
	exc_nmi(regs);
}

DEFINE_IDTENTRY_RAW_ERRORCODE(xenpv_exc_double_fault)
{
	exc_double_fault(regs, error_code);
}

DEFINE_IDTENTRY_RAW(exc_xen_unknown_trap)
{
	instrumentation_begin();
	panic("Xen raised an exception that no gate was set for, at %pS\n", (void *)regs->ip);
	instrumentation_end();
}

#ifndef CONFIG_PREEMPTION
/* Set around hypercalls of the toolstack that take seconds, see xen_preemptible_hcall_begin(). */
DEFINE_PER_CPU(bool, xen_in_preemptible_hcall);
EXPORT_PER_CPU_SYMBOL_GPL(xen_in_preemptible_hcall);

static __always_inline bool xpv_long_hypercall(void)
{
	return __this_cpu_read(xen_in_preemptible_hcall);
}

/* The task may come back on another CPU, so its mark goes with it. */
static __always_inline void xpv_reschedule_long_hypercall(void)
{
	__this_cpu_write(xen_in_preemptible_hcall, false);
	irqentry_exit_cond_resched();
	__this_cpu_write(xen_in_preemptible_hcall, true);
}
#else
static __always_inline bool xpv_long_hypercall(void) { return false; }
static __always_inline void xpv_reschedule_long_hypercall(void) { }
#endif

static void xpv_handle_events(struct pt_regs *regs)
{
	struct pt_regs *outer = set_irq_regs(regs);

	xpv_irq_count(HYPERVISOR_CALLBACK);
	xen_evtchn_do_upcall();
	set_irq_regs(outer);
}

/* Xen has an event for this CPU; entered with events masked. */
__visible noinstr void xen_pv_evtchn_do_upcall(struct pt_regs *regs)
{
	irqentry_state_t state = irqentry_enter(regs);

	instrumentation_begin();
	run_sysvec_on_irqstack_cond(xpv_handle_events, regs);
	if (xpv_long_hypercall() && !state.exit_rcu) {
		xpv_reschedule_long_hypercall();
		instrumentation_end();
		return;
	}
	instrumentation_end();
	irqentry_exit(regs, state);
}
