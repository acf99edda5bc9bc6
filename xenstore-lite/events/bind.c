// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts are bound to event channels: of other domains, of Xen (VIRQ), between CPUs (IPI).
 *
 * All but rebind_evtchn_irq() and what is done at a restore hold evt_bind_mutex.
 */
#define pr_fmt(fmt) "xen:events: " fmt

#include <linux/interrupt.h>
#include <linux/limits.h>

#include <xen/events.h>
#include <xen/xen-ops.h>
#include <xen/xenbus.h>
#include <asm/xen/hypercall.h>

#include "evt.h"

/* Not frozen with devices, and the first to go on. */
#define EVT_SYSTEM_FLAGS	(IRQF_NO_SUSPEND | IRQF_FORCE_RESUME | IRQF_EARLY_RESUME)

static DEFINE_PER_CPU(struct evt_channel *[NR_VIRQS], evt_virqs);
static DEFINE_PER_CPU(struct evt_channel *[XEN_NR_IPIS], evt_ipis);

struct evt_channel *evt_of_ipi(unsigned int cpu, enum ipi_vector ipi)
{
	return READ_ONCE(per_cpu(evt_ipis, cpu)[ipi]);
}

struct evt_channel *evt_of_virq(unsigned int cpu, unsigned int virq)
{
	return virq < NR_VIRQS ? READ_ONCE(per_cpu(evt_virqs, cpu)[virq]) : NULL;
}

static void evt_close(evtchn_port_t port)
{
	struct evtchn_close arg = { .port = port };
	int rc = HYPERVISOR_event_channel_op(EVTCHNOP_close, &arg);

	if (rc)
		pr_warn("port %u stays open: %d\n", port, rc);
}

/* It is at this port, or it is not at all, and then the port is as it was. */
static int evt_attach(struct evt_channel *channel, evtchn_port_t port, unsigned int cpu)
{
	int rc;

	lockdep_assert_held(&evt_bind_mutex);
	evt_set_chip(channel);
	rc = evt_set_port(channel, port, cpu);
	if (!rc)
		return channel->irq;
	evt_free(channel);
	return rc;
}

/* Xen tells its first CPU of a channel to another domain, until it is moved. */
static int evt_bind_remote(evtchn_port_t port, bool late, bool shared, struct xenbus_device *dev)
{
	struct evt_channel *channel;
	int irq;

	if (!port || port >= evt_abi->nr_ports)
		return -EINVAL;
	mutex_lock(&evt_bind_mutex);
	channel = evt_of_port(port);
	if (channel) {
		irq = WARN_ON(channel->kind != EVT_REMOTE) ? -EBUSY : channel->irq;
		if (shared && irq > 0 && channel->refs > 0)
			channel->refs++;
		goto unlock;
	}
	channel = evt_new(EVT_REMOTE);
	if (!channel) {
		irq = -ENOMEM;
		goto unlock;
	}
	channel->late = late;
	channel->dev = dev;
	irq = evt_attach(channel, port, 0);
	if (irq > 0 && dev)
		atomic_inc(&dev->event_channels);
unlock:
	mutex_unlock(&evt_bind_mutex);
	return irq;
}

/**
 * bind_evtchn_to_irq() - have an interrupt for an event channel
 * @evtchn: the channel's port
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_evtchn_to_irq(evtchn_port_t evtchn)
{
	return evt_bind_remote(evtchn, false, false, NULL);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irq);

/**
 * bind_evtchn_to_irq_lateeoi() - the same, and the driver says when it is done
 * @evtchn: the channel's port
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_evtchn_to_irq_lateeoi(evtchn_port_t evtchn)
{
	return evt_bind_remote(evtchn, true, false, NULL);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irq_lateeoi);

/* The peer's port becomes one of ours. */
static int evt_connect(struct xenbus_device *dev, evtchn_port_t remote_port, bool shared)
{
	struct evtchn_bind_interdomain arg = {
		.remote_dom = dev->otherend_id,
		.remote_port = remote_port,
	};
	int irq, rc = HYPERVISOR_event_channel_op(EVTCHNOP_bind_interdomain, &arg);

	if (rc)
		return rc;
	irq = evt_bind_remote(arg.local_port, true, shared, dev);
	if (irq < 0)
		evt_close(arg.local_port);
	return irq;
}

