#!/bin/bash
# Guests with memory above 1 GB, in their frames' numbers, lose none of it when they are saved and restored: by
# their memory map, and in the long run by its size at boot or by what the balloon added. A core has all memory.
# runs: image soak-image
# timeout: 240 900

# All memory but some MB: blocks that say where they belong, each with a checksum.
fio_big()
{
	guest_do "$1" "fio --name=big --filename=/run/big/data --size=$(<"$CASE_DIR/big-$1")m --bs=1m \
		--rw=write --ioengine=psync --verify=crc32c --verify_fatal=1 $2" 200 >>"$CASE_DIR/fio-$1.log"
}
fill()
{
	guest_do "$1" 'mkdir -p /run/big; mount -t tmpfs -o size=100% big /run/big
		awk "\$1 == \"MemAvailable:\" { print int(\$2 / 1024) - 40 }" /proc/meminfo' >"$CASE_DIR/big-$1"
	fio_big "$1" --do_verify=0
}
keeps() # GUEST: what it has, over save and restore
{
	fill "$1"
	guest_save_restore "$1"
	fio_big "$1" --verify_only
	note "$1: $(<"$CASE_DIR/big-$1") MB of data are the same"
	guest_shutdown "$1"
}

# All pages that the guest has are in the core.
core=/run/g1.core
guest_start g1 memory=256
xl dump-core g1 $core >"$CASE_DIR/core.log" 2>&1 || fail "xl dump-core g1: $(tail -n 1 "$CASE_DIR/core.log")"
size=$(stat -c %s $core)
rm $core
((size > 256 << 20)) || fail "the core of 256 MB has $size bytes"
note "core of $size bytes"
guest_shutdown g1

guest_start_mapped g2 "0-160 1100-1196" memory=256
guest_do g2 'dmesg | grep "98304 KB of memory moved out of holes of the memory map, 0 KB"'
keeps g2

if (($(soak 1 0))); then
	guest_start g3 memory=1100
	keeps g3

	guest_start g4 memory=512 maxmem=1100
	xl mem-set g4 1100
	grown()	{ (($(guest_do g4 'cat /sys/devices/system/xen_memory/xen_memory0/info/current_kb') >= 1100 * 1024)); }
	wait_until 60 grown || fail "g4 was told to have 1100 MB, and has them not after 60 s"
	keeps g4
fi
pass
