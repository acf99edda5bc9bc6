// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: the backend copies packets into pages granted to it. A page's access
 * is taken back before anything in it is looked at; only a packet small enough to
 * be copied in one go is read from a page that stays granted, and then only its
 * copy counts.
 */
#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include <pv/compat/net.h>
#include <pv/compat/time.h>

#include "pvnet.h"
#include "rxoffload.h"

#define RX_HEADERS	256	/* bytes of headers searched for */
#define RX_BATCH	32	/* empty buffers shown to the backend at a time */
#define RX_LOW		(2 * PVNET_MAX_SLOTS)

static void pvnet_rx_push(struct pvnet_queue *q)
{
	struct pvnet_rx *rx = &q->rx;

	if (rx->ring.pushed == rx->ring.ring.req_prod_pvt ||
	    !pvnet_rxring_push(&rx->ring))
		return;
	pvfront_event_notify(pvnet_rx_event(q));
	u64_stats_update_begin(&rx->sync);
	rx->stats.notifies++;
	u64_stats_update_end(&rx->sync);
}

static void pvnet_rx_short(struct pvnet_queue *q)
{
	struct pvnet_rx *rx = &q->rx;

	u64_stats_update_begin(&rx->sync);
	rx->stats.no_pages++;
	u64_stats_update_end(&rx->sync);
	if (pvnet_rxring_posted(&rx->ring) < RX_LOW)
		mod_timer(&rx->retry, jiffies + HZ / 10);
}

static bool pvnet_rx_buf_grant(struct pvnet_queue *q, struct pvnet_rx_buf *buf, gfp_t gfp)
{
	struct page *page;

	/* A fresh page holds what was anybody's, which the backend could read. */
	page = page_pool_alloc_pages(q->rx.pool, gfp | __GFP_NOWARN | __GFP_ZERO);
	if (!page)
		return false;
	/* A recycled page holds what the stack did to an earlier packet. */
	if (q->net->untrusted)
		clear_page(page_address(page));
	buf->page = page;
	pvfront_give(q->net->front.xdev, buf->ref, page, false);
	return true;
}

bool pvnet_rx_fill(struct pvnet_queue *q, gfp_t gfp)
{
	struct pvnet_rx *rx = &q->rx;
	bool filled = true;
	u16 id;

	while (pvnet_rxring_vacant(&rx->ring, &id)) {
		struct pvnet_rx_buf *buf = &rx->buf[id];

		if (!buf->page && !pvnet_rx_buf_grant(q, buf, gfp)) {
			filled = false;
			break;
		}
		pvnet_rxring_post(&rx->ring, buf->ref);
	}
	local_bh_disable();
	pvnet_rx_push(q);
	if (!filled)
		pvnet_rx_short(q);
	local_bh_enable();
	return filled;
}

void pvnet_rx_retry(struct timer_list *t)
{
	struct pvnet_queue *q = pv_timer_of(q, t, rx.retry);

	napi_schedule(&q->napi);
}

/* The backend may still write to the page: it leaves the pool and is nobody's until then. */
static void pvnet_rx_buf_retire(struct pvnet_queue *q, struct pvnet_rx_buf *buf)
{
	pv_page_pool_forget(q->rx.pool, buf->page);
	pvfront_retire(&q->net->front, &q->net->front.to, &buf->ref, buf->page, false);
	buf->page = NULL;
}

void pvnet_rx_flush(struct pvnet_queue *q)
{
	unsigned int id;

	for (id = 0; id < PVNET_RX_ENTRIES; id++) {
		if (q->rx.buf[id].page)
			pvnet_rx_buf_retire(q, &q->rx.buf[id]);
	}
}

/* Take a filled page from its slot; NULL if the backend did not let go of it. */
static struct page *pvnet_rx_buf_take(struct pvnet_queue *q, u16 id)
{
	struct pvnet_rx_buf *buf = &q->rx.buf[id];
	struct page *page = buf->page;

	if (likely(pvfront_take_back(buf->ref))) {
		buf->page = NULL;
		return page;
	}
	/* It stays where it is: pvnet_rx_flush() retires it. */
	pvfront_break(&q->net->front, PVFRONT_BROKE_MAPPED);
	return NULL;
}

static struct sk_buff *pvnet_rx_build_copy(struct pvnet_queue *q,
					   const struct pvnet_rx_slot *slot)
{
	struct sk_buff *skb = napi_alloc_skb(&q->napi, slot->len);

	if (skb)
		skb_put_data(skb, page_address(q->rx.buf[slot->id].page) +
				  slot->offset, slot->len);
	return skb;
}

/*
 * The head of the packet goes to the linear part, so that the stack finds headers
 * there and nothing but payload in the frags, which it then can merge and splice.
 * With more slots than frags the whole first slot goes there.
 */