/**
 * bind_interdomain_evtchn_to_irq_lateeoi() - connect to a channel that another domain has offered
 * @dev: the device that it is for, whose statistics count the events
 * @remote_port: the other domain's port
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_interdomain_evtchn_to_irq_lateeoi(struct xenbus_device *dev, evtchn_port_t remote_port)
{
	return evt_connect(dev, remote_port, false);
}
EXPORT_SYMBOL_GPL(bind_interdomain_evtchn_to_irq_lateeoi);

/* After a kexec the old kernel's VIRQs are bound still: use that port. */
static int evt_find_virq(unsigned int virq, unsigned int cpu, evtchn_port_t *port)
{
	struct evtchn_status status;

	for (*port = 1; *port < evt_abi->nr_ports; (*port)++) {
		status = (struct evtchn_status){ .dom = DOMID_SELF, .port = *port };
		if (HYPERVISOR_event_channel_op(EVTCHNOP_status, &status))
			break;
		if (status.status == EVTCHNSTAT_virq && status.u.virq == virq &&
		    status.vcpu == xen_vcpu_nr(cpu))
			return 0;
	}
	return -ENOENT;
}

static int evt_open_virq(unsigned int virq, unsigned int cpu, evtchn_port_t *port)
{
	struct evtchn_bind_virq arg = { .virq = virq, .vcpu = xen_vcpu_nr(cpu) };
	int rc = HYPERVISOR_event_channel_op(EVTCHNOP_bind_virq, &arg);

	*port = arg.port;
	return rc == -EEXIST ? evt_find_virq(virq, cpu, port) : rc;
}

static int evt_open_ipi(unsigned int cpu, evtchn_port_t *port)
{
	struct evtchn_bind_ipi arg = { .vcpu = xen_vcpu_nr(cpu) };
	int rc = HYPERVISOR_event_channel_op(EVTCHNOP_bind_ipi, &arg);

	*port = arg.port;
	return rc;
}

static int evt_open(const struct evt_channel *channel, unsigned int cpu, evtchn_port_t *port)
{
	return channel->kind == EVT_IPI ? evt_open_ipi(cpu, port) :
	       evt_open_virq(channel->number, cpu, port);
}

/* A VIRQ or an IPI of a CPU, @where it is remembered. */
static int evt_bind_local(struct evt_channel **where, enum evt_kind kind, unsigned int number,
			  unsigned int cpu, bool percpu)
{
	struct evt_channel *channel;
	evtchn_port_t port;
	int irq;

	mutex_lock(&evt_bind_mutex);
	if (*where) {
		irq = (*where)->irq;
		goto unlock;
	}
	channel = evt_new(kind);
	irq = -ENOMEM;
	if (!channel)
		goto unlock;
	channel->number = number;
	channel->percpu = percpu;
	irq = evt_open(channel, cpu, &port);
	if (irq) {
		evt_free(channel);
		goto unlock;
	}
	irq = evt_attach(channel, port, cpu);
	if (irq > 0)
		WRITE_ONCE(*where, channel);
	else
		evt_close(port);
unlock:
	mutex_unlock(&evt_bind_mutex);
	return irq;
}

/**
 * bind_virq_to_irq() - have an interrupt for one of Xen's
 * @virq: VIRQ_TIMER and so on
 * @cpu: whose
 * @percpu: it never moves to another CPU
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_virq_to_irq(unsigned int virq, unsigned int cpu, bool percpu)
{
	if (virq >= NR_VIRQS)
		return -EINVAL;
	return evt_bind_local(&per_cpu(evt_virqs, cpu)[virq], EVT_VIRQ, virq, cpu, percpu);
}

static void evt_forget(struct evt_channel *channel)
{
	unsigned int cpu;

	if (channel->dev)
		atomic_dec(&channel->dev->event_channels);
	for_each_possible_cpu(cpu) {
		if (channel->kind == EVT_VIRQ && evt_of_virq(cpu, channel->number) == channel)
			WRITE_ONCE(per_cpu(evt_virqs, cpu)[channel->number], NULL);
		if (channel->kind == EVT_IPI && evt_of_ipi(cpu, channel->number) == channel)
			WRITE_ONCE(per_cpu(evt_ipis, cpu)[channel->number], NULL);
	}
}

/* One holder less; with the last one the channel ends. */
static void evt_unbind(unsigned int irq)
{
	struct evt_channel *channel;
	evtchn_port_t port;

	mutex_lock(&evt_bind_mutex);
	channel = evt_of_irq(irq);
	if (WARN_ON(!channel) || (channel->refs > 0 && --channel->refs))
		goto unlock;
	port = channel->port;
	evt_clear_port(channel);
	if (port && !channel->is_static)
		evt_close(port);
	evt_forget(channel);
	evt_free(channel);
unlock:
	mutex_unlock(&evt_bind_mutex);
}

