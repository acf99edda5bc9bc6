// SPDX-License-Identifier: GPL-2.0
/* Requests and the wait for their replies. See request.h. */
#define pr_fmt(fmt) "xenstore: " fmt

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/slab.h>

#include "link.h"
#include "request.h"

/*
 * A signal does not count before that: a process that was killed closes its devices, for which
 * requests have to be sent, and an answer comes within milliseconds.
 */
#define UNMOVED	(2 * HZ)

struct xsl_request *xsl_request_make(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec,
				     unsigned int n)
{
	struct xsl_request *req;
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		len += vec[i].iov_len;
	if (len > XENSTORE_PAYLOAD_MAX)
		return ERR_PTR(-E2BIG);
	/* A disk that memory is written to may be the one that asks. */
	req = kzalloc(struct_size(req, body, len), GFP_NOIO | __GFP_HIGH);
	if (!req)
		return ERR_PTR(-ENOMEM);
	kref_init(&req->ref);
	init_completion(&req->whole);
	req->call.head.type = type;
	req->call.head.tx_id = tx;
	req->call.body = req->body;
	for (i = 0; i < n; i++) {
		memcpy(req->body + req->call.head.len, vec[i].iov_base, vec[i].iov_len);
		req->call.head.len += vec[i].iov_len;
	}
	return req;
}

static void release(struct kref *ref)
{
	struct xsl_request *req = container_of(ref, struct xsl_request, ref);

	kfree(req->reply);
	kfree(req);
}

void xsl_request_put(struct xsl_request *req)
{
	kref_put(&req->ref, release);
}

void xsl_request_finish(struct xsl_request *req, int error, const char *body, u32 len)
{
	if (!error) {
		req->reply = kmalloc(len + 1, GFP_NOIO | __GFP_HIGH);
		if (req->reply) {
			memcpy(req->reply, body, len);
			req->reply[len] = '\0';
			req->len = len;
		} else {
			error = -ENOMEM;
		}
	}
	req->error = error;
	if (req->done)
		req->done(req);
	complete_all(&req->whole);
}

int xsl_talk(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n,
	     char **reply, u32 *len)
{
	struct xsl_request *req = xsl_request_make(type, tx, vec, n);
	int err;

	if (IS_ERR(req))
		return PTR_ERR(req);
	err = xsl_link_submit(req, XSL_DEADLINE);
	if (err)
		goto out;
	/* If the link has it no more, its outcome comes in a moment. */
	if (!wait_for_completion_timeout(&req->whole, UNMOVED) &&
	    wait_for_completion_killable(&req->whole) && xsl_link_abandon(req)) {
		err = -EINTR;
		goto out;
	}
	wait_for_completion(&req->whole);
	err = req->error;
	if (err)
		goto out;
	if (len)
		*len = req->len;
	if (reply) {
		*reply = req->reply;
		req->reply = NULL;
	}
out:
	xsl_request_put(req);
	return err;
}

int xsl_tell(enum xsd_sockmsg_type type, u32 tx, const struct kvec *vec, unsigned int n)
{
	struct xsl_request *req = xsl_request_make(type, tx, vec, n);
	int err;

	if (IS_ERR(req))
		return PTR_ERR(req);
	err = xsl_link_post(req, XSL_DEADLINE);
	xsl_request_put(req);
	return err;
}
