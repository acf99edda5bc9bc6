/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pvnet: the network frontend. One struct pvnet per vif, with its net_device;
 * one struct pvnet_queue per pair of rings.
 *
 * Who may touch what:
 *  - the callbacks of pvfront (connect.c) build and tear down queues; they take
 *    RTNL to change what the stack sees;
 *  - between pvnet_serve() and pvnet_unserve() NAPI runs, and takes the responses
 *    of the transmit ring; between pvnet_start() and pvnet_halt(), which follow the
 *    interface up and down, the stack sends and NAPI receives as well. All four
 *    run under RTNL. A receive side belongs to its NAPI alone, a transmit side to
 *    whoever holds its netdev_queue's transmit lock.
 */
#ifndef _PVNET_H
#define _PVNET_H

#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <pv/front.h>

#include "coalesce.h"
#include "ctrl.h"
#include "hash.h"
#include "queue.h"
#include "watch.h"

/* Largest packet, with its headers, that fits the 16-bit size of a request. */
#define PVNET_MAX_MTU	(XEN_NETIF_MAX_TX_SIZE - VLAN_ETH_HLEN)

/**
 * struct pvnet_backend - what the backend can do, from its directory
 * @rx_copy: it copies received packets into our buffers
 * @sg: it takes packets of several slots
 * @gso4: it takes TCPv4 packets to be segmented
 * @gso6: the same for TCPv6
 * @no_csum: it does not take packets without IPv4 transport checksum
 * @csum6: it takes packets without IPv6 transport checksum
 * @split: it can use one event channel for each direction
 * @max_queues: most queues it serves
 * @ctrl: it has a control ring
 */
struct pvnet_backend {
	u64 rx_copy;
	u64 sg;
	u64 gso4;
	u64 gso6;
	u64 no_csum;
	u64 csum6;
	u64 split;
	u64 max_queues;
	u64 ctrl;
};

/**
 * struct pvnet_config - what the toolstack says of the interface for each connection
 * @trusted: the backend may see memory around the packets
 */
struct pvnet_config {
	u64 trusted;
};

/**
 * struct pvnet_settings - what it says once; the user's to change afterwards
 * @mtu: the MTU
 * @mac: the address, in text
 */
struct pvnet_settings {
	u64 mtu;
	char *mac;
};

/* The tables of keys.def; see there. */
enum pvnet_keys { PVNET_KEYS_BACKEND, PVNET_KEYS_TOOLSTACK, PVNET_KEYS_INTERFACE };

/**
 * struct pvnet - one network interface
 * @front: the connection
 * @dev: the net_device whose private data this is
 * @given_mac: the address that the toolstack gave it, in text
 * @backend: what the backend can do
 * @untrusted: the backend may see nothing but the packets themselves
 * @was_connected: the interface was connected before, so neighbours must be told
 * @live: between pvnet_serve() and pvnet_unserve(); changed under RTNL
 * @running: between pvnet_start() and pvnet_halt(); changed under RTNL
 * @expired: an orphan that is to be unregistered; protected with @orphan
 * @orphan: in the list of those without a vif, of outlive.c
 * @tuning: what ethtool sets
 * @watch: looks for lost events while @live
 * @ctrl: the control ring
 * @hash: what the backend is told over it
 * @wanted_mtu: the MTU to go back to when a backend allows it; 0 if there is none
 * @spread: so many queues were spread over the CPUs; the user may have changed that
 * @wanted_queues: so many at most, as the user wants it; 0 if nothing was said
 * @most_queues: this connection found room for no more; 0: it has what it wanted
 * @nr_queues: queues in use; changed only while not @live
 * @max_queues: queues there is memory for
 * @queue: all queues
 */
struct pvnet {
	struct pvfront front;
	struct net_device *dev;
	char *given_mac;
	struct pvnet_backend backend;
	bool untrusted;
	bool was_connected;
	bool live;
	bool running;
	bool expired;
	struct list_head orphan;
	struct pvnet_tuning tuning;
	struct pvnet_watch watch;
	struct pvnet_ctrl ctrl;
	struct pvnet_hash hash;
	unsigned int wanted_mtu;
	unsigned int spread;
	unsigned int wanted_queues;
	unsigned int most_queues;
	unsigned int nr_queues;
	unsigned int max_queues;
	struct pvnet_queue *queue;
};

