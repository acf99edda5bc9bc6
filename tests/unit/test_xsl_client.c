// SPDX-License-Identifier: GPL-2.0
/* Requests to a xenstored that answers in any order, late, never, or with lies. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "test.h"
#include "xenstore-lite/wire/client.h"
#include "xsl_store.h"

static struct xenstore_domain_interface page;
static struct xsl_store store;
static struct xsl_client client;

static void begin_at(u32 index)
{
	memset(&page, 0, sizeof(page));
	memset(&client, 0, sizeof(client));
	page.req_cons = index;
	page.req_prod = index;
	page.rsp_cons = index;
	page.rsp_prod = index;
	xsl_client_start(&client, &page);
	store_start(&store, &page);
}

static void make(struct xsl_call *call, u32 type, const char *body, u32 len)
{
	memset(call, 0, sizeof(*call));
	call->head.type = type;
	call->head.len = len;
	call->body = body;
}

static void ask(struct xsl_call *call, u32 type, const char *body)
{
	make(call, type, body, strlen(body) + 1);
	EXPECT_EQ(xsl_client_add(&client, call), 0);
	EXPECT_EQ(xsl_client_push(&client), sizeof(call->head) + call->head.len);
}

/* What xenstored reads of @call, which is whole in the ring. */
static void heard(const struct xsl_call *call)
{
	char body[XENSTORE_PAYLOAD_MAX];
	struct xsd_sockmsg head;

	EXPECT_EQ(store_take(&store, &head, sizeof(head)), sizeof(head));
	EXPECT_EQ(head.req_id, call->head.req_id);
	EXPECT_EQ(head.type, call->head.type);
	EXPECT_EQ(store_take(&store, body, head.len), call->head.len);
	EXPECT(!memcmp(body, call->body, call->head.len));
}

static void answer(u32 id, u32 type, const char *body, u32 len)
{
	struct xsd_sockmsg head = { .type = type, .req_id = id, .len = len };

	EXPECT_EQ(store_put(&store, &head, sizeof(head)), sizeof(head));
	EXPECT_EQ(store_put(&store, body, len), len);
}

static struct xsl_message msg;
static bool tell;

static int pull(void)
{
	memset(&msg, 0, sizeof(msg));
	return xsl_client_pull(&client, &msg, &tell);
}

static void a_request_and_its_reply(void)
{
	struct xsl_call call;

	begin_at(0xfffffff0);
	ask(&call, XS_READ, "domid");
	heard(&call);
	EXPECT_EQ(pull(), 0);
	answer(call.head.req_id, XS_READ, "7", 1);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_REPLY);
	EXPECT(msg.call == &call);
	EXPECT_EQ(msg.error, 0);
	EXPECT_EQ(msg.len, 1);
	EXPECT(!strcmp(msg.body, "7"));
	EXPECT_EQ(client.live, 0);
	EXPECT_EQ(pull(), 0);
}

static void replies_in_another_order(void)
{
	struct xsl_call a, b, c;

	begin_at(0);
	ask(&a, XS_READ, "a");
	ask(&b, XS_READ, "b");
	ask(&c, XS_RM, "c");
	answer(c.head.req_id, XS_RM, "OK", 3);
	answer(a.head.req_id, XS_ERROR, "ENOENT", 7);
	answer(b.head.req_id, XS_READ, "", 0);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &c);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &a);
	EXPECT_EQ(msg.error, -ENOENT);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &b);
	EXPECT_EQ(msg.len, 0);
	EXPECT_EQ(client.live, 0);
}

static void a_reply_of_another_kind(void)
{
	struct xsl_call call;

	begin_at(0);
	ask(&call, XS_READ, "a");
	answer(call.head.req_id, XS_WRITE, "OK", 3);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_REPLY);
	EXPECT_EQ(msg.error, -EPROTO);
}

