// SPDX-License-Identifier: GPL-2.0
/*
 * The client of the xenstore against a xenstored that answers, is silent, and lies.
 *
 * The input: four bytes of start index, then operations of three bytes: a code and a 16-bit
 * argument. Each request is done once, whatever happens; while nobody has lied about indices
 * or sent bytes that are no message, the ring stays usable.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>

#include "fuzz.h"
#include "tests/unit/xsl_store.h"
#include "xenstore-lite/wire/client.h"
#include "xenstore-lite/wire/text.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

enum op {
	OP_ASK, OP_PUSH, OP_PULL, OP_ANSWER, OP_RAW, OP_ABANDON, OP_EXPIRE, OP_LIE_REQ, OP_LIE_RSP,
	OP_DROP, OP_STOP, OP_GO, OP_RESTART, OP_COUNT
};

struct world {
	struct xenstore_domain_interface *page;
	struct xsl_store store;
	struct xsl_client *client;
	struct xsl_call *calls[XSL_CALLS];
	unsigned int live;
	bool lied;
};

static void done(struct world *w, struct xsl_call *call)
{
	unsigned int i;

	for (i = 0; i < XSL_CALLS && w->calls[i] != call; i++)
		;
	MUST(i < XSL_CALLS);
	w->calls[i] = NULL;
	w->live--;
	free((char *)call->body);
	free(call);
	MUST(w->client->live == w->live);
}

static void op_ask(struct world *w, unsigned int arg)
{
	unsigned int len = arg % (XENSTORE_PAYLOAD_MAX + 2), i;
	struct xsl_call *call = calloc(1, sizeof(*call));
	int err;

	call->head.type = arg % XS_TYPE_COUNT;
	call->head.len = len;
	call->deadline = arg;
	call->body = memset(malloc(len + !len), 'x', len);
	err = xsl_client_add(w->client, call);
	MUST(err == (len > XENSTORE_PAYLOAD_MAX ? -E2BIG : w->live == XSL_CALLS ? -EBUSY : 0));
	if (err) {
		free((char *)call->body);
		free(call);
		return;
	}
	for (i = 0; w->calls[i]; i++)
		;
	w->calls[i] = call;
	w->live++;
}

static void op_pull(struct world *w)
{
	struct xsl_message msg;
	const char *path, *token;
	struct xsl_part part;
	bool tell = false;
	int ret = xsl_client_pull(w->client, &msg, &tell);

	MUST(ret == 1 || ret == 0 || (w->lied && (ret == -EPROTO || ret == -EMSGSIZE)));
	if (ret <= 0)
		return;
	MUST(msg.len <= XENSTORE_PAYLOAD_MAX && !msg.body[msg.len]);
	xsl_text_event(msg.body, msg.len, &path, &token);
	if (!xsl_text_part(msg.body, msg.len, &part))
		MUST(part.names + part.len <= msg.body + msg.len);
	if (msg.call) {
		MUST(msg.news == (msg.call->abandoned ? XSL_NEWS_LATE : XSL_NEWS_REPLY));
		done(w, msg.call);
	}
}

/* A reply to the request in this place, of the right kind or another. */
static void op_answer(struct world *w, unsigned int arg)
{
	struct xsl_call *call = w->calls[arg % XSL_CALLS];
	struct xsd_sockmsg head = { .len = arg >> 12 };

	int sent = pv_bytering_unsent(&w->store.rsp, w->page->rsp_cons);

	if (!call || sent < 0 || XENSTORE_RING_SIZE - sent < sizeof(head) + head.len)
		return;
	head.type = arg & 0x800 ? XS_ERROR : call->head.type;
	head.req_id = call->head.req_id;
	store_put(&w->store, &head, sizeof(head));
	store_put(&w->store, "ENOENT\0xxxxxxxxx", head.len);
}

static void op_abandon(struct world *w, unsigned int arg)
{
	struct xsl_call *call = w->calls[arg % XSL_CALLS];

	if (call && !call->abandoned && xsl_client_abandon(w->client, call))
		done(w, call);
}

static void op_expire(struct world *w, unsigned int arg)
{
	struct xsl_call *call;

	while ((call = xsl_client_expired(w->client, arg))) {
		MUST(!call->abandoned);
		if (xsl_client_abandon(w->client, call))
			done(w, call);
	}
}

static void drop(struct world *w)
{
	struct xsl_call *call;

	while ((call = xsl_client_drop(w->client, true)))
		done(w, call);
	MUST(!w->live);
	xsl_client_start(w->client, w->page);
	store_start(&w->store, w->page);
}

/* Another host: what it was not asked yet it is asked now. */
static void restart(struct world *w)
{
	struct xsl_call *call;
	unsigned int i;

	xsl_client_stop(w->client);
	while ((call = xsl_client_drop(w->client, false)))
		done(w, call);
	for (i = 0; i < XSL_CALLS; i++)
		MUST(!w->calls[i] || (!w->calls[i]->sent && !w->calls[i]->abandoned));
	w->page->req_cons = w->page->req_prod;
	xsl_client_restart(w->client, w->page);
	store_start(&w->store, w->page);
}

static void step(struct world *w, unsigned int code, unsigned int arg)
{
	char bytes[1024];
	int n;

	switch ((enum op)(code % OP_COUNT)) {
	case OP_ASK:
		return op_ask(w, arg);
	case OP_PUSH:
		n = xsl_client_push(w->client);
		MUST(n >= 0 || (w->lied && n == -EPROTO));
		store_take(&w->store, bytes, arg % sizeof(bytes));
		return;
	case OP_PULL:
		return op_pull(w);
	case OP_ANSWER:
		return op_answer(w, arg);
	case OP_RAW:
		memset(bytes, arg, sizeof(bytes));
		w->lied = true;
		store_put(&w->store, bytes, arg >> 8);
		return;
	case OP_ABANDON:
		return op_abandon(w, arg);
	case OP_EXPIRE:
		return op_expire(w, arg);
	case OP_LIE_REQ:
		w->lied = true;
		w->page->req_cons -= arg << (code >> 4);
		w->page->req_prod ^= arg;
		return;
	case OP_LIE_RSP:
		w->lied = true;
		w->page->rsp_prod += arg << (code >> 4);
		w->page->rsp_cons ^= arg;
		return;
	case OP_DROP:
		return drop(w);
	case OP_STOP:
		return xsl_client_stop(w->client);
	case OP_GO:
		return xsl_client_go(w->client);
	case OP_RESTART:
		return restart(w);
	case OP_COUNT:
		break;
	}
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world w = { };
	u32 start;

	if (size < sizeof(start))
		return 0;
	memcpy(&start, data, sizeof(start));
	w.page = calloc(1, sizeof(*w.page));
	w.client = calloc(1, sizeof(*w.client));
	w.page->req_cons = start;
	w.page->req_prod = start;
	w.page->rsp_cons = start;
	w.page->rsp_prod = start;
	xsl_client_start(w.client, w.page);
	store_start(&w.store, w.page);
	for (size_t i = sizeof(start); i + 3 <= size; i += 3)
		step(&w, data[i], data[i + 1] | data[i + 2] << 8);
	drop(&w);
	free(w.client);
	free(w.page);
	return 0;
}
