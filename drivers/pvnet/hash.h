/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hashes of received packets, and which queue gets which: what ethtool shows and sets of
 * them, and what the backend is told of it over the control ring, for each connection.
 *
 * The backend hashes while somebody has a use for it: while `rxhash` is on, or while the
 * indirection table is not the default one. It costs it time, and a slot of the ring for
 * each packet.
 */
#ifndef _PVNET_HASH_H
#define _PVNET_HASH_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "rss.h"

struct pvnet;
struct seq_file;

/**
 * struct pvnet_hash - settings, and what the backend has of them
 * @rss: the settings; changed under RTNL and in a session of the control ring. The rest
 *	is of the connection and changes in a session
 * @can: XEN_NETIF_CTRL_HASH_TYPE_* bits of what the backend can hash
 * @size: entries of its table, of pvnet_rss_size()
 * @fits: of pvnet_rss_fits(): if false the default table is used instead
 * @sized: it was told @size
 * @on: it was told to hash
 */
struct pvnet_hash {
	struct pvnet_rss rss;
	u32 can;
	unsigned int size;
	bool fits;
	bool sized;
	bool on;
};

/**
 * pvnet_hash_queue() - an entry of the table that is in use
 * @hash: the settings
 * @entry: below PVNET_RSS_TABLE
 * @queues: how many there are
 *
 * Return: the queue.
 */
static inline u32 pvnet_hash_queue(const struct pvnet_hash *hash, unsigned int entry,
				   unsigned int queues)
{
	return READ_ONCE(hash->fits) ? pvnet_rss_queue(&hash->rss, entry, queues) :
				       entry % queues;
}

/**
 * pvnet_hash_init() - the settings before anybody has changed them
 * @hash: zeroed
 */
void pvnet_hash_init(struct pvnet_hash *hash);

/**
 * pvnet_hash_connect() - ask what the backend can, and tell it the settings
 * @net: the interface, in ->connect
 *
 * No failure of this ends the connection, but for a lie; what fails is reported.
 *
 * Context: process context, without RTNL; sleeps, for 2 * PVNET_CTRL_MS at most.
 */
void pvnet_hash_connect(struct pvnet *net);

/**
 * pvnet_hash_is_offered() - whether packets can come with their hash
 * @net: the interface
 *
 * Context: any.
 * Return: true if the backend takes settings.
 */
bool pvnet_hash_is_offered(const struct pvnet *net);

/**
 * pvnet_hash_change() - have other settings
 * @net: the interface
 * @rss: the settings
 *
 * Between two connections they are kept for the one to come, and so they are while the
 * backend has no hashes, unless packets are to come with them.
 *
 * Context: RTNL; sleeps, for 2 * PVNET_CTRL_MS at most.
 * Return: 0 or -errno, reported; nothing has changed then.
 */
int pvnet_hash_change(struct pvnet *net, const struct pvnet_rss *rss);

/**
 * pvnet_hash_show() - print it for debugfs
 * @net: the interface
 * @m: where to
 */
void pvnet_hash_show(const struct pvnet *net, struct seq_file *m);

#endif
