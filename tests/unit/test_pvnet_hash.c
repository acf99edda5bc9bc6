// SPDX-License-Identifier: GPL-2.0
/* What a backend is told of hashes, over connections and refusals. */
#include <fake.h>

#include "drivers/pvnet/pvnet.h"
#include "test.h"

#define ALL	(XEN_NETIF_CTRL_HASH_TYPE_IPV4 | XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP | \
		 XEN_NETIF_CTRL_HASH_TYPE_IPV6 | XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP)

/* A backend as the ABI has it, which keeps what it is told over connections. */
static struct {
	u32 most;
	u32 can;
	u32 queues;
	u32 alg;
	u32 flags;
	u32 size;
	u8 key[PVNET_RSS_KEY];
	u32 table[PVNET_RSS_TABLE];
} backend;

static struct net_device dev = { .name = "eth0" };
static struct pvnet net;
static unsigned int asked, sizes, sessions;
static unsigned int fail_at;	/* the number of the request that fails, from 1 */
static int fail_with;

void pvnet_ctrl_begin(struct pvnet_ctrl *ctrl)
{
	EXPECT_EQ(sessions++, 0);
}

void pvnet_ctrl_end(struct pvnet_ctrl *ctrl)
{
	EXPECT_EQ(--sessions, 0);
}

void pvnet_ctrl_start(struct pvnet_ctrl *ctrl)
{
	ctrl->usable = net.backend.ctrl;
}

/* As pvnet_ctrl_ask() does: after some errors the ring is of no use. */
static int begin_request(void)
{
	EXPECT_EQ(sessions, 1);
	if (!net.ctrl.usable)
		return -ENOTCONN;
	if (++asked != fail_at)
		return 0;
	if (fail_with == -ETIMEDOUT)
		net.ctrl.usable = false;
	return fail_with;
}

int pvnet_ctrl_ask(struct pvnet *n, u16 type, u32 word, u32 *data)
{
	int err = begin_request();

	if (err)
		return err;
	switch (type) {
	case XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM:
		backend.alg = word;
		return 0;
	case XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS:
		*data = backend.can;
		return backend.alg ? 0 : -EOPNOTSUPP;
	case XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE:
		*data = backend.most;
		return 0;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS:
		if (!backend.alg || word & ~backend.can)
			return -EINVAL;
		backend.flags = word;
		return 0;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE:
		if (word > backend.most)
			return -EINVAL;
		sizes++;
		backend.size = word;
		memset(backend.table, 0, sizeof(backend.table));
		return 0;
	default:
		EXPECT(false);
		return -EOPNOTSUPP;
	}
}

int pvnet_ctrl_ask_with(struct pvnet *n, u16 type, const void *arg, size_t size, u32 nr)
{
	int err = begin_request();

	if (err)
		return err;
	if (type == XEN_NETIF_CTRL_TYPE_SET_HASH_KEY) {
		EXPECT_EQ(size, sizeof(backend.key));
		EXPECT_EQ(nr, size);
		memcpy(backend.key, arg, size);
		return 0;
	}
	EXPECT_EQ(type, XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING);
	EXPECT_EQ(nr, backend.size);
	EXPECT_EQ(size, nr * sizeof(u32));
	memcpy(backend.table, arg, size);
	for (unsigned int i = 0; i < nr; i++)
		if (backend.table[i] >= backend.queues)
			return -EINVAL;
	return 0;
}

static void connect_to(unsigned int queues)
{
	backend.queues = queues;
	net.nr_queues = queues;
	pvnet_hash_connect(&net);
	net.live = true;
}

static void disconnect(void)
{
	net.live = false;
	net.ctrl.usable = false;
}

static void begin(void)
{
	memset(&backend, 0, sizeof(backend));
	backend.most = PVNET_RSS_TABLE;
	backend.can = ALL;
	memset(&net, 0, sizeof(net));
	net.dev = &dev;
	net.backend.ctrl = true;
	pvnet_hash_init(&net.hash);
	sizes = 0;
	fail_at = 0;
	asked = 0;
}

/* The user's settings with the table that sends all to @queue, or the default one. */
static struct pvnet_rss wanted(bool hashes, int queue, u8 key)
{
	struct pvnet_rss rss = net.hash.rss;
	u32 table[PVNET_RSS_TABLE];

	rss.hashes = hashes;
	memset(rss.key, key, sizeof(rss.key));
	for (unsigned int i = 0; i < PVNET_RSS_TABLE; i++)
		table[i] = queue < 0 ? i % net.nr_queues : queue;
	pvnet_rss_set_table(&rss, table, net.nr_queues);
	return rss;
}

static int change(bool hashes, int queue, u8 key)
{
	struct pvnet_rss rss = wanted(hashes, queue, key);

	return pvnet_hash_change(&net, &rss);
}

