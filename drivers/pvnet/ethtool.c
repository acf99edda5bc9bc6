// SPDX-License-Identifier: GPL-2.0
#include <linux/ethtool.h>

#include "pvnet.h"

struct counter {
	const char *name;
	size_t offset;
};

#define TX_COUNTER(_name) { #_name, offsetof(struct pvnet_tx_stats, _name) }
#define RX_COUNTER(_name) { #_name, offsetof(struct pvnet_rx_stats, _name) }

static const struct counter tx_counters[] = {
	TX_COUNTER(packets),
	TX_COUNTER(bytes),
	TX_COUNTER(gso_packets),
	TX_COUNTER(copied),
	TX_COUNTER(merged),
	TX_COUNTER(dropped),
	TX_COUNTER(errors),
	TX_COUNTER(doorbells),
	TX_COUNTER(stopped),
	TX_COUNTER(timeouts),
	TX_COUNTER(lost_events),
};

static const struct counter rx_counters[] = {
	RX_COUNTER(packets),
	RX_COUNTER(bytes),
	RX_COUNTER(gso_packets),
	RX_COUNTER(copied),
	RX_COUNTER(dropped),
	RX_COUNTER(errors),
	RX_COUNTER(no_pages),
	RX_COUNTER(doorbells),
};

static unsigned int shown_queues(const struct pvnet *net)
{
	return net->dev->real_num_tx_queues;
}

static int pvnet_get_sset_count(struct net_device *dev, int set)
{
	const struct pvnet *net = netdev_priv(dev);

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return shown_queues(net) *
	       (ARRAY_SIZE(tx_counters) + ARRAY_SIZE(rx_counters));
}

static void pvnet_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	const struct pvnet *net = netdev_priv(dev);
	unsigned int i, j;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < shown_queues(net); i++) {
		for (j = 0; j < ARRAY_SIZE(tx_counters); j++)
			ethtool_sprintf(&data, "tx%u_%s", i, tx_counters[j].name);
		for (j = 0; j < ARRAY_SIZE(rx_counters); j++)
			ethtool_sprintf(&data, "rx%u_%s", i, rx_counters[j].name);
	}
}

static u64 read_counter(const struct u64_stats_sync *sync, const void *stats,
			const struct counter *counter)
{
	unsigned int start;
	u64 value;

	do {
		start = u64_stats_fetch_begin(sync);
		value = *(const u64 *)(stats + counter->offset);
	} while (u64_stats_fetch_retry(sync, start));
	return value;
}

static void pvnet_get_ethtool_stats(struct net_device *dev,
				    struct ethtool_stats *stats, u64 *data)
{
	const struct pvnet *net = netdev_priv(dev);
	unsigned int i, j;

	for (i = 0; i < shown_queues(net); i++) {
		const struct pvnet_tx *tx = &net->queue[i].tx;
		const struct pvnet_rx *rx = &net->queue[i].rx;

		for (j = 0; j < ARRAY_SIZE(tx_counters); j++)
			*data++ = read_counter(&tx->sync, &tx->stats,
					       &tx_counters[j]);
		for (j = 0; j < ARRAY_SIZE(rx_counters); j++)
			*data++ = read_counter(&rx->sync, &rx->stats,
					       &rx_counters[j]);
	}
}

static void pvnet_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, PV_VERSION, sizeof(info->version));
	strscpy(info->bus_info, dev_name(dev->dev.parent),
		sizeof(info->bus_info));
}

static void pvnet_get_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	const struct pvnet *net = netdev_priv(dev);

	channels->max_combined = net->max_queues;
	channels->combined_count = dev->real_num_tx_queues;
}

/* The protocol knows no other size. */
static void pvnet_get_ringparam(struct net_device *dev,
				struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	ring->rx_max_pending = PVNET_RX_ENTRIES;
	ring->tx_max_pending = PVNET_TX_ENTRIES;
	ring->rx_pending = PVNET_RX_ENTRIES;
	ring->tx_pending = PVNET_TX_ENTRIES;
}

const struct ethtool_ops pvnet_ethtool_ops = {
	.get_drvinfo = pvnet_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_channels = pvnet_get_channels,
	.get_ringparam = pvnet_get_ringparam,
	.get_sset_count = pvnet_get_sset_count,
	.get_strings = pvnet_get_strings,
	.get_ethtool_stats = pvnet_get_ethtool_stats,
	.get_ts_info = ethtool_op_get_ts_info,
};
