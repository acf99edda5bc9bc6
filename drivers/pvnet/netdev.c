// SPDX-License-Identifier: GPL-2.0
/* The interface as the stack sees it. */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include <pv/compat/net.h>

#include "pvnet.h"

/* A full ring that does not move for so long is looked at. */
#define PVNET_TX_TIMEOUT	(30 * HZ)

/* So many connections with one backend may end without its having closed, and no more. */
#define PVNET_MAX_ENDS		4

#define OFFLOADS	(NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | \
			 NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_RXCSUM)

static int pvnet_open(struct net_device *dev)
{
	pvnet_start(netdev_priv(dev));
	return 0;
}

static int pvnet_stop(struct net_device *dev)
{
	pvnet_halt(netdev_priv(dev));
	return 0;
}

static netdev_features_t pvnet_fix_features(struct net_device *dev,
					    netdev_features_t features)
{
	const struct pvnet *net = netdev_priv(dev);
	const struct pvnet_backend *backend = &net->backend;

	/* What the user wants is kept for the backend to come. */
	if (!net->live)
		return features;

	if (!backend->sg)
		features &= ~(NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO6);
	if (backend->no_csum)
		features &= ~NETIF_F_IP_CSUM;
	if (!backend->csum6)
		features &= ~NETIF_F_IPV6_CSUM;
	if (!backend->gso4)
		features &= ~NETIF_F_TSO;
	if (!backend->gso6)
		features &= ~NETIF_F_TSO6;
	if (!pvnet_hash_is_offered(net))
		features &= ~NETIF_F_RXHASH;
	return features;
}

/* The other features are looked up where packets are handled. */
static int pvnet_set_features(struct net_device *dev, netdev_features_t features)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_rss rss = net->hash.rss;

	if (!((dev->features ^ features) & NETIF_F_RXHASH))
		return 0;
	rss.hashes = features & NETIF_F_RXHASH;
	return pvnet_hash_change(net, &rss);
}

/* What is set now counts, whoever sets it. */
static int pvnet_change_mtu(struct net_device *dev, int mtu)
{
	struct pvnet *net = netdev_priv(dev);

	net->wanted_mtu = 0;
	WRITE_ONCE(dev->mtu, mtu);
	return 0;
}

