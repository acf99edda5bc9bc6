// SPDX-License-Identifier: GPL-2.0
/* Setting up a network queue, when any step of it fails. */
#include <fake.h>

#include "drivers/pvnet/pvnet.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vif/0", .otherend = "/b" };
static struct net_device dev = { .name = "eth0" };
static struct pvnet_queue queues[2];
static struct pvnet net = { .front.xdev = &xdev, .dev = &dev, .queue = queues };
static bool fills;

#define queue	queues[0]

/* tx.c and rx.c, which need a network stack; buffers are theirs. */
bool pvnet_rx_fill(struct pvnet_queue *q, gfp_t gfp)
{
	EXPECT_EQ(gfp, GFP_NOIO);
	return fills;
}

void pvnet_rx_flush(struct pvnet_queue *q)
{
}

void pvnet_tx_flush(struct pvnet_queue *q)
{
}

int pvnet_rx_poll(struct pvnet_queue *q, int budget)
{
	return 0;
}

void pvnet_tx_reap(struct pvnet_queue *q, int budget)
{
}

bool pvnet_tx_finish(struct pvnet_queue *q, bool last)
{
	return false;
}

void pvnet_tx_wake(struct pvnet_queue *q)
{
	q->net->dev->tx[q->index].stopped = false;
}

/* coalesce.c, which needs timers. */
bool pvnet_rx_arm(struct pvnet_queue *q, unsigned int done)
{
	return false;
}

void pvnet_coalesce_reset(struct pvnet_queue *q)
{
}

/* watch.c, too. */
void pvnet_watch_start(struct pvnet *net)
{
}

void pvnet_watch_stop(struct pvnet *net)
{
}

void pvnet_watch_change(struct pvnet *net)
{
}

void pvnet_watch_wake(struct pvnet *net)
{
}

static void begin(bool split)
{
	unsigned int i, j;

	memset(queues, 0, sizeof(queues));
	net.backend.split = split;
	fills = true;
	for (j = 0; j < ARRAY_SIZE(queues); j++) {
		queues[j].net = &net;
		queues[j].index = j;
		for (i = 0; i < PVNET_TX_ENTRIES; i++)
			queues[j].tx.buf[i].ref = INVALID_GRANT_REF;
		for (i = 0; i < PVNET_RX_ENTRIES; i++)
			queues[j].rx.buf[i].ref = INVALID_GRANT_REF;
	}
}

/* As an offer does, with one queue. */
static int open_and_fill(void)
{
	int err = pvnet_queues_open(&net, 1);

	EXPECT_EQ(net.nr_queues, 1);
	EXPECT_EQ(net.most_queues, 0);
	if (!err)
		pvnet_queue_fill(&queue);
	return err;
}

static void opens_whole(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_and_fill(), 0);
	EXPECT_EQ(fake_grants(), 10 + PVNET_TX_ENTRIES + PVNET_RX_ENTRIES);
	EXPECT_EQ(fake_reports(), 0);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

static unsigned int small_pages(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < PVNET_SMALL_PAGES; i++)
		nr += !!queue.tx.small.page[i].va;
	return nr;
}

/*
 * Two sets of pages of two calls, a page pool, grants, and two for each event channel
 * have to succeed; two for each page of small packets need not.
 */
