// SPDX-License-Identifier: GPL-2.0
/* Requests and responses on the shared pages of a blkif ring. PURE. */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "ring.h"

void pvblk_ring_init(struct pvblk_ring *r, void *shared, size_t bytes,
		     u8 *in_flight, unsigned int nr_ids)
{
	struct blkif_sring *sring = shared;

	XEN_FRONT_RING_INIT(&r->front, sring, bytes);
	r->pushed = r->front.req_prod_pvt;
	r->seen = r->front.rsp_cons;
	r->in_flight = in_flight;
	r->nr_ids = nr_ids;
	r->watched = r->front.rsp_cons;
	r->waiting = false;
}

/*
 * Values of in_flight[]. Backends differ in whether they answer an indirect
 * request with the operation it wraps or with BLKIF_OP_INDIRECT; either is
 * fine, so both are kept.
 */
#define PVBLK_IN_FLIGHT		0x40
#define PVBLK_INDIRECT		0x80
#define PVBLK_OP_MASK		0x3f

static u8 pvblk_ring_mark(const struct blkif_request *request)
{
	if (request->operation != BLKIF_OP_INDIRECT)
		return PVBLK_IN_FLIGHT | request->operation;
	return PVBLK_IN_FLIGHT | PVBLK_INDIRECT | request->u.indirect.indirect_op;
}

static bool pvblk_ring_answers(u8 mark, u8 operation)
{
	if ((mark & PVBLK_INDIRECT) && operation == BLKIF_OP_INDIRECT)
		return true;
	return (mark & PVBLK_OP_MASK) == operation;
}

/*
 * What of a request is filled in, and read by the backend: mostly one segment of
 * eleven.
 */
static size_t pvblk_ring_bytes(const struct blkif_request *request)
{
	switch (request->operation) {
	case BLKIF_OP_INDIRECT:
		return offsetof(struct blkif_request, u) +
		       sizeof(request->u.indirect);
	case BLKIF_OP_DISCARD:
		return offsetof(struct blkif_request, u) +
		       sizeof(request->u.discard);
	default:
		return offsetof(struct blkif_request,
				u.rw.seg[request->u.rw.nr_segments]);
	}
}

bool pvblk_ring_put(struct pvblk_ring *r, const struct blkif_request *request,
		    unsigned int id)
{
	struct blkif_request *slot;

	if (RING_FULL(&r->front))
		return false;

	slot = RING_GET_REQUEST(&r->front, r->front.req_prod_pvt);
	memcpy(slot, request, pvblk_ring_bytes(request));
	r->front.req_prod_pvt++;
	r->in_flight[id] = pvblk_ring_mark(request);
	return true;
}

bool pvblk_ring_push(struct pvblk_ring *r)
{
	bool notify;

	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&r->front, notify);
	r->pushed = r->front.req_prod_pvt;
	return notify;
}

static enum pvblk_verdict
pvblk_ring_judge(const struct pvblk_ring *r,
		 const struct blkif_response *response)
{
	if (response->id >= r->nr_ids || !r->in_flight[response->id])
		return PVBLK_LIE_ID;

	if (!pvblk_ring_answers(r->in_flight[response->id], response->operation))
		return PVBLK_LIE_OPERATION;

	switch (response->status) {
	case BLKIF_RSP_OKAY:
	case BLKIF_RSP_ERROR:
	case BLKIF_RSP_EOPNOTSUPP:
		return PVBLK_RESPONSE;
	default:
		return PVBLK_LIE_STATUS;
	}
}

enum pvblk_verdict pvblk_ring_next(struct pvblk_ring *r,
				   struct blkif_response *response)
{
	RING_IDX cons = r->front.rsp_cons;
	enum pvblk_verdict verdict;
	int waiting;

	waiting = pv_ring_look(&r->front.sring->rsp_prod, cons, r->pushed,
			       &r->seen);
	if (waiting < 0)
		return PVBLK_LIE_PRODUCER;
	if (!waiting)
		return PVBLK_NONE;
	RING_COPY_RESPONSE(&r->front, cons, response);

	verdict = pvblk_ring_judge(r, response);
	if (verdict != PVBLK_RESPONSE)
		return verdict;

	r->in_flight[response->id] = 0;
	r->front.rsp_cons = cons + 1;
	return PVBLK_RESPONSE;
}

bool pvblk_ring_arm(struct pvblk_ring *r, unsigned int wait)
{
	struct blkif_sring *sring = r->front.sring;

	return pv_ring_arm(&sring->rsp_event, r->front.rsp_cons + wait,
			   &sring->rsp_prod, &r->seen);
}

void pvblk_ring_disarm(struct pvblk_ring *r)
{
	/* Events are for an index that is reached; this one has been. */
	WRITE_ONCE(r->front.sring->rsp_event, r->front.rsp_cons);
}

bool pvblk_ring_forgotten(struct pvblk_ring *r)
{
	RING_IDX cons = r->front.rsp_cons;
	bool waiting = READ_ONCE(r->front.sring->rsp_prod) != cons;
	bool forgotten = waiting && r->waiting && r->watched == cons;

	r->watched = cons;
	r->waiting = waiting;
	return forgotten;
}

unsigned int pvblk_ring_owed(const struct pvblk_ring *r)
{
	unsigned int id, owed = 0;

	for (id = 0; id < r->nr_ids; id++)
		owed += !!r->in_flight[id];
	return owed;
}

bool pvblk_ring_disown(struct pvblk_ring *r, unsigned int id)
{
	bool was = r->in_flight[id];

	r->in_flight[id] = 0;
	return was;
}

enum pvfront_reason pvblk_ring_reason(enum pvblk_verdict verdict)
{
	switch (verdict) {
	case PVBLK_LIE_PRODUCER:
		return PVFRONT_BROKE_PRODUCER;
	case PVBLK_LIE_ID:
		return PVFRONT_BROKE_ID;
	case PVBLK_LIE_OPERATION:
		return PVFRONT_BROKE_OPERATION;
	case PVBLK_LIE_STATUS:
		return PVFRONT_BROKE_STATUS;
	case PVBLK_NONE:
	case PVBLK_RESPONSE:
		break;
	}
	return PVFRONT_NR_REASONS;
}
