#!/bin/bash
# A guest saved and restored under disk and network load loses no data.
# runs: test intree kernels image image-intree soak-intree soak-lite rounds
# timeout: 300

disk_create a 128
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
disk_wait g1 xvda
net_up g1 eth0 2
grants_before=$(grants g1) channels_before=$(event_channels g1)

# Writes with a checksum in each block, all read back at the end: more than
# can be done before the guest is frozen.
guest_spawn g1 fio 'fio --name=v --filename=/dev/xvda --size=48m --ioengine=libaio --direct=1 \
	--iodepth=16 --rw=randwrite --bsrange=4k-256k --rate=6m --verify=crc32c --verify_fatal=1'
guest_spawn g1 flood "ping -A -s 8000 $DOM0_IP"
stat=/sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51712/statistics
busy()	{ (($(<"$stat/wr_req") > 50)); }
wait_until 60 busy || fail "the backend sees no writes"

guest_save_restore g1

guest_run g1 '[[ -s /run/bg/fio.status ]]' &&
	lab_error "fio had ended before the guest was saved"
guest_join g1 fio 120 >"$CASE_DIR/fio.log" || fail "fio failed over save and restore, see fio.log"
note "fio verified"
guest_do g1 "kill \$(pidof ping); ping -q -A -c 10 -W 5 $DOM0_IP | grep ' 0% packet loss'"
expect "event channels" "$(event_channels g1)" "$channels_before"
note "grants $grants_before before, $(grants g1) now"
sum=$(guest_do g1 'sha256sum </dev/xvda | cut -d" " -f1' 60)
guest_shutdown g1
expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
pass
