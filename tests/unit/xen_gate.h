/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A gate that records in the place of the one into Xen: what the inline assembly of
 * asm/xen/hypercall.h calls, by xen_gate.S. It answers by a function of the test, carries
 * out multicalls, and does what Xen may do to registers and to the entries of a multicall.
 */
#ifndef _TESTS_UNIT_XEN_GATE_H
#define _TESTS_UNIT_XEN_GATE_H

#include <string.h>

#include <linux/types.h>

#include <xen/interface/xen.h>

#define GATE_CALLS	256

/**
 * struct gate_call - a hypercall that was made
 * @nr: its number
 * @args: its arguments, as they were in rdi, rsi, rdx, r10 and r8
 * @pointed: the first gate.copy_size bytes at the argument gate.copy_arg
 * @entry: whether it was an entry of a multicall
 */
struct gate_call {
	unsigned long nr;
	unsigned long args[5];
	unsigned char pointed[64];
	bool entry;
};

/* Call number 0 is the first since gate_begin(). */
static struct {
	struct gate_call calls[GATE_CALLS];
	unsigned int count;
	unsigned int copy_arg, copy_size;
	/* Answers call number @i; NULL stands for 0. */
	long (*answer)(unsigned int i);
	long multicall_rc;
} gate;

struct gate_registers {
	unsigned long nr, args[5];
} gate_registers;

/* A static call is reached through its trampoline; nobody here asks for its key. */
char __SCK__xen_hypercall;

long gate_entered(void);

static long gate_record(unsigned long nr, const unsigned long *args, bool entry)
{
	unsigned int i = gate.count++;
	struct gate_call *call = &gate.calls[i % GATE_CALLS];

	call->nr = nr;
	call->entry = entry;
	memcpy(call->args, args, sizeof(call->args));
	if (gate.copy_size)
		memcpy(call->pointed, (void *)args[gate.copy_arg], gate.copy_size);
	return gate.answer ? gate.answer(i) : 0;
}

static long gate_multicall(void)
{
	struct multicall_entry *entries = (void *)gate_registers.args[0];
	unsigned int count = gate_registers.args[1];
	struct multicall_entry was;

	if (gate.multicall_rc)
		return gate.multicall_rc;
	for (unsigned int i = 0; i < count; i++) {
		was = entries[i];
		memset(&entries[i], 0xaa, sizeof(entries[i]));
		entries[i].result = gate_record(was.op, was.args, true);
	}
	return 0;
}

long gate_entered(void)
{
	struct gate_registers now = gate_registers;

	if (now.nr != __HYPERVISOR_multicall)
		return gate_record(now.nr, now.args, false);
	gate_record(now.nr, now.args, false);
	return gate_multicall();
}

static void gate_begin(void)
{
	memset(&gate, 0, sizeof(gate));
}

#endif
