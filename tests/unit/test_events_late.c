// SPDX-License-Identifier: GPL-2.0
/*
 * An event on its way to a driver that says when it is done, while another CPU, or who unbinds the
 * channel, is at it too.
 *
 * The sources are taken in, with what they need of the kernel made here: one interrupt, whose
 * handler is called as Linux does it for edges, and Xen's bits of one port.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <xen/interface/event_channel.h>

#include "test.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _XENSTORE_LITE_EVENTS_EVT_H
#define _XENSTORE_LITE_EVENTS_COMPAT_H

#define PORT			5
#define IRQ			30
#define HZ			250
#define __read_mostly
#define module_param(name, type, mode)	struct param_##name
#define __this_cpu_read(var)	(var)
#define lockdep_assert_held(l)	EXPECT_EQ((l)->holders, 1)
#define rcu_read_lock()
#define rcu_read_unlock()
#define atomic_inc(a)		((a)->v++)
#define atomic_add(n, a)	((a)->v += (n))
#define container_of(ptr, type, member)	((type *)((char *)(ptr) - offsetof(type, member)))
#define timer_setup(t, fn, flags)	((t)->run = (fn))
#define timer_shutdown_sync(t)	((t)->pending = false)
#define timer_pending(t)	((t)->pending)
#define mod_timer(t, when)	((t)->pending = true)
#define evt_compat_moves_at_once(irq)
#define cpumask_of(cpu)		NULL
#define irq_data_update_effective_affinity(data, mask)
#define irq_set_chip_and_handler_name(irq, c, flow, name)	(desc.chip = (c), (void)(name))
#define XEN_EOI_FLAG_SPURIOUS	1
#define IRQ_SET_MASK_OK		0

#define EVT_MASK_IRQ	1
#define EVT_MASK_EOI	2
#define EVT_MASK_MOVE	4

#define raw_spinlock_t	struct raw_spinlock
#define atomic_t	struct atomic

struct raw_spinlock { int holders; };
struct atomic { int v; };
struct cpumask;

struct timer_list {
	bool pending;
	void (*run)(struct timer_list *timer);
};

struct xenbus_device {
	atomic_t events, spurious_events, jiffies_eoi_delayed;
	unsigned int spurious_threshold;
};

enum { IRQ_NONE, IRQ_HANDLED };
enum evt_kind { EVT_REMOTE, EVT_VIRQ, EVT_IPI };

struct evt_channel {
	raw_spinlock_t lock;
	unsigned int irq;
	evtchn_port_t port;
	unsigned int cpu;
	enum evt_kind kind;
	bool late, percpu;
	u8 masks;
	u8 spurious;
	unsigned int delay;
	struct xenbus_device *dev;
	u64 events, delayed;
	struct timer_list again;
};

struct evt_abi {
	void (*mask)(evtchn_port_t port);
	void (*unmask)(evtchn_port_t port, unsigned int cpu);
	void (*set_pending)(evtchn_port_t port);
	void (*clear_pending)(evtchn_port_t port);
	void (*handle)(void);
};

struct irq_data { struct evt_channel *chip_data; };

struct irq_chip {
	const char *name;
	void (*irq_disable)(struct irq_data *data);
	void (*irq_mask)(struct irq_data *data);
	void (*irq_unmask)(struct irq_data *data);
	void (*irq_ack)(struct irq_data *data);
	void (*irq_mask_ack)(struct irq_data *data);
	int (*irq_set_affinity)(struct irq_data *data, const struct cpumask *mask, bool force);
	int (*irq_retrigger)(struct irq_data *data);
};

bool shim_irqs_off = true;
static unsigned long jiffies;
static struct vcpu_info *xen_vcpu;
static struct evt_channel channel;
static struct xen_port { bool masked, pending; } xen;
/* The interrupt; @meanwhile is called when its event was found, and not yet acknowledged. */
static struct {
	struct irq_data data;
	const struct irq_chip *chip;
	bool disabled, running, again;
	void (*meanwhile)(void);
} desc;
/* Calls of the driver's handler, and of how many it has not said that it is done. */
static unsigned int calls, due;

static void raw_spin_lock(raw_spinlock_t *l) { EXPECT_EQ(l->holders++, 0); }
static void raw_spin_unlock(raw_spinlock_t *l) { EXPECT_EQ(--l->holders, 0); }
#define raw_spin_lock_irqsave(l, flags)		((flags) = 0, raw_spin_lock(l))
#define raw_spin_unlock_irqrestore(l, flags)	((void)(flags), raw_spin_unlock(l))

static struct evt_channel *irq_data_get_irq_chip_data(struct irq_data *data)
{
	return data->chip_data;
}

static struct evt_channel *evt_of_irq(unsigned int irq) { return desc.data.chip_data; }
static struct evt_channel *evt_of_port(evtchn_port_t port) { return &channel; }
static int evt_move(struct evt_channel *c, const struct cpumask *mask) { return c->cpu; }

