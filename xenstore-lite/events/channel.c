// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels as interrupts: which is which, and which CPU is told.
 *
 * Xen's rule: a port is known to this domain alone; after a restore all ports are closed, and
 * interrupts keep their numbers until somebody gives them ports again.
 */
#define pr_fmt(fmt) "xen:events: " fmt

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <xen/xen-ops.h>
#include <asm/hw_irq.h>
#include <asm/i8259.h>
#include <asm/xen/hypercall.h>

#include "evt.h"

#define EVT_ROW		512

DEFINE_MUTEX(evt_bind_mutex);
DEFINE_RAW_SPINLOCK(evt_lock);

static LIST_HEAD(evt_channels);
/* By port; rows of a page each, which are never freed. Changes under evt_lock. */
static struct evt_channel ***evt_rows;
/* How many channels each CPU is told of, under evt_lock. */
static DEFINE_PER_CPU(unsigned int, evt_load);

int __init evt_channels_init(void)
{
	evt_rows = kcalloc(evt_abi->nr_ports / EVT_ROW, sizeof(*evt_rows), GFP_KERNEL);
	return evt_rows ? 0 : -ENOMEM;
}

/* Lives until the end of the caller's RCU section, or as long as it is bound. */
struct evt_channel *evt_of_irq(unsigned int irq)
{
	return irq_get_chip_data(irq);
}

/* The same. */
struct evt_channel *evt_of_port(evtchn_port_t port)
{
	struct evt_channel **row;

	if (port >= evt_abi->nr_ports)
		return NULL;
	row = READ_ONCE(evt_rows[port / EVT_ROW]);
	return row ? READ_ONCE(row[port % EVT_ROW]) : NULL;
}

static void evt_free_work(struct work_struct *work)
{
	struct evt_channel *channel = container_of(to_rcu_work(work), struct evt_channel, free);

	irq_free_desc(channel->irq);
	kfree(channel);
}

/* A channel with an interrupt and no port, masked. */
struct evt_channel *evt_new(enum evt_kind kind)
{
	struct evt_channel *channel = kzalloc(sizeof(*channel), GFP_KERNEL);
	int irq;

	if (!channel)
		return NULL;
	/* Number 0 means "none" to drivers. */
	irq = irq_alloc_desc_from(max(nr_legacy_irqs(), 1), -1);
	if (irq < 0) {
		pr_warn("no interrupt for an event channel: %d\n", irq);
		kfree(channel);
		return NULL;
	}
	raw_spin_lock_init(&channel->lock);
	channel->irq = irq;
	channel->kind = kind;
	channel->refs = -1;
	channel->masks = EVT_MASK_IRQ;
	evt_late_init(channel);
	INIT_RCU_WORK(&channel->free, evt_free_work);
	irq_set_chip_data(irq, channel);
	raw_spin_lock_irq(&evt_lock);
	list_add_tail(&channel->list, &evt_channels);
	raw_spin_unlock_irq(&evt_lock);
	return channel;
}

/* Has no port any more; whoever looks at it still may do so. */
void evt_free(struct evt_channel *channel)
{
	evt_late_stop(channel);
	raw_spin_lock_irq(&evt_lock);
	list_del(&channel->list);
	raw_spin_unlock_irq(&evt_lock);
	irq_set_chip_data(channel->irq, NULL);
	queue_rcu_work(system_wq, &channel->free);
}

static int evt_add_row(evtchn_port_t port)
{
	struct evt_channel ***row = &evt_rows[port / EVT_ROW];

	if (!*row)
		WRITE_ONCE(*row, kcalloc(EVT_ROW, sizeof(**row), evt_gfp()));
	return *row ? 0 : -ENOMEM;
}

/*
 * The channel is at this port from now on, and this CPU is told of it, as Xen knows already. Of
 * the reasons why it was masked, none has to do with the port before but that its interrupt is.
 */
int evt_set_port(struct evt_channel *channel, evtchn_port_t port, unsigned int cpu)
{
	unsigned long flags;
	int rc = evt_abi->add_port(port) ?: evt_add_row(port);

	if (rc)
		return rc;
	raw_spin_lock_irqsave(&evt_lock, flags);
	evt_abi->mask(port);
	evt_abi->tell(port, cpu);
	per_cpu(evt_load, cpu)++;
	WRITE_ONCE(evt_rows[port / EVT_ROW][port % EVT_ROW], channel);

	raw_spin_lock(&channel->lock);
	channel->port = port;
	channel->cpu = cpu;
	channel->masks &= EVT_MASK_IRQ;
	if (!channel->masks)
		evt_abi->unmask(port, cpu);
	raw_spin_unlock(&channel->lock);
	raw_spin_unlock_irqrestore(&evt_lock, flags);
	return 0;
}

