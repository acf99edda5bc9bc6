#!/bin/bash
# A disk grows under a mounted file system, which then uses the new room.
# runs: test soak-intree rounds
# timeout: 120

disk_create a 64
guest_start g1 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
guest_do g1 'set -e
	mkfs.ext4 -q /dev/xvda && mkdir -p /mnt/a && mount -t ext4 /dev/xvda /mnt/a
	head -c 20M /dev/urandom >/mnt/a/old && sha256sum </mnt/a/old >/run/old'

truncate -s 160M "$(disk_path a)"
losetup -c "$(losetup -j "$(disk_path a)" | cut -d: -f1)"

# blkback looks at the size when it handles a request.
grown()
{
	guest_run g1 'dd if=/dev/xvda of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
		[[ $(blockdev --getsize64 /dev/xvda) == $((160 << 20)) ]]'
}
wait_until 30 grown || fail "the guest still sees $(guest_run g1 'blockdev --getsize64 /dev/xvda') bytes"

guest_do g1 'set -e
	resize2fs /dev/xvda 2>&1
	head -c 100M /dev/urandom >/mnt/a/new && sha256sum </mnt/a/new >/run/new
	sync; echo 3 >/proc/sys/vm/drop_caches
	sha256sum </mnt/a/old | cmp - /run/old && sha256sum </mnt/a/new | cmp - /run/new && umount /mnt/a'
expect "uevents of the resize" "$(guest_run g1 'dmesg | grep -c "xvda: detected capacity change"')" 1
new=$(guest_run g1 'cut -d" " -f1 /run/new')
guest_shutdown g1
expect "fsck in dom0" "$(e2fsck -fn "$(disk_path a)" >"$CASE_DIR/fsck.log" 2>&1; echo $?)" 0
mnt=$(disk_mount a)
expect "new file in dom0" "$(sha256sum <"$mnt/new" | cut -d' ' -f1)" "$new"
disk_umount a
pass
