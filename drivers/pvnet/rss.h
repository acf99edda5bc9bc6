/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the user wants to be hashed, with which key, and which queue gets what hash:
 * settings that outlive a connection, and what a backend can be told of them. PURE: no
 * locks, no allocation, no kernel services.
 *
 * The indirection table has always PVNET_RSS_TABLE entries here. That is a power of two,
 * and a backend whose own table is smaller gets one of a power of two, too: it can do
 * what the large one says if that repeats after as many entries.
 */
#ifndef _PVNET_RSS_H
#define _PVNET_RSS_H

#include <linux/types.h>

/* What Linux's and XenServer's backends take, and Windows' RSS has. */
#define PVNET_RSS_KEY	40U
#define PVNET_RSS_TABLE	128U

/**
 * struct pvnet_rss - the user's settings
 * @hashes: packets are to come with their hash
 * @custom: @table counts; if not, it is the default one of however many queues there are
 * @ports4: TCP over IPv4 is hashed with its ports
 * @ports6: the same over IPv6
 * @key: of the hash function
 * @table: the queue of each hash, modulo the number of entries
 */
struct pvnet_rss {
	bool hashes;
	bool custom;
	bool ports4;
	bool ports6;
	u8 key[PVNET_RSS_KEY];
	u8 table[PVNET_RSS_TABLE];
};

/**
 * pvnet_rss_queue() - an entry of the table
 * @rss: the settings
 * @entry: below PVNET_RSS_TABLE
 * @queues: how many there are
 *
 * Return: the queue.
 */
static inline u32 pvnet_rss_queue(const struct pvnet_rss *rss, unsigned int entry,
				  unsigned int queues)
{
	return rss->custom ? rss->table[entry] : entry % queues;
}

/**
 * pvnet_rss_set_table() - have another table
 * @rss: the settings
 * @table: PVNET_RSS_TABLE entries, each below @queues
 * @queues: how many there are, 255 at most
 *
 * The default table is not custom: it follows the number of queues.
 */
void pvnet_rss_set_table(struct pvnet_rss *rss, const u32 *table, unsigned int queues);

/**
 * pvnet_rss_same_table() - whether two settings agree about the table
 * @a: the one
 * @b: the other
 *
 * Return: true if they do: what a default table is follows from the number of queues.
 */
bool pvnet_rss_same_table(const struct pvnet_rss *a, const struct pvnet_rss *b);

/**
 * pvnet_rss_size() - the size of the table that a backend is given
 * @most: entries that it takes
 *
 * Return: a power of two up to PVNET_RSS_TABLE, or 0 if it takes none.
 */
unsigned int pvnet_rss_size(u32 most);

/**
 * pvnet_rss_fits() - whether a backend can do what the table says
 * @rss: the settings
 * @size: of pvnet_rss_size()
 * @queues: that it serves
 *
 * Return: true for the default table, which every backend can do; else false if an entry
 * is not one of the queues, or if the first @size entries are not all there is to it.
 */
bool pvnet_rss_fits(const struct pvnet_rss *rss, unsigned int size, unsigned int queues);

/**
 * pvnet_rss_flags() - what a backend is to hash
 * @rss: the settings
 * @can: XEN_NETIF_CTRL_HASH_TYPE_* bits of what it can
 *
 * Return: those of what it is to.
 */
u32 pvnet_rss_flags(const struct pvnet_rss *rss, u32 can);

#endif
