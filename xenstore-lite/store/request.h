/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request to xenstored that somebody waits for, and its reply. Each has a deadline, and a
 * fatal signal ends the wait when it has been long already.
 */
#ifndef _XSL_REQUEST_H
#define _XSL_REQUEST_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/types.h>
#include <linux/uio.h>

#include "wire/client.h"

/* How long xenstored has for an answer. */
#define XSL_DEADLINE	(30 * HZ)

/**
 * struct xsl_request - a request
 * @call: what the ring knows of it
 * @ref: one reference of who made it, one of the link from submitting until it is done
 * @flying: the link has it; under the lock of the link
 * @done: called once when the request has its outcome, in the thread of the link, if not NULL
 * @owner: for @done
 * @whole: completed when the request has its outcome
 * @error: 0 or a negative errno
 * @reply: the payload, with a zero byte behind it; of who made the request
 * @len: its length
 * @body: the payload of the request
 */
struct xsl_request {
	struct xsl_call call;
	struct kref ref;
	bool flying;
	void (*done)(struct xsl_request *req);
	void *owner;
	struct completion whole;
	int error;
	char *reply;
	u32 len;
	char body[];
};

/**
 * xsl_request_make() - make a request
 * @type: what is asked for
 * @tx: the transaction, 0 for none
 * @vec: the payload in pieces
 * @n: their number
 *
 * Return: the request, or ERR_PTR(-E2BIG) if the payload is larger than a message may be,
 * or ERR_PTR(-ENOMEM).
 */
struct xsl_request *xsl_request_make(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec,
				     unsigned int n);

/**
 * xsl_request_put() - give a reference back
 * @req: the request
 */
void xsl_request_put(struct xsl_request *req);

/**
 * xsl_request_finish() - set the outcome of a request
 * @req: the request
 * @error: 0 or a negative errno
 * @body: the reply, copied
 * @len: its length
 */
void xsl_request_finish(struct xsl_request *req, int error, const char *body, u32 len);

/**
 * xsl_talk() - ask xenstored and wait for the answer
 * @type: what is asked for
 * @tx: the transaction, 0 for none
 * @vec: the payload in pieces
 * @n: their number
 * @reply: set to the reply, to be freed by kfree(), with a zero byte behind it; may be NULL
 * @len: set to its length; may be NULL
 *
 * Return: 0, what xenstored said, -ETIMEDOUT if it said nothing, -EINTR if a fatal signal
 * came, -EIO if the ring is unusable, -EPROTO if the reply is no answer.
 */
int xsl_talk(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n,
	     char **reply, u32 *len);

/**
 * xsl_tell() - ask xenstored for something, and do not wait
 * @type: what is asked for
 * @tx: the transaction, 0 for none
 * @vec: the payload in pieces
 * @n: their number
 *
 * Return: 0 if it will be sent, -EBUSY if too much is in flight, or another negative errno.
 */
int xsl_tell(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n);

#endif
