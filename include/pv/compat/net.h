/* SPDX-License-Identifier: GPL-2.0 */
/* The network stack. */
#ifndef _PV_COMPAT_NET_H
#define _PV_COMPAT_NET_H

#include <linux/netdevice.h>

#include <pv/compat.h>

/* mac_pton() is in the second. */
#if PV_KERNEL_IS(6, 1)
#include <net/page_pool.h>
#include <linux/kernel.h>
#else
#include <net/page_pool/helpers.h>
#include <linux/hex.h>
#endif

/**
 * pv_page_pool_forget() - take a page away from its pool
 * @pool: the pool
 * @page: a page of it with no other user; the caller's reference is kept
 *
 * A pool does not keep a page that somebody else has a reference to, so it is given
 * back with one too many. Kernels up to 6.5 have a function for this.
 *
 * Context: as page_pool_put_full_page().
 */
static inline void pv_page_pool_forget(struct page_pool *pool, struct page *page)
{
	get_page(page);
	page_pool_put_full_page(pool, page, false);
}

/*
 * What a queue of the stack counts and is told of, since 6.10 or so. There is no macro of
 * the kernel's to ask for: all of it is structures, functions and enumerations.
 */
#if PV_KERNEL_IS(6, 1)
struct pv_rx_queue_stats {
	u64 packets, bytes, alloc_fail;
};

struct pv_tx_queue_stats {
	u64 packets, bytes, hw_gso_packets, stop;
};

struct pv_stat_ops {
	void (*get_queue_stats_rx)(struct net_device *dev, int index,
				   struct pv_rx_queue_stats *rx);
	void (*get_queue_stats_tx)(struct net_device *dev, int index,
				   struct pv_tx_queue_stats *tx);
	void (*get_base_stats)(struct net_device *dev, struct pv_rx_queue_stats *rx,
			       struct pv_tx_queue_stats *tx);
};
#else
#include <net/netdev_queues.h>

#define pv_rx_queue_stats	netdev_queue_stats_rx
#define pv_tx_queue_stats	netdev_queue_stats_tx
#define pv_stat_ops		netdev_stat_ops
#endif

/**
 * pv_netdev_set_stat_ops() - have the stack show statistics of each queue
 * @dev: a device that is not registered yet
 * @ops: read them; must outlive @dev. Kernels that cannot show them, call none of them
 */
static inline void pv_netdev_set_stat_ops(struct net_device *dev,
					  const struct pv_stat_ops *ops)
{
#if !PV_KERNEL_IS(6, 1)
	dev->stat_ops = ops;
#endif
}

/**
 * pv_napi_add() - netif_napi_add() for a queue, whose id and settings outlive napi_disable()
 * @dev: the interface
 * @napi: to be added
 * @poll: its function
 * @index: of the queue, below those that @dev was allocated with
 *
 * netdev's netlink wants the ids of an interface in one order. A NAPI that is added without
 * an index has a new id each time that it is enabled, and keeps its old one while it is not.
 *
 * Context: process context.
 */
static inline void pv_napi_add(struct net_device *dev, struct napi_struct *napi,
			       int (*poll)(struct napi_struct *, int), int index)
{
#if PV_KERNEL_IS(6, 1) || PV_KERNEL_IS(6, 12)
	netif_napi_add(dev, napi, poll);
#else
	netif_napi_add_config(dev, napi, poll, index);
#endif
}

/**
 * pv_queue_link() - tell the stack which NAPI and interrupt serve a pair of queues
 * @dev: the device
 * @index: of the transmit and of the receive queue
 * @napi: serves both
 * @irq: has @napi run when packets were received
 *
 * For people and programs that look for it; nothing is done by kernels that can't show it.
 *
 * Context: RTNL; sleeps.
 */
static inline void pv_queue_link(struct net_device *dev, unsigned int index,
				 struct napi_struct *napi, int irq)
{
#if !PV_KERNEL_IS(6, 1)
	netif_napi_set_irq(napi, irq);
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_RX, napi);
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_TX, napi);
#endif
}

/**
 * pv_queue_unlink() - undo pv_queue_link(), before the interrupt goes
 * @dev: the device
 * @index: as before
 * @napi: as before
 *
 * Context: RTNL; sleeps.
 */
static inline void pv_queue_unlink(struct net_device *dev, unsigned int index,
				   struct napi_struct *napi)
{
#if !PV_KERNEL_IS(6, 1)
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_TX, NULL);
	netif_queue_set_napi(dev, index, NETDEV_QUEUE_TYPE_RX, NULL);
	netif_napi_set_irq(napi, -1);
#endif
}

/**
 * pv_page_pool_show() - have the stack show a pool, and with it what it counts
 * @params: of the pool that is to be made
 * @dev: the registered device whose pool it will be
 */
static inline void pv_page_pool_show(struct page_pool_params *params,
				     struct net_device *dev)
{
#if !PV_KERNEL_IS(6, 1)
	params->netdev = dev;
#endif
}

#endif
