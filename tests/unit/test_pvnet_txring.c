// SPDX-License-Identifier: GPL-2.0
/* The transmit ring: slots of packets, their responses, and when an event is asked for. */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/txring.h"
#include "pvnet_ring.h"
#include "test.h"

#define ENTRIES	256

/* Where the indices start; the later ones wrap within a test. */
static const RING_IDX starts[] = { 0, 255, 0x7fffffff, 0xffffff80, 0xffffffff };

static u64 page[512];
static struct xen_netif_tx_sring *const sring = (void *)page;
static struct pvnet_txring ring;
/* The backend's own idea of how far it is. */
static RING_IDX req_cons, rsp_prod;

static void begin_at(RING_IDX index)
{
	memset(page, 0xa5, sizeof(page));
	pvnet_txring_init(&ring, sring);
	pvnet_ring_at(&ring, sring, index);
	sring->req_event = index + 1;
	req_cons = index;
	rsp_prod = index;
}

static struct xen_netif_tx_request *request(RING_IDX index)
{
	return &sring->ring[index % ENTRIES].req;
}

static void put(unsigned int nr, u8 gso_type, u16 *ids)
{
	struct pvnet_tx_head head = {
		.len = 100 * nr, .flags = XEN_NETTXF_csum_blank,
		.gso = { .type = gso_type, .size = 1448 },
	};
	struct pvnet_tx_slot slot[PVNET_MAX_SLOTS];

	for (unsigned int i = 0; i < nr; i++) {
		slot[i].id = pvnet_txring_get_id(&ring);
		slot[i].gref = 1000 + slot[i].id;
		slot[i].offset = 7 * i;
		slot[i].size = 100;
		if (ids)
			ids[i] = slot[i].id;
	}
	pvnet_txring_put(&ring, &head, slot, nr);
}

static void respond(u16 id, s16 status)
{
	struct xen_netif_tx_response *rsp = &sring->ring[rsp_prod++ % ENTRIES].rsp;

	rsp->id = id;
	rsp->status = status;
	sring->rsp_prod = rsp_prod;
}

/* Look and take one; what either of them said. */
static int take(struct pvnet_tx_done *done)
{
	int ret = pvnet_txring_look(&ring);

	return ret ? ret : pvnet_txring_next(&ring, done);
}

static void a_chain_is_data_extra_data(void)
{
	struct xen_netif_extra_info *extra;
	u16 ids[3];

	begin_at(0xfffffffe);
	put(3, XEN_NETIF_GSO_TYPE_TCPV6, ids);
	EXPECT_EQ(sring->req_prod, 0xfffffffe);
	EXPECT(pvnet_txring_push(&ring));
	EXPECT_EQ(sring->req_prod, 2);

	EXPECT_EQ(request(0xfffffffe)->size, 300);
	EXPECT_EQ(request(0xfffffffe)->flags, XEN_NETTXF_csum_blank |
		  XEN_NETTXF_extra_info | XEN_NETTXF_more_data);
	EXPECT_EQ(request(0xfffffffe)->id, ids[0]);
	EXPECT_EQ(request(0xfffffffe)->gref, 1000U + ids[0]);

	extra = (struct xen_netif_extra_info *)request(0xffffffff);
	EXPECT_EQ(extra->type, XEN_NETIF_EXTRA_TYPE_GSO);
	EXPECT_EQ(extra->flags, 0);
	EXPECT_EQ(extra->u.gso.type, XEN_NETIF_GSO_TYPE_TCPV6);
	EXPECT_EQ(extra->u.gso.size, 1448);

	EXPECT_EQ(request(0)->size, 100);
	EXPECT_EQ(request(0)->offset, 7);
	EXPECT_EQ(request(0)->flags, XEN_NETTXF_more_data);
	EXPECT_EQ(request(1)->offset, 14);
	EXPECT_EQ(request(1)->flags, 0);
	EXPECT_EQ(request(1)->id, ids[2]);
}

static void one_slot_has_no_more_data(void)
{
	begin_at(0);
	put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
	EXPECT_EQ(request(0)->flags, XEN_NETTXF_csum_blank);
	EXPECT_EQ(request(0)->size, 100);
}

static void notifies_only_when_asked(void)
{
	begin_at(0xffffffff);
	put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
	EXPECT(pvnet_txring_push(&ring));
	put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
	EXPECT(!pvnet_txring_push(&ring));
	sring->req_event = 2;
	put(2, XEN_NETIF_GSO_TYPE_NONE, NULL);
	EXPECT(pvnet_txring_push(&ring));
	EXPECT(!pvnet_txring_push(&ring));
}

