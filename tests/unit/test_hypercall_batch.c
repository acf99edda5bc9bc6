// SPDX-License-Identifier: GPL-2.0
/* The batch of a CPU as arch-pv/ uses it: sections, holding, interrupts, what is said. */
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/printk.h>

#include "hypercall-stubs/batch.h"
#include "hypercall-stubs/count.h"
#include "hypercall-stubs/result.h"
#include "test.h"
#include "xen_gate.h"

bool shim_irqs_off, shim_interrupt, shim_printk_deferred;
unsigned int shim_warnings;

bool hcall_counting;
u64 hcall_counts[HCALL_NUMBERS], hcall_batched[HCALL_NUMBERS];

static char said[200];
static bool reported_with_irqs_off;

/* The scheduler may be who made the call, with its lock held, which a console may want. */
void shim_printk(const char *fmt, ...)
{
	va_list args;

	EXPECT(shim_printk_deferred);
	reported_with_irqs_off = shim_irqs_off;
	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
}

static const char *death;
static unsigned long death_from, death_to;

/* In a process of its own, see expect_death_by(). */
void hcall_die_at(const char *call, long rc, unsigned long caller)
{
	_exit(strcmp(call, death) || rc != -EINVAL || caller < death_from || caller > death_to);
}

const char *hcall_name(unsigned long nr)
{
	return nr == __HYPERVISOR_mmuext_op ? "mmuext_op" : "other";
}

static unsigned int made_with_irqs_on;

static long answer(unsigned int i)
{
	made_with_irqs_on += !shim_irqs_off;
	return 0;
}

static void begin(void)
{
	gate_begin();
	gate.answer = answer;
	shim_irqs_off = false;
	shim_interrupt = false;
	shim_printk_deferred = false;
	shim_warnings = 0;
	made_with_irqs_on = 0;
	said[0] = 0;
}

/* Every call was made with interrupts off, and now they are as they were. */
static void expect_calls(unsigned int count, bool irqs_off)
{
	EXPECT_EQ(gate.count, count);
	EXPECT_EQ(made_with_irqs_on, 0);
	EXPECT_EQ(shim_irqs_off, irqs_off);
}

static void each_call_arrives_as_it_was_made(void)
{
	begin();
	hbatch_update_va_mapping(0xffff888000001000, (pte_t){ 0x8000000000234163 },
				 UVMF_INVLPG | UVMF_LOCAL);
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_update_va_mapping);
	EXPECT_EQ(gate.calls[0].args[0], 0xffff888000001000);
	EXPECT_EQ(gate.calls[0].args[1], 0x8000000000234163);
	EXPECT_EQ(gate.calls[0].args[2], UVMF_INVLPG | UVMF_LOCAL);

	hbatch_update_descriptor(0x123456789abc8, 0xcff300000000ffff);
	EXPECT_EQ(gate.calls[1].nr, __HYPERVISOR_update_descriptor);
	EXPECT_EQ(gate.calls[1].args[0], 0x123456789abc8);
	EXPECT_EQ(gate.calls[1].args[1], 0xcff300000000ffff);

	hbatch_stack_switch(0xe02b, 0xffffc90000004000);
	EXPECT_EQ(gate.calls[2].nr, __HYPERVISOR_stack_switch);
	EXPECT_EQ(gate.calls[2].args[0], 0xe02b);
	EXPECT_EQ(gate.calls[2].args[1], 0xffffc90000004000);

	hbatch_fpu_taskswitch(true);
	EXPECT_EQ(gate.calls[3].nr, __HYPERVISOR_fpu_taskswitch);
	EXPECT_EQ(gate.calls[3].args[0], 1);

	gate.copy_size = sizeof(struct mmu_update);
	hbatch_mmu_update(mmu_set_keep_ad(0x1000, 7));
	EXPECT_EQ(gate.calls[4].nr, __HYPERVISOR_mmu_update);
	EXPECT_EQ(((struct mmu_update *)gate.calls[4].pointed)->ptr, 0x1002);
	EXPECT_EQ(((struct mmu_update *)gate.calls[4].pointed)->val, 7);

	gate.copy_size = sizeof(struct mmuext_op);
	hbatch_mmuext(mmuext_invlpg_local(0x5000));
	EXPECT_EQ(gate.calls[5].nr, __HYPERVISOR_mmuext_op);
	EXPECT_EQ(((struct mmuext_op *)gate.calls[5].pointed)->cmd, MMUEXT_INVLPG_LOCAL);
	EXPECT_EQ(((struct mmuext_op *)gate.calls[5].pointed)->arg1.linear_addr, 0x5000);
	expect_calls(6, false);
}

