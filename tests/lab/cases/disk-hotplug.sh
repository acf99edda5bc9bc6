#!/bin/bash
# A disk taken away while fio works on it: fio ends with an error or cleanly,
# never hangs, and the next disk attached under the same name works.
# runs: test soak soak-intree soak-lite rounds
# timeout: 240

disk_create root 16
guest_start g1 "$(disk_line "$(disk_spec root xvda)")"
disk_wait g1 xvda
disk_create b 64

for ((round = 1; round <= $(soak 5 3); round++)); do
	disk_attach g1 b xvdb || fail "round $round: block-attach failed"
	disk_wait g1 xvdb
	guest_do g1 "printf 'round $round' | dd of=/dev/xvdb bs=512 conv=sync,fsync 2>/dev/null"
	expect "first bytes in dom0" "$(head -c 7 "$(disk_path b)")" "round $round"

	guest_spawn g1 io 'fio --name=io --filename=/dev/xvdb --rw=randrw --bs=64k --offset=1M --size=32M --direct=1 \
		--ioengine=libaio --iodepth=16 --time_based --runtime=300'
	stat=/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51728/statistics
	busy()	{ (($(<"$stat/wr_req") > 50)); }
	wait_until 60 busy || fail "round $round: the backend sees no I/O"

	disk_detach g1 xvdb || fail "round $round: block-detach failed"
	status=0
	guest_join g1 io 60 >"$CASE_DIR/fio-$round.log" || status=$?
	((status != 124)) || fail "round $round: fio hangs after the detach"
	wait_until 30 guest_lacks_disk g1 xvdb || fail "round $round: /dev/xvdb stays"
done
guest_do g1 'dd if=/dev/xvda of=/dev/null bs=1M'
guest_shutdown g1
pass
