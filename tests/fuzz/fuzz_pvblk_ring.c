// SPDX-License-Identifier: GPL-2.0
/*
 * A backend that writes what it likes. Bytes are (operation, argument) pairs;
 * a naive model, an array of what is in flight, decides which responses the
 * ring may let through.
 */
#include <stdlib.h>

#include <linux/kernel.h>
#include <linux/string.h>

#include "drivers/pvblk/ring.h"
#include "fuzz.h"

#define NR_IDS 40

static void check(int ok)
{
	if (!ok)
		abort();
}

struct model {
	struct pvblk_ring ring;
	struct blkif_sring *shared;
	bool flying[NR_IDS];
	unsigned int nr_flying;
};

static void put(struct model *m, u8 arg)
{
	struct blkif_request request = { .operation = arg & 0x40 ? BLKIF_OP_INDIRECT : arg & 1 };
	unsigned int id = (arg >> 1) % NR_IDS;
	bool room = !RING_FULL(&m->ring.front);

	if (m->flying[id])
		return;
	request.u.rw.id = id;
	check(pvblk_ring_put(&m->ring, &request, id) == room);
	m->flying[id] = room;
	m->nr_flying += room;
}

static void take(struct model *m)
{
	struct blkif_response response;
	RING_IDX cons = m->ring.front.rsp_cons;

	if (pvblk_ring_next(&m->ring, &response) != PVBLK_RESPONSE) {
		check(m->ring.front.rsp_cons == cons);
		return;
	}
	check(m->ring.front.rsp_cons == cons + 1);
	check(response.id < NR_IDS && m->flying[response.id]);
	check(response.status <= 0 && response.status >= BLKIF_RSP_EOPNOTSUPP);
	m->flying[response.id] = false;
	m->nr_flying--;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static u8 in_flight[NR_IDS];
	struct model m = { .shared = aligned_alloc(4096, 4096) };
	RING_IDX at;

	if (size < 4) {
		free(m.shared);
		return 0;
	}
	memset(m.shared, 0, 4096);
	memset(in_flight, 0, sizeof(in_flight));
	pvblk_ring_init(&m.ring, m.shared, 4096, in_flight, NR_IDS);
	memcpy(&at, data, 4);
	m.ring.front.req_prod_pvt = at;
	m.ring.front.rsp_cons = at;
	m.ring.seen = at;
	m.ring.pushed = at;
	m.shared->req_prod = at;
	m.shared->rsp_prod = at;

	for (size_t i = 4; i + 1 < size; i += 2) {
		u8 arg = data[i + 1];

		switch (data[i] % 6) {
		case 0:
			put(&m, arg);
			break;
		case 1:
			pvblk_ring_push(&m.ring);
			break;
		case 2:
			take(&m);
			break;
		case 3:		/* the backend scribbles over the page */
			memset((u8 *)m.shared + arg * 16, data[i] ^ arg, 16);
			break;
		case 4:		/* ... or answers like a good one */
			RING_GET_RESPONSE(&m.ring.front, m.shared->rsp_prod)->id = arg;
			RING_GET_RESPONSE(&m.ring.front, m.shared->rsp_prod)->operation = arg & 1;
			RING_GET_RESPONSE(&m.ring.front, m.shared->rsp_prod)->status = 0;
			m.shared->rsp_prod++;
			break;
		case 5:
			if (arg & 1)
				pvblk_ring_arm(&m.ring, 1 + (arg >> 2));
			else if (arg & 2)
				pvblk_ring_forgotten(&m.ring);
			else if (pvblk_ring_disown(&m.ring, (arg >> 2) % NR_IDS))
				m.flying[(arg >> 2) % NR_IDS] = false, m.nr_flying--;
			break;
		}
		for (unsigned int id = 0, nr = 0; id < NR_IDS; id++) {
			check(!in_flight[id] == !m.flying[id]);
			nr += m.flying[id];
			check(id < NR_IDS - 1 || nr == m.nr_flying);
		}
	}
	free(m.shared);
	return 0;
}
