/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client's side of the xenstore ring: requests, many of them in flight, and the replies
 * and events that come back. PURE: no lock, allocation or message; the caller serialises all
 * calls, and owns the requests.
 *
 * A request that was given up before its first byte went out never happened. One that was
 * given up later keeps its place until its reply comes: its bytes have to follow, or
 * xenstored would take the next request for its payload, and its number must not be another
 * one's. So a silent xenstored costs as many places as requests fit into its ring.
 */
#ifndef _XSL_CLIENT_H
#define _XSL_CLIENT_H

#include <linux/types.h>
#include <pv/bytering.h>
#include <xen/interface/io/xs_wire.h>

#include "inbox.h"

/* Requests in flight at most, a power of two. */
#define XSL_CALLS	128U

/**
 * struct xsl_call - one request
 * @head: its header; the client sets @head.req_id
 * @body: its payload, @head.len bytes, which stay until the request is done
 * @sent: bytes of header and payload in the ring
 * @deadline: when xsl_client_expired() has it, in ticks of the caller
 * @abandoned: nobody waits for the reply any more
 */
struct xsl_call {
	struct xsd_sockmsg head;
	const char *body;
	u32 sent;
	unsigned long deadline;
	bool abandoned;
};

/**
 * struct xsl_client - the client
 * @out: our end of the ring of requests
 * @in: our end of the ring of replies
 * @calls: requests in flight, by number modulo XSL_CALLS
 * @live: their number
 * @round: the number of the next request, without the place
 * @queue: places of requests that are not wholly in the ring, in their order
 * @queue_head: the first one, counted freely
 * @queue_tail: behind the last one
 * @inbox: the message that is coming
 * @stopped: the ring is not touched
 */
struct xsl_client {
	struct pv_bytering out;
	struct pv_bytering in;
	struct xsl_call *calls[XSL_CALLS];
	u32 live;
	u32 round;
	u8 queue[XSL_CALLS];
	u32 queue_head;
	u32 queue_tail;
	struct xsl_inbox inbox;
	bool stopped;
};

/**
 * enum xsl_news - what a message was
 * @XSL_NEWS_REPLY: the reply to a request that somebody waits for; the request is done
 * @XSL_NEWS_LATE: the reply to one that was given up; the request is done
 * @XSL_NEWS_EVENT: an event of a watch
 * @XSL_NEWS_STRAY: nothing that was asked for
 */
enum xsl_news {
	XSL_NEWS_REPLY,
	XSL_NEWS_LATE,
	XSL_NEWS_EVENT,
	XSL_NEWS_STRAY,
};

/**
 * struct xsl_message - a message that came
 * @news: what it is
 * @call: the request that it ends, else NULL
 * @error: 0, what XS_ERROR said, or -EPROTO for a reply of another kind than asked for
 * @body: the payload, behind it a zero byte, until the next message is taken
 * @len: length of the payload
 */
struct xsl_message {
	enum xsl_news news;
	struct xsl_call *call;
	int error;
	const char *body;
	u32 len;
};

/**
 * xsl_client_start() - begin to use a page, where its two indices of ours are
 * @c: the client, with no request in flight
 * @page: the page
 */
void xsl_client_start(struct xsl_client *c, struct xenstore_domain_interface *page);

/**
 * xsl_client_stop() - leave the ring alone from now on
 * @c: the client
 *
 * While the guest is saved the page may be the old host's or already the new one's, with
 * indices that are not ours. Requests can be added; they wait, and none expires.
 */
void xsl_client_stop(struct xsl_client *c);

/**
 * xsl_client_go() - go on with the same ring: the guest was not saved after all
 * @c: the client
 */
void xsl_client_go(struct xsl_client *c);

/**
 * xsl_client_restart() - go on with another ring, on another host
 * @c: the client, without what xsl_client_drop() has for the old one
 * @page: its page, with what the old xenstored has left there
 *
 * Requests that wait are sent to the new one.
 */
void xsl_client_restart(struct xsl_client *c, struct xenstore_domain_interface *page);

/**
 * xsl_client_add() - queue a request
 * @c: the client
 * @call: the request, its head.type, head.tx_id, head.len, body and deadline filled
 *
 * Return: 0, -EBUSY if there are XSL_CALLS in flight, -E2BIG if the payload is larger than
 * a message may be.
 */
int xsl_client_add(struct xsl_client *c, struct xsl_call *call);

/**
 * xsl_client_push() - put bytes of requests into the ring, as many as fit
 * @c: the client
 *
 * Return: their number; if it is not 0, xenstored is to be notified; -EPROTO if the index
 * of xenstored is impossible.
 */
int xsl_client_push(struct xsl_client *c);

/**
 * xsl_client_pull() - take the next message
 * @c: the client
 * @msg: filled if there is one
 * @tell: set to true if xenstored may wait for the room that there is now, and is to be notified
 *
 * Return: 1 if there is one, 0 if not, or an error of xsl_inbox_fill(), after which the
 * ring cannot be used any more.
 */
int xsl_client_pull(struct xsl_client *c, struct xsl_message *msg, bool *tell);

/**
 * xsl_client_abandon() - give a request up
 * @c: the client
 * @call: the request, in flight
 *
 * Return: true if the request is done, for nothing of it went out; false if the client
 * keeps it until its reply comes.
 */
bool xsl_client_abandon(struct xsl_client *c, struct xsl_call *call);

/**
 * xsl_client_expired() - find a request that is to be given up
 * @c: the client
 * @now: the time
 *
 * Return: one whose deadline has passed and that is not given up yet, or NULL, and NULL while
 * the client is stopped: the answer may be in the ring.
 */
struct xsl_call *xsl_client_expired(const struct xsl_client *c, unsigned long now);

/**
 * xsl_client_drop() - forget one request, because the ring ends
 * @c: the client
 * @all: any; otherwise only one that another xenstored cannot answer, for the old one has some
 *	of it, or has begun its transaction
 *
 * Return: the request, which is done, or NULL if none is left.
 */
struct xsl_call *xsl_client_drop(struct xsl_client *c, bool all);

#endif
