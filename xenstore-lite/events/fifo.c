// SPDX-License-Identifier: GPL-2.0
/*
 * Event channels by the FIFO ABI: queues by priority, 131,072 channels.
 *
 * Xen's rule: a CPU's control block and the pages of words are the guest's, given to Xen by frame
 * and never taken back. A new domain, after a restore, knows of none of them.
 */
#define pr_fmt(fmt) "xen:events: " fmt

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

#include <xen/page.h>
#include <xen/xen-ops.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>

#include "evt.h"
#include "queue.h"

static_assert(EVT_WORDS_PER_PAGE * sizeof(event_word_t) == PAGE_SIZE);

/* @pages grows under evt_bind_mutex; readers see a page before it counts. */
static struct evt_words evt_words;
static DEFINE_PER_CPU(struct evtchn_fifo_control_block *, evt_control);
static DEFINE_PER_CPU(struct evt_queues, evt_queues);

static int evt_fifo_give_control(unsigned int cpu, struct evtchn_fifo_control_block *control)
{
	struct evtchn_init_control arg = {
		.control_gfn = virt_to_gfn(control),
		.offset = 0,
		.vcpu = xen_vcpu_nr(cpu),
	};

	memset(control, 0, sizeof(*control));
	per_cpu(evt_queues, cpu) = (struct evt_queues){ };
	return HYPERVISOR_event_channel_op(EVTCHNOP_init_control, &arg);
}

/* Once for each CPU: Xen keeps the block while the CPU is down. */
static int evt_fifo_add_cpu(unsigned int cpu)
{
	struct evtchn_fifo_control_block *control;
	int rc;

	if (per_cpu(evt_control, cpu))
		return 0;
	control = (void *)get_zeroed_page(evt_gfp());
	if (!control)
		return -ENOMEM;
	rc = evt_fifo_give_control(cpu, control);
	if (rc)
		free_page((unsigned long)control);
	else
		per_cpu(evt_control, cpu) = control;
	return rc;
}

static int evt_fifo_init(void)
{
	return evt_fifo_add_cpu(smp_processor_id());
}

static void evt_fifo_mask_page(event_word_t *page)
{
	unsigned int i;

	for (i = 0; i < EVT_WORDS_PER_PAGE; i++)
		page[i] = EVT_WORD_MASKED;
}

static int evt_fifo_give_page(event_word_t *page)
{
	struct evtchn_expand_array arg = { .array_gfn = virt_to_gfn(page) };

	evt_fifo_mask_page(page);
	return HYPERVISOR_event_channel_op(EVTCHNOP_expand_array, &arg);
}

static int evt_fifo_add_page(void)
{
	unsigned int next = evt_words.pages;
	event_word_t *page = evt_words.page[next];
	int rc;

	if (!page)
		page = (void *)get_zeroed_page(evt_gfp());
	if (!page)
		return -ENOMEM;
	rc = evt_fifo_give_page(page);
	if (rc && !evt_words.page[next])
		free_page((unsigned long)page);
	if (rc)
		return rc;
	evt_words.page[next] = page;
	/* Pairs with the dependency of evt_word(): a page is there before it counts. */
	smp_store_release(&evt_words.pages, next + 1);
	return 0;
}

static int evt_fifo_add_port(evtchn_port_t port)
{
	int rc = 0;

	if (port >= EVTCHN_FIFO_NR_CHANNELS)
		return -ENOSPC;
	while (!rc && !evt_word(&evt_words, port))
		rc = evt_fifo_add_page();
	return rc;
}

/* Nothing to note: Xen has a channel on a queue of the CPU that it tells. */
static void evt_fifo_tell(evtchn_port_t port, unsigned int cpu)
{
}

static void evt_fifo_mask(evtchn_port_t port)
{
	event_word_t *word = evt_word(&evt_words, port);

	if (word)
		evt_word_set(word, EVT_WORD_MASKED);
}

static void evt_fifo_unmask(evtchn_port_t port, unsigned int cpu)
{
	struct evtchn_unmask arg = { .port = port };
	event_word_t *word = evt_word(&evt_words, port);

	if (word && !evt_word_unmask(word))
		(void)HYPERVISOR_event_channel_op(EVTCHNOP_unmask, &arg);
}

