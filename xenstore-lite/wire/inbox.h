/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One message of xenstored, put together from the bytes of its ring as they come. PURE.
 * The header is copied out of the shared page before it is looked at.
 */
#ifndef _XSL_INBOX_H
#define _XSL_INBOX_H

#include <linux/types.h>
#include <pv/bytering.h>
#include <xen/interface/io/xs_wire.h>

/**
 * struct xsl_inbox - the message that is coming
 * @head: its header, valid when @have has all of it
 * @have: bytes of header and payload so far
 * @body: its payload, and behind it a zero byte of ours
 */
struct xsl_inbox {
	struct xsd_sockmsg head;
	u32 have;
	char body[XENSTORE_PAYLOAD_MAX + 1];
};

/**
 * xsl_inbox_fill() - take what the ring has of a message
 * @in: the message; one that was whole is forgotten
 * @ring: the reader's end of the ring
 *
 * Return: 1 if the message is whole, 0 if there is more to come, -EPROTO if the index of
 * xenstored is impossible, -EMSGSIZE if the message is longer than one may be. After an
 * error nobody knows where the next message begins.
 */
int xsl_inbox_fill(struct xsl_inbox *in, struct pv_bytering *ring);

#endif
