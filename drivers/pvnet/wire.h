/* SPDX-License-Identifier: GPL-2.0 */
/* Limits of the netif protocol that both directions share. PURE. */
#ifndef _PVNET_WIRE_H
#define _PVNET_WIRE_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <linux/string.h>
#include <asm/barrier.h>
#include <xen/interface/xen.h>
#include <xen/interface/io/netif.h>

/* Grants and rings are in units of 4 KiB whatever the kernel's page size is. */
#define PVNET_PAGE_SIZE		4096U

#define PVNET_TX_ENTRIES	__CONST_RING_SIZE(xen_netif_tx, PVNET_PAGE_SIZE)
#define PVNET_RX_ENTRIES	__CONST_RING_SIZE(xen_netif_rx, PVNET_PAGE_SIZE)

/* Data slots that either side must accept for one packet. */
#define PVNET_MAX_SLOTS		XEN_NETIF_NR_SLOTS_MIN

/**
 * struct pvnet_gso - how a packet is to be segmented
 * @type: XEN_NETIF_GSO_TYPE_*; NONE for a packet that is no larger than the MTU
 * @size: payload bytes of one segment
 */
struct pvnet_gso {
	u8 type;
	u16 size;
};

/**
 * pvnet_look() - read how far the backend's responses go
 * @rsp_prod: its index, in the shared page
 * @cons: responses taken
 * @pushed: requests shown to it
 * @seen: on 0, its index, checked; responses up to there may be read
 *
 * Stricter than RING_RESPONSE_PROD_OVERFLOW(), which only bounds by the size of
 * the ring: what was never asked cannot be answered.
 *
 * Return: 0, or -EOVERFLOW if there are more responses than requests.
 */
static inline int pvnet_look(const RING_IDX *rsp_prod, RING_IDX cons,
			     RING_IDX pushed, RING_IDX *seen)
{
	RING_IDX prod = READ_ONCE(*rsp_prod);

	if (prod - cons > pushed - cons)
		return -EOVERFLOW;
	/* Pairs with the backend's barrier between response and index. */
	virt_rmb();
	*seen = prod;
	return 0;
}

/**
 * pvnet_arm() - ask for an event
 * @rsp_event: where to ask, in the shared page
 * @event: index of the response to be told of
 * @rsp_prod: the backend's index, in the shared page
 * @seen: that index as last read
 *
 * Return: true if there are more responses: no event may come for them.
 */
static inline bool pvnet_arm(RING_IDX *rsp_event, RING_IDX event,
			     const RING_IDX *rsp_prod, RING_IDX seen)
{
	WRITE_ONCE(*rsp_event, event);
	/*
	 * Pairs with the backend's barrier between its index and its look at
	 * rsp_event: one of the two sees the other's write.
	 */
	virt_mb();
	return READ_ONCE(*rsp_prod) != seen;
}

#endif
