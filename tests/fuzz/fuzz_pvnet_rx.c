// SPDX-License-Identifier: GPL-2.0
/*
 * A receive ring against a backend that sends packets, and lies.
 *
 * The input: four bytes of start index, then operations of nine bytes: a code and
 * a whole response. Whatever the backend writes, a packet taken lies within the
 * pages of buffers that were posted, each of them used once, and a refusal
 * takes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/rxring.h"
#include "tests/unit/pvnet_ring.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)
#define ENTRIES PVNET_RX_ENTRIES

enum op { OP_DATA, OP_EXTRA, OP_RAW, OP_PUBLISH, OP_TAKE, OP_FILL, OP_ARM, OP_LIE_PROD, OP_COUNT };

struct world {
	struct xen_netif_rx_sring *sring;
	struct pvnet_rxring ring;
	bool posted[ENTRIES];
	RING_IDX rsp_prod;
};

static void op_fill(struct world *w)
{
	u16 id;

	while (pvnet_rxring_vacant(&w->ring, &id)) {
		MUST(id < ENTRIES && !w->posted[id]);
		w->posted[id] = true;
		pvnet_rxring_post(&w->ring, id);
	}
	pvnet_rxring_push(&w->ring);
	MUST(pvnet_rxring_posted(&w->ring) == ENTRIES);
}

static void check_packet(const struct pvnet_rx_packet *pkt)
{
	unsigned int len = 0;

	MUST(pkt->nr >= 1 && pkt->nr <= PVNET_MAX_SLOTS);
	for (unsigned int i = 0; i < pkt->nr; i++) {
		MUST(pkt->slot[i].offset + pkt->slot[i].len <= PVNET_PAGE_SIZE);
		len += pkt->slot[i].len;
	}
	MUST(len == pkt->len);
	MUST(pkt->gso.type <= XEN_NETIF_GSO_TYPE_TCPV6);
	MUST(!pkt->gso.type == !pkt->gso.size);
}

static void op_take(struct world *w)
{
	struct pvnet_rx_packet pkt;
	RING_IDX before = w->ring.ring.rsp_cons;
	bool used[ENTRIES] = { false };
	int ret;

	ret = pvnet_rxring_look(&w->ring);
	if (ret) {
		MUST(ret == -EOVERFLOW && w->ring.ring.rsp_cons == before);
		return;
	}
	ret = pvnet_rxring_next(&w->ring, &pkt);
	if (ret <= 0) {
		MUST(w->ring.ring.rsp_cons == before);
		MUST(!ret || pvnet_rxring_reason(ret) < PVFRONT_NR_REASONS);
		return;
	}
	check_packet(&pkt);
	MUST(w->ring.ring.rsp_cons - before >= pkt.nr);
	MUST(w->ring.ring.rsp_cons - before <= pkt.nr + 2);
	for (unsigned int i = 0; i < pkt.nr; i++) {
		u16 id = pkt.slot[i].id;

		MUST(id < ENTRIES && w->posted[id] && !used[id]);
		used[id] = true;
	}
	for (RING_IDX at = before; at != w->ring.ring.rsp_cons; at++)
		w->posted[at % ENTRIES] = false;
}

static void step(struct world *w, enum op code, const uint8_t *arg)
{
	struct xen_netif_rx_response rsp;
	RING_IDX at = w->rsp_prod % ENTRIES;

	memcpy(&rsp, arg, sizeof(rsp));
	switch (code) {
	case OP_DATA:
		/* What a good backend could send, but for its flags. */
		rsp.id = at;
		rsp.offset %= 2048;
		rsp.status %= 2048;
		w->sring->ring[at].rsp = rsp;
		w->rsp_prod++;
		break;
	case OP_EXTRA:
		((uint8_t *)&rsp)[0] %= XEN_NETIF_EXTRA_TYPE_MAX;
		w->sring->ring[at].rsp = rsp;
		w->rsp_prod++;
		break;
	case OP_RAW:
		w->sring->ring[at].rsp = rsp;
		w->rsp_prod++;
		break;
	case OP_PUBLISH:
		w->sring->rsp_prod = w->rsp_prod;
		break;
	case OP_TAKE:
		op_take(w);
		break;
	case OP_FILL:
		op_fill(w);
		break;
	case OP_ARM:
		if (pvnet_rxring_arm(&w->ring, 1 + (u8)rsp.status))
			MUST(w->sring->rsp_prod != w->ring.seen);
		pvnet_rxring_answered(&w->ring);
		break;
	case OP_LIE_PROD:
		w->sring->rsp_prod += rsp.status;
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
	pvnet_rxring_init(&w->ring, w->sring);
	pvnet_ring_at(&w->ring, w->sring, start);
	w->rsp_prod = start;

	for (size_t at = sizeof(start); at + 9 <= size; at += 9)
		step(w, data[at] % OP_COUNT, data + at + 1);
	free(w->sring);
	free(w);
	return 0;
}
