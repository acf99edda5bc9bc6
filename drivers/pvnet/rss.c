// SPDX-License-Identifier: GPL-2.0
/* What the user wants to be hashed, and what a backend can be told of it. PURE. */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "rss.h"
#include "wire.h"

void pvnet_rss_set_table(struct pvnet_rss *rss, const u32 *table, unsigned int queues)
{
	unsigned int i;

	rss->custom = false;
	for (i = 0; i < PVNET_RSS_TABLE; i++) {
		rss->table[i] = table[i];
		rss->custom |= table[i] != i % queues;
	}
}

bool pvnet_rss_same_table(const struct pvnet_rss *a, const struct pvnet_rss *b)
{
	if (a->custom != b->custom)
		return false;
	return !a->custom || !memcmp(a->table, b->table, sizeof(a->table));
}

unsigned int pvnet_rss_size(u32 most)
{
	unsigned int size = PVNET_RSS_TABLE;

	while (size > most)
		size /= 2;
	return size;
}

bool pvnet_rss_fits(const struct pvnet_rss *rss, unsigned int size, unsigned int queues)
{
	unsigned int i;

	if (!rss->custom)
		return true;
	if (!size)
		return false;
	for (i = 0; i < PVNET_RSS_TABLE; i++)
		if (rss->table[i] >= queues || rss->table[i] != rss->table[i % size])
			return false;
	return true;
}

u32 pvnet_rss_flags(const struct pvnet_rss *rss, u32 can)
{
	u32 flags = XEN_NETIF_CTRL_HASH_TYPE_IPV4 | XEN_NETIF_CTRL_HASH_TYPE_IPV6;

	if (rss->ports4)
		flags |= XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
	if (rss->ports6)
		flags |= XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	return flags & can;
}
