// SPDX-License-Identifier: GPL-2.0
/* The queue against a Xen that carries out arrays element by element, and may refuse one. */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "hypercall-stubs/mmu.h"
#include "hypercall-stubs/queue.h"
#include "test.h"
#include "xen_gate.h"

/* Refused by the Xen here, as a number of a register or of an element. */
#define BAD	0xbad

static struct hqueue q;

/* What was carried out, in order: the register, the value or the frame of each. */
static u64 made[1024];
static unsigned int nr_made;

static struct hq_failure failures[128];
static unsigned int nr_failures;

void hq_failed(const struct hq_failure *failure)
{
	failures[nr_failures++ % ARRAY_SIZE(failures)] = *failure;
}

static long make(u64 what)
{
	if (what == BAD)
		return -EINVAL;
	made[nr_made++ % ARRAY_SIZE(made)] = what;
	return 0;
}

static long like_xen(unsigned int i)
{
	const struct gate_call *call = &gate.calls[i % GATE_CALLS];
	unsigned int *done = (void *)call->args[2];
	long rc = 0;

	switch (call->nr) {
	case __HYPERVISOR_multicall:
		return 0;
	case __HYPERVISOR_mmu_update:
		for (*done = 0; *done < call->args[1] && !rc; *done += !rc)
			rc = make(((struct mmu_update *)call->args[0])[*done].val);
		return rc;
	case __HYPERVISOR_mmuext_op:
		for (*done = 0; *done < call->args[1] && !rc; *done += !rc)
			rc = make(((struct mmuext_op *)call->args[0])[*done].arg1.mfn);
		return rc;
	default:
		return make(call->args[1]);
	}
}

static void begin(void)
{
	memset(&q, 0, sizeof(q));
	gate_begin();
	gate.answer = like_xen;
	nr_made = 0;
	nr_failures = 0;
}

static void queue_call(unsigned long nr, unsigned long value)
{
	const unsigned long args[3] = { 1, value, 3 };

	hq_call(&q, nr, args, 0x1000 + value);
	hq_settle(&q, false);
}

static void queue_update(u64 value)
{
	struct mmu_update update = mmu_set(0x1000, value);

	hq_mmu_update(&q, &update, 0x1000 + value);
	hq_settle(&q, false);
}

static void queue_op(u64 mfn)
{
	struct mmuext_op op = mmuext_unpin(mfn);

	hq_mmuext(&q, &op, 0x1000 + mfn);
	hq_settle(&q, false);
}

static void expect_made_in_order(unsigned int count)
{
	EXPECT_EQ(nr_made, count);
	for (unsigned int i = 0; i < nr_made; i++)
		EXPECT_EQ(made[i], i);
}

static void a_call_alone_is_made_at_once(void)
{
	begin();
	queue_call(__HYPERVISOR_stack_switch, 0);
	EXPECT_EQ(gate.count, 1);
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_stack_switch);
	EXPECT_EQ(gate.calls[0].args[0], 1);
	EXPECT_EQ(gate.calls[0].args[1], 0);
	EXPECT_EQ(gate.calls[0].args[2], 3);

	queue_update(1);
	EXPECT_EQ(gate.count, 2);
	EXPECT_EQ(gate.calls[1].nr, __HYPERVISOR_mmu_update);
	EXPECT_EQ(gate.calls[1].args[1], 1);
	EXPECT_EQ(gate.calls[1].args[3], DOMID_SELF);

	queue_op(2);
	EXPECT_EQ(gate.count, 3);
	EXPECT_EQ(gate.calls[2].nr, __HYPERVISOR_mmuext_op);
	EXPECT_EQ(gate.calls[2].args[1], 1);
	EXPECT_EQ(gate.calls[2].args[3], DOMID_SELF);
	expect_made_in_order(3);
}

static void a_section_is_one_multicall_in_order(void)
{
	begin();
	q.depth = 1;
	queue_update(0);
	queue_update(1);
	queue_call(__HYPERVISOR_stack_switch, 2);
	queue_op(3);
	queue_op(4);
	queue_op(5);
	queue_update(6);
	EXPECT_EQ(gate.count, 0);
	q.depth = 0;
	hq_settle(&q, false);

	EXPECT_EQ(gate.count, 5);
	EXPECT_EQ(gate.calls[0].nr, __HYPERVISOR_multicall);
	EXPECT_EQ(gate.calls[0].args[1], 4);
	EXPECT_EQ(gate.calls[1].args[1], 2);
	EXPECT_EQ(gate.calls[3].args[1], 3);
	EXPECT_EQ(gate.calls[4].args[1], 1);
	for (unsigned int i = 1; i < gate.count; i++)
		EXPECT(gate.calls[i].entry);
	expect_made_in_order(7);
}

