#!/bin/bash
# Two guests at once, each with disk and network, exchange data and keep it.
# runs: soak soak-intree rounds
# timeout: 240

disk_create a 96
disk_create b 96
guest_start g1 memory=384 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
guest_start g2 memory=384 "$(disk_line "$(disk_spec b xvda)")" "$(net_line 3)"
for g in g1 g2; do
	disk_wait $g xvda
	net_up $g eth0 $((${g#g} + 1))
done

# g1 sends its disk's new content to g2's disk, while fio works behind it on both.
fio='fio --name=v --filename=/dev/xvda --offset=64m --size=24m --ioengine=libaio --direct=1 \
	--iodepth=16 --rw=randwrite --bsrange=4k-256k --verify=crc32c --verify_fatal=1'
guest_do g1 'dd if=/dev/urandom of=/dev/xvda bs=1M count=64 oflag=direct 2>/dev/null'
guest_spawn g2 sink 'socat -u -b 262144 TCP-LISTEN:5002 OPEN:/dev/xvda'
wait_until 60 guest_listens g2 5002 ||
	fail "no listener in g2"
guest_spawn g1 fio "$fio"
guest_spawn g2 fio "$fio"
guest_do g1 'head -c 64M /dev/xvda | socat -u -b 262144 - TCP:10.0.0.3:5002' 120
guest_join g2 sink 60 || fail "the receiver in g2 failed"
for g in g1 g2; do
	guest_join $g fio 120 >"$CASE_DIR/fio-$g.log" || fail "fio failed in $g, see fio-$g.log"
	guest_shutdown $g
done
expect "sha256 of g2's disk" "$(backend_sha256 b 64)" "$(backend_sha256 a 64)"
pass
