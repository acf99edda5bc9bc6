#!/bin/bash
# Data written to two disks in every size is what the backing devices hold.
# runs: test intree kernels image soak soak-intree soak-lite rounds
# timeout: 300

disk_create a 384
disk_create b 128
guest_start g1 memory=768 "$(disk_line "$(disk_spec a xvda)" "$(disk_spec b xvdb)")"
disk_wait g1 xvda xvdb

# A tree of 65 MB (208 MB with --soak): files of 4 KB, 1 MB and 5 or 16 MB, some of odd length.
large=$(soak 16M 5M)
guest_do g1 "large=$large"'; set -e
	mkdir /run/tree && mount -t tmpfs -o size=300M tmp /run/tree && cd /run/tree
	for d in {1..12}; do
		mkdir $d
		head -c $large /dev/urandom >$d/large
	done
	split -b 1M -a 2 1/large 2/m
	split -b 4K -a 3 2/maa 3/s
	split -b 99991 -a 3 4/large 4/odd
	find . -type f | sort | xargs sha256sum >/run/sums
	du -sm .' 120
note "tree made"
guest_do g1 'set -e
	mkfs.ext4 -q /dev/xvda 320M
	mkdir -p /mnt/a && mount -t ext4 /dev/xvda /mnt/a
	cp -r /run/tree /mnt/a/
	umount /run/tree /mnt/a
	echo 3 >/proc/sys/vm/drop_caches' 120
note "tree copied"
guest_do g1 'set -e
	mount -t ext4 -o ro /dev/xvda /mnt/a && cd /mnt/a/tree
	sha256sum -c --quiet /run/sums
	cd / && umount /mnt/a' 120
note "tree read back in the guest"

# Random writes of 4 KB to 1 MB to both disks at once, 32 in flight on each; fio
# reads every block back and checks it.  The tree's disk is used behind the tree.
guest_do g1 'fio --ioengine=libaio --direct=1 --iodepth=32 --rw=randwrite \
	--bsrange=4k-1m --verify=crc32c --verify_fatal=1 --size=64m --group_reporting \
	--name=a --filename=/dev/xvda --offset=320m --name=b --filename=/dev/xvdb' 120
note "fio verified"
guest_sum=$(guest_do g1 'sha256sum </dev/xvdb' 60 | cut -d' ' -f1)
guest_get g1 /run/sums "$CASE_DIR/sums"
guest_shutdown g1

expect "sha256 of disk b in dom0" "$(backend_sha256 b)" "$guest_sum"
tree=$(disk_mount a)
(cd "$tree/tree" && sha256sum -c --quiet "$CASE_DIR/sums") ||
	fail "the tree in dom0 differs from what the guest wrote"
disk_umount a
pass