static void nobody_asked_for_it(void)
{
	struct xsl_call call;

	begin_at(0);
	answer(5, XS_READ, "x", 1);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_STRAY);
	EXPECT(!msg.call);
	/* One that was answered already, and a number in the same place. */
	ask(&call, XS_READ, "a");
	answer(call.head.req_id, XS_READ, "x", 1);
	answer(call.head.req_id, XS_READ, "x", 1);
	answer(call.head.req_id + XSL_CALLS, XS_READ, "x", 1);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_REPLY);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_STRAY);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_STRAY);
}

/* It cannot have been read yet. */
static void a_reply_before_the_request_is_out(void)
{
	static char body[2000];
	struct xsl_call call;

	begin_at(0);
	make(&call, XS_WRITE, body, sizeof(body));
	EXPECT_EQ(xsl_client_add(&client, &call), 0);
	EXPECT_EQ(xsl_client_push(&client), XENSTORE_RING_SIZE);
	answer(call.head.req_id, XS_WRITE, "OK", 3);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_STRAY);
	EXPECT_EQ(client.live, 1);
}

static void events_between_replies(void)
{
	struct xsl_call call;

	begin_at(0);
	ask(&call, XS_READ, "a");
	answer(call.head.req_id, XS_WATCH_EVENT, "p\0t", 4);
	answer(call.head.req_id, XS_READ, "x", 1);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_EVENT);
	EXPECT_EQ(msg.len, 4);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &call);
}

static void the_largest_messages(void)
{
	static char body[XENSTORE_PAYLOAD_MAX + 1], got[XENSTORE_PAYLOAD_MAX];
	struct xsd_sockmsg head = { .type = XS_READ, .len = XENSTORE_PAYLOAD_MAX };
	unsigned int sent = 0, taken = 0, round;
	struct xsl_call call;
	int ret = 0;

	begin_at(0);
	memset(body, 'x', sizeof(body));
	make(&call, XS_READ, body, sizeof(body));
	EXPECT_EQ(xsl_client_add(&client, &call), -E2BIG);
	make(&call, XS_READ, body, XENSTORE_PAYLOAD_MAX);
	EXPECT_EQ(xsl_client_add(&client, &call), 0);
	for (round = 0; round < 10; round++) {
		EXPECT(xsl_client_push(&client) >= 0);
		if (!taken)
			taken = store_take(&store, &head, sizeof(head));
		taken += store_take(&store, got + taken - sizeof(head), XENSTORE_PAYLOAD_MAX);
	}
	EXPECT_EQ(taken, sizeof(head) + XENSTORE_PAYLOAD_MAX);
	EXPECT(!memcmp(got, body, XENSTORE_PAYLOAD_MAX));
	EXPECT_EQ(store_put(&store, &head, sizeof(head)), sizeof(head));
	for (round = 0; !ret && round < 10; round++) {
		tell = false;
		sent += store_put(&store, body + sent, XENSTORE_PAYLOAD_MAX - sent);
		ret = pull();
		/* It had filled the ring each time but the last. */
		EXPECT_EQ(tell, round < 4);
	}
	EXPECT_EQ(ret, 1);
	EXPECT(msg.call == &call);
	EXPECT_EQ(msg.len, XENSTORE_PAYLOAD_MAX);
	EXPECT_EQ(msg.body[msg.len], '\0');
}

static void a_message_that_is_too_long(void)
{
	struct xsd_sockmsg head = { .type = XS_READ, .len = XENSTORE_PAYLOAD_MAX + 1 };

	begin_at(0);
	store_put(&store, &head, sizeof(head));
	EXPECT_EQ(pull(), -EMSGSIZE);
}

static void impossible_indices(void)
{
	struct xsl_call call;

	begin_at(0);
	page.rsp_prod = XENSTORE_RING_SIZE + 1;
	EXPECT_EQ(pull(), -EPROTO);
	begin_at(0);
	page.req_cons = 1;
	make(&call, XS_READ, "a", 2);
	EXPECT_EQ(xsl_client_add(&client, &call), 0);
	EXPECT_EQ(xsl_client_push(&client), -EPROTO);
}

