/* SPDX-License-Identifier: GPL-2.0 */
/* What the stack is told of a packet received: checksums, segments, hashes. */
#ifndef _PVNET_RXOFFLOAD_H
#define _PVNET_RXOFFLOAD_H

#include <linux/types.h>

struct pvnet_rx;
struct pvnet_rx_packet;
struct sk_buff;

/**
 * pvnet_rx_offloads() - mark a packet with what is left to do to it
 * @rx: the receive side, for its counters
 * @skb: the packet, of the interface's device
 * @pkt: what the backend says of it
 *
 * Context: NAPI.
 * Return: 0, or -errno if its checksum cannot be found: it is to be dropped.
 */
int pvnet_rx_offloads(struct pvnet_rx *rx, struct sk_buff *skb,
		      const struct pvnet_rx_packet *pkt);

/**
 * pvnet_rx_hash() - tell the stack a packet's hash
 * @skb: the packet, of the interface's device
 * @pkt: what the backend says of it
 *
 * Return: whether there is one, and the user wants it.
 */
bool pvnet_rx_hash(struct sk_buff *skb, const struct pvnet_rx_packet *pkt);

#endif
