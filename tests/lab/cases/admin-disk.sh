#!/bin/bash
# What an administrator does to disks while they are used loses no data, and others come and go meanwhile:
# queue attributes, schedulers, partitions, read-only, freeze, swap, device mapper, loop, io_uring, resize.
# runs: hand
# timeout: 240

for spec in a:48 b:32 c:24 d:24 e:8; do disk_create "${spec%:*}" "${spec#*:}"; done
guest_start g1 vcpus=2 memory=320 "$(disk_line "$(disk_spec a xvda)" "$(disk_spec b xvdb)" \
	"$(disk_spec c xvdc)" "$(disk_spec d xvdd)")"
disk_wait g1 xvda xvdb xvdc xvdd

# The load: every block that was written is read back and checked, again and again.
guest_spawn g1 load 'for ((n = 1; ; n++)); do
	fio --name=v --filename=/dev/xvda --size=24m --offset=8m --ioengine=libaio --direct=1 --iodepth=16 \
		--rw=randwrite --bsrange=4k-256k --verify=crc32c --verify_fatal=1 || exit 1
	echo $n >/run/rounds
	[[ ! -e /run/enough ]] || exit 0
done'
loaded()	{ guest_run g1 '[[ -s /run/rounds && ! -e /run/bg/load.status ]]'; }
wait_until 60 loaded || fail "the load does not run"

# others WHAT: it was done; the load still runs, and another disk comes and goes
others()
{
	note "$1"
	disk_attach g1 e xvde || fail "$1: xl block-attach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	disk_wait g1 xvde
	guest_do g1 'dd if=/dev/xvde of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null'
	disk_detach g1 xvde || fail "$1: xl block-detach: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	wait_until 30 guest_lacks_disk g1 xvde || fail "$1: /dev/xvde stays"
	loaded || fail "$1: the load has ended"
}

guest_do g1 'cd /sys/block/xvda/queue && shopt -s nullglob
	try()	{ for value in $2; do { echo "$value" >"$1"; } 2>/dev/null; cat "$1" >/dev/null || { echo "$1 $value"; exit 1; }; done; }
	for file in *; do
		[[ -f $file && -r $file ]] || continue
		value=$(cat $file 2>/dev/null) || continue
		[[ ! -w $file || $file == scheduler ]] || { echo "$value" >$file; } 2>/dev/null
	done
	try nr_requests "4 5 32 64 0 junk"
	try max_sectors_kb "4 44 $(cat max_hw_sectors_kb) 3 junk"
	try read_ahead_kb "0 4 4096 128"
	try rq_affinity "0 2 1" ; try nomerges "2 1 0" ; try iostats "0 1" ; try add_random "1 0"
	try rotational "1 0" ; try wbt_lat_usec "0 2000 -1" ; try io_poll "1 0" ; try io_timeout "60000 30000"
	try discard_max_bytes "0 1048576" ; try io_poll_delay "0 -1" ; try stable_writes "1 0"
	{ echo "write through" >write_cache; echo "write back" >write_cache; } 2>/dev/null ; true' 60
others "queue attributes"

guest_do g1 'cd /sys/block/xvda/queue; modprobe -a kyber-iosched bfq 2>/dev/null
	for round in 1 2; do
		for scheduler in $(tr -d "[]" <scheduler) none; do
			echo $scheduler >scheduler || { echo "no $scheduler"; exit 1; }
			grep -q "\[$scheduler\]" scheduler || { cat scheduler; exit 1; }
			dd if=/dev/xvda of=/dev/null bs=64k count=32 iflag=direct 2>/dev/null || exit 1
		done
	done' 60
others "schedulers"

guest_do g1 'echo ",16M" | sfdisk -q --no-reread --no-tell-kernel /dev/xvdb && for n in 1 2 3; do blockdev --rereadpt /dev/xvdb || exit 1; done
	[[ -b /dev/xvdb1 ]] || { echo "no partition"; exit 1; }
	dd if=/dev/urandom of=/dev/xvdb1 bs=64k count=16 oflag=direct 2>/dev/null || exit 1
	blockdev --setro /dev/xvdb1 && ! dd if=/dev/zero of=/dev/xvdb1 bs=4k count=1 oflag=direct 2>/dev/null || { echo "written though read-only"; exit 1; }
	blockdev --setrw /dev/xvdb1 && dd if=/dev/zero of=/dev/xvdb1 bs=4k count=1 oflag=direct 2>/dev/null || exit 1
	dd if=/dev/zero of=/dev/xvdb bs=64k count=1 oflag=direct 2>/dev/null && blockdev --rereadpt /dev/xvdb && [[ ! -e /dev/xvdb1 ]]'
others "partitions and read-only"