/* With a handler, or not at all. */
static int evt_request(int irq, irq_handler_t handler, unsigned long irqflags,
		       const char *devname, void *dev_id)
{
	int rc;

	if (irq < 0)
		return irq;
	rc = request_irq(irq, handler, irqflags, devname, dev_id);
	if (rc)
		evt_unbind(irq);
	return rc ?: irq;
}

/**
 * bind_evtchn_to_irqhandler() - have a function called for each event
 * @evtchn: the channel's port
 * @handler: the function, called with interrupts off
 * @irqflags: as for request_irq()
 * @devname: its name in /proc/interrupts
 * @dev_id: its argument
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_evtchn_to_irqhandler(evtchn_port_t evtchn, irq_handler_t handler,
			      unsigned long irqflags, const char *devname, void *dev_id)
{
	return evt_request(evt_bind_remote(evtchn, false, irqflags & IRQF_SHARED, NULL), handler,
			   irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irqhandler);

/**
 * bind_evtchn_to_irqhandler_lateeoi() - the same, and the driver says when it is done
 * @evtchn: the channel's port
 * @handler: the function, called with interrupts off
 * @irqflags: as for request_irq()
 * @devname: its name in /proc/interrupts
 * @dev_id: its argument
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_evtchn_to_irqhandler_lateeoi(evtchn_port_t evtchn, irq_handler_t handler,
				      unsigned long irqflags, const char *devname, void *dev_id)
{
	return evt_request(evt_bind_remote(evtchn, true, irqflags & IRQF_SHARED, NULL), handler,
			   irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_evtchn_to_irqhandler_lateeoi);

/**
 * bind_interdomain_evtchn_to_irqhandler_lateeoi() - connect to another domain's channel
 * @dev: the device that it is for
 * @remote_port: the other domain's port
 * @handler: the function, called with interrupts off
 * @irqflags: as for request_irq()
 * @devname: its name in /proc/interrupts
 * @dev_id: its argument
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_interdomain_evtchn_to_irqhandler_lateeoi(struct xenbus_device *dev,
						  evtchn_port_t remote_port, irq_handler_t handler,
						  unsigned long irqflags, const char *devname,
						  void *dev_id)
{
	return evt_request(evt_connect(dev, remote_port, irqflags & IRQF_SHARED), handler,
			   irqflags, devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_interdomain_evtchn_to_irqhandler_lateeoi);

/**
 * bind_virq_to_irqhandler() - have a function called for one of Xen's interrupts
 * @virq: VIRQ_TIMER and so on
 * @cpu: whose
 * @handler: the function, called with interrupts off
 * @irqflags: as for request_irq(); with IRQF_PERCPU it never moves
 * @devname: its name in /proc/interrupts
 * @dev_id: its argument
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_virq_to_irqhandler(unsigned int virq, unsigned int cpu, irq_handler_t handler,
			    unsigned long irqflags, const char *devname, void *dev_id)
{
	return evt_request(bind_virq_to_irq(virq, cpu, irqflags & IRQF_PERCPU), handler, irqflags,
			   devname, dev_id);
}
EXPORT_SYMBOL_GPL(bind_virq_to_irqhandler);

/**
 * bind_ipi_to_irqhandler() - have a function called when another CPU asks for it
 * @ipi: for what
 * @cpu: who is asked
 * @handler: the function, called with interrupts off
 * @irqflags: as for request_irq()
 * @devname: its name in /proc/interrupts
 * @dev_id: its argument
 *
 * Return: the interrupt, or a negative errno.
 */
