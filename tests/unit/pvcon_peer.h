/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other end of a console page, byte by byte and modulo by hand, so that it
 * shares no code and no trick with drivers/pvcon/ring.c.
 */
#ifndef _TESTS_UNIT_PVCON_PEER_H
#define _TESTS_UNIT_PVCON_PEER_H

#include <linux/types.h>
#include <xen/interface/io/console.h>

/* Sends up to @len bytes to the guest; returns how many there was room for. */
static inline unsigned int peer_send(struct xencons_interface *page,
				     const unsigned char *bytes, unsigned int len)
{
	unsigned int n = 0;

	while (n < len && (u32)(page->in_prod - page->in_cons) != sizeof(page->in)) {
		page->in[page->in_prod % sizeof(page->in)] = (char)bytes[n++];
		page->in_prod++;
	}
	return n;
}

/* Fetches up to @len bytes of the guest's output; returns how many there were. */
static inline unsigned int peer_fetch(struct xencons_interface *page,
				      unsigned char *bytes, unsigned int len)
{
	unsigned int n = 0;

	while (n < len && page->out_cons != page->out_prod) {
		bytes[n++] = (unsigned char)page->out[page->out_cons % sizeof(page->out)];
		page->out_cons++;
	}
	return n;
}

#endif
