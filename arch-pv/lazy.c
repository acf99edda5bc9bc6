// SPDX-License-Identifier: GPL-2.0
/*
 * What may wait, and until when: changes of page tables in the lazy MMU mode, and what a
 * switch of tasks changes until the next task runs, but for the root, which is sent at once.
 *
 * Xen's rule: a hypercall costs hundreds of instructions before it does anything, and one
 * can carry many changes. So these are held, and sent together at the end.
 *
 * The lazy MMU mode is the task's, and holding is the CPU's: a task that is preempted in it
 * leaves it for as long as it does not run. hbatch_release() is where it may be preempted.
 */
#include <linux/mmdebug.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include <asm/paravirt.h>
#include <asm/thread_info.h>

#include "hypercall-stubs/batch.h"
#include "xpv.h"

/* Whether the running task of this CPU is in the lazy MMU mode. */
static DEFINE_PER_CPU(bool, xpv_lazy_mmu);

static void xpv_enter_lazy_mmu(void)
{
	this_cpu_write(xpv_lazy_mmu, true);
	hbatch_hold();
}

/*
 * A switch to another task between the two would find lazy mode on, and turn it and the
 * holding on again when it comes back: the holding would stay.
 */
static void xpv_leave_lazy_mmu(void)
{
	preempt_disable();
	hbatch_release(false);
	this_cpu_write(xpv_lazy_mmu, false);
	preempt_enable();
}

/* An interrupt's changes do not wait, so it has none to send. */
static void xpv_flush_lazy_mmu(void)
{
	preempt_disable();
	if (!in_interrupt() && this_cpu_read(xpv_lazy_mmu)) {
		xpv_leave_lazy_mmu();
		xpv_enter_lazy_mmu();
	}
	preempt_enable();
}

static void xpv_start_context_switch(struct task_struct *prev)
{
	bool held;

	if (this_cpu_read(xpv_lazy_mmu)) {
		xpv_leave_lazy_mmu();
		set_ti_thread_flag(task_thread_info(prev), TIF_LAZY_MMU_UPDATES);
	}
	held = hbatch_hold();
	VM_WARN_ON_ONCE(held);	/* who holds is in lazy mode, which was left */
}

static void xpv_end_context_switch(struct task_struct *next)
{
	hbatch_release(false);
	if (test_and_clear_ti_thread_flag(task_thread_info(next), TIF_LAZY_MMU_UPDATES))
		xpv_enter_lazy_mmu();
}

/**
 * xpv_lazy_init() - take over the beginnings and ends of what is held
 */
void __init xpv_lazy_init(void)
{
	pv_ops.mmu.lazy_mode.enter = xpv_enter_lazy_mmu;
	pv_ops.mmu.lazy_mode.leave = xpv_leave_lazy_mmu;
	pv_ops.mmu.lazy_mode.flush = xpv_flush_lazy_mmu;
	pv_ops.cpu.start_context_switch = xpv_start_context_switch;
	pv_ops.cpu.end_context_switch = xpv_end_context_switch;
}
