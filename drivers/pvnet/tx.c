// SPDX-License-Identifier: GPL-2.0
/* Transmit. Everything here runs under the queue's transmit lock. */
#include <linux/skbuff.h>
#include <xen/page.h>

#include "pvnet.h"
#include "txplan.h"

/* Wake a stopped queue when a run of packets fits, not just one. */
#define TX_WAKE_ROOM	(PVNET_TX_ENTRIES / 4)

/* Lives in skb->cb while any slot of the packet is in flight. */
struct tx_cb {
	unsigned int slots;
	unsigned int len;
};

static struct tx_cb *tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct tx_cb) > sizeof(skb->cb));
	return (struct tx_cb *)skb->cb;
}

static void tx_describe(struct pvnet_tx_head *head, const struct sk_buff *skb)
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

static void tx_put(struct pvnet_queue *q, struct sk_buff *skb,
		   struct pvnet_txplan *plan)
{
	domid_t domid = q->net->front.xdev->otherend_id;
	struct pvnet_tx *tx = &q->tx;
	struct pvnet_tx_head head;
	unsigned int i;

	tx_cb(skb)->slots = plan->nr;
	tx_cb(skb)->len = skb->len;
	for (i = 0; i < plan->nr; i++) {
		u16 id = pvnet_txring_get_id(&tx->ring);
		struct pvnet_tx_buf *buf = &tx->buf[id];

		buf->page = plan->page[i];
		buf->own = i < plan->own;
		buf->skb = skb;
		gnttab_grant_foreign_access_ref(buf->ref, domid,
						xen_page_to_gfn(buf->page),
						GTF_readonly);
		plan->slot[i].id = id;
		plan->slot[i].gref = buf->ref;
	}
	tx_describe(&head, skb);
	pvnet_txring_put(&tx->ring, &head, plan->slot, plan->nr);

	u64_stats_update_begin(&tx->sync);
	tx->stats.packets++;
	tx->stats.bytes += skb->len;
	tx->stats.gso_packets += skb_is_gso(skb);
	tx->stats.copied += plan->own == plan->nr;
	tx->stats.merged += plan->own && plan->own < plan->nr;
	u64_stats_update_end(&tx->sync);
}

static void tx_push(struct pvnet_queue *q)
{
	if (!pvnet_txring_push(&q->tx.ring))
		return;
	pvfront_event_notify(pvnet_tx_event(q));
	u64_stats_update_begin(&q->tx.sync);
	q->tx.stats.doorbells++;
	u64_stats_update_end(&q->tx.sync);
}

/**
 * pvnet_xmit() - ndo_start_xmit
 * @skb: the packet
 * @dev: the interface
 *
 * Context: transmit lock held, BH disabled.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the queue should not have been
 * running.
 */
netdev_tx_t pvnet_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_queue *q = &net->queue[skb_get_queue_mapping(skb)];
	struct netdev_queue *txq = netdev_get_tx_queue(dev, q->index);
	struct pvnet_tx *tx = &q->tx;
	struct pvnet_txplan plan;

	if (unlikely(pvnet_txring_room(&tx->ring) < PVNET_TX_MAX_ENTRIES)) {
		netif_tx_stop_queue(txq);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(pvfront_is_broken(&net->front) ||
		     !pvnet_txplan_make(&plan, net, skb))) {
		u64_stats_update_begin(&tx->sync);
		tx->stats.dropped++;
		u64_stats_update_end(&tx->sync);
		dev_kfree_skb_any(skb);
		/* This may have been the last of a run that was not shown yet. */
		if (!netdev_xmit_more() && !pvfront_is_broken(&net->front))
			tx_push(q);
		return NETDEV_TX_OK;
	}

	skb_tx_timestamp(skb);
	tx_put(q, skb, &plan);
	if (pvnet_txring_room(&tx->ring) < PVNET_TX_MAX_ENTRIES) {
		netif_tx_stop_queue(txq);
		u64_stats_update_begin(&tx->sync);
		tx->stats.stopped++;
		u64_stats_update_end(&tx->sync);
	}
	if (__netdev_tx_sent_queue(txq, skb->len, netdev_xmit_more()))
		tx_push(q);
	return NETDEV_TX_OK;
}

/* The caller frees the packet when the last of its slots is released. */
static struct sk_buff *tx_unref(struct pvnet_tx_buf *buf)
{
	struct sk_buff *skb = buf->skb;

	buf->skb = NULL;
	buf->page = NULL;
	return --tx_cb(skb)->slots ? NULL : skb;
}

/* Give page and reference away for as long as the backend keeps the page. */
static void tx_abandon(struct pvnet_tx_buf *buf)
{
	if (!buf->own)
		get_page(buf->page);
	gnttab_end_foreign_access(buf->ref, buf->page);
	buf->ref = INVALID_GRANT_REF;
}

/**
 * pvnet_tx_flush() - release all that is in flight when the ring is given up
 * @q: a queue whose NAPI and transmit path are stopped
 *
 * Context: process context.
 */
