/* SPDX-License-Identifier: GPL-2.0 */
/* Limits of the netif protocol that both directions share. PURE. */
#ifndef _PVNET_WIRE_H
#define _PVNET_WIRE_H

#include <linux/types.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <xen/interface/io/netif.h>

#include <pv/ring.h>

/* Grants and rings are in units of 4 KiB whatever the kernel's page size is. */
#define PVNET_PAGE_SIZE		4096U

#define PVNET_TX_ENTRIES	__CONST_RING_SIZE(xen_netif_tx, PVNET_PAGE_SIZE)
#define PVNET_RX_ENTRIES	__CONST_RING_SIZE(xen_netif_rx, PVNET_PAGE_SIZE)

/* Data slots that either side must accept for one packet. */
#define PVNET_MAX_SLOTS		XEN_NETIF_NR_SLOTS_MIN

/* The next one is the kernel's GSO_BY_FRAGS: it does not mean a size. */
#define PVNET_MAX_GSO_SIZE	0xFFFEU

/**
 * struct pvnet_gso - how a packet is to be segmented
 * @type: XEN_NETIF_GSO_TYPE_*; NONE for a packet that is no larger than the MTU
 * @size: payload bytes of one segment, up to PVNET_MAX_GSO_SIZE
 */
struct pvnet_gso {
	u8 type;
	u16 size;
};

#endif
