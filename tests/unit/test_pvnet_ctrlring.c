// SPDX-License-Identifier: GPL-2.0
/* The control ring, with a backend that answers, and one that lies. */
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "drivers/pvnet/ctrlring.h"
#include "test.h"

#define ENTRIES	__CONST_RING_SIZE(xen_netif_ctrl, PVNET_PAGE_SIZE)
#define TYPE	XEN_NETIF_CTRL_TYPE_SET_HASH_KEY

/* Where the indices start; the later ones wrap within a test. */
static const RING_IDX starts[] = { 0, 127, 0x7fffffff, 0xffffffff };

static u64 page[512];
static struct xen_netif_ctrl_sring *const sring = (void *)page;
static struct pvnet_ctrlring ring;
static struct pvnet_ctrl_answer answer;

static void begin_at(RING_IDX index)
{
	memset(page, 0xa5, sizeof(page));
	pvnet_ctrlring_init(&ring, sring);
	ring.ring.req_prod_pvt = index;
	ring.ring.rsp_cons = index;
	ring.seen = index;
	sring->req_prod = index;
	sring->req_event = index + 1;
	sring->rsp_prod = index;
}

static const struct xen_netif_ctrl_request *ask(u16 type, u32 a, u32 b, u32 c)
{
	const u32 words[3] = { a, b, c };

	pvnet_ctrlring_ask(&ring, type, words);
	return &sring->ring[(sring->req_prod - 1) % ENTRIES].req;
}

/* The response to a request, complete but for being published. */
static struct xen_netif_ctrl_response *respond(const struct xen_netif_ctrl_request *req)
{
	struct xen_netif_ctrl_request was = *req;
	struct xen_netif_ctrl_response *rsp = &sring->ring[sring->rsp_prod % ENTRIES].rsp;

	*rsp = (struct xen_netif_ctrl_response){ .id = was.id, .type = was.type, .data = 7 };
	return rsp;
}

static int take(void)
{
	sring->rsp_prod++;
	return pvnet_ctrlring_take(&ring, &answer);
}

static void expect_refused(int err)
{
	RING_IDX before = ring.ring.rsp_cons;

	EXPECT_EQ(take(), err);
	EXPECT_EQ(ring.ring.rsp_cons, before);
	EXPECT(pvnet_ctrlring_reason(err) < PVFRONT_NR_REASONS);
}

static void a_request_is_as_the_abi_has_it(void)
{
	const struct xen_netif_ctrl_request *req;

	begin_at(0);
	req = ask(TYPE, 0x11223344, 40, 3);
	EXPECT_EQ(sring->req_prod, 1);
	EXPECT_EQ(req->type, TYPE);
	EXPECT_EQ(req->data[0], 0x11223344);
	EXPECT_EQ(req->data[1], 40);
	EXPECT_EQ(req->data[2], 3);
}

static void the_backend_is_notified_if_it_asks_for_that(void)
{
	const u32 words[3] = { 0 };

	begin_at(0);
	EXPECT_EQ(pvnet_ctrlring_ask(&ring, TYPE, words), true);
	respond(&sring->ring[0].req);
	EXPECT_EQ(take(), 1);
	/* It has not asked for more than the first. */
	EXPECT_EQ(pvnet_ctrlring_ask(&ring, TYPE, words), false);
}

static void every_request_gets_its_answer(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++) {
		begin_at(starts[i]);
		for (unsigned int n = 0; n < 3 * ENTRIES; n++) {
			const struct xen_netif_ctrl_request *req = ask(TYPE, n, 0, 0);

			/* Whose response brings an event. */
			EXPECT_EQ(sring->rsp_event, starts[i] + n + 1);
			EXPECT_EQ(pvnet_ctrlring_take(&ring, &answer), 0);
			respond(req)->data = n;
			EXPECT_EQ(take(), 1);
			EXPECT_EQ(answer.err, 0);
			EXPECT_EQ(answer.data, n);
		}
	}
}

static void each_status_has_its_error(void)
{
	static const int errs[] = { 0, -EOPNOTSUPP, -EINVAL, -E2BIG };

	begin_at(0);
	for (unsigned int status = 0; status < ARRAY_SIZE(errs); status++) {
		respond(ask(TYPE, 0, 0, 0))->status = status;
		EXPECT_EQ(take(), 1);
		EXPECT_EQ(answer.err, errs[status]);
	}
	respond(ask(TYPE, 0, 0, 0))->status = ARRAY_SIZE(errs);
	expect_refused(-EBADMSG);
	begin_at(0);
	respond(ask(TYPE, 0, 0, 0))->status = 0xffffffff;
	expect_refused(-EBADMSG);
}

/* The one before, which was answered, or one that was never sent. */
static void another_id_is_a_lie(void)
{
	for (int off = -2; off <= 2; off++) {
		if (!off)
			continue;
		begin_at(0);
		respond(ask(TYPE, 0, 0, 0));
		EXPECT_EQ(take(), 1);
		respond(ask(TYPE, 0, 0, 0))->id += off;
		expect_refused(-ERANGE);
	}
}

static void another_type_is_a_lie(void)
{
	begin_at(0);
	respond(ask(TYPE, 0, 0, 0))->type = XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS;
	expect_refused(-ENOMSG);
}

static void responses_that_cannot_be_are_a_lie(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(starts); i++) {
		/* Nothing was asked. */
		begin_at(starts[i]);
		expect_refused(-EOVERFLOW);
		/* Two for one. */
		begin_at(starts[i]);
		respond(ask(TYPE, 0, 0, 0));
		sring->rsp_prod++;
		expect_refused(-EOVERFLOW);
		/* One taken back. */
		begin_at(starts[i]);
		respond(ask(TYPE, 0, 0, 0));
		EXPECT_EQ(take(), 1);
		sring->rsp_prod -= 2;
		expect_refused(-EOVERFLOW);
	}
}

/* What is in the page after it was read does not count. */
static void the_answer_is_what_was_read(void)
{
	struct xen_netif_ctrl_response *rsp;

	begin_at(0);
	rsp = respond(ask(TYPE, 0, 0, 0));
	EXPECT_EQ(take(), 1);
	rsp->data = 8;
	rsp->status = 9;
	EXPECT_EQ(answer.data, 7);
	EXPECT_EQ(answer.err, 0);
}

static void every_request_has_a_name(void)
{
	for (u16 type = XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS;
	     type <= XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM; type++)
		EXPECT(pvnet_ctrlring_name(type)[0] != '?');
	EXPECT_EQ(pvnet_ctrlring_name(XEN_NETIF_CTRL_TYPE_INVALID)[0], '?');
	EXPECT_EQ(pvnet_ctrlring_name(0xffff)[0], '?');
	EXPECT_EQ(pvnet_ctrlring_reason(-EINVAL), PVFRONT_NR_REASONS);
}

const struct test_case test_cases[] = {
	TEST(a_request_is_as_the_abi_has_it),
	TEST(the_backend_is_notified_if_it_asks_for_that),
	TEST(every_request_gets_its_answer),
	TEST(each_status_has_its_error),
	TEST(another_id_is_a_lie),
	TEST(another_type_is_a_lie),
	TEST(responses_that_cannot_be_are_a_lie),
	TEST(the_answer_is_what_was_read),
	TEST(every_request_has_a_name),
	{ }
};
