// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/skbuff.h>

#include "pvnet.h"
#include "txplan.h"

static bool plan_add(struct pvnet_txplan *plan, unsigned int max,
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

static bool plan_direct(struct pvnet_txplan *plan, unsigned int max,
			struct sk_buff *skb)
{
	int i;

	plan->nr = 0;
	plan->own = false;
	if (!plan_add(plan, max, virt_to_page(skb->data),
		      offset_in_page(skb->data), skb_headlen(skb)))
		return false;
	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		if (!plan_add(plan, max, skb_frag_page(frag),
			      skb_frag_off(frag), skb_frag_size(frag)))
			return false;
	}
	return true;
}

/* The pages hold the packet and zeroes, so that nothing else is shown. */
static bool plan_copy(struct pvnet_txplan *plan, unsigned int max,
		      struct sk_buff *skb)
{
	unsigned int at = 0;

	plan->nr = 0;
	plan->own = true;
	while (at < skb->len && plan->nr < max) {
		unsigned int size = min_t(unsigned int, skb->len - at, PAGE_SIZE);
		struct page *page = alloc_page(GFP_ATOMIC | __GFP_NOWARN);

		if (!page)
			break;
		plan->page[plan->nr] = page;
		plan->slot[plan->nr].offset = 0;
		plan->slot[plan->nr].size = size;
		plan->nr++;
		if (skb_copy_bits(skb, at, page_address(page), size))
			break;
		memset(page_address(page) + size, 0, PAGE_SIZE - size);
		at += size;
	}
	if (at == skb->len)
		return true;

	while (plan->nr)
		__free_page(plan->page[--plan->nr]);
	return false;
}

bool pvnet_txplan_make(struct pvnet_txplan *plan, const struct pvnet *net,
		       struct sk_buff *skb)
{
	unsigned int max = net->offer.sg ? PVNET_MAX_SLOTS : 1;

	if (skb->len < ETH_HLEN || skb->len > XEN_NETIF_MAX_TX_SIZE)
		return false;
	if (!net->untrusted && plan_direct(plan, max, skb))
		return true;
	return plan_copy(plan, max, skb);
}
