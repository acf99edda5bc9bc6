// SPDX-License-Identifier: GPL-2.0
/*
 * A transmit ring against a backend that answers in any order, and lies.
 *
 * The input: four bytes of start index, then operations of three bytes: a code
 * and a 16-bit argument. Whatever the backend does, an id comes back once for
 * each time it was put, and what is in flight and what is free make up the ring.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/txring.h"
#include "tests/unit/pvnet_ring.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)
#define ENTRIES PVNET_TX_ENTRIES

enum op { OP_PUT, OP_PUSH, OP_ANSWER, OP_NULL, OP_REAP, OP_ARM, OP_LIE_RSP, OP_LIE_PROD, OP_COUNT };

struct world {
	struct xen_netif_tx_sring *sring;
	struct pvnet_txring ring;
	bool flying[ENTRIES];
	unsigned int in_flight;
	RING_IDX rsp_prod;
};

static void op_put(struct world *w, unsigned int arg)
{
	struct pvnet_tx_slot slot[PVNET_MAX_SLOTS];
	unsigned int nr = 1 + arg % PVNET_MAX_SLOTS;
	struct pvnet_tx_head head = { .len = 1000 };

	head.gso.type = arg & 0x8000 ? XEN_NETIF_GSO_TYPE_TCPV4 : XEN_NETIF_GSO_TYPE_NONE;
	if (pvnet_txring_room(&w->ring) < PVNET_TX_MAX_ENTRIES)
		return;
	for (unsigned int i = 0; i < nr; i++) {
		u16 id = pvnet_txring_get_id(&w->ring);

		MUST(id < ENTRIES && !w->flying[id]);
		w->flying[id] = true;
		w->in_flight++;
		slot[i] = (struct pvnet_tx_slot) { .gref = id, .id = id, .size = 1 };
	}
	pvnet_txring_put(&w->ring, &head, slot, nr);
}

static void respond(struct world *w, u16 id, s16 status)
{
	struct xen_netif_tx_response *rsp = &w->sring->ring[w->rsp_prod++ % ENTRIES].rsp;

	rsp->id = id;
	rsp->status = status;
	w->sring->rsp_prod = w->rsp_prod;
}

static void op_reap(struct world *w)
{
	struct pvnet_tx_done done;
	unsigned int taken = 0;
	int ret;

	ret = pvnet_txring_look(&w->ring);
	if (ret)
		return;
	while ((ret = pvnet_txring_next(&w->ring, &done)) > 0) {
		MUST(done.id < ENTRIES && w->flying[done.id]);
		w->flying[done.id] = false;
		w->in_flight--;
		MUST(++taken <= ENTRIES);
	}
	MUST(!ret || pvnet_txring_reason(ret) < PVFRONT_NR_REASONS);
}

static void step(struct world *w, enum op code, unsigned int arg)
{
	switch (code) {
	case OP_PUT:
		op_put(w, arg);
		break;
	case OP_PUSH:
		pvnet_txring_push(&w->ring);
		MUST(w->sring->req_prod == w->ring.ring.req_prod_pvt);
		break;
	case OP_ANSWER:
		respond(w, arg % (ENTRIES + 8), (s16)(arg >> 14) - 2);
		break;
	case OP_NULL:
		respond(w, arg, XEN_NETIF_RSP_NULL);
		break;
	case OP_REAP:
		op_reap(w);
		break;
	case OP_ARM:
		pvnet_txring_unseen(&w->ring);
		if (arg & 1)
			pvnet_txring_want(&w->ring);
		else if (pvnet_txring_arm(&w->ring, false))
			MUST(pvnet_txring_answered(&w->ring));
		break;
	case OP_LIE_RSP:
		respond(w, arg, (s16)arg);
		break;
	case OP_LIE_PROD:
		w->sring->rsp_prod += (s16)arg;
		w->rsp_prod = w->sring->rsp_prod;
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world *w;
	u32 start;

	if (size < sizeof(start))
		return 0;
	memcpy(&start, data, sizeof(start));
	w = calloc(1, sizeof(*w));
	w->sring = calloc(1, PVNET_PAGE_SIZE);
	pvnet_txring_init(&w->ring, w->sring);
	pvnet_ring_at(&w->ring, w->sring, start);
	w->rsp_prod = start;

	for (size_t at = sizeof(start); at + 3 <= size; at += 3) {
		step(w, data[at] % OP_COUNT, data[at + 1] | data[at + 2] << 8);
		MUST(w->ring.nr_free + w->in_flight == ENTRIES);
		MUST(pvnet_txring_room(&w->ring) + w->in_flight + w->ring.extras == ENTRIES);
	}
	free(w->sring);
	free(w);
	return 0;
}
