#!/bin/bash
# Memory maps with holes: the host's (e820_host=1) in a small guest, and one out of order with the initrd
# in a hole. All memory can be used, also what the balloon adds, up to a limit on the command line.
# runs: image soak-image
# timeout: 400

# Every page that the guest can have, each with data in it.
use_mb() # GUEST MB
{
	guest_do "$1" "mkdir -p /run/big && mount -t tmpfs -o size=$(($2 + 8))M big /run/big
		fio --name=big --directory=/run/big --size=$2m --bs=1m --rw=write --ioengine=psync \
			--verify=crc32c --verify_fatal=1 && umount /run/big" 120 >"$CASE_DIR/fio-$1.log"
}
balloon_kb()	{ guest_do "$1" 'cat /sys/devices/system/xen_memory/xen_memory0/info/current_kb'; }
total_mb()	{ guest_do "$1" "awk '\$1 == \"MemTotal:\" { print int(\$2 / 1024) }' /proc/meminfo"; }
has_kb()	{ (($(balloon_kb "$1") >= $2 * 1024)); }
grow() # GUEST MB: to so many, of which MemTotal says the difference
{
	local before
	before=$(total_mb "$1")
	xl mem-set "$1" "$2" >>"$CASE_DIR/$1.xl.log" 2>&1 || fail "xl mem-set $1 $2 failed"
	wait_until 60 has_kb "$1" "$2" ||
		fail "$1 was told to have $2 MB, after 60 s it has $(balloon_kb "$1") KB"
	note "$1: MemTotal $before MB, with $2 MB $(total_mb "$1") MB"
	expect "MB that $1 has more" "$(($(total_mb "$1") - before))" "$(($2 - 256))"
}

# Xen's tool has the memory above 256 MB begin at 4 GB.
guest_start g1 memory=256 maxmem=1024 e820_host=1
guest_do g1 dmesg >"$CASE_DIR/dmesg-e820_host"
grep -q 'mem 0x0000000100000000-.* usable' "$CASE_DIR/dmesg-e820_host" ||
	fail "the guest's map has no memory from 4 GB on"
grow g1 480
use_mb g1 256
guest_shutdown g1

# A guest whose RAM disk, behind the kernel and its tables from some 30 MB on, is partly in the hole from 40 to
# 120 MB, of which 80 MB are moved to the memory from 300 MB on.
start_with_hole() # GUEST [LINE...]
{
	guest_start_mapped "$1" "300-500 120-256 0-40" memory=256 maxmem=512 "${@:2}"
	guest_do "$1" dmesg >"$CASE_DIR/dmesg-holes-$1"
}
log_has() # GUEST REGEX
{
	grep -qE "$2" "$CASE_DIR/dmesg-holes-$1" ||
		fail "$1's log does not say /$2/ but: $(grep -E 'moved|RAMDISK' "$CASE_DIR/dmesg-holes-$1")"
}

start_with_hole g2
log_has g2 '81920 KB of memory moved out of holes of the memory map, 0 KB'
log_has g2 'Move RAMDISK from'
(($(total_mb g2) > 256 - 48)) || fail "of 256 MB with holes the guest has only $(total_mb g2)"
grow g2 340
use_mb g2 256
guest_shutdown g2

# With a limit that is not where a page table ends, which has 2 MB: nothing is moved above.
start_with_hole g3 cmdline=mem=341M
log_has g3 "$((41 << 10)) KB of memory moved out of holes of the memory map, $((39 << 10)) KB can't be used"
guest_shutdown g3
pass
