#!/bin/bash
# A disk of 4 KB sectors, one whose back end is not trusted: data copied; and a CD-ROM.
# runs: test soak-intree
# image: cdrom
# timeout: 180

disk_create big 64
disk_create far 64
disk_create cd 16
loop=$(losetup -f --show -b 4096 "$(disk_path big)") || lab_error "no loop device of 4096-byte sectors"
guest_start g1 "$(guest_ramdisk cdrom)" "cmdline=modprobe.blacklist=$BLK_MODULE" \
	"disk = [ 'format=raw,backendtype=phy,vdev=xvda,script=/run/quick/block,target=$loop', '$(quick_disk far xvdb)',
		'devtype=cdrom,$(quick_disk cd xvdc)' ]"

# The toolstack's word on the back end is there before the driver is.
xs_write "$(frontend_path g1 vbd 51728)/trusted" 0
guest_do g1 "modprobe $BLK_MODULE feature_persistent=0"
disk_wait g1 xvda xvdb xvdc
expect "sector size of xvda" "$(guest_run g1 'blockdev --getss --getpbsz /dev/xvda' | paste -sd ' ')" "4096 4096"
expect "sector size of xvdb" "$(guest_run g1 'blockdev --getss /dev/xvdb')" 512
expect "size of xvda" "$(guest_run g1 'blockdev --getsize64 /dev/xvda')" $((64 << 20))
guest_run g1 'dd if=/dev/zero of=/dev/xvda bs=512 count=1 oflag=direct' &&
	fail "a write of half a sector was taken"
if [[ $LAB_DRIVERS == ours ]]; then
	guest_do g1 'cd /sys/kernel/debug/pvfront && grep -x "trusted 1" vbd-51712 && grep -x "trusted 0" vbd-51728'
fi

# One line for a 64-bit program and one for a 32-bit one: see images/cdrom.c.
expect "answers of a disk" "$(guest_do g1 'cdrom /dev/xvda' | sort -u)" "capability -22 multisession 0"
expect "answers of a CD-ROM" "$(guest_do g1 'cdrom /dev/xvdc' | sort -u)" "capability 0 multisession 0"
expect "CD-ROM is read-only" "$(guest_run g1 'blockdev --getro /dev/xvdc')" 1

for disk in xvda xvdb; do
	guest_do g1 "fio --name=v --filename=/dev/$disk --size=32m --ioengine=libaio --direct=1 --iodepth=32 \\
		--rw=randwrite --bsrange=4k-1m --verify=crc32c --verify_fatal=1 >/run/fio.log || { cat /run/fio.log; false; }" 60
done
guest_do g1 'mkfs.ext4 -q /dev/xvda && mkdir -p /mnt/a && mount -t ext4 /dev/xvda /mnt/a
	head -c 8M /dev/urandom >/mnt/a/file && umount /mnt/a'
sums=$(guest_do g1 'sha256sum </dev/xvda; sha256sum </dev/xvdb' 60 | cut -d' ' -f1)
guest_shutdown g1
quick_end
expect "both disks in dom0" "$(backend_sha256 big; backend_sha256 far)" "$sums"
pass
