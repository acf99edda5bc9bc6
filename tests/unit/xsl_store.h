/* SPDX-License-Identifier: GPL-2.0 */
/* The far end of a xenstore ring, for tests: it sees requests, and answers as it is told. */
#ifndef _TESTS_UNIT_XSL_STORE_H
#define _TESTS_UNIT_XSL_STORE_H

#include <linux/types.h>
#include <xen/interface/io/xs_wire.h>

#include <pv/bytering.h>

/**
 * struct xsl_store - a xenstored
 * @page: the shared page
 * @req: its end of the ring of requests
 * @rsp: its end of the ring of replies
 */
struct xsl_store {
	struct xenstore_domain_interface *page;
	struct pv_bytering req;
	struct pv_bytering rsp;
};

static inline void store_start(struct xsl_store *s, struct xenstore_domain_interface *page)
{
	struct pv_bytering end = { .size = XENSTORE_RING_SIZE };

	s->page = page;
	s->req = end;
	s->req.bytes = page->req;
	s->req.ours = &page->req_cons;
	s->req.theirs = &page->req_prod;
	s->req.index = page->req_cons;
	s->rsp = end;
	s->rsp.bytes = page->rsp;
	s->rsp.ours = &page->rsp_prod;
	s->rsp.theirs = &page->rsp_cons;
	s->rsp.index = page->rsp_prod;
}

/* Return: bytes of requests taken. */
static inline int store_take(struct xsl_store *s, void *buf, unsigned int len)
{
	unsigned int left;

	return pv_bytering_read(&s->req, buf, len, &left);
}

/* Return: bytes of a reply that the ring had room for. */
static inline int store_put(struct xsl_store *s, const void *buf, unsigned int len)
{
	return pv_bytering_write(&s->rsp, buf, len);
}

#endif