/* Answered in reverse order, extras included, for several times round. */
static void everything_comes_back_from_any_start(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		for (unsigned int round = 0; round < 100; round++) {
			unsigned int nr = 1 + round % PVNET_MAX_SLOTS;
			struct pvnet_tx_done done;
			u16 ids[PVNET_MAX_SLOTS];

			EXPECT_EQ(pvnet_txring_room(&ring), ENTRIES);
			put(nr, XEN_NETIF_GSO_TYPE_TCPV4, ids);
			EXPECT_EQ(pvnet_txring_room(&ring), ENTRIES - nr - 1);
			pvnet_txring_push(&ring);
			EXPECT_EQ(take(&done), 0);

			respond(0xffff, XEN_NETIF_RSP_NULL);
			for (unsigned int i = nr; i--;)
				respond(ids[i], i % 2 ? XEN_NETIF_RSP_OKAY :
						XEN_NETIF_RSP_DROPPED);
			for (unsigned int i = nr; i--;) {
				EXPECT_EQ(take(&done), 1);
				EXPECT_EQ(done.id, ids[i]);
				EXPECT_EQ(done.ok, i % 2 == 1);
			}
			EXPECT_EQ(take(&done), 0);
		}
	}
}

static void ids_in_flight_differ(void)
{
	bool seen[ENTRIES] = { false };
	u16 ids[1];

	begin_at(0);
	for (unsigned int i = 0; i < ENTRIES; i++) {
		put(1, XEN_NETIF_GSO_TYPE_NONE, ids);
		EXPECT(ids[0] < ENTRIES && !seen[ids[0]]);
		seen[ids[0]] = true;
	}
	EXPECT_EQ(pvnet_txring_room(&ring), 0);
	EXPECT_EQ(ring.nr_free, 0);
}

static void more_responses_than_requests_are_refused(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		struct pvnet_tx_done done;

		begin_at(starts[s]);
		put(2, XEN_NETIF_GSO_TYPE_NONE, NULL);
		/* Put is not published. */
		sring->rsp_prod = starts[s] + 1;
		EXPECT_EQ(take(&done), -EOVERFLOW);
		pvnet_txring_push(&ring);
		sring->rsp_prod = starts[s] + 3;
		EXPECT_EQ(take(&done), -EOVERFLOW);
		sring->rsp_prod = starts[s] - 1;
		EXPECT_EQ(take(&done), -EOVERFLOW);
		sring->rsp_prod = starts[s] + 0x80000000;
		EXPECT_EQ(take(&done), -EOVERFLOW);
		EXPECT_EQ(ring.ring.rsp_cons, starts[s]);
	}
}

static void an_index_that_runs_backwards_is_refused(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		struct pvnet_tx_done done;
		u16 ids[3];

		begin_at(starts[s]);
		put(3, XEN_NETIF_GSO_TYPE_NONE, ids);
		pvnet_txring_push(&ring);
		for (unsigned int i = 0; i < 3; i++)
			respond(ids[i], XEN_NETIF_RSP_OKAY);
		EXPECT_EQ(take(&done), 1);
		sring->rsp_prod = starts[s] + 2;
		EXPECT_EQ(take(&done), -EOVERFLOW);
		sring->rsp_prod = starts[s] + 3;
		EXPECT_EQ(take(&done), 1);
	}
}

static void an_id_is_answered_once(void)
{
	struct pvnet_tx_done done;
	u16 ids[2];

	begin_at(0xffffffff);
	put(2, XEN_NETIF_GSO_TYPE_NONE, ids);
	pvnet_txring_push(&ring);
	respond(ids[1], XEN_NETIF_RSP_OKAY);
	respond(ids[1], XEN_NETIF_RSP_OKAY);
	EXPECT_EQ(take(&done), 1);
	EXPECT_EQ(take(&done), -EALREADY);
	EXPECT_EQ(take(&done), -EALREADY);
	EXPECT_EQ(ring.ring.rsp_cons, 0);
	EXPECT_EQ(ring.nr_free, ENTRIES - 1);
}

static void refused(u16 id, s16 status, int err)
{
	struct pvnet_tx_done done;

	begin_at(0);
	put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
	pvnet_txring_push(&ring);
	respond(id, status);
	EXPECT_EQ(take(&done), err);
	EXPECT_EQ(ring.ring.rsp_cons, 0);
	EXPECT_EQ(ring.nr_free, ENTRIES - 1);
}

static void bad_ids_and_statuses_are_refused(void)
{
	refused(ENTRIES, XEN_NETIF_RSP_OKAY, -ERANGE);
	refused(0xffff, XEN_NETIF_RSP_OKAY, -ERANGE);
	refused(ENTRIES - 1, XEN_NETIF_RSP_OKAY, -EALREADY);
	refused(0, 2, -EBADMSG);
	refused(0, -3, -EBADMSG);
	refused(0, INT16_MIN, -EBADMSG);
	refused(0, XEN_NETIF_RSP_NULL, -EPROTO);
}