static void the_outermost_section_makes_the_calls(void)
{
	unsigned long outer, inner;

	begin();
	outer = hbatch_begin();
	EXPECT(shim_irqs_off);
	hbatch_stack_switch(0, 1);
	inner = hbatch_begin();
	hbatch_stack_switch(0, 2);
	hbatch_end(inner);
	expect_calls(0, true);
	hbatch_end(outer);
	expect_calls(3, false);
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_multicall);

	/* With interrupts off before, they stay off. */
	begin();
	shim_irqs_off = true;
	outer = hbatch_begin();
	hbatch_stack_switch(0, 1);
	hbatch_end(outer);
	expect_calls(1, true);
}

static void holding_lasts_until_the_release(void)
{
	begin();
	EXPECT(!hbatch_held());
	EXPECT(!hbatch_hold());
	EXPECT(hbatch_held());
	hbatch_stack_switch(0, 1);
	expect_calls(0, false);

	/* One inside of another gives back what it found. */
	EXPECT(hbatch_hold());
	hbatch_release(true);
	expect_calls(0, false);
	EXPECT(hbatch_held());

	hbatch_flush();
	expect_calls(1, false);
	hbatch_stack_switch(0, 2);
	expect_calls(1, false);
	hbatch_release(false);
	expect_calls(2, false);
	EXPECT(!hbatch_held());
}

static void an_interrupt_does_not_wait(void)
{
	unsigned long flags;

	begin();
	hbatch_hold();
	hbatch_stack_switch(0, 1);
	shim_interrupt = true;
	shim_irqs_off = true;
	hbatch_stack_switch(0, 2);
	expect_calls(3, true);
	EXPECT_EQ(gate.calls[1].args[1], 1);
	EXPECT_EQ(gate.calls[2].args[1], 2);

	flags = hbatch_begin();
	hbatch_stack_switch(0, 3);
	expect_calls(3, true);
	hbatch_end(flags);
	expect_calls(4, true);

	shim_interrupt = false;
	shim_irqs_off = false;
	hbatch_stack_switch(0, 4);
	expect_calls(4, false);
	hbatch_release(false);
	expect_calls(5, false);
}

static unsigned int completed;

static void complete(void *data)
{
	EXPECT(shim_irqs_off);
	EXPECT_EQ(gate.count, (unsigned long)data);
	completed++;
}

static void completion_comes_before_interrupts(void)
{
	unsigned long flags;

	begin();
	completed = 0;
	hbatch_done(complete, (void *)0);
	EXPECT_EQ(completed, 1);

	hbatch_hold();
	flags = hbatch_begin();
	hbatch_stack_switch(0, 1);
	hbatch_done(complete, (void *)1);
	EXPECT_EQ(completed, 1);
	hbatch_end(flags);
	EXPECT_EQ(completed, 2);
	expect_calls(1, false);
	hbatch_release(false);
}

static long refuse(unsigned int i)
{
	*(unsigned int *)gate.calls[i].args[2] = 0;
	return -EINVAL;
}

static noinline void refused_pin(void)
{
	hbatch_mmuext(mmuext_pin(4, 0x1234));
}

static void a_failure_names_call_and_caller(void)
{
	static const char told[] =
		"hypercall: part of mmuext_op(0x3, 0x1234, 0) failed: -22, called from 0x";
	unsigned long caller, start = (unsigned long)refused_pin;

	begin();
	gate.answer = refuse;
	refused_pin();
	EXPECT(!strncmp(said, told, strlen(told)));
	EXPECT_EQ(shim_warnings, 1);
	caller = strtoul(said + strlen(told), NULL, 16);
	EXPECT(caller > start && caller < start + 256);
	EXPECT(!shim_printk_deferred);
}

static void expect_said(const char *words)
{
	const char *prefix = "hypercall: ";

	EXPECT(!strncmp(said, prefix, strlen(prefix)));
	EXPECT(!strncmp(said + strlen(prefix), words, strlen(words)));
}

