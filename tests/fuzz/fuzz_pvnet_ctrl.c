// SPDX-License-Identifier: GPL-2.0
/*
 * A control ring against a backend that answers, and lies.
 *
 * The input: four bytes of start index, then operations of 13 bytes: a code and a whole
 * response. Whatever the backend writes, an answer is taken for the request in flight
 * only, once, and a refusal takes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/ctrlring.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)
#define ENTRIES __CONST_RING_SIZE(xen_netif_ctrl, PVNET_PAGE_SIZE)

enum op { OP_ASK, OP_HONEST, OP_RAW, OP_PUBLISH, OP_TAKE, OP_LIE_PROD, OP_COUNT };

struct world {
	struct xen_netif_ctrl_sring *sring;
	struct pvnet_ctrlring ring;
	bool flying;
	RING_IDX rsp_prod;
};

static void op_take(struct world *w)
{
	RING_IDX before = w->ring.ring.rsp_cons;
	struct pvnet_ctrl_answer answer;
	int ret = pvnet_ctrlring_take(&w->ring, &answer);

	if (ret <= 0) {
		MUST(w->ring.ring.rsp_cons == before);
		MUST(!ret || pvnet_ctrlring_reason(ret) < PVFRONT_NR_REASONS);
		return;
	}
	MUST(ret == 1 && w->flying && w->ring.ring.rsp_cons == before + 1);
	MUST(!answer.err || answer.err == -EOPNOTSUPP || answer.err == -EINVAL ||
	     answer.err == -E2BIG);
	w->flying = false;
}

static void step(struct world *w, enum op code, const uint8_t *arg)
{
	struct xen_netif_ctrl_response rsp;
	u32 words[3];

	memcpy(&rsp, arg, sizeof(rsp));
	memcpy(words, arg, sizeof(words));
	switch (code) {
	case OP_ASK:
		if (w->flying)
			break;
		pvnet_ctrlring_ask(&w->ring, rsp.type, words);
		w->flying = true;
		break;
	case OP_HONEST:
		rsp.id = w->ring.last.id;
		rsp.type = w->ring.last.type;
		rsp.status %= 5;
		w->sring->ring[w->rsp_prod++ % ENTRIES].rsp = rsp;
		break;
	case OP_RAW:
		w->sring->ring[w->rsp_prod++ % ENTRIES].rsp = rsp;
		break;
	case OP_PUBLISH:
		w->sring->rsp_prod = w->rsp_prod;
		break;
	case OP_TAKE:
		op_take(w);
		break;
	case OP_LIE_PROD:
		w->sring->rsp_prod += (s8)rsp.id;
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
	pvnet_ctrlring_init(&w->ring, w->sring);
	w->ring.ring.req_prod_pvt = start;
	w->ring.ring.rsp_cons = start;
	w->ring.seen = start;
	w->sring->req_prod = start;
	w->sring->rsp_prod = start;
	w->rsp_prod = start;

	for (size_t at = sizeof(start); at + 13 <= size; at += 13)
		step(w, data[at] % OP_COUNT, data + at + 1);
	free(w->sring);
	free(w);
	return 0;
}
