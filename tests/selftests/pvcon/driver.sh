#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every console bound to pvcon is connected and has the line that sysfs names.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvcon console

HVC_MAJOR=229

console_tests() # DEVICE
{
	local line channel=none
	line=$(<"$XEN_DEVICES/$1/hvc")
	connection_tests "$1"
	ktap_holds "$1: is a secondary console" "${1#console-} > 0"
	ktap_is "$1: line in debugfs" "hvc$(front_debug "$1" line)" "$line"
	ktap_is "$1: node /dev/$line" "$(stat -c '%F %t:%T' "/dev/$line" 2>&1)" \
		"$(printf 'character special file %x:%x' $HVC_MAJOR "${line#hvc}")"
	[[ ! -e $XEN_DEVICES/$1/channel ]] || channel=$(<"$XEN_DEVICES/$1/channel")
	ktap_is "$1: channel" "$channel" "$(front_key "$1" name 2>/dev/null || echo none)"
	ktap_holds "$1: ring-ref" "$(front_key "$1" ring-ref) > 0"
	ktap_holds "$1: port" "$(front_key "$1" port) > 0"
}

ktap_set_plan $((${#DEVICES[@]} * (CONNECTION_TESTS + 6)))
for dev in "${DEVICES[@]}"; do
	console_tests "$dev"
done
ktap_finished