static bool evt_fifo_is_pending(evtchn_port_t port)
{
	event_word_t *word = evt_word(&evt_words, port);

	return word && READ_ONCE(*word) & EVT_WORD_PENDING;
}

static void evt_fifo_set_pending(evtchn_port_t port)
{
	event_word_t *word = evt_word(&evt_words, port);

	if (word)
		evt_word_set(word, EVT_WORD_PENDING);
}

static void evt_fifo_clear_pending(evtchn_port_t port)
{
	event_word_t *word = evt_word(&evt_words, port);

	if (word)
		evt_word_clear(word, EVT_WORD_PENDING);
}

static void evt_fifo_handle(void)
{
	struct evtchn_fifo_control_block *control = __this_cpu_read(evt_control);
	struct evt_queues *queues = this_cpu_ptr(&evt_queues);
	evtchn_port_t port;

	while ((port = evt_queues_take(queues, control, &evt_words))) {
		if (evt_word_claim(evt_word(&evt_words, port)))
			evt_deliver(port);
	}
}

/*
 * A channel that is off the queue of a CPU that has gone. If it has moved, Xen links it where it
 * belongs when it is unmasked, now or when nothing is left that masks it. If it could not be moved,
 * it is now. What is the CPU's own, such as a call of a function that it has not run, nobody waits
 * for, nor for a channel that was closed.
 */
static void evt_fifo_drop_port(evtchn_port_t port, unsigned int cpu)
{
	struct evt_channel *channel;

	rcu_read_lock();
	channel = evt_of_port(port);
	if (!channel || channel->percpu) {
		evt_fifo_clear_pending(port);
	} else if (READ_ONCE(channel->cpu) == cpu) {
		evt_move(channel, cpu_online_mask);
	} else {
		evt_mask(channel, EVT_MASK_MOVE);
		evt_unmask(channel, EVT_MASK_MOVE);
	}
	rcu_read_unlock();
}

/*
 * Its channels have moved, but what was linked before is in its queues still. Xen uses its control
 * block again when it comes back, with queues that go on where these end.
 */
static void evt_fifo_drop_cpu(unsigned int cpu)
{
	struct evtchn_fifo_control_block *control = per_cpu(evt_control, cpu);
	struct evt_queues *queues = per_cpu_ptr(&evt_queues, cpu);
	/* One that cannot be moved comes again and again. */
	unsigned int left = evt_words.pages * EVT_WORDS_PER_PAGE;
	evtchn_port_t port;

	while (control && left-- && (port = evt_queues_take(queues, control, &evt_words)))
		evt_fifo_drop_port(port, cpu);
}

static int evt_fifo_resume(void)
{
	unsigned int cpu, page, pages = evt_words.pages;
	int rc = 0;

	for_each_possible_cpu(cpu) {
		struct evtchn_fifo_control_block *control = per_cpu(evt_control, cpu);

		/* One that is down is told when it comes up; it has had nothing. */
		if (control && !rc)
			rc = evt_fifo_give_control(cpu, control);
	}
	for (page = 0; page < pages && !rc; page++)
		rc = evt_fifo_give_page(evt_words.page[page]);
	return rc;
}

const struct evt_abi evt_fifo = {
	.name = "FIFO",
	.nr_ports = EVTCHN_FIFO_NR_CHANNELS,
	.init = evt_fifo_init,
	.add_cpu = evt_fifo_add_cpu,
	.drop_cpu = evt_fifo_drop_cpu,
	.add_port = evt_fifo_add_port,
	.tell = evt_fifo_tell,
	.untell = evt_fifo_tell,
	.mask = evt_fifo_mask,
	.unmask = evt_fifo_unmask,
	.pending = evt_fifo_is_pending,
	.set_pending = evt_fifo_set_pending,
	.clear_pending = evt_fifo_clear_pending,
	.handle = evt_fifo_handle,
	.resume = evt_fifo_resume,
};
