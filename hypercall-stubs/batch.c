// SPDX-License-Identifier: GPL-2.0
/*
 * batch.h on a queue for each CPU. Interrupts are off whenever the queue is touched, which
 * is all the locking that it needs; NMIs stay away from it.
 */
#define pr_fmt(fmt) "hypercall: " fmt

#include <linux/bug.h>
#include <linux/instruction_pointer.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>

#include "batch.h"
#include "count.h"
#include "queue.h"
#include "result.h"

static DEFINE_PER_CPU(struct hqueue, hqueue);

/* Without the root that it asked for, this CPU would go on in another process's memory. */
static bool hq_is_fatal(const struct hq_failure *failure)
{
	return failure->element && failure->nr == __HYPERVISOR_mmuext_op &&
	       (failure->args[0] == MMUEXT_NEW_BASEPTR ||
		failure->args[0] == MMUEXT_NEW_USER_BASEPTR);
}

/*
 * Interrupts are off. The scheduler may be here with a lock of its own held, which a
 * console may want: only the log is written to, and the consoles follow later.
 */
void hq_failed(const struct hq_failure *failure)
{
	char call[96];

	snprintf(call, sizeof(call), "%s%s(%#lx, %#lx, %#lx)", failure->element ? "part of " : "",
		 hcall_name(failure->nr), failure->args[0], failure->args[1], failure->args[2]);
	if (hq_is_fatal(failure))
		hcall_die_at(call, failure->rc, failure->caller);

	printk_deferred_enter();
	pr_err("%s failed: %ld, called from %pS\n", call, failure->rc, (void *)failure->caller);
	WARN_ON_ONCE(1);
	printk_deferred_exit();
}

void hbatch_refused(unsigned long nr, unsigned long a0, unsigned long a1, long rc,
		    unsigned long caller)
{
	struct hq_failure failure = {
		.nr = nr, .element = true, .args = { a0, a1 }, .rc = rc, .caller = caller,
	};
	unsigned long flags;

	local_irq_save(flags);
	hq_failed(&failure);
	local_irq_restore(flags);
}

unsigned long hbatch_begin(void)
{
	unsigned long flags;

	local_irq_save(flags);
	__this_cpu_inc(hqueue.depth);
	return flags;
}

void hbatch_end(unsigned long flags)
{
	struct hqueue *q = this_cpu_ptr(&hqueue);

	q->depth--;
	hq_settle(q, in_interrupt());
	local_irq_restore(flags);
}

bool hbatch_held(void)
{
	return this_cpu_read(hqueue.held);
}

/* A task that is moved to another CPU takes held with it, so preemption changes nothing. */
bool hbatch_hold(void)
{
	bool held = this_cpu_read(hqueue.held);

	this_cpu_write(hqueue.held, true);
	return held;
}

void hbatch_release(bool held)
{
	unsigned long flags;

	local_irq_save(flags);
	__this_cpu_write(hqueue.held, held);
	hq_settle(this_cpu_ptr(&hqueue), in_interrupt());
	local_irq_restore(flags);
}

void hbatch_flush(void)
{
	unsigned long flags;

	local_irq_save(flags);
	hq_flush(this_cpu_ptr(&hqueue));
	local_irq_restore(flags);
}

void hbatch_done(void (*fn)(void *data), void *data)
{
	unsigned long flags = hbatch_begin();

	hq_done(this_cpu_ptr(&hqueue), fn, data);
	hbatch_end(flags);
}

void __hbatch_call(unsigned long nr, unsigned long a0, unsigned long a1, unsigned long a2)
{
	unsigned long flags = hbatch_begin();

	hcall_count_batched(nr);
	hq_call(this_cpu_ptr(&hqueue), nr, (unsigned long[]){ a0, a1, a2 }, _RET_IP_);
	hbatch_end(flags);
}

void hbatch_mmu_update_for(const struct mmu_update *update, unsigned long caller)
{
	unsigned long flags = hbatch_begin();

	hcall_count_batched(__HYPERVISOR_mmu_update);
	hq_mmu_update(this_cpu_ptr(&hqueue), update, caller);
	hbatch_end(flags);
}

void __hbatch_mmu_update(const struct mmu_update *update)
{
	hbatch_mmu_update_for(update, _RET_IP_);
}

void hbatch_mmuext_for(const struct mmuext_op *op, unsigned long caller)
{
	unsigned long flags = hbatch_begin();

	hcall_count_batched(__HYPERVISOR_mmuext_op);
	hq_mmuext(this_cpu_ptr(&hqueue), op, caller);
	hbatch_end(flags);
}

void __hbatch_mmuext(const struct mmuext_op *op)
{
	hbatch_mmuext_for(op, _RET_IP_);
}
