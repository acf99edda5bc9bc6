// SPDX-License-Identifier: GPL-2.0
/* What Linux does with an interrupt that is an event channel: chips, named as users know them. */
#include <linux/cpumask.h>
#include <linux/irq.h>

#include "compat.h"
#include "evt.h"

/*
 * NULL when it is unbound: the descriptor and its file in /proc outlive that by a grace period of
 * RCU, and a CPU that has found an event before may be about to handle it.
 */
static struct evt_channel *evt_of(struct irq_data *data)
{
	return irq_data_get_irq_chip_data(data);
}

static void evt_irq_mask(struct irq_data *data)
{
	struct evt_channel *channel = evt_of(data);

	if (channel)
		evt_mask(channel, EVT_MASK_IRQ);
}

static void evt_irq_unmask(struct irq_data *data)
{
	struct evt_channel *channel = evt_of(data);

	if (channel)
		evt_unmask(channel, EVT_MASK_IRQ);
}

/* An event that comes from now on is another one. */
static void evt_irq_ack(struct irq_data *data)
{
	struct evt_channel *channel = evt_of(data);
	evtchn_port_t port = channel ? READ_ONCE(channel->port) : 0;

	if (port)
		evt_abi->clear_pending(port);
}

static void evt_irq_mask_ack(struct irq_data *data)
{
	evt_irq_mask(data);
	evt_irq_ack(data);
}

static int evt_irq_set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	struct evt_channel *channel = evt_of(data);
	int cpu;

	if (!channel)
		return -ENODEV;
	cpu = evt_move(channel, mask);
	if (cpu < 0)
		return cpu;
	irq_data_update_effective_affinity(data, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

/*
 * Masked, it can be made pending without Xen's knowing; unmasking tells. What is sent again the
 * driver has not seen, and so it will not say that it is done with it.
 */
static int evt_irq_retrigger(struct irq_data *data)
{
	struct evt_channel *channel = evt_of(data);
	evtchn_port_t port = channel ? READ_ONCE(channel->port) : 0;

	if (!port)
		return 0;
	evt_mask(channel, EVT_MASK_MOVE);
	evt_abi->set_pending(port);
	evt_unmask(channel, EVT_MASK_MOVE | EVT_MASK_EOI);
	return 1;
}

static struct irq_chip evt_chip __read_mostly = {
	.name = "xen-dyn",
	.irq_disable = evt_irq_mask,
	.irq_mask = evt_irq_mask,
	.irq_unmask = evt_irq_unmask,
	.irq_ack = evt_irq_ack,
	.irq_mask_ack = evt_irq_mask_ack,
	.irq_set_affinity = evt_irq_set_affinity,
	.irq_retrigger = evt_irq_retrigger,
};

static struct irq_chip evt_chip_late __read_mostly = {
	.name = "xen-dyn-lateeoi",
	.irq_disable = evt_irq_mask,
	.irq_mask = evt_irq_mask,
	.irq_unmask = evt_irq_unmask,
	.irq_ack = evt_irq_ack,
	.irq_mask_ack = evt_irq_mask_ack,
	.irq_set_affinity = evt_irq_set_affinity,
	.irq_retrigger = evt_irq_retrigger,
};

static struct irq_chip evt_chip_percpu __read_mostly = {
	.name = "xen-percpu",
	.irq_disable = evt_irq_mask,
	.irq_mask = evt_irq_mask,
	.irq_unmask = evt_irq_unmask,
	.irq_ack = evt_irq_ack,
};

/* The interrupt is of the channel's kind from now on. */
void evt_set_chip(struct evt_channel *channel)
{
	static const char * const names[] = {
		[EVT_REMOTE] = "event", [EVT_VIRQ] = "virq", [EVT_IPI] = "ipi",
	};

	if (channel->percpu) {
		irq_set_chip_and_handler_name(channel->irq, &evt_chip_percpu, handle_percpu_irq,
					      names[channel->kind]);
		return;
	}
	irq_set_chip_and_handler_name(channel->irq, channel->late ? &evt_chip_late : &evt_chip,
				      handle_edge_irq, names[channel->kind]);
	evt_compat_moves_at_once(channel->irq);
}
