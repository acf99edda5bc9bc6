#!/bin/bash
# How long users wait for a backend that is lost, or that does not answer, is theirs to set; the
# state says what they wait for. A device that is made again is adopted, one of another image is not.
# runs: test soak
# timeout: 400
# allow: g\.e\. .* still in use

[[ $LAB_DRIVERS == ours ]] || skip "with xen-blkfront users wait for ever"

disk_create a 16
disk_create b 16
guest_start g1 memory=256 vcpus=2

shown()		{ guest_run g1 "cat /sys/block/xvdb/backend/$1"; }
is()		{ [[ $(shown "$1") == "$2" ]]; }
set_to()	{ guest_do g1 "echo $2 >/sys/block/xvdb/backend/$1"; }
diskseq()	{ guest_do g1 'cat /sys/block/xvdb/diskseq'; }
up()		{ cut -d. -f1 /proc/uptime; }
# Its process ends, and its directory goes; the frontend's nodes stay.
lose()
{
	kill -9 "$(<"/run/backend-g1-xvdb.pid")"
	xenstore-rm "$(fake_back g1 xvdb)"
	wait_until 10 is state parked || fail "the disk is $(shown state), not parked"
}
back()
{
	fake_serve g1 xvdb a
	wait_until 20 is state live || fail "the disk is $(shown state) 20 s after its backend is back"
}
connections()	{ guest_do g1 "sed -n 's/^connections //p' /sys/kernel/debug/pvfront/vbd-51728"; }
connected_after() { is state live && (($(connections) > $1)); }
reads()		{ guest_run g1 "dd if=/dev/xvdb of=/dev/null bs=4k count=1 iflag=direct status=none" "${1:-20}"; }

fake_disk g1 xvdb a
disk_wait g1 xvdb
# Somebody has it open, or it would go with its backend.
guest_spawn g1 open 'exec sleep 1000 <>/dev/xvdb'
for setting in ctrl_loss_tmo:600 fast_io_fail_tmo:off io_timeout:off state:live reason:none lost_seconds:0; do
	expect "${setting%:*}" "$(shown "${setting%:*}")" "${setting#*:}"
done
for bad in ctrl_loss_tmo:604801 ctrl_loss_tmo:-2 fast_io_fail_tmo:on io_timeout:0; do
	! guest_run g1 "echo ${bad#*:} >/sys/block/xvdb/backend/${bad%:*}" 2>/dev/null || fail "$bad is taken"
	guest_do g1 "dmesg | grep -F '${bad%:*} is \"${bad#*:}\", not seconds from '"
done
set_to ctrl_loss_tmo -1
expect "ctrl_loss_tmo" "$(shown ctrl_loss_tmo)" off

note "a backend that comes back"
same=$(diskseq)
guest_spawn g1 write 'exec dd if=/dev/urandom of=/dev/xvdb bs=64k count=200 oflag=direct status=none'
lose
back
guest_join g1 write 60 || fail "the writer ended with $?"
expect "the disk's sequence number" "$(diskseq)" "$same"

note "a backend that closes to come back"
guest_spawn g1 write 'exec dd if=/dev/urandom of=/dev/xvdb bs=64k count=200 oflag=direct status=none'
again=$(connections)
fake_do g1 xvdb "state 5"
wait_until 20 connected_after "$again" || fail "the disk is $(shown state) 20 s after its backend said Closing"
guest_join g1 write 60 || fail "the writer ended with $?"
expect "the disk's sequence number" "$(diskseq)" "$same"

note "a CPU goes while users wait"
guest_spawn g1 write 'exec dd if=/dev/urandom of=/dev/xvdb bs=64k count=200 oflag=direct status=none'
lose
xl vcpu-set g1 1
one_cpu()	{ [[ $(guest_run g1 nproc) == 1 ]]; }
within 20 "a CPU is gone" one_cpu
back
guest_join g1 write 60 || fail "the writer ended with $?"
xl vcpu-set g1 2

note "fast_io_fail_tmo"
set_to fast_io_fail_tmo 3
start=$(up)
lose
! reads 20 || fail "a read succeeds without a backend"
took=$(($(up) - start))
((took >= 2 && took <= 8)) || fail "I/O fails $took s after the loss, expected 3"
is state parked || fail "the disk is $(shown state), not parked"
back
reads || fail "a read fails though the backend is back"
set_to fast_io_fail_tmo off

