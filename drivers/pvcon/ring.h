/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two byte rings of a console page, seen from the guest: it consumes "in" and
 * produces "out". PURE. What of the page can be believed is include/pv/bytering.h's
 * rule.
 */
#ifndef _PVCON_RING_H
#define _PVCON_RING_H

#include <linux/types.h>
#include <pv/bytering.h>
#include <xen/interface/io/console.h>

/**
 * struct pvcon_ring - the guest's side of one console page
 * @shared: the page
 * @in: our end of "in", the reader's
 * @out: our end of "out", the writer's
 * @in_told: @in's index when the backend was last to be told of room in "in"
 * @in_prod_seen: the backend's in_prod at the last pvcon_ring_news()
 * @out_cons_seen: the backend's out_cons at the last pvcon_ring_news()
 *
 * All functions below expect the caller to keep others away from the structure.
 */
struct pvcon_ring {
	struct xencons_interface *shared;
	struct pv_bytering in;
	struct pv_bytering out;
	u32 in_told;
	u32 in_prod_seen;
	u32 out_cons_seen;
};

/**
 * pvcon_ring_start() - begin using a page that no backend has mapped yet
 * @r: the ring
 * @page: the page
 * @old: contents to go on with, from pvcon_ring_save(), or zeroed
 */
void pvcon_ring_start(struct pvcon_ring *r, struct xencons_interface *page,
		      const struct xencons_interface *old);

/**
 * pvcon_ring_save() - copy a ring whose backend is gone, unread bytes included
 * @r: the ring
 * @to: where it goes; zeroed on error
 *
 * Return: 0, or -EPROTO if the backend's indices are impossible.
 */
int pvcon_ring_save(const struct pvcon_ring *r, struct xencons_interface *to);

/**
 * pvcon_ring_read() - take bytes the backend has sent
 * @r: the ring
 * @buf: where they go
 * @len: room there
 * @tell: set if the backend may be waiting for the room this has made
 *
 * Return: bytes taken, or -EPROTO if the backend's index is impossible.
 */
int pvcon_ring_read(struct pvcon_ring *r, char *buf, unsigned int len,
		    bool *tell);

/**
 * pvcon_ring_write() - send bytes to the backend, as many as fit
 * @r: the ring
 * @buf: the bytes
 * @len: their number
 *
 * Return: bytes sent, 0 if the ring is full, or -EPROTO if the backend's index
 * is impossible.
 */
int pvcon_ring_write(struct pvcon_ring *r, const char *buf, unsigned int len);

/**
 * pvcon_ring_unsent() - count the bytes the backend has not fetched
 * @r: the ring
 *
 * Return: their number, or -EPROTO if the backend's index is impossible.
 */
int pvcon_ring_unsent(const struct pvcon_ring *r);

/**
 * pvcon_ring_news() - what an event was about
 * @r: the ring
 *
 * Return: 1 if the backend has sent or fetched anything since the last call, 0
 * if not, -EPROTO if one of its indices is impossible.
 */
int pvcon_ring_news(struct pvcon_ring *r);

#endif
