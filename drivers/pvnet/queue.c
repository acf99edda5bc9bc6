// SPDX-License-Identifier: GPL-2.0
/* What a queue is made of, its events, and the NAPI that serves both rings. */
#include <pv/compat/net.h>

#include "pvnet.h"

static irqreturn_t pvnet_interrupt(struct pvnet_queue *q, unsigned int which)
{
	set_bit(which, &q->owed);
	napi_schedule(&q->napi);
	return IRQ_HANDLED;
}

static irqreturn_t pvnet_tx_interrupt(int irq, void *cookie)
{
	return pvnet_interrupt(cookie, PVNET_TX_EVENT);
}

static irqreturn_t pvnet_rx_interrupt(int irq, void *cookie)
{
	return pvnet_interrupt(cookie, PVNET_RX_EVENT);
}

/* Whether responses were taken from a ring since this was last asked. */
static bool pvnet_has_moved(RING_IDX *before, const RING_IDX *cons)
{
	RING_IDX now = READ_ONCE(*cons);
	bool moved = now != *before;

	*before = now;
	return moved;
}

/*
 * An event that brought nothing makes the kernel's event code delay the next one.
 * Work is counted from EOI to EOI, not by poll: an event often comes only after a
 * poll that ran anyway has done what it was sent for.
 */
static void pvnet_give_eoi(struct pvnet_queue *q)
{
	bool both = !q->net->backend.split, useful;

	if (test_and_clear_bit(PVNET_TX_EVENT, &q->owed)) {
		useful = pvnet_has_moved(&q->eoi_tx, &q->tx.ring.ring.rsp_cons);
		if (both)
			useful |= pvnet_has_moved(&q->eoi_rx, &q->rx.ring.ring.rsp_cons);
		pvfront_event_eoi(&q->event[PVNET_TX_EVENT], useful);
	}
	if (test_and_clear_bit(PVNET_RX_EVENT, &q->owed)) {
		useful = pvnet_has_moved(&q->eoi_rx, &q->rx.ring.ring.rsp_cons);
		pvfront_event_eoi(&q->event[PVNET_RX_EVENT], useful);
	}
}

int pvnet_poll(struct napi_struct *napi, int budget)
{
	struct pvnet_queue *q = container_of(napi, struct pvnet_queue, napi);
	struct pvfront *front = &q->net->front;
	bool running = READ_ONCE(q->net->running), more, last;
	int done = 0;

	if (unlikely(pvfront_is_broken(front))) {
		if (budget)
			napi_complete(napi);
		return 0;
	}

	pvnet_tx_reap(q, budget);
	if (!budget)
		return 0;
	WRITE_ONCE(q->polling, smp_processor_id());
	if (likely(running))
		done = pvnet_rx_poll(q, budget);
	q->rx.gathered += done;
	if (unlikely(pvnet_watch_is_parked(&q->net->watch)) && done)
		pvnet_watch_wake(q->net);
	last = done < budget && !pvfront_is_broken(front);
	more = pvnet_tx_finish(q, last);
	if (!last)
		return budget;

	if (likely(running))
		more |= pvnet_rx_arm(q, done);
	if (more)
		return budget;
	pvnet_give_eoi(q);
	napi_complete_done(napi, done);
	return done;
}

static void pvnet_queue_schedule(struct pvnet_queue *q)
{
	local_bh_disable();
	napi_schedule(&q->napi);
	local_bh_enable();
}

void pvnet_serve(struct pvnet *net)
{
	unsigned int i;

	ASSERT_RTNL();
	WRITE_ONCE(net->live, true);
	for (i = 0; i < net->nr_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		pvnet_coalesce_reset(q);
		pv_queue_link(net->dev, i, &q->napi, pvnet_rx_event(q)->irq);
		napi_enable(&q->napi);
	}
	pvnet_watch_start(net);
}

void pvnet_unserve(struct pvnet *net)
{
	unsigned int i;

	ASSERT_RTNL();
	if (!net->live)
		return;

	WRITE_ONCE(net->live, false);
	WRITE_ONCE(net->running, false);
	/* NAPI first: it wakes transmit queues. */
	for (i = 0; i < net->nr_queues; i++) {
		napi_disable(&net->queue[i].napi);
		pv_queue_unlink(net->dev, i, &net->queue[i].napi);
		timer_delete_sync(&net->queue[i].rx.retry);
	}
	netif_tx_disable(net->dev);
	for (i = 0; i < net->nr_queues; i++)
		pvnet_coalesce_reset(&net->queue[i]);
	pvnet_watch_stop(net);
}

void pvnet_start(struct pvnet *net)
{
	unsigned int i;

	ASSERT_RTNL();
	if (net->running || !net->live || !netif_running(net->dev))
		return;

	WRITE_ONCE(net->running, true);
	for (i = 0; i < net->nr_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		pvnet_tx_wake(q);
		/* For what came while nobody received. */
		pvnet_queue_schedule(q);
	}
	/* The stack's watchdog looks at all, and takes one that is stopped to be stuck. */
	for (; i < net->max_queues; i++)
		netif_tx_start_queue(netdev_get_tx_queue(net->dev, i));
	pvnet_watch_change(net);
}