static void bytes_one_by_one(void)
{
	struct xsd_sockmsg head = { .type = XS_READ, .len = 3 };
	char whole[sizeof(head) + 3];
	struct xsl_call call;
	unsigned int i;

	begin_at(0xffffffff);
	ask(&call, XS_READ, "a");
	head.req_id = call.head.req_id;
	memcpy(whole, &head, sizeof(head));
	memcpy(whole + sizeof(head), "abc", 3);
	for (i = 0; i < sizeof(whole); i++) {
		EXPECT_EQ(pull(), 0);
		store_put(&store, whole + i, 1);
	}
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &call && !strcmp(msg.body, "abc"));
}

static void given_up_before_it_went_out(void)
{
	static char body[1500];
	struct xsl_call big, small, last;

	begin_at(0);
	make(&big, XS_WRITE, body, sizeof(body));
	make(&small, XS_READ, "a", 2);
	make(&last, XS_READ, "b", 2);
	EXPECT_EQ(xsl_client_add(&client, &big), 0);
	EXPECT_EQ(xsl_client_add(&client, &small), 0);
	EXPECT_EQ(xsl_client_add(&client, &last), 0);
	EXPECT_EQ(xsl_client_push(&client), XENSTORE_RING_SIZE);
	/* Nothing of the second: it never was. Some of the first: it has to be. */
	EXPECT(xsl_client_abandon(&client, &small));
	EXPECT(!xsl_client_abandon(&client, &big));
	EXPECT_EQ(client.live, 2);
	memset(&small, 0xee, sizeof(small));
	EXPECT_EQ(store_take(&store, body, 1024), 1024);
	EXPECT_EQ(xsl_client_push(&client), sizeof(big.head) + 1500 - 1024 + sizeof(last.head) + 2);
	EXPECT_EQ(store_take(&store, body, sizeof(big.head) + 1500 - 1024),
		  sizeof(big.head) + 1500 - 1024);
	heard(&last);
	answer(big.head.req_id, XS_WRITE, "OK", 3);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_LATE);
	EXPECT(msg.call == &big);
	EXPECT_EQ(client.live, 1);
}

static void as_many_as_there_are_places(void)
{
	static struct xsl_call calls[XSL_CALLS + 1];
	unsigned int i;

	begin_at(0);
	for (i = 0; i < XSL_CALLS; i++) {
		make(&calls[i], XS_READ, "", 0);
		EXPECT_EQ(xsl_client_add(&client, &calls[i]), 0);
	}
	make(&calls[i], XS_READ, "", 0);
	EXPECT_EQ(xsl_client_add(&client, &calls[i]), -EBUSY);
	EXPECT_EQ(xsl_client_push(&client), XENSTORE_RING_SIZE);
	answer(calls[3].head.req_id, XS_READ, "", 0);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &calls[3]);
	EXPECT_EQ(xsl_client_add(&client, &calls[i]), 0);
	/* The same place, another number. */
	EXPECT_EQ(calls[i].head.req_id % XSL_CALLS, calls[3].head.req_id % XSL_CALLS);
	EXPECT(calls[i].head.req_id != calls[3].head.req_id);
	for (i = 0; xsl_client_drop(&client, true); i++)
		;
	EXPECT_EQ(i, XSL_CALLS);
	EXPECT_EQ(client.live, 0);
	EXPECT_EQ(xsl_client_push(&client), 0);
}

static void deadlines(void)
{
	struct xsl_call a, b;

	begin_at(0);
	ask(&a, XS_READ, "a");
	ask(&b, XS_READ, "b");
	a.deadline = 10;
	b.deadline = (unsigned long)-5;
	EXPECT(!xsl_client_expired(&client, (unsigned long)-6));
	EXPECT(xsl_client_expired(&client, (unsigned long)-5) == &b);
	EXPECT(!xsl_client_abandon(&client, &b));
	EXPECT(!xsl_client_expired(&client, 9));
	EXPECT(xsl_client_expired(&client, 10) == &a);
	answer(b.head.req_id, XS_ERROR, "EIO", 4);
	EXPECT_EQ(pull(), 1);
	EXPECT_EQ(msg.news, XSL_NEWS_LATE);
	EXPECT_EQ(msg.error, -EIO);
}

