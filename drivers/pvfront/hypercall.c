// SPDX-License-Identifier: GPL-2.0
/* Hypercalls that no function of the kernel makes as we need them. */
#include <linux/export.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/grant_table.h>
#include <asm/xen/hypercall.h>

#include <pv/grant.h>

#include "internal.h"

int pvfront_event_alloc(domid_t backend, evtchn_port_t *port)
{
	struct evtchn_alloc_unbound alloc = {
		.dom = DOMID_SELF,
		.remote_dom = backend,
	};
	int err = HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &alloc);

	if (!err)
		*port = alloc.port;
	return err;
}

bool pvfront_domain_gone(domid_t domid)
{
	struct gnttab_query_size query = { .dom = domid };

	return !HYPERVISOR_grant_table_op(GNTTABOP_query_size, &query, 1) &&
	       query.status == GNTST_bad_domain;
}
EXPORT_SYMBOL_GPL(pvfront_domain_gone);
