/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A blkif ring seen from the frontend: what may be put on it, and which of the
 * backend's answers can be believed. PURE: no lock, allocation or message;
 * the caller serialises all calls on one ring. The rule of the indices is that of
 * include/pv/ring.h.
 */
#ifndef _PVBLK_RING_H
#define _PVBLK_RING_H

#include <linux/types.h>
#include <pv/ring.h>
#include <xen/interface/io/blkif.h>

#include <pv/reason.h>

/**
 * enum pvblk_verdict - what looking for a response found
 * @PVBLK_NONE: no response is waiting
 * @PVBLK_RESPONSE: a response that may be acted upon
 * @PVBLK_LIE_PRODUCER: the backend claims more responses than there can be, or
 *	fewer than it did before
 * @PVBLK_LIE_ID: a response to an id that is out of range or not in flight
 * @PVBLK_LIE_OPERATION: a response to another operation than was asked for
 * @PVBLK_LIE_STATUS: a status that blkif.h does not define
 */
enum pvblk_verdict {
	PVBLK_NONE,
	PVBLK_RESPONSE,
	PVBLK_LIE_PRODUCER,
	PVBLK_LIE_ID,
	PVBLK_LIE_OPERATION,
	PVBLK_LIE_STATUS,
};

/**
 * struct pvblk_ring - the frontend's private side of one ring
 * @front: indices of the ring, and the pointer to the shared page
 * @pushed: how far the backend was shown requests
 * @seen: the backend's index when it was last looked at
 * @in_flight: for each id, 0 or a mark that tells the operation asked for
 * @nr_ids: length of @in_flight; may exceed the ring's number of slots
 * @watched: where the next response was to be taken from when
 *	pvblk_ring_forgotten() was last asked
 * @waiting: a response was there then
 */
struct pvblk_ring {
	struct blkif_front_ring front;
	RING_IDX pushed;
	RING_IDX seen;
	u8 *in_flight;
	unsigned int nr_ids;
	RING_IDX watched;
	bool waiting;
};

/**
 * pvblk_ring_init() - start with an empty ring
 * @r: the ring
 * @shared: the shared pages
 * @bytes: their size
 * @in_flight: @nr_ids zero bytes
 * @nr_ids: how many ids exist
 */
void pvblk_ring_init(struct pvblk_ring *r, void *shared, size_t bytes,
		     u8 *in_flight, unsigned int nr_ids);

/**
 * pvblk_ring_put() - put a request on the ring, not yet pushed
 * @r: the ring
 * @request: the request, complete; what of it its operation does not use need not
 *	be set
 * @id: its id, below @r->nr_ids and not in flight; the same that @request holds
 *
 * Return: false if no slot is free; nothing has changed then.
 */
bool pvblk_ring_put(struct pvblk_ring *r, const struct blkif_request *request,
		    unsigned int id);

/**
 * pvblk_ring_push() - let the backend see all requests put so far
 * @r: the ring
 *
 * Return: true if the backend asked to be notified of them.
 */
bool pvblk_ring_push(struct pvblk_ring *r);

/**
 * pvblk_ring_next() - take the next response, after checking it
 * @r: the ring
 * @response: a private copy of it; valid only with PVBLK_RESPONSE. Its id is
 *	then no longer in flight
 *
 * After a lie the ring is left as it was: the caller must stop using it.
 *
 * Return: the verdict.
 */
enum pvblk_verdict pvblk_ring_next(struct pvblk_ring *r,
				   struct blkif_response *response);

/**
 * pvblk_ring_in_flight() - count the requests without a response
 * @r: the ring
 *
 * Return: their number, those not yet pushed included.
 */
static inline unsigned int pvblk_ring_in_flight(const struct pvblk_ring *r)
{
	return r->front.req_prod_pvt - r->front.rsp_cons;
}

/**
 * pvblk_ring_owed() - count the requests that the backend may answer
 * @r: the ring
 *
 * Return: their number: those in flight without what was taken back.
 */
unsigned int pvblk_ring_owed(const struct pvblk_ring *r);

/**
 * pvblk_ring_arm() - ask for an event
 * @r: the ring
 * @wait: at so many responses from here on; 1: at the next
 *
 * Return: true if responses came in meanwhile, so that the caller has to look
 * again: no event may come for them. pvblk_ring_next() then finds one, or a lie:
 * a caller that does so in a loop is kept there by responses only.
 */
bool pvblk_ring_arm(struct pvblk_ring *r, unsigned int wait);

/**
 * pvblk_ring_disarm() - ask for no event
 * @r: a ring with nothing in flight
 *
 * Holds until pvblk_ring_arm(), but for one event in 2^32 responses.
 */
void pvblk_ring_disarm(struct pvblk_ring *r);

/**
 * pvblk_ring_forgotten() - whether a response waits since this was last asked
 * @r: the ring
 *
 * To be asked at intervals that are long beside the time an event takes.
 *
 * Return: true if nobody has come for a response that was there the last time:
 * its event was lost.
 */
bool pvblk_ring_forgotten(struct pvblk_ring *r);

/**
 * pvblk_ring_disown() - take an id back from the ring without a response
 * @r: the ring
 * @id: any value below @r->nr_ids
 *
 * Return: true if the id was in flight, and the caller now owns its request.
 */
bool pvblk_ring_disown(struct pvblk_ring *r, unsigned int id);

static inline bool pvblk_is_lie(enum pvblk_verdict verdict)
{
	return verdict > PVBLK_RESPONSE;
}

/**
 * pvblk_ring_reason() - what pvfront_break() is to be told
 * @verdict: a lie
 *
 * Return: the reason; PVFRONT_NR_REASONS if @verdict is none.
 */
enum pvfront_reason pvblk_ring_reason(enum pvblk_verdict verdict);

#endif
