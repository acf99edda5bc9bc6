#!/bin/bash
# Unloading and loading the disk driver again and again leaks nothing and loses no data.
# runs: test kernels soak rounds
# timeout: 300 900

# Nothing in 6.1 writes another state over the Closed of its remove.
[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront does not come back after an unload"

rounds=$(soak 50 15)
disk_create a 16
guest_start g1 "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
backend=$(backend_path g1 vbd 51712)

unload()
{
	module_unload g1 "$BLK_MODULE" "$BLK_DRIVER" '[[ ! -e /dev/xvda ]]'
	xs_wait "$backend/state" 6 20 ||
		fail "the back end did not close, state $(xs_read "$backend/state")"
}

# Each round reads what the one before wrote.
unload
grants_before=$(grants g1) channels_before=$(event_channels g1)
for ((i = 1; i <= rounds; i++)); do
	guest_do g1 "modprobe $BLK_MODULE
		until [[ -b /dev/xvda ]]; do ((SECONDS < 30)) || exit; sleep 0.05; done
		[[ $i == 1 ]] || head -c 1M /dev/xvda | cmp - /run/data || exit
		head -c 1M /dev/urandom >/run/data
		dd if=/run/data of=/dev/xvda bs=1M oflag=direct 2>/dev/null"
	unload
done

# A disk that is refused, and whose backend takes no notice, does not hold up the load: the bus
# waits 270 s for disks that are yet to connect.
disk_create b 16
fake_serve g1 xvdb b max-ring-page-order=99
fake_do g1 xvdb "deaf 1"
fake_nodes g1 xvdb
refused()	{ [[ $(fake_error g1 xvdb) == *max-ring-page-order* ]]; }
guest_do g1 "modprobe $BLK_MODULE" 40
wait_until 20 refused || fail "the disk is not refused: $(fake_error g1 xvdb)"
disk_wait g1 xvda
unload
fake_nodes_remove g1 xvdb
fake_quit g1 xvdb

note "grants $grants_before, event channels $channels_before when unloaded"
expect "grants after $rounds rounds" "$(grants g1)" "$grants_before"
expect "event channels after $rounds rounds" "$(event_channels g1)" "$channels_before"
sum=$(guest_do g1 'sha256sum </run/data')
expect "data in dom0" "$(backend_sha256 a 1)  -" "$sum"
guest_shutdown g1
pass
