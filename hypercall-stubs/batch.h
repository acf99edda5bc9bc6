/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls that are collected for this CPU and enter Xen together.
 *
 * A call is sent at once, by itself, unless batching is on. Two things have it on:
 *
 *  - hbatch_begin() to hbatch_end(), for some calls that belong together. Interrupts are
 *    off in between. May nest; only the outermost hbatch_end() sends.
 *  - hbatch_hold() to hbatch_release(), for the lazy modes of the kernel. Interrupts may
 *    come, and what they call is sent at once, after all that was collected before it. A
 *    task that holds may only be switched away from by code that releases for it.
 *
 * The order of calls is kept always: nothing overtakes what was collected before. Direct
 * calls (hcall_*) are not ordered with these; hbatch_flush() first where it matters.
 *
 * A call that fails is reported with its arguments and the function that made it, and the
 * ones after it are made all the same. A switch to another root that fails ends the guest.
 *
 * All functions may be called with interrupts on or off and from interrupts, from the
 * first C function of the kernel on, but not from NMIs.
 */
#ifndef _HYPERCALL_STUBS_BATCH_H
#define _HYPERCALL_STUBS_BATCH_H

#include <linux/types.h>

#include <xen/interface/xen.h>

#include "mmu.h"

/**
 * hbatch_begin() - open a section whose calls are sent together
 *
 * Context: any; leaves interrupts off.
 * Return: what hbatch_end() wants.
 */
unsigned long hbatch_begin(void);

/**
 * hbatch_end() - close a section, send its calls if it is the outermost
 * @flags: what hbatch_begin() gave
 *
 * They stay collected when batching is held.
 */
void hbatch_end(unsigned long flags);

/**
 * hbatch_hold() - collect calls from now on, until hbatch_release()
 *
 * Return: whether they were collected already, for hbatch_release().
 */
bool hbatch_hold(void);

/**
 * hbatch_release() - go back to how it was, and send what was collected unless it goes on
 * @held: what hbatch_hold() gave
 */
void hbatch_release(bool held);

/**
 * hbatch_held() - whether hbatch_hold() is in force on this CPU
 *
 * Return: true when it is.
 */
bool hbatch_held(void);

/**
 * hbatch_flush() - send what was collected; collecting goes on as before
 */
void hbatch_flush(void);

/**
 * hbatch_done() - have a function called when all calls made so far are done
 * @fn: the function; runs on this CPU with interrupts off, maybe in an interrupt, maybe
 *	before hbatch_done() returns. It may make calls; they are sent at once.
 * @data: its argument
 *
 * At most 32 wait at a time, so @fn may undo what raises preempt_count.
 */
void hbatch_done(void (*fn)(void *data), void *data);

/**
 * hbatch_refused() - report an element that was sent past the batch, as the batch reports its own
 * @nr: __HYPERVISOR_mmu_update or __HYPERVISOR_mmuext_op
 * @a0: its ptr, or its cmd
 * @a1: its val, or its arg1
 * @rc: Xen's answer
 * @caller: address of who asked for it
 */
void hbatch_refused(unsigned long nr, unsigned long a0, unsigned long a1, long rc,
		    unsigned long caller);

/**
 * hbatch_mmu_update_for() - hbatch_mmu_update() on behalf of another function
 * @update: the update
 * @caller: its address, for the report of a failure
 */
void hbatch_mmu_update_for(const struct mmu_update *update, unsigned long caller);

/**
 * hbatch_mmuext_for() - hbatch_mmuext() on behalf of another function
 * @op: the operation
 * @caller: its address, for the report of a failure
 */
void hbatch_mmuext_for(const struct mmuext_op *op, unsigned long caller);

/* What the inline functions below are made of. */
void __hbatch_call(unsigned long nr, unsigned long a0, unsigned long a1, unsigned long a2);
void __hbatch_mmu_update(const struct mmu_update *update);
void __hbatch_mmuext(const struct mmuext_op *op);

/**
 * hbatch_mmu_update() - write an entry of a page table
 * @update: what mmu_set() or mmu_set_keep_ad() gives
 */
static inline void hbatch_mmu_update(struct mmu_update update)
{
	__hbatch_mmu_update(&update);
}

/**
 * hbatch_mmuext() - carry out an operation on page tables or TLBs
 * @op: what one of the functions mmuext_*() gives. A bitmap of CPUs in it must stay until
 *	the call is sent: hbatch_flush() after it, with interrupts off around both.
 */
static inline void hbatch_mmuext(struct mmuext_op op)
{
	__hbatch_mmuext(&op);
}

/**
 * hbatch_update_va_mapping() - write the last-level entry that maps an address
 * @va: an address that the page table current then has a last-level table for
 * @pte: the entry, with a machine frame
 * @flush: UVMF_NONE, or UVMF_TLB_FLUSH or UVMF_INVLPG with UVMF_LOCAL or UVMF_ALL
 */
static inline void hbatch_update_va_mapping(unsigned long va, pte_t pte, unsigned long flush)
{
	__hbatch_call(__HYPERVISOR_update_va_mapping, va, pte.pte, flush);
}

/**
 * hbatch_update_descriptor() - write one descriptor of a GDT or LDT in use
 * @entry: machine address of the descriptor
 * @desc: the descriptor
 */
static inline void hbatch_update_descriptor(u64 entry, u64 desc)
{
	__hbatch_call(__HYPERVISOR_update_descriptor, entry, desc, 0);
}

/**
 * hbatch_stack_switch() - set the stack on which this CPU enters the kernel from user code
 * @ss: its selector
 * @sp: its end
 */
static inline void hbatch_stack_switch(unsigned long ss, unsigned long sp)
{
	__hbatch_call(__HYPERVISOR_stack_switch, ss, sp, 0);
}

/**
 * hbatch_fpu_taskswitch() - set or clear CR0.TS
 * @set: whether the next use of the FPU is to trap
 */
static inline void hbatch_fpu_taskswitch(bool set)
{
	__hbatch_call(__HYPERVISOR_fpu_taskswitch, set, 0, 0);
}

#endif