void pvnet_halt(struct pvnet *net)
{
	unsigned int i;

	ASSERT_RTNL();
	if (!net->running)
		return;

	WRITE_ONCE(net->running, false);
	netif_tx_disable(net->dev);
	for (i = 0; i < net->nr_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		/* A poll that saw @running ends here. */
		napi_disable(&q->napi);
		timer_delete_sync(&q->rx.retry);
		pvnet_coalesce_reset(q);
		napi_enable(&q->napi);
		pvnet_queue_schedule(q);
	}
	pvnet_watch_change(net);
}

/* Each ring entry keeps its own reference, so that no packet has to find one. */
static int pvnet_claim_refs(struct pvnet_queue *q)
{
	struct pvfront_claim claim;
	unsigned int i;
	int err;

	err = pvfront_claim_refs(&claim, PVNET_TX_ENTRIES + PVNET_RX_ENTRIES);
	if (err) {
		pvfront_fail(&q->net->front, err,
			     "claiming %lu grant references for queue %u",
			     PVNET_TX_ENTRIES + PVNET_RX_ENTRIES, q->index);
		return err;
	}
	for (i = 0; i < PVNET_TX_ENTRIES; i++)
		q->tx.buf[i].ref = pvfront_claim_next(&claim);
	for (i = 0; i < PVNET_RX_ENTRIES; i++)
		q->rx.buf[i].ref = pvfront_claim_next(&claim);
	return 0;
}

static int pvnet_open_pool(struct pvnet_queue *q)
{
	struct page_pool_params params = {
		.pool_size = PVNET_RX_ENTRIES,
		.nid = NUMA_NO_NODE,
		.dev = &q->net->front.xdev->dev,
	};
	struct page_pool *pool;

	pv_page_pool_show(&params, q->net->dev);
	pool = page_pool_create(&params);
	if (IS_ERR(pool)) {
		pvfront_fail(&q->net->front, PTR_ERR(pool),
			     "creating the page pool of queue %u", q->index);
		return PTR_ERR(pool);
	}
	q->rx.pool = pool;
	return 0;
}

static int pvnet_open_rings(struct pvnet_queue *q)
{
	struct pvfront *front = &q->net->front;
	int err;

	err = pvfront_pages_open(front, &q->tx.pages, 1);
	if (err)
		return err;
	err = pvfront_pages_open(front, &q->rx.pages, 1);
	if (err)
		return err;
	pvnet_txring_init(&q->tx.ring, q->tx.pages.va);
	pvnet_rxring_init(&q->rx.ring, q->rx.pages.va);
	q->eoi_tx = 0;
	q->eoi_rx = 0;
	return 0;
}

static int pvnet_open_events(struct pvnet_queue *q)
{
	const char *name = q->net->dev->name;
	struct pvfront *front = &q->net->front;
	int err;

	q->owed = 0;
	if (!q->net->backend.split)
		return pvfront_event_open(front, &q->event[PVNET_TX_EVENT],
					  pvnet_tx_interrupt, q, "%s-q%u", name, q->index);

	err = pvfront_event_open(front, &q->event[PVNET_TX_EVENT], pvnet_tx_interrupt, q,
				 "%s-q%u-tx", name, q->index);
	if (err)
		return err;
	return pvfront_event_open(front, &q->event[PVNET_RX_EVENT], pvnet_rx_interrupt, q,
				  "%s-q%u-rx", name, q->index);
}

static int pvnet_queue_open(struct pvnet_queue *q)
{
	int err;

	err = pvnet_open_rings(q);
	if (err)
		return err;
	err = pvnet_open_pool(q);
	if (err)
		return err;
	err = pvnet_claim_refs(q);
	if (err)
		return err;
	return pvnet_open_events(q);
}

int pvnet_queues_open(struct pvnet *net, unsigned int nr)
{
	unsigned int i;
	int err;

	net->nr_queues = nr;
	for (i = 0; i < nr; i++) {
		err = pvnet_queue_open(&net->queue[i]);
		if (!err)
			continue;
		if (!i || !pvfront_is_transient(err))
			return err;
		pvnet_queue_close(&net->queue[i]);
		netdev_warn(net->dev, "goes on with %u of %u queues\n", i, nr);
		net->nr_queues = i;
		net->most_queues = i;
		break;
	}
	return 0;
}

/* Neither has to succeed whole. */
void pvnet_queue_fill(struct pvnet_queue *q)
{
	unsigned int id;

	/* NOIO: what memory is written back to may be reached by this interface. */
	for (id = 0; id < PVNET_TX_ENTRIES; id += PVNET_SMALL_PER_PAGE)
		pvnet_small_open(&q->net->front, &q->tx.small, id, GFP_NOIO);
	pvnet_rx_fill(q, GFP_NOIO);
}

void pvnet_queue_close(struct pvnet_queue *q)
{
	unsigned int i;

	for (i = 0; i < PVNET_NR_EVENTS; i++)
		pvfront_event_close(&q->event[i]);
	timer_delete_sync(&q->rx.retry);

	pvnet_tx_flush(q);
	pvnet_rx_flush(q);
	for (i = 0; i < PVNET_TX_ENTRIES; i++)
		pvfront_free_ref(&q->tx.buf[i].ref);
	for (i = 0; i < PVNET_RX_ENTRIES; i++)
		pvfront_free_ref(&q->rx.buf[i].ref);
	if (q->rx.pool)
		page_pool_destroy(q->rx.pool);
	q->rx.pool = NULL;

	pvfront_pages_close(&q->tx.pages);
	pvfront_pages_close(&q->rx.pages);
	pvnet_small_close(&q->net->front, &q->tx.small);
}
