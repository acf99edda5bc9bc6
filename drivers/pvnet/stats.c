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

/* Of the queues from @first to before @end. */
static void pvnet_sum_rx(const struct pvnet *net, unsigned int first, unsigned int end,
			 struct pv_rx_queue_stats *sum)
{
	struct pvnet_rx_stats stats;

	sum->packets = 0;
	sum->bytes = 0;
	sum->alloc_fail = 0;
	for (; first < end; first++) {
		pvnet_read_rx(&net->queue[first].rx, &stats);
		sum->packets += stats.packets;
		sum->bytes += stats.bytes;
		sum->alloc_fail += stats.no_pages;
	}
}

static void pvnet_sum_tx(const struct pvnet *net, unsigned int first, unsigned int end,
			 struct pv_tx_queue_stats *sum)
{
	struct pvnet_tx_stats stats;

	sum->packets = 0;
	sum->bytes = 0;
	sum->hw_gso_packets = 0;
	sum->stop = 0;
	for (; first < end; first++) {
		pvnet_read_tx(&net->queue[first].tx, &stats);
		sum->packets += stats.packets;
		sum->bytes += stats.bytes;
		sum->hw_gso_packets += stats.gso_packets;
		sum->stop += stats.stopped;
	}
}

static void pvnet_get_queue_stats_rx(struct net_device *dev, int index,
				     struct pv_rx_queue_stats *rx)
{
	pvnet_sum_rx(netdev_priv(dev), index, index + 1, rx);
}

static void pvnet_get_queue_stats_tx(struct net_device *dev, int index,
				     struct pv_tx_queue_stats *tx)
{
	pvnet_sum_tx(netdev_priv(dev), index, index + 1, tx);
}

/* Queues that an earlier backend served and this one does not. */
static void pvnet_get_base_stats(struct net_device *dev, struct pv_rx_queue_stats *rx,
				 struct pv_tx_queue_stats *tx)
{
	const struct pvnet *net = netdev_priv(dev);

	pvnet_sum_rx(net, dev->real_num_rx_queues, net->max_queues, rx);
	pvnet_sum_tx(net, dev->real_num_tx_queues, net->max_queues, tx);
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
