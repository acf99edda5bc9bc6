// SPDX-License-Identifier: GPL-2.0
/* The receive ring: what is posted, packets of responses, and which of these are lies. */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/rxring.h"
#include "pvnet_ring.h"
#include "test.h"

#define ENTRIES	256
#define MORE	XEN_NETRXF_more_data
#define EXTRA	XEN_NETRXF_extra_info

/* Where the indices start; the later ones wrap within a test. */
static const RING_IDX starts[] = { 0, 255, 0x7fffffff, 0xffffff80, 0xffffffff };

static u64 page[512];
static struct xen_netif_rx_sring *const sring = (void *)page;
static struct pvnet_rxring ring;
static struct pvnet_rx_packet pkt;
static RING_IDX rsp_prod;

static void begin_at(RING_IDX index)
{
	u16 id;

	memset(page, 0xa5, sizeof(page));
	pvnet_rxring_init(&ring, sring);
	pvnet_ring_at(&ring, sring, index);
	sring->req_event = index + 1;
	rsp_prod = index;
	while (pvnet_rxring_vacant(&ring, &id))
		pvnet_rxring_post(&ring, 1000 + id);
	pvnet_rxring_push(&ring);
}

/* The next response, complete but for being published. */
static struct xen_netif_rx_response *respond(u16 flags, s16 status)
{
	struct xen_netif_rx_response *rsp = &sring->ring[rsp_prod % ENTRIES].rsp;

	rsp->id = rsp_prod++ % ENTRIES;
	rsp->offset = 0;
	rsp->flags = flags;
	rsp->status = status;
	return rsp;
}

static struct xen_netif_extra_info *extra(u8 type, bool more)
{
	struct xen_netif_extra_info *e =
		(struct xen_netif_extra_info *)&sring->ring[rsp_prod++ % ENTRIES].rsp;

	memset(e, 0, sizeof(*e));
	e->type = type;
	e->flags = more ? XEN_NETIF_EXTRA_FLAG_MORE : 0;
	if (type == XEN_NETIF_EXTRA_TYPE_GSO) {
		e->u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
		e->u.gso.size = 1448;
	}
	return e;
}

static int take(void)
{
	int ret;

	sring->rsp_prod = rsp_prod;
	ret = pvnet_rxring_look(&ring);
	return ret ? ret : pvnet_rxring_next(&ring, &pkt);
}

static void expect_refused(int err)
{
	RING_IDX before = ring.ring.rsp_cons;

	EXPECT_EQ(take(), err);
	EXPECT_EQ(ring.ring.rsp_cons, before);
}

static void buffers_are_posted_by_slot(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		u16 id;

		begin_at(starts[s]);
		EXPECT_EQ(pvnet_rxring_posted(&ring), ENTRIES);
		EXPECT(!pvnet_rxring_vacant(&ring, &id));
		for (unsigned int i = 0; i < ENTRIES; i++) {
			EXPECT_EQ(sring->ring[i].req.id, i);
			EXPECT_EQ(sring->ring[i].req.gref, 1000 + i);
		}
		respond(0, 60);
		EXPECT_EQ(take(), 1);
		EXPECT(pvnet_rxring_vacant(&ring, &id));
		EXPECT_EQ(id, starts[s] % ENTRIES);
	}
}

