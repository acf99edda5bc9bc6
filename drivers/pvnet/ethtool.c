// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows and sets. */
#include <linux/cpumask.h>
#include <linux/ethtool.h>

#include "pvnet.h"
#include "rxfh.h"

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
	TX_COUNTER(small),
	TX_COUNTER(copied),
	TX_COUNTER(merged),
	TX_COUNTER(dropped),
	TX_COUNTER(errors),
	TX_COUNTER(notifies),
	TX_COUNTER(waited),
	TX_COUNTER(stopped),
	TX_COUNTER(timeouts),
	TX_COUNTER(lost_events),
	TX_COUNTER(lost_notifies),
};

static const struct counter rx_counters[] = {
	RX_COUNTER(packets),
	RX_COUNTER(bytes),
	RX_COUNTER(gso_packets),
	RX_COUNTER(copied),
	RX_COUNTER(dropped),
	RX_COUNTER(errors),
	RX_COUNTER(no_pages),
	RX_COUNTER(notifies),
	RX_COUNTER(waited),
	RX_COUNTER(lost_events),
	RX_COUNTER(gso_checksum_fixup),
	RX_COUNTER(hashed),
};

static unsigned int pvnet_shown_queues(const struct pvnet *net)
{
	return net->dev->real_num_tx_queues;
}

static int pvnet_get_sset_count(struct net_device *dev, int set)
{
	const struct pvnet *net = netdev_priv(dev);

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return pvnet_shown_queues(net) *
	       (ARRAY_SIZE(tx_counters) + ARRAY_SIZE(rx_counters));
}

static void pvnet_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	const struct pvnet *net = netdev_priv(dev);
	unsigned int i, j;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < pvnet_shown_queues(net); i++) {
		for (j = 0; j < ARRAY_SIZE(tx_counters); j++)
			ethtool_sprintf(&data, "tx%u_%s", i, tx_counters[j].name);
		for (j = 0; j < ARRAY_SIZE(rx_counters); j++)
			ethtool_sprintf(&data, "rx%u_%s", i, rx_counters[j].name);
	}
}

static u64 pvnet_read_counter(const struct u64_stats_sync *sync, const void *stats,
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

	for (i = 0; i < pvnet_shown_queues(net); i++) {
		const struct pvnet_tx *tx = &net->queue[i].tx;
		const struct pvnet_rx *rx = &net->queue[i].rx;

		for (j = 0; j < ARRAY_SIZE(tx_counters); j++)
			*data++ = pvnet_read_counter(&tx->sync, &tx->stats,
					       &tx_counters[j]);
		for (j = 0; j < ARRAY_SIZE(rx_counters); j++)
			*data++ = pvnet_read_counter(&rx->sync, &rx->stats,
					       &rx_counters[j]);
	}
}

static void pvnet_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	/* None while the interface waits for another vif. */
	const struct device *parent = READ_ONCE(dev->dev.parent);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, PV_VERSION, sizeof(info->version));
	if (parent)
		strscpy(info->bus_info, dev_name(parent), sizeof(info->bus_info));
}

static void pvnet_get_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	const struct pvnet *net = netdev_priv(dev);

	channels->max_combined = net->max_queues;
	channels->combined_count = dev->real_num_tx_queues;
}

static bool pvnet_refuse(struct net_device *dev, const char *what, u32 value,
			 u32 min, u32 max)
{
	if (value >= min && value <= max)
		return false;
	netdev_err(dev, "%s is %u, not a number from %u to %u\n",
		   what, value, min, max);
	return true;
}

/*
 * The number is agreed upon while connecting, which takes RTNL: the new connection comes
 * after this returns, in some ms. It is what the interface is to have from now on, or as
 * many of it as a backend serves.
 */
static int pvnet_set_channels(struct net_device *dev,
			      struct ethtool_channels *channels)
{
	struct pvnet *net = netdev_priv(dev);
	u32 most = min(net->max_queues, num_online_cpus());

	if (net->live)
		most = clamp_t(u64, net->backend.max_queues, 1, most);
	if (pvnet_refuse(dev, "combined", channels->combined_count, 1, most))
		return -ERANGE;
	WRITE_ONCE(net->wanted_queues, channels->combined_count);
	if (net->live && channels->combined_count != net->nr_queues)
		pvfront_renew(&net->front);
	return 0;
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

static int pvnet_get_coalesce(struct net_device *dev,
			      struct ethtool_coalesce *coal,
			      struct kernel_ethtool_coalesce *kernel_coal,
			      struct netlink_ext_ack *extack)
{
	const struct pvnet *net = netdev_priv(dev);
	const struct pvnet_tuning *tuning = &net->tuning;

