// SPDX-License-Identifier: GPL-2.0
/* What the stack is told of a packet received. */
#include <fake.h>

#include "drivers/pvnet/pvnet.h"
#include "drivers/pvnet/rxoffload.h"
#include "test.h"

static struct net_device dev;
static struct pvnet_rx rx;
static struct sk_buff skb;
static unsigned int setups, recalculated, helped;
static int setup_err;

int skb_checksum_setup(struct sk_buff *skb, bool recalculate)
{
	EXPECT_EQ(skb->ip_summed, CHECKSUM_PARTIAL);
	setups++;
	recalculated += recalculate;
	return setup_err;
}

int skb_checksum_help(struct sk_buff *skb)
{
	helped++;
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

static int told(u8 gso, bool csum_blank, bool validated)
{
	struct pvnet_rx_packet pkt = {
		.csum_blank = csum_blank, .validated = validated,
		.gso = { .type = gso, .size = 1448 },
	};

	memset(&rx, 0, sizeof(rx));
	skb = (struct sk_buff){ .dev = &dev };
	setups = 0;
	recalculated = 0;
	helped = 0;
	setup_err = 0;
	dev.features = NETIF_F_RXCSUM;
	return pvnet_rx_offloads(&rx, &skb, &pkt);
}

static void plain_packets_are_what_the_backend_says(void)
{
	EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_NONE, false, false), 0);
	EXPECT_EQ(skb.ip_summed, CHECKSUM_NONE);
	EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_NONE, false, true), 0);
	EXPECT_EQ(skb.ip_summed, CHECKSUM_UNNECESSARY);
	EXPECT_EQ(setups, 0);
	EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_NONE, true, true), 0);
	EXPECT_EQ(skb.ip_summed, CHECKSUM_PARTIAL);
	EXPECT_EQ(setups, 1);
	EXPECT_EQ(recalculated, 0);
	EXPECT_EQ(skb.shinfo.gso_size, 0);
}

static void segments_are_not_believed(void)
{
	EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_TCPV4, true, true), 0);
	EXPECT_EQ(skb.shinfo.gso_size, 1448);
	EXPECT_EQ(skb.shinfo.gso_type, SKB_GSO_DODGY | SKB_GSO_TCPV4);
	EXPECT_EQ(rx.stats.gso_checksum_fixup, 0);
	EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_TCPV6, true, true), 0);
	EXPECT_EQ(skb.shinfo.gso_type, SKB_GSO_DODGY | SKB_GSO_TCPV6);
}

/* Such a backend has to be found in the statistics: the guest does its work. */
static void segments_without_a_blank_checksum_get_one_and_are_counted(void)
{
	for (unsigned int validated = 0; validated < 2; validated++) {
		EXPECT_EQ(told(XEN_NETIF_GSO_TYPE_TCPV4, false, validated), 0);
		EXPECT_EQ(skb.ip_summed, CHECKSUM_PARTIAL);
		EXPECT_EQ(recalculated, 1);
		EXPECT_EQ(rx.stats.gso_checksum_fixup, 1);
	}
}

static void a_checksum_that_is_not_found_drops_the_packet(void)
{
	struct pvnet_rx_packet pkt = { .csum_blank = true };

	told(XEN_NETIF_GSO_TYPE_NONE, false, false);
	setup_err = -EPROTO;
	EXPECT_EQ(pvnet_rx_offloads(&rx, &skb, &pkt), -EPROTO);
}

static void with_checksums_off_packets_are_as_on_a_wire(void)
{
	struct pvnet_rx_packet pkt = { .csum_blank = true };

	told(XEN_NETIF_GSO_TYPE_NONE, false, false);
	dev.features = 0;
	EXPECT_EQ(pvnet_rx_offloads(&rx, &skb, &pkt), 0);
	EXPECT_EQ(helped, 1);
	pkt = (struct pvnet_rx_packet){ .validated = true };
	skb.ip_summed = CHECKSUM_NONE;
	EXPECT_EQ(pvnet_rx_offloads(&rx, &skb, &pkt), 0);
	EXPECT_EQ(skb.ip_summed, CHECKSUM_NONE);
}

static bool hash_told(u8 kind, u64 features)
{
	struct pvnet_rx_packet pkt = { .hash_kind = kind, .hash = 0x12345678 };

	skb = (struct sk_buff){ .dev = &dev };
	dev.features = features;
	return pvnet_rx_hash(&skb, &pkt);
}

static void a_hash_is_passed_on_if_the_user_wants_it(void)
{
	EXPECT_EQ(hash_told(PVNET_HASH_PORTS, NETIF_F_RXHASH), true);
	EXPECT_EQ(skb.hash, 0x12345678);
	EXPECT_EQ(skb.hash_type, PKT_HASH_TYPE_L4);
	EXPECT_EQ(hash_told(PVNET_HASH_ADDRESSES, NETIF_F_RXHASH), true);
	EXPECT_EQ(skb.hash_type, PKT_HASH_TYPE_L3);
	EXPECT_EQ(hash_told(PVNET_HASH_NONE, NETIF_F_RXHASH), false);
	EXPECT_EQ(skb.hash, 0);
	EXPECT_EQ(hash_told(PVNET_HASH_PORTS, ~0ULL & ~NETIF_F_RXHASH), false);
	EXPECT_EQ(skb.hash, 0);
}

const struct test_case test_cases[] = {
	TEST(plain_packets_are_what_the_backend_says),
	TEST(segments_are_not_believed),
	TEST(segments_without_a_blank_checksum_get_one_and_are_counted),
	TEST(a_checksum_that_is_not_found_drops_the_packet),
	TEST(with_checksums_off_packets_are_as_on_a_wire),
	TEST(a_hash_is_passed_on_if_the_user_wants_it),
	{ }
};