static void expect_hashing(int queue, u8 key)
{
	EXPECT_EQ(backend.alg, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	EXPECT_EQ(backend.flags, ALL);
	EXPECT_EQ(backend.size, PVNET_RSS_TABLE);
	EXPECT_EQ(backend.key[0], key);
	EXPECT_EQ(backend.key[PVNET_RSS_KEY - 1], key);
	for (unsigned int i = 0; i < PVNET_RSS_TABLE; i++)
		EXPECT_EQ(backend.table[i], queue < 0 ? i % net.nr_queues : queue);
	EXPECT_EQ(net.hash.on, true);
}

static void expect_not_hashing(void)
{
	EXPECT_EQ(backend.alg, XEN_NETIF_CTRL_HASH_ALGORITHM_NONE);
	EXPECT_EQ(net.hash.on, false);
}

/* Also where an earlier frontend has left it with something to do. */
static void nothing_is_hashed_that_nobody_asked_for(void)
{
	begin();
	backend.alg = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ;
	backend.flags = ALL;
	connect_to(2);
	expect_not_hashing();
	EXPECT(pvnet_hash_is_offered(&net));
}

static void rxhash_has_the_backend_hash(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(true, -1, 5), 0);
	expect_hashing(-1, 5);
	EXPECT_EQ(change(false, -1, 5), 0);
	expect_not_hashing();
}

static void a_table_has_the_backend_hash(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(false, 1, 5), 0);
	expect_hashing(1, 5);
	EXPECT_EQ(change(false, -1, 5), 0);
	expect_not_hashing();
}

/* A new size empties the backend's table, and all packets go to queue 0. */
static void the_size_is_set_once_for_a_connection(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(false, 1, 5), 0);
	EXPECT_EQ(change(false, 0, 6), 0);
	expect_hashing(0, 6);
	EXPECT_EQ(sizes, 1);
	disconnect();
	connect_to(2);
	EXPECT_EQ(sizes, 2);
}

static void settings_outlive_the_connection(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(true, 1, 5), 0);
	disconnect();
	memset(&backend.alg, 0, sizeof(backend) - offsetof(typeof(backend), alg));
	connect_to(2);
	expect_hashing(1, 5);
}

static void what_is_set_between_connections_is_for_the_next(void)
{
	begin();
	connect_to(2);
	disconnect();
	asked = 0;
	EXPECT_EQ(change(true, 1, 7), 0);
	EXPECT_EQ(asked, 0);
	connect_to(2);
	expect_hashing(1, 7);
}

static void a_table_for_queues_that_are_not_there_waits_for_them(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(true, 1, 5), 0);
	disconnect();
	connect_to(1);
	expect_hashing(-1, 5);
	EXPECT_EQ(pvnet_hash_queue(&net.hash, 3, 1), 0);
	disconnect();
	connect_to(2);
	expect_hashing(1, 5);
	EXPECT_EQ(pvnet_hash_queue(&net.hash, 3, 2), 1);
}

static void the_rest_changes_though_the_table_does_not_fit(void)
{
	struct pvnet_rss rss;

	begin();
	connect_to(2);
	EXPECT_EQ(change(true, 1, 5), 0);
	disconnect();
	connect_to(1);
	rss = net.hash.rss;
	memset(rss.key, 6, sizeof(rss.key));
	EXPECT_EQ(pvnet_hash_change(&net, &rss), 0);
	expect_hashing(-1, 6);
	rss.hashes = false;
	EXPECT_EQ(pvnet_hash_change(&net, &rss), 0);
	expect_not_hashing();
	/* Another one is to fit, and the old one still waits for its queues. */
	rss.table[0] = 0;
	EXPECT_EQ(pvnet_hash_change(&net, &rss), -EINVAL);
	disconnect();
	connect_to(2);
	expect_hashing(1, 6);
}

/* Of the table alone: without rxhash nothing is left to be done then. */
static void a_table_that_does_not_fit_is_no_reason_to_hash(void)
{
	begin();
	connect_to(2);
	EXPECT_EQ(change(false, 1, 5), 0);
	disconnect();
	connect_to(1);
	expect_not_hashing();
}

