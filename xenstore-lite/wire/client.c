// SPDX-License-Identifier: GPL-2.0
/* Requests in flight and what comes back. See client.h. */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "client.h"
#include "text.h"

static struct pv_bytering end_of(char *bytes, u32 *ours, const u32 *theirs)
{
	struct pv_bytering end = {
		.bytes = bytes,
		.size = XENSTORE_RING_SIZE,
		.ours = ours,
		.theirs = theirs,
		.index = READ_ONCE(*ours),
	};

	return end;
}

void xsl_client_start(struct xsl_client *c, struct xenstore_domain_interface *page)
{
	c->out = end_of(page->req, &page->req_prod, &page->req_cons);
	c->in = end_of(page->rsp, &page->rsp_cons, &page->rsp_prod);
	c->queue_head = 0;
	c->queue_tail = 0;
	c->inbox.have = 0;
	c->stopped = false;
}

void xsl_client_stop(struct xsl_client *c)
{
	c->stopped = true;
}

void xsl_client_go(struct xsl_client *c)
{
	c->stopped = false;
}

void xsl_client_restart(struct xsl_client *c, struct xenstore_domain_interface *page)
{
	/* Of the old one. The new one knows of no watch yet, and was asked for nothing. */
	WRITE_ONCE(page->rsp_cons, READ_ONCE(page->rsp_prod));
	c->out = end_of(page->req, &page->req_prod, &page->req_cons);
	c->in = end_of(page->rsp, &page->rsp_cons, &page->rsp_prod);
	c->inbox.have = 0;
	c->stopped = false;
}

int xsl_client_add(struct xsl_client *c, struct xsl_call *call)
{
	u32 at;

	if (call->head.len > XENSTORE_PAYLOAD_MAX)
		return -E2BIG;
	if (c->live == XSL_CALLS)
		return -EBUSY;
	for (at = c->round % XSL_CALLS; c->calls[at]; at = (at + 1) % XSL_CALLS)
		;
	call->head.req_id = c->round * XSL_CALLS + at;
	call->sent = 0;
	call->abandoned = false;
	c->round++;
	c->calls[at] = call;
	c->live++;
	c->queue[c->queue_tail++ % XSL_CALLS] = at;
	return 0;
}

static u32 whole(const struct xsl_call *call)
{
	return sizeof(call->head) + call->head.len;
}

/* Return: bytes that went out, fewer than there are if the ring is full. */
static int push_one(struct xsl_client *c, struct xsl_call *call)
{
	const u32 head = sizeof(call->head);
	int n = 0, more;

	if (call->sent < head) {
		n = pv_bytering_write(&c->out, (const char *)&call->head + call->sent,
				      head - call->sent);
		if (n < 0)
			return n;
		call->sent += n;
	}
	if (call->sent < head || call->sent == whole(call))
		return n;
	more = pv_bytering_write(&c->out, call->body + call->sent - head,
				 whole(call) - call->sent);
	if (more < 0)
		return more;
	call->sent += more;
	return n + more;
}

int xsl_client_push(struct xsl_client *c)
{
	int pushed = 0, n;

	while (!c->stopped && c->queue_head != c->queue_tail) {
		struct xsl_call *call = c->calls[c->queue[c->queue_head % XSL_CALLS]];

		n = push_one(c, call);
		if (n < 0)
			return n;
		pushed += n;
		if (call->sent < whole(call))
			break;
		c->queue_head++;
	}
	return pushed;
}

static void done(struct xsl_client *c, struct xsl_call *call)
{
	c->calls[call->head.req_id % XSL_CALLS] = NULL;
	c->live--;
}

/* The request that a reply is for: only one that went out wholly can have been answered. */
static struct xsl_call *asked(const struct xsl_client *c, u32 id)
{
	struct xsl_call *call = c->calls[id % XSL_CALLS];

	return call && call->head.req_id == id && call->sent == whole(call) ? call : NULL;
}

static int outcome(const struct xsl_call *call, const struct xsl_inbox *in)
{
	if (in->head.type == XS_ERROR)
		return xsl_text_errno(in->body, in->head.len);
	return in->head.type == call->head.type ? 0 : -EPROTO;
}

int xsl_client_pull(struct xsl_client *c, struct xsl_message *msg, bool *tell)
{
	const struct xsl_inbox *in = &c->inbox;
	u32 before = c->in.index;
	int ret;

	if (c->stopped)
		return 0;
	ret = xsl_inbox_fill(&c->inbox, &c->in);
	/*
	 * xenstored waits for room only if it saw the ring full, as it was with our index
	 * of before. Pairs with its barrier between its index and reading ours.
	 */
	virt_mb();
	*tell |= c->in.index != before &&
		 READ_ONCE(*c->in.theirs) - before >= XENSTORE_RING_SIZE;
	if (ret <= 0)
		return ret;
	msg->call = NULL;
	msg->error = 0;
	msg->body = in->body;
	msg->len = in->head.len;
	if (in->head.type == XS_WATCH_EVENT) {
		msg->news = XSL_NEWS_EVENT;
		return 1;
	}
	msg->news = XSL_NEWS_STRAY;
	msg->call = asked(c, in->head.req_id);
	if (msg->call) {
		msg->news = msg->call->abandoned ? XSL_NEWS_LATE : XSL_NEWS_REPLY;
		msg->error = outcome(msg->call, in);
		done(c, msg->call);
	}
	return 1;
}

static void unqueue(struct xsl_client *c, u32 at)
{
	u32 from, to = c->queue_head;

	for (from = c->queue_head; from != c->queue_tail; from++) {
		u8 place = c->queue[from % XSL_CALLS];

		if (place != at)
			c->queue[to++ % XSL_CALLS] = place;
	}
	c->queue_tail = to;
}

bool xsl_client_abandon(struct xsl_client *c, struct xsl_call *call)
{
	call->abandoned = true;
	if (call->sent)
		return false;
	unqueue(c, call->head.req_id % XSL_CALLS);
	done(c, call);
	return true;
}

struct xsl_call *xsl_client_expired(const struct xsl_client *c, unsigned long now)
{
	u32 at;

	for (at = 0; !c->stopped && c->live && at < XSL_CALLS; at++) {
		struct xsl_call *call = c->calls[at];

		if (call && !call->abandoned && (long)(now - call->deadline) >= 0)
			return call;
	}
	return NULL;
}

struct xsl_call *xsl_client_drop(struct xsl_client *c, bool all)
{
	struct xsl_call *call;
	u32 at;

	for (at = 0; at < XSL_CALLS; at++) {
		call = c->calls[at];
		if (call && (all || call->sent || call->head.tx_id)) {
			unqueue(c, at);
			done(c, call);
			return call;
		}
	}
	return NULL;
}
