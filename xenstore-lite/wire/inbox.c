// SPDX-License-Identifier: GPL-2.0
/* A message, byte by byte. See inbox.h. */
#include <linux/errno.h>

#include "inbox.h"

/* part() - take bytes until the message has @until of them; those of @to begin at @from */
static int part(struct xsl_inbox *in, struct pv_bytering *ring, char *to, u32 from, u32 until)
{
	unsigned int left;
	int n;

	if (in->have >= until)
		return 0;
	n = pv_bytering_read(ring, to + in->have - from, until - in->have, &left);
	if (n < 0)
		return n;
	in->have += n;
	return 0;
}

int xsl_inbox_fill(struct xsl_inbox *in, struct pv_bytering *ring)
{
	const u32 head = sizeof(in->head);
	int err;

	if (in->have >= head && in->have == head + in->head.len)
		in->have = 0;
	err = part(in, ring, (char *)&in->head, 0, head);
	if (err || in->have < head)
		return err;
	if (in->head.len > XENSTORE_PAYLOAD_MAX)
		return -EMSGSIZE;
	err = part(in, ring, in->body, head, head + in->head.len);
	if (err || in->have < head + in->head.len)
		return err;
	in->body[in->head.len] = '\0';
	return 1;
}
