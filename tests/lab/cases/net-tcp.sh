#!/bin/bash
# 208 MB of TCP each way arrive as they were sent.
# timeout: 240

bytes=$((208 << 20))
guest_start g1 memory=768 "$(net_line 2)"
net_up g1 eth0 2

head -c $bytes /dev/urandom >/run/sent
socat -u -b 262144 TCP-LISTEN:5001 CREATE:/run/got &
wait_until 10 tcp_listens 5001
guest_do g1 "head -c $bytes /dev/urandom >/run/sent
	socat -u -b 262144 FILE:/run/sent TCP:$DOM0_IP:5001" 120
wait_until 30 file_has /run/got $bytes || fail "dom0 got $(stat -c %s /run/got) of $bytes bytes"
note "guest to dom0 sent"
expect "sha256 in dom0" "$(sha256sum </run/got)" "$(guest_do g1 'sha256sum </run/sent; rm /run/sent' 60)"
note "guest to dom0 compared"

guest_spawn g1 sink 'socat -u -b 262144 TCP-LISTEN:5002 CREATE:/run/got'
wait_until 10 guest_listens g1 5002
socat -u -b 262144 FILE:/run/sent TCP:10.0.0.2:5002
guest_join g1 sink 60 || fail "the guest's receiver failed"
note "dom0 to guest sent"
expect "sha256 in the guest" "$(guest_do g1 'sha256sum </run/got' 60)" "$(sha256sum </run/sent)"
rm -f /run/got /run/sent
guest_shutdown g1
pass
