#!/bin/bash
# A PVH guest: disk and network carry data, in small amounts, for it is slow.
# runs: test soak-intree
# timeout: 400
# needs: svm

disk_create a 32
guest_start g1 'type="pvh"' memory=384 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
disk_wait g1 xvda
net_up g1 eth0 2
note booted

sum=$(guest_do g1 'set -e
	head -c 8M /dev/urandom >/run/data
	dd if=/run/data of=/dev/xvda bs=256K oflag=direct 2>/dev/null
	sha256sum </run/data' 120)
expect "the disk in the guest" \
	"$(guest_do g1 'echo 3 >/proc/sys/vm/drop_caches; head -c 8M /dev/xvda | sha256sum' 120)" "$sum"
expect "the disk in dom0" "$(backend_sha256 a 8)  -" "$sum"
note "disk compared"

guest_do g1 "ping -q -A -c 10 -W 10 -s 4000 $DOM0_IP | grep ' 0% packet loss'" 120
socat -u -b 262144 TCP-LISTEN:5001 CREATE:/run/got &
wait_until 30 tcp_listens 5001 || lab_error "dom0 does not listen"
guest_do g1 "socat -u -b 262144 FILE:/run/data TCP:$DOM0_IP:5001" 120
wait_until 30 file_has /run/got $((8 << 20)) || fail "dom0 got $(stat -c %s /run/got) bytes"
expect "what dom0 received" "$(sha256sum </run/got)" "$sum"
rm /run/got
guest_shutdown g1
pass