static void fails_at_every_call(bool split, unsigned int needed)
{
	unsigned int n;

	begin(split);
	for (n = 0; ; n++) {
		int err;

		fake_reset(n);
		err = open_and_fill();
		if (!fake_failed())
			break;
		EXPECT_EQ(err < 0, n < needed);
		EXPECT_EQ(fake_reports() > 0, n < needed);
		if (n >= needed)
			EXPECT_EQ(small_pages(), PVNET_SMALL_PAGES - 1);
		pvnet_queue_close(&queue);
		if (!EXPECT_EQ(fake_held(), 0))
			return;
		opens_whole();
	}
	EXPECT_EQ(n, needed + 2 * PVNET_SMALL_PAGES);
	EXPECT_EQ(small_pages(), PVNET_SMALL_PAGES);
	pvnet_queue_close(&queue);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

static void one_event_channel_fails_at_every_call(void)
{
	fails_at_every_call(false, 8);
}

static void split_event_channels_fail_at_every_call(void)
{
	fails_at_every_call(true, 10);
}

/*
 * The grants of one queue are there, not those of another. That one costs nothing but the
 * attempt: receive buffers come when all else has succeeded.
 */
static void fewer_queues_are_better_than_none(void)
{
	unsigned int n, failed = 0;

	begin(true);
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvnet_queues_open(&net, 2), 0);
	EXPECT_EQ(net.nr_queues, 1);
	EXPECT_EQ(net.most_queues, 1);
	EXPECT_EQ(fake_grants(), 2 + PVNET_TX_ENTRIES + PVNET_RX_ENTRIES);
	pvnet_queue_close(&queues[0]);
	EXPECT_EQ(fake_held(), 0);

	/* Each call fails in turn: the first queue has to be there. */
	for (n = 0; ; n++) {
		int err;

		fake_reset(n);
		net.most_queues = 0;
		err = pvnet_queues_open(&net, 2);
		if (!fake_failed())
			break;
		EXPECT_EQ(err < 0, n < 10);
		EXPECT_EQ(net.nr_queues, err < 0 ? 2 : 1);
		failed += err < 0;
		pvnet_queue_close(&queues[1]);
		pvnet_queue_close(&queues[0]);
		if (!EXPECT_EQ(fake_held(), 0))
			return;
	}
	EXPECT_EQ(failed, 10);
	EXPECT(n > 10);
	pvnet_queue_close(&queues[0]);
	net.most_queues = 0;
}

/* The stack's watchdog reports each that is stopped for long, used or not. */
static void no_queue_is_stopped_while_packets_flow(void)
{
	unsigned int used, i;

	for (used = 1; used <= ARRAY_SIZE(queues); used++) {
		begin(false);
		net.nr_queues = used;
		net.max_queues = ARRAY_SIZE(queues);
		dev.up = true;
		netif_tx_disable(&dev);
		pvnet_serve(&net);
		pvnet_start(&net);
		EXPECT(net.running);
		for (i = 0; i < ARRAY_SIZE(queues); i++)
			EXPECT(!dev.tx[i].stopped);
		pvnet_halt(&net);
		for (i = 0; i < ARRAY_SIZE(queues); i++)
			EXPECT(dev.tx[i].stopped);
		pvnet_start(&net);
		pvnet_unserve(&net);
		for (i = 0; i < ARRAY_SIZE(queues); i++)
			EXPECT(dev.tx[i].stopped);
	}
	dev.up = false;
}

static void a_ring_partly_filled_is_enough(void)
{
	begin(true);
	fake_reset(FAKE_NEVER);
	fills = false;
	EXPECT_EQ(open_and_fill(), 0);
	EXPECT_EQ(fake_reports(), 0);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

/* What there was no memory for comes later, an id of it at a time. */
static void small_packets_wait_for_memory(void)
{
	unsigned int i;

	begin(false);
	fake_reset(8);
	EXPECT_EQ(open_and_fill(), 0);
	EXPECT_EQ(small_pages(), PVNET_SMALL_PAGES - 1);
	EXPECT(!queue.tx.small.page[0].va);
	EXPECT(pvnet_small_open(&net.front, &queue.tx.small, 0, GFP_NOIO));
	EXPECT_EQ(small_pages(), PVNET_SMALL_PAGES);
	for (i = 0; i < PVNET_TX_ENTRIES; i++) {
		const struct pvnet_small_page *small = pvnet_small_of(&queue.tx.small, i);

		EXPECT(small->va && small->ref != INVALID_GRANT_REF);
		EXPECT(pvnet_small_offset(i) + PVNET_TX_SMALL <= PVNET_PAGE_SIZE);
	}
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

static void rings_mapped_after_closing_are_freed_later(void)
{
	begin(false);
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(open_and_fill(), 0);
	fake_map(queue.tx.pages.ref[0]);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_grants(), 1);
	fake_let_go();
	EXPECT_EQ(fake_held(), 0);
}

const struct test_case test_cases[] = {
	TEST(one_event_channel_fails_at_every_call),
	TEST(split_event_channels_fail_at_every_call),
	TEST(no_queue_is_stopped_while_packets_flow),
	TEST(fewer_queues_are_better_than_none),
	TEST(a_ring_partly_filled_is_enough),
	TEST(small_packets_wait_for_memory),
	TEST(rings_mapped_after_closing_are_freed_later),
	{ }
};
