#!/bin/bash
# Requests that the old backend may still carry out are not sent again: an old write never lands
# after a newer one. First with a backend whose storage is slow, then xen-blkback on dm-delay.
# runs: test soak
# timeout: 400 900
# allow: xenbus\.c:[0-9]+ xen_blkif_disconnect|cut here|Call Trace:

disk_create a 16
disk_create slow 16
guest_start g1 memory=256
fake_disk g1 xvdb a feature-persistent=1
disk_wait g1 xvdb

sectors=8
number_in()	{ dd if="$(disk_path a)" bs=512 skip="$1" count=1 2>/dev/null | tr -d ' \0'; }
write_all() # NUMBER: in the guest, to each sector
{
	guest_spawn g1 "write-$1" "for ((s = 0; s < $sectors; s++)); do
		printf '%-512d' $1 | dd of=/dev/xvdb bs=512 seek=\$s oflag=direct conv=notrunc 2>/dev/null &
		pids+=(\$!)
	done
	for pid in \${pids[@]}; do wait \$pid || exit; done"
}
all_held()	{ (($(fake_report g1 xvdb held) >= sectors)); }
all_late()	{ (($(fake_report g1 xvdb late) >= sectors)); }

for ((round = 1; round <= $(soak 10 2); round++)); do
	old=$((round * 10 + 1)) new=$((round * 10 + 2))
	late=$(fake_report g1 xvdb late)
	all_late()	{ (($(fake_report g1 xvdb late) >= late + sectors)); }
	# Storage has the old writes for 15 s; the backend goes and comes back at once.
	fake_do g1 xvdb "delay 15000"
	write_all $old
	wait_until 20 all_held || fail "round $round: the writes did not come"
	fake_do g1 xvdb "disconnect"
	fake_do g1 xvdb "delay 0"
	fake_do g1 xvdb "state 2"
	guest_join g1 write-$old 60 || fail "round $round: the first writes ended with $?"
	write_all $new
	guest_join g1 write-$new 30 || fail "round $round: the second writes ended with $?"
	wait_until 30 all_late || lab_error "the slow storage did not do its work"
	for ((s = 0; s < sectors; s++)); do
		expect "round $round: number in sector $s, after $old and then $new were acknowledged" "$(number_in $s)" $new
	done
	note "round $round: the late writes were overwritten by the newer ones"
done
# The device goes with writes that fail, and the toolstack makes another for the same image: it does
# not come while they may still land.
devices_outlive g1 0
fake_quit g1 xvdb
within 20 "the disk is gone" guest_lacks_disk g1 xvdb
fake_disk g1 xvdb a feature-persistent=1
disk_wait g1 xvdb
fake_do g1 xvdb "delay 25000"
write_all 98
wait_until 20 all_held || fail "the writes did not come"
# It knows nothing of the next one, whose directory is the same.
fake_do g1 xvdb "deaf 1"
fake_do g1 xvdb "disconnect"
fake_nodes_remove g1 xvdb
within 20 "the disk is gone" guest_lacks_disk g1 xvdb
status=0
guest_join g1 write-98 20 >/dev/null || status=$?
expect "status of writes to a disk that is gone" $status 1
old=$(fake_log g1 xvdb).old
mv "$(fake_log g1 xvdb)" "$old"
fake_disk g1 xvdb a feature-persistent=1
disk_wait g1 xvdb
write_all 99
guest_join g1 write-99 30 || fail "the writes of the new disk ended with $?"
landed()	{ (($(grep -c ^late "$old") >= sectors)); }
wait_until 40 landed || lab_error "the slow storage did not do its work"
for ((s = 0; s < sectors; s++)); do
	expect "number in sector $s, after 98 had failed and 99 was acknowledged" "$(number_in $s)" 99
done
fake_nodes_remove g1 xvdb
fake_quit g1 xvdb
devices_outlive g1 600

# xen-blkback lets go of its device with requests in flight, and takes it again.
loop=$(losetup -f --show "$(disk_path slow)")
sectors=$(blockdev --getsz "$loop")
dmsetup create lab-slow --table "0 $sectors delay $loop 0 0 $loop 0 1500"
dmsetup mknodes
xl block-attach g1 "format=raw,backendtype=phy,vdev=xvdc,target=/dev/mapper/lab-slow" >>"$CASE_DIR/g1.xl.log" 2>&1 ||
	lab_error "xl block-attach of the slow disk: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
disk_wait g1 xvdc
# Overwrites 64 sectors in turn with growing numbers and writes a number down when it was acknowledged.
guest_spawn g1 log 'for ((n = 1; n <= 24; n++)); do
	for ((s = 0; s < 8; s++)); do printf "%-512d" $n; done |
		dd of=/dev/xvdc bs=4096 count=1 iflag=fullblock seek=$((n % 2)) oflag=direct conv=notrunc 2>/dev/null || exit
	echo $n >>/run/acknowledged
done'
acknowledged()	{ guest_run g1 'tail -n 1 /run/acknowledged 2>/dev/null || echo 0'; }
reached()	{ (($(acknowledged) >= $1)); }
device=vbd-$(guest_domid g1)-51744
for at in 2 6 10; do
	wait_until 60 reached $at || fail "writing stands still at $(acknowledged)"
	echo "$device" >/sys/bus/xen-backend/drivers/vbd/unbind
	echo "$device" >/sys/bus/xen-backend/drivers/vbd/bind
	note "$device unbound and bound after write $(acknowledged)"
done
guest_join g1 log 120 || fail "a write ended with an error: status $?"
for s in 0 7 8 15; do
	expect "number in sector $s of the slow disk" \
		"$(dd if=/dev/mapper/lab-slow bs=512 skip=$s count=1 iflag=direct 2>/dev/null | tr -d ' \0')" $((s < 8 ? 24 : 23))
done
guest_shutdown g1
dmsetup remove lab-slow
losetup -d "$loop"
pass
