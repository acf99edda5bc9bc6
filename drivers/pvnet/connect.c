// SPDX-License-Identifier: GPL-2.0
/* What is agreed upon with the backend, and the interface's life with it. */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <net/sch_generic.h>

#include "pvnet.h"

static bool trusted = true;
module_param(trusted, bool, 0644);
MODULE_PARM_DESC(trusted, "Whether backends may see memory around the packets (bool, default Y); N, or a vif's own key trusted=0, copies all packets");

/*
 * Left by whoever drove this vif before us, each of these would make the backend
 * look for a ring, send a kind of packet or filter in a way we do not handle. Those that
 * we write ourselves are written after this.
 */
static const char * const foreign_keys[] = {
	"tx-ring-ref", "rx-ring-ref",
	"event-channel", "event-channel-tx", "event-channel-rx",
	"multi-queue-num-queues",
	"ctrl-ring-ref", "event-channel-ctrl",
	"request-multicast-control", "xdp-headroom",
	"feature-no-csum-offload",
	"feature-gso-tcpv4-prefix", "feature-gso-tcpv6-prefix",
};

/* How long neighbours are not told for want of a queueing discipline. */
#define PVNET_QDISC_JIFFIES	HZ

static void pvnet_del_stale(struct pvnet *net, struct pvfront_pub *pub)
{
	unsigned int i;
	char name[20];

	/* Backends look into none beyond the number that we write. */
	for (i = 0; i < net->max_queues; i++) {
		snprintf(name, sizeof(name), "queue-%u", i);
		pvfront_del(pub, name);
	}
	for (i = 0; i < ARRAY_SIZE(foreign_keys); i++)
		pvfront_del(pub, foreign_keys[i]);
}

static void pvnet_put_queue(struct pvnet_queue *q, struct pvfront_pub *pub)
{
	int dir = q->net->nr_queues > 1 ? (int)q->index : PVFRONT_DEVICE;

	pvfront_pages_publish(pub, dir, "tx-ring-ref", &q->tx.pages, false);
	pvfront_pages_publish(pub, dir, "rx-ring-ref", &q->rx.pages, false);
	if (q->net->backend.split) {
		pvfront_put(pub, dir, "event-channel-tx", "%u",
			    q->event[PVNET_TX_EVENT].port);
		pvfront_put(pub, dir, "event-channel-rx", "%u",
			    q->event[PVNET_RX_EVENT].port);
	} else {
		pvfront_put(pub, dir, "event-channel", "%u",
			    q->event[PVNET_TX_EVENT].port);
	}
}

static void pvnet_fill_offer(struct pvfront *front, struct pvfront_pub *pub)
{
	static const char * const yes[] = {
		"request-rx-copy", "feature-rx-notify", "feature-sg",
		"feature-gso-tcpv4", "feature-gso-tcpv6",
		"feature-ipv6-csum-offload",
	};
	struct pvnet *net = container_of(front, struct pvnet, front);
	unsigned int i;

	pvnet_del_stale(net, pub);
	for (i = 0; i < ARRAY_SIZE(yes); i++)
		pvfront_put(pub, PVFRONT_DEVICE, yes[i], "1");
	if (net->nr_queues > 1)
		pvfront_put(pub, PVFRONT_DEVICE, "multi-queue-num-queues", "%u",
			    net->nr_queues);
	for (i = 0; i < net->nr_queues; i++)
		pvnet_put_queue(&net->queue[i], pub);
	pvnet_ctrl_publish(&net->ctrl, pub);
}

static unsigned int pvnet_choose_queues(const struct pvnet *net)
{
	unsigned int nr = min(net->max_queues, num_online_cpus());
	unsigned int wanted = READ_ONCE(net->wanted_queues);

	if (net->most_queues)
		nr = min(nr, net->most_queues);
	if (net->front.few_keys)
		return 1;
	if (wanted)
		nr = min(nr, wanted);
	/* Each has one queue, whatever the key says. */
	return clamp_t(u64, net->backend.max_queues, 1, nr);
}

static int pvnet_offer(struct pvfront *front)
{
	struct pvnet *net = container_of(front, struct pvnet, front);
	struct pvnet_config config;
	unsigned int i;
	int err;

	err = pvnet_read_keys(net, PVNET_KEYS_BACKEND, &net->backend);
	if (err)
		return err;
	err = pvnet_read_keys(net, PVNET_KEYS_TOOLSTACK, &config);
	if (err)
		return err;
	net->untrusted = !trusted || !config.trusted;
	/* There may be room for more than there was. */
	net->most_queues = 0;

	/* First: there may be as many queues as there is room for then. */
	err = pvnet_ctrl_open(net);
	if (err)
		return err;
	err = pvnet_queues_open(net, pvnet_choose_queues(net));
	if (err)
		return err;
	err = pvfront_publish(front, pvnet_fill_offer);
	if (err)
		return err;
	for (i = 0; i < net->nr_queues; i++)
		pvnet_queue_fill(&net->queue[i]);
	return 0;
}

/*
 * Each CPU sends on one queue of its own, as far as there are enough of them. As long as
 * their number is the same the user's own settings are kept.
 */