static void mask(evtchn_port_t port)
{
	xen.masked = true;
}

static void unmask(evtchn_port_t port, unsigned int cpu)
{
	xen.masked = false;
}

static void set_pending(evtchn_port_t port)
{
	xen.pending = true;
}

static void clear_pending(evtchn_port_t port)
{
	xen.pending = false;
}

static const struct evt_abi abi = {
	.mask = mask,
	.unmask = unmask,
	.set_pending = set_pending,
	.clear_pending = clear_pending,
};

static const struct evt_abi *evt_abi = &abi;

static void call_driver(void)
{
	calls++;
	due++;
	EXPECT_EQ(due, 1);
}

static void generic_handle_irq(unsigned int irq)
{
	void (*meanwhile)(void) = desc.meanwhile;

	desc.meanwhile = NULL;
	if (meanwhile)
		meanwhile();
	if (desc.running || desc.disabled) {
		desc.again = true;
		desc.chip->irq_mask_ack(&desc.data);
		return;
	}
	desc.chip->irq_ack(&desc.data);
	desc.running = true;
	call_driver();
	desc.running = false;
}

#include "xenstore-lite/events/mask.c"
#include "xenstore-lite/events/chip.c"
#include "xenstore-lite/events/upcall.c"

static void begin(void)
{
	channel = (struct evt_channel){ .irq = IRQ, .port = PORT, .late = true };
	evt_late_init(&channel);
	memset(&desc, 0, sizeof(desc));
	desc.data.chip_data = &channel;
	evt_set_chip(&channel);
	xen = (struct xen_port){ };
	calls = 0;
	due = 0;
}

/* Xen tells of it, and a CPU has cleared the bit that says so. */
static bool find(void)
{
	bool found = xen.pending && !xen.masked;

	if (found)
		xen.pending = false;
	return found;
}

static void be_done(void)
{
	due--;
	xen_irq_lateeoi(IRQ, 0);
}

static void the_next_waits_until_the_driver_is_done(void)
{
	begin();
	xen.pending = true;
	EXPECT(find());
	evt_deliver(PORT);
	EXPECT_EQ(calls, 1);
	xen.pending = true;
	EXPECT(!find());
	be_done();
	EXPECT(find());
}

/* The peer has sent again, the channel has moved, and the new CPU is at it first. */
static void another_cpu_finds_it(void)
{
	xen.pending = true;
	if (find())
		evt_deliver(PORT);
}

static void two_cpus_call_the_driver_once(void)
{
	begin();
	xen.pending = true;
	EXPECT(find());
	desc.meanwhile = another_cpu_finds_it;
	evt_deliver(PORT);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(due, 1);
}

/* Found before the channel was masked, and on its way when the driver was called already. */
static void what_comes_too_early_is_not_lost(void)
{
	begin();
	xen.pending = true;
	EXPECT(find());
	evt_deliver(PORT);
	evt_deliver(PORT);
	EXPECT_EQ(calls, 1);
	EXPECT(!find());
	be_done();
	EXPECT(find());
	evt_deliver(PORT);
	EXPECT_EQ(calls, 2);
}

/* Linux asks for it again when the interrupt is enabled; the driver has nothing to be done with. */
static void what_came_while_disabled_comes_again(void)
{
	begin();
	desc.disabled = true;
	evt_deliver(PORT);
	EXPECT_EQ(calls, 0);
	EXPECT(desc.again);
	desc.disabled = false;
	desc.chip->irq_unmask(&desc.data);
	EXPECT_EQ(desc.chip->irq_retrigger(&desc.data), 1);
	EXPECT(find());
	evt_deliver(PORT);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(channel.masks, EVT_MASK_EOI);
}

static void who_unbinds(void)
{
	channel.port = 0;
	desc.disabled = true;
	desc.data.chip_data = NULL;
}

static void one_that_is_unbound_meanwhile_is_nobodys(void)
{
	begin();
	desc.meanwhile = who_unbinds;
	evt_deliver(PORT);
	EXPECT_EQ(calls, 0);
	desc.chip->irq_ack(&desc.data);
	desc.chip->irq_unmask(&desc.data);
	EXPECT_EQ(desc.chip->irq_retrigger(&desc.data), 0);
	EXPECT_EQ(desc.chip->irq_set_affinity(&desc.data, NULL, false), -ENODEV);
}

const struct test_case test_cases[] = {
	TEST(the_next_waits_until_the_driver_is_done),
	TEST(two_cpus_call_the_driver_once),
	TEST(what_comes_too_early_is_not_lost),
	TEST(what_came_while_disabled_comes_again),
	TEST(one_that_is_unbound_meanwhile_is_nobodys),
	{ }
};