/* keys.c */

/**
 * pvnet_read_keys() - read the keys of one table, each within its bounds
 * @net: the interface
 * @table: the table
 * @to: the structure that it fills; undefined on error
 *
 * Context: process context; sleeps (xenstore).
 * Return: 0 or -errno, reported.
 */
int pvnet_read_keys(struct pvnet *net, enum pvnet_keys table, void *to);

/* connect.c */
extern const struct pvfront_ops pvnet_front_ops;

/* outlive.c */

/**
 * pvnet_waits_for_a_vif() - whether interfaces without a vif have time
 *
 * Return: true if ctrl_loss_tmo is not 0.
 */
bool pvnet_waits_for_a_vif(void);

/**
 * pvnet_orphan() - the vif goes, the interface waits for another
 * @net: an interface of which pvfront_stop() said so; may be freed when this returns
 *
 * Context: process context; takes RTNL; sleeps.
 */
void pvnet_orphan(struct pvnet *net);

/**
 * pvnet_adopt() - see whether an interface waits for a vif that is probed
 * @xdev: the vif
 *
 * One that has to go instead is waited for, with a deadline: @xdev is to have its name.
 *
 * Context: process context; takes RTNL; sleeps (xenstore).
 * Return: the interface, for pvfront_start(); NULL if there is none; or an ERR_PTR, reported.
 */
struct pvnet *pvnet_adopt(struct xenbus_device *xdev);

/**
 * pvnet_orphans_init() - what is set from here on counts for interfaces that wait, too
 */
void pvnet_orphans_init(void);

/**
 * pvnet_orphans_exit() - no vif will come any more
 *
 * Context: process context; takes RTNL; sleeps. No vif is bound.
 */
void pvnet_orphans_exit(void);

/* Of struct pvfront_ops. */
bool pvnet_outlives(struct pvfront *f);
bool pvnet_in_use(struct pvfront *f);
void pvnet_expired(struct pvfront *f);

/* netdev.c */

/**
 * pvnet_netdev_create() - make an interface, without a carrier, and its connection
 * @xdev: the vif
 * @max_queues: most queues it will use
 *
 * Context: process context; takes RTNL.
 * Return: the interface, registered, or an ERR_PTR, reported.
 */
struct net_device *pvnet_netdev_create(struct xenbus_device *xdev,
				       unsigned int max_queues);

/**
 * pvnet_netdev_free() - undo pvnet_netdev_create()
 * @net: an interface whose connection was stopped
 *
 * Context: process context; takes RTNL.
 */
void pvnet_netdev_free(struct pvnet *net);

/**
 * pvnet_netdev_fit() - adapt the interface to a backend
 * @net: a live interface
 *
 * Context: RTNL.
 */
void pvnet_netdev_fit(struct pvnet *net);

static inline struct pvfront_event *pvnet_tx_event(struct pvnet_queue *q)
{
	return &q->event[PVNET_TX_EVENT];
}

static inline struct pvfront_event *pvnet_rx_event(struct pvnet_queue *q)
{
	return &q->event[q->net->backend.split ? PVNET_RX_EVENT : PVNET_TX_EVENT];
}

struct rtnl_link_stats64;

/* stats.c */

/**
 * pvnet_stats_init() - have the stack show the counters of each queue
 * @net: an interface that is not registered yet
 */
void pvnet_stats_init(struct pvnet *net);

/**
 * pvnet_get_stats64() - the interface's ndo_get_stats64
 * @dev: the interface
 * @sum: filled, but for what the stack itself counts
 *
 * Context: any; does not sleep.
 */
void pvnet_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *sum);

/* ethtool.c */
extern const struct ethtool_ops pvnet_ethtool_ops;

#endif