/* The port is masked and of nobody, and not closed. */
void evt_clear_port(struct evt_channel *channel)
{
	unsigned long flags;
	evtchn_port_t port;

	raw_spin_lock_irqsave(&evt_lock, flags);
	raw_spin_lock(&channel->lock);
	port = channel->port;
	channel->port = 0;
	if (port) {
		evt_abi->mask(port);
		evt_abi->untell(port, channel->cpu);
		per_cpu(evt_load, channel->cpu)--;
		WRITE_ONCE(evt_rows[port / EVT_ROW][port % EVT_ROW], NULL);
	}
	raw_spin_unlock(&channel->lock);
	raw_spin_unlock_irqrestore(&evt_lock, flags);
}

/* After a restore, when one CPU runs. */
void evt_forget_ports(void)
{
	struct evt_channel *channel;
	unsigned int cpu;

	raw_spin_lock(&evt_lock);
	list_for_each_entry(channel, &evt_channels, list) {
		if (channel->port)
			evt_rows[channel->port / EVT_ROW][channel->port % EVT_ROW] = NULL;
		channel->port = 0;
	}
	for_each_possible_cpu(cpu)
		per_cpu(evt_load, cpu) = 0;
	raw_spin_unlock(&evt_lock);
}

/* The CPU of @mask that is told of the fewest others than @channel. */
static unsigned int evt_least_loaded(const struct evt_channel *channel,
				     const struct cpumask *mask)
{
	unsigned int cpu, load, best = nr_cpu_ids, least = UINT_MAX;

	for_each_cpu_and(cpu, mask, cpu_online_mask) {
		load = per_cpu(evt_load, cpu) - (channel->port && channel->cpu == cpu);
		if (load < least) {
			least = load;
			best = cpu;
		}
	}
	return best;
}

/* One of these CPUs is told from now on: which, or a negative errno. */
int evt_move(struct evt_channel *channel, const struct cpumask *mask)
{
	struct evtchn_bind_vcpu arg = { .port = channel->port };
	unsigned long flags;
	unsigned int cpu;
	int rc = -ENODEV;

	raw_spin_lock_irqsave(&evt_lock, flags);
	cpu = evt_least_loaded(channel, mask);
	if (!channel->port || cpu >= nr_cpu_ids || channel->percpu)
		goto unlock;
	evt_mask(channel, EVT_MASK_MOVE);
	arg.vcpu = xen_vcpu_nr(cpu);
	rc = HYPERVISOR_event_channel_op(EVTCHNOP_bind_vcpu, &arg);
	if (!rc) {
		evt_abi->untell(channel->port, channel->cpu);
		per_cpu(evt_load, channel->cpu)--;
		channel->cpu = cpu;
		per_cpu(evt_load, cpu)++;
		evt_abi->tell(channel->port, cpu);
	}
	/* What became pending meanwhile is told to the new CPU. */
	evt_unmask(channel, EVT_MASK_MOVE);
unlock:
	raw_spin_unlock_irqrestore(&evt_lock, flags);
	return rc ?: cpu;
}

void evt_channels_show(struct seq_file *file)
{
	static const char * const kinds[] = { "remote", "virq", "ipi" };
	struct evt_channel *channel;

	seq_printf(file, "abi %s, ports %u\n", evt_abi->name, evt_abi->nr_ports);
	seq_puts(file, "irq port kind number cpu refs masks pending events spurious delayed\n");
	mutex_lock(&evt_bind_mutex);
	list_for_each_entry(channel, &evt_channels, list)
		seq_printf(file, "%u %u %s%s %u %u %d %x %d %llu %u %llu\n", channel->irq,
			   channel->port, kinds[channel->kind], channel->late ? "-late" : "",
			   channel->number, channel->cpu, channel->refs, channel->masks,
			   channel->port && evt_abi->pending(channel->port), channel->events,
			   channel->spurious, channel->delayed);
	mutex_unlock(&evt_bind_mutex);
}
