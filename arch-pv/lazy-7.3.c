// SPDX-License-Identifier: GPL-2.0
/*
 * What may wait, and until when, in Linux 7.3, which keeps for each task whether it is in
 * the lazy MMU mode. lazy.c says what that is for.
 *
 * Nobody is told when a task enters the mode. So holding begins with its first change, in
 * xpv_changes_wait(), and ends with the mode or, for as long as the task does not run, with
 * a switch to another.
 */
#include <linux/pgtable.h>
#include <linux/sched.h>

#include <asm/paravirt.h>

#include "hypercall-stubs/batch.h"
#include "xpv.h"

bool xpv_changes_wait(void)
{
	if (hbatch_held())
		return true;
	if (!is_lazy_mmu_mode_active())
		return false;
	hbatch_hold();
	return true;
}

/*
 * At the end of a section, also of one in another. An interrupt that gets here sends what the
 * task collected, which is early and harmless: the task's next change holds again.
 */
static void xpv_flush_lazy_mmu(void)
{
	if (hbatch_held())
		hbatch_release(false);
}

static void xpv_start_context_switch(struct task_struct *prev)
{
	__task_lazy_mmu_mode_pause(prev);
	/* A task that has just left the mode, and was preempted before it could say so. */
	if (hbatch_held())
		hbatch_release(false);
	hbatch_hold();
}

static void xpv_end_context_switch(struct task_struct *next)
{
	hbatch_release(false);
	__task_lazy_mmu_mode_resume(next);
}

/**
 * xpv_lazy_init() - take over the beginnings and ends of what is held
 */
void __init xpv_lazy_init(void)
{
	pv_ops.mmu.lazy_mode_flush = xpv_flush_lazy_mmu;
	pv_ops.cpu.start_context_switch = xpv_start_context_switch;
	pv_ops.cpu.end_context_switch = xpv_end_context_switch;
}
