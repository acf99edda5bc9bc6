// SPDX-License-Identifier: GPL-2.0
/*
 * The path of an event, from Xen's callback to the driver's handler.
 *
 * Xen's rule: a CPU's flag says that something is pending. It is cleared before that is looked
 * for, so that what comes later sets it again.
 */
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>

#include <xen/xen-ops.h>
#include <xen/xenbus.h>
#include <asm/xen/hypervisor.h>

#include "evt.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "xen."

/* A CPU that does nothing but events for so many jiffies lets those of drivers wait... */
static uint event_loop_timeout = 2;
module_param(event_loop_timeout, uint, 0644);

/* ...for so many. */
static uint event_eoi_delay = 10;
module_param(event_eoi_delay, uint, 0644);

static DEFINE_PER_CPU(unsigned long, evt_began);

/* Called for each pending channel of this CPU, with interrupts off. */
void evt_deliver(evtchn_port_t port)
{
	struct evt_channel *channel = evt_of_port(port);

	/* Unbound while it was pending, or one too early. */
	if (!channel || (channel->late && !evt_late_begin(channel)))
		return;
	channel->events++;
	if (channel->dev)
		atomic_inc(&channel->dev->events);
	if (channel->late && jiffies - __this_cpu_read(evt_began) >= event_loop_timeout)
		WRITE_ONCE(channel->delay, event_eoi_delay);
	generic_handle_irq(channel->irq);
}

/**
 * xen_evtchn_do_upcall() - deal with all events of this CPU
 *
 * Context: the CPU is in an interrupt, and has these off.
 * Return: IRQ_HANDLED, or IRQ_NONE when there were none.
 */
int xen_evtchn_do_upcall(void)
{
	struct vcpu_info *vcpu = __this_cpu_read(xen_vcpu);
	int ret = IRQ_NONE;

	__this_cpu_write(evt_began, jiffies);
	while (READ_ONCE(vcpu->evtchn_upcall_pending)) {
		/* The exchange in handle() is the barrier between this and what it finds. */
		WRITE_ONCE(vcpu->evtchn_upcall_pending, 0);
		evt_abi->handle();
		ret = IRQ_HANDLED;
	}
	return ret;
}
EXPORT_SYMBOL_GPL(xen_evtchn_do_upcall);
