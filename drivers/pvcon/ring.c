// SPDX-License-Identifier: GPL-2.0
/* A console page as two byte rings: who is to be told of what. PURE. */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "ring.h"

#define PVCON_IN_SIZE	((u32)sizeof_field(struct xencons_interface, in))
#define PVCON_OUT_SIZE	((u32)sizeof_field(struct xencons_interface, out))

void pvcon_ring_start(struct pvcon_ring *r, struct xencons_interface *page,
		      const struct xencons_interface *old)
{
	*page = *old;
	r->shared = page;
	r->in = (struct pv_bytering){
		.bytes = page->in,
		.size = PVCON_IN_SIZE,
		.ours = &page->in_cons,
		.theirs = &page->in_prod,
		.index = old->in_cons,
	};
	r->out = (struct pv_bytering){
		.bytes = page->out,
		.size = PVCON_OUT_SIZE,
		.ours = &page->out_prod,
		.theirs = &page->out_cons,
		.index = old->out_prod,
	};
	r->in_told = old->in_cons;
	r->in_prod_seen = old->in_prod;
	r->out_cons_seen = old->out_cons;
}

/* Whether both of the backend's indices are possible. */
static bool pvcon_ring_sane(const struct pvcon_ring *r, u32 in_prod,
			    u32 out_cons)
{
	return pv_bytering_unread(&r->in, in_prod) >= 0 &&
	       pv_bytering_unsent(&r->out, out_cons) >= 0;
}

int pvcon_ring_save(const struct pvcon_ring *r, struct xencons_interface *to)
{
	const struct xencons_interface *page = r->shared;
	u32 in_prod = READ_ONCE(page->in_prod);
	u32 out_cons = READ_ONCE(page->out_cons);

	memset(to, 0, sizeof(*to));
	if (!pvcon_ring_sane(r, in_prod, out_cons))
		return -EPROTO;

	memcpy(to->in, page->in, sizeof(to->in));
	memcpy(to->out, page->out, sizeof(to->out));
	to->in_cons = r->in.index;
	to->in_prod = in_prod;
	to->out_cons = out_cons;
	to->out_prod = r->out.index;
	return 0;
}

int pvcon_ring_read(struct pvcon_ring *r, char *buf, unsigned int len,
		    bool *tell)
{
	unsigned int left;
	int count;

	*tell = false;
	count = pv_bytering_read(&r->in, buf, len, &left);
	if (count < 0)
		return count;

	/*
	 * A backend waits for room only once it has seen the ring full, so it
	 * is enough to tell it when nothing is left to read, and half way to
	 * let it refill meanwhile: not once per hvc's 16 bytes.
	 */
	if (r->in.index != r->in_told &&
	    (!left || r->in.index - r->in_told >= PVCON_IN_SIZE / 2)) {
		r->in_told = r->in.index;
		*tell = true;
	}
	return count;
}

int pvcon_ring_write(struct pvcon_ring *r, const char *buf, unsigned int len)
{
	return pv_bytering_write(&r->out, buf, len);
}

int pvcon_ring_unsent(const struct pvcon_ring *r)
{
	return pv_bytering_unsent(&r->out, READ_ONCE(r->shared->out_cons));
}

int pvcon_ring_news(struct pvcon_ring *r)
{
	u32 in_prod = READ_ONCE(r->shared->in_prod);
	u32 out_cons = READ_ONCE(r->shared->out_cons);
	int news = in_prod != r->in_prod_seen || out_cons != r->out_cons_seen;

	if (!pvcon_ring_sane(r, in_prod, out_cons))
		return -EPROTO;

	r->in_prod_seen = in_prod;
	r->out_cons_seen = out_cons;
	return news;
}
