#!/bin/bash
# What an administrator puts on top of disks while verified load runs on another loses no data and
# stalls nothing: a file system that is frozen and grows, swap on and off, loop, RAID1, device
# mapper, LVM, io_uring; another disk comes and goes all the while.
# runs: soak soak-intree
# timeout: 600
# image: lvm

admin_begin "$(guest_ramdisk lvm)" b:32 c:24 d:24 <<'END'
files()
{
	local loop n
	data
	# A freeze waits long for a file system that is not initialised yet, or has small blocks.
	must mkfs.ext4 -q -b 4096 -E lazy_itable_init=0,lazy_journal_init=0 /dev/xvdb
	mkdir -p /mnt/b; must mount -t ext4 /dev/xvdb /mnt/b
	must cp /run/data /mnt/b/file
	for n in 1 2 3; do
		must fsfreeze -f /mnt/b
		cp /mnt/b/file /mnt/b/copy & must fsfreeze -u /mnt/b
		must wait $!
		holds /mnt/b/copy
		flows "a frozen file system"
	done
	truncate -s 8M /mnt/b/image
	must modprobe loop
	loop=$(losetup -f); must losetup "$loop" /mnt/b/image
	copies "$loop"
	must losetup -d "$loop"
	flows "a loop device"
	must mkswap /dev/xvdc >/dev/null
	for n in 1 2 3; do
		must swapon /dev/xvdc; must swapoff /dev/xvdc
	done
	flows "swap on and off"
}

# The mounted disk has grown.
larger()
{
	grown xvdb 48
	must resize2fs /dev/xvdb 2>&1
	sum=$(sha256sum </run/data)
	holds /mnt/b/file
	must umount /mnt/b
	must e2fsck -fn /dev/xvdb
	flows "resize"
}

# RAID1 as mdadm makes it where the members have no superblock.
raid()
{
	local member md=/sys/block/md127/md n=0
	data
	must modprobe -a md-mod raid1
	must write /sys/module/md_mod/parameters/new_array md127
	cd $md || exit 1
	must write metadata_version none
	must write level raid1; must write raid_disks 2; must write component_size 16384
	for member in xvdc xvdd; do
		must write new_dev "$(</sys/block/$member/dev)"
		must write dev-$member/size 16384
		must write dev-$member/slot $((n++))
	done
	must write resync_start none
	must write array_state active
	copies /dev/md127
	flows "RAID1"
	must write dev-xvdd/state faulty
	data
	copies /dev/md127
	must write array_state clear
	cd /
	holds /dev/xvdc
	flows "RAID1 without a member"
}

# The tables that cryptsetup makes, and one of two disks.
mapper()
{
	local dev key table
	dm()	{ dmsetup --noudevsync --noudevrules "$@"; }
	data
	must modprobe -a dm-mod dm-crypt xts ecb
	key=$(printf '%064d' 7)
	for table in $'0 4096 linear /dev/xvdc 2048\n4096 28672 linear /dev/xvdd 0' \
			"0 32768 crypt aes-xts-plain64 $key 0 /dev/xvdc 0"; do
		must dm create top <<<"$table"
		dev=/dev/$(dm info -c --noheadings -o blkdevname top)
		copies "$dev"
		must dm suspend top; must dm resume top
		holds "$dev"
		must dm remove --retry top
		flows "dm ${table:0:20}"
	done
}

# A volume over two disks: made, grown, off and on again, with a snapshot, removed. No udev is here.
volumes()
{
	local conf='activation{udev_sync=0 udev_rules=0 monitoring=0} devices{use_devicesfile=0 obtain_device_list_from_udev=0}'
	local volume=/dev/mapper/vg-data
	on()	{ must lvm "$1" -q --config "$conf" "${@:2}"; }
	data
	must modprobe -a dm-mod dm-snapshot
	on pvcreate /dev/xvdc /dev/xvdd
	on vgcreate vg /dev/xvdc /dev/xvdd
	on lvcreate -Zn -n data -L 24M vg
	copies $volume
	on lvcreate -s -n before -L 8M vg/data
	must dd if=/dev/urandom of=$volume bs=256k count=4 oflag=direct status=none
	holds /dev/mapper/vg-before
	on lvremove -f vg/before
	copies $volume
	on lvextend -L 36M vg/data
	holds $volume
	on vgchange -an vg
	on vgchange -ay vg
	holds $volume
	on vgremove -f vg
	on pvremove /dev/xvdc /dev/xvdd
	flows "LVM"
}

requests()
{
	must fio --name=u --filename=/dev/xvdc --size=8m --ioengine=io_uring --direct=1 --iodepth=16 --rw=randwrite \
		--bsrange=4k-128k --verify=crc32c --verify_fatal=1
	must fio --name=o --filename=/dev/xvdd --size=8m --ioengine=libaio --direct=1 --iodepth=8 --rw=randwrite --io_size=3m \
		--bsrange=512-72k --blockalign=512 --iomem_align=512 --verify=crc32c --verify_fatal=1
	flows "io_uring and odd sizes"
}
END
admin files
admin_grow b 48
admin larger
admin raid
admin mapper
admin volumes
admin requests
admin_end
pass