static void packets_of_all_sizes_come_from_any_start(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		for (unsigned int round = 0; round < 90; round++) {
			unsigned int nr = 1 + round % PVNET_MAX_SLOTS;
			bool gso = round % 3 == 0;
			RING_IDX first = rsp_prod;
			u16 id;

			for (unsigned int i = 0; i < nr; i++) {
				u16 more = i + 1 < nr ? MORE : 0;

				respond(more | (gso && !i ? EXTRA : 0), 60 + i)->offset = i;
				if (gso && !i) {
					extra(XEN_NETIF_EXTRA_TYPE_HASH, true);
					extra(XEN_NETIF_EXTRA_TYPE_GSO, false);
				}
			}
			EXPECT_EQ(take(), 1);
			EXPECT_EQ(pkt.nr, nr);
			EXPECT_EQ(pkt.len, 60 * nr + nr * (nr - 1) / 2);
			EXPECT_EQ(pkt.gso.type, gso ? XEN_NETIF_GSO_TYPE_TCPV4 :
						XEN_NETIF_GSO_TYPE_NONE);
			EXPECT(!pkt.failed && !pkt.csum_blank && !pkt.validated);
			for (unsigned int i = 0; i < nr; i++) {
				unsigned int skip = gso && i ? 2 : 0;

				EXPECT_EQ(pkt.slot[i].id, (u16)((first + i + skip) % ENTRIES));
				EXPECT_EQ(pkt.slot[i].offset, i);
				EXPECT_EQ(pkt.slot[i].len, 60 + i);
			}
			EXPECT_EQ(take(), 0);
			while (pvnet_rxring_vacant(&ring, &id))
				pvnet_rxring_post(&ring, 1000 + id);
			pvnet_rxring_push(&ring);
		}
	}
}

static void checksum_flags_are_the_first_slots(void)
{
	begin_at(0);
	respond(XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated | MORE, 4096);
	respond(0, 10);
	EXPECT_EQ(take(), 1);
	EXPECT(pkt.csum_blank && pkt.validated);
	respond(XEN_NETRXF_data_validated, 60);
	EXPECT_EQ(take(), 1);
	EXPECT(!pkt.csum_blank && pkt.validated);
}

/* Published slot by slot, it is taken when the last is there, and only then. */
static void half_a_packet_is_left_alone(void)
{
	begin_at(0xfffffffe);
	respond(MORE | EXTRA, 100);
	EXPECT_EQ(take(), 0);
	EXPECT(!pvnet_rxring_arm(&ring, 1));
	EXPECT_EQ(sring->rsp_event, rsp_prod + 1);
	extra(XEN_NETIF_EXTRA_TYPE_GSO, false);
	EXPECT_EQ(take(), 0);
	respond(MORE, 100);
	EXPECT_EQ(take(), 0);
	EXPECT_EQ(ring.ring.rsp_cons, 0xfffffffe);
	respond(0, 100);
	EXPECT_EQ(take(), 1);
	EXPECT_EQ(pkt.nr, 3);
	EXPECT_EQ(pkt.len, 300);
}

static void what_came_later_is_not_taken(void)
{
	begin_at(0);
	respond(0, 60);
	sring->rsp_prod = rsp_prod;
	EXPECT_EQ(pvnet_rxring_look(&ring), 0);
	respond(0, 61);
	sring->rsp_prod = rsp_prod;
	EXPECT_EQ(pvnet_rxring_next(&ring, &pkt), 1);
	EXPECT_EQ(pvnet_rxring_next(&ring, &pkt), 0);
	EXPECT(pvnet_rxring_arm(&ring, 1));
	EXPECT_EQ(take(), 1);
	EXPECT_EQ(pkt.len, 61);
	EXPECT(!pvnet_rxring_arm(&ring, 1));
}

static void an_event_may_be_asked_for_further_ahead(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		EXPECT(!pvnet_rxring_answered(&ring));
		EXPECT(!pvnet_rxring_arm(&ring, 32));
		EXPECT_EQ(sring->rsp_event, starts[s] + 32);
		respond(0, 60);
		sring->rsp_prod = rsp_prod;
		EXPECT(pvnet_rxring_answered(&ring));
		EXPECT(pvnet_rxring_arm(&ring, 32));
		EXPECT_EQ(take(), 1);
		EXPECT(!pvnet_rxring_answered(&ring));
	}
}

static void more_responses_than_buffers_are_refused(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		respond(0, 60);
		EXPECT_EQ(take(), 1);
		/* The one taken was not posted again. */
		rsp_prod = starts[s] + ENTRIES + 1;
		expect_refused(-EOVERFLOW);
		rsp_prod = starts[s] - 1;
		expect_refused(-EOVERFLOW);
		rsp_prod = starts[s] + ENTRIES;
		sring->rsp_prod = rsp_prod;
		EXPECT_EQ(pvnet_rxring_look(&ring), 0);
	}
}

