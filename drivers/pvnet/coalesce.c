// SPDX-License-Identifier: GPL-2.0
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include <pv/compat/time.h>

#include "pvnet.h"

/* What moves in no period of the check is looked at; round, to share a wake-up. */
#define CHECK_PERIOD	HZ
/* Packets that are answered while the interface is down are freed within this time. */
#define DOWN_PERIOD	(HZ / 2)

/* Events further apart than half the time to wait could gather nothing. */
static u64 soon_ns(u32 usecs)
{
	return (u64)usecs * NSEC_PER_USEC / 2;
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct pvnet_queue *q = container_of(timer, struct pvnet_queue, tick);

	WRITE_ONCE(q->ticked, true);
	napi_schedule(&q->napi);
	return HRTIMER_NORESTART;
}

void pvnet_tick_start(struct pvnet_queue *q, u32 usecs)
{
	/*
	 * Pairs with the lock under which the timer is dequeued: who finds it queued
	 * is followed by a poll that sees what was put off.
	 */
	smp_mb();
	if (!hrtimer_is_queued(&q->tick))
		hrtimer_start(&q->tick, ns_to_ktime((u64)usecs * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_PINNED);
}

/* Returns false if the time for it is not over yet. */
static bool rx_end_gathering(struct pvnet_queue *q, bool ticked, u32 frames)
{
	struct pvnet_rx *rx = &q->rx;

	if (!ticked && rx->gathered < frames) {
		/* Another reason to poll; event and tick are still to come. */
		pvnet_tick_start(q, READ_ONCE(q->net->tuning.rx_usecs));
		return false;
	}
	rx->gathering = false;
	pvnet_pace_gathered(&rx->pace, rx->gathered);
	u64_stats_update_begin(&rx->sync);
	rx->stats.waited += rx->gathered;
	u64_stats_update_end(&rx->sync);
	return true;
}

bool pvnet_rx_arm(struct pvnet_queue *q, unsigned int done)
{
	const struct pvnet_tuning *tuning = &q->net->tuning;
	u32 usecs = READ_ONCE(tuning->rx_usecs);
	u32 frames = READ_ONCE(tuning->rx_frames);
	bool ticked = READ_ONCE(q->ticked);
	struct pvnet_rx *rx = &q->rx;
	bool worth = done;

	/* A tick that comes just now has NAPI polled once more, which sees it. */
	if (ticked)
		WRITE_ONCE(q->ticked, false);
	if (rx->gathering) {
		if (!rx_end_gathering(q, ticked, frames))
			return false;
		worth = rx->gathered;
	} else if (done && usecs) {
		pvnet_pace_event(&rx->pace, ktime_get_ns(), soon_ns(usecs));
	}
	if (READ_ONCE(tuning->adaptive_rx))
		worth &= rx->pace.gather;
	frames = min(frames, pvnet_rxring_posted(&rx->ring) / 2);
	if (!usecs || !worth || frames < 2)
		return pvnet_rxring_arm(&rx->ring, 1);

	rx->gathering = true;
	rx->gathered = 0;
	/* What is there already is taken by the tick's poll. */
	pvnet_rxring_arm(&rx->ring, frames);
	pvnet_tick_start(q, usecs);
	return false;
}

bool pvnet_tx_may_wait(struct pvnet_queue *q)
{
	const struct pvnet_tuning *tuning = &q->net->tuning;
	u32 usecs = READ_ONCE(tuning->tx_usecs);
	struct pvnet_tx *tx = &q->tx;

	/*
	 * Only small packets wait. What was not copied is in the sender's socket
	 * buffer until it is answered, and the sender may be waiting for that.
	 */
	if (!usecs || tx->held)
		return false;
	if (tx->bell) {
		if (++tx->waiting < READ_ONCE(tuning->tx_frames))
			return true;
		pvnet_pace_gathered(&tx->pace, tx->waiting);
		return false;
	}
	if (READ_ONCE(tuning->adaptive_tx) && !tx->pace.gather) {
		pvnet_pace_event(&tx->pace, ktime_get_ns(), soon_ns(usecs));
		return false;
	}
	if (READ_ONCE(tuning->tx_frames) < 2)
		return false;
	tx->waiting = 1;
	WRITE_ONCE(tx->bell, true);
	pvnet_tick_start(q, usecs);
	return true;
}

/* What is seen twice, with nothing moved in between, waits for an event in vain. */
static bool stuck_again(bool *before, bool now, bool moved)
{
	bool again = *before && now && !moved;

	*before = now && !again;
	return again;
}

static void say_lost(struct pvnet_queue *q, const char *which)
{
	if (!q->stuck.said)
		netdev_warn(q->net->dev, "queue %u: an event %s was lost\n",
			    q->index, which);
	q->stuck.said = true;
}

static void count_lost(struct pvnet_queue *q, struct netdev_queue *txq,
		       u64 *counter)
{
	__netif_tx_lock(txq, smp_processor_id());
	u64_stats_update_begin(&q->tx.sync);
	(*counter)++;
	u64_stats_update_end(&q->tx.sync);
	__netif_tx_unlock(txq);
}

static void check_queue(struct pvnet_queue *q)
{
	struct netdev_queue *txq = netdev_get_tx_queue(q->net->dev, q->index);
	RING_IDX tx_cons = READ_ONCE(q->tx.ring.ring.rsp_cons);
	RING_IDX rx_cons = READ_ONCE(q->rx.ring.ring.rsp_cons);
	RING_IDX moves = pvnet_txring_moves(&q->tx.ring);
	bool idle = !test_bit(NAPI_STATE_SCHED, &q->napi.state);
	struct pvnet_stuck *was = &q->stuck;
	bool tx, rx, bell;

	if (!READ_ONCE(q->net->running)) {
		/* Packets that are answered are not to wait for an event, lost or not. */
		if (READ_ONCE(q->tx.held) && pvnet_txring_answered(&q->tx.ring))
			napi_schedule(&q->napi);
		return;
	}
	tx = stuck_again(&was->tx, idle && pvnet_txring_answered(&q->tx.ring) &&
			 (READ_ONCE(q->tx.held) || netif_xmit_stopped(txq)),
			 tx_cons != was->tx_cons);
	rx = stuck_again(&was->rx, idle && pvnet_rxring_answered(&q->rx.ring),
			 rx_cons != was->rx_cons);
	bell = stuck_again(&was->bell, pvnet_txring_unseen(&q->tx.ring),
			   moves != was->tx_moves);
	was->tx_cons = tx_cons;
	was->rx_cons = rx_cons;
	was->tx_moves = moves;

	if (bell) {
		say_lost(q, "to the backend");
		count_lost(q, txq, &q->tx.stats.lost_doorbells);
		/* Harmless if the backend is only slow. */
		pvfront_event_notify(pvnet_tx_event(q));
	}
	if (tx) {
		say_lost(q, "of the transmit ring");
		count_lost(q, txq, &q->tx.stats.lost_events);
	}
	if (rx) {
		say_lost(q, "of the receive ring");
		/* The counter is NAPI's. */
		WRITE_ONCE(q->rx.overlooked, true);
	}
	if (tx || rx)
		napi_schedule(&q->napi);
}

static void check(struct timer_list *t)
{
	struct pvnet *net = pv_timer_of(net, t, check);
	unsigned int i;

	if (pvfront_is_broken(&net->front))
		return;
	for (i = 0; i < net->nr_queues; i++)
		check_queue(&net->queue[i]);
	mod_timer(&net->check, READ_ONCE(net->running) ?
		  round_jiffies(jiffies + CHECK_PERIOD) : jiffies + DOWN_PERIOD);
}

void pvnet_coalesce_init(struct pvnet *net)
{
	unsigned int i;

	net->tuning = (struct pvnet_tuning) {
		.rx_usecs = 100,
		.rx_frames = 32,
		.tx_usecs = 100,
		.tx_frames = 16,
		.adaptive_rx = true,
		.adaptive_tx = true,
		.rx_copybreak = PVNET_RX_COPYBREAK,
		.tx_copybreak = PVNET_TX_SMALL,
	};
	timer_setup(&net->check, check, 0);
	for (i = 0; i < net->max_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		pv_hrtimer_setup(&q->tick, tick, CLOCK_MONOTONIC,
				 HRTIMER_MODE_REL_PINNED);
		q->polling = -1;
		pvnet_pace_init(&q->tx.pace);
		pvnet_pace_init(&q->rx.pace);
	}
}

void pvnet_coalesce_reset(struct pvnet_queue *q)
{
	hrtimer_cancel(&q->tick);
	q->ticked = false;
	q->rx.gathering = false;
}

void pvnet_coalesce_start(struct pvnet *net)
{
	unsigned int i;

	for (i = 0; i < net->nr_queues; i++) {
		pvnet_coalesce_reset(&net->queue[i]);
		net->queue[i].stuck = (struct pvnet_stuck) { };
	}
	mod_timer(&net->check, round_jiffies(jiffies + CHECK_PERIOD));
}

void pvnet_check_soon(struct pvnet *net)
{
	mod_timer(&net->check, jiffies + DOWN_PERIOD);
}

void pvnet_coalesce_stop(struct pvnet *net)
{
	unsigned int i;

	timer_delete_sync(&net->check);
	for (i = 0; i < net->nr_queues; i++)
		hrtimer_cancel(&net->queue[i].tick);
}
