// SPDX-License-Identifier: GPL-2.0
/* What becomes of packets on the transmit ring: answered, given up, overdue. */
#include <linux/skbuff.h>

#include <pv/compat/mm.h>

#include "pvnet.h"

/* Responses that are taken before others get the transmit lock. */
#define TX_REAP_BATCH	64U

/* The caller frees the packet when the last of its slots is released. */
static struct sk_buff *pvnet_tx_unref(struct pvnet_tx_buf *buf)
{
	struct sk_buff *skb = buf->skb;

	buf->skb = NULL;
	buf->page = NULL;
	return --pvnet_tx_cb(skb)->slots ? NULL : skb;
}

/* Give page and reference away for as long as the backend keeps the page. */
static void pvnet_tx_abandon(struct pvnet_queue *q, struct pvnet_tx_buf *buf)
{
	struct page *page = buf->own ? buf->page : pv_page_get(buf->page);

	pvfront_retire(&q->net->front, &q->net->front.to, &buf->ref, page, true);
}

/*
 * What a run of responses ends: its packets, linked by their next pointers, are freed
 * once the transmit lock is released.
 */
struct tx_reaped {
	struct sk_buff *skbs;
	struct sk_buff **end;
	unsigned int errors;
};

/* Returns 0, or -EBUSY if the backend answered and yet kept the page. */
static int pvnet_tx_complete(struct pvnet_queue *q, const struct pvnet_tx_done *done,
			     struct tx_reaped *sum)
{
	struct pvnet_tx_buf *buf = &q->tx.buf[done->id];
	struct sk_buff *skb;

	if (!buf->page) {	/* a small packet */
		sum->errors += !done->ok;
		return 0;
	}
	pvnet_tx_cb(buf->skb)->failed |= !done->ok;
	/* The packet stays until pvnet_tx_flush(), which retires the page. */
	if (unlikely(!pvfront_take_back(buf->ref)))
		return -EBUSY;
	if (buf->own)
		__free_page(buf->page);

	skb = pvnet_tx_unref(buf);
	if (skb) {
		q->tx.held--;
		sum->errors += pvnet_tx_cb(skb)->failed;
		*sum->end = skb;
		sum->end = &skb->next;
	}
	return 0;
}

/* Returns whether there may be more than the @most responses that were taken. */
static bool pvnet_tx_take(struct pvnet_queue *q, struct netdev_queue *txq,
			  struct tx_reaped *sum, unsigned int most)
{
	struct pvnet_tx *tx = &q->tx;
	struct pvnet_tx_done done;
	unsigned int taken = 0;
	int ret;

	sum->end = &sum->skbs;
	ret = pvnet_txring_look(&tx->ring);
	while (!ret && taken < most) {
		ret = pvnet_txring_next(&tx->ring, &done);
		if (ret <= 0)
			break;
		taken++;
		ret = pvnet_tx_complete(q, &done, sum);
	}
	if (ret < 0)
		pvfront_break(&q->net->front, ret == -EBUSY ?
			      PVFRONT_BROKE_MAPPED : pvnet_txring_reason(ret));

	if (unlikely(sum->errors)) {
		u64_stats_update_begin(&tx->sync);
		tx->stats.errors += sum->errors;
		u64_stats_update_end(&tx->sync);
	}
	*sum->end = NULL;
	/* The largest packet fits. More may never come: the backend may withhold the rest. */
	if (netif_tx_queue_stopped(txq) && READ_ONCE(q->net->running) &&
	    pvnet_txring_room(&tx->ring) >= PVNET_TX_MAX_ENTRIES)
		netif_tx_wake_queue(txq);
	return ret >= 0 && taken == most;
}

static void pvnet_tx_free(struct sk_buff *skb, int budget)
{
	while (skb) {
		struct sk_buff *next = skb->next;

		skb_mark_not_on_list(skb);
		napi_consume_skb(skb, budget);
		skb = next;
	}
}