static void an_id_is_its_slots(void)
{
	begin_at(5);
	respond(0, 60)->id = 6;
	expect_refused(-ERANGE);
	begin_at(5);
	respond(0, 60)->id = 5 + ENTRIES;
	expect_refused(-ERANGE);
}

static void data_lies_in_its_page(void)
{
	static const struct { u16 offset; s16 len; int ret; } cases[] = {
		{ 0, 4096, 1 }, { 4095, 1, 1 }, { 4096, 0, 1 }, { 96, 4000, 1 },
		{ 0, 4097, -EFBIG }, { 1, 4096, -EFBIG }, { 4096, 1, -EFBIG },
		{ 4097, 0, -EFBIG }, { 0xffff, 1, -EFBIG }, { 0, INT16_MAX, -EFBIG },
		{ 0xffff, INT16_MAX, -EFBIG },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		begin_at(0);
		respond(0, cases[i].len)->offset = cases[i].offset;
		EXPECT_EQ(take(), cases[i].ret);
		EXPECT_EQ(ring.ring.rsp_cons, cases[i].ret == 1);
	}
}

/* Not a lie, a packet to drop; what is in the slot otherwise does not matter. */
static void a_failed_slot_fails_its_packet(void)
{
	begin_at(0);
	respond(MORE, 100);
	respond(MORE, XEN_NETIF_RSP_ERROR)->offset = 0xffff;
	respond(0, 100);
	EXPECT_EQ(take(), 1);
	EXPECT(pkt.failed);
	EXPECT_EQ(pkt.nr, 3);
	EXPECT_EQ(ring.ring.rsp_cons, 3);
	respond(0, INT16_MIN);
	EXPECT_EQ(take(), 1);
	EXPECT(pkt.failed);
	respond(0, 100);
	EXPECT_EQ(take(), 1);
	EXPECT(!pkt.failed);
}

static void too_many_slots_are_refused(void)
{
	begin_at(0xfffffff8);
	for (unsigned int i = 0; i < PVNET_MAX_SLOTS; i++)
		respond(MORE, 100);
	EXPECT_EQ(take(), 0);
	respond(0, 100);
	expect_refused(-E2BIG);

	/* A chain all round the ring ends as soon. */
	begin_at(0);
	for (unsigned int i = 0; i < ENTRIES; i++)
		respond(MORE, 100);
	expect_refused(-E2BIG);
}

static void expect_extra_refused(const struct xen_netif_extra_info *e, int err)
{
	begin_at(0);
	respond(EXTRA, 100);
	*extra(0, false) = *e;
	expect_refused(err);
}

static void extras_of_a_wrong_kind_are_refused(void)
{
	for (unsigned int type = 0; type < 256; type++) {
		struct xen_netif_extra_info e = { .type = type };

		if (type != XEN_NETIF_EXTRA_TYPE_GSO && type != XEN_NETIF_EXTRA_TYPE_HASH)
			expect_extra_refused(&e, -EBADMSG);
	}
}

static void an_extra_comes_once(void)
{
	begin_at(0);
	respond(EXTRA, 100);
	extra(XEN_NETIF_EXTRA_TYPE_GSO, true);
	extra(XEN_NETIF_EXTRA_TYPE_GSO, false);
	expect_refused(-EBADMSG);

	begin_at(0);
	respond(EXTRA, 100);
	for (unsigned int i = 1; i < ENTRIES; i++)
		extra(XEN_NETIF_EXTRA_TYPE_HASH, true);
	expect_refused(-EBADMSG);
}

/* Takes a packet with a hash as the backend says, and the kind that it is of. */
static int hash_kind(u8 algorithm, u8 type)
{
	struct xen_netif_extra_info *e;

	respond(EXTRA, 100);
	e = extra(XEN_NETIF_EXTRA_TYPE_HASH, false);
	e->u.hash.algorithm = algorithm;
	e->u.hash.type = type;
	memcpy(e->u.hash.value, &(u32){ 0x12345678 }, sizeof(u32));
	return take() == 1 ? pkt.hash_kind : -1;
}

