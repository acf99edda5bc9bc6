// SPDX-License-Identifier: GPL-2.0
/*
 * Collects hypercalls and makes them: one by itself as it is, several as a multicall.
 * Adjacent updates of page tables become one call, as do adjacent operations.
 *
 * Xen stops in an array at the first element that it refuses. The elements behind it may
 * have come from someone else, and are tried again without it. They then come later than
 * calls that were queued after them: the guest has a bug already, and this is to keep it
 * from spreading.
 */
#include <linux/compiler.h>
#include <linux/types.h>

#include <asm/xen/hypercall.h>

#include "queue.h"

static size_t hq_element_size(const struct hq_call *call)
{
	return call->nr == __HYPERVISOR_mmu_update ? sizeof(struct mmu_update) :
						     sizeof(struct mmuext_op);
}

static bool hq_has_array(const struct hq_call *call)
{
	return call->nr == __HYPERVISOR_mmu_update || call->nr == __HYPERVISOR_mmuext_op;
}

static void hq_report_element(const struct hqueue *q, const struct hq_call *call,
			      unsigned int done, long rc)
{
	struct hq_failure failure = { .nr = call->nr, .element = true, .rc = rc };

	if (call->nr == __HYPERVISOR_mmu_update) {
		const struct mmu_update *update = (struct mmu_update *)call->args[0] + done;

		failure.args[0] = update->ptr;
		failure.args[1] = update->val;
		failure.caller = q->update_caller[update - q->updates];
	} else {
		const struct mmuext_op *op = (struct mmuext_op *)call->args[0] + done;

		failure.args[0] = op->cmd;
		failure.args[1] = op->arg1.linear_addr;
		failure.args[2] = (unsigned long)op->arg2.vcpumask;
		failure.caller = q->op_caller[op - q->ops];
	}
	hq_failed(&failure);
}

static void hq_report_call(const struct hq_call *call, long rc)
{
	struct hq_failure failure = { .nr = call->nr, .caller = call->caller, .rc = rc };
	unsigned int i;

	for (i = 0; i < 3; i++)
		failure.args[i] = call->args[i];
	hq_failed(&failure);
}

static long hq_make_call(const struct hq_call *call)
{
	return xen_single_call(call->nr, call->args[0], call->args[1], call->args[2],
			       call->args[3], 0);
}

/* Report what Xen refused, and try the elements behind it, fewer in every round. */
static void hq_recover(const struct hqueue *q, struct hq_call *call, long rc)
{
	unsigned int done;

	if (!hq_has_array(call)) {
		hq_report_call(call, rc);
		return;
	}
	while (rc < 0) {
		done = READ_ONCE(call->done);
		if (done >= call->args[1]) {
			hq_report_call(call, rc);
			return;
		}
		hq_report_element(q, call, done, rc);
		call->args[0] += (done + 1) * hq_element_size(call);
		call->args[1] -= done + 1;
		if (!call->args[1])
			return;
		call->done = 0;
		rc = hq_make_call(call);
	}
}

/*
 * Xen refused the list, not a call on it: each is made by itself, and has its own result.
 * Xen may have made some of them by then, where it could not write a result back; to make
 * these again is reported as their failure.
 */
static void hq_make_one_by_one(struct hqueue *q, long rc)
{
	struct hq_call list = {
		.nr = __HYPERVISOR_multicall, .args = { (unsigned long)q->entries, q->nr_calls },
		.caller = (unsigned long)hq_flush,
	};
	unsigned int i;

	hq_report_call(&list, rc);
	for (i = 0; i < q->nr_calls; i++)
		q->entries[i].result = hq_make_call(&q->calls[i]);
}

static void hq_make_calls(struct hqueue *q)
{
	struct multicall_entry *entry = q->entries;
	unsigned int i, arg;
	int rc;

	for (i = 0; i < q->nr_calls; i++, entry++) {
		entry->op = q->calls[i].nr;
		for (arg = 0; arg < 4; arg++)
			entry->args[arg] = q->calls[i].args[arg];
		trace_xen_mc_entry(entry, 4);
	}

	if (q->nr_calls == 1) {
		q->entries->result = hq_make_call(q->calls);
		return;
	}
	rc = HYPERVISOR_multicall(q->entries, q->nr_calls);
	if (unlikely(rc < 0))
		hq_make_one_by_one(q, rc);
}

