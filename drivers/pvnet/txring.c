// SPDX-License-Identifier: GPL-2.0
/* The transmit ring: packets out, responses in, each checked. PURE. */
#include <linux/errno.h>
#include <linux/compiler.h>

#include "txring.h"

void pvnet_txring_init(struct pvnet_txring *r, struct xen_netif_tx_sring *sring)
{
	u16 id;

	memset(r, 0, sizeof(*r));
	XEN_FRONT_RING_INIT(&r->ring, sring, PVNET_PAGE_SIZE);
	for (id = 0; id < PVNET_TX_ENTRIES; id++)
		r->free[r->nr_free++] = PVNET_TX_ENTRIES - 1 - id;
}

/*
 * An entry in use is an id in flight or an extra not answered, even if the backend
 * mixes up which answer is for which: ids are never short when entries are not.
 */
unsigned int pvnet_txring_room(const struct pvnet_txring *r)
{
	return RING_FREE_REQUESTS(&r->ring);
}

u16 pvnet_txring_next_id(const struct pvnet_txring *r)
{
	return r->free[r->nr_free - 1];
}

u16 pvnet_txring_get_id(struct pvnet_txring *r)
{
	return r->free[--r->nr_free];
}

static void pvnet_txring_put_data(struct pvnet_txring *r, const struct pvnet_tx_slot *slot,
				  u16 size, u16 flags)
{
	struct xen_netif_tx_request *req;

	req = RING_GET_REQUEST(&r->ring, r->ring.req_prod_pvt++);
	*req = (struct xen_netif_tx_request) {
		.gref = slot->gref,
		.offset = slot->offset,
		.flags = flags,
		.id = slot->id,
		.size = size,
	};
	r->busy[slot->id] = PVNET_TX_NEW;
}

static void pvnet_txring_put_gso(struct pvnet_txring *r, const struct pvnet_gso *gso)
{
	struct xen_netif_extra_info extra = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
		.u.gso.size = gso->size,
		.u.gso.type = gso->type,
	};

	memcpy(RING_GET_REQUEST(&r->ring, r->ring.req_prod_pvt++), &extra,
	       sizeof(extra));
	r->extras++;
}

void pvnet_txring_put(struct pvnet_txring *r, const struct pvnet_tx_head *head,
		      const struct pvnet_tx_slot *slot, unsigned int nr)
{
	bool gso = head->gso.type != XEN_NETIF_GSO_TYPE_NONE;
	u16 flags = head->flags | (gso ? XEN_NETTXF_extra_info : 0);
	unsigned int i;

	/* The first slot announces the size of the whole packet. */
	pvnet_txring_put_data(r, &slot[0], head->len,
			      flags | (nr > 1 ? XEN_NETTXF_more_data : 0));
	if (gso)
		pvnet_txring_put_gso(r, &head->gso);
	for (i = 1; i < nr; i++)
		pvnet_txring_put_data(r, &slot[i], slot[i].size,
				      i + 1 < nr ? XEN_NETTXF_more_data : 0);
}

bool pvnet_txring_push(struct pvnet_txring *r)
{
	bool notify;

	/* Before the barrier: pvnet_watch_park() looks at it. */
	WRITE_ONCE(r->pushed, r->ring.req_prod_pvt);
	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&r->ring, notify);
	return notify;
}

int pvnet_txring_look(struct pvnet_txring *r)
{
	return pv_ring_look(&r->ring.sring->rsp_prod, r->ring.rsp_cons, r->pushed,
			    &r->seen) < 0 ? -EOVERFLOW : 0;
}

int pvnet_txring_next(struct pvnet_txring *r, struct pvnet_tx_done *done)
{
	struct xen_netif_tx_response rsp;

	while (r->ring.rsp_cons != r->seen) {
		RING_COPY_RESPONSE(&r->ring, r->ring.rsp_cons, &rsp);

		if (rsp.status == XEN_NETIF_RSP_NULL) {
			if (!r->extras)
				return -EPROTO;
			r->extras--;
			r->ring.rsp_cons++;
			continue;
		}
		if (rsp.status > XEN_NETIF_RSP_OKAY ||
		    rsp.status < XEN_NETIF_RSP_DROPPED)
			return -EBADMSG;
		if (rsp.id >= PVNET_TX_ENTRIES)
			return -ERANGE;
		if (!r->busy[rsp.id])
			return -EALREADY;

		r->busy[rsp.id] = PVNET_TX_FREE;
		r->free[r->nr_free++] = rsp.id;
		r->ring.rsp_cons++;
		done->id = rsp.id;
		done->ok = rsp.status == XEN_NETIF_RSP_OKAY;
		return 1;
	}
	return 0;
}

bool pvnet_txring_age(struct pvnet_txring *r)
{
	bool before = r->withheld;
	unsigned int id;

	r->withheld = false;
	for (id = 0; id < PVNET_TX_ENTRIES; id++) {
		if (r->busy[id] == PVNET_TX_OLD)
			r->withheld = true;
		else if (r->busy[id] == PVNET_TX_NEW)
			r->busy[id] = PVNET_TX_OLD;
	}
	return r->withheld && !before;
}

bool pvnet_txring_arm(struct pvnet_txring *r, bool each)
{
	struct xen_netif_tx_sring *sring = r->ring.sring;
	RING_IDX cons = r->ring.rsp_cons;
	RING_IDX ahead = each || r->withheld ? 1 : 1 + (r->pushed - cons) / 2;
	RING_IDX taken = cons;

	/* Also true for responses that were seen and not taken. */
	return pv_ring_arm(&sring->rsp_event, cons + ahead, &sring->rsp_prod, &taken);
}

void pvnet_txring_want(struct pvnet_txring *r)
{
	/* Ordered before the requests' index by the barrier of the push. */
	WRITE_ONCE(r->ring.sring->rsp_event, r->ring.req_prod_pvt);
}

bool pvnet_txring_answered(const struct pvnet_txring *r)
{
	return READ_ONCE(r->ring.sring->rsp_prod) != r->ring.rsp_cons;
}

bool pvnet_txring_due(const struct pvnet_txring *r)
{
	const struct xen_netif_tx_sring *sring = r->ring.sring;

	return (s32)(READ_ONCE(sring->rsp_prod) - READ_ONCE(sring->rsp_event)) >= 0;
}

bool pvnet_txring_unseen(const struct pvnet_txring *r)
{
	return READ_ONCE(r->pushed) - READ_ONCE(r->ring.sring->req_event) < PVNET_TX_ENTRIES;
}

RING_IDX pvnet_txring_moves(const struct pvnet_txring *r)
{
	return READ_ONCE(r->ring.sring->rsp_prod) +
	       READ_ONCE(r->ring.sring->req_event);
}

enum pvfront_reason pvnet_txring_reason(int err)
{
	switch (err) {
	case -EOVERFLOW:
		return PVFRONT_BROKE_PRODUCER;
	case -ERANGE:
	case -EALREADY:
		return PVFRONT_BROKE_ID;
	case -EBADMSG:
		return PVFRONT_BROKE_STATUS;
	case -EPROTO:
		return PVFRONT_BROKE_EXTRA;
	default:
		return PVFRONT_NR_REASONS;
	}
}
