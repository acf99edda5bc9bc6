// SPDX-License-Identifier: GPL-2.0
/* Looks for lost events: what is looked at, what is done about them, and when. */
#include <linux/jiffies.h>

#include <pv/compat/time.h>

#include "pvnet.h"

/* Time between two looks; rounded, to share a wake-up with other timers. */
#define PVNET_WATCH_PERIOD	HZ
/* The same while the interface is down and packets are in flight. */
#define PVNET_WATCH_DOWN	(HZ / 2)

/* Whether an event is expected that has not come. */
static bool pvnet_queue_busy(const struct pvnet_queue *q)
{
	const struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	if (READ_ONCE(q->tx.held))
		return true;
	return READ_ONCE(q->net->running) &&
	       (netif_xmit_stopped(txq) || pvnet_txring_unseen(&q->tx.ring));
}

/* Whether packets are answered that somebody waits for. */
static bool pvnet_queue_owes(const struct pvnet_queue *q)
{
	const struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	return pvnet_txring_answered(&q->tx.ring) &&
	       (READ_ONCE(q->tx.held) || netif_xmit_stopped(txq));
}

static void pvnet_queue_look(const struct pvnet_queue *q, struct pvnet_look *look)
{
	bool idle = !test_bit(NAPI_STATE_SCHED, &q->napi.state);

	*look = (struct pvnet_look) {
		.tx_cons = READ_ONCE(q->tx.ring.ring.rsp_cons),
		.rx_cons = READ_ONCE(q->rx.ring.ring.rsp_cons),
		.tx_moves = pvnet_txring_moves(&q->tx.ring),
		.busy = pvnet_queue_busy(q) || !idle,
	};
	if (idle && pvnet_queue_owes(q) && pvnet_txring_due(&q->tx.ring))
		look->waits |= PVNET_LOST_TX;
	if (idle && pvnet_rxring_answered(&q->rx.ring))
		look->waits |= PVNET_LOST_RX;
	if (pvnet_txring_unseen(&q->tx.ring))
		look->waits |= PVNET_LOST_NOTIFY;
}

static void pvnet_queue_warn(struct pvnet_queue *q, const char *what)
{
	if (!q->warned)
		netdev_warn(q->net->dev, "queue %u: %s\n", q->index, what);
	q->warned = true;
}

static void pvnet_queue_count(struct pvnet_queue *q, u64 *counter)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);

	__netif_tx_lock(txq, smp_processor_id());
	u64_stats_update_begin(&q->tx.sync);
	(*counter)++;
	u64_stats_update_end(&q->tx.sync);
	__netif_tx_unlock(txq);
}

static void pvnet_queue_mend(struct pvnet_queue *q, unsigned int lost)
{
	if (lost & PVNET_LOST_NOTIFY) {
		pvnet_queue_warn(q, "the backend did not look at what was sent, notifying it again");
		pvnet_queue_count(q, &q->tx.stats.lost_notifies);
		/* Harmless if the backend is only slow. */
		pvfront_event_notify(pvnet_tx_event(q));
	}
	if (lost & PVNET_LOST_TX) {
		pvnet_queue_warn(q, "an event of the transmit ring was lost");
		pvnet_queue_count(q, &q->tx.stats.lost_events);
	}
	if (lost & PVNET_LOST_RX) {
		pvnet_queue_warn(q, "an event of the receive ring was lost");
		/* The counter is NAPI's. */
		WRITE_ONCE(q->rx.overlooked, true);
	}
	if (lost & (PVNET_LOST_TX | PVNET_LOST_RX))
		napi_schedule(&q->napi);
}

/*
 * An event may wait for more answers than the backend gives, if it withholds some. What
 * is answered is taken now, and once it turns out that some are withheld the next event
 * is asked for without them.
 */