static void a_hash_says_what_it_is_made_of(void)
{
	static const u8 kinds[] = {
		PVNET_HASH_ADDRESSES, PVNET_HASH_PORTS, PVNET_HASH_ADDRESSES, PVNET_HASH_PORTS,
	};

	for (unsigned int type = 0; type < 256; type++) {
		u8 kind = type < ARRAY_SIZE(kinds) ? kinds[type] : PVNET_HASH_NONE;

		begin_at(0);
		EXPECT_EQ(hash_kind(XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ, type), kind);
		if (kind != PVNET_HASH_NONE)
			EXPECT_EQ(pkt.hash, 0x12345678);
		/* It is the next packet's no more. */
		respond(0, 60);
		EXPECT_EQ(take(), 1);
		EXPECT_EQ(pkt.hash_kind, PVNET_HASH_NONE);
	}
	for (unsigned int algorithm = 0; algorithm < 256; algorithm++)
		if (algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ) {
			begin_at(0);
			EXPECT_EQ(hash_kind(algorithm, 1), PVNET_HASH_NONE);
		}
}

static void bad_segmentation_is_refused(void)
{
	struct xen_netif_extra_info e = { .type = XEN_NETIF_EXTRA_TYPE_GSO };

	e.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4;
	expect_extra_refused(&e, -EINVAL);
	/* What the kernel writes for "look into the list of fragments", which there is none of. */
	e.u.gso.size = 0xffff;
	expect_extra_refused(&e, -EINVAL);
	e.u.gso.size = 1448;
	e.u.gso.type = XEN_NETIF_GSO_TYPE_NONE;
	expect_extra_refused(&e, -EINVAL);
	e.u.gso.type = 3;
	expect_extra_refused(&e, -EINVAL);
	e.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV6;
	begin_at(0);
	respond(EXTRA, 100);
	*extra(0, false) = e;
	EXPECT_EQ(take(), 1);
	EXPECT_EQ(pkt.gso.type, XEN_NETIF_GSO_TYPE_TCPV6);
	EXPECT_EQ(pkt.gso.size, 1448);
}

static void flags_in_a_wrong_place_are_refused(void)
{
	begin_at(0);
	respond(MORE, 100);
	respond(EXTRA, 100);
	expect_refused(-EPROTO);
	begin_at(0);
	respond(XEN_NETRXF_gso_prefix | MORE, 100);
	respond(0, 100);
	expect_refused(-EPROTO);
}

static void every_lie_is_a_reason(void)
{
	static const int errs[] = {
		-EOVERFLOW, -ERANGE, -EFBIG, -E2BIG, -EBADMSG, -EINVAL, -EPROTO
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(errs); i++)
		EXPECT(pvnet_rxring_reason(errs[i]) < PVFRONT_NR_REASONS);
	EXPECT_EQ(pvnet_rxring_reason(-1), PVFRONT_NR_REASONS);
}

const struct test_case test_cases[] = {
	TEST(buffers_are_posted_by_slot),
	TEST(packets_of_all_sizes_come_from_any_start),
	TEST(checksum_flags_are_the_first_slots),
	TEST(half_a_packet_is_left_alone),
	TEST(what_came_later_is_not_taken),
	TEST(an_event_may_be_asked_for_further_ahead),
	TEST(more_responses_than_buffers_are_refused),
	TEST(an_id_is_its_slots),
	TEST(data_lies_in_its_page),
	TEST(a_failed_slot_fails_its_packet),
	TEST(too_many_slots_are_refused),
	TEST(extras_of_a_wrong_kind_are_refused),
	TEST(an_extra_comes_once),
	TEST(a_hash_says_what_it_is_made_of),
	TEST(bad_segmentation_is_refused),
	TEST(flags_in_a_wrong_place_are_refused),
	TEST(every_lie_is_a_reason),
	{ }
};
