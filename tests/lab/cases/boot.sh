#!/bin/bash
# A guest whose root file system is ext4 on a disk of the driver under test.
# The RAM disk holds no other block front end, so it alone can have found it.
# runs: test intree kernels image builtin soak-intree soak-wide soak-lite rounds
# timeout: 120

cp --sparse=always /lab/in/guest.ext4 "$(disk_path root)"
guest_start g1 "$(disk_line "$(disk_spec root xvda)")" "cmdline=root=/dev/xvda"

expect "root file system" \
	"$(guest_run g1 'stat -f -c %T /; awk "\$2 == \"/\" { print \$1, \$3 }" /proc/mounts')" \
	"ext2/ext3
/dev/xvda ext4"
expect "driver of the root disk" \
	"$(guest_run g1 'basename "$(readlink /sys/block/xvda/device/driver)"')" \
	"$BLK_DRIVER"
guest_do g1 "[[ -d /sys/module/$BLK_MODULE ]]"

# What is written reaches the disk, and survives a boot of its own.
guest_do g1 'echo kept >/root/written && sync'
guest_shutdown g1
guest_create g1
expect "file written before the reboot" "$(guest_run g1 'cat /root/written')" kept
guest_shutdown g1
expect "fsck in dom0" "$(e2fsck -fn "$(disk_path root)" >"$CASE_DIR/fsck.log" 2>&1; echo $?)" 0
pass