static void updates_of_a_section_are_one_call(void)
{
	begin();
	q.depth = 1;
	for (unsigned int i = 0; i < HQ_UPDATES; i++)
		queue_update(i);
	q.depth = 0;
	hq_settle(&q, false);
	EXPECT_EQ(gate.count, 1);
	EXPECT_EQ(gate.calls[0].args[1], HQ_UPDATES);
	expect_made_in_order(HQ_UPDATES);
}

/* One more than there is room for, of each kind: what was there is made first. */
static void a_full_queue_is_made_and_goes_on(void)
{
	begin();
	q.depth = 1;
	for (unsigned int i = 0; i < HQ_CALLS + 1; i++)
		queue_call(__HYPERVISOR_set_segment_base, i);
	expect_made_in_order(HQ_CALLS);
	EXPECT_EQ(q.nr_calls, 1);

	begin();
	q.depth = 1;
	for (unsigned int i = 0; i < HQ_UPDATES + 1; i++)
		queue_update(i);
	expect_made_in_order(HQ_UPDATES);
	EXPECT_EQ(q.nr_updates, 1);

	begin();
	q.depth = 1;
	for (unsigned int i = 0; i < HQ_OPS + 1; i++)
		queue_op(i);
	expect_made_in_order(HQ_OPS);
	EXPECT_EQ(q.nr_ops, 1);
	hq_flush(&q);
	expect_made_in_order(HQ_OPS + 1);
}

/* All kinds mixed, in many orders and sections: nothing is lost, doubled or overtaken. */
static void order_is_kept_whatever_comes(void)
{
	unsigned int seed = 1;

	for (unsigned int round = 0; round < 50; round++) {
		begin();
		for (unsigned int i = 0; i < 900; i++) {
			seed = seed * 1103515245 + 12345;
			q.depth = (seed >> 16) % 17 != 0;
			q.held = (seed >> 20) % 3 == 0;
			switch ((seed >> 8) % 4) {
			case 0:
				queue_call(__HYPERVISOR_update_descriptor, i);
				break;
			case 1:
				queue_op(i);
				break;
			default:
				queue_update(i);
			}
		}
		hq_flush(&q);
		expect_made_in_order(900);
		EXPECT_EQ(nr_failures, 0);
	}
}

static void what_is_held_waits_but_not_for_an_interrupt(void)
{
	const unsigned long args[3] = { 0, 2, 0 };

	begin();
	q.held = true;
	queue_update(0);
	queue_update(1);
	EXPECT_EQ(gate.count, 0);

	/* An interrupt makes a call: what was held goes first, along with it. */
	hq_call(&q, __HYPERVISOR_set_segment_base, args, 0);
	hq_settle(&q, true);
	expect_made_in_order(3);

	/* A section in an interrupt collects, and ends with it. */
	q.depth = 1;
	queue_update(3);
	hq_settle(&q, true);
	expect_made_in_order(3);
	q.depth = 0;
	hq_settle(&q, true);
	expect_made_in_order(4);

	/* Held as before, and a section inside does not end it. */
	q.depth = 1;
	queue_update(4);
	q.depth = 0;
	hq_settle(&q, false);
	expect_made_in_order(4);
	q.held = false;
	hq_settle(&q, false);
	expect_made_in_order(5);
}

static void sections_nest(void)
{
	begin();
	q.depth = 2;
	queue_update(0);
	q.depth = 1;
	hq_settle(&q, false);
	EXPECT_EQ(nr_made, 0);
	queue_update(1);
	q.depth = 0;
	hq_settle(&q, false);
	EXPECT_EQ(gate.count, 1);
	expect_made_in_order(2);
}

static unsigned int completed, made_by_then;

static void complete(void *data)
{
	EXPECT_EQ(completed, (unsigned long)data);
	completed++;
	made_by_then = nr_made;
}

static void completion_comes_after_the_calls(void)
{
	begin();
	completed = 0;
	q.depth = 1;
	queue_update(0);
	hq_done(&q, complete, (void *)0);
	queue_op(1);
	hq_done(&q, complete, (void *)1);
	hq_settle(&q, false);
	EXPECT_EQ(completed, 0);
	q.depth = 0;
	hq_settle(&q, false);
	EXPECT_EQ(completed, 2);
	EXPECT_EQ(made_by_then, 2);
	hq_flush(&q);
	EXPECT_EQ(completed, 2);
}

