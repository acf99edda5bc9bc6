#!/bin/bash
# What programs ask to be durable reaches the backend as flushes, and only that.
# runs: test soak-intree rounds
# timeout: 120

disk_create a 64
guest_start g1 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
expect "write cache in the guest" "$(guest_run g1 'cat /sys/block/xvda/queue/write_cache')" "write back"

stat=/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51712/statistics
flushes()	{ cat "$stat/f_req"; }
writes()	{ cat "$stat/wr_req"; }

f=$(flushes) w=$(writes)
guest_do g1 'dd if=/dev/zero of=/dev/xvda bs=4k count=16 oflag=direct 2>/dev/null'
expect "writes of 16 direct writes" "$(($(writes) - w))" 16
expect "flushes of direct writes" "$(($(flushes) - f))" 0

# O_DSYNC on a disk is a write with FUA, here a write and a flush after it; the
# kernel's direct I/O adds a flush of its own.
f=$(flushes)
guest_do g1 'dd if=/dev/zero of=/dev/xvda bs=4k count=16 oflag=direct,dsync 2>/dev/null'
(($(flushes) - f >= 16)) || fail "16 FUA writes made only $(($(flushes) - f)) flushes"

f=$(flushes)
guest_do g1 'for i in 1 2 3 4; do dd if=/dev/zero of=/dev/xvda bs=4k count=1 conv=fsync 2>/dev/null; done'
expect "flushes of 4 fsyncs of the disk" "$(($(flushes) - f))" 4

guest_do g1 'mkfs.ext4 -q /dev/xvda && mkdir -p /mnt/a && mount -t ext4 /dev/xvda /mnt/a'
f=$(flushes)
guest_do g1 'for i in 1 2 3 4; do echo $i >/mnt/a/$i && sync -f /mnt/a/$i; done'
(($(flushes) - f >= 4)) || fail "4 syncs of ext4 made only $(($(flushes) - f)) flushes"
guest_do g1 'umount /mnt/a'
guest_shutdown g1
pass
