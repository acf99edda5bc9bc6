/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `ethtool -x -X`, `-n -N rx-flow-hash`: the settings of hash.h as ethtool names them. What
 * differs between kernels is in <pv/compat/rxfh.h>, which has the stack call these.
 *
 * All of them are called under RTNL.
 */
#ifndef _PVNET_RXFH_H
#define _PVNET_RXFH_H

#include <pv/compat/rxfh.h>

u32 pvnet_get_rx_ring_count(struct net_device *dev);
u32 pvnet_get_rxfh_key_size(struct net_device *dev);
u32 pvnet_get_rxfh_indir_size(struct net_device *dev);
int pvnet_get_rxfh(struct net_device *dev, struct ethtool_rxfh_param *param);
int pvnet_set_rxfh(struct net_device *dev, struct ethtool_rxfh_param *param,
		   struct netlink_ext_ack *extack);
int pvnet_get_rxfh_fields(struct net_device *dev, struct ethtool_rxfh_fields *fields);
int pvnet_set_rxfh_fields(struct net_device *dev, const struct ethtool_rxfh_fields *fields,
			  struct netlink_ext_ack *extack);

#endif