/* Interrupts come on after a section, also where batching is held. */
static void completion_does_not_wait_for_what_is_held(void)
{
	begin();
	completed = 0;
	q.held = true;
	queue_update(0);
	EXPECT_EQ(nr_made, 0);
	hq_done(&q, complete, (void *)0);
	hq_settle(&q, false);
	EXPECT_EQ(completed, 1);
	EXPECT_EQ(made_by_then, 1);
}

static void completions_are_limited(void)
{
	begin();
	completed = 0;
	q.depth = 1;
	queue_update(0);
	for (unsigned long i = 0; i < HQ_DONE; i++)
		hq_done(&q, complete, (void *)i);
	EXPECT_EQ(completed, 0);
	queue_update(1);
	hq_done(&q, complete, (void *)HQ_DONE);
	EXPECT_EQ(completed, HQ_DONE);
	EXPECT_EQ(nr_made, 2);
	hq_flush(&q);
	EXPECT_EQ(completed, HQ_DONE + 1);
}

static void completed_by_completion(void *data)
{
	completed += 100;
	EXPECT_EQ(nr_made, (unsigned long)data);
}

static void make_more(void *data)
{
	queue_update(nr_made);
	hq_done(&q, completed_by_completion, (void *)(unsigned long)nr_made);
	queue_op(nr_made);
	completed++;
}

static void completion_may_make_calls(void)
{
	begin();
	completed = 0;
	q.depth = 1;
	queue_update(0);
	hq_done(&q, make_more, NULL);
	hq_done(&q, make_more, NULL);
	q.depth = 0;
	hq_settle(&q, false);
	expect_made_in_order(5);
	EXPECT_EQ(completed, 202);
	EXPECT_EQ(q.nr_calls, 0);
	EXPECT_EQ(q.nr_done, 0);
	queue_update(5);
	expect_made_in_order(6);

	/* Also when a section is flushed that goes on. */
	begin();
	completed = 0;
	q.depth = 1;
	queue_update(0);
	hq_done(&q, make_more, NULL);
	hq_flush(&q);
	expect_made_in_order(3);
	EXPECT_EQ(completed, 101);
	queue_update(3);
	expect_made_in_order(3);
}

static void a_refused_call_is_named(void)
{
	begin();
	queue_call(__HYPERVISOR_set_segment_base, BAD);
	EXPECT_EQ(nr_failures, 1);
	EXPECT_EQ(failures[0].nr, __HYPERVISOR_set_segment_base);
	EXPECT_EQ(failures[0].args[0], 1);
	EXPECT_EQ(failures[0].args[1], BAD);
	EXPECT_EQ(failures[0].args[2], 3);
	EXPECT(!failures[0].element);
	EXPECT_EQ(failures[0].caller, 0x1000 + BAD);
	EXPECT_EQ(failures[0].rc, -EINVAL);
	EXPECT_EQ(gate.count, 1);
}

/* Whatever was refused, each of the others was made once, and each refused one named. */
static void the_others_are_made_all_the_same(void)
{
	begin();
	q.depth = 1;
	queue_update(0);
	queue_update(BAD);
	queue_update(BAD);
	queue_update(1);
	queue_update(BAD);
	queue_call(__HYPERVISOR_stack_switch, 10);
	queue_call(__HYPERVISOR_stack_switch, BAD);
	queue_op(BAD);
	queue_op(20);
	q.depth = 0;
	hq_settle(&q, false);

	EXPECT_EQ(nr_failures, 5);
	for (unsigned int i = 0; i < nr_failures; i++) {
		EXPECT_EQ(failures[i].caller, 0x1000 + BAD);
		EXPECT_EQ(failures[i].rc, -EINVAL);
	}
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(failures[i].nr, __HYPERVISOR_mmu_update);
		EXPECT(failures[i].element);
		EXPECT_EQ(failures[i].args[0], 0x1000);
		EXPECT_EQ(failures[i].args[1], BAD);
	}
	EXPECT_EQ(failures[3].nr, __HYPERVISOR_stack_switch);
	EXPECT_EQ(failures[4].nr, __HYPERVISOR_mmuext_op);
	EXPECT_EQ(failures[4].args[0], MMUEXT_UNPIN_TABLE);
	EXPECT_EQ(failures[4].args[1], BAD);
	EXPECT_EQ(nr_made, 4);
	EXPECT_EQ(made[0] + made[1] + made[2] + made[3], 0 + 1 + 10 + 20);
	EXPECT_EQ(q.nr_calls, 0);

	queue_update(30);
	EXPECT_EQ(made[4], 30);
}

