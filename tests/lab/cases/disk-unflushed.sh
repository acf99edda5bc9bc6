#!/bin/bash
# A backend with a cache dies, and the cache with it. What it had acknowledged without a flush is
# written again to the next one before users go on, so that a file system stays mounted and whole.
# Where that was more than is kept, flushes fail until everybody has closed the disk.
# runs: test soak
# timeout: 300 900

[[ $LAB_DRIVERS == ours ]] || skip "with xen-blkfront what the cache had is lost, and nobody is told"

disk_create a 32
guest_start g1 memory=256

shown()		{ guest_run g1 "cat /sys/block/xvdb/backend/$1"; }
is()		{ [[ $(shown state) == "$1" ]]; }
set_kept()	{ guest_do g1 "echo $1 >/sys/block/xvdb/backend/unflushed_kb"; }
kept()		{ guest_do g1 "sed -n 's/^unflushed_kept_kb //p' /sys/kernel/debug/pvfront/vbd-51728"; }
opened()	{ guest_spawn g1 open 'exec tail -f /dev/null <>/dev/xvdb'; }
closed()	{ guest_do g1 'kill $(pidof tail)'; guest_join g1 open 10 || :; }
# Writes without a flush; the sum of what was written, and of what the image has there.
written()	{ guest_do g1 "head -c ${1}k /dev/urandom >/run/data; dd if=/run/data of=/dev/xvdb bs=64k seek=32 oflag=direct status=none; sha256sum </run/data"; }
stored()	{ dd if="$(disk_path a)" bs=64k skip=32 count=$(($1 / 64)) status=none | sha256sum; }
flush()		{ guest_run g1 'dd if=/dev/null of=/dev/xvdb conv=notrunc,fsync status=none'; }
# Process and directory end, as with a domain that is destroyed; another takes its place.
replaced()
{
	kill -9 "$(<"/run/backend-g1-xvdb.pid")"
	xenstore-rm "$(fake_back g1 xvdb)"
	wait_until 10 is parked || fail "the disk is $(shown state), not parked"
	fake_serve g1 xvdb a feature-flush-cache=1
	fake_do g1 xvdb cache
	wait_until 20 is live || fail "the disk is $(shown state) 20 s after there is a backend"
}

fake_disk g1 xvdb a feature-flush-cache=1
disk_wait g1 xvdb
fake_do g1 xvdb cache
opened
expect "unflushed_kb" "$(shown unflushed_kb)" 4096
for bad in 65537 -2 much; do
	! guest_run g1 "echo $bad >/sys/block/xvdb/backend/unflushed_kb" 2>/dev/null || fail "unflushed_kb $bad is taken"
	guest_do g1 "dmesg | grep -F 'unflushed_kb is \"$bad\", not KB from 0 to 65536, or off'"
done

note "written and not flushed"
sum=$(written 1024)
expect "KB that are kept" "$(kept)" 1024
[[ $(stored 1024) != "$sum" ]] || lab_error "pv-backend has no cache"
replaced
[[ $(stored 1024) != "$sum" ]] || lab_error "pv-backend has no cache"
flush || fail "a flush fails: $(guest_run g1 'dmesg | tail -n 3')"
expect "sum of what was acknowledged before the backend died" "$(stored 1024)" "$sum"
expect "KB that are kept after a flush" "$(kept)" 0

note "more than is kept"
set_kept 256
written 1024 >/dev/null
expect "KB that are kept" "$(kept)" 0
replaced
! flush || fail "a flush succeeds though what was written before is lost"
! flush || fail "the second flush succeeds though what was written before is lost"
guest_do g1 'dmesg | grep "writes of xvdb that no flush had covered may be lost (more than unflushed_kb)"'
closed
flush || fail "a flush fails though everybody has closed the disk"

note "a backend that is trusted to lose nothing"
opened
set_kept off
written 1024 >/dev/null
replaced
flush || fail "a flush fails, with unflushed_kb off"
closed
set_kept 4096

note "a file system"
guest_do g1 'mkfs.ext4 -q /dev/xvdb && mkdir -p /mnt/b && mount -t ext4 /dev/xvdb /mnt/b'
acknowledged()	{ guest_run g1 'cat /run/acknowledged 2>/dev/null || echo 0'; }
goes_on()	{ (($(acknowledged) > $1)); }
guest_spawn g1 log 'for ((n = 1; ; n++)); do
	printf "%08d\n" $n | dd of=/mnt/b/log oflag=append conv=notrunc,fsync status=none || exit
	echo $n >/run/acknowledged
	[[ ! -e /run/enough ]] || exit 0
done'
for ((round = 1; round <= $(soak 20 3); round++)); do
	before=$(acknowledged)
	wait_until 20 goes_on $((before + 3)) || fail "round $round: the log does not go on after record $before"
	replaced
done
guest_do g1 'grep -q "^/dev/xvdb /mnt/b ext4 rw" /proc/mounts' || fail "not mounted for writing: $(guest_run g1 'grep /mnt/b /proc/mounts')"
guest_do g1 'touch /run/enough'
guest_join g1 log 30 || fail "a record was refused: status $?"
guest_do g1 'umount /mnt/b'
last=$(acknowledged)
flush || fail "a flush fails after umount"
expect "fsck in dom0" "$(e2fsck -fn "$(disk_path a)" >"$CASE_DIR/fsck.log" 2>&1; echo $?)" 0
log=$(disk_mount a)/log
expect "records of the log that are not in order" \
	"$(awk -v last="$last" 'BEGIN { for (n = 1; n <= last; n++) printf "%08d\n", n }' | cmp - "$log" 2>&1)" ""
disk_umount a
note "$last records, none lost"
guest_shutdown g1
fake_quit g1 xvdb
pass