static bool pvnet_rx_pull_head(struct pvnet_queue *q, struct sk_buff *skb,
			       struct page *page, const struct pvnet_rx_slot *slot,
			 bool whole)
{
	void *data = page_address(page) + slot->offset;
	unsigned int len = slot->len;

	if (!whole && len > ETH_HLEN)
		len = eth_get_headlen(q->net->dev, data,
				      min_t(unsigned int, len, RX_HEADERS));
	skb_put_data(skb, data, len);
	if (len == slot->len)
		return false;
	skb_add_rx_frag(skb, 0, page, slot->offset + len, slot->len - len,
			PAGE_SIZE);
	return true;
}

static struct sk_buff *pvnet_rx_build_frags(struct pvnet_queue *q,
					    const struct pvnet_rx_packet *pkt)
{
	bool whole = pkt->nr > MAX_SKB_FRAGS;
	struct sk_buff *skb;
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(pkt->slot) > MAX_SKB_FRAGS + 1);

	skb = napi_alloc_skb(&q->napi, whole ? PAGE_SIZE : RX_HEADERS);
	if (!skb)
		return NULL;
	skb_mark_for_recycle(skb);

	for (i = 0; i < pkt->nr; i++) {
		const struct pvnet_rx_slot *slot = &pkt->slot[i];
		struct page *page = pvnet_rx_buf_take(q, slot->id);
		bool used = true;

		if (!page) {
			kfree_skb(skb);
			return NULL;
		}
		if (!i)
			used = pvnet_rx_pull_head(q, skb, page, slot, whole);
		else if (!slot->len)
			used = false;
		else
			skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page,
					slot->offset, slot->len, PAGE_SIZE);
		if (!used)
			page_pool_recycle_direct(q->rx.pool, page);
	}
	return skb;
}

static void pvnet_rx_account(struct pvnet_rx *rx, const struct pvnet_rx_packet *pkt,
			     bool copied, bool hashed)
{
	u64_stats_update_begin(&rx->sync);
	rx->stats.packets++;
	rx->stats.bytes += pkt->len;
	rx->stats.gso_packets += pkt->gso.type != XEN_NETIF_GSO_TYPE_NONE;
	rx->stats.copied += copied;
	rx->stats.hashed += hashed;
	u64_stats_update_end(&rx->sync);
}

static void pvnet_rx_discard(struct pvnet_rx *rx, bool error)
{
	u64_stats_update_begin(&rx->sync);
	rx->stats.errors += error;
	rx->stats.dropped += !error;
	u64_stats_update_end(&rx->sync);
}

/* A packet that is dropped here leaves its pages granted, to be posted again. */
static void pvnet_rx_take(struct pvnet_queue *q, const struct pvnet_rx_packet *pkt)
{
	bool copy = pkt->nr == 1 && pkt->len <= READ_ONCE(q->net->tuning.rx_copybreak);
	struct pvnet_rx *rx = &q->rx;
	struct sk_buff *skb;
	bool hashed;

	if (unlikely(pkt->failed || pkt->len < ETH_HLEN ||
		     pkt->slot[0].len < ETH_HLEN)) {
		pvnet_rx_discard(rx, true);
		return;
	}
	skb = copy ? pvnet_rx_build_copy(q, &pkt->slot[0]) : pvnet_rx_build_frags(q, pkt);
	if (unlikely(!skb)) {
		pvnet_rx_discard(rx, false);
		return;
	}

	skb->protocol = eth_type_trans(skb, q->net->dev);
	skb_reset_network_header(skb);
	skb_record_rx_queue(skb, q->index);
	if (unlikely(pvnet_rx_offloads(rx, skb, pkt))) {
		kfree_skb(skb);
		pvnet_rx_discard(rx, true);
		return;
	}
	hashed = pvnet_rx_hash(skb, pkt);
	pvnet_rx_account(rx, pkt, copy, hashed);
	napi_gro_receive(&q->napi, skb);
}

static void pvnet_rx_count_overlooked(struct pvnet_rx *rx)
{
	WRITE_ONCE(rx->overlooked, false);
	u64_stats_update_begin(&rx->sync);
	rx->stats.lost_events++;
	u64_stats_update_end(&rx->sync);
}

int pvnet_rx_poll(struct pvnet_queue *q, int budget)
{
	struct pvnet_rx *rx = &q->rx;
	struct pvnet_rx_packet pkt;
	int ret, done = 0;

	if (unlikely(READ_ONCE(rx->overlooked)))
		pvnet_rx_count_overlooked(rx);
	ret = pvnet_rxring_look(&rx->ring);
	while (ret >= 0 && done < budget) {
		ret = pvnet_rxring_next(&rx->ring, &pkt);
		if (ret <= 0)
			break;
		done++;
		pvnet_rx_take(q, &pkt);
		if (pvfront_is_broken(&q->net->front))
			break;
		if (PVNET_RX_ENTRIES - pvnet_rxring_posted(&rx->ring) >= RX_BATCH)
			pvnet_rx_fill(q, GFP_ATOMIC);
	}
	if (ret < 0)
		pvfront_break(&q->net->front, pvnet_rxring_reason(ret));
	if (!pvfront_is_broken(&q->net->front))
		pvnet_rx_fill(q, GFP_ATOMIC);
	return done;
}
