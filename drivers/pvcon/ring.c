// SPDX-License-Identifier: GPL-2.0
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include <asm/barrier.h>

#include "ring.h"

#define IN_SIZE		((u32)sizeof_field(struct xencons_interface, in))
#define OUT_SIZE	((u32)sizeof_field(struct xencons_interface, out))

static int pvcon_fill_in(const struct pvcon_ring *r, u32 in_prod)
{
	u32 fill = in_prod - r->in_cons;

	return fill <= IN_SIZE ? (int)fill : -EPROTO;
}

static int pvcon_fill_out(const struct pvcon_ring *r, u32 out_cons)
{
	u32 fill = r->out_prod - out_cons;

	return fill <= OUT_SIZE ? (int)fill : -EPROTO;
}

void pvcon_ring_start(struct pvcon_ring *r, struct xencons_interface *page,
		      const struct xencons_interface *old)
{
	*page = *old;
	r->shared = page;
	r->in_cons = old->in_cons;
	r->out_prod = old->out_prod;
	r->in_told = old->in_cons;
	r->in_prod_seen = old->in_prod;
	r->out_cons_seen = old->out_cons;
}

int pvcon_ring_save(const struct pvcon_ring *r, struct xencons_interface *to)
{
	const struct xencons_interface *page = r->shared;
	u32 in_prod = READ_ONCE(page->in_prod);
	u32 out_cons = READ_ONCE(page->out_cons);

	memset(to, 0, sizeof(*to));
	if (pvcon_fill_in(r, in_prod) < 0 || pvcon_fill_out(r, out_cons) < 0)
		return -EPROTO;

	memcpy(to->in, page->in, sizeof(to->in));
	memcpy(to->out, page->out, sizeof(to->out));
	to->in_cons = r->in_cons;
	to->in_prod = in_prod;
	to->out_cons = out_cons;
	to->out_prod = r->out_prod;
	return 0;
}

int pvcon_ring_read(struct pvcon_ring *r, char *buf, unsigned int len,
		    bool *tell)
{
	struct xencons_interface *page = r->shared;
	u32 at = r->in_cons % IN_SIZE;
	u32 count, first;
	int fill;

	*tell = false;
	/* Pairs with the backend's barrier between the bytes and in_prod. */
	fill = pvcon_fill_in(r, virt_load_acquire(&page->in_prod));
	if (fill < 0)
		return fill;

	count = min_t(u32, len, fill);
	first = min_t(u32, count, IN_SIZE - at);
	memcpy(buf, page->in + at, first);
	memcpy(buf + first, page->in, count - first);

	r->in_cons += count;
	/*
	 * Pairs with the backend's barrier between reading in_cons and reusing
	 * the room it frees.
	 */
	virt_store_release(&page->in_cons, r->in_cons);

	/*
	 * A backend waits for room only once it has seen the ring full, so it
	 * is enough to tell it when nothing is left to read, and half way to
	 * let it refill meanwhile: not once per hvc's 16 bytes.
	 */
	if (r->in_cons != r->in_told &&
	    (count == fill || r->in_cons - r->in_told >= IN_SIZE / 2)) {
		r->in_told = r->in_cons;
		*tell = true;
	}
	return count;
}

int pvcon_ring_write(struct pvcon_ring *r, const char *buf, unsigned int len)
{
	struct xencons_interface *page = r->shared;
	u32 at = r->out_prod % OUT_SIZE;
	u32 count, first;
	int fill;

	/* Pairs with the backend's barrier between the bytes and out_cons. */
	fill = pvcon_fill_out(r, virt_load_acquire(&page->out_cons));
	if (fill < 0)
		return fill;

	count = min_t(u32, len, OUT_SIZE - fill);
	first = min_t(u32, count, OUT_SIZE - at);
	memcpy(page->out + at, buf, first);
	memcpy(page->out, buf + first, count - first);

	r->out_prod += count;
	/* Pairs with the backend's barrier between out_prod and the bytes. */
	virt_store_release(&page->out_prod, r->out_prod);
	return count;
}

int pvcon_ring_unsent(const struct pvcon_ring *r)
{
	return pvcon_fill_out(r, READ_ONCE(r->shared->out_cons));
}

int pvcon_ring_news(struct pvcon_ring *r)
{
	u32 in_prod = READ_ONCE(r->shared->in_prod);
	u32 out_cons = READ_ONCE(r->shared->out_cons);
	int news = in_prod != r->in_prod_seen || out_cons != r->out_cons_seen;

	if (pvcon_fill_in(r, in_prod) < 0 || pvcon_fill_out(r, out_cons) < 0)
		return -EPROTO;

	r->in_prod_seen = in_prod;
	r->out_cons_seen = out_cons;
	return news;
}
