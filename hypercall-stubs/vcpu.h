/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual CPUs, of which @vcpu is the number that Xen has for one, their timers, and the
 * scheduler.
 */
#ifndef _HYPERCALL_STUBS_VCPU_H
#define _HYPERCALL_STUBS_VCPU_H

#include <linux/types.h>

#include <xen/interface/sched.h>
#include <xen/interface/vcpu.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

/**
 * hcall_vcpu_initialise() - give a virtual CPU the state to start from
 * @vcpu: the virtual CPU
 * @context: its state; large, so not for the stack
 *
 * Return: 0 or a negative errno; -EEXIST when it has one, as it keeps for life.
 */
static inline int hcall_vcpu_initialise(unsigned int vcpu, struct vcpu_guest_context *context)
{
	return HYPERVISOR_vcpu_op(VCPUOP_initialise, vcpu, context);
}

/**
 * hcall_vcpu_up() - have a virtual CPU run
 * @vcpu: one that is initialised; it goes on where it went down
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vcpu_up(unsigned int vcpu)
{
	return HYPERVISOR_vcpu_op(VCPUOP_up, vcpu, NULL);
}

/**
 * hcall_vcpu_down() - take a virtual CPU down
 * @vcpu: the virtual CPU; the call for the own one returns when another has it up again
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vcpu_down(unsigned int vcpu)
{
	return HYPERVISOR_vcpu_op(VCPUOP_down, vcpu, NULL);
}

/**
 * hcall_vcpu_is_up() - ask whether a virtual CPU runs
 * @vcpu: the virtual CPU
 *
 * Return: 1 when it does, 0 when not, -ENOENT when the guest has no such virtual CPU.
 */
static inline int hcall_vcpu_is_up(unsigned int vcpu)
{
	return HYPERVISOR_vcpu_op(VCPUOP_is_up, vcpu, NULL);
}

/**
 * hcall_vcpu_register_info() - place the page of a virtual CPU's event flags and time
 * @vcpu: the virtual CPU
 * @mfn: machine frame of a struct vcpu_info that is written for ever
 * @offset: where in the frame, all of the struct in it
 *
 * Return: 0 or a negative errno; -EINVAL the second time in a virtual CPU's life.
 */
static inline int hcall_vcpu_register_info(unsigned int vcpu, xen_pfn_t mfn, unsigned int offset)
{
	struct vcpu_register_vcpu_info arg = { .mfn = mfn, .offset = offset };

	return HYPERVISOR_vcpu_op(VCPUOP_register_vcpu_info, vcpu, &arg);
}

/**
 * hcall_vcpu_register_time() - place the copy of a virtual CPU's time that user code reads
 * @vcpu: the virtual CPU
 * @area: written whenever the virtual CPU is scheduled, or NULL to end it
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vcpu_register_time(unsigned int vcpu, struct pvclock_vcpu_time_info *area)
{
	struct vcpu_register_time_memory_area arg = { .addr.v = area };

	return HYPERVISOR_vcpu_op(VCPUOP_register_vcpu_time_memory_area, vcpu, &arg);
}

/**
 * hcall_vcpu_set_timer() - have VIRQ_TIMER come once
 * @vcpu: the virtual CPU that makes the call
 * @when: in nanoseconds of Xen's system time
 * @flags: VCPU_SSHOTTMR_future to refuse a time that is past, or 0
 *
 * Return: 0 or a negative errno; -ETIME for a time that is past.
 */
static inline int hcall_vcpu_set_timer(unsigned int vcpu, u64 when, unsigned int flags)
{
	struct vcpu_set_singleshot_timer arg = { .timeout_abs_ns = when, .flags = flags };

	return HYPERVISOR_vcpu_op(VCPUOP_set_singleshot_timer, vcpu, &arg);
}

/**
 * hcall_vcpu_stop_timer() - forget what hcall_vcpu_set_timer() set
 * @vcpu: the virtual CPU that makes the call
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vcpu_stop_timer(unsigned int vcpu)
{
	return HYPERVISOR_vcpu_op(VCPUOP_stop_singleshot_timer, vcpu, NULL);
}

/**
 * hcall_vcpu_stop_periodic() - stop the tick that a virtual CPU starts with
 * @vcpu: the virtual CPU
 *
 * Return: 0 or a negative errno.
 */
static inline int hcall_vcpu_stop_periodic(unsigned int vcpu)
{
	return HYPERVISOR_vcpu_op(VCPUOP_stop_periodic_timer, vcpu, NULL);
}

/**
 * hcall_block() - unmask events and sleep until one is pending for this virtual CPU
 *
 * Return: 0.
 */
static inline int hcall_block(void)
{
	return HYPERVISOR_sched_op(SCHEDOP_block, NULL);
}

/**
 * hcall_yield() - let another virtual CPU run
 *
 * Return: 0.
 */
static inline int hcall_yield(void)
{
	return HYPERVISOR_sched_op(SCHEDOP_yield, NULL);
}

/**
 * hcall_shutdown() - end this guest, all of its virtual CPUs
 * @reason: SHUTDOWN_poweroff, SHUTDOWN_reboot or SHUTDOWN_crash
 *
 * Return: a negative errno, or not at all.
 */
static inline int hcall_shutdown(unsigned int reason)
{
	struct sched_shutdown arg = { .reason = reason };

	return HYPERVISOR_sched_op(SCHEDOP_shutdown, &arg);
}

#endif
