// SPDX-License-Identifier: GPL-2.0
/* The ring of a disk: what is put on it, and which responses are lies. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "drivers/pvblk/ring.h"
#include "test.h"

#define NR_IDS 40

static union {
	struct blkif_sring ring;
	u8 page[4096];
} shared;
static u8 in_flight[NR_IDS];
static struct pvblk_ring ring;

/* Both indices stand at @at: what a ring that has been in use looks like. */
static void setup_at(RING_IDX at)
{
	memset(&shared, 0, sizeof(shared));
	memset(in_flight, 0, sizeof(in_flight));
	pvblk_ring_init(&ring, &shared, sizeof(shared), in_flight, NR_IDS);
	ring.front.req_prod_pvt = at;
	ring.front.rsp_cons = at;
	ring.seen = at;
	ring.pushed = at;
	shared.ring.req_prod = at;
	shared.ring.rsp_prod = at;
	shared.ring.req_event = at + 1;
	shared.ring.rsp_event = at + 1;
}

static bool put(unsigned int id, u8 operation)
{
	struct blkif_request request = { .operation = operation };

	request.u.rw.id = id;
	return pvblk_ring_put(&ring, &request, id);
}

static void answer(u64 id, u8 operation, s16 status)
{
	struct blkif_response *slot =
		RING_GET_RESPONSE(&ring.front, shared.ring.rsp_prod);

	slot->id = id;
	slot->operation = operation;
	slot->status = status;
	shared.ring.rsp_prod++;
}

static enum pvblk_verdict next(struct blkif_response *response)
{
	return pvblk_ring_next(&ring, response);
}

static void requests_reach_the_shared_page(void)
{
	struct blkif_request request = { .operation = BLKIF_OP_WRITE };

	setup_at(0);
	request.u.rw.id = 7;
	request.u.rw.nr_segments = 2;
	request.u.rw.sector_number = 1ULL << 40;
	EXPECT(pvblk_ring_put(&ring, &request, 7));
	EXPECT(!memcmp(RING_GET_REQUEST(&ring.front, 0), &request, sizeof(request)));
	EXPECT_EQ(shared.ring.req_prod, 0);
	EXPECT(pvblk_ring_push(&ring));
	EXPECT_EQ(shared.ring.req_prod, 1);
}

static void notifies_only_when_asked(void)
{
	setup_at(0);
	put(0, BLKIF_OP_READ);
	put(1, BLKIF_OP_READ);
	EXPECT(pvblk_ring_push(&ring));	/* req_event 1 was crossed */
	put(2, BLKIF_OP_READ);
	EXPECT(!pvblk_ring_push(&ring));	/* it was not moved on */
	shared.ring.req_event = 4;
	put(3, BLKIF_OP_READ);
	EXPECT(pvblk_ring_push(&ring));
	EXPECT(!pvblk_ring_push(&ring));	/* nothing new */
}

static void full_ring_refuses(void)
{
	unsigned int size;

	setup_at(0xfffffff0);
	size = RING_SIZE(&ring.front);
	EXPECT_EQ(size, 32);
	for (unsigned int id = 0; id < size; id++)
		EXPECT(put(id, BLKIF_OP_READ));
	EXPECT(!put(size, BLKIF_OP_READ));
	EXPECT(!in_flight[size]);
	EXPECT_EQ(ring.front.req_prod_pvt, 0x10);
}

static void every_index_wraps(void)
{
	struct blkif_response response;

	setup_at(0xffffffff - 50);
	for (unsigned int i = 0; i < 200; i++) {
		unsigned int id = i % NR_IDS;

		if (!EXPECT(put(id, BLKIF_OP_READ)))
			return;
		pvblk_ring_push(&ring);
		answer(id, BLKIF_OP_READ, BLKIF_RSP_OKAY);
		if (!EXPECT_EQ(next(&response), PVBLK_RESPONSE))
			return;
		EXPECT_EQ(response.id, id);
		EXPECT_EQ(next(&response), PVBLK_NONE);
	}
}

