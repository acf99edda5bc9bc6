// SPDX-License-Identifier: GPL-2.0
/* The receive ring: empty buffers out, slots of packets in, each checked. PURE. */
#include <linux/errno.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/kernel.h>

#include "rxring.h"

/* Only a legacy key that we never write allows the last one. */
#define RX_FLAGS_FIRST_ONLY	(XEN_NETRXF_extra_info | XEN_NETRXF_gso_prefix)

void pvnet_rxring_init(struct pvnet_rxring *r, struct xen_netif_rx_sring *sring)
{
	memset(r, 0, sizeof(*r));
	XEN_FRONT_RING_INIT(&r->ring, sring, PVNET_PAGE_SIZE);
}

static u16 pvnet_rxring_slot(RING_IDX index)
{
	return index & (PVNET_RX_ENTRIES - 1);
}

unsigned int pvnet_rxring_posted(const struct pvnet_rxring *r)
{
	return r->ring.req_prod_pvt - r->ring.rsp_cons;
}

bool pvnet_rxring_vacant(const struct pvnet_rxring *r, u16 *id)
{
	if (pvnet_rxring_posted(r) == PVNET_RX_ENTRIES)
		return false;
	*id = pvnet_rxring_slot(r->ring.req_prod_pvt);
	return true;
}

void pvnet_rxring_post(struct pvnet_rxring *r, grant_ref_t gref)
{
	RING_IDX index = r->ring.req_prod_pvt++;

	*RING_GET_REQUEST(&r->ring, index) = (struct xen_netif_rx_request) {
		.id = pvnet_rxring_slot(index),
		.gref = gref,
	};
}

bool pvnet_rxring_push(struct pvnet_rxring *r)
{
	bool notify;

	RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&r->ring, notify);
	r->pushed = r->ring.req_prod_pvt;
	return notify;
}

int pvnet_rxring_look(struct pvnet_rxring *r)
{
	return pv_ring_look(&r->ring.sring->rsp_prod, r->ring.rsp_cons, r->pushed,
			    &r->seen) < 0 ? -EOVERFLOW : 0;
}

static int pvnet_rxring_data(struct pvnet_rx_packet *pkt, RING_IDX index,
			     const struct xen_netif_rx_response *rsp)
{
	struct pvnet_rx_slot *slot;

	if (rsp->id != pvnet_rxring_slot(index))
		return -ERANGE;
	if (rsp->flags & (pkt->nr ? RX_FLAGS_FIRST_ONLY : XEN_NETRXF_gso_prefix))
		return -EPROTO;
	if (pkt->nr == PVNET_MAX_SLOTS)
		return -E2BIG;

	slot = &pkt->slot[pkt->nr++];
	slot->id = rsp->id;
	slot->offset = 0;
	slot->len = 0;
	if (rsp->status < 0) {
		pkt->failed = true;
		return 0;
	}
	if (rsp->offset + (unsigned int)rsp->status > PVNET_PAGE_SIZE)
		return -EFBIG;

	slot->offset = rsp->offset;
	slot->len = rsp->status;
	pkt->len += slot->len;
	return 0;
}

/* A hash is a hint to the stack: one that is not known is none. */
static void pvnet_rxring_hash(struct pvnet_rx_packet *pkt,
			      const struct xen_netif_extra_info *extra)
{
	static const u8 kinds[] = {
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV4] = PVNET_HASH_ADDRESSES,
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP] = PVNET_HASH_PORTS,
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV6] = PVNET_HASH_ADDRESSES,
		[_XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP] = PVNET_HASH_PORTS,
	};

	if (extra->u.hash.algorithm != XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ ||
	    extra->u.hash.type >= ARRAY_SIZE(kinds))
		return;
	pkt->hash_kind = kinds[extra->u.hash.type];
	memcpy(&pkt->hash, extra->u.hash.value, sizeof(pkt->hash));
}