	coal->rx_coalesce_usecs = tuning->rx_usecs;
	coal->rx_max_coalesced_frames = tuning->rx_frames;
	coal->tx_coalesce_usecs = tuning->tx_usecs;
	coal->tx_max_coalesced_frames = tuning->tx_frames;
	coal->use_adaptive_rx_coalesce = tuning->adaptive_rx;
	coal->use_adaptive_tx_coalesce = tuning->adaptive_tx;
	return 0;
}

static int pvnet_set_coalesce(struct net_device *dev,
			      struct ethtool_coalesce *coal,
			      struct kernel_ethtool_coalesce *kernel_coal,
			      struct netlink_ext_ack *extack)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_tuning *tuning = &net->tuning;

	if (pvnet_refuse(dev, "rx-usecs", coal->rx_coalesce_usecs, 0,
			 PVNET_MAX_USECS) ||
	    pvnet_refuse(dev, "rx-frames", coal->rx_max_coalesced_frames, 1,
			 PVNET_MAX_RX_FRAMES) ||
	    pvnet_refuse(dev, "tx-usecs", coal->tx_coalesce_usecs, 0,
			 PVNET_MAX_USECS) ||
	    pvnet_refuse(dev, "tx-frames", coal->tx_max_coalesced_frames, 1,
			 PVNET_MAX_TX_FRAMES)) {
		NL_SET_ERR_MSG_MOD(extack,
				   "rx-usecs and tx-usecs are 0 to "
				   __stringify(PVNET_MAX_USECS)
				   ", rx-frames 1 to "
				   __stringify(PVNET_MAX_RX_FRAMES)
				   ", tx-frames 1 to "
				   __stringify(PVNET_MAX_TX_FRAMES));
		return -ERANGE;
	}

	WRITE_ONCE(tuning->rx_usecs, coal->rx_coalesce_usecs);
	WRITE_ONCE(tuning->rx_frames, coal->rx_max_coalesced_frames);
	WRITE_ONCE(tuning->tx_usecs, coal->tx_coalesce_usecs);
	WRITE_ONCE(tuning->tx_frames, coal->tx_max_coalesced_frames);
	WRITE_ONCE(tuning->adaptive_rx, !!coal->use_adaptive_rx_coalesce);
	WRITE_ONCE(tuning->adaptive_tx, !!coal->use_adaptive_tx_coalesce);
	return 0;
}

static int pvnet_get_tunable(struct net_device *dev,
			     const struct ethtool_tunable *tunable, void *data)
{
	const struct pvnet *net = netdev_priv(dev);

	switch (tunable->id) {
	case ETHTOOL_RX_COPYBREAK:
		*(u32 *)data = net->tuning.rx_copybreak;
		return 0;
	case ETHTOOL_TX_COPYBREAK:
		*(u32 *)data = net->tuning.tx_copybreak;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int pvnet_set_tunable(struct net_device *dev,
			     const struct ethtool_tunable *tunable,
			     const void *data)
{
	struct pvnet *net = netdev_priv(dev);
	u32 value = *(const u32 *)data;

	switch (tunable->id) {
	case ETHTOOL_RX_COPYBREAK:
		if (pvnet_refuse(dev, "rx-copybreak", value, 0, PVNET_RX_COPYBREAK))
			return -ERANGE;
		WRITE_ONCE(net->tuning.rx_copybreak, value);
		return 0;
	case ETHTOOL_TX_COPYBREAK:
		if (pvnet_refuse(dev, "tx-copybreak", value, 0, PVNET_TX_SMALL))
			return -ERANGE;
		WRITE_ONCE(net->tuning.tx_copybreak, value);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

PV_RXFH_ADAPTERS(pvnet);

const struct ethtool_ops pvnet_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_USECS |
				     ETHTOOL_COALESCE_MAX_FRAMES |
				     ETHTOOL_COALESCE_USE_ADAPTIVE,
	.get_coalesce = pvnet_get_coalesce,
	.set_coalesce = pvnet_set_coalesce,
	.get_tunable = pvnet_get_tunable,
	.set_tunable = pvnet_set_tunable,
	.get_drvinfo = pvnet_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_channels = pvnet_get_channels,
	.set_channels = pvnet_set_channels,
	PV_RXFH_OPS(pvnet),
	.get_ringparam = pvnet_get_ringparam,
	.get_sset_count = pvnet_get_sset_count,
	.get_strings = pvnet_get_strings,
	.get_ethtool_stats = pvnet_get_ethtool_stats,
	.get_ts_info = ethtool_op_get_ts_info,
};
