#!/bin/bash
# Disks have the names and numbers that xl gives them, and so have their partitions; and the serial
# and wwid that the toolstack writes, as a text or as XenServer does it, or none.
# runs: test soak-intree
# timeout: 120

specs=()
for name in xvda1 xvdb xvdp xvdq xvdaa; do
	disk_create $name 16
	specs+=("$(quick_disk $name $name)")
done
guest_start g1 "$(disk_line "${specs[@]}")"
disk_wait g1 xvda1 xvdb xvdp xvdq xvdaa
guest_do g1 "printf 'label: dos\n2048,8192\n10240,\n' | sfdisk -q /dev/xvdb
	printf 'label: gpt\n2048,8192\n10240,\n' | sfdisk -q /dev/xvdaa"
disk_wait g1 xvdb2 xvdaa2

# number DEV MAJOR:MINOR SECTORS
number()
{
	expect "number of $1" "$(guest_run g1 "cat /sys/class/block/$1/dev")" "$2"
	expect "sectors of $1" "$(guest_run g1 "cat /sys/class/block/$1/size")" "$3"
}
number xvda1 202:1 32768
number xvdb 202:16 32768
number xvdb1 202:17 8192
number xvdb2 202:18 22528
number xvdp 202:240 32768
# From the 17th on the number counts 256 minors for a disk.
number xvdq 202:4096 32768
number xvdaa 202:6656 32768
number xvdaa1 202:6657 8192

base64_of()	{ printf '%b' "$1" | openssl base64 -A; }

# identity DEV SERIAL WWID: what sysfs says
identity()
{
	expect "serial of $1" "$(guest_run g1 "cat /sys/block/$1/serial")" "$2"
	expect "wwid of $1" "$(guest_run g1 "cat /sys/block/$1/wwid")" "$3"
}

# denied DEV WORDS: so the kernel log says why the disk is without
denied()
{
	guest_run g1 "dmesg | grep 'vbd-$(vdev_id "$1"): ' | grep -F 'it is not used'" >"$CASE_DIR/denied"
	grep -F "$2" "$CASE_DIR/denied" || fail "the kernel log of $1 does not say \"$2\": $(<"$CASE_DIR/denied")"
}

identities()
{
	local at=sm-data/scsi/0x12 uuid=4f3a2b1c-0d9e-8f7a-6b5c-4d3e2f1a0b9c page80 page83 naa
	page80=$(base64_of "\\0\\x80\\0\\x12${uuid::16}  ")
	page83=$(base64_of "\\0\\x83\\0\\x31\\x02\\x01\\0\\x2dXENSRC  $uuid ")
	naa=$(base64_of '\0\x83\0\x0c\x01\x03\0\x08\x50\x02\x53\x8e\x40\x11\x22\x33')
	disk_create id 16
	identity xvdb "" ""
	fake_disk g1 xvdc id "serial= disk 1" "$at/0x83=$naa" removable=1
	disk_wait g1 xvdc
	guest_do g1 'echo Y >/sys/module/pvblk/parameters/no_part_scan'
	fake_disk g1 xvdd id "$at/0x80=$page80" "$at/0x83=$page83"
	disk_wait g1 xvdd
	identity xvdc "disk 1" naa.5002538e40112233
	identity xvdd "${uuid::16}" "t10.XENSRC  $uuid"
	guest_do g1 'echo N >/sys/module/pvblk/parameters/no_part_scan'
	expect "minors with no_part_scan=N, Y" "$(guest_run g1 'cat /sys/block/xvd[cd]/ext_range')" $'256\n1'
	expect "removable" "$(guest_run g1 'cat /sys/block/xvd[cd]/removable')" $'1\n0'

	# What another disk has, what is no page, and what goes on beyond its end.
	fake_disk g1 xvde id "serial=disk 1" "$at/0x83=$page83"
	fake_disk g1 xvdf id "$at/0x80=${page80%?}-" "$at/0x83=$(base64_of '\0\x83\0\x05\x02\x01\0\x2dX')"
	disk_wait g1 xvde xvdf
	identity xvde "" ""
	denied xvde 'serial "disk 1" of xvde is that of xvdc'
	denied xvde "wwid \"t10.XENSRC  $uuid\" of xvde is that of xvdd"
	identity xvdf "" ""
	denied xvdf "0x80, \"${page80::31}"
	denied xvdf "is not base64 of a page"
	denied xvdf "has a name that goes beyond its end"
	guest_do g1 'for d in c d e f; do dd if=/dev/xvd$d of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null || exit; done'
	for name in xvdc xvdd xvde xvdf; do fake_quit g1 $name; done
}
[[ $LAB_DRIVERS != ours ]] || identities

# What is written to a partition is at its place on the disk.
sum=$(guest_do g1 'head -c 1M /dev/urandom >/run/data; dd if=/run/data of=/dev/xvdb2 bs=64k oflag=direct 2>/dev/null
	sha256sum </run/data')
guest_shutdown g1
quick_end
expect "data of xvdb2 in dom0" "$(dd if="$(disk_path xvdb)" bs=512 skip=10240 count=2048 2>/dev/null | sha256sum)" "$sum"
pass
