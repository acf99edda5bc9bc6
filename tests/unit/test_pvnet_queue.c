// SPDX-License-Identifier: GPL-2.0
/* Setting up a network queue, when any step of it fails. */
#include <fake.h>

#include "drivers/pvnet/pvnet.h"
#include "tests/unit/fake.h"
#include "test.h"

static struct xenbus_device xdev = { .nodename = "device/vif/0", .otherend = "/b" };
static struct net_device dev = { .name = "eth0" };
static struct pvnet net = { .front.xdev = &xdev, .dev = &dev };
static struct pvnet_queue queue;
static int fill_result;

/* tx.c and rx.c, which need a network stack; buffers are theirs. */
int pvnet_rx_fill(struct pvnet_queue *q)
{
	return fill_result;
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

bool pvnet_tx_arm(struct pvnet_queue *q)
{
	return false;
}

void pvnet_tx_wake(struct pvnet_queue *q)
{
}

void pvnet_tx_forgive(struct pvnet_queue *q)
{
}

void pvnet_tx_ring_bell(struct pvnet_queue *q)
{
}

/* coalesce.c, which needs timers. */
bool pvnet_rx_arm(struct pvnet_queue *q, unsigned int done)
{
	return false;
}

void pvnet_coalesce_start(struct pvnet *net)
{
}

void pvnet_coalesce_stop(struct pvnet *net)
{
}

void pvnet_coalesce_reset(struct pvnet_queue *q)
{
}

void pvnet_check_soon(struct pvnet *net)
{
}

static void begin(bool split)
{
	unsigned int i;

	memset(&queue, 0, sizeof(queue));
	queue.net = &net;
	net.offer.split = split;
	fill_result = 0;
	for (i = 0; i < PVNET_TX_ENTRIES; i++)
		queue.tx.buf[i].ref = INVALID_GRANT_REF;
	for (i = 0; i < PVNET_RX_ENTRIES; i++)
		queue.rx.buf[i].ref = INVALID_GRANT_REF;
}

static void opens_whole(void)
{
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvnet_queue_open(&queue), 0);
	EXPECT_EQ(fake_grants(), 10 + PVNET_TX_ENTRIES + PVNET_RX_ENTRIES);
	EXPECT_EQ(fake_reports(), 0);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

/* Three sets of pages of two calls, a page pool, grants, and two for each event channel. */
static void fails_at_every_call(bool split, unsigned int calls)
{
	unsigned int n;

	begin(split);
	for (n = 0; ; n++) {
		int err;

		fake_reset(n);
		err = pvnet_queue_open(&queue);
		if (!fake_failed())
			break;
		EXPECT(err < 0);
		EXPECT(fake_reports() > 0);
		pvnet_queue_close(&queue);
		if (!EXPECT_EQ(fake_held(), 0))
			return;
		opens_whole();
	}
	EXPECT_EQ(n, calls);
	pvnet_queue_close(&queue);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
}

static void one_event_channel_fails_at_every_call(void)
{
	fails_at_every_call(false, 10);
}

static void split_event_channels_fail_at_every_call(void)
{
	fails_at_every_call(true, 12);
}

static void buffers_that_fail_leave_nothing(void)
{
	begin(true);
	fake_reset(FAKE_NEVER);
	fill_result = -ENOMEM;
	EXPECT_EQ(pvnet_queue_open(&queue), -ENOMEM);
	EXPECT_EQ(fake_reports(), 1);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_held(), 0);
	fill_result = 0;
	opens_whole();
}

static void rings_mapped_after_closing_are_freed_later(void)
{
	begin(false);
	fake_reset(FAKE_NEVER);
	EXPECT_EQ(pvnet_queue_open(&queue), 0);
	fake_map(queue.tx.pages.ref[0]);
	pvnet_queue_close(&queue);
	EXPECT_EQ(fake_grants(), 1);
	fake_let_go();
	EXPECT_EQ(fake_held(), 0);
}

const struct test_case test_cases[] = {
	TEST(one_event_channel_fails_at_every_call),
	TEST(split_event_channels_fail_at_every_call),
	TEST(buffers_that_fail_leave_nothing),
	TEST(rings_mapped_after_closing_are_freed_later),
	{ }
};