/* The page is another xenstored's before anybody has said so. */
static void stands_still_while_the_guest_is_saved(void)
{
	struct xsl_call call;

	begin_at(100);
	ask(&call, XS_READ, "a");
	call.deadline = 10;
	xsl_client_stop(&client);
	page.req_prod = 0;
	page.req_cons = 0;
	page.rsp_prod = 0;
	page.rsp_cons = 0;
	EXPECT_EQ(pull(), 0);
	EXPECT(!tell);
	EXPECT_EQ(xsl_client_push(&client), 0);
	EXPECT_EQ(page.req_prod, 0);
	EXPECT_EQ(page.rsp_cons, 0);
	EXPECT(!xsl_client_expired(&client, 10));
}

static void goes_on_where_it_stood_still(void)
{
	struct xsl_call asked, waits;

	begin_at(0xfffffff0);
	ask(&asked, XS_READ, "a");
	xsl_client_stop(&client);
	make(&waits, XS_READ, "b", 2);
	EXPECT_EQ(xsl_client_add(&client, &waits), 0);
	EXPECT_EQ(xsl_client_push(&client), 0);
	heard(&asked);
	answer(asked.head.req_id, XS_READ, "x", 1);
	EXPECT_EQ(pull(), 0);
	xsl_client_go(&client);
	EXPECT_EQ(xsl_client_push(&client), sizeof(waits.head) + 2);
	heard(&waits);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &asked);
}

static void begins_anew_on_another_host(void)
{
	static char body[1500];
	struct xsl_call sent, half, waits, tx;
	struct xsd_sockmsg old = { .type = XS_READ, .len = 100 };

	begin_at(0);
	ask(&sent, XS_READ, "a");
	make(&half, XS_WRITE, body, sizeof(body));
	make(&waits, XS_READ, "b", 2);
	make(&tx, XS_READ, "c", 2);
	tx.head.tx_id = 5;
	EXPECT_EQ(xsl_client_add(&client, &half), 0);
	EXPECT(xsl_client_push(&client) > 0);
	EXPECT_EQ(xsl_client_add(&client, &waits), 0);
	EXPECT_EQ(xsl_client_add(&client, &tx), 0);
	/* The old xenstored dies in the middle of an answer. */
	store_put(&store, &old, 7);
	EXPECT_EQ(pull(), 0);
	store_put(&store, &old, 4);
	xsl_client_stop(&client);
	EXPECT(xsl_client_drop(&client, false) == &sent);
	EXPECT(xsl_client_drop(&client, false) == &half);
	EXPECT(xsl_client_drop(&client, false) == &tx);
	EXPECT(!xsl_client_drop(&client, false));
	EXPECT_EQ(client.live, 1);

	page.req_cons = page.req_prod;
	xsl_client_restart(&client, &page);
	store_start(&store, &page);
	EXPECT_EQ(pull(), 0);
	EXPECT_EQ(xsl_client_push(&client), sizeof(waits.head) + 2);
	heard(&waits);
	answer(waits.head.req_id, XS_READ, "x", 1);
	EXPECT_EQ(pull(), 1);
	EXPECT(msg.call == &waits);
	EXPECT_EQ(client.live, 0);
}

const struct test_case test_cases[] = {
	TEST(a_request_and_its_reply),
	TEST(replies_in_another_order),
	TEST(a_reply_of_another_kind),
	TEST(nobody_asked_for_it),
	TEST(a_reply_before_the_request_is_out),
	TEST(events_between_replies),
	TEST(the_largest_messages),
	TEST(a_message_that_is_too_long),
	TEST(impossible_indices),
	TEST(bytes_one_by_one),
	TEST(given_up_before_it_went_out),
	TEST(as_many_as_there_are_places),
	TEST(deadlines),
	TEST(stands_still_while_the_guest_is_saved),
	TEST(goes_on_where_it_stood_still),
	TEST(begins_anew_on_another_host),
	{ }
};
