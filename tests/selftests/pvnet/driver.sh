#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every vif bound to pvnet is connected and has the interface that was configured.

. "$(dirname "$(realpath "$0")")/vif.sh"

vif_tests() # DEVICE
{
	local name info
	name=$(interface "$1")
	info=$(ethtool -i "$name")
	connection_tests "$1"
	ktap_is "$name: driver" "$(sed -n 's/^driver: //p' <<<"$info")" pvnet
	ktap_is "$name: version" "$(sed -n 's/^version: //p' <<<"$info")" "$(</sys/module/pvnet/version)"
	ktap_is "$name: bus-info" "$(sed -n 's/^bus-info: //p' <<<"$info")" "$1"
	ktap_is "$name: permanent address" "$(ethtool -P "$name")" \
		"Permanent address: $(front_key "$1" mac | tr A-F a-f)"
	ktap_is "$name: interface in debugfs" "$(front_debug "$1" interface)" "$name"
}

ktap_set_plan $((${#DEVICES[@]} * (CONNECTION_TESTS + 5)))
for dev in "${DEVICES[@]}"; do
	vif_tests "$dev"
done
ktap_finished