static void pvnet_spread_queues(struct pvnet *net)
{
	cpumask_var_t mask;
	unsigned int i, cpu;

	if (net->nr_queues == net->spread)
		return;
	net->spread = 0;
	if (net->nr_queues == 1 || !zalloc_cpumask_var(&mask, GFP_KERNEL))
		return;
	net->spread = net->nr_queues;
	for (i = 0; i < net->nr_queues; i++) {
		cpumask_clear(mask);
		for_each_possible_cpu(cpu)
			if (cpu % net->nr_queues == i)
				cpumask_set_cpu(cpu, mask);
		netif_set_xps_queue(net->dev, mask, i);
	}
	free_cpumask_var(mask);
}

/* Until the kernel has seen the carrier in work of its own, it drops what is sent. */
static bool pvnet_can_send(const struct net_device *dev)
{
	return !netif_running(dev) || !netif_carrier_ok(dev) || !qdisc_tx_changing(dev);
}

/* Bridges and neighbours look for us where we were before. */
static void pvnet_tell_neighbours(struct net_device *dev)
{
	unsigned long end = jiffies + PVNET_QDISC_JIFFIES;

	/* Without RTNL, which that work takes. */
	while (!pvnet_can_send(dev) && time_before(jiffies, end))
		usleep_range(1000, 2000);
	netdev_notify_peers(dev);
}

static int pvnet_connect(struct pvfront *front)
{
	struct pvnet *net = container_of(front, struct pvnet, front);
	struct net_device *dev = net->dev;
	int err;

	/* Without RTNL: a backend may take its time to answer. */
	pvnet_hash_connect(net);
	rtnl_lock();
	err = netif_set_real_num_queues(dev, net->nr_queues, net->nr_queues);
	if (err) {
		rtnl_unlock();
		pvfront_fail(front, err, "using %u queues", net->nr_queues);
		return err;
	}
	pvnet_spread_queues(net);
	pvnet_serve(net);
	pvnet_netdev_fit(net);
	pvnet_start(net);
	netif_carrier_on(dev);
	/* For a number that was set after the offer. */
	if (net->nr_queues != pvnet_choose_queues(net))
		pvfront_renew(front);
	rtnl_unlock();

	netdev_info(dev, "connected: %u queue%s, %s events%s%s\n", net->nr_queues,
		    net->nr_queues > 1 ? "s" : "",
		    net->backend.split ? "split" : "shared",
		    net->backend.sg ? "" : ", no scatter-gather",
		    net->untrusted ? ", backend not trusted" : "");
	if (net->was_connected)
		pvnet_tell_neighbours(dev);
	net->was_connected = true;
	return 0;
}

/*
 * Packets in flight are not waited for: a network may lose them. What the backend
 * maps even after it was given time to let go is freed when it does.
 */
static void pvnet_close(struct pvfront *front, enum pvfront_why why)
{
	struct pvnet *net = container_of(front, struct pvnet, front);
	unsigned int i;

	/* Who waits for an answer holds RTNL. */
	pvnet_ctrl_stop(&net->ctrl);
	rtnl_lock();
	netif_carrier_off(net->dev);
	pvnet_unserve(net);
	rtnl_unlock();

	pvfront_let_go(front, why);
	for (i = 0; i < net->nr_queues; i++)
		pvnet_queue_close(&net->queue[i]);
	pvnet_ctrl_close(net);
}

/* A bit for each queue that there is memory for: whether the stack may not send on it. */
static void pvnet_show_stopped(const struct pvnet *net, struct seq_file *m)
{
	u64 stopped = 0;
	unsigned int i;

	for (i = 0; i < net->max_queues; i++)
		if (netif_xmit_stopped(netdev_get_tx_queue(net->dev, i)))
			stopped |= BIT_ULL(i);
	seq_printf(m, "tx_stopped %llx\n", stopped);
}

static void pvnet_show(struct pvfront *front, struct seq_file *m)
{
	struct pvnet *net = container_of(front, struct pvnet, front);
	unsigned int i;

	seq_printf(m, "interface %s\nqueues %u\nrunning %d\nuntrusted %d\nwatch %s\n",
		   netdev_name(net->dev), net->nr_queues, net->running,
		   net->untrusted,
		   pvnet_watch_is_parked(&net->watch) ? "parked" : "awake");
	pvnet_show_stopped(net, m);
	pvnet_hash_show(net, m);
	for (i = 0; i < net->nr_queues; i++) {
		const struct pvnet_queue *q = &net->queue[i];

		seq_printf(m, "queue %u owed %lx tx_put %u tx_pushed %u tx_done %u tx_free %u held %u rx_posted %u rx_done %u\n",
			   i, q->owed, q->tx.ring.ring.req_prod_pvt,
			   q->tx.ring.pushed, q->tx.ring.ring.rsp_cons,
			   q->tx.ring.nr_free, q->tx.held, q->rx.ring.ring.req_prod_pvt,
			   q->rx.ring.ring.rsp_cons);
	}
}

const struct pvfront_ops pvnet_front_ops = {
	.offered_state = XenbusStateConnected,
	.offer = pvnet_offer,
	.connect = pvnet_connect,
	.close = pvnet_close,
	.outlives = pvnet_outlives,
	.in_use = pvnet_in_use,
	.expired = pvnet_expired,
	.show = pvnet_show,
};
