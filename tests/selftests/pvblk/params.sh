#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Values that no parameter of pvblk or of its devices may have are refused, named, and
# change nothing.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvblk vbd

PARAMETERS=/sys/module/pvblk/parameters
# name, smallest, largest, one below the smallest
NUMBERS=("max_queues 1 64 0" "poll_queues 0 64 -1" "max_ring_page_order 0 4 -1"
	"max_indirect_segments 0 512 -1")

# What may be set for a device while it runs.
KNOBS=("coalesce_responses 1 256 0" "coalesce_usecs 1 100000 0")

number_tests() # FILE NAME MIN MAX BELOW
{
	local value file=$1 before
	shift
	before=$(<"$file")
	for value in "$4" $(($3 + 1)) 4294967297 '' 1x 0x; do
		refuses "$1: \"$value\" is refused" "$file" "$value" \
			"$1 is \"$value\", not a number from $2 to $3"
	done
	for value in "$2" "$3"; do
		echo "$value" >"$file"
		ktap_is "$1: $value is accepted" "$(<"$file")" "$value"
	done
	echo "$before" >"$file"
	ktap_is "$1: as before" "$(<"$file")" "$before"
}

ktap_set_plan $(((${#NUMBERS[@]} + ${#DEVICES[@]} * ${#KNOBS[@]}) * 9 + 6))
for row in "${NUMBERS[@]}"; do
	# shellcheck disable=SC2086 # four words
	number_tests "$PARAMETERS/${row%% *}" $row
done
for dev in "${DEVICES[@]}"; do
	for row in "${KNOBS[@]}"; do
		# shellcheck disable=SC2086 # four words
		number_tests "$XEN_DEVICES/$dev/${row%% *}" $row
	done
done
for name in feature_persistent trusted; do
	for value in 2 '' maybe; do
		refuses "$name: \"$value\" is refused" $PARAMETERS/$name "$value" ''
	done
done
ktap_finished
