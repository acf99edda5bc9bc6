#!/bin/bash
# Polled queues bring no events, keep data whole, and outlive restores, detaching and programs that do not poll.
# runs: test
# timeout: 420

[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront has no polled queues"

disk_create a 64
disk_create b 64
guest_start g1 vcpus=2 "cmdline=pvblk.max_queues=2 pvblk.poll_queues=2" "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
shown()	{ guest_do g1 "sed -n 's/^$2 //p' /sys/kernel/debug/pvfront/vbd-$1"; }
# count VDEV FIELD: of each polled ring, two at most
count()	{ guest_do g1 "grep -E '^queue [23] ' /sys/kernel/debug/pvfront/vbd-$1 | grep -oE '\\b$2 [0-9]+' | cut -d' ' -f2"; }
expect "queues, as told to the backend" "$(xs_read "$(frontend_path g1 vbd 51712)/multi-queue-num-queues")" 4
expect "polled queues" "$(shown 51712 polled)" 2
expect "the kernel polls" "$(guest_do g1 'cat /sys/block/xvda/queue/io_poll')" 1

poll="fio --ioengine=io_uring --hipri --direct=1 --iodepth=16"
# Both halves at once, one from each CPU.
verify="$poll --filename=/dev/xvda --rw=randwrite --bsrange=4k-512k --verify=crc32c --verify_fatal=1 --size=24m \
	--name=v0 --offset=0 --cpus_allowed=0 --name=v1 --offset=32m --cpus_allowed=1"
same_data()
{
	local sum
	sum=$(guest_do g1 "sha256sum </dev/xvda | cut -d' ' -f1" 60)
	expect "sha256 in dom0, $1" "$(backend_sha256 a)" "$sum"
}

guest_do g1 "$verify >/run/fio.log || { cat /run/fio.log; false; }" 90
for requests in $(count 51712 requests); do
	((requests > 50)) || fail "a polled ring had $requests requests only"
done
expect "events of the polled rings" "$(count 51712 interrupts)" $'0\n0'
expect "events lost" "$(count 51712 lost_events)" $'0\n0'
same_data "after polling"

# Restored twice under load: where there are polled queues, and where there is one queue.
max=/sys/module/xen_blkback/parameters/max_queues
served=$(<$max)
busy()	{ (($(<"/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-$1/statistics/wr_req") > 50)); }
for queues in "$served" 1; do
	guest_spawn g1 fio "${verify/--rw/--rate=2m --rw}"
	wait_until 60 busy 51712 || fail "the backend sees no writes"
	echo "$queues" >$max
	guest_save_restore g1
	echo "$served" >$max
	guest_join g1 fio 120 >"$CASE_DIR/fio-$queues.log" || fail "fio failed, see fio-$queues.log"
	expect "polled queues of $queues" "$(shown 51712 polled)" "$((queues > 1 ? 2 : 0))"
	same_data "after a restore to $queues queues"
done

# A program that does not come to poll: what it left in flight ends all the same.
guest_do g1 "echo 1 >/sys/module/pvblk/parameters/max_queues"
disk_attach g1 b xvdb
disk_wait g1 xvdb
expect "polled queues of xvdb" "$(shown 51728 polled)" 2
in_flight()	{ guest_do g1 "read -r reads writes </sys/block/xvdb/inflight; echo \$((reads + writes))"; }
none()	{ (($(in_flight) == 0)); }
load="$poll --filename=/dev/xvdb --thread --rw=randrw --bs=4k --time_based --runtime=300 --name=p"
guest_spawn g1 stopped "$load"
wait_until 60 busy 51728 || fail "the backend sees no I/O"
# Looked at in the guest: the watch has all of them within two seconds. It may be
# stopped with everything just taken, then once more.
left=$(guest_do g1 'pid=$(pidof fio)
	for ((tries = 0; tries < 20; tries++)); do
		kill -STOP $pid
		while cat /proc/$pid/task/*/status | grep "^State:" | grep -qv stopped; do :; done
		read -r reads writes </sys/block/xvdb/inflight
		((reads + writes == 0)) || break
		kill -CONT $pid
	done
	echo $((reads + writes))')
note "a program that is stopped leaves $left requests in flight"
((left > 0)) || fail "nothing is in flight, so nothing is shown"
wait_until 10 none || fail "requests that nobody polls for do not end"
guest_do g1 'kill -CONT $(pidof fio); kill -KILL $(pidof fio)'
guest_join g1 stopped 30 >"$CASE_DIR/stopped.log" || :
wait_until 10 none || fail "requests of a program that was killed do not end"

# Detached while it is polled.
guest_spawn g1 detached "$load"
wait_until 60 busy 51728 || fail "the backend sees no I/O"
disk_detach g1 xvdb || fail "block-detach failed"
status=0
guest_join g1 detached 60 >"$CASE_DIR/detached.log" || status=$?
((status != 124)) || fail "fio hangs after the detach"
wait_until 30 guest_lacks_disk g1 xvdb || fail "/dev/xvdb stays"
guest_shutdown g1
pass