void pvnet_tx_make_room(struct pvnet_queue *q, struct netdev_queue *txq)
{
	struct tx_reaped sum = { };

	pvnet_tx_take(q, txq, &sum, PVNET_TX_ENTRIES);
	pvnet_tx_free(sum.skbs, 0);
}

void pvnet_tx_wake(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	__netif_tx_lock_bh(txq);
	if (pvnet_txring_room(&q->tx.ring) >= PVNET_TX_MAX_ENTRIES)
		netif_tx_wake_queue(txq);
	__netif_tx_unlock_bh(txq);
}

void pvnet_tx_flush(struct pvnet_queue *q)
{
	struct pvnet_tx *tx = &q->tx;
	unsigned int id, lost = 0;

	for (id = 0; id < PVNET_TX_ENTRIES; id++) {
		struct pvnet_tx_buf *buf = &tx->buf[id];
		struct sk_buff *skb;

		if (!buf->page)
			continue;
		pvnet_tx_abandon(q, buf);
		skb = pvnet_tx_unref(buf);
		if (!skb)
			continue;
		lost++;
		dev_kfree_skb_any(skb);
	}
	tx->held = 0;
	tx->to_notify = false;
	u64_stats_update_begin(&tx->sync);
	tx->stats.dropped += lost;
	u64_stats_update_end(&tx->sync);
}

void pvnet_tx_reap(struct pvnet_queue *q, int budget)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	unsigned int taken = 0;
	bool more;

	/* Small packets are freed already; xmit takes their responses when it must. */
	if (!pvnet_txring_answered(&q->tx.ring))
		return;
	if (!READ_ONCE(q->tx.held) && !netif_xmit_stopped(txq) &&
	    !test_bit(PVNET_TX_EVENT, &q->owed))
		return;
	do {
		struct tx_reaped sum = { };

		/* netpoll may have interrupted the holder of the lock on this CPU. */
		if (budget)
			__netif_tx_lock(txq, smp_processor_id());
		else if (!__netif_tx_trylock(txq))
			return;
		more = pvnet_tx_take(q, txq, &sum, TX_REAP_BATCH);
		__netif_tx_unlock(txq);
		pvnet_tx_free(sum.skbs, budget);
		taken += TX_REAP_BATCH;
	} while (more && taken < PVNET_TX_ENTRIES);
}

bool pvnet_tx_finish(struct pvnet_queue *q, bool last)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	bool more = false, waits;

	WRITE_ONCE(q->polling, -1);
	/*
	 * Without the lock: a sender that holds a packet back from now on does not count
	 * on this poll, and one that needs an event from now on asks for it itself.
	 */
	waits = last && (READ_ONCE(q->tx.held) || netif_xmit_stopped(txq));
	if (!waits && !READ_ONCE(q->tx.to_notify))
		return false;
	__netif_tx_lock(txq, smp_processor_id());
	pvnet_tx_notify_now(q);
	if (waits)
		more = pvnet_txring_arm(&q->tx.ring, !READ_ONCE(q->net->running));
	__netif_tx_unlock(txq);
	return more;
}

void pvnet_tx_timeout(struct net_device *dev, unsigned int index)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_queue *q = &net->queue[index];
	struct netdev_queue *txq = netdev_get_tx_queue(dev, index);
	struct pvnet_tx *tx = &q->tx;
	bool answered, lost;

	if (index >= net->nr_queues || !net->running ||
	    pvfront_is_broken(&net->front))
		return;

	__netif_tx_lock(txq, smp_processor_id());
	answered = pvnet_txring_answered(&tx->ring);
	lost = answered && pvnet_txring_due(&tx->ring);
	netdev_warn(dev, "queue %u: %u requests not answered, %s\n", index,
		    tx->ring.pushed - tx->ring.ring.rsp_cons,
		    lost ? "an event was lost" : "the backend is stuck");
	u64_stats_update_begin(&tx->sync);
	tx->stats.timeouts++;
	tx->stats.lost_events += lost;
	u64_stats_update_end(&tx->sync);
	__netif_tx_unlock(txq);

	if (answered)
		napi_schedule(&q->napi);
	else
		pvfront_event_notify(pvnet_tx_event(q));
}
