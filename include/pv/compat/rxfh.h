/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hashing of received packets, as ethtool sets it. A driver has the functions that the
 * newest kernel calls, named PREFIX_get_rxfh() and so on; older kernels reach them by
 * those that PV_RXFH_ADAPTERS() makes.
 */
#ifndef _PV_COMPAT_RXFH_H
#define _PV_COMPAT_RXFH_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include <pv/compat.h>

#if PV_KERNEL_IS(6, 1)
struct ethtool_rxfh_param {
	u8 hfunc;
	u32 *indir;
	u8 *key;
};

struct ethtool_rxfh_fields {
	u64 data;
	u32 flow_type;
};
#endif

/*
 * PV_RXFH_ADAPTERS(prefix) makes the functions that PV_RXFH_OPS(prefix) refers to, which is
 * a list of initialisers for a struct ethtool_ops.
 */
#if PV_KERNEL_IS(6, 1)
#define PV_RXFH_ADAPTERS(prefix)						\
static int prefix##_get_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info, \
			      u32 *rules)					\
{										\
	struct ethtool_rxfh_fields fields = { .flow_type = info->flow_type };	\
	int err;								\
										\
	switch (info->cmd) {							\
	case ETHTOOL_GRXRINGS:							\
		info->data = prefix##_get_rx_ring_count(dev);			\
		return 0;							\
	case ETHTOOL_GRXFH:							\
		err = prefix##_get_rxfh_fields(dev, &fields);			\
		info->data = fields.data;					\
		return err;							\
	default:								\
		return -EOPNOTSUPP;						\
	}									\
}										\
										\
static int prefix##_set_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info) \
{										\
	struct ethtool_rxfh_fields fields = {					\
		.data = info->data, .flow_type = info->flow_type,		\
	};									\
										\
	if (info->cmd != ETHTOOL_SRXFH)						\
		return -EOPNOTSUPP;						\
	return prefix##_set_rxfh_fields(dev, &fields, NULL);			\
}										\
										\
static int prefix##_get_rxfh_parts(struct net_device *dev, u32 *indir, u8 *key, u8 *hfunc) \
{										\
	struct ethtool_rxfh_param param = { .indir = indir, .key = key };	\
	int err = prefix##_get_rxfh(dev, &param);				\
										\
	if (!err && hfunc)							\
		*hfunc = param.hfunc;						\
	return err;								\
}										\
										\
static int prefix##_set_rxfh_parts(struct net_device *dev, const u32 *indir,	\
				   const u8 *key, const u8 hfunc)		\
{										\
	struct ethtool_rxfh_param param = {					\
		.indir = (u32 *)indir, .key = (u8 *)key, .hfunc = hfunc,	\
	};									\
										\
	return prefix##_set_rxfh(dev, &param, NULL);				\
}

#define PV_RXFH_OPS(prefix)							\
	.get_rxnfc = prefix##_get_rxnfc,					\
	.set_rxnfc = prefix##_set_rxnfc,					\
	.get_rxfh_key_size = prefix##_get_rxfh_key_size,			\
	.get_rxfh_indir_size = prefix##_get_rxfh_indir_size,			\
	.get_rxfh = prefix##_get_rxfh_parts,					\
	.set_rxfh = prefix##_set_rxfh_parts

#elif PV_KERNEL_IS(6, 12)
#define PV_RXFH_ADAPTERS(prefix)						\
static int prefix##_get_rxnfc(struct net_device *dev, struct ethtool_rxnfc *info, \
			      u32 *rules)					\
{										\
	if (info->cmd != ETHTOOL_GRXRINGS)					\
		return -EOPNOTSUPP;						\
	info->data = prefix##_get_rx_ring_count(dev);				\
	return 0;								\
}

#define PV_RXFH_OPS(prefix)							\
	.get_rxnfc = prefix##_get_rxnfc,					\
	.get_rxfh_key_size = prefix##_get_rxfh_key_size,			\
	.get_rxfh_indir_size = prefix##_get_rxfh_indir_size,			\
	.get_rxfh = prefix##_get_rxfh,						\
	.set_rxfh = prefix##_set_rxfh,						\
	.get_rxfh_fields = prefix##_get_rxfh_fields,				\
	.set_rxfh_fields = prefix##_set_rxfh_fields

#else
#define PV_RXFH_ADAPTERS(prefix)

#define PV_RXFH_OPS(prefix)							\
	.get_rx_ring_count = prefix##_get_rx_ring_count,			\
	.get_rxfh_key_size = prefix##_get_rxfh_key_size,			\
	.get_rxfh_indir_size = prefix##_get_rxfh_indir_size,			\
	.get_rxfh = prefix##_get_rxfh,						\
	.set_rxfh = prefix##_set_rxfh,						\
	.get_rxfh_fields = prefix##_get_rxfh_fields,				\
	.set_rxfh_fields = prefix##_set_rxfh_fields
#endif

#endif
