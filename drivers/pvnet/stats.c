// SPDX-License-Identifier: GPL-2.0
/*
 * Counters for which the stack has a name: of the interface, and of each queue where the
 * kernel shows those (by netdev's generic netlink). `ethtool -S` has all counters.
 */
#include <pv/compat/net.h>

#include "pvnet.h"

static void pvnet_read_rx(const struct pvnet_rx *rx, struct pvnet_rx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&rx->sync);
		*stats = rx->stats;
	} while (u64_stats_fetch_retry(&rx->sync, start));
}

static void pvnet_read_tx(const struct pvnet_tx *tx, struct pvnet_tx_stats *stats)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&tx->sync);
		*stats = tx->stats;
	} while (u64_stats_fetch_retry(&tx->sync, start));
}

void pvnet_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *sum)
{
	const struct pvnet *net = netdev_priv(dev);
	struct pvnet_rx_stats rx;
	struct pvnet_tx_stats tx;
	unsigned int i;

	for (i = 0; i < net->max_queues; i++) {
		pvnet_read_tx(&net->queue[i].tx, &tx);
		sum->tx_packets += tx.packets;
		sum->tx_bytes += tx.bytes;
		sum->tx_dropped += tx.dropped;
		sum->tx_errors += tx.errors;
		pvnet_read_rx(&net->queue[i].rx, &rx);
		sum->rx_packets += rx.packets;
		sum->rx_bytes += rx.bytes;
		sum->rx_dropped += rx.dropped;
		sum->rx_errors += rx.errors;
	}
}

static void pvnet_get_queue_stats_rx(struct net_device *dev, int index,
				     struct pv_rx_queue_stats *rx)
{
	const struct pvnet *net = netdev_priv(dev);
	struct pvnet_rx_stats stats;

	pvnet_read_rx(&net->queue[index].rx, &stats);
	rx->packets = stats.packets;
	rx->bytes = stats.bytes;
	rx->alloc_fail = stats.no_pages;
}

static void pvnet_get_queue_stats_tx(struct net_device *dev, int index,
				     struct pv_tx_queue_stats *tx)
{
	const struct pvnet *net = netdev_priv(dev);
	struct pvnet_tx_stats stats;

	pvnet_read_tx(&net->queue[index].tx, &stats);
	tx->packets = stats.packets;
	tx->bytes = stats.bytes;
	tx->hw_gso_packets = stats.gso_packets;
	tx->stop = stats.stopped;
}

/* Queues that an earlier backend served and this one does not. */
static void pvnet_get_base_stats(struct net_device *dev, struct pv_rx_queue_stats *rx,
				 struct pv_tx_queue_stats *tx)
{
	const struct pvnet *net = netdev_priv(dev);
	struct pvnet_rx_stats rx_stats;
	struct pvnet_tx_stats tx_stats;
	unsigned int i;

	rx->packets = 0;
	rx->bytes = 0;
	rx->alloc_fail = 0;
	tx->packets = 0;
	tx->bytes = 0;
	tx->hw_gso_packets = 0;
	tx->stop = 0;
	for (i = dev->real_num_rx_queues; i < net->max_queues; i++) {
		pvnet_read_rx(&net->queue[i].rx, &rx_stats);
		rx->packets += rx_stats.packets;
		rx->bytes += rx_stats.bytes;
		rx->alloc_fail += rx_stats.no_pages;
	}
	for (i = dev->real_num_tx_queues; i < net->max_queues; i++) {
		pvnet_read_tx(&net->queue[i].tx, &tx_stats);
		tx->packets += tx_stats.packets;
		tx->bytes += tx_stats.bytes;
		tx->hw_gso_packets += tx_stats.gso_packets;
		tx->stop += tx_stats.stopped;
	}
}

static const struct pv_stat_ops pvnet_stat_ops = {
	.get_queue_stats_rx = pvnet_get_queue_stats_rx,
	.get_queue_stats_tx = pvnet_get_queue_stats_tx,
	.get_base_stats = pvnet_get_base_stats,
};

void pvnet_stats_init(struct pvnet *net)
{
	pv_netdev_set_stat_ops(net->dev, &pvnet_stat_ops);
}
