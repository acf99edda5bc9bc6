// SPDX-License-Identifier: GPL-2.0
/*
 * Why event channels are masked, and drivers that say when they are done.
 *
 * A peer can send events as fast as it likes. A channel of a driver that says when it is done, a
 * late end, stays masked until then. When there was nothing to do, time and again, it stays so
 * for longer, twice as long each time, up to a second.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include <xen/xenbus.h>

#include "evt.h"

/* Masked for a reason, or for one more. */
void evt_mask(struct evt_channel *channel, u8 why)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	if (!channel->masks && channel->port)
		evt_abi->mask(channel->port);
	channel->masks |= why;
	raw_spin_unlock_irqrestore(&channel->lock, flags);
}

static void evt_unmask_locked(struct evt_channel *channel, u8 why)
{
	u8 before = channel->masks;

	channel->masks &= ~why;
	if (before && !channel->masks && channel->port)
		evt_abi->unmask(channel->port, channel->cpu);
}

/* Not masked for this reason any more, and, when it was the last, not at all. */
void evt_unmask(struct evt_channel *channel, u8 why)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&channel->lock, flags);
	evt_unmask_locked(channel, why);
	raw_spin_unlock_irqrestore(&channel->lock, flags);
}

/*
 * An event of a driver that says when it is done: masked from now on. The driver may still be at
 * one that another CPU has found, if the peer has sent again before that was masked, and the
 * channel moved; then this one stays pending until the driver is done. Return: whether it is told.
 */
bool evt_late_begin(struct evt_channel *channel)
{
	unsigned long flags;
	bool begins;

	raw_spin_lock_irqsave(&channel->lock, flags);
	begins = !(channel->masks & EVT_MASK_EOI);
	if (begins && !channel->masks && channel->port)
		evt_abi->mask(channel->port);
	if (!begins && channel->port)
		evt_abi->set_pending(channel->port);
	channel->masks |= EVT_MASK_EOI;
	raw_spin_unlock_irqrestore(&channel->lock, flags);
	return begins;
}

static void evt_late_again(struct timer_list *timer)
{
	struct evt_channel *channel = container_of(timer, struct evt_channel, again);

	evt_unmask(channel, EVT_MASK_EOI);
}

void evt_late_init(struct evt_channel *channel)
{
	timer_setup(&channel->again, evt_late_again, 0);
}

/* No delayed end comes any more, whatever the driver says. */
void evt_late_stop(struct evt_channel *channel)
{
	timer_shutdown_sync(&channel->again);
}

/* By how many jiffies an event that was for nothing delays the next. */
static unsigned int evt_spurious_delay(struct evt_channel *channel)
{
	unsigned int free = channel->dev ? max(channel->dev->spurious_threshold, 1U) : 1;

	if (channel->dev)
		atomic_inc(&channel->dev->spurious_events);
	if (channel->spurious < U8_MAX)
		channel->spurious++;
	if (channel->spurious <= free)
		return 0;
	return min_t(unsigned int, HZ, 1U << min(channel->spurious - free - 1, 16U));
}

static void evt_late_end(struct evt_channel *channel, unsigned int eoi_flags)
{
	unsigned int delay = channel->delay;

	lockdep_assert_held(&channel->lock);
	channel->delay = 0;
	if (eoi_flags & XEN_EOI_FLAG_SPURIOUS)
		delay = max(delay, evt_spurious_delay(channel));
	else
		channel->spurious = 0;
	/* Ended by a restore, or it is on its way. */
	if (!(channel->masks & EVT_MASK_EOI) || timer_pending(&channel->again))
		return;
	if (!delay) {
		evt_unmask_locked(channel, EVT_MASK_EOI);
		return;
	}
	channel->delayed++;
	if (channel->dev)
		atomic_add(delay, &channel->dev->jiffies_eoi_delayed);
	mod_timer(&channel->again, jiffies + delay);
}

/**
 * xen_irq_lateeoi() - say that an event has been dealt with
 * @irq: an interrupt bound by one of the functions with lateeoi in their names
 * @eoi_flags: XEN_EOI_FLAG_SPURIOUS: there was nothing to do
 */
void xen_irq_lateeoi(unsigned int irq, unsigned int eoi_flags)
{
	struct evt_channel *channel;
	unsigned long flags;

	rcu_read_lock();
	channel = evt_of_irq(irq);
	if (channel) {
		raw_spin_lock_irqsave(&channel->lock, flags);
		evt_late_end(channel, eoi_flags);
		raw_spin_unlock_irqrestore(&channel->lock, flags);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(xen_irq_lateeoi);
