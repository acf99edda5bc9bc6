#!/bin/bash
# Data is whole with every kind of ring: queues, pages, indirect requests, grants.
# runs: test soak-intree rounds
# timeout: 400

disk_create a 32
disk_create b 32

# Absent keys stand for the one queue and the one page of old.
front_key()	{ xs_read "$(frontend_path g1 vbd 51712)/$1" || echo "$2"; }

# rings QUEUES ORDER SEGMENTS PERSISTENT: a guest with these, and that they are used
rings()
{
	local queues=$1 order=$2 segments=$3 persistent=$4 most parameters=''
	for word in max_queues=$queues max_ring_page_order=$order \
		max_indirect_segments=$segments feature_persistent=$persistent; do
		parameters+=" $BLK_MODULE.$word"
	done
	guest_start g1 vcpus=2 "cmdline=${parameters# }" \
		"$(disk_line "$(disk_spec a xvda)" "$(disk_spec b xvdb)")"
	disk_wait g1 xvda xvdb

	expect "queues" "$(front_key multi-queue-num-queues 1)" "$queues"
	expect "order of a ring's pages" "$(front_key ring-page-order 0)" "$order"
	expect "persistent grants" "$(front_key feature-persistent 0)" "$persistent"
	expect "hardware queues" "$(guest_run g1 'ls /sys/block/xvda/mq | wc -l')" "$queues"
	most=$((segments > 11 ? segments : 11))
	expect "segments of a request" "$(guest_run g1 'cat /sys/block/xvda/queue/max_segments')" "$most"
}

# interrupts: how many each queue's event channel has brought, a line each
interrupts()
{
	guest_run g1 "grep -E ' (xvda-q|blkif)' /proc/interrupts" |
		awk '{ for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i; print n; n = 0 }'
}

# verify WHAT QUEUES: random sizes and places, 32 in flight on each disk from every
# CPU, all read back; so many QUEUES were used
verify()
{
	local sums used
	guest_do g1 'fio --ioengine=libaio --direct=1 --iodepth=32 --rw=randwrite --bsrange=4k-1m \
		--verify=crc32c --verify_fatal=1 --size=12m --group_reporting --filename=/dev/xvda \
		--name=a0 --offset=0 --cpus_allowed=0 --name=a1 --offset=16m --cpus_allowed=1 \
		--name=b --filename=/dev/xvdb --offset=0 >/run/fio.log || { cat /run/fio.log; false; }' 120
	used=$(interrupts | awk '$1 > 10' | wc -l)
	((used >= $2)) || fail "only $used queues brought interrupts: $(interrupts)"
	sums=$(guest_do g1 'sha256sum </dev/xvda; sha256sum </dev/xvdb' 60 | cut -d' ' -f1)
	guest_shutdown g1
	expect "both disks in dom0" "$(backend_sha256 a; backend_sha256 b)" "$sums"
	note "verified: $1"
}

if [[ $LAB_DRIVERS == ours ]]; then
	rings 2 4 256 1
	verify "two queues of 16 pages, large indirect requests, persistent" 2
else
	# xen-blkfront allocates for the worst case at once: 500 MB a ring for the above.
	rings 2 2 32 1
	verify "two queues of 4 pages, indirect, persistent" 2
fi
rings 2 4 32 0
verify "two queues of 16 pages, indirect, granted in place" 2
rings 1 0 0 0
verify "one queue of one page, 11 segments, granted in place" 1
pass
