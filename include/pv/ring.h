/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a backend's responses go, and when it is to send an event: the one rule for
 * every request ring. PURE: no lock, allocation or message; the caller serialises all
 * calls on one ring.
 *
 * The shared page is the backend's to write at any time. So each index of ours has a
 * private copy, which is what is used, and the backend's is read once and checked:
 *
 *  - a response answers a request, so there are no more responses than requests
 *    *published*: one that was put on the ring and not yet shown to the backend
 *    cannot have been answered;
 *  - what was announced is not taken back: the index never runs backwards.
 *
 * <xen/interface/io/ring.h> checks neither (RING_RESPONSE_PROD_OVERFLOW() bounds by
 * the size of the ring).
 */
#ifndef _PV_RING_H
#define _PV_RING_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <xen/interface/xen.h>
#include <xen/interface/io/ring.h>

/**
 * pv_ring_look() - read how far the backend's responses go
 * @rsp_prod: the backend's index, in the shared page
 * @cons: index of the next response to be taken
 * @published: index of the next request that the backend has not been shown; a private
 *	copy, not the one in the shared page
 * @seen: the backend's index as last read, by this function or pv_ring_arm(); at first
 *	@cons. Updated unless the index is a lie
 *
 * Return: how many responses may be read from @cons on, or -EPROTO if the index cannot
 * be: the ring must not be used any more then.
 */
static inline int pv_ring_look(const RING_IDX *rsp_prod, RING_IDX cons,
			       RING_IDX published, RING_IDX *seen)
{
	RING_IDX prod = READ_ONCE(*rsp_prod);

	if (prod - cons > published - cons || prod - cons < *seen - cons)
		return -EPROTO;
	*seen = prod;
	/* Pairs with the backend's write barrier between a response and its index. */
	virt_rmb();
	return prod - cons;
}

/**
 * pv_ring_arm() - ask for an event
 * @rsp_event: where to ask, in the shared page
 * @event: index of the response whose event is asked for, plus 1
 * @rsp_prod: the backend's index, in the shared page
 * @seen: the backend's index as last read; updated, not checked: pv_ring_look() does
 *	that, and refuses one that falls back behind this
 *
 * A caller that looks again whenever this returns true is kept in its loop by nothing
 * but responses: a backend that flips its index is found by pv_ring_look().
 *
 * Return: true if there are responses that @seen did not cover: no event may come for
 * them.
 */
static inline bool pv_ring_arm(RING_IDX *rsp_event, RING_IDX event,
			       const RING_IDX *rsp_prod, RING_IDX *seen)
{
	RING_IDX before = *seen;

	WRITE_ONCE(*rsp_event, event);
	/*
	 * Pairs with the backend's barrier between its index and its look at rsp_event:
	 * one of the two sees the other's write.
	 */
	virt_mb();
	*seen = READ_ONCE(*rsp_prod);
	return *seen != before;
}

#endif
