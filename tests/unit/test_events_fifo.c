// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU of the FIFO ABI goes: what Xen has linked to its queues is dealt with by others.
 *
 * The source is taken in, with what it needs of the kernel and of the other files of events/ made
 * here: channels, and a Xen that notes for whom it has linked which event.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include "tests/unit/evt_xen.h"
#include "test.h"

/* What these have is here. */
#define _SHIM_FAKE_H
#define _ASM_X86_XEN_HYPERCALL_H
#define _XENSTORE_LITE_EVENTS_EVT_H

#define PAGE_SIZE		4096
#define per_cpu(var, cpu)	(*((void)(cpu), &(var)))
#define per_cpu_ptr(ptr, cpu)	((void)(cpu), (ptr))
#define __this_cpu_read(var)	(var)
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 1; (cpu)++)
#define smp_processor_id()	0
/* Pairs with nothing: there is one thread. */
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define virt_to_gfn(p)		((unsigned long)(p))
#define xen_vcpu_nr(cpu)	(cpu)
#define evt_gfp()		0
#define cpu_online_mask		NULL

static int readers;
#define rcu_read_lock()		(readers++)
#define rcu_read_unlock()	(readers--)

static inline void *get_zeroed_page(int gfp) { return NULL; }
static inline void free_page(unsigned long page) { }

#define EVT_MASK_IRQ	1
#define EVT_MASK_MOVE	4

struct evt_channel {
	evtchn_port_t port;
	unsigned int cpu;
	bool percpu;
	u8 masks;
};

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

/* What the source makes. */
static const struct evt_abi *abi;

#define PORTS		64
#define GOES		1U
#define STAYS		0U

bool shim_irqs_off = true;
static struct evt_xen xen;
static struct evt_channel *channels[PORTS];
static unsigned int linked[PORTS];	/* to the queue of the CPU that stays */
static bool cannot_move;

static struct evt_channel *evt_of_port(evtchn_port_t port)
{
	EXPECT(readers);
	return channels[port];
}

static void evt_deliver(evtchn_port_t port) { }

/* Xen links what is pending where its channel is told of. */
static int HYPERVISOR_event_channel_op(int cmd, void *arg)
{
	struct evtchn_unmask *op = arg;
	event_word_t *word = evt_xen_word(&xen, op->port);

	if (cmd != EVTCHNOP_unmask)
		return -ENOSYS;
	*word &= ~EVT_WORD_MASKED;
	if (!(*word & EVT_WORD_PENDING) || *word & EVT_WORD_LINKED)
		return 0;
	if (channels[op->port]->cpu == GOES) {
		evt_xen_link(&xen, op->port, 7);
	} else {
		*word |= EVT_WORD_LINKED;
		linked[op->port]++;
		/* It is the last of the other queue no more. */
		if (xen.tail[7] == op->port)
			xen.tail[7] = 0;
	}
	return 0;
}

static void evt_mask(struct evt_channel *channel, u8 why)
{
	if (!channel->masks)
		abi->mask(channel->port);
	channel->masks |= why;
}

static void evt_unmask(struct evt_channel *channel, u8 why)
{
	channel->masks &= ~why;
	if (!channel->masks)
		abi->unmask(channel->port, channel->cpu);
}

static int evt_move(struct evt_channel *channel, const void *mask)
{
	evt_mask(channel, EVT_MASK_MOVE);
	if (!cannot_move)
		channel->cpu = STAYS;
	evt_unmask(channel, EVT_MASK_MOVE);
	return cannot_move ? -ENODEV : STAYS;
}

#include "xenstore-lite/events/fifo.c"

static struct evt_channel channel;

/* A channel at @port, whose event Xen has linked while the CPU that goes was told of it. */
static void begin(evtchn_port_t port)
{
	abi = &evt_fifo;
	evt_xen_start(&xen);
	evt_words = xen.words;
	evt_control = &xen.control;
	evt_queues = (struct evt_queues){ };
	memset(channels, 0, sizeof(channels));
	memset(linked, 0, sizeof(linked));
	channel = (struct evt_channel){ .port = port, .cpu = STAYS };
	channels[port] = &channel;
	cannot_move = false;
	evt_xen_set_pending(&xen, port, 7);
}

static void one_that_has_moved_is_linked_there(void)
{
	begin(5);
	evt_fifo.drop_cpu(GOES);
	EXPECT_EQ(linked[5], 1);
	EXPECT(evt_fifo.pending(5));
	EXPECT(!readers);
}

/* Its driver says when it is done: until then it stays masked, and pending. */
static void one_that_is_masked_stays_so(void)
{
	begin(5);
	evt_mask(&channel, EVT_MASK_IRQ);
	evt_fifo.drop_cpu(GOES);
	EXPECT_EQ(linked[5], 0);
	EXPECT(evt_fifo.pending(5));
	EXPECT(*evt_xen_word(&xen, 5) & EVT_WORD_MASKED);
	evt_unmask(&channel, EVT_MASK_IRQ);
	EXPECT_EQ(linked[5], 1);
}

/* It has become masked since, and Xen's word does not say so yet. */
static void masks_are_not_passed_by(void)
{
	begin(5);
	channel.masks = EVT_MASK_IRQ;
	evt_fifo.drop_cpu(GOES);
	EXPECT_EQ(linked[5], 0);
	EXPECT_EQ(channel.masks, EVT_MASK_IRQ);
}

static void one_that_could_not_be_moved_is_moved(void)
{
	begin(5);
	channel.cpu = GOES;
	evt_fifo.drop_cpu(GOES);
	EXPECT_EQ(channel.cpu, STAYS);
	EXPECT_EQ(linked[5], 1);
}

/* Nor now: the event is Xen's to keep, and there is an end to trying. */
static void one_that_cannot_be_moved_is_not_lost(void)
{
	begin(5);
	channel.cpu = GOES;
	cannot_move = true;
	evt_fifo.drop_cpu(GOES);
	EXPECT(evt_fifo.pending(5));
	EXPECT_EQ(channel.cpu, GOES);
}

static void what_is_the_cpus_own_is_forgotten(void)
{
	begin(5);
	channel.percpu = true;
	channel.cpu = GOES;
	evt_fifo.drop_cpu(GOES);
	EXPECT(!evt_fifo.pending(5));
	EXPECT(!(*evt_xen_word(&xen, 5) & EVT_WORD_LINKED));
	/* And a channel that was closed. */
	begin(6);
	channels[6] = NULL;
	evt_fifo.drop_cpu(GOES);
	EXPECT(!evt_fifo.pending(6));
}

/* The CPU comes back with the same control block. */
static void its_queues_go_on(void)
{
	begin(5);
	evt_fifo.drop_cpu(GOES);
	evt_xen_set_pending(&xen, 9, 7);
	evt_xen_set_pending(&xen, 10, 7);
	EXPECT_EQ(evt_queues_take(&evt_queues, &xen.control, &evt_words), 9);
	EXPECT_EQ(evt_queues_take(&evt_queues, &xen.control, &evt_words), 10);
	EXPECT_EQ(evt_queues_take(&evt_queues, &xen.control, &evt_words), 0);
	EXPECT_EQ(evt_queues.lost, 0);
}

const struct test_case test_cases[] = {
	TEST(one_that_has_moved_is_linked_there),
	TEST(one_that_is_masked_stays_so),
	TEST(masks_are_not_passed_by),
	TEST(one_that_could_not_be_moved_is_moved),
	TEST(one_that_cannot_be_moved_is_not_lost),
	TEST(what_is_the_cpus_own_is_forgotten),
	TEST(its_queues_go_on),
	{ }
};
