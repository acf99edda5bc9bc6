// SPDX-License-Identifier: GPL-2.0
/*
 * What one CPU tells another: run the scheduler, call a function, irq_work, NMI.
 *
 * Xen's rule: an event channel between two CPUs takes the place of each vector, bound per
 * CPU before it comes up. Only an NMI has a hypercall.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include <xen/events.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/xen/events.h>

#include "hypercall-stubs/vcpu.h"
#include "xpv.h"

static irqreturn_t xpv_ipi_reschedule(int irq, void *data)
{
	xpv_irq_count(RESCHEDULE);
	scheduler_ipi();
	return IRQ_HANDLED;
}

static irqreturn_t xpv_ipi_call(int irq, void *data)
{
	generic_smp_call_function_interrupt();
	xpv_irq_count(CALL_FUNCTION);
	return IRQ_HANDLED;
}

static irqreturn_t xpv_ipi_call_single(int irq, void *data)
{
	generic_smp_call_function_single_interrupt();
	xpv_irq_count(CALL_FUNCTION);
	return IRQ_HANDLED;
}

static irqreturn_t xpv_ipi_irq_work(int irq, void *data)
{
	irq_work_run();
	xpv_irq_count(IRQ_WORK);
	return IRQ_HANDLED;
}

static const struct {
	enum ipi_vector vector;
	irq_handler_t handler;
	const char *name;
} xpv_ipis[] = {
	{ XEN_RESCHEDULE_VECTOR,	xpv_ipi_reschedule,	"resched" },
	{ XEN_CALL_FUNCTION_VECTOR,	xpv_ipi_call,		"callfunc" },
	{ XEN_CALL_FUNCTION_SINGLE_VECTOR, xpv_ipi_call_single,	"callfuncsingle" },
	{ XEN_IRQ_WORK_VECTOR,		xpv_ipi_irq_work,	"irqwork" },
};

struct xpv_ipi {
	int irq;
	char name[20];
};

static DEFINE_PER_CPU(struct xpv_ipi [ARRAY_SIZE(xpv_ipis)], xpv_ipi);

/**
 * xpv_ipi_unprepare() - undo xpv_ipi_prepare(), also when it failed half-way
 * @cpu: the CPU, which does not run any more
 */
void xpv_ipi_unprepare(unsigned int cpu)
{
	struct xpv_ipi *ipi = per_cpu(xpv_ipi, cpu);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(xpv_ipis); i++) {
		if (ipi[i].irq > 0)
			unbind_from_irqhandler(ipi[i].irq, NULL);
		ipi[i].irq = 0;
	}
}

/**
 * xpv_ipi_prepare() - bind a CPU's channels
 * @cpu: the CPU, before it comes up
 *
 * Return: 0 or a negative errno.
 */
int xpv_ipi_prepare(unsigned int cpu)
{
	struct xpv_ipi *ipi = per_cpu(xpv_ipi, cpu);
	unsigned int i;
	int irq;

	for (i = 0; i < ARRAY_SIZE(xpv_ipis); i++) {
		snprintf(ipi[i].name, sizeof(ipi[i].name), "%s%u", xpv_ipis[i].name, cpu);
		irq = bind_ipi_to_irqhandler(xpv_ipis[i].vector, cpu, xpv_ipis[i].handler,
					     IRQF_PERCPU | IRQF_NOBALANCING, ipi[i].name, NULL);
		if (irq < 0) {
			xpv_ipi_unprepare(cpu);
			return irq;
		}
		ipi[i].irq = irq;
	}
	return 0;
}

void xpv_send_reschedule(int cpu)
{
	xen_send_IPI_one(cpu, XEN_RESCHEDULE_VECTOR);
}

void xpv_send_call_func(const struct cpumask *mask)
{
	unsigned int cpu;
	bool waits = false;

	for_each_cpu_and(cpu, mask, cpu_online_mask) {
		xen_send_IPI_one(cpu, XEN_CALL_FUNCTION_VECTOR);
		waits |= xen_vcpu_stolen(cpu);
	}
	/* One of them wants to run and has no processor: it may get this one. */
	if (waits)
		hcall_yield();
}

void xpv_send_call_func_single(int cpu)
{
	xen_send_IPI_one(cpu, XEN_CALL_FUNCTION_SINGLE_VECTOR);
}

/* Vectors of the APIC that common code sends; the rest has functions of its own above. */
static int xpv_event_of_vector(int vector)
{
	switch (vector) {
	case RESCHEDULE_VECTOR:
		return XEN_RESCHEDULE_VECTOR;
	case CALL_FUNCTION_VECTOR:
		return XEN_CALL_FUNCTION_VECTOR;
	case CALL_FUNCTION_SINGLE_VECTOR:
		return XEN_CALL_FUNCTION_SINGLE_VECTOR;
	case IRQ_WORK_VECTOR:
		return XEN_IRQ_WORK_VECTOR;
	case NMI_VECTOR:
	case APIC_DM_NMI:
		return XEN_NMI_VECTOR;
	default:
		pr_err_once("interrupt vector %#x sent, which has no event channel\n", vector);
		return -1;
	}
}

static void xpv_send_ipi(const struct cpumask *mask, int vector, int except)
{
	int event = xpv_event_of_vector(vector);
	int cpu;

	if (event < 0)
		return;
	for_each_cpu_and(cpu, mask, cpu_online_mask)
		if (cpu != except)
			xen_send_IPI_one(cpu, event);
}

void xpv_send_ipi_mask(const struct cpumask *mask, int vector)
{
	xpv_send_ipi(mask, vector, -1);
}

void xpv_send_ipi_mask_allbutself(const struct cpumask *mask, int vector)
{
	xpv_send_ipi(mask, vector, smp_processor_id());
}

void xpv_send_ipi_allbutself(int vector)
{
	xpv_send_ipi(cpu_online_mask, vector, smp_processor_id());
}

void xpv_send_ipi_all(int vector)
{
	xpv_send_ipi(cpu_online_mask, vector, -1);
}

void xpv_send_ipi_self(int vector)
{
	xpv_send_ipi(cpumask_of(smp_processor_id()), vector, -1);
}
