#!/bin/bash
# A response that shares its event with others is not left behind, nor is one whose event is lost.
# runs: soak
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront has an event for each response, and no watch"

# The first half answers at once, the second after a delay; setting that anew
# releases what waits.
disk_create a 64
modprobe -a dm-mod dm-delay
loop=$(losetup -f --show "$(disk_path a)")
half=$((32 << 11))
table()	{ printf '0 %d linear %s 0\n%d %d delay %s %d %d\n' $half "$loop" $half $half "$loop" $half "$1"; }
# There is no udev in dom0.
dm()	{ dmsetup --noudevsync --noudevrules "$@"; }
delay()	{ table "$1" | dm load slow && dm resume slow || lab_error "no delay of $1 ms"; }
table 0 | dm create slow || lab_error "no dm device with a delay"
slow=/dev/$(dm info --columns --noheadings -o blkdevname slow)

# Events of the old kind: dom0 finds the guest's masks for them.
guest_start g1 cmdline=xen.fifo_events=0 \
	"disk = [ 'format=raw,backendtype=phy,vdev=xvda,access=w,target=$slow' ]"
disk_wait g1 xvda
# Only then has the search for partitions, which reads, ended.
xs_wait "$(frontend_path g1 vbd 51712)/state" 4 20 || fail "the disk is not connected after 20 s"
# Both go with their last user, however the case ends.
dm remove --deferred slow
losetup -d "$loop"
delay 60000

count()	{ guest_do g1 "tr ' ' '\n' </sys/kernel/debug/pvfront/vbd-51712 | sed -n '/^$1\$/{n;p;q;}'"; }
knob()	{ guest_do g1 "echo $2 >/sys/bus/xen/devices/vbd-51712/coalesce_$1"; }
in_flight()
{
	guest_run g1 "read -r reads writes </sys/block/xvda/inflight; ((reads + writes $1))"
}
# read_first N: N blocks of the first half, one after the other
read_first()	{ guest_do g1 "dd if=/dev/xvda of=/dev/null bs=4k count=$1 iflag=direct 2>/dev/null" 25; }
# read_second NAME DEPTH: so many blocks of the second half at once
read_second()
{
	guest_spawn g1 "$1" "fio --name=s --filename=/dev/xvda --ioengine=libaio --direct=1 --rw=randread \
		--bs=4k --offset=32m --size=$(($2 * 4))k --iodepth=$2"
	wait_until 30 in_flight "== $2" || fail "$2 slow requests are not in flight"
}

# 24 slow requests in flight let an event wait for 6 responses, and one comes at a
# time: only the timer finds it. The slow ones, still there at the end, say that
# nothing waited for them.
knob responses 256
knob usecs 100000
guest_do g1 'dd if=/dev/xvda of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null'
read_second many 24
for _ in 1 2 3; do
	read_first 64
done
in_flight '== 24' || fail "slow requests ended too early"
late=$(count late_events)
((late > 0)) || fail "no response was found by the timer"
note "the timer found responses $late times"
((late < 64)) || fail "the timer was needed $late times: events do not come back"

# Released, they end too: the one that is left alone as well.
delay 0
guest_join g1 many 30 >"$CASE_DIR/many.log" || fail "24 slow requests did not end, see many.log"
in_flight '== 0' || fail "requests are left in flight"
delay 60000
read_second one 1
read_first 64
in_flight '== 1' || fail "the slow request ended too early"
delay 0
guest_join g1 one 30 >"$CASE_DIR/one.log" || fail "one slow request did not end, see one.log"
expect "events lost so far" "$(count lost_events)" 0

# Every event is lost: the watch finds each response, long before a request's
# timeout of 30 s; events that come again are enough again.
port=$(xs_read "$(frontend_path g1 vbd 51712)/event-channel")
evloss "$(guest_domid g1)" "$port" on || lab_error "evloss"
read_first 4
lost=$(count lost_events)
((lost >= 4)) || fail "only $lost of 4 lost events were noticed"
evloss "$(guest_domid g1)" "$port" off || fail "the guest unmasked its event without having had one"
read_first 1024
expect "events lost in all" "$(count lost_events)" "$lost"
expect "requests that ended with errors" "$(guest_run g1 'dmesg | grep -c "I/O error" || :')" 0

# Data is whole at both ends of the range.
for setting in "1 1" "256 100000"; do
	knob responses "${setting% *}"
	knob usecs "${setting#* }"
	guest_do g1 'fio --name=v --filename=/dev/xvda --size=32m --ioengine=libaio --direct=1 --iodepth=32 \
		--rw=randwrite --bsrange=4k-1m --verify=crc32c --verify_fatal=1 >/run/fio.log || { cat /run/fio.log; false; }' 60
done
sum=$(guest_do g1 'head -c 32M /dev/xvda | sha256sum | cut -d" " -f1' 60)
guest_shutdown g1
expect "sha256 in dom0" "$(backend_sha256 a 32)" "$sum"
pass
