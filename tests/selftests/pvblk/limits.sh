#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the block layer is told of a disk is what its backend publishes in xenstore and
# what was negotiated with it, as debugfs shows that.

. "$(dirname "$(realpath "$0")")/../kselftest/ktap.sh"
need_devices pvblk vbd

MIN_SEGMENTS=11		# of a request without indirect segments
READONLY=4 REMOVABLE=2	# bits of the key "info"
PARAMETERS=/sys/module/pvblk/parameters

larger()	{ echo $(($1 > $2 ? $1 : $2)); }
queue()		{ echo "$(<"/sys/block/$disk/queue/$1")"; }
flag()		{ echo $((($(backend_key "$dev" info 0) & $1) != 0)); }

geometry_tests()
{
	local sector
	sector=$(backend_key "$dev" sector-size)
	ktap_is "$disk: sectors of 512 bytes" "$(<"/sys/block/$disk/size")" \
		"$(backend_key "$dev" sectors)"
	ktap_is "$disk: logical block size" "$(queue logical_block_size)" "$sector"
	ktap_is "$disk: physical block size" "$(queue physical_block_size)" \
		"$(backend_key "$dev" physical-sector-size "$sector")"
	ktap_is "$disk: read-only" "$(<"/sys/block/$disk/ro")" "$(flag $READONLY)"
	ktap_is "$disk: removable" "$(<"/sys/block/$disk/removable")" "$(flag $REMOVABLE)"
}

request_tests()
{
	local segments most
	segments=$(front_debug "$dev" max_segments)
	most=$(larger $MIN_SEGMENTS "$(backend_key "$dev" feature-max-indirect-segments 0)")
	ktap_holds "$disk: segments of a request" "$MIN_SEGMENTS <= $segments && $segments <= $most"
	ktap_is "$disk: max_segments" "$(queue max_segments)" "$segments"
	ktap_is "$disk: max_segment_size" "$(queue max_segment_size)" 4096
	ktap_is "$disk: max_hw_sectors_kb" "$(queue max_hw_sectors_kb)" $((segments * 4))
}

# Keys that say "one ring of one page" may also be absent.
ring_tests()
{
	local queues order hardware=(/sys/block/"$disk"/mq/*)
	queues=$(front_debug "$dev" queues)
	order=$(front_debug "$dev" ring_order)
	ktap_holds "$disk: rings" \
		"1 <= $queues && $queues <= $(backend_key "$dev" multi-queue-max-queues 1)"
	ktap_is "$disk: hardware queues" "${#hardware[@]}" "$queues"
	ktap_is "$disk: multi-queue-num-queues" \
		"$(front_key "$dev" multi-queue-num-queues 2>/dev/null || echo 1)" "$queues"
	ktap_holds "$disk: pages of a ring" "$order <= $(backend_key "$dev" max-ring-page-order 0)"
	ktap_is "$disk: ring-page-order" \
		"$(front_key "$dev" ring-page-order 2>/dev/null || echo 0)" "$order"
	ktap_is "$disk: requests of a ring" "$(<"${hardware[0]}/nr_tags")" $((32 << order))
}

feature_tests()
{
	local persistent cache='write through' discard=0
	persistent=$(backend_key "$dev" feature-persistent 0)
	[[ $(<$PARAMETERS/feature_persistent) == Y ]] || persistent=0
	ktap_is "$disk: persistent grants" "$(front_debug "$dev" persistent)" "$persistent"

	[[ $(backend_key "$dev" feature-flush-cache 0)$(backend_key "$dev" feature-barrier 0) == 00 ]] ||
		cache='write back'
	ktap_is "$disk: write cache" "$(queue write_cache)" "$cache"

	[[ $(backend_key "$dev" feature-discard 0) == 0 ]] || discard=1
	ktap_is "$disk: discard" "$(($(queue discard_max_hw_bytes) > 0))" "$discard"
	ktap_is "$disk: discard granularity" "$(queue discard_granularity)" \
		"$(backend_key "$dev" discard-granularity "$(queue physical_block_size)")"
}

ktap_set_plan $((${#DEVICES[@]} * (5 + 4 + 6 + 4)))
for dev in "${DEVICES[@]}"; do
	disk=$(basename "$XEN_DEVICES/$dev"/block/*)
	geometry_tests
	request_tests
	ring_tests
	feature_tests
done
ktap_finished
