// SPDX-License-Identifier: GPL-2.0
/* Transmit. Everything here runs under the queue's transmit lock. */
#include <linux/skbuff.h>

#include "pvnet.h"

static void pvnet_tx_describe(struct pvnet_tx_head *head, const struct sk_buff *skb)
{
	*head = (struct pvnet_tx_head) {
		.len = skb->len,
		.gso.type = XEN_NETIF_GSO_TYPE_NONE,
	};
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		head->flags = XEN_NETTXF_csum_blank | XEN_NETTXF_data_validated;
	else if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		head->flags = XEN_NETTXF_data_validated;

	if (skb_is_gso(skb)) {
		head->gso.size = skb_shinfo(skb)->gso_size;
		head->gso.type = skb_shinfo(skb)->gso_type & SKB_GSO_TCPV6 ?
				 XEN_NETIF_GSO_TYPE_TCPV6 :
				 XEN_NETIF_GSO_TYPE_TCPV4;
	}
}

static void pvnet_tx_put(struct pvnet_queue *q, struct sk_buff *skb)
{
	const struct xenbus_device *xdev = q->net->front.xdev;
	struct pvnet_tx *tx = &q->tx;
	struct pvnet_txplan *plan = &tx->plan;
	struct pvnet_tx_head head;
	bool first = !tx->held++;
	unsigned int i;

	*pvnet_tx_cb(skb) = (struct pvnet_tx_cb) { .slots = plan->nr };
	for (i = 0; i < plan->nr; i++) {
		u16 id = pvnet_txring_get_id(&tx->ring);
		struct pvnet_tx_buf *buf = &tx->buf[id];

		buf->page = plan->page[i];
		buf->own = i < plan->own;
		buf->skb = skb;
		pvfront_give(xdev, buf->ref, buf->page, true);
		plan->slot[i].id = id;
		plan->slot[i].gref = buf->ref;
	}
	pvnet_tx_describe(&head, skb);
	pvnet_txring_put(&tx->ring, &head, plan->slot, plan->nr);
	/* Nobody waited for a response before. */
	if (first)
		pvnet_txring_want(&tx->ring);

	u64_stats_update_begin(&tx->sync);
	tx->stats.packets++;
	tx->stats.bytes += skb->len;
	tx->stats.gso_packets += skb_is_gso(skb);
	tx->stats.copied += plan->own == plan->nr;
	tx->stats.merged += plan->own && plan->own < plan->nr;
	u64_stats_update_end(&tx->sync);
}

/* Whether @skb is small, and there is memory to copy it to. */
static bool pvnet_tx_is_small(struct pvnet_queue *q, const struct sk_buff *skb)
{
	struct pvnet_small *small = &q->tx.small;
	u16 id;

	if (skb->len > READ_ONCE(q->net->tuning.tx_copybreak) || skb->len < ETH_HLEN)
		return false;
	id = pvnet_txring_next_id(&q->tx.ring);
	/* A packet can do without: reserves are left to those who cannot. */
	return likely(pvnet_small_of(small, id)->va) ||
	       pvnet_small_open(&q->net->front, small, id, GFP_NOWAIT);
}

/*
 * A small packet goes where its id has bytes that the backend may read at any time.
 * So it is done with at once: no grant is made or taken back, and nobody waits for
 * the response. The backend copies packets of that size as well.
 */
static void pvnet_tx_put_small(struct pvnet_queue *q, struct sk_buff *skb)
{
	struct pvnet_tx *tx = &q->tx;
	u16 id = pvnet_txring_get_id(&tx->ring);
	const struct pvnet_small_page *small = pvnet_small_of(&tx->small, id);
	unsigned int len = skb->len;
	struct pvnet_tx_slot slot = {
		.gref = small->ref,
		.id = id,
		.offset = pvnet_small_offset(id),
		.size = len,
	};
	struct pvnet_tx_head head;

	skb_copy_bits(skb, 0, small->va + slot.offset, len);
	pvnet_tx_describe(&head, skb);
	pvnet_txring_put(&tx->ring, &head, &slot, 1);
	dev_consume_skb_any(skb);

	u64_stats_update_begin(&tx->sync);
	tx->stats.packets++;
	tx->stats.bytes += len;
	tx->stats.small++;
	u64_stats_update_end(&tx->sync);
}

static void pvnet_tx_drop(struct pvnet_queue *q, struct sk_buff *skb)
{
	u64_stats_update_begin(&q->tx.sync);
	q->tx.stats.dropped++;
	u64_stats_update_end(&q->tx.sync);
	dev_kfree_skb_any(skb);
}