int bind_ipi_to_irqhandler(enum ipi_vector ipi, unsigned int cpu, irq_handler_t handler,
			   unsigned long irqflags, const char *devname, void *dev_id)
{
	int irq = evt_bind_local(&per_cpu(evt_ipis, cpu)[ipi], EVT_IPI, ipi, cpu, true);

	return evt_request(irq, handler, irqflags | EVT_SYSTEM_FLAGS, devname, dev_id);
}

/**
 * unbind_from_irqhandler() - undo any of these
 * @irq: the interrupt
 * @dev_id: as when it was bound
 *
 * The handler does not run any more when this returns, and the channel is closed, unless others
 * hold it.
 */
void unbind_from_irqhandler(unsigned int irq, void *dev_id)
{
	if (WARN_ON(!evt_of_irq(irq)))
		return;
	free_irq(irq, dev_id);
	evt_unbind(irq);
}
EXPORT_SYMBOL_GPL(unbind_from_irqhandler);

/**
 * evtchn_make_refcounted() - have a channel end with its last holder
 * @evtchn: its port; the caller is the first holder
 * @is_static: it is not closed then
 *
 * Return: 0 or a negative errno.
 */
int evtchn_make_refcounted(evtchn_port_t evtchn, bool is_static)
{
	struct evt_channel *channel;
	int rc = -ENOENT;

	mutex_lock(&evt_bind_mutex);
	channel = evt_of_port(evtchn);
	if (channel && !WARN_ON(channel->refs != -1)) {
		channel->refs = 1;
		channel->is_static = is_static;
		rc = 0;
	}
	mutex_unlock(&evt_bind_mutex);
	return rc;
}
EXPORT_SYMBOL_GPL(evtchn_make_refcounted);

/**
 * evtchn_get() - hold a channel
 * @evtchn: its port
 *
 * Return: 0 or a negative errno.
 */
int evtchn_get(evtchn_port_t evtchn)
{
	struct evt_channel *channel;
	int rc = -ENOENT;

	mutex_lock(&evt_bind_mutex);
	channel = evt_of_port(evtchn);
	if (channel)
		rc = channel->refs > 0 && channel->refs < SHRT_MAX ? 0 : -EINVAL;
	if (!rc)
		channel->refs++;
	mutex_unlock(&evt_bind_mutex);
	return rc;
}
EXPORT_SYMBOL_GPL(evtchn_get);

/**
 * evtchn_put() - hold a channel no longer
 * @evtchn: its port
 */
void evtchn_put(evtchn_port_t evtchn)
{
	unsigned int irq = irq_from_evtchn(evtchn);

	if (!WARN_ON(!irq))
		evt_unbind(irq);
}
EXPORT_SYMBOL_GPL(evtchn_put);

/**
 * rebind_evtchn_irq() - give an interrupt another port, after a restore
 * @evtchn: the port
 * @irq: the interrupt, which has none
 *
 * Context: also with interrupts off, when one CPU runs.
 */
void rebind_evtchn_irq(evtchn_port_t evtchn, int irq)
{
	struct evt_channel *channel = evt_of_irq(irq);
	int rc;

	if (WARN_ON(!channel || channel->port || evt_of_port(evtchn)))
		return;
	rc = evt_set_port(channel, evtchn, 0);
	if (rc)
		pr_err("interrupt %d stays without port %u: %d\n", irq, evtchn, rc);
}

static void evt_open_again(struct evt_channel *channel, unsigned int cpu)
{
	evtchn_port_t port;
	int rc;

	if (!channel)
		return;
	rc = evt_open(channel, cpu, &port) ?: evt_set_port(channel, port, cpu);
	if (rc)
		panic("xen: no event channel for %s %u of CPU %u after resume: %d\n",
		      channel->kind == EVT_IPI ? "IPI" : "VIRQ", channel->number, cpu, rc);
}

/* What this domain has by itself it has on the new host. */
void evt_bind_again(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		for (i = 0; i < NR_VIRQS; i++)
			evt_open_again(evt_of_virq(cpu, i), cpu);
		for (i = 0; i < XEN_NR_IPIS; i++)
			evt_open_again(evt_of_ipi(cpu, i), cpu);
	}
}
