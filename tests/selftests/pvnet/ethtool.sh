#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What ethtool shows of a vif is what was negotiated with its backend.

. "$(dirname "$(realpath "$0")")/vif.sh"

# section OUTPUT TITLE NAME: a value of ethtool -l or -g
section()
{
	awk -F: -v title="$2" -v name="$3" '
		/^[A-Z].*:$/ { inside = index($0, title) }
		inside && $1 == name { sub(/^[ \t]*/, "", $2); print $2; exit }' <<<"$1"
}

queue_tests()
{
	local shown queues most transmit
	shown=$(ethtool -l "$name" 2>&1)
	queues=$(section "$shown" "Current hardware" Combined)
	most=$(section "$shown" "Pre-set" Combined)
	transmit=("/sys/class/net/$name"/queues/tx-*)
	ktap_holds "$name: queues" "1 <= $queues && $queues <= $most"
	ktap_holds "$name: queues that the backend serves" \
		"$queues <= $(backend_key "$dev" multi-queue-max-queues 1)"
	ktap_is "$name: multi-queue-num-queues" \
		"$(front_key "$dev" multi-queue-num-queues 2>/dev/null || echo 1)" "$queues"
	ktap_is "$name: transmit queues of the stack" "${#transmit[@]}" "$queues"
	ktap_is "$name: counters" "$(ethtool -S "$name" | grep -c '^ *[tr]x[0-9]')" \
		$((queues * (TX_COUNTERS + RX_COUNTERS)))
}

ring_tests()
{
	local shown word
	shown=$(ethtool -g "$name" 2>&1)
	for word in RX TX; do
		ktap_is "$name: $word ring" "$(section "$shown" "Current hardware" $word)" $RING
		ktap_is "$name: largest $word ring" "$(section "$shown" "Pre-set" $word)" $RING
	done
}

# feature_test ETHTOOL-NAME OFFERED: what the backend does not offer is off and fixed
feature_test()
{
	local state
	state=$(sed -n "s/^[[:space:]]*$1: //p" <<<"$features")
	if [[ $2 == 1 ]]; then
		[[ $state != on* && $state != off ]] || state="to be chosen"
		ktap_is "$name: $1, offered" "$state" "to be chosen"
	else
		[[ $state != off* ]] || state=off
		ktap_is "$name: $1, not offered" "$state" off
	fi
}

feature_tests()
{
	local features sg
	features=$(ethtool -k "$name" 2>&1)
	sg=$(backend_key "$dev" feature-sg 0)
	feature_test tx-scatter-gather "$sg"
	feature_test tx-checksum-ipv4 $((1 - $(backend_key "$dev" feature-no-csum-offload 0)))
	feature_test tx-checksum-ipv6 "$(backend_key "$dev" feature-ipv6-csum-offload 0)"
	feature_test tx-tcp-segmentation $((sg & $(backend_key "$dev" feature-gso-tcpv4 0)))
	feature_test tx-tcp6-segmentation $((sg & $(backend_key "$dev" feature-gso-tcpv6 0)))
	feature_test receive-hashing "$(backend_key "$dev" feature-ctrl-ring 0)"
}

ktap_set_plan $((${#DEVICES[@]} * (5 + 4 + 6)))
for dev in "${DEVICES[@]}"; do
	name=$(interface "$dev")
	queue_tests
	ring_tests
	feature_tests
done
ktap_finished