guest_do g1 'set -e
	mkfs.ext4 -q /dev/xvdb; mkdir -p /mnt/b; mount -t ext4 /dev/xvdb /mnt/b
	head -c 4M /dev/urandom >/mnt/b/file; sum=$(sha256sum </mnt/b/file)
	fsfreeze -f /mnt/b; cp /mnt/b/file /mnt/b/copy & fsfreeze -u /mnt/b; wait $!
	[[ $(sha256sum </mnt/b/copy) == "$sum" ]]
	truncate -s 8M /mnt/b/image; loop=$(losetup -f); losetup $loop /mnt/b/image
	dd if=/mnt/b/file of=$loop bs=64k oflag=direct 2>/dev/null; [[ $(head -c 4M $loop | sha256sum) == "$sum" ]]; losetup -d $loop
	mkswap /dev/xvdc >/dev/null
	for n in 1 2 3; do swapon /dev/xvdc; swapoff /dev/xvdc; done' 60
others "freeze, loop and swap"

truncate -s 48M "$(disk_path b)"
losetup -c "$(losetup -j "$(disk_path b)" | cut -d: -f1)"
grown()
{
	guest_run g1 'dd if=/dev/xvdb of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null
		[[ $(blockdev --getsize64 /dev/xvdb) == $((48 << 20)) ]]'
}
wait_until 30 grown || fail "the mounted disk did not grow"
guest_do g1 'resize2fs /dev/xvdb 2>&1 && umount /mnt/b && e2fsck -fn /dev/xvdb >/dev/null 2>&1'
others "resize"

# A table each, as LVM, cryptsetup and dmraid make them.
guest_do g1 'modprobe -a dm-mod dm-crypt dm-raid raid1 xts ecb || exit 1
	dm()	{ dmsetup --noudevsync --noudevrules "$@"; }
	key=$(printf "%064d" 7)
	head -c 4M /dev/urandom >/run/data; sum=$(sha256sum </run/data)
	for table in "linear /dev/xvdc 2048" "crypt aes-xts-plain64 $key 0 /dev/xvdc 0" "raid raid1 2 0 nosync 2 - /dev/xvdc - /dev/xvdd"; do
		echo "0 32768 $table" | dm create top || { echo "no device: $table"; dmesg | tail -n 3; exit 1; }
		dev=/dev/$(dm info -c --noheadings -o blkdevname top)
		dd if=/run/data of=$dev bs=256k oflag=direct 2>/dev/null && dm suspend top && dm resume top &&
			[[ $(dd if=$dev bs=128k count=32 iflag=direct 2>/dev/null | sha256sum) == "$sum" ]] || { echo "data: $table"; exit 1; }
		dm remove --retry top || { echo "stays: $table"; exit 1; }
	done' 90
others "device mapper"

guest_do g1 'fio --name=u --filename=/dev/xvdc --size=16m --ioengine=io_uring --direct=1 --iodepth=16 --rw=randwrite \
		--bsrange=4k-128k --verify=crc32c --verify_fatal=1 >/run/fio.log &&
	fio --name=o --filename=/dev/xvdd --size=8m --ioengine=libaio --direct=1 --iodepth=8 --rw=randwrite --io_size=4m \
		--bsrange=512-72k --bs_unaligned=0 --blockalign=512 --iomem_align=512 --verify=crc32c --verify_fatal=1 >>/run/fio.log ||
	{ cat /run/fio.log; exit 1; }' 90
others "io_uring and odd sizes"

if [[ $LAB_DRIVERS == ours ]]; then
	guest_do g1 'for file in $(find -L /sys/bus/xen/devices/vbd-51712/ -maxdepth 1 -name "coalesce_*"); do
			old=$(cat $file)
			for junk in "" " " -1 0 0x 99999999999999999999 4294967297 abc "1 2" "$(head -c 3000 /dev/zero | tr "\0" 9)"; do
				! { printf %s "$junk" >$file; } 2>/dev/null || [[ -z $junk ]] || { echo "$file took \"$junk\""; exit 1; }
			done
			[[ $(cat $file) == "$old" ]] || { echo "$file is $(cat $file), was $old"; exit 1; }
		done
		cd /sys/module/pvblk/parameters && for file in *; do
			[[ -w $file ]] || continue
			old=$(cat $file)
			! { echo junk >$file; } 2>/dev/null && [[ $(cat $file) == "$old" ]] || { echo "$file took junk"; exit 1; }
			echo "$old" >$file || exit 1
		done
		echo 1 >max_queues && echo 11 >max_indirect_segments && echo N >feature_persistent'
	others "attributes and parameters of ours"
fi

guest_do g1 'touch /run/enough'
guest_join g1 load 60 >"$CASE_DIR/load.log" || fail "the load failed, see load.log"
note "the load verified $(guest_do g1 'cat /run/rounds') rounds"
sum=$(guest_do g1 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/xvda | cut -d" " -f1' 60)
guest_shutdown g1
expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
pass
