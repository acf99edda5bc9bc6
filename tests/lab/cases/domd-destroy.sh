#!/bin/bash
# The domain that serves a disk and a network dies under load, again and again: the guest lives.
# Meanwhile processes come and go, whose page tables are made of any page that was given back,
# and a disk of dom0's carries data that is verified.
# runs: test soak soak-image
# timeout: 900 3600
# needs: domd

rounds=$(soak 20 2)
disk_create a 64
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")"
devices_outlive g1 0
disk_wait g1 xvda

forked()	{ guest_run g1 'stat -c %s /run/forked 2>/dev/null' || echo 0; }
forks_on()	{ (($(forked) > $1 + 8)); }
gone()		{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/$1 ]]"; }
writes()
{
	guest_run dd "(( \$(cat /sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51728/statistics/wr_req) > $1 ))"
}
receives()
{
	guest_run dd "(( \$(cat /sys/class/net/vif$(guest_domid g1).0/statistics/rx_packets) > $1 ))"
}

for ((round = 1; round <= rounds; round++)); do
	driver_domain dd
	domd_disk_attach dd g1 xvdb
	domd_net_attach dd g1 0 9
	disk_wait g1 xvdb
	guest_do g1 'ip addr replace 10.9.0.2/24 dev eth0 && ip link set eth0 up
		head -c 4M /dev/urandom >/run/data
		dd if=/run/data of=/dev/xvdb bs=256k oflag=direct 2>/dev/null
		ping -q -c 3 -i 0.2 -W 5 10.9.0.1 | grep " 0% packet loss"'
	expect "data in the driver domain" "$(guest_do dd 'dd if=/dev/ram0 bs=1M count=4 2>/dev/null | sha256sum')" \
		"$(guest_do g1 'sha256sum </run/data')"

	guest_do g1 'rm -f /run/enough'
	guest_spawn g1 writes 'fio --name=w --filename=/dev/xvdb --ioengine=libaio --direct=1 --iodepth=32 \
		--rw=randwrite --bsrange=4k-128k --time_based --runtime=600 --size=32m'
	guest_spawn g1 dom0-disk 'until [[ -e /run/enough ]]; do
		fio --name=v --filename=/dev/xvda --size=4m --ioengine=libaio --direct=1 --iodepth=8 \
			--rw=randwrite --bsrange=4k-64k --verify=crc32c --verify_fatal=1 || exit
	done'
	guest_spawn g1 sends 'ping -q -A -s 1400 10.9.0.1'
	wait_until 60 writes 80 || fail "round $round: the driver domain sees no writes"
	wait_until 60 receives 20 || fail "round $round: the driver domain sees no packets"
	guest_spawn g1 forks 'until [[ -e /run/enough ]]; do
		for n in 1 2 3 4 5 6 7 8; do (exec stat / >/dev/null) & done; wait
		echo >>/run/forked
	done'
	before=$(forked)
	guest_destroy dd
	wait_until 180 forks_on "$before" ||
		fail "round $round: dd is gone, guest g1 $(guest_end g1), or its processes come and go no more: $before times before, $(forked) after 180 s"
	for device in vbd/51728 vif/0; do
		domd_forget g1 "${device%/*}" "${device#*/}"
		wait_until 10 gone "${device/\//-}" || fail "round $round: ${device/\//-} stays 10 s after its nodes are gone"
	done
	guest_run g1 'touch /run/enough; pidof ping | xargs -r kill' || :
	status=0
	guest_join g1 writes 30 >"$CASE_DIR/fio-$round.log" || status=$?
	((status != 124)) || fail "round $round: the writer hangs after the disk is gone"
	guest_join g1 sends 30 >/dev/null || :
	guest_join g1 dom0-disk 60 >"$CASE_DIR/fio-dom0.log" || fail "round $round: fio on dom0's disk failed, see fio-dom0.log"
	guest_join g1 forks 30 || fail "round $round: the forking shell failed"
	note "round $round: dd destroyed under load, the guest lives"
done
guest_shutdown g1
pass
