// SPDX-License-Identifier: GPL-2.0
/* Events are sent, looked at and waited for, by interrupt. */
#include <linux/interrupt.h>
#include <linux/seq_file.h>

#include <xen/events.h>
#include <xen/interface/sched.h>
#include <xen/interface/vcpu.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypercall.h>

#include "evt.h"

static evtchn_port_t evt_port(unsigned int irq)
{
	struct evt_channel *channel = evt_of_irq(irq);

	return channel ? READ_ONCE(channel->port) : 0;
}

/**
 * xen_evtchn_nr_channels() - how many event channels there can be
 *
 * Return: a number of ports.
 */
unsigned int xen_evtchn_nr_channels(void)
{
	return evt_abi->nr_ports;
}
EXPORT_SYMBOL_GPL(xen_evtchn_nr_channels);

/**
 * irq_from_evtchn() - the interrupt of an event channel
 * @evtchn: its port
 *
 * Return: the interrupt, or 0 when it has none.
 */
unsigned int irq_from_evtchn(evtchn_port_t evtchn)
{
	struct evt_channel *channel = evt_of_port(evtchn);

	return channel ? channel->irq : 0;
}
EXPORT_SYMBOL_GPL(irq_from_evtchn);

/**
 * irq_evtchn_from_virq() - the interrupt and the port of one of Xen's
 * @cpu: whose
 * @virq: VIRQ_TIMER and so on
 * @evtchn: filled in with the port
 *
 * Return: the interrupt, or -1 when it is not bound.
 */
int irq_evtchn_from_virq(unsigned int cpu, unsigned int virq, evtchn_port_t *evtchn)
{
	struct evt_channel *channel = evt_of_virq(cpu, virq);

	if (!channel)
		return -1;
	*evtchn = channel->port;
	return channel->irq;
}

/**
 * notify_remote_via_irq() - send an event
 * @irq: the interrupt of the channel; nothing is sent when it has none
 */
void notify_remote_via_irq(int irq)
{
	evtchn_port_t port = evt_port(irq);

	if (port)
		notify_remote_via_evtchn(port);
}
EXPORT_SYMBOL_GPL(notify_remote_via_irq);

/**
 * xen_send_IPI_one() - ask a CPU for something
 * @cpu: the CPU
 * @vector: for what; nothing happens when it has not bound it
 */
void xen_send_IPI_one(unsigned int cpu, enum ipi_vector vector)
{
	struct evt_channel *channel;

	if (vector == XEN_NMI_VECTOR) {
		int rc = HYPERVISOR_vcpu_op(VCPUOP_send_nmi, xen_vcpu_nr(cpu), NULL);

		if (rc)
			pr_warn_once("xen: no NMI for CPU %u: %d\n", cpu, rc);
		return;
	}
	channel = evt_of_ipi(cpu, vector);
	if (channel && READ_ONCE(channel->port))
		notify_remote_via_evtchn(channel->port);
}

/**
 * xen_set_irq_priority() - which interrupts a CPU sees first
 * @irq: the interrupt
 * @priority: 0, the first, to 15, the last; 7 when it was never set
 *
 * Return: 0 or a negative errno, with the 2-level ABI always.
 */
int xen_set_irq_priority(unsigned int irq, unsigned int priority)
{
	struct evtchn_set_priority arg = { .port = evt_port(irq), .priority = priority };

	return HYPERVISOR_event_channel_op(EVTCHNOP_set_priority, &arg);
}
EXPORT_SYMBOL_GPL(xen_set_irq_priority);

/**
 * xen_clear_irq_pending() - forget an event that nobody has been told of
 * @irq: the interrupt, disabled
 */
void xen_clear_irq_pending(int irq)
{
	evtchn_port_t port = evt_port(irq);

	if (port)
		evt_abi->clear_pending(port);
}
EXPORT_SYMBOL(xen_clear_irq_pending);

/**
 * xen_test_irq_pending() - ask for an event that nobody has been told of
 * @irq: the interrupt, disabled
 *
 * Return: true when there is one.
 */
bool xen_test_irq_pending(int irq)
{
	evtchn_port_t port = evt_port(irq);

	return port && evt_abi->pending(port);
}

/**
 * xen_poll_irq_timeout() - sleep in Xen until there is an event
 * @irq: the interrupt, disabled
 * @timeout: until when at most, in Xen's ns, or 0
 *
 * May return for no reason.
 */
void xen_poll_irq_timeout(int irq, u64 timeout)
{
	evtchn_port_t port = evt_port(irq);
	struct sched_poll poll = { .nr_ports = 1, .timeout = timeout };

	if (!port)
		return;
	set_xen_guest_handle(poll.ports, &port);
	if (HYPERVISOR_sched_op(SCHEDOP_poll, &poll))
		cpu_relax();
}
EXPORT_SYMBOL(xen_poll_irq_timeout);

/**
 * xen_poll_irq() - sleep in Xen until there is an event, however long
 * @irq: the interrupt, disabled
 */
void xen_poll_irq(int irq)
{
	xen_poll_irq_timeout(irq, 0);
}