static int pvnet_rxring_extra(struct pvnet_rx_packet *pkt, unsigned long *types,
			      const struct xen_netif_extra_info *extra)
{
	/* What segments and what was hashed; the rest never goes this way. */
	if (extra->type != XEN_NETIF_EXTRA_TYPE_GSO &&
	    extra->type != XEN_NETIF_EXTRA_TYPE_HASH)
		return -EBADMSG;
	/* Each type once, which is what bounds the chain. */
	if (*types & BIT(extra->type))
		return -EBADMSG;
	*types |= BIT(extra->type);

	if (extra->type == XEN_NETIF_EXTRA_TYPE_HASH)
		pvnet_rxring_hash(pkt, extra);
	if (extra->type == XEN_NETIF_EXTRA_TYPE_GSO) {
		if (!extra->u.gso.size || extra->u.gso.size > PVNET_MAX_GSO_SIZE ||
		    (extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV4 &&
		     extra->u.gso.type != XEN_NETIF_GSO_TYPE_TCPV6))
			return -EINVAL;
		pkt->gso.type = extra->u.gso.type;
		pkt->gso.size = extra->u.gso.size;
	}
	return 0;
}

/* Returns 1 with *at behind the last extra, 0 if that is not there, or -errno. */
static int pvnet_rxring_extras(const struct pvnet_rxring *r, RING_IDX *at,
			       struct pvnet_rx_packet *pkt)
{
	struct xen_netif_extra_info extra;
	unsigned long types = 0;
	int err;

	do {
		if (*at == r->seen)
			return 0;
		RING_COPY_RESPONSE(&r->ring, *at, &extra);
		err = pvnet_rxring_extra(pkt, &types, &extra);
		if (err)
			return err;
		(*at)++;
	} while (extra.flags & XEN_NETIF_EXTRA_FLAG_MORE);
	return 1;
}

int pvnet_rxring_next(struct pvnet_rxring *r, struct pvnet_rx_packet *pkt)
{
	struct xen_netif_rx_response rsp;
	RING_IDX at = r->ring.rsp_cons;
	int ret;

	pkt->nr = 0;
	pkt->len = 0;
	pkt->gso = (struct pvnet_gso) { .type = XEN_NETIF_GSO_TYPE_NONE };
	pkt->failed = false;
	pkt->hash_kind = PVNET_HASH_NONE;
	do {
		if (at == r->seen)
			return 0;
		RING_COPY_RESPONSE(&r->ring, at, &rsp);
		ret = pvnet_rxring_data(pkt, at, &rsp);
		if (ret)
			return ret;
		at++;
		if (pkt->nr > 1)
			continue;

		pkt->csum_blank = rsp.flags & XEN_NETRXF_csum_blank;
		pkt->validated = rsp.flags & XEN_NETRXF_data_validated;
		if (rsp.flags & XEN_NETRXF_extra_info) {
			ret = pvnet_rxring_extras(r, &at, pkt);
			if (ret <= 0)
				return ret;
		}
	} while (rsp.flags & XEN_NETRXF_more_data);

	r->ring.rsp_cons = at;
	return 1;
}

bool pvnet_rxring_arm(struct pvnet_rxring *r, unsigned int ahead)
{
	struct xen_netif_rx_sring *sring = r->ring.sring;
	RING_IDX seen = r->seen;

	/* Not behind rsp_cons: half a packet may lie between the two. */
	return pv_ring_arm(&sring->rsp_event, seen + ahead, &sring->rsp_prod, &seen);
}

bool pvnet_rxring_answered(const struct pvnet_rxring *r)
{
	return READ_ONCE(r->ring.sring->rsp_prod) != r->ring.rsp_cons;
}

enum pvfront_reason pvnet_rxring_reason(int err)
{
	switch (err) {
	case -EOVERFLOW:
		return PVFRONT_BROKE_PRODUCER;
	case -ERANGE:
		return PVFRONT_BROKE_ID;
	case -EFBIG:
		return PVFRONT_BROKE_LENGTH;
	case -E2BIG:
		return PVFRONT_BROKE_SLOTS;
	case -EBADMSG:
		return PVFRONT_BROKE_EXTRA;
	case -EINVAL:
		return PVFRONT_BROKE_SEGMENTS;
	case -EPROTO:
		return PVFRONT_BROKE_FLAGS;
	default:
		return PVFRONT_NR_REASONS;
	}
}
