// SPDX-License-Identifier: GPL-2.0
/* What becomes of packets on the transmit ring: answered, given up, overdue. */
#include <linux/skbuff.h>

#include "pvnet.h"

/* Wake a stopped queue when a run of packets fits, not just one. */
#define TX_WAKE_ROOM	(PVNET_TX_ENTRIES / 4)

/* The caller frees the packet when the last of its slots is released. */
static struct sk_buff *tx_unref(struct pvnet_tx_buf *buf)
{
	struct sk_buff *skb = buf->skb;

	buf->skb = NULL;
	buf->page = NULL;
	return --pvnet_tx_cb(skb)->slots ? NULL : skb;
}

/* Give page and reference away for as long as the backend keeps the page. */
static void tx_abandon(struct pvnet_queue *q, struct pvnet_tx_buf *buf)
{
	if (!buf->own)
		get_page(buf->page);
	pvfront_retire(&q->net->front, &buf->ref, buf->page, true);
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

	sum->errors += !done->ok;
	if (!buf->page)
		return 0;	/* a small packet */
	if (unlikely(!pvfront_take_back(buf->ref))) {
		tx_abandon(q, buf);
		err = -EBUSY;
	} else if (buf->own) {
		__free_page(buf->page);
	}

	skb = tx_unref(buf);
	if (skb) {
		q->tx.held--;
		sum->packets++;
		sum->bytes += pvnet_tx_cb(skb)->len;
		napi_consume_skb(skb, budget);
	}
	return err;
}

/**
 * pvnet_tx_reap_locked() - take the backend's responses and free what they are for
 * @q: the queue
 * @txq: its transmit side in the stack
 * @budget: of the NAPI poll, 0 outside of one
 *
 * Context: transmit lock held. Bounded by the size of the ring.
 */
void pvnet_tx_reap_locked(struct pvnet_queue *q, struct netdev_queue *txq,
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
		ret = tx_complete(q, &done, &sum, budget);
	}
	if (ret < 0)
		pvfront_break(&q->net->front, ret == -EBUSY ?
			      PVFRONT_BROKE_MAPPED : pvnet_txring_lie(ret));

	if (sum.errors) {
		u64_stats_update_begin(&tx->sync);
		tx->stats.errors += sum.errors;
		u64_stats_update_end(&tx->sync);
	}
	netdev_tx_completed_queue(txq, sum.packets, sum.bytes);
	if (netif_tx_queue_stopped(txq) && READ_ONCE(q->net->running) &&
	    pvnet_txring_room(&tx->ring) >= TX_WAKE_ROOM)
		netif_tx_wake_queue(txq);
}

/**
 * pvnet_tx_wake() - let the stack send when the interface comes up
 * @q: a queue that is served
 *
 * A ring that is full stays stopped: its NAPI wakes it when there is room.
 *
 * Context: RTNL.
 */
void pvnet_tx_wake(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	__netif_tx_lock_bh(txq);
	if (pvnet_txring_room(&q->tx.ring) >= PVNET_TX_MAX_ENTRIES)
		netif_tx_wake_queue(txq);
	__netif_tx_unlock_bh(txq);
}

/**
 * pvnet_tx_forgive() - what is in flight no longer counts as queued bytes
 * @q: a queue whose NAPI and transmit path are stopped
 *
 * The interface goes down. When it is up again packets are sent whether or not the
 * backend ever answers those. Bytes count as completed once, here or when they are
 * answered: the kernel panics over bytes completed that were not queued.
 *
 * Context: process context.
 */
void pvnet_tx_forgive(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	unsigned int id, bytes = 0;

	for (id = 0; id < PVNET_TX_ENTRIES; id++) {
		struct sk_buff *skb = q->tx.buf[id].skb;

		if (!skb)
			continue;
		/* Once for all slots of a packet. */
		bytes += pvnet_tx_cb(skb)->len;
		pvnet_tx_cb(skb)->len = 0;
	}
	__netif_tx_lock_bh(txq);
	netdev_tx_completed_queue(txq, 0, bytes);
	__netif_tx_unlock_bh(txq);
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
		tx_abandon(q, buf);
		skb = tx_unref(buf);
		if (!skb)
			continue;
		lost++;
		dev_kfree_skb_any(skb);
	}
	tx->held = 0;
	tx->bell = false;
	/* Nothing is in flight any more, and nothing else may reset this. */
	netdev_tx_reset_queue(netdev_get_tx_queue(q->net->dev, q->index));
	u64_stats_update_begin(&tx->sync);
	tx->stats.dropped += lost;
	u64_stats_update_end(&tx->sync);
}

/**
 * pvnet_tx_reap() - the same, if anybody waits for it
 * @q: the queue
 * @budget: of the NAPI poll; 0 when netpoll calls
 *
 * Context: NAPI.
 */
void pvnet_tx_reap(struct pvnet_queue *q, int budget)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	/* Small packets are done with; xmit takes their responses when it must. */
	if (!pvnet_txring_answered(&q->tx.ring))
		return;
	if (!READ_ONCE(q->tx.held) && !netif_xmit_stopped(txq) &&
	    !test_bit(PVNET_TX_EVENT, &q->owed))
		return;
	/* netpoll may have interrupted the holder of the lock on this CPU. */
	if (budget)
		__netif_tx_lock(txq, smp_processor_id());
	else if (!__netif_tx_trylock(txq))
		return;
	pvnet_tx_reap_locked(q, txq, budget);
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

	/* Whoever makes it otherwise from now on asks for an event himself. */
	if (!READ_ONCE(q->tx.held) && !netif_xmit_stopped(txq))
		return false;
	__netif_tx_lock(txq, smp_processor_id());
	more = pvnet_txring_arm(&q->tx.ring, !READ_ONCE(q->net->running));
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
	lost = pvnet_txring_answered(&tx->ring);
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
