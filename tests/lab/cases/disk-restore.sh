#!/bin/bash
# Requests built for a back end that took more segments go on in parts after a restore.
# runs: test rounds
# timeout: 300

[[ $LAB_DRIVERS == ours ]] || skip "changes pvblk's parameters while it runs"

disk_create a 96
disk_create b 96
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
param=/sys/module/pvblk/parameters
guest_do g1 "echo N >$param/feature_persistent"
disk_attach g1 b xvdb
disk_wait g1 xvdb
shown() { guest_do g1 "sed -n 's/^$2 //p' /sys/kernel/debug/pvfront/vbd-$1"; }
expect "segments of xvda" "$(shown 51712 max_segments)" 256
expect "persistent grants of xvda" "$(shown 51712 persistent)" 1
expect "persistent grants of xvdb" "$(shown 51728 persistent)" 0

for dev in xvda xvdb; do
	guest_spawn g1 "fio-$dev" "fio --name=v --filename=/dev/$dev --size=40m --ioengine=libaio --direct=1 \
		--iodepth=16 --rw=randwrite --bsrange=64k-512k --rate=4m --verify=crc32c --verify_fatal=1"
done
stat=/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51728/statistics
busy()	{ (($(<"$stat/wr_req") > 50)); }
wait_until 60 busy || fail "the backend sees no writes"
guest_do g1 "echo 0 >$param/max_indirect_segments"
guest_save_restore g1

for dev in xvda xvdb; do
	guest_join g1 "fio-$dev" 120 >"$CASE_DIR/fio-$dev.log" || fail "fio on $dev failed, see fio-$dev.log"
done
expect "segments of xvda after the restore" "$(shown 51712 max_segments)" 11
expect "persistent grants of xvda after it" "$(shown 51712 persistent)" 0
for dev in xvda xvdb; do
	sum=$(guest_do g1 "sha256sum </dev/$dev | cut -d' ' -f1" 60)
	expect "sha256 of $dev in dom0" "$(backend_sha256 "${dev#xvd}")" "$sum"
done
guest_shutdown g1
pass