static void a_backend_without_a_table_takes_the_default_one(void)
{
	begin();
	backend.most = 0;
	connect_to(2);
	EXPECT_EQ(change(true, -1, 5), 0);
	EXPECT_EQ(backend.alg, XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	EXPECT_EQ(backend.size, 0);
	EXPECT_EQ(change(true, 1, 6), -EINVAL);
	EXPECT_EQ(net.hash.rss.key[0], 5);
}

static void what_is_refused_changes_nothing(void)
{
	/* Function, key, size of the table, table, flags. */
	for (unsigned int at = 1; at <= 5; at++) {
		begin();
		connect_to(2);
		EXPECT_EQ(change(true, 0, 5), 0);
		disconnect();
		connect_to(2);
		net.hash.sized = false;
		asked = 0;
		fail_at = at;
		fail_with = -EINVAL;
		EXPECT_EQ(change(true, 1, 6), -EINVAL);
		expect_hashing(0, 5);
		EXPECT_EQ(net.hash.rss.key[0], 5);
		EXPECT_EQ(pvnet_hash_queue(&net.hash, 1, 2), 0);
		fail_at = 0;
		EXPECT_EQ(change(true, 1, 6), 0);
		expect_hashing(1, 6);
	}
}

static void a_backend_that_does_not_answer_is_not_asked_again(void)
{
	for (unsigned int at = 1; at <= 4; at++) {
		begin();
		connect_to(2);
		EXPECT_EQ(change(true, 0, 5), 0);
		asked = 0;
		fail_at = at;
		fail_with = -ETIMEDOUT;
		EXPECT_EQ(change(true, 1, 6), -ETIMEDOUT);
		EXPECT_EQ(asked, at);
		EXPECT(!pvnet_hash_is_offered(&net));
		EXPECT_EQ(net.hash.can, 0);
		EXPECT_EQ(net.hash.rss.key[0], 5);
		EXPECT_EQ(change(true, 1, 6), -EOPNOTSUPP);
		/* But what is on can be switched off. */
		EXPECT_EQ(change(false, -1, 5), 0);
		EXPECT_EQ(asked, at);
		fail_at = 0;
		disconnect();
		connect_to(2);
		expect_not_hashing();
		EXPECT(pvnet_hash_is_offered(&net));
	}
}

static void no_failure_while_connecting_leaves_it_half_done(void)
{
	static const int errs[] = { -EOPNOTSUPP, -EINVAL, -E2BIG, -ETIMEDOUT };

	/* Function, what it can, how much; function, key, size, table, flags. */
	for (unsigned int at = 1; at <= 8; at++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(errs); i++) {
			begin();
			net.nr_queues = 2;
			net.hash.rss = wanted(true, 1, 5);
			fail_at = at;
			fail_with = errs[i];
			connect_to(2);
			EXPECT(!pvnet_hash_is_offered(&net));
			EXPECT_EQ(change(true, 0, 6), -EOPNOTSUPP);
			if (errs[i] != -ETIMEDOUT)
				EXPECT_EQ(backend.alg, XEN_NETIF_CTRL_HASH_ALGORITHM_NONE);
			/* The settings wait for a better one. */
			fail_at = 0;
			disconnect();
			connect_to(2);
			expect_hashing(1, 5);
		}
	}
}

static void a_backend_without_a_control_ring_is_not_asked(void)
{
	begin();
	net.backend.ctrl = false;
	connect_to(2);
	EXPECT_EQ(asked, 0);
	EXPECT(!pvnet_hash_is_offered(&net));
	EXPECT_EQ(change(true, -1, 5), -EOPNOTSUPP);
	/* As the stack does after a migration, with a table that was set before. */
	EXPECT_EQ(change(false, 1, 5), 0);
	EXPECT_EQ(asked, 0);
	disconnect();
	net.backend.ctrl = true;
	connect_to(2);
	expect_hashing(1, 5);
}

static void a_backend_that_can_hash_nothing_offers_nothing(void)
{
	begin();
	/* What it can is unknown to us. */
	backend.can = ~ALL;
	net.nr_queues = 2;
	net.hash.rss = wanted(true, 1, 5);
	connect_to(2);
	EXPECT(!pvnet_hash_is_offered(&net));
	EXPECT_EQ(backend.alg, XEN_NETIF_CTRL_HASH_ALGORITHM_NONE);
}

const struct test_case test_cases[] = {
	TEST(nothing_is_hashed_that_nobody_asked_for),
	TEST(rxhash_has_the_backend_hash),
	TEST(a_table_has_the_backend_hash),
	TEST(the_size_is_set_once_for_a_connection),
	TEST(settings_outlive_the_connection),
	TEST(what_is_set_between_connections_is_for_the_next),
	TEST(a_table_for_queues_that_are_not_there_waits_for_them),
	TEST(the_rest_changes_though_the_table_does_not_fit),
	TEST(a_table_that_does_not_fit_is_no_reason_to_hash),
	TEST(a_backend_without_a_table_takes_the_default_one),
	TEST(what_is_refused_changes_nothing),
	TEST(a_backend_that_does_not_answer_is_not_asked_again),
	TEST(no_failure_while_connecting_leaves_it_half_done),
	TEST(a_backend_without_a_control_ring_is_not_asked),
	TEST(a_backend_that_can_hash_nothing_offers_nothing),
	{ }
};