note "nodes that are made again"
guest_spawn g1 write 'exec dd if=/dev/urandom of=/dev/xvdb bs=64k count=200 oflag=direct status=none'
kill -9 "$(<"/run/backend-g1-xvdb.pid")"
fake_nodes_remove g1 xvdb
device_gone()	{ guest_run g1 '[[ ! -e /sys/bus/xen/devices/vbd-51728 ]]'; }
within 10 "the device is gone" device_gone
is state parked || fail "the disk is $(shown state), not parked"
fake_disk g1 xvdb a params=/image/a
wait_until 20 is state live || fail "the disk was not adopted"
guest_join g1 write 60 || fail "the writer ended with $?"
expect "the disk's sequence number" "$(diskseq)" "$same"

note "nodes that are made again for another image"
kill -9 "$(<"/run/backend-g1-xvdb.pid")"
fake_nodes_remove g1 xvdb
within 10 "the device is gone" device_gone
guest_spawn g1 read 'exec dd if=/dev/xvdb of=/dev/null bs=4k count=1 iflag=direct status=none'
fake_disk g1 xvdb b params=/image/b
other()		{ guest_run g1 "[[ -b /dev/xvdb && \$(cat /sys/block/xvdb/diskseq) != $same ]]"; }
within 30 "there is another disk" other
status=0
guest_join g1 read 20 >/dev/null || status=$?
expect "status of who reads the disk that is gone" $status 1

note "another image in the same place"
guest_spawn g1 open 'exec sleep 1000 <>/dev/xvdb'
other=$(diskseq)
kill -9 "$(<"/run/backend-g1-xvdb.pid")"
fake_serve g1 xvdb a params=/image/a
refused()	{ [[ $(fake_error g1 xvdb) == *'params was "/image/b" and is "/image/a": the new backend does not fit'* ]]; }
within 20 "the other image is refused" refused
gone()		{ guest_run g1 "[[ ! -b /dev/xvdb || \$(cat /sys/block/xvdb/diskseq) != $other ]]"; }
within 20 "the disk is gone" gone
expect "requests that the other image has had" "$(fake_report g1 xvdb answered)/$(fake_report g1 xvdb held)" 0/0
kill -9 "$(<"/run/backend-g1-xvdb.pid")"
fake_nodes_remove g1 xvdb
within 10 "the device is gone" device_gone
fake_disk g1 xvdb b params=/image/b
disk_wait g1 xvdb

note "io_timeout"
guest_spawn g1 open 'exec sleep 1000 <>/dev/xvdb'
set_to io_timeout 3
fake_do g1 xvdb "deaf 1"
fake_do g1 xvdb "silent 0"
guest_spawn g1 write 'exec dd if=/dev/zero of=/dev/xvdb bs=4k count=1 oflag=direct status=none'
silent()	{ [[ $(shown reason) == *"does not answer"* ]]; }
within 15 "the silent backend is taken for lost" silent
set_to fast_io_fail_tmo 0
status=0
guest_join g1 write 20 >/dev/null || status=$?
expect "status of the writer" $status 1

note "ctrl_loss_tmo"
set_to ctrl_loss_tmo 0
within 15 "the disk has failed and gone" guest_lacks_disk g1 xvdb
guest_do g1 'sync' 20
kill -9 "$(<"/run/backend-g1-xvdb.pid")"
fake_nodes_remove g1 xvdb
within 10 "the device is gone" device_gone

note "a parked disk that is detached"
fake_disk g1 xvdb a
disk_wait g1 xvdb
guest_spawn g1 open 'exec sleep 1000 <>/dev/xvdb'
fake_do g1 xvdb "deaf 1"
fake_do g1 xvdb "state 6"
wait_until 10 is state parked || fail "the disk is $(shown state), not parked"
# The toolstack takes it offline; its state stays what it is.
xenstore-write "$(fake_back g1 xvdb)/online" 0 "$(fake_back g1 xvdb)/state" 6
within 10 "the disk is gone" guest_lacks_disk g1 xvdb
fake_quit g1 xvdb

guest_shutdown g1
pass
