// SPDX-License-Identifier: GPL-2.0
/* Ring pages and event channels. */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include <pv/front.h>

#include "internal.h"

/* NOIO: the disk being set up may be the one to write pages back to. */
#define PVFRONT_PAGES_GFP	(GFP_NOIO | __GFP_HIGH)

static void *pvfront_pages_alloc(struct pvfront *f, unsigned int nr)
{
	struct page *page;

	if (nr > 1)
		return alloc_pages_exact(nr * PAGE_SIZE,
					 PVFRONT_PAGES_GFP | __GFP_ZERO);
	page = pvfront_page_alloc(f, PVFRONT_PAGES_GFP);
	return page ? page_address(page) : NULL;
}

static int pvfront_pages_setup(struct pvfront *f, struct pvfront_pages *s,
			       unsigned int nr)
{
	struct pvfront_claim claim;
	unsigned int i;
	int err;

	err = pvfront_claim_refs(&claim, nr);
	if (err)
		return err;
	s->va = pvfront_pages_alloc(f, nr);
	if (!s->va) {
		pvfront_claim_end(&claim);
		return -ENOMEM;
	}
	s->front = f;
	s->to = f->to;
	s->nr = nr;
	for (i = 0; i < nr; i++) {
		s->ref[i] = pvfront_claim_next(&claim);
		pvfront_give(f->xdev, s->ref[i],
			     virt_to_page(s->va + i * PAGE_SIZE), false);
	}
	return 0;
}

int pvfront_pages_open(struct pvfront *f, struct pvfront_pages *s,
		       unsigned int nr)
{
	int err;

	if (WARN_ON_ONCE(!nr || nr > PVFRONT_MAX_RING_PAGES))
		return -EINVAL;

	err = pvfront_pages_setup(f, s, nr);
	if (err)
		pvfront_fail(f, err, "allocating %u ring pages", nr);
	return err;
}
EXPORT_SYMBOL_GPL(pvfront_pages_open);

void pvfront_pages_close(struct pvfront_pages *s)
{
	unsigned int i;

	if (!s->va)
		return;
	/* alloc_pages_exact() has made them pages that are freed one by one. */
	for (i = 0; i < s->nr; i++)
		pvfront_page_free(s->front, &s->to, &s->ref[i],
				  virt_to_page(s->va + i * PAGE_SIZE));
	s->va = NULL;
	s->nr = 0;
}
EXPORT_SYMBOL_GPL(pvfront_pages_close);

int pvfront_event_open(struct pvfront *f, struct pvfront_event *e,
		       irq_handler_t handler, void *cookie,
		       const char *fmt, ...)
{
	va_list args;
	int irq, err;

	va_start(args, fmt);
	vsnprintf(e->name, sizeof(e->name), fmt, args);
	va_end(args);

	err = pvfront_event_alloc(f->xdev->otherend_id, &e->port);
	if (err) {
		pvfront_fail(f, err, "allocating an event channel");
		return err;
	}

	irq = bind_evtchn_to_irqhandler_lateeoi(e->port, handler, 0, e->name,
						cookie);
	if (irq < 0) {
		xenbus_free_evtchn(f->xdev, e->port);
		pvfront_fail(f, irq, "binding the event channel");
		return irq;
	}
	e->irq = irq;
	e->cookie = cookie;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_event_open);

void pvfront_event_close(struct pvfront_event *e)
{
	if (!e->irq)
		return;
	unbind_from_irqhandler(e->irq, e->cookie);
	e->irq = 0;
}
EXPORT_SYMBOL_GPL(pvfront_event_close);