static const struct net_device_ops pvnet_netdev_ops = {
	.ndo_open = pvnet_open,
	.ndo_stop = pvnet_stop,
	.ndo_start_xmit = pvnet_xmit,
	.ndo_tx_timeout = pvnet_tx_timeout,
	.ndo_get_stats64 = pvnet_get_stats64,
	.ndo_fix_features = pvnet_fix_features,
	.ndo_set_features = pvnet_set_features,
	.ndo_change_mtu = pvnet_change_mtu,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

void pvnet_netdev_fit(struct pvnet *net)
{
	struct net_device *dev = net->dev;
	unsigned int want, mtu;

	ASSERT_RTNL();
	netdev_update_features(dev);
	dev->max_mtu = net->backend.sg ? PVNET_MAX_MTU : ETH_DATA_LEN;
	want = net->wanted_mtu ?: dev->mtu;
	mtu = min(want, dev->max_mtu);
	if (mtu < want)
		netdev_warn(dev, "mtu %u is too large for a backend without feature-sg, using %u\n",
			    want, mtu);
	dev_set_mtu(dev, mtu);
	net->wanted_mtu = mtu < want ? want : 0;
}

static int pvnet_read_settings(struct pvnet *net)
{
	struct pvnet_settings settings;
	u8 mac[ETH_ALEN];
	int err = pvnet_read_keys(net, PVNET_KEYS_INTERFACE, &settings);

	if (err)
		return err;
	net->dev->mtu = settings.mtu;
	/* mac_pton() does not mind text behind the address. */
	if (strlen(settings.mac) == 3 * ETH_ALEN - 1 &&
	    mac_pton(settings.mac, mac) && is_valid_ether_addr(mac)) {
		eth_hw_addr_set(net->dev, mac);
	} else {
		err = -EINVAL;
		xenbus_dev_fatal(net->front.xdev, err,
				 "mac is \"%s\", expected a unicast address like 00:16:3e:01:02:03",
				 settings.mac);
	}
	net->given_mac = settings.mac;
	return err;
}

static int pvnet_init_queues(struct pvnet *net)
{
	unsigned int i, j;

	net->queue = kvcalloc(net->max_queues, sizeof(*net->queue), GFP_KERNEL);
	if (!net->queue)
		return -ENOMEM;

	for (i = 0; i < net->max_queues; i++) {
		struct pvnet_queue *q = &net->queue[i];

		q->net = net;
		q->index = i;
		u64_stats_init(&q->tx.sync);
		u64_stats_init(&q->rx.sync);
		timer_setup(&q->rx.retry, pvnet_rx_retry, 0);
		for (j = 0; j < PVNET_TX_ENTRIES; j++)
			q->tx.buf[j].ref = INVALID_GRANT_REF;
		for (j = 0; j < PVNET_RX_ENTRIES; j++)
			q->rx.buf[j].ref = INVALID_GRANT_REF;
		pv_napi_add(net->dev, &q->napi, pvnet_poll, i);
	}
	pvnet_coalesce_init(net);
	pvnet_ctrl_init(&net->ctrl);
	pvnet_hash_init(&net->hash);
	pvnet_watch_init(net);
	pvnet_stats_init(net);
	return 0;
}

static int pvnet_setup_netdev(struct net_device *dev, struct xenbus_device *xdev)
{
	SET_NETDEV_DEV(dev, &xdev->dev);
	dev->netdev_ops = &pvnet_netdev_ops;
	dev->ethtool_ops = &pvnet_ethtool_ops;
	dev->watchdog_timeo = PVNET_TX_TIMEOUT;
	/* A packet in flight has state of ours in skb->cb: it is not to be sent twice at once. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	/* Hashes cost the backend time, and a slot of the ring for each packet. */
	dev->hw_features = OFFLOADS | NETIF_F_RXHASH;
	dev->features = OFFLOADS;
	/* Backends find no checksum behind a VLAN tag. */
	dev->vlan_features = NETIF_F_SG;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = PVNET_MAX_MTU;
	netif_set_tso_max_size(dev, XEN_NETIF_MAX_TX_SIZE);

	return pvnet_read_settings(netdev_priv(dev));
}

struct net_device *pvnet_netdev_create(struct xenbus_device *xdev,
				       unsigned int max_queues)
{
	struct net_device *dev;
	struct pvnet *net;
	int err;

	dev = alloc_etherdev_mqs(sizeof(*net), max_queues, max_queues);
	if (!dev) {
		xenbus_dev_fatal(xdev, -ENOMEM, "allocating the interface");
		return ERR_PTR(-ENOMEM);
	}
	net = netdev_priv(dev);
	pvfront_init(&net->front, xdev, &pvnet_front_ops);
	net->dev = dev;
	net->max_queues = max_queues;
	net->front.max_resting = PVNET_MAX_ENDS * PVNET_RX_ENTRIES * max_queues;
	err = pvnet_init_queues(net);
	if (err) {
		xenbus_dev_fatal(xdev, err, "allocating %u queues", max_queues);
		goto err_free;
	}
	err = pvnet_setup_netdev(dev, xdev);
	if (err)
		goto err_free;

	netif_carrier_off(dev);
	netif_tx_stop_all_queues(dev);
	err = register_netdev(dev);
	if (err) {
		xenbus_dev_fatal(xdev, err, "registering the interface");
		goto err_free;
	}
	return dev;

err_free:
	pvnet_netdev_free(net);
	return ERR_PTR(err);
}

void pvnet_netdev_free(struct pvnet *net)
{
	struct pvnet_queue *queue = net->queue;
	struct net_device *dev = net->dev;
	char *mac = net->given_mac;

	if (dev->reg_state == NETREG_REGISTERED)
		unregister_netdev(dev);
	/* This also removes the NAPIs from the list they are on. */
	free_netdev(dev);
	kvfree(queue);
	kfree(mac);
}
