// SPDX-License-Identifier: GPL-2.0
/* What the backend is told of hashes, and what it says to that. */
#include <linux/seq_file.h>

#include "pvnet.h"

void pvnet_hash_init(struct pvnet_hash *hash)
{
	hash->rss.ports4 = true;
	hash->rss.ports6 = true;
	/* One for the whole guest, and another one after each boot. */
	netdev_rss_key_fill(hash->rss.key, sizeof(hash->rss.key));
}

bool pvnet_hash_is_offered(const struct pvnet *net)
{
	return READ_ONCE(net->hash.can) && pvnet_ctrl_is_usable(&net->ctrl);
}

static int pvnet_hash_send_table(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;
	u32 table[PVNET_RSS_TABLE];
	unsigned int i;
	int err;

	/* This empties the backend's table: flows would move for a moment. */
	if (!hash->sized) {
		err = pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE,
				     hash->size, NULL);
		if (err)
			return err;
		hash->sized = true;
	}
	if (!hash->size)
		return 0;
	for (i = 0; i < hash->size; i++)
		table[i] = pvnet_hash_queue(hash, i, net->nr_queues);
	return pvnet_ctrl_ask_with(net, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING, table,
				   hash->size * sizeof(*table), hash->size);
}

static int pvnet_hash_send_all(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;
	int err;

	err = pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
			     XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ, NULL);
	if (err)
		return err;
	err = pvnet_ctrl_ask_with(net, XEN_NETIF_CTRL_TYPE_SET_HASH_KEY, hash->rss.key,
				  sizeof(hash->rss.key), sizeof(hash->rss.key));
	if (err)
		return err;
	err = pvnet_hash_send_table(net);
	if (err)
		return err;
	return pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS,
			      pvnet_rss_flags(&hash->rss, hash->can), NULL);
}

/* Make it so that the backend does what the settings say. */
static int pvnet_hash_send(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;

	if (hash->rss.hashes || (hash->rss.custom && hash->fits)) {
		/* Also if only a part of it is done. */
		hash->on = true;
		return pvnet_hash_send_all(net);
	}
	if (!hash->on)
		return 0;
	hash->on = false;
	return pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
			      XEN_NETIF_CTRL_HASH_ALGORITHM_NONE, NULL);
}

/* A backend says nothing of what it can before a function is chosen. */
static int pvnet_hash_probe(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;
	u32 can, most;
	int err;

	err = pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
			     XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ, NULL);
	if (err)
		return err;
	hash->on = true;
	err = pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS, 0, &can);
	if (err)
		return err;
	err = pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE, 0, &most);
	if (err)
		return err;
	hash->size = pvnet_rss_size(most);
	hash->fits = pvnet_rss_fits(&hash->rss, hash->size, net->nr_queues);
	can &= XEN_NETIF_CTRL_HASH_TYPE_IPV4 | XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP |
	       XEN_NETIF_CTRL_HASH_TYPE_IPV6 | XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	WRITE_ONCE(hash->can, can);
	return can ? 0 : -EOPNOTSUPP;
}

static void pvnet_hash_begin(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;
	int err;

	err = pvnet_hash_probe(net);
	if (!err && !hash->fits)
		netdev_warn(net->dev, "the indirection table is not for a backend of %u queues and a table of %u: the default one is used\n",
			    net->nr_queues, hash->size);
	if (!err)
		err = pvnet_hash_send(net);
	if (!err)
		return;

	/* A backend may have a control ring, and no use for hashes. */
	WRITE_ONCE(hash->can, 0);
	if (hash->on)
		pvnet_ctrl_ask(net, XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
			       XEN_NETIF_CTRL_HASH_ALGORITHM_NONE, NULL);
	if (err == -EINVAL || err == -E2BIG)
		netdev_warn(net->dev, "the backend refuses the hash settings: %d\n", err);
}

void pvnet_hash_connect(struct pvnet *net)
{
	struct pvnet_hash *hash = &net->hash;

	pvnet_ctrl_begin(&net->ctrl);
	WRITE_ONCE(hash->can, 0);
	hash->size = 0;
	hash->fits = true;
	hash->sized = false;
	hash->on = false;
	pvnet_ctrl_start(&net->ctrl);
	if (pvnet_ctrl_is_usable(&net->ctrl))
		pvnet_hash_begin(net);
	pvnet_ctrl_end(&net->ctrl);
}

/* An old table that does not fit this backend keeps nobody from changing the rest. */
static int pvnet_hash_try(struct pvnet *net, const struct pvnet_rss *rss)
{
	struct pvnet_hash *hash = &net->hash;
	bool fits = pvnet_rss_fits(rss, hash->size, net->nr_queues);
	struct pvnet_rss before = hash->rss;
	bool fitted = hash->fits;
	int err;

	if (!fits && !pvnet_rss_same_table(rss, &before)) {
		netdev_err(net->dev, "an indirection table of %u entries, queues 0 to %u, that does not repeat after %u is not for this backend\n",
			   PVNET_RSS_TABLE, net->nr_queues - 1, hash->size);
		return -EINVAL;
	}
	hash->rss = *rss;
	hash->fits = fits;
	err = pvnet_hash_send(net);
	if (!err)
		return 0;
	hash->rss = before;
	hash->fits = fitted;
	/* The backend may have a part of it. It has had the old settings before. */
	if (pvnet_ctrl_is_usable(&net->ctrl))
		pvnet_hash_send(net);
	else if (err == -ETIMEDOUT)
		WRITE_ONCE(hash->can, 0);
	netdev_err(net->dev, "the backend does not take the hash settings: %d\n", err);
	return err;
}

int pvnet_hash_change(struct pvnet *net, const struct pvnet_rss *rss)
{
	int err = 0;

	ASSERT_RTNL();
	pvnet_ctrl_begin(&net->ctrl);
	if (pvnet_hash_is_offered(net)) {
		err = pvnet_hash_try(net, rss);
	} else if (net->live && rss->hashes) {
		netdev_err(net->dev, "the backend has no hashes\n");
		err = -EOPNOTSUPP;
	} else {
		net->hash.rss = *rss;
	}
	pvnet_ctrl_end(&net->ctrl);
	return err;
}

void pvnet_hash_show(const struct pvnet *net, struct seq_file *m)
{
	const struct pvnet_hash *hash = &net->hash;
	const struct pvnet_ctrl *ctrl = &net->ctrl;

	seq_printf(m, "control_ring %s\ncontrol_requests %u\ncontrol_timeouts %u\n",
		   !ctrl->pages.va ? "none" : pvnet_ctrl_is_usable(ctrl) ? "usable" : "unusable",
		   ctrl->asked, ctrl->timeouts);
	seq_printf(m, "hash %d\nhash_types %x\nhash_table %u\n", hash->on,
		   pvnet_rss_flags(&hash->rss, hash->can), hash->size);
}
