// SPDX-License-Identifier: GPL-2.0
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>

#include <pv/front.h>

int pvfront_pages_open(struct pvfront *f, struct pvfront_pages *s,
		       unsigned int nr)
{
	int err;

	if (WARN_ON_ONCE(!nr || nr > PVFRONT_MAX_RING_PAGES))
		return -EINVAL;

	/* NOIO: the disk being set up may be the one to write pages back to. */
	err = xenbus_setup_ring(f->xdev, GFP_NOIO | __GFP_HIGH, &s->va, nr,
				s->ref);
	if (err) {
		xenbus_dev_fatal(f->xdev, err, "allocating %u ring pages", nr);
		return err;
	}
	s->nr = nr;
	return 0;
}
EXPORT_SYMBOL_GPL(pvfront_pages_open);

void pvfront_pages_close(struct pvfront_pages *s)
{
	if (!s->va)
		return;
	xenbus_teardown_ring(&s->va, s->nr, s->ref);
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

	err = xenbus_alloc_evtchn(f->xdev, &e->port);
	if (err)
		return err;

	irq = bind_evtchn_to_irqhandler_lateeoi(e->port, handler, 0, e->name,
						cookie);
	if (irq < 0) {
		xenbus_free_evtchn(f->xdev, e->port);
		xenbus_dev_fatal(f->xdev, irq, "binding the event channel");
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
