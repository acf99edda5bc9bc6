// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting for a spinlock whose holder may not be running.
 *
 * Xen's rule: a CPU can sleep until one of its event channels is pending, masked or not,
 * without being interrupted by it. So each CPU has a channel that is never unmasked, and
 * whoever hands it the lock sends an event there.
 *
 * The queue itself is the kernel's, in kernel/locking/qspinlock_paravirt.h.
 */
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

#include <xen/events.h>
#include <xen/xen-ops.h>
#include <asm/paravirt.h>
#include <asm/qspinlock.h>
#include <asm/xen/events.h>

#include "hypercall-stubs/result.h"
#include "xpv.h"

struct xpv_lock_event {
	int irq;
	/* Waits of this CPU: an interrupt may wait in the middle of one. */
	unsigned int depth;
	char name[16];
};

static DEFINE_PER_CPU(struct xpv_lock_event, xpv_lock_event);
static bool xpv_lock_spins __initdata;

static int __init xpv_parse_nopvspin(char *arg)
{
	xpv_lock_spins = true;
	return 0;
}
early_param("xen_nopvspin", xpv_parse_nopvspin);

/* May return for no reason; the caller looks again. */
static void xpv_lock_wait(u8 *state, u8 while_it_is)
{
	struct xpv_lock_event *event = this_cpu_ptr(&xpv_lock_event);

	if (!event->irq || in_nmi())
		return;
	/*
	 * Forget an event of an earlier wait, and look at the state only then: what comes
	 * later keeps Xen from putting us to sleep. A wait in the middle of another must
	 * not forget the event of that, at the price of not sleeping while there is one.
	 */
	event->depth++;
	barrier();	/* an interrupt that waits sees it */
	if (event->depth == 1)
		xen_clear_irq_pending(event->irq);
	/* The lock of xen_clear_irq_pending() pairs with the barrier of whoever changes the
	 * state and calls xpv_lock_kick().
	 */
	if (READ_ONCE(*state) == while_it_is)
		xen_poll_irq(event->irq);
	barrier();
	event->depth--;
}

static void xpv_lock_kick(int cpu)
{
	/* Not waiting by Xen yet or any more, then it spins. */
	if (per_cpu(xpv_lock_event, cpu).irq)
		xen_send_IPI_one(cpu, XEN_SPIN_UNLOCK_VECTOR);
}

PV_CALLEE_SAVE_REGS_THUNK(xen_vcpu_stolen);

static irqreturn_t xpv_lock_never(int irq, void *data)
{
	WARN_ONCE(1, "the event of spinlocks is not masked\n");
	return IRQ_HANDLED;
}

/**
 * xpv_lock_prepare() - bind the channel that a CPU waits for
 * @cpu: the CPU, before it comes up
 *
 * Return: 0 or a negative errno.
 */
int xpv_lock_prepare(unsigned int cpu)
{
	struct xpv_lock_event *event = &per_cpu(xpv_lock_event, cpu);
	int irq;

	if (XPV_LOCK_OPS.wait != xpv_lock_wait)
		return 0;
	snprintf(event->name, sizeof(event->name), "spinlock%u", cpu);
	irq = bind_ipi_to_irqhandler(XEN_SPIN_UNLOCK_VECTOR, cpu, xpv_lock_never,
				     IRQF_PERCPU | IRQF_NOBALANCING, event->name, NULL);
	if (irq < 0)
		return irq;
	disable_irq(irq);
	event->irq = irq;
	return 0;
}

/**
 * xpv_lock_unprepare() - undo xpv_lock_prepare()
 * @cpu: the CPU, which does not run any more
 */
void xpv_lock_unprepare(unsigned int cpu)
{
	struct xpv_lock_event *event = &per_cpu(xpv_lock_event, cpu);

	if (!event->irq)
		return;
	unbind_from_irqhandler(event->irq, NULL);
	event->irq = 0;
}

/**
 * xpv_lock_init() - have waiters sleep, before the kernel patches itself
 *
 * Context: the command line has been read, all possible CPUs are known.
 */
void __init xpv_lock_init(void)
{
	if (num_possible_cpus() == 1)
		return;
	if (nopvspin || xpv_lock_spins) {
		pr_notice("spinlocks: waiters spin, as the command line wants\n");
		static_branch_disable(&virt_spin_lock_key);
		return;
	}
	__pv_init_lock_hash();
	xpv_lock_set_queue();
	XPV_LOCK_OPS.wait = xpv_lock_wait;
	XPV_LOCK_OPS.kick = xpv_lock_kick;
	XPV_LOCK_OPS.vcpu_is_preempted = PV_CALLEE_SAVE(xen_vcpu_stolen);
}