void pvnet_tx_flush(struct pvnet_queue *q)
{
	struct pvnet_tx *tx = &q->tx;
	unsigned int id, lost = 0;

	for (id = 0; id < PVNET_TX_ENTRIES; id++) {
		struct pvnet_tx_buf *buf = &tx->buf[id];
		struct sk_buff *skb;

		if (!buf->page)
			continue;
		tx_abandon(buf);
		skb = tx_unref(buf);
		if (!skb)
			continue;
		lost++;
		dev_kfree_skb_any(skb);
	}
	u64_stats_update_begin(&tx->sync);
	tx->stats.dropped += lost;
	u64_stats_update_end(&tx->sync);
}

struct tx_reaped {
	unsigned int packets;
	unsigned int bytes;
	unsigned int errors;
};

/* Returns 0, or -EBUSY if the backend answered and yet kept the page. */
static int tx_complete(struct pvnet_queue *q, const struct pvnet_tx_done *done,
		       struct tx_reaped *sum, int budget)
{
	struct pvnet_tx_buf *buf = &q->tx.buf[done->id];
	struct sk_buff *skb;
	int err = 0;

	if (unlikely(!gnttab_end_foreign_access_ref(buf->ref))) {
		tx_abandon(buf);
		err = -EBUSY;
	} else if (buf->own) {
		__free_page(buf->page);
	}

	sum->errors += !done->ok;
	skb = tx_unref(buf);
	if (skb) {
		sum->packets++;
		sum->bytes += tx_cb(skb)->len;
		napi_consume_skb(skb, budget);
	}
	return err;
}

static void tx_reap_locked(struct pvnet_queue *q, struct netdev_queue *txq,
			   int budget)
{
	struct pvnet_tx *tx = &q->tx;
	struct tx_reaped sum = { };
	struct pvnet_tx_done done;
	int ret;

	ret = pvnet_txring_look(&tx->ring);
	while (!ret) {
		ret = pvnet_txring_next(&tx->ring, &done);
		if (ret <= 0)
			break;
		tx->done++;
		ret = tx_complete(q, &done, &sum, budget);
	}
	if (ret < 0)
		pvfront_break(&q->net->front, ret == -EBUSY ?
			      "tx: page kept after its response" :
			      pvnet_txring_lie(ret));

	if (sum.errors) {
		u64_stats_update_begin(&tx->sync);
		tx->stats.errors += sum.errors;
		u64_stats_update_end(&tx->sync);
	}
	netdev_tx_completed_queue(txq, sum.packets, sum.bytes);
	if (netif_tx_queue_stopped(txq) &&
	    pvnet_txring_room(&tx->ring) >= TX_WAKE_ROOM)
		netif_tx_wake_queue(txq);
}

/**
 * pvnet_tx_reap() - take the backend's responses and free what they are for
 * @q: the queue
 * @budget: of the NAPI poll; 0 when netpoll calls
 *
 * Context: NAPI. Bounded by the size of the ring.
 */
void pvnet_tx_reap(struct pvnet_queue *q, int budget)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	if (READ_ONCE(q->tx.ring.ring.sring->rsp_prod) == q->tx.ring.ring.rsp_cons)
		return;
	/* netpoll may have interrupted the holder of the lock on this CPU. */
	if (budget)
		__netif_tx_lock(txq, smp_processor_id());
	else if (!__netif_tx_trylock(txq))
		return;
	tx_reap_locked(q, txq, budget);
	__netif_tx_unlock(txq);
}

/**
 * pvnet_tx_arm() - ask for an event when packets have been sent
 * @q: the queue
 *
 * Context: NAPI.
 * Return: true if there are responses to reap already.
 */
bool pvnet_tx_arm(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	bool more;

	__netif_tx_lock(txq, smp_processor_id());
	more = pvnet_txring_arm(&q->tx.ring);
	__netif_tx_unlock(txq);
	return more;
}

/**
 * pvnet_tx_timeout() - ndo_tx_timeout: a full ring has not moved for long
 * @dev: the interface
 * @index: the queue
 *
 * If the responses are there, their event was lost and polling mends it. If they
 * are not, all there is to do is to remind the backend.
 *
 * Context: the watchdog's timer, transmit paths frozen.
 */
void pvnet_tx_timeout(struct net_device *dev, unsigned int index)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_queue *q = &net->queue[index];
	struct netdev_queue *txq = netdev_get_tx_queue(dev, index);
	struct pvnet_tx *tx = &q->tx;
	bool lost;

	if (index >= net->nr_queues || !net->running ||
	    pvfront_is_broken(&net->front))
		return;

	__netif_tx_lock(txq, smp_processor_id());
	lost = READ_ONCE(tx->ring.ring.sring->rsp_prod) != tx->ring.ring.rsp_cons;
	netdev_warn(dev, "queue %u: %u requests not answered, %s\n", index,
		    tx->ring.pushed - tx->ring.ring.rsp_cons,
		    lost ? "an event was lost" : "the backend is stuck");
	u64_stats_update_begin(&tx->sync);
	tx->stats.timeouts++;
	tx->stats.lost_events += lost;
	u64_stats_update_end(&tx->sync);
	__netif_tx_unlock(txq);

	if (lost)
		napi_schedule(&q->napi);
	else
		pvfront_event_notify(pvnet_tx_event(q));
}
