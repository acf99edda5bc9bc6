// SPDX-License-Identifier: GPL-2.0
/* Rings and event channels of frontends: pages that the other end may use, and a port for it. */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <xen/grant_table.h>
#include <xen/interface/event_channel.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>

#include "bus.h"

int xenbus_setup_ring(struct xenbus_device *dev, gfp_t gfp, void **vaddr,
		      unsigned int nr_pages, grant_ref_t *grefs)
{
	char *page = alloc_pages_exact(nr_pages * XEN_PAGE_SIZE, gfp | __GFP_ZERO);
	grant_ref_t head;
	unsigned int i;
	int err = -ENOMEM;

	*vaddr = NULL;
	for (i = 0; i < nr_pages; i++)
		grefs[i] = INVALID_GRANT_REF;
	if (!page)
		return err;
	err = gnttab_alloc_grant_references(nr_pages, &head);
	if (err) {
		xenbus_dev_fatal(dev, err, "no %u grants for a ring", nr_pages);
		free_pages_exact(page, nr_pages * XEN_PAGE_SIZE);
		return err;
	}
	*vaddr = page;
	for (i = 0; i < nr_pages; i++, page += XEN_PAGE_SIZE) {
		grefs[i] = gnttab_claim_grant_reference(&head);
		gnttab_grant_foreign_access_ref(grefs[i], dev->otherend_id, virt_to_gfn(page), 0);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(xenbus_setup_ring);

/* A page that the other end still maps is freed when it does not any more. */
static void end_page(void *page, grant_ref_t *gref)
{
	struct page *p = page ? virt_to_page(page) : NULL;

	if (*gref != INVALID_GRANT_REF)
		gnttab_end_foreign_access(*gref, p);
	else if (p)
		put_page(p);
	*gref = INVALID_GRANT_REF;
}

void xenbus_teardown_ring(void **vaddr, unsigned int nr_pages, grant_ref_t *grefs)
{
	unsigned int i;

	for (i = 0; i < nr_pages; i++)
		end_page(*vaddr ? *vaddr + i * XEN_PAGE_SIZE : NULL, &grefs[i]);
	*vaddr = NULL;
}
EXPORT_SYMBOL_GPL(xenbus_teardown_ring);

int xenbus_alloc_evtchn(struct xenbus_device *dev, evtchn_port_t *port)
{
	struct evtchn_alloc_unbound op = {
		.dom = DOMID_SELF,
		.remote_dom = dev->otherend_id,
	};
	int err = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &op);

	if (err)
		xenbus_dev_fatal(dev, err, "no event channel");
	else
		*port = op.port;
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_alloc_evtchn);

int xenbus_free_evtchn(struct xenbus_device *dev, evtchn_port_t port)
{
	struct evtchn_close op = { .port = port };
	int err = HYPERVISOR_event_channel_op(EVTCHNOP_close, &op);

	if (err)
		xenbus_dev_error(dev, err, "closing event channel %u", port);
	return err;
}
EXPORT_SYMBOL_GPL(xenbus_free_evtchn);