static void nulls_answer_extras_only(void)
{
	struct pvnet_tx_done done;
	u16 ids[1];

	begin_at(0);
	put(1, XEN_NETIF_GSO_TYPE_TCPV4, ids);
	pvnet_txring_push(&ring);
	respond(0, XEN_NETIF_RSP_NULL);
	respond(0, XEN_NETIF_RSP_NULL);
	EXPECT_EQ(take(&done), -EPROTO);
	/* The first was in order and is gone, the id still is in flight. */
	EXPECT_EQ(ring.ring.rsp_cons, 1);
	EXPECT_EQ(ring.nr_free, ENTRIES - 1);
	EXPECT_EQ(pvnet_txring_room(&ring), ENTRIES - 1);
}

static void what_came_later_is_not_taken(void)
{
	struct pvnet_tx_done done;
	u16 ids[2];

	begin_at(0);
	put(2, XEN_NETIF_GSO_TYPE_NONE, ids);
	pvnet_txring_push(&ring);
	respond(ids[0], XEN_NETIF_RSP_OKAY);
	EXPECT_EQ(pvnet_txring_look(&ring), 0);
	respond(ids[1], XEN_NETIF_RSP_OKAY);
	EXPECT_EQ(pvnet_txring_next(&ring, &done), 1);
	EXPECT_EQ(pvnet_txring_next(&ring, &done), 0);
	EXPECT(pvnet_txring_arm(&ring, false));
	EXPECT_EQ(take(&done), 1);
	EXPECT(!pvnet_txring_arm(&ring, false));
}

static void an_armed_event_is_reachable(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++)
		for (unsigned int nr = 0; nr <= PVNET_MAX_SLOTS; nr++) {
			RING_IDX ahead;

			begin_at(starts[s]);
			if (nr)
				put(nr, XEN_NETIF_GSO_TYPE_NONE, NULL);
			pvnet_txring_push(&ring);
			EXPECT(!pvnet_txring_arm(&ring, false));
			/* Not behind what is in flight, nor already passed. */
			ahead = sring->rsp_event - starts[s];
			EXPECT(ahead >= 1 && ahead <= (nr ? nr : 1));
		}
}

/* Put @nr packets, have them answered, and take that when an event comes; whether one did. */
static bool answers_bring_an_event(unsigned int nr)
{
	struct pvnet_tx_done done;
	bool event = false;
	u16 ids[2];

	for (unsigned int i = 0; i < nr; i++)
		put(1, XEN_NETIF_GSO_TYPE_NONE, &ids[i]);
	pvnet_txring_push(&ring);
	for (unsigned int i = 0; i < nr; i++) {
		respond(ids[i], XEN_NETIF_RSP_OKAY);
		if (!pvnet_txring_due(&ring))
			continue;
		while (take(&done) == 1)
			;
		EXPECT(!pvnet_txring_arm(&ring, false));
		event = true;
	}
	return event;
}

/* 4 packets are in the hands of a slow receiver; the sender of 2 others waits for these. */
static void withheld_responses_do_not_keep_events_away(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		struct pvnet_tx_done done;
		u16 slow[4];

		begin_at(starts[s]);
		for (unsigned int i = 0; i < 4; i++)
			put(1, XEN_NETIF_GSO_TYPE_NONE, &slow[i]);
		pvnet_txring_push(&ring);
		EXPECT(!pvnet_txring_arm(&ring, false));
		/* Not withheld yet: only half of them would be worth an event. */
		EXPECT(!answers_bring_an_event(2));
		while (take(&done) == 1)
			;
		EXPECT(!pvnet_txring_age(&ring));
		EXPECT(pvnet_txring_age(&ring));
		EXPECT(!pvnet_txring_age(&ring));
		EXPECT(!pvnet_txring_arm(&ring, false));
		for (unsigned int n = 0; n < 100; n++)
			if (!EXPECT(answers_bring_an_event(1 + n % 2)))
				return;
		for (unsigned int i = 0; i < 4; i++)
			respond(slow[i], XEN_NETIF_RSP_OKAY);
		while (take(&done) == 1)
			;
		EXPECT(!pvnet_txring_age(&ring));
		EXPECT(!pvnet_txring_arm(&ring, false));
		/* All are answered: half is worth an event again. */
		for (unsigned int i = 0; i < 4; i++)
			put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
		pvnet_txring_push(&ring);
		EXPECT(!pvnet_txring_arm(&ring, false));
		EXPECT_EQ(sring->rsp_event, rsp_prod + 3);
	}
}

