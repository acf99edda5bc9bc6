// SPDX-License-Identifier: GPL-2.0
/*
 * What may wait, and until when, in Linux 7.3, which keeps for each task whether it is in
 * the lazy MMU mode. lazy.c says what that is for.
 *
 * Nobody is told when a task enters the mode. So holding begins with its first change, in
 * xpv_hold_if_lazy(), and ends with the mode or with a switch to another task. The task's own
 * count of pauses is left alone: a new task has never been switched away from, and to take back
 * a pause that it did not make would leave it paused for ever.
 */
#include <linux/pgtable.h>
#include <linux/sched.h>

#include <asm/paravirt.h>

#include "hypercall-stubs/batch.h"
#include "xpv.h"

bool xpv_hold_if_lazy(void)
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

/* The mode is the task's: what it collected goes, what the switch itself changes is held. */
static void xpv_start_context_switch(struct task_struct *prev)
{
	xpv_flush_lazy_mmu();
	hbatch_hold();
}

static void xpv_end_context_switch(struct task_struct *next)
{
	hbatch_release(false);
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
