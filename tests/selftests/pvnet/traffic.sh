#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Packets of many sizes come back from PVNET_PEER unchanged, and the counters of its
# interface have seen them. The peer has to answer pings; default: the default gateway.

. "$(dirname "$(realpath "$0")")/vif.sh"

peer=${PVNET_PEER-}
[[ $peer ]] || peer=$(ip -4 route show default | sed -n 's/.* via \([0-9.]*\).*/\1/p' | head -n 1)
[[ $peer ]] || ktap_skip_all "no default gateway, and PVNET_PEER names no IPv4 address to ping"
[[ $peer =~ ^[0-9]+(\.[0-9]+){3}$ ]] || ktap_skip_all "PVNET_PEER is \"$peer\", expected an IPv4 address"
name=$(ip -4 route get "$peer" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p')
dev=
for each in "${DEVICES[@]}"; do
	[[ $(interface "$each") != "$name" ]] || dev=$each
done
[[ $dev ]] || ktap_skip_all "$peer is reached through ${name:-no interface}, which is not pvnet's"

# Data of an echo request, which has 42 bytes of headers in front: around a page in the
# packet, a page of data, the edges of an Ethernet frame, and fragments of all lengths.
SIZES=(0 1 18 56 1000 1471 1472 1473 2952 4054 4055 4056 4095 4096 4097
	8150 8192 16384 32768 65507)

ktap_set_plan $((${#SIZES[@]} + 11))
tx_packets=$(statistic "$name" tx_packets) rx_packets=$(statistic "$name" rx_packets)
tx_bytes=$(statistic "$name" tx_bytes) rx_bytes=$(statistic "$name" rx_bytes)
tx_counted=$(counted "$name" 'tx[0-9]+_packets') rx_counted=$(counted "$name" 'rx[0-9]+_packets')

# What leaves here: the fragments' data is a multiple of 8, each has 34 bytes of headers.
room=$((($(<"/sys/class/net/$name/mtu") - 20) / 8 * 8))
packets=0 sent=0 sum=0
for size in "${SIZES[@]}"; do
	fragments=$(((size + 8 + room - 1) / room))
	packets=$((packets + fragments))
	sent=$((sent + size + 8 + 34 * fragments))
	ktap_is "$name: $size bytes to $peer and back" "$(icmp_echo "$peer" "$size" 2>&1)" ""
	sum=$((sum + size))
done

# The peer's fragments may be of other sizes.
requests=${#SIZES[@]}
ktap_holds "$name: tx_packets" "$(statistic "$name" tx_packets) >= $tx_packets + $packets"
ktap_holds "$name: rx_packets" "$(statistic "$name" rx_packets) >= $rx_packets + $requests"
ktap_holds "$name: tx_bytes" "$(statistic "$name" tx_bytes) >= $tx_bytes + $sent"
ktap_holds "$name: rx_bytes" "$(statistic "$name" rx_bytes) >= $rx_bytes + $sum + 42 * $requests"
ktap_holds "$name: packets sent in ethtool -S" \
	"$(counted "$name" 'tx[0-9]+_packets') >= $tx_counted + $packets"
ktap_holds "$name: packets received in ethtool -S" \
	"$(counted "$name" 'rx[0-9]+_packets') >= $rx_counted + $requests"

# Other traffic may come in between two readings, never out again.
first=$(counted "$name" 'tx[0-9]+_bytes')
second=$(statistic "$name" tx_bytes)
third=$(counted "$name" 'tx[0-9]+_bytes')
ktap_holds "$name: ethtool -S and ip -s count the same" "$first <= $second && $second <= $third"
ktap_is "$name: errors in ethtool -S" "$(counted "$name" '[tr]x[0-9]+_errors')" 0
connection_tests "$dev"
ktap_finished
