// SPDX-License-Identifier: GPL-2.0
/* The hash settings as ethtool names them. */
#include <linux/ethtool.h>

#include "pvnet.h"
#include "rxfh.h"

#define PVNET_ADDRESSES	(RXH_IP_SRC | RXH_IP_DST)
#define PVNET_PORTS	(RXH_L4_B_0_1 | RXH_L4_B_2_3)

u32 pvnet_get_rx_ring_count(struct net_device *dev)
{
	return dev->real_num_rx_queues;
}

u32 pvnet_get_rxfh_key_size(struct net_device *dev)
{
	return PVNET_RSS_KEY;
}

/* Whatever the backend's: the stack asks for it some time before it asks for the table. */
u32 pvnet_get_rxfh_indir_size(struct net_device *dev)
{
	return PVNET_RSS_TABLE;
}

int pvnet_get_rxfh(struct net_device *dev, struct ethtool_rxfh_param *param)
{
	const struct pvnet *net = netdev_priv(dev);
	const struct pvnet_hash *hash = &net->hash;
	unsigned int i;

	if (!READ_ONCE(hash->can))
		return -EOPNOTSUPP;
	param->hfunc = READ_ONCE(hash->on) ? ETH_RSS_HASH_TOP : ETH_RSS_HASH_UNKNOWN;
	if (param->key)
		memcpy(param->key, hash->rss.key, PVNET_RSS_KEY);
	if (!param->indir)
		return 0;
	for (i = 0; i < PVNET_RSS_TABLE; i++)
		param->indir[i] = pvnet_hash_queue(hash, i, dev->real_num_rx_queues);
	return 0;
}

/* The stack has checked the sizes, and that each entry is a queue. */
int pvnet_set_rxfh(struct net_device *dev, struct ethtool_rxfh_param *param,
		   struct netlink_ext_ack *extack)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_rss rss = net->hash.rss;

	if (!READ_ONCE(net->hash.can))
		return -EOPNOTSUPP;
	if (param->hfunc != ETH_RSS_HASH_NO_CHANGE && param->hfunc != ETH_RSS_HASH_TOP) {
		netdev_err(dev, "hfunc is %u, not %u (toeplitz)\n", param->hfunc,
			   ETH_RSS_HASH_TOP);
		NL_SET_ERR_MSG_MOD(extack, "the only hash function is toeplitz");
		return -EOPNOTSUPP;
	}
	if (param->key)
		memcpy(rss.key, param->key, PVNET_RSS_KEY);
	if (param->indir)
		pvnet_rss_set_table(&rss, param->indir, dev->real_num_rx_queues);
	return pvnet_hash_change(net, &rss);
}

/**
 * struct pvnet_flow - how a kind of packet is hashed
 * @addresses: XEN_NETIF_CTRL_HASH_TYPE_* bit of the hash of its addresses
 * @ports: the same with its ports; 0 if there is none
 */
struct pvnet_flow {
	u32 addresses;
	u32 ports;
};

static int pvnet_find_flow(u32 type, struct pvnet_flow *flow)
{
	*flow = (struct pvnet_flow) { };
	switch (type) {
	case TCP_V4_FLOW:
		flow->ports = XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
		fallthrough;
	case UDP_V4_FLOW:
	case SCTP_V4_FLOW:
	case AH_ESP_V4_FLOW:
	case AH_V4_FLOW:
	case ESP_V4_FLOW:
	case IPV4_FLOW:
		flow->addresses = XEN_NETIF_CTRL_HASH_TYPE_IPV4;
		return 0;
	case TCP_V6_FLOW:
		flow->ports = XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
		fallthrough;
	case UDP_V6_FLOW:
	case SCTP_V6_FLOW:
	case AH_ESP_V6_FLOW:
	case AH_V6_FLOW:
	case ESP_V6_FLOW:
	case IPV6_FLOW:
		flow->addresses = XEN_NETIF_CTRL_HASH_TYPE_IPV6;
		return 0;
	default:
		return -EINVAL;
	}
}

int pvnet_get_rxfh_fields(struct net_device *dev, struct ethtool_rxfh_fields *fields)
{
	const struct pvnet *net = netdev_priv(dev);
	const struct pvnet_hash *hash = &net->hash;
	u32 can = READ_ONCE(hash->can), flags;
	struct pvnet_flow flow;
	int err;

	if (!can)
		return -EOPNOTSUPP;
	err = pvnet_find_flow(fields->flow_type, &flow);
	if (err)
		return err;
	flags = pvnet_rss_flags(&hash->rss, can);
	if (flags & flow.ports)
		fields->data = PVNET_ADDRESSES | PVNET_PORTS;
	else
		fields->data = flags & flow.addresses ? PVNET_ADDRESSES : 0;
	return 0;
}

/* Only whether TCP's ports count can be chosen: the rest has one kind of hash. */
int pvnet_set_rxfh_fields(struct net_device *dev, const struct ethtool_rxfh_fields *fields,
			  struct netlink_ext_ack *extack)
{
	struct pvnet *net = netdev_priv(dev);
	struct pvnet_rss rss = net->hash.rss;
	bool ports = fields->data == (PVNET_ADDRESSES | PVNET_PORTS);
	struct pvnet_flow flow;
	u32 wanted;

	if (!READ_ONCE(net->hash.can))
		return -EOPNOTSUPP;
	if (pvnet_find_flow(fields->flow_type, &flow)) {
		netdev_err(dev, "flow type %u has no hash\n", fields->flow_type);
		return -EINVAL;
	}
	wanted = ports ? flow.ports : flow.addresses;
	if ((!ports && fields->data != PVNET_ADDRESSES) || !(wanted & net->hash.can)) {
		netdev_err(dev, "fields 0x%x of flow type %u cannot be hashed, only addresses (sd)%s\n",
			   (u32)fields->data, fields->flow_type,
			   flow.ports & net->hash.can ? " or these and ports (sdfn)" : "");
		NL_SET_ERR_MSG_MOD(extack, "hashed are addresses (sd), of TCP also ports");
		return -EINVAL;
	}
	if (flow.ports == XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP)
		rss.ports4 = ports;
	if (flow.ports == XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)
		rss.ports6 = ports;
	return pvnet_hash_change(net, &rss);
}