static void answers_in_any_order(void)
{
	struct blkif_response response;

	setup_at(0xfffffff8);
	for (unsigned int id = 0; id < 32; id++)
		put(id, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	for (unsigned int i = 0; i < 32; i++)
		answer((i * 7 + 3) % 32, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	for (unsigned int i = 0; i < 32; i++) {
		EXPECT_EQ(next(&response), PVBLK_RESPONSE);
		EXPECT_EQ(response.id, (i * 7 + 3) % 32);
	}
	EXPECT_EQ(next(&response), PVBLK_NONE);
}

static void producer_beyond_the_requests_is_a_lie(void)
{
	struct blkif_response response;

	setup_at(0xffffffff);
	put(0, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	shared.ring.rsp_prod += 2;
	EXPECT_EQ(next(&response), PVBLK_LIE_PRODUCER);
	shared.ring.rsp_prod = 0xffffffff - 1;	/* backwards */
	EXPECT_EQ(next(&response), PVBLK_LIE_PRODUCER);
	EXPECT(in_flight[0]);
	EXPECT_EQ(ring.front.rsp_cons, 0xffffffff);
}

/* It was put, but the backend has not been shown it. */
static void an_answer_to_an_unpublished_request_is_a_lie(void)
{
	struct blkif_response response;

	setup_at(0xffffffff);
	put(0, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	put(1, BLKIF_OP_READ);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	answer(1, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT_EQ(next(&response), PVBLK_LIE_PRODUCER);
	EXPECT(in_flight[0] && in_flight[1]);
	pvblk_ring_push(&ring);
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
}

/* One that flips its index would keep us looking for what is not there. */
static void a_response_taken_back_is_a_lie(void)
{
	struct blkif_response response;

	setup_at(0xffffffff);
	put(0, BLKIF_OP_READ);
	put(1, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT(pvblk_ring_arm(&ring, 1));
	shared.ring.rsp_prod--;
	EXPECT_EQ(next(&response), PVBLK_LIE_PRODUCER);
	shared.ring.rsp_prod++;
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);

	answer(1, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	answer(1, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT(pvblk_ring_arm(&ring, 1));
	shared.ring.rsp_prod -= 2;
	EXPECT_EQ(next(&response), PVBLK_LIE_PRODUCER);
}

static void unknown_ids_are_lies(void)
{
	static const u64 ids[] = { 1, NR_IDS, 1ULL << 32, U64_MAX };
	struct blkif_response response;

	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		setup_at(0);
		put(0, BLKIF_OP_READ);
		pvblk_ring_push(&ring);
		answer(ids[i], BLKIF_OP_READ, BLKIF_RSP_OKAY);
		EXPECT_EQ(next(&response), PVBLK_LIE_ID);
		EXPECT(in_flight[0]);
		EXPECT_EQ(ring.front.rsp_cons, 0);
	}
}

static void second_completion_is_a_lie(void)
{
	struct blkif_response response;

	setup_at(0);
	put(0, BLKIF_OP_READ);
	put(1, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	EXPECT_EQ(next(&response), PVBLK_LIE_ID);
}

static void operation_must_be_the_one_asked_for(void)
{
	struct blkif_response response;

	setup_at(0);
	put(0, BLKIF_OP_WRITE);
	pvblk_ring_push(&ring);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT_EQ(next(&response), PVBLK_LIE_OPERATION);
	for (unsigned int operation = 0; operation < 256; operation++) {
		setup_at(0);
		put(0, BLKIF_OP_READ);
		pvblk_ring_push(&ring);
		answer(0, operation, BLKIF_RSP_OKAY);
		EXPECT_EQ(next(&response), operation == BLKIF_OP_READ ?
			  PVBLK_RESPONSE : PVBLK_LIE_OPERATION);
	}
}

static void indirect_is_answered_with_either_operation(void)
{
	struct blkif_request request = { .operation = BLKIF_OP_INDIRECT };
	struct blkif_response response;

	request.u.indirect.indirect_op = BLKIF_OP_WRITE;
	for (unsigned int operation = 0; operation < 256; operation++) {
		bool fine = operation == BLKIF_OP_WRITE ||
			    operation == BLKIF_OP_INDIRECT;

		setup_at(0);
		EXPECT(pvblk_ring_put(&ring, &request, 5));
		pvblk_ring_push(&ring);
		answer(5, operation, BLKIF_RSP_OKAY);
		EXPECT_EQ(next(&response), fine ? PVBLK_RESPONSE : PVBLK_LIE_OPERATION);
	}
}

static void status_must_be_defined(void)
{
	struct blkif_response response;

	for (int status = -0x8000; status < 0x8000; status++) {
		bool fine = status <= 0 && status >= BLKIF_RSP_EOPNOTSUPP;

		setup_at(0);
		put(3, BLKIF_OP_READ);
		pvblk_ring_push(&ring);
		answer(3, BLKIF_OP_READ, status);
		if (!EXPECT_EQ(next(&response), fine ? PVBLK_RESPONSE : PVBLK_LIE_STATUS))
			return;
	}
}

static void rearm_sees_a_late_response(void)
{
	struct blkif_response response;

	setup_at(0xffffffff);
	put(0, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	EXPECT_EQ(next(&response), PVBLK_NONE);
	EXPECT(!pvblk_ring_arm(&ring, 1));
	EXPECT_EQ(shared.ring.rsp_event, 0);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT(pvblk_ring_arm(&ring, 1));
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	EXPECT(!pvblk_ring_arm(&ring, 1));
	EXPECT_EQ(shared.ring.rsp_event, 1);
}

static void an_event_may_wait_for_several_responses(void)
{
	struct blkif_response response;

	setup_at(0xfffffffe);
	for (unsigned int id = 0; id < 8; id++)
		put(id, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	EXPECT_EQ(pvblk_ring_in_flight(&ring), 8);
	EXPECT(!pvblk_ring_arm(&ring, 4));
	EXPECT_EQ(shared.ring.rsp_event, 2);
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	/* What has come while it was asked for is not waited for. */
	EXPECT(pvblk_ring_arm(&ring, 4));
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	EXPECT_EQ(pvblk_ring_in_flight(&ring), 7);
	EXPECT(!pvblk_ring_arm(&ring, 4));
	EXPECT_EQ(shared.ring.rsp_event, 3);
}

static void a_polled_ring_gets_no_event(void)
{
	struct blkif_response response;

	setup_at(0xfffffffe);
	pvblk_ring_disarm(&ring);
	for (unsigned int id = 0; id < 3; id++)
		put(id, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	for (unsigned int id = 0; id < 3; id++) {
		RING_IDX old = shared.ring.rsp_prod;

		answer(id, BLKIF_OP_READ, BLKIF_RSP_OKAY);
		/* What backends ask: was rsp_event reached by this response? */
		EXPECT(!(shared.ring.rsp_prod - shared.ring.rsp_event <
			 shared.ring.rsp_prod - old));
		EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	}
}

static void a_response_nobody_comes_for_is_forgotten(void)
{
	struct blkif_response response;

	setup_at(0xffffffff);
	for (unsigned int id = 0; id < 3; id++)
		put(id, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	EXPECT(!pvblk_ring_forgotten(&ring));
	EXPECT(!pvblk_ring_forgotten(&ring));	/* a slow backend */
	answer(0, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT(!pvblk_ring_forgotten(&ring));	/* its event may be on the way */
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	answer(1, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT(!pvblk_ring_forgotten(&ring));	/* it is another one */
	EXPECT(pvblk_ring_forgotten(&ring));
	EXPECT(pvblk_ring_forgotten(&ring));
	EXPECT_EQ(next(&response), PVBLK_RESPONSE);
	EXPECT(!pvblk_ring_forgotten(&ring));
}

static void disown_gives_each_request_back_once(void)
{
	struct blkif_response response;

	setup_at(0);
	put(9, BLKIF_OP_READ);
	pvblk_ring_push(&ring);
	EXPECT(!pvblk_ring_disown(&ring, 8));
	EXPECT(pvblk_ring_disown(&ring, 9));
	EXPECT(!pvblk_ring_disown(&ring, 9));
	answer(9, BLKIF_OP_READ, BLKIF_RSP_OKAY);
	EXPECT_EQ(next(&response), PVBLK_LIE_ID);
}

static void every_lie_is_a_reason(void)
{
	for (int verdict = PVBLK_NONE; verdict <= PVBLK_LIE_STATUS; verdict++)
		EXPECT_EQ(pvblk_ring_reason(verdict) < PVFRONT_NR_REASONS,
			  verdict > PVBLK_RESPONSE);
	EXPECT_EQ(pvblk_ring_reason(PVBLK_LIE_STATUS + 1), PVFRONT_NR_REASONS);
}

const struct test_case test_cases[] = {
	TEST(requests_reach_the_shared_page),
	TEST(notifies_only_when_asked),
	TEST(full_ring_refuses),
	TEST(every_index_wraps),
	TEST(answers_in_any_order),
	TEST(producer_beyond_the_requests_is_a_lie),
	TEST(an_answer_to_an_unpublished_request_is_a_lie),
	TEST(a_response_taken_back_is_a_lie),
	TEST(unknown_ids_are_lies),
	TEST(second_completion_is_a_lie),
	TEST(operation_must_be_the_one_asked_for),
	TEST(indirect_is_answered_with_either_operation),
	TEST(status_must_be_defined),
	TEST(rearm_sees_a_late_response),
	TEST(an_event_may_wait_for_several_responses),
	TEST(a_polled_ring_gets_no_event),
	TEST(a_response_nobody_comes_for_is_forgotten),
	TEST(disown_gives_each_request_back_once),
	TEST(every_lie_is_a_reason),
	{ }
};
