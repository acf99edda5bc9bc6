#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every virtual disk bound to pvblk is connected and is the disk its number says.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvblk vbd

# The name and first minor of a disk by its number: major 202 with 16 minors each, or
# bit 28 with 256 each. Prints nothing for the encodings of IDE and SCSI disks.
place() # NUMBER
{
	local index
	if (($1 >> 28)); then
		index=$((($1 & 0xfffffff) >> 8))
		((($1 & 0xff) == 0 && index < 26)) || return
		echo "xvd$(letter $index) $((index * 256))"
	elif (($1 >> 8 == 202 && ($1 & 0xf) == 0)); then
		index=$((($1 & 0xff) >> 4))
		echo "xvd$(letter $index) $((index * 16))"
	fi
}

letter()
{
	local letters=abcdefghijklmnopqrstuvwxyz
	echo "${letters:$1:1}"
}

disk_tests() # DEVICE
{
	local disk number name minor node
	disk=$(basename "$XEN_DEVICES/$1"/block/*)
	number=$(front_key "$1" virtual-device)
	read -r name minor <<<"$(place "$number")"
	connection_tests "$1"
	ktap_is "$1: driver of $disk" \
		"$(basename "$(realpath "/sys/block/$disk/device/driver")")" pvblk
	if [[ $name ]]; then
		ktap_is "$1: name" "$disk" "$name"
		ktap_is "$1: device number" "$(<"/sys/block/$disk/dev")" "202:$minor"
	else
		ktap_test_skip "$1: name" "virtual-device $number is no xvd number of a whole disk"
		ktap_is "$1: major" "$(cut -d: -f1 "/sys/block/$disk/dev")" 202
	fi
	node=$(stat -c '%t:%T' "/dev/$disk" 2>&1)
	ktap_is "$1: node /dev/$disk" "$node" \
		"$(IFS=: read -r a b <"/sys/block/$disk/dev"; printf '%x:%x' "$a" "$b")"
}

ktap_set_plan $((1 + ${#DEVICES[@]} * (CONNECTION_TESTS + 4)))
ktap_is "owner of major 202" "$(awk '/^Block/ { b = 1 } b && $1 == 202 { print $2 }' /proc/devices)" xvd
for dev in "${DEVICES[@]}"; do
	disk_tests "$dev"
done
ktap_finished