static void a_failure_names_who_it_was_asked_for(void)
{
	struct mmu_update update = mmu_set(0x56789ab8, 0x80000234163);
	struct mmuext_op op = mmuext_pin(4, 0x1234);

	begin();
	gate.answer = refuse;
	hbatch_hold();
	hbatch_mmu_update_for(&update, 0x5150);
	hbatch_release(false);
	expect_said("part of other(0x56789ab8, 0x80000234163, 0) failed: -22, called from 0x5150");

	hbatch_hold();
	hbatch_mmuext_for(&op, 0x5151);
	hbatch_release(false);
	expect_said("part of mmuext_op(0x3, 0x1234, 0) failed: -22, called from 0x5151");

	/* One that was not in the batch; interrupts are on. */
	hbatch_refused(__HYPERVISOR_mmu_update, update.ptr, update.val, -EPERM, 0x5152);
	expect_said("part of other(0x56789ab8, 0x80000234163, 0) failed: -1, called from 0x5152");
	EXPECT(reported_with_irqs_off);
	EXPECT(!shim_irqs_off);
	EXPECT_EQ(shim_warnings, 3);
}

static unsigned int refused_cmd;

static long refuse_cmd(unsigned int i)
{
	const struct gate_call *call = &gate.calls[i];
	const struct mmuext_op *op = (void *)call->args[0];
	unsigned int n;

	if (call->nr != __HYPERVISOR_mmuext_op)
		return 0;
	for (n = 0; n < call->args[1]; n++) {
		*(unsigned int *)call->args[2] = n;
		if (op[n].cmd == refused_cmd)
			return -EINVAL;
	}
	return 0;
}

static noinline void switch_root(void)
{
	unsigned long flags = hbatch_begin();

	hbatch_mmuext(mmuext_new_baseptr(0x1234));
	hbatch_mmuext(mmuext_new_user_baseptr(0x5678));
	hbatch_end(flags);
}

static void expect_death_by(unsigned int cmd, const char *call)
{
	int status;
	pid_t pid;

	refused_cmd = cmd;
	gate.answer = refuse_cmd;
	death = call;
	death_from = (unsigned long)switch_root;
	death_to = death_from + 512;
	pid = fork();
	if (!pid) {
		switch_root();
		/* One that is held is sent here. */
		hbatch_release(false);
		_exit(2);
	}
	EXPECT(waitpid(pid, &status, 0) == pid);
	EXPECT(WIFEXITED(status));
	EXPECT_EQ(WEXITSTATUS(status), 0);
}

static void without_its_root_the_guest_ends(void)
{
	static const char kernel[] = "part of mmuext_op(0x5, 0x1234, 0)";
	static const char user[] = "part of mmuext_op(0xf, 0x5678, 0)";

	begin();
	expect_death_by(MMUEXT_NEW_BASEPTR, kernel);
	expect_death_by(MMUEXT_NEW_USER_BASEPTR, user);

	/* Held back for a task switch, and sent with other calls. */
	hbatch_hold();
	hbatch_stack_switch(0, 1);
	expect_death_by(MMUEXT_NEW_BASEPTR, kernel);
	expect_death_by(MMUEXT_NEW_USER_BASEPTR, user);
	hbatch_release(false);
}

static void what_enters_a_batch_is_counted(void)
{
	begin();
	hbatch_mmu_update(mmu_set(0x1000, 1));
	EXPECT_EQ(hcall_batched[__HYPERVISOR_mmu_update], 0);

	hcall_counting = true;
	hbatch_hold();
	hbatch_mmu_update(mmu_set(0x1000, 1));
	hbatch_mmu_update(mmu_set(0x1000, 2));
	hbatch_mmuext(mmuext_flush_local());
	hbatch_stack_switch(0, 1);
	hbatch_release(false);
	hcall_counting = false;
	EXPECT_EQ(hcall_batched[__HYPERVISOR_mmu_update], 2);
	EXPECT_EQ(hcall_batched[__HYPERVISOR_mmuext_op], 1);
	EXPECT_EQ(hcall_batched[__HYPERVISOR_stack_switch], 1);
	EXPECT_EQ(hcall_batched[__HYPERVISOR_multicall], 0);
}

const struct test_case test_cases[] = {
	TEST(each_call_arrives_as_it_was_made),
	TEST(the_outermost_section_makes_the_calls),
	TEST(holding_lasts_until_the_release),
	TEST(an_interrupt_does_not_wait),
	TEST(completion_comes_before_interrupts),
	TEST(a_failure_names_call_and_caller),
	TEST(a_failure_names_who_it_was_asked_for),
	TEST(without_its_root_the_guest_ends),
	TEST(what_enters_a_batch_is_counted),
	{ }
};