/* A stream has something in flight at each look; that is never the same. */
static void a_stream_is_not_withheld(void)
{
	struct pvnet_tx_done done;
	u16 id[2];

	begin_at(0);
	put(1, XEN_NETIF_GSO_TYPE_NONE, &id[0]);
	pvnet_txring_push(&ring);
	for (unsigned int n = 0; n < 10; n++) {
		EXPECT(!pvnet_txring_age(&ring));
		EXPECT(!ring.withheld);
		put(1, XEN_NETIF_GSO_TYPE_NONE, &id[~n & 1]);
		pvnet_txring_push(&ring);
		respond(id[n & 1], XEN_NETIF_RSP_OKAY);
		EXPECT_EQ(take(&done), 1);
	}
}

static void an_event_is_due_when_as_much_is_answered_as_was_asked_for(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		u16 ids[4];

		begin_at(starts[s]);
		for (unsigned int i = 0; i < 4; i++)
			put(1, XEN_NETIF_GSO_TYPE_NONE, &ids[i]);
		pvnet_txring_push(&ring);
		EXPECT(!pvnet_txring_arm(&ring, false));
		for (unsigned int i = 0; i < 4; i++) {
			EXPECT_EQ(pvnet_txring_due(&ring), i >= 3);
			respond(ids[i], XEN_NETIF_RSP_OKAY);
		}
		EXPECT(pvnet_txring_due(&ring));
	}
}

/* The event is for the last entry, extras included, and not for one before. */
static void an_event_wanted_is_for_all_that_was_put(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		begin_at(starts[s]);
		put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
		put(3, XEN_NETIF_GSO_TYPE_TCPV4, NULL);
		pvnet_txring_want(&ring);
		EXPECT_EQ(sring->rsp_event, starts[s] + 5);
	}
}

static void answered_says_whether_there_are_responses(void)
{
	struct pvnet_tx_done done;
	u16 id;

	begin_at(0xffffffff);
	EXPECT(!pvnet_txring_answered(&ring));
	put(1, XEN_NETIF_GSO_TYPE_NONE, &id);
	pvnet_txring_push(&ring);
	EXPECT(!pvnet_txring_answered(&ring));
	respond(id, XEN_NETIF_RSP_OKAY);
	EXPECT(pvnet_txring_answered(&ring));
	EXPECT_EQ(take(&done), 1);
	EXPECT(!pvnet_txring_answered(&ring));
}

static void requests_are_unseen_until_the_backend_asks_for_later_ones(void)
{
	for (unsigned int s = 0; s < ARRAY_SIZE(starts); s++) {
		RING_IDX moves;

		begin_at(starts[s]);
		sring->req_event = starts[s] + 1;
		EXPECT(!pvnet_txring_unseen(&ring));
		put(2, XEN_NETIF_GSO_TYPE_NONE, NULL);
		EXPECT(!pvnet_txring_unseen(&ring));
		EXPECT(pvnet_txring_push(&ring));
		EXPECT(pvnet_txring_unseen(&ring));
		/* That we send more is no move of the backend's. */
		moves = pvnet_txring_moves(&ring);
		put(1, XEN_NETIF_GSO_TYPE_NONE, NULL);
		EXPECT(!pvnet_txring_push(&ring));
		EXPECT_EQ(pvnet_txring_moves(&ring), moves);
		EXPECT(pvnet_txring_unseen(&ring));
		sring->req_event = starts[s] + 4;
		EXPECT(!pvnet_txring_unseen(&ring));
		EXPECT(pvnet_txring_moves(&ring) != moves);
	}
}

static void every_lie_is_a_reason(void)
{
	static const int errs[] = { -EOVERFLOW, -ERANGE, -EALREADY, -EBADMSG, -EPROTO };

	for (unsigned int i = 0; i < ARRAY_SIZE(errs); i++)
		EXPECT(pvnet_txring_reason(errs[i]) < PVFRONT_NR_REASONS);
	EXPECT_EQ(pvnet_txring_reason(-1), PVFRONT_NR_REASONS);
}

const struct test_case test_cases[] = {
	TEST(a_chain_is_data_extra_data),
	TEST(one_slot_has_no_more_data),
	TEST(notifies_only_when_asked),
	TEST(everything_comes_back_from_any_start),
	TEST(ids_in_flight_differ),
	TEST(more_responses_than_requests_are_refused),
	TEST(an_index_that_runs_backwards_is_refused),
	TEST(an_id_is_answered_once),
	TEST(bad_ids_and_statuses_are_refused),
	TEST(nulls_answer_extras_only),
	TEST(what_came_later_is_not_taken),
	TEST(an_armed_event_is_reachable),
	TEST(withheld_responses_do_not_keep_events_away),
	TEST(a_stream_is_not_withheld),
	TEST(an_event_is_due_when_as_much_is_answered_as_was_asked_for),
	TEST(an_event_wanted_is_for_all_that_was_put),
	TEST(answered_says_whether_there_are_responses),
	TEST(requests_are_unseen_until_the_backend_asks_for_later_ones),
	TEST(every_lie_is_a_reason),
	{ }
};