static void pvnet_queue_unblock(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	bool begun;

	__netif_tx_lock(txq, smp_processor_id());
	begun = pvnet_txring_age(&q->tx.ring);
	__netif_tx_unlock(txq);
	/* One that is due comes, or is found to be lost. */
	if (!pvnet_txring_due(&q->tx.ring) && (begun || pvnet_queue_owes(q)))
		napi_schedule(&q->napi);
}

/* Returns whether the queue is quiet: no event of it can have been lost. */
static bool pvnet_queue_watch(struct pvnet_queue *q)
{
	struct pvnet_look look;

	if (READ_ONCE(q->net->running)) {
		pvnet_queue_look(q, &look);
		pvnet_queue_unblock(q);
		pvnet_queue_mend(q, pvnet_stuck_look(&q->stuck, &look));
		return q->stuck.quiet;
	}
	/* Packets that are answered do not wait for an event, lost or not. */
	if (pvnet_queue_busy(q) && pvnet_txring_answered(&q->tx.ring))
		napi_schedule(&q->napi);
	return !pvnet_queue_busy(q);
}

static void pvnet_watch_again(struct pvnet *net)
{
	mod_timer(&net->watch.timer, READ_ONCE(net->running) ?
		  round_jiffies(jiffies + PVNET_WATCH_PERIOD) :
		  jiffies + PVNET_WATCH_DOWN);
}

static void pvnet_watch_park(struct pvnet *net)
{
	unsigned int i;

	WRITE_ONCE(net->watch.parked, true);
	/*
	 * Pairs with the barrier of pvnet_txring_push(): either the sender sees that
	 * the watch is parked, or its packet is seen here.
	 */
	smp_mb();
	for (i = 0; i < net->nr_queues; i++)
		if (pvnet_queue_busy(&net->queue[i]))
			pvnet_watch_wake(net);
	if (READ_ONCE(net->running))
		mod_timer(&net->watch.parked_timer,
			  round_jiffies(jiffies + PVNET_WATCH_PERIOD));
}

static void pvnet_watch_round(struct pvnet *net)
{
	bool quiet = true;
	unsigned int i;

	if (!READ_ONCE(net->live) || pvfront_is_broken(&net->front))
		return;
	for (i = 0; i < net->nr_queues; i++)
		quiet &= pvnet_queue_watch(&net->queue[i]);
	if (quiet) {
		pvnet_watch_park(net);
	} else {
		WRITE_ONCE(net->watch.parked, false);
		pvnet_watch_again(net);
	}
}

static void pvnet_watch_awake(struct timer_list *t)
{
	struct pvnet *net = pv_timer_of(net, t, watch.timer);

	pvnet_watch_round(net);
}

static void pvnet_watch_parked(struct timer_list *t)
{
	struct pvnet *net = pv_timer_of(net, t, watch.parked_timer);

	if (pvnet_watch_is_parked(&net->watch))
		pvnet_watch_round(net);
}

void pvnet_watch_init(struct pvnet *net)
{
	timer_setup(&net->watch.timer, pvnet_watch_awake, 0);
	timer_setup(&net->watch.parked_timer, pvnet_watch_parked, TIMER_DEFERRABLE);
}

void pvnet_watch_start(struct pvnet *net)
{
	unsigned int i;

	for (i = 0; i < net->nr_queues; i++) {
		net->queue[i].stuck = (struct pvnet_stuck) { };
		net->queue[i].warned = false;
	}
	pvnet_watch_change(net);
}

void pvnet_watch_stop(struct pvnet *net)
{
	/* Each starts the other, unless it sees that the interface is not live. */
	timer_delete_sync(&net->watch.timer);
	timer_delete_sync(&net->watch.parked_timer);
	timer_delete_sync(&net->watch.timer);
}

void pvnet_watch_change(struct pvnet *net)
{
	WRITE_ONCE(net->watch.parked, false);
	pvnet_watch_again(net);
}

void pvnet_watch_wake(struct pvnet *net)
{
	if (xchg(&net->watch.parked, false))
		pvnet_watch_again(net);
}
