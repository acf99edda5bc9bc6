// SPDX-License-Identifier: GPL-2.0
/* Event channels by the 2-level ABI: bits in Xen's shared page, 4,096 channels. */
#include <linux/bitmap.h>
#include <linux/percpu.h>
#include <linux/string.h>

#include <xen/xen-ops.h>
#include <asm/sync_bitops.h>
#include <asm/xen/hypervisor.h>

#include "evt.h"
#include "scan.h"

#define EVT_2L_WORDS	(EVTCHN_2L_NR_CHANNELS / BITS_PER_LONG)

struct evt_2l_cpu {
	unsigned long mine[EVT_2L_WORDS];
	unsigned int turn;
};

static struct evt_2l_cpu __percpu *evt_2l_cpus;

/* Xen's words are of 64 bits there, as ours are. */
static unsigned long *evt_2l_pending(void)
{
	BUILD_BUG_ON(sizeof(xen_ulong_t) != sizeof(unsigned long));
	return (unsigned long *)HYPERVISOR_shared_info->evtchn_pending;
}

static unsigned long *evt_2l_masked(void)
{
	return (unsigned long *)HYPERVISOR_shared_info->evtchn_mask;
}

static void evt_2l_mask_all(void)
{
	memset(evt_2l_masked(), 0xff, EVT_2L_WORDS * sizeof(unsigned long));
}

static int evt_2l_init(void)
{
	evt_2l_cpus = alloc_percpu(struct evt_2l_cpu);
	if (!evt_2l_cpus)
		return -ENOMEM;
	evt_2l_mask_all();
	return 0;
}

static int evt_2l_add_cpu(unsigned int cpu)
{
	return 0;
}

/* The CPUs that its channels have moved to were told of what was pending when they moved. */
static void evt_2l_drop_cpu(unsigned int cpu)
{
}

static int evt_2l_add_port(evtchn_port_t port)
{
	return port < EVTCHN_2L_NR_CHANNELS ? 0 : -ENOSPC;
}

static void evt_2l_tell(evtchn_port_t port, unsigned int cpu)
{
	set_bit(port, per_cpu_ptr(evt_2l_cpus, cpu)->mine);
}

static void evt_2l_untell(evtchn_port_t port, unsigned int cpu)
{
	clear_bit(port, per_cpu_ptr(evt_2l_cpus, cpu)->mine);
}

static void evt_2l_mask(evtchn_port_t port)
{
	sync_set_bit(port, evt_2l_masked());
}

static bool evt_2l_is_pending(evtchn_port_t port)
{
	return sync_test_bit(port, evt_2l_pending());
}

/* Xen tells of a channel when it becomes pending; of one that was masked then, who unmasks it. */
static void evt_2l_unmask(evtchn_port_t port, unsigned int cpu)
{
	struct evtchn_unmask arg = { .port = port };
	struct vcpu_info *vcpu;

	/* Interrupts are off, and other CPUs' words are not ours to write. */
	if (cpu != smp_processor_id()) {
		(void)HYPERVISOR_event_channel_op(EVTCHNOP_unmask, &arg);
		return;
	}
	sync_clear_bit(port, evt_2l_masked());
	vcpu = __this_cpu_read(xen_vcpu);
	/* The bit operations are full barriers, on Xen's side too: one of both sees the other's. */
	if (evt_2l_is_pending(port) &&
	    !sync_test_and_set_bit(port / BITS_PER_LONG,
				   (unsigned long *)&vcpu->evtchn_pending_sel))
		WRITE_ONCE(vcpu->evtchn_upcall_pending, 1);
}

static void evt_2l_set_pending(evtchn_port_t port)
{
	sync_set_bit(port, evt_2l_pending());
}

/* Mostly it is clear already: evt_scan() has found it. */
static void evt_2l_clear_pending(evtchn_port_t port)
{
	if (evt_2l_is_pending(port))
		sync_clear_bit(port, evt_2l_pending());
}

static void evt_2l_handle(void)
{
	struct evt_2l_cpu *cpu = this_cpu_ptr(evt_2l_cpus);
	struct vcpu_info *vcpu = __this_cpu_read(xen_vcpu);
	struct evt_scan scan = {
		.pending = evt_2l_pending(),
		.masked = evt_2l_masked(),
		.mine = cpu->mine,
		.turn = cpu->turn,
	};

	/* A full barrier: bits of channels are read after those of their words. */
	evt_scan(&scan, xchg(&vcpu->evtchn_pending_sel, 0), evt_deliver);
	cpu->turn = scan.turn;
}

static int evt_2l_resume(void)
{
	unsigned int cpu;

	evt_2l_mask_all();
	for_each_possible_cpu(cpu)
		bitmap_zero(per_cpu_ptr(evt_2l_cpus, cpu)->mine, EVTCHN_2L_NR_CHANNELS);
	return 0;
}

const struct evt_abi evt_twolevel = {
	.name = "2-level",
	.nr_ports = EVTCHN_2L_NR_CHANNELS,
	.init = evt_2l_init,
	.add_cpu = evt_2l_add_cpu,
	.drop_cpu = evt_2l_drop_cpu,
	.add_port = evt_2l_add_port,
	.tell = evt_2l_tell,
	.untell = evt_2l_untell,
	.mask = evt_2l_mask,
	.unmask = evt_2l_unmask,
	.pending = evt_2l_is_pending,
	.set_pending = evt_2l_set_pending,
	.clear_pending = evt_2l_clear_pending,
	.handle = evt_2l_handle,
	.resume = evt_2l_resume,
};