static void hq_send(struct hqueue *q)
{
	unsigned int i;

	trace_xen_mc_flush(q->nr_calls, q->nr_updates * sizeof(struct mmu_update) +
			   q->nr_ops * sizeof(struct mmuext_op), q->nr_done);
	hq_make_calls(q);
	for (i = 0; i < q->nr_calls; i++) {
		if (unlikely((long)q->entries[i].result < 0))
			hq_recover(q, &q->calls[i], q->entries[i].result);
	}
	q->nr_calls = 0;
	q->nr_updates = 0;
	q->nr_ops = 0;
}

/**
 * hq_flush() - make the calls, then call the functions that wait for them
 * @q: the queue
 */
void hq_flush(struct hqueue *q)
{
	unsigned int i;

	if (q->nr_calls)
		hq_send(q);
	/* A function that makes calls gets here; the loop below goes on after it. */
	if (q->completing || !q->nr_done)
		return;

	q->completing = true;
	for (i = 0; i < q->nr_done; i++)
		q->done[i].fn(q->done[i].data);
	q->nr_done = 0;
	q->completing = false;
}

/**
 * hq_settle() - make the calls, unless there is reason to go on collecting
 * @q: the queue
 * @interrupt: whether this is an interrupt, which may have come in the middle of what
 *	       hbatch_hold() collects
 *
 * The table of queue.h. Functions undo what the section has done to preempt_count.
 */
void hq_settle(struct hqueue *q, bool interrupt)
{
	bool collect = q->depth || (q->held && !interrupt && !q->nr_done);

	if (!collect || q->completing)
		hq_flush(q);
}

/* Before anything is stored, because to flush empties the arrays too. */
static void hq_make_room(struct hqueue *q, bool array_full)
{
	if (q->nr_calls == HQ_CALLS)
		trace_xen_mc_flush_reason(XEN_MC_FL_BATCH);
	else if (array_full)
		trace_xen_mc_flush_reason(XEN_MC_FL_ARGS);
	else
		return;
	hq_flush(q);
}

/* The element is the last of its array, so it continues the last call if that has one. */
static void hq_add_element(struct hqueue *q, unsigned long nr, const void *element)
{
	struct hq_call *call = q->nr_calls ? &q->calls[q->nr_calls - 1] : NULL;

	if (!call || call->nr != nr) {
		call = &q->calls[q->nr_calls++];
		*call = (struct hq_call){
			.nr = nr,
			.args = {
				(unsigned long)element, 0, (unsigned long)&call->done, DOMID_SELF,
			},
		};
	}
	call->args[1]++;
}

/**
 * hq_call() - queue a call whose arguments are all in registers
 * @q: the queue
 * @nr: number of the hypercall
 * @args: its arguments
 * @caller: who asks for it
 */
void hq_call(struct hqueue *q, unsigned long nr, const unsigned long args[3],
	     unsigned long caller)
{
	hq_make_room(q, false);
	q->calls[q->nr_calls++] = (struct hq_call){
		.nr = nr, .args = { args[0], args[1], args[2] }, .caller = caller,
	};
}

/**
 * hq_mmu_update() - queue an update of a page table
 * @q: the queue
 * @update: the update
 * @caller: who asks for it
 */
void hq_mmu_update(struct hqueue *q, const struct mmu_update *update, unsigned long caller)
{
	hq_make_room(q, q->nr_updates == HQ_UPDATES);
	q->update_caller[q->nr_updates] = caller;
	q->updates[q->nr_updates] = *update;
	hq_add_element(q, __HYPERVISOR_mmu_update, &q->updates[q->nr_updates++]);
}

/**
 * hq_mmuext() - queue an operation on page tables or TLBs
 * @q: the queue
 * @op: the operation
 * @caller: who asks for it
 */
void hq_mmuext(struct hqueue *q, const struct mmuext_op *op, unsigned long caller)
{
	hq_make_room(q, q->nr_ops == HQ_OPS);
	q->op_caller[q->nr_ops] = caller;
	q->ops[q->nr_ops] = *op;
	hq_add_element(q, __HYPERVISOR_mmuext_op, &q->ops[q->nr_ops++]);
}

/**
 * hq_done() - have a function called when everything queued so far has been made
 * @q: the queue
 * @fn: the function
 * @data: its argument
 */
void hq_done(struct hqueue *q, void (*fn)(void *data), void *data)
{
	trace_xen_mc_callback(fn, data);
	/* hq_settle() has left nothing to wait for. */
	if (q->completing) {
		fn(data);
		return;
	}
	if (q->nr_done == HQ_DONE) {
		trace_xen_mc_flush_reason(XEN_MC_FL_CALLBACK);
		hq_flush(q);
	}
	q->done[q->nr_done].fn = fn;
	q->done[q->nr_done].data = data;
	q->nr_done++;
}
