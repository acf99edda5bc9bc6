#!/bin/bash
# Discarded blocks are given back in dom0 and read as zeros; their neighbours stay.
# runs: test soak-intree
# timeout: 120

disk_create a 64
guest_start g1 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
used()	{ du -m "$(disk_path a)" | cut -f1; }

guest_do g1 'dd if=/dev/urandom of=/dev/xvda bs=1M count=64 oflag=direct 2>/dev/null
	head -c 16M /dev/xvda | sha256sum >/run/head
	tail -c 16M /dev/xvda | sha256sum >/run/tail'
expect "MB in use in dom0 when written" "$(used)" 64

granularity=$(guest_run g1 'cat /sys/block/xvda/queue/discard_granularity')
expect "discard granularity" "$granularity" "$(xs_read "$(backend_path g1 vbd 51712)/discard-granularity")"
guest_do g1 'fio --name=t --filename=/dev/xvda --rw=trim --bs=1M --offset=16M --size=32M --direct=1 >/dev/null'

expect "MB in use in dom0 when half is discarded" "$(used)" 32
guest_do g1 'echo 3 >/proc/sys/vm/drop_caches
	head -c 16M /dev/xvda | sha256sum | cmp - /run/head
	tail -c 16M /dev/xvda | sha256sum | cmp - /run/tail
	dd if=/dev/xvda bs=1M skip=16 count=32 2>/dev/null | cmp -n 33554432 - /dev/zero'
stat=/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51712/statistics
(($(<"$stat/ds_req") >= 32)) || fail "the backend counted $(<"$stat/ds_req") discards"
guest_shutdown g1
pass
