#!/bin/bash
# Disks that QEMU serves from files, raw and qcow2: data, flush, discard, growth, hot-plug under load.
# It has one ring, requests of 11 segments at most, no persistent grants: all taken from its keys.
# runs: soak
# timeout: 240

disk_create raw 64
qcow2_create cow 64
qcow2_create extra 64
guest_start g1 "$(disk_line "$(qdisk_spec raw xvda)" "$(qdisk_spec cow xvdb qcow2)")"
disk_wait g1 xvda xvdb
back=$(backend_path g1 qdisk "$(vdev_id xvda)")
note "what QEMU offers: $(for key in $(xs_list "$back"); do echo "$key=$(xs_read "$back/$key")"; done |
	grep -E '^(feature|max|multi|discard|sector|info|type)' | paste -sd ' ')"
for dev in xvda xvdb; do
	expect "size of $dev" "$(guest_do g1 "blockdev --getsize64 /dev/$dev")" $((64 << 20))
done

guest_do g1 'fio --ioengine=libaio --direct=1 --iodepth=32 --rw=randwrite --bsrange=4k-1m --size=48m \
	--verify=crc32c --verify_fatal=1 --group_reporting --name=a --filename=/dev/xvda \
	--name=b --filename=/dev/xvdb' 120 >"$CASE_DIR/fio.log"
note "fio verified"

# What a program wants to be durable goes to the file, and only that.
syncs_start
guest_do g1 'dd if=/dev/zero of=/dev/xvda bs=4k count=16 oflag=direct 2>/dev/null'
expect "QEMU's calls of fdatasync for direct writes" "$(syncs)" 0
guest_do g1 'for i in 1 2 3 4; do dd if=/dev/zero of=/dev/xvda bs=4k count=1 conv=fsync 2>/dev/null; done'
expect "QEMU's calls of fdatasync for 4 fsyncs" "$(syncs)" 4
syncs_end

# grown DEV MB: the guest has seen it
grown()	{ [[ $(guest_run g1 "blockdev --getsize64 /dev/$1") == $(($2 << 20)) ]]; }
qdisk_resize g1 xvda raw 96
qdisk_resize g1 xvdb qcow2 96
for dev in xvda xvdb; do
	wait_until 30 grown $dev 96 || fail "the guest still sees $(guest_run g1 "blockdev --getsize64 /dev/$dev") bytes of $dev"
	guest_do g1 "dd if=/dev/urandom of=/dev/$dev bs=1M seek=64 count=32 oflag=direct 2>/dev/null"
done
note "both have grown and are written to the end"

# Taken away under load, with --soak twice under the same name; what was written before is there again.
for ((round = 1; round <= $(soak 2 1); round++)); do
	qdisk_attach g1 extra xvdc qcow2 || fail "round $round: block-attach failed"
	disk_wait g1 xvdc
	((round == 1)) || expect "what round 1 wrote" "$(guest_do g1 'head -c 7 /dev/xvdc')" "round 1"
	guest_do g1 "printf 'round $round' | dd of=/dev/xvdc bs=512 conv=sync,fsync 2>/dev/null"
	guest_spawn g1 io 'fio --name=io --filename=/dev/xvdc --rw=randrw --bs=64k --offset=1M --size=32M --direct=1 \
		--ioengine=libaio --iodepth=16 --time_based --runtime=300'
	w=$(qdisk_count g1 wr_operations)
	busy()	{ (($(qdisk_count g1 wr_operations) > w + 50)); }
	wait_until 60 busy || fail "round $round: QEMU sees no I/O"
	disk_detach g1 xvdc || fail "round $round: block-detach failed"
	status=0
	guest_join g1 io 60 >"$CASE_DIR/fio-$round.log" || status=$?
	((status != 124)) || fail "round $round: fio hangs after the detach"
	wait_until 30 guest_lacks_disk g1 xvdc || fail "round $round: /dev/xvdc stays"
done
note "detached under load"

used()	{ du -m "$(disk_path raw)" | cut -f1; }
guest_do g1 'dd if=/dev/urandom of=/dev/xvda bs=1M seek=16 count=32 oflag=direct 2>/dev/null'
u=$(used)
guest_do g1 'fio --name=t --filename=/dev/xvda --rw=trim --bs=1M --offset=16M --size=32M --direct=1 >/dev/null'
expect "MB given back in dom0 when 32 are discarded" "$((u - $(used)))" 32
guest_do g1 'dd if=/dev/xvda bs=1M skip=16 count=32 iflag=direct 2>/dev/null | cmp -n 33554432 - /dev/zero'

# A new QEMU, which knows no more than is in the files.
sums=$(guest_do g1 'sha256sum </dev/xvda; sha256sum </dev/xvdb' 60)
guest_shutdown g1
expect "raw disk in dom0" "$(backend_sha256 raw)  -" "${sums%%$'\n'*}"
qcow2_is cow || fail "the file of xvdb is no qcow2 image any more"
guest_create g1
disk_wait g1 xvda xvdb
expect "both disks after a restart" "$(guest_do g1 'sha256sum </dev/xvda; sha256sum </dev/xvdb' 60)" "$sums"
guest_shutdown g1
pass
