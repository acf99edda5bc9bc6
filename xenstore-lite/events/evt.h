/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the event channels have of each other; the kernel's part is <xen/events.h>.
 *
 * Locks, in the order in which they are taken:
 * - evt_bind_mutex: one bind or unbind at a time; may sleep
 * - the lock of an interrupt's descriptor, Linux's
 * - evt_lock: which channel has which port, and how the ports of a CPU are known; interrupts off
 * - evt_channel.lock: why a channel is masked; interrupts off
 * The path of an event takes the last one only, and for late ends of interrupts alone. A channel
 * that is found without evt_lock lives until the end of the RCU section.
 */
#ifndef _XENSTORE_LITE_EVENTS_EVT_H
#define _XENSTORE_LITE_EVENTS_EVT_H

#include <linux/gfp.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/xen.h>

struct seq_file;
struct xenbus_device;

/* Why a channel is masked; it is unmasked when nothing is left. */
#define EVT_MASK_IRQ	1	/* its interrupt is */
#define EVT_MASK_EOI	2	/* its driver has not said that it is done */
#define EVT_MASK_MOVE	4	/* it is on its way to another CPU */

enum evt_kind { EVT_REMOTE, EVT_VIRQ, EVT_IPI };

/**
 * struct evt_channel - an interrupt that is an event channel
 * @list: all of them; changes under evt_bind_mutex and evt_lock
 * @lock: protects @masks, @spurious and @delay
 * @irq: the interrupt
 * @port: the channel's port, 0 when it has none (after a restore)
 * @cpu: which CPU Xen tells
 * @kind: what is at the other end
 * @number: which VIRQ or IPI, for those
 * @late: the driver says when it is done
 * @percpu: it never moves
 * @is_static: Xen's toolstack made it, it is not closed
 * @refs: how many hold it; -1: it is not counted, the first to let go ends it
 * @masks: why it is masked, EVT_MASK_*
 * @spurious: how often in a row there was nothing to do
 * @delay: jiffies by which the next late end is delayed at least
 * @dev: for whose statistics it counts, or NULL
 * @events: how many there were
 * @delayed: how many late ends were delayed
 * @again: ends the delay of a late end
 * @free: frees it when nobody looks at it any more
 */
struct evt_channel {
	struct list_head list;
	raw_spinlock_t lock;
	unsigned int irq;
	evtchn_port_t port;
	unsigned int cpu;
	enum evt_kind kind;
	u8 number;
	bool late, percpu, is_static;
	short refs;
	u8 masks;
	u8 spurious;
	unsigned int delay;
	struct xenbus_device *dev;
	u64 events, delayed;
	struct timer_list again;
	struct rcu_work free;
};

/**
 * struct evt_abi - one of Xen's two ways to tell of events
 * @name: for the kernel's log
 * @nr_ports: how many ports there can be
 * @init: begin, with the CPU that runs
 * @add_cpu: have a CPU told, before it comes up
 * @drop_cpu: a CPU that was told has gone: what it has not seen, others have to
 * @add_port: have room for a port, which is masked then
 * @tell: a CPU is told of a port; evt_lock is held
 * @untell: it is not any more; evt_lock is held
 * @mask: mask a port
 * @unmask: unmask a port; what is pending then is told
 * @pending: ask whether a port is pending
 * @set_pending: have it pending, but told of by @unmask only
 * @clear_pending: forget that it is
 * @handle: call evt_deliver() for each port of this CPU that is pending
 * @resume: begin again, on another host
 */
struct evt_abi {
	const char *name;
	unsigned int nr_ports;
	int (*init)(void);
	int (*add_cpu)(unsigned int cpu);
	void (*drop_cpu)(unsigned int cpu);
	int (*add_port)(evtchn_port_t port);
	void (*tell)(evtchn_port_t port, unsigned int cpu);
	void (*untell)(evtchn_port_t port, unsigned int cpu);
	void (*mask)(evtchn_port_t port);
	void (*unmask)(evtchn_port_t port, unsigned int cpu);
	bool (*pending)(evtchn_port_t port);
	void (*set_pending)(evtchn_port_t port);
	void (*clear_pending)(evtchn_port_t port);
	void (*handle)(void);
	int (*resume)(void);
};

extern const struct evt_abi *evt_abi;
extern const struct evt_abi evt_fifo, evt_twolevel;

extern struct mutex evt_bind_mutex;
extern raw_spinlock_t evt_lock;

/* channel.c: channels, their interrupts and ports */
struct evt_channel *evt_of_irq(unsigned int irq);
struct evt_channel *evt_of_port(evtchn_port_t port);
int evt_channels_init(void);
struct evt_channel *evt_new(enum evt_kind kind);
void evt_free(struct evt_channel *channel);
int evt_set_port(struct evt_channel *channel, evtchn_port_t port, unsigned int cpu);
void evt_clear_port(struct evt_channel *channel);
void evt_forget_ports(void);
int evt_move(struct evt_channel *channel, const struct cpumask *mask);
void evt_channels_show(struct seq_file *file);

/* mask.c: why channels are masked, and how long */
void evt_mask(struct evt_channel *channel, u8 why);
void evt_unmask(struct evt_channel *channel, u8 why);
bool evt_late_begin(struct evt_channel *channel);
void evt_late_init(struct evt_channel *channel);
void evt_late_stop(struct evt_channel *channel);

/* chip.c: what Linux does with the interrupt */
void evt_set_chip(struct evt_channel *channel);

/* bind.c: VIRQs and IPIs of CPUs */
struct evt_channel *evt_of_ipi(unsigned int cpu, enum ipi_vector ipi);
struct evt_channel *evt_of_virq(unsigned int cpu, unsigned int virq);
void evt_bind_again(void);

/* upcall.c: the path of an event */
void evt_deliver(evtchn_port_t port);

/* Also at a restore, where one CPU runs and nothing may sleep. */
static inline gfp_t evt_gfp(void)
{
	return irqs_disabled() ? GFP_ATOMIC : GFP_KERNEL;
}

#endif