static void pvnet_tx_notify(struct pvnet_queue *q)
{
	struct pvnet_tx *tx = &q->tx;

	u64_stats_update_begin(&tx->sync);
	tx->stats.notifies++;
	tx->stats.waited += tx->to_notify ? tx->waiting : 0;
	u64_stats_update_end(&tx->sync);
	tx->to_notify = false;
	pvfront_event_notify(pvnet_tx_event(q));
}

/*
 * The backend sees requests at once if it is at work. If it wants to be told of them,
 * that waits for the end of the poll we are called from, or for more of them. With
 * interrupts off it is netpoll that sends, perhaps the last words of this kernel.
 */
static void pvnet_tx_push(struct pvnet_queue *q, bool now)
{
	struct pvnet_tx *tx = &q->tx;
	bool wanted = pvnet_txring_push(&tx->ring);

	if (unlikely(pvnet_watch_is_parked(&q->net->watch)))
		pvnet_watch_wake(q->net);
	if (!wanted && !tx->to_notify)
		return;
	if (now || irqs_disabled()) {
		pvnet_tx_notify(q);
	} else if (READ_ONCE(q->polling) == smp_processor_id()) {
		if (!tx->to_notify)
			tx->waiting = 0;
		tx->waiting++;
		WRITE_ONCE(tx->to_notify, true);
	} else if (!pvnet_tx_may_wait(q)) {
		pvnet_tx_notify(q);
	}
}

void pvnet_tx_notify_now(struct pvnet_queue *q)
{
	struct pvnet_tx *tx = &q->tx;

	if (!tx->to_notify)
		return;
	if (READ_ONCE(q->ticked))
		pvnet_pace_gathered(&tx->pace, tx->waiting);
	pvnet_tx_notify(q);
}

/*
 * A stream of small packets asks for no event: what was answered is taken here when
 * the ring is half full. With the ring full, half of it answered is worth an event.
 */
static void pvnet_tx_room(struct pvnet_queue *q, struct netdev_queue *txq)
{
	struct pvnet_tx *tx = &q->tx;

	if (likely(pvnet_txring_room(&tx->ring) >= PVNET_TX_ENTRIES / 2))
		return;
	if (pvnet_txring_answered(&tx->ring))
		pvnet_tx_make_room(q, txq);
	if (pvnet_txring_room(&tx->ring) >= PVNET_TX_MAX_ENTRIES)
		return;

	netif_tx_stop_queue(txq);
	u64_stats_update_begin(&tx->sync);
	tx->stats.stopped++;
	u64_stats_update_end(&tx->sync);
}

static void pvnet_tx_enqueue(struct pvnet_queue *q, struct sk_buff *skb)
{
	if (pvnet_tx_is_small(q, skb)) {
		skb_tx_timestamp(skb);
		pvnet_tx_put_small(q, skb);
	} else if (likely(pvnet_txplan_make(&q->tx.plan, q->net, skb))) {
		skb_tx_timestamp(skb);
		pvnet_tx_put(q, skb);
	} else {
		pvnet_tx_drop(q, skb);
	}
}

/*
 * Bytes in flight are not limited as those of a network card are (BQL): the backend
 * answers a packet when whoever it is for, another guest perhaps, has let go of it, which
 * may take it 10 s, and all others would wait for that.
 */

netdev_tx_t pvnet_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_queue *q = &net->queue[skb_get_queue_mapping(skb)];
	struct netdev_queue *txq = netdev_get_tx_queue(dev, q->index);

	/* An AF_XDP socket stays bound to a queue that is used no more. */
	if (unlikely(pvfront_is_broken(&net->front) || q->index >= net->nr_queues)) {
		pvnet_tx_drop(q, skb);
		return NETDEV_TX_OK;
	}
	if (unlikely(pvnet_txring_room(&q->tx.ring) < PVNET_TX_MAX_ENTRIES)) {
		netif_tx_stop_queue(txq);
		return NETDEV_TX_BUSY;
	}
	pvnet_tx_enqueue(q, skb);
	pvnet_tx_room(q, txq);
	if (unlikely(netif_xmit_stopped(txq))) {
		pvnet_tx_push(q, true);
		/* The event asked for may be for what was answered before. */
		if (pvnet_txring_arm(&q->tx.ring, false))
			napi_schedule(&q->napi);
	} else if (!netdev_xmit_more()) {
		/* This ends a run even if it was dropped itself. */
		pvnet_tx_push(q, false);
	}
	return NETDEV_TX_OK;
}