static void every_update_of_a_full_array_may_fail(void)
{
	begin();
	q.depth = 1;
	for (unsigned int i = 0; i < HQ_UPDATES; i++)
		queue_update(BAD);
	hq_flush(&q);
	EXPECT_EQ(nr_failures, HQ_UPDATES);
	EXPECT_EQ(gate.count, HQ_UPDATES);
	EXPECT_EQ(nr_made, 0);
}

static long refuse_beyond_the_end(unsigned int i)
{
	*(unsigned int *)gate.calls[i].args[2] = gate.calls[i].args[1];
	return -EFAULT;
}

static long refuse_without_a_count(unsigned int i)
{
	if (i == 0)
		*(unsigned int *)gate.calls[i].args[2] = 1;
	return -EFAULT;
}

/* Xen leaves the count alone when it refuses a call before it looks at the elements. */
static void a_count_is_of_one_call_only(void)
{
	begin();
	q.depth = 1;
	gate.answer = refuse_without_a_count;
	for (unsigned int i = 0; i < 4; i++)
		queue_update(i);
	hq_flush(&q);
	EXPECT_EQ(nr_failures, 3);
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT(failures[i].element);
		EXPECT_EQ(failures[i].args[1], i + 1);
	}
}

static void a_call_refused_as_a_whole_is_named(void)
{
	begin();
	gate.answer = refuse_beyond_the_end;
	queue_update(7);
	EXPECT_EQ(nr_failures, 1);
	EXPECT(!failures[0].element);
	EXPECT_EQ(failures[0].nr, __HYPERVISOR_mmu_update);
	EXPECT_EQ(failures[0].args[1], 1);
	EXPECT_EQ(failures[0].rc, -EFAULT);
}

/* The list itself was refused, none of the calls: they are made all the same, one by one. */
static void a_refused_multicall_loses_nothing(void)
{
	begin();
	gate.multicall_rc = -ENOSYS;
	q.depth = 1;
	queue_call(__HYPERVISOR_stack_switch, 0);
	queue_update(1);
	queue_update(2);
	queue_op(3);
	queue_op(BAD);
	queue_op(4);
	hq_flush(&q);
	expect_made_in_order(5);
	EXPECT_EQ(nr_failures, 2);
	EXPECT_EQ(failures[0].nr, __HYPERVISOR_multicall);
	EXPECT(!failures[0].element);
	EXPECT_EQ(failures[0].args[1], 3);
	EXPECT_EQ(failures[0].rc, -ENOSYS);
	EXPECT_EQ(failures[1].nr, __HYPERVISOR_mmuext_op);
	EXPECT(failures[1].element);
	EXPECT_EQ(failures[1].args[1], BAD);
	EXPECT_EQ(failures[1].rc, -EINVAL);
	EXPECT_EQ(q.nr_calls, 0);
}

static void completion_comes_after_failure_too(void)
{
	begin();
	completed = 0;
	q.depth = 1;
	queue_update(BAD);
	queue_op(0);
	hq_done(&q, complete, (void *)0);
	q.depth = 0;
	hq_settle(&q, false);
	EXPECT_EQ(nr_failures, 1);
	EXPECT_EQ(completed, 1);
	EXPECT_EQ(made_by_then, 1);
}

const struct test_case test_cases[] = {
	TEST(a_call_alone_is_made_at_once),
	TEST(a_section_is_one_multicall_in_order),
	TEST(updates_of_a_section_are_one_call),
	TEST(a_full_queue_is_made_and_goes_on),
	TEST(order_is_kept_whatever_comes),
	TEST(what_is_held_waits_but_not_for_an_interrupt),
	TEST(sections_nest),
	TEST(completion_comes_after_the_calls),
	TEST(completion_does_not_wait_for_what_is_held),
	TEST(completions_are_limited),
	TEST(completion_may_make_calls),
	TEST(a_refused_call_is_named),
	TEST(the_others_are_made_all_the_same),
	TEST(every_update_of_a_full_array_may_fail),
	TEST(a_count_is_of_one_call_only),
	TEST(a_call_refused_as_a_whole_is_named),
	TEST(a_refused_multicall_loses_nothing),
	TEST(completion_comes_after_failure_too),
	{ }
};
