#!/bin/bash
# Disks have the names and numbers that xl gives them, and so have their partitions.
# runs: test soak-intree
# timeout: 120

specs=()
for name in xvda1 xvdb xvdp xvdq xvdaa; do
	disk_create $name 16
	specs+=("$(disk_spec $name $name)")
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

# What is written to a partition is at its place on the disk.
sum=$(guest_do g1 'head -c 1M /dev/urandom >/run/data; dd if=/run/data of=/dev/xvdb2 bs=64k oflag=direct 2>/dev/null
	sha256sum </run/data')
guest_shutdown g1
expect "data of xvdb2 in dom0" "$(dd if="$(disk_path xvdb)" bs=512 skip=10240 count=2048 2>/dev/null | sha256sum)" "$sum"
pass
