/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The queue behind batch.h, of one CPU. Nothing here knows of CPUs or interrupts: the
 * caller passes the queue of its CPU, with interrupts off, and whether it is in one.
 *
 * When calls are made; "-" is either:
 *
 *	@depth	@held	interrupt  @nr_done  @completing
 *	-	-	-	   -	     yes	 at once: functions in @done expect it
 *	> 0	-	-	   -	     no		 no: the outermost hbatch_end() decides
 *	0	no	-	   -	     no		 at once
 *	0	yes	yes	   -	     no		 at once, after what the task has
 *						 collected
 *	0	yes	no	   > 0	     no		 at once: functions wait only while
 *						 interrupts are off
 *	0	yes	no	   0	     no		 no: hbatch_release() decides
 *
 * In each of these states hbatch_flush() makes all calls, and so does an array that is full,
 * before the next element. A task that has switched bottom halves off is taken for an interrupt.
 */
#ifndef _HYPERCALL_STUBS_QUEUE_H
#define _HYPERCALL_STUBS_QUEUE_H

#include <linux/types.h>

#include <xen/interface/xen.h>

#define HQ_CALLS	32
#define HQ_UPDATES	64
#define HQ_OPS		32
#define HQ_DONE		32

/**
 * struct hq_call - one hypercall to be made
 * @nr: its number, __HYPERVISOR_*
 * @args: its arguments; of calls that take an array these are the address, the number of
 *	  elements, the address of @done and DOMID_SELF
 * @done: elements of the array that Xen has carried out
 * @caller: who asked for it, for calls without an array
 */
struct hq_call {
	unsigned long nr;
	unsigned long args[4];
	unsigned int done;
	unsigned long caller;
};

/**
 * struct hqueue - what one CPU has collected
 * @nr_calls: hypercalls in @calls
 * @nr_updates: elements of @updates in use by them
 * @nr_ops: elements of @ops in use by them
 * @nr_done: functions in @done
 * @depth: sections that are open (hbatch_begin())
 * @held: whether hbatch_hold() is in force
 * @completing: whether functions in @done are being called
 * @calls: the hypercalls, in order
 * @entries: their form for Xen, and the results. Xen built for debugging overwrites all
 *	     but the result, so @calls is what reports are made from.
 * @updates: elements for mmu_update; those of one call are adjacent, those of the last
 *	     call are the last
 * @update_caller: who asked for each
 * @ops: elements for mmuext_op, likewise
 * @op_caller: who asked for each
 * @done: functions to call when @calls have been made, in order
 */
struct hqueue {
	unsigned int nr_calls;
	unsigned int nr_updates;
	unsigned int nr_ops;
	unsigned int nr_done;
	unsigned int depth;
	bool held;
	bool completing;
	struct hq_call calls[HQ_CALLS];
	struct multicall_entry entries[HQ_CALLS];
	struct mmu_update updates[HQ_UPDATES];
	unsigned long update_caller[HQ_UPDATES];
	struct mmuext_op ops[HQ_OPS];
	unsigned long op_caller[HQ_OPS];
	struct {
		void (*fn)(void *data);
		void *data;
	} done[HQ_DONE];
};

/**
 * struct hq_failure - a call, or an element of one, that Xen refused
 * @nr: number of the hypercall
 * @args: its first three arguments, or of an element of mmu_update its ptr and val, of an
 *	  element of mmuext_op its cmd, arg1 and arg2
 * @element: whether it is an element
 * @caller: who asked for it
 * @rc: Xen's answer
 */
struct hq_failure {
	unsigned long nr;
	unsigned long args[3];
	bool element;
	unsigned long caller;
	long rc;
};

void hq_call(struct hqueue *q, unsigned long nr, const unsigned long args[3],
	     unsigned long caller);
void hq_mmu_update(struct hqueue *q, const struct mmu_update *update, unsigned long caller);
void hq_mmuext(struct hqueue *q, const struct mmuext_op *op, unsigned long caller);
void hq_done(struct hqueue *q, void (*fn)(void *data), void *data);
void hq_flush(struct hqueue *q);
void hq_settle(struct hqueue *q, bool interrupt);

/* Provided by whoever links queue.c: batch.c, or a test. */
void hq_failed(const struct hq_failure *failure);

#endif
