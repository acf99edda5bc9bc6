// SPDX-License-Identifier: GPL-2.0
/* What the stack is told of a packet received: checksums, segments, hashes. */
#include <linux/skbuff.h>

#include "pvnet.h"
#include "rxoffload.h"

/*
 * What the backend says about segments is not verified here: SKB_GSO_DODGY and a
 * segment count of 0 make the stack do it where it matters.
 */
int pvnet_rx_offloads(struct pvnet_rx *rx, struct sk_buff *skb,
		      const struct pvnet_rx_packet *pkt)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	bool refill = false;
	int err;

	BUILD_BUG_ON(PVNET_MAX_GSO_SIZE >= GSO_BY_FRAGS);

	if (pkt->csum_blank)
		skb->ip_summed = CHECKSUM_PARTIAL;
	else if (pkt->validated)
		skb->ip_summed = CHECKSUM_UNNECESSARY;

	if (pkt->gso.type != XEN_NETIF_GSO_TYPE_NONE) {
		shinfo->gso_size = pkt->gso.size;
		shinfo->gso_type = SKB_GSO_DODGY;
		shinfo->gso_type |= pkt->gso.type == XEN_NETIF_GSO_TYPE_TCPV4 ?
				    SKB_GSO_TCPV4 : SKB_GSO_TCPV6;
		/* Segments get their checksums from a blank one only. */
		refill = skb->ip_summed != CHECKSUM_PARTIAL;
		skb->ip_summed = CHECKSUM_PARTIAL;
		if (unlikely(refill)) {
			u64_stats_update_begin(&rx->sync);
			rx->stats.gso_checksum_fixup++;
			u64_stats_update_end(&rx->sync);
		}
	}

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		err = skb_checksum_setup(skb, refill);
		if (err)
			return err;
	}
	if (likely(skb->dev->features & NETIF_F_RXCSUM))
		return 0;

	/* `ethtool -K rx off`: packets reach the stack as on a wire. */
	if (skb->ip_summed == CHECKSUM_PARTIAL && !skb_is_gso(skb))
		return skb_checksum_help(skb);
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

bool pvnet_rx_hash(struct sk_buff *skb, const struct pvnet_rx_packet *pkt)
{
	if (pkt->hash_kind == PVNET_HASH_NONE || !(skb->dev->features & NETIF_F_RXHASH))
		return false;
	skb_set_hash(skb, pkt->hash, pkt->hash_kind == PVNET_HASH_PORTS ?
		     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
	return true;
}
