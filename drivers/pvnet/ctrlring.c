// SPDX-License-Identifier: GPL-2.0
/* The control ring: a request out, its response in, checked. PURE. */
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "ctrlring.h"

void pvnet_ctrlring_init(struct pvnet_ctrlring *r, struct xen_netif_ctrl_sring *sring)
{
	memset(r, 0, sizeof(*r));
	XEN_FRONT_RING_INIT(&r->ring, sring, PVNET_PAGE_SIZE);
}

bool pvnet_ctrlring_ask(struct pvnet_ctrlring *r, u16 type, const u32 data[3])
{
	struct xen_netif_ctrl_request *req = &r->last;
	bool notify;

	/* An id comes again after 65,536 requests only. */
	req->id++;
	req->type = type;
	memcpy(req->data, data, sizeof(req->data));
	*RING_GET_REQUEST(&r->ring, r->ring.req_prod_pvt++) = *req;

	/* Seen before the request is, so that its response cannot miss it. */
	WRITE_ONCE(r->ring.sring->rsp_event, r->ring.rsp_cons + 1);
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&r->ring, notify);
	return notify;
}

static int pvnet_ctrlring_status(u32 status, int *err)
{
	static const int errs[] = {
		[XEN_NETIF_CTRL_STATUS_SUCCESS] = 0,
		[XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED] = -EOPNOTSUPP,
		[XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER] = -EINVAL,
		[XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW] = -E2BIG,
	};

	if (status >= ARRAY_SIZE(errs))
		return -EBADMSG;
	*err = errs[status];
	return 0;
}

int pvnet_ctrlring_take(struct pvnet_ctrlring *r, struct pvnet_ctrl_answer *answer)
{
	struct xen_netif_ctrl_response rsp;
	int ret;

	ret = pv_ring_look(&r->ring.sring->rsp_prod, r->ring.rsp_cons, r->ring.req_prod_pvt,
			   &r->seen);
	if (ret < 0)
		return -EOVERFLOW;
	if (!ret)
		return 0;

	RING_COPY_RESPONSE(&r->ring, r->ring.rsp_cons, &rsp);
	if (rsp.id != r->last.id)
		return -ERANGE;
	if (rsp.type != r->last.type)
		return -ENOMSG;
	ret = pvnet_ctrlring_status(rsp.status, &answer->err);
	if (ret)
		return ret;
	answer->data = rsp.data;
	r->ring.rsp_cons++;
	return 1;
}

enum pvfront_reason pvnet_ctrlring_reason(int err)
{
	switch (err) {
	case -EOVERFLOW:
		return PVFRONT_BROKE_PRODUCER;
	case -ERANGE:
		return PVFRONT_BROKE_ID;
	case -ENOMSG:
		return PVFRONT_BROKE_OPERATION;
	case -EBADMSG:
		return PVFRONT_BROKE_STATUS;
	default:
		return PVFRONT_NR_REASONS;
	}
}

const char *pvnet_ctrlring_name(u16 type)
{
	static const char * const names[] = {
		[XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS] = "what can be hashed",
		[XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS] = "what to hash",
		[XEN_NETIF_CTRL_TYPE_SET_HASH_KEY] = "the hash key",
		[XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE] = "the size of its indirection table",
		[XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE] = "the indirection table's size",
		[XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING] = "the indirection table",
		[XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM] = "the hash function",
	};

	return type < ARRAY_SIZE(names) && names[type] ? names[type] : "?";
}
