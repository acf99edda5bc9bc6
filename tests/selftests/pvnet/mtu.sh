#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An MTU outside the bounds is refused and changes nothing. The MTU in use is only
# ever set to itself.

. "$(dirname "$(realpath "$0")")/vif.sh"

SMALLEST=68 ETHERNET=1500
# A packet has at most 65535 bytes on the ring, 18 of them Ethernet with a VLAN tag.
LARGEST=$((65535 - 18))

mtu_refused() # MTU
{
	local message before
	before=$(<"/sys/class/net/$name/mtu")
	if message=$(ip link set dev "$name" mtu "$1" 2>&1); then
		ktap_test_fail "$name: mtu $1 is refused" "it was taken, expected an error"
		ip link set dev "$name" mtu "$before"
	elif [[ -z $message ]]; then
		ktap_test_fail "$name: mtu $1 is refused" "without a message"
	else
		ktap_is "$name: mtu $1 is refused" "$(<"/sys/class/net/$name/mtu")" "$before"
	fi
}

mtu_tests()
{
	local most=$ETHERNET mtu
	[[ $(backend_key "$dev" feature-sg 0) != 1 ]] || most=$LARGEST
	mtu=$(<"/sys/class/net/$name/mtu")
	for value in $((SMALLEST - 1)) 0 $((most + 1)) 65536 4294967295; do
		mtu_refused $value
	done
	ktap_is "$name: bounds" \
		"$(ip -d link show dev "$name" | sed -n 's/.*minmtu \([0-9]*\) maxmtu \([0-9]*\).*/\1 to \2/p')" \
		"$SMALLEST to $most"
	ktap_holds "$name: mtu is inside them" "$SMALLEST <= $mtu && $mtu <= $most"
	ktap_is "$name: mtu $mtu is taken" "$(ip link set dev "$name" mtu "$mtu" 2>&1)" ""
}

ktap_set_plan $((${#DEVICES[@]} * 8))
for dev in "${DEVICES[@]}"; do
	name=$(interface "$dev")
	mtu_tests
done
ktap_finished
