// SPDX-License-Identifier: GPL-2.0
/* What becomes of packets that the backend has answered. */
#include <fake.h>

#include "drivers/pvnet/pvnet.h"
#include "tests/unit/fake.h"
#include "test.h"

#define ENTRIES	256
#define SLOTS	3U

static u64 page[512];
static struct xen_netif_tx_sring *const sring = (void *)page;
static struct xenbus_device xdev;
static struct net_device dev;
static struct pvnet_queue queue;
static struct pvnet net = { .front.xdev = &xdev, .dev = &dev, .queue = &queue };
static struct sk_buff skb;
static u16 id[SLOTS];
static RING_IDX rsp_prod;
static unsigned int freed;
static bool broken;

void napi_consume_skb(struct sk_buff *s, int budget)
{
	EXPECT(s == &skb);
	freed++;
}

void dev_kfree_skb_any(struct sk_buff *s)
{
	EXPECT(s == &skb);
	freed++;
}

void get_page(struct page *p)
{
}

void pvfront_break(struct pvfront *f, enum pvfront_reason reason)
{
	broken = true;
}

/* tx.c, which needs packets to send. */
void pvnet_tx_notify_now(struct pvnet_queue *q)
{
}

static void begin(void)
{
	fake_reset(FAKE_NEVER);
	memset(page, 0, sizeof(page));
	memset(&queue, 0, sizeof(queue));
	queue.net = &net;
	pvnet_txring_init(&queue.tx.ring, sring);
	rsp_prod = 0;
	freed = 0;
	broken = false;
}

/* A packet of so many slots, each in a page of its own. */
static void send(unsigned int nr)
{
	struct pvnet_tx_head head = { .len = 100 * nr, .gso.type = XEN_NETIF_GSO_TYPE_NONE };
	struct pvnet_tx_slot slot[SLOTS];
	struct pvfront_claim claim;

	EXPECT_EQ(pvfront_claim_refs(&claim, nr), 0);
	*pvnet_tx_cb(&skb) = (struct pvnet_tx_cb) { .slots = nr };
	for (unsigned int i = 0; i < nr; i++) {
		struct pvnet_tx_buf *buf;

		id[i] = pvnet_txring_get_id(&queue.tx.ring);
		buf = &queue.tx.buf[id[i]];
		buf->ref = pvfront_claim_next(&claim);
		buf->page = alloc_page(GFP_NOIO);
		buf->own = true;
		buf->skb = &skb;
		slot[i] = (struct pvnet_tx_slot) { .gref = buf->ref, .id = id[i], .size = 100 };
	}
	queue.tx.held++;
	pvnet_txring_put(&queue.tx.ring, &head, slot, nr);
	pvnet_txring_push(&queue.tx.ring);
}

static void answer(unsigned int slot, s16 status)
{
	struct xen_netif_tx_response *rsp = &sring->ring[rsp_prod++ % ENTRIES].rsp;

	rsp->id = id[slot];
	rsp->status = status;
	sring->rsp_prod = rsp_prod;
	pvnet_tx_reap(&queue, 64);
}

static void end(unsigned int nr)
{
	EXPECT(!broken);
	for (unsigned int i = 0; i < nr; i++)
		pvfront_free_ref(&queue.tx.buf[id[i]].ref);
	EXPECT_EQ(fake_held(), 0);
}

static void a_packet_is_freed_with_its_last_slot(void)
{
	begin();
	send(SLOTS);
	answer(0, XEN_NETIF_RSP_OKAY);
	answer(2, XEN_NETIF_RSP_OKAY);
	EXPECT_EQ(freed, 0);
	EXPECT_EQ(queue.tx.held, 1);
	answer(1, XEN_NETIF_RSP_OKAY);
	EXPECT_EQ(freed, 1);
	EXPECT_EQ(queue.tx.held, 0);
	EXPECT_EQ(queue.tx.stats.errors, 0);
	end(SLOTS);
}

/* As a backend does that refuses one: it answers each slot so. */
static void a_packet_that_is_refused_is_one_error(void)
{
	begin();
	send(SLOTS);
	for (unsigned int i = 0; i < SLOTS; i++)
		answer(i, XEN_NETIF_RSP_ERROR);
	EXPECT_EQ(freed, 1);
	EXPECT_EQ(queue.tx.stats.errors, 1);
	end(SLOTS);

	/* Or the first of them, and drops the rest. */
	begin();
	send(SLOTS);
	answer(0, XEN_NETIF_RSP_ERROR);
	answer(1, XEN_NETIF_RSP_OKAY);
	answer(2, XEN_NETIF_RSP_DROPPED);
	EXPECT_EQ(queue.tx.stats.errors, 1);
	end(SLOTS);
}

/* Nothing of it is left here but its id. */
static void a_small_packet_that_is_refused_is_one_error(void)
{
	begin();
	send(1);
	__free_page(queue.tx.buf[id[0]].page);
	queue.tx.buf[id[0]].page = NULL;
	answer(0, XEN_NETIF_RSP_ERROR);
	EXPECT_EQ(queue.tx.stats.errors, 1);
	EXPECT_EQ(freed, 0);
	end(1);
}

static void what_is_in_flight_at_the_end_is_dropped(void)
{
	begin();
	send(SLOTS);
	answer(1, XEN_NETIF_RSP_OKAY);
	pvnet_tx_flush(&queue);
	EXPECT_EQ(freed, 1);
	EXPECT_EQ(queue.tx.held, 0);
	EXPECT_EQ(queue.tx.stats.dropped, 1);
	end(SLOTS);
}

const struct test_case test_cases[] = {
	TEST(a_packet_is_freed_with_its_last_slot),
	TEST(a_packet_that_is_refused_is_one_error),
	TEST(a_small_packet_that_is_refused_is_one_error),
	TEST(what_is_in_flight_at_the_end_is_dropped),
	{ }
};
