// SPDX-License-Identifier: GPL-2.0
/* What is put off, in both directions, and its end. */
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#include <pv/compat/time.h>

#include "pvnet.h"

/* Events further apart than half the time to wait could gather nothing. */
static u64 pvnet_soon_ns(u32 usecs)
{
	return (u64)usecs * NSEC_PER_USEC / 2;
}

static enum hrtimer_restart pvnet_tick(struct hrtimer *timer)
{
	struct pvnet_queue *q = container_of(timer, struct pvnet_queue, tick);

	WRITE_ONCE(q->ticked, true);
	napi_schedule(&q->napi);
	return HRTIMER_NORESTART;
}

void pvnet_tick_start(struct pvnet_queue *q, u32 usecs)
{
	/*
	 * Pairs with the lock under which the timer is dequeued: where it is found queued
	 * here, the poll that it brings about sees what the caller has put off.
	 */
	smp_mb();
	if (!hrtimer_is_queued(&q->tick))
		hrtimer_start(&q->tick, ns_to_ktime((u64)usecs * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_PINNED);
}

/* Returns false if the time for it is not over yet. */
static bool pvnet_rx_end_gathering(struct pvnet_queue *q, bool ticked, u32 frames)
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
		if (!pvnet_rx_end_gathering(q, ticked, frames))
			return false;
		worth = rx->gathered;
	} else if (done && usecs) {
		pvnet_pace_event(&rx->pace, ktime_get_ns(), pvnet_soon_ns(usecs));
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
	if (tx->to_notify) {
		if (++tx->waiting < READ_ONCE(tuning->tx_frames))
			return true;
		pvnet_pace_gathered(&tx->pace, tx->waiting);
		return false;
	}
	if (READ_ONCE(tuning->adaptive_tx) && !tx->pace.gather) {
		pvnet_pace_event(&tx->pace, ktime_get_ns(), pvnet_soon_ns(usecs));
		return false;
	}
	if (READ_ONCE(tuning->tx_frames) < 2)
		return false;
	tx->waiting = 1;
	WRITE_ONCE(tx->to_notify, true);
	pvnet_tick_start(q, usecs);
	return true;
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
	for (i = 0; i < net->max_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		pv_hrtimer_setup(&q->tick, pvnet_tick, CLOCK_MONOTONIC,
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
