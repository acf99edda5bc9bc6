// SPDX-License-Identifier: GPL-2.0
/* Which pages a packet is sent from, a slot for each. */
#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "pvnet.h"

static bool pvnet_plan_add(struct pvnet_txplan *plan, unsigned int max,
			   struct page *page, unsigned int offset, unsigned int len)
{
	page += offset / PAGE_SIZE;
	offset %= PAGE_SIZE;

	/* A page of another domain cannot be granted on; it has to be copied. */
	while (len && plan->nr < max && !PageForeign(page)) {
		unsigned int size = min_t(unsigned int, len, PAGE_SIZE - offset);

		plan->page[plan->nr] = page;
		plan->slot[plan->nr].offset = offset;
		plan->slot[plan->nr].size = size;
		plan->nr++;
		len -= size;
		offset = 0;
		page++;
	}
	return !len;
}

/* What lies behind the first @skip bytes, where it lies. */
static bool pvnet_plan_direct(struct pvnet_txplan *plan, unsigned int max,
			      struct sk_buff *skb, unsigned int skip)
{
	unsigned int headlen = skb_headlen(skb), cut = min(skip, headlen);
	int i;

	if (!pvnet_plan_add(plan, max, virt_to_page(skb->data + cut),
			    offset_in_page(skb->data + cut), headlen - cut))
		return false;
	skip -= cut;
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		cut = min(skip, skb_frag_size(frag));
		if (!pvnet_plan_add(plan, max, skb_frag_page(frag),
				    skb_frag_off(frag) + cut,
			      skb_frag_size(frag) - cut))
			return false;
		skip -= cut;
	}
	return true;
}

/*
 * A slot of its own for @len bytes at @at; the page holds them and zeroes.
 *
 * Called with the transmit lock, so this cannot sleep, and without memory the packet is
 * dropped. Its queue is not stopped instead: nothing tells when there is memory again, and
 * all others of the queue, which need no copy, would wait with theirs. TCP sends again what
 * was dropped, and a datagram may get lost.
 */
static bool pvnet_plan_add_copy(struct pvnet_txplan *plan, struct sk_buff *skb,
				unsigned int at, unsigned int len)
{
	struct page *page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);

	if (!page)
		return false;
	if (skb_copy_bits(skb, at, page_address(page), len)) {
		__free_page(page);
		return false;
	}
	memset(page_address(page) + len, 0, PAGE_SIZE - len);
	plan->page[plan->nr] = page;
	plan->slot[plan->nr].offset = 0;
	plan->slot[plan->nr].size = len;
	plan->nr++;
	plan->own++;
	return true;
}

static void pvnet_plan_drop(struct pvnet_txplan *plan)
{
	while (plan->own)
		__free_page(plan->page[--plan->own]);
	plan->nr = 0;
}

/*
 * A large packet that is a slot too long most often starts with headers in a page
 * of their own and payload up to a page's end: copied together these take one slot.
 */
static bool pvnet_plan_merge(struct pvnet_txplan *plan, unsigned int max,
			     struct sk_buff *skb)
{
	const skb_frag_t *frag = skb_shinfo(skb)->frags;
	unsigned int len = skb_headlen(skb);

	if (!skb_shinfo(skb)->nr_frags)
		return false;
	len += min_t(unsigned int, skb_frag_size(frag),
		     PAGE_SIZE - offset_in_page(skb_frag_off(frag)));
	if (len > PAGE_SIZE || !pvnet_plan_add_copy(plan, skb, 0, len))
		return false;
	return pvnet_plan_direct(plan, max, skb, len);
}

static bool pvnet_plan_copy(struct pvnet_txplan *plan, unsigned int max,
			    struct sk_buff *skb)
{
	unsigned int at, len;

	for (at = 0; at < skb->len; at += len) {
		len = min_t(unsigned int, skb->len - at, PAGE_SIZE);
		if (plan->nr == max || !pvnet_plan_add_copy(plan, skb, at, len))
			return false;
	}
	return true;
}

bool pvnet_txplan_make(struct pvnet_txplan *plan, const struct pvnet *net,
		       struct sk_buff *skb)
{
	unsigned int max = net->backend.sg ? PVNET_MAX_SLOTS : 1;

	plan->nr = 0;
	plan->own = 0;
	if (skb->len < ETH_HLEN || skb->len > XEN_NETIF_MAX_TX_SIZE)
		return false;
	if (!net->untrusted) {
		if (likely(pvnet_plan_direct(plan, max, skb, 0)))
			return true;
		pvnet_plan_drop(plan);
		if (pvnet_plan_merge(plan, max, skb))
			return true;
		pvnet_plan_drop(plan);
	}
	if (pvnet_plan_copy(plan, max, skb))
		return true;
	pvnet_plan_drop(plan);
	return false;
}
