#!/bin/bash
# Ping of every size, IPv4 and IPv6, and UDP both ways without loss.
# runs: test builtin soak-intree rounds
# timeout: 120

guest_start g1 "$(net_line 2)"
net_up g1 eth0 2

for size in 56 1 1472 1473 8000 60000; do
	guest_do g1 "ping -q -A -c 20 -W 5 -s $size $DOM0_IP | grep ' 0% packet loss'" 60
done
guest_do g1 "ping6 -q -A -c 20 -W 5 $DOM0_IP6 | grep ' 0% packet loss'"
guest_do g1 "ping6 -q -A -c 20 -W 5 -s 4000 $DOM0_IP6 | grep ' 0% packet loss'"
note "ping done"

# A receiver that gets no processor for a while is to lose nothing for it: the
# sockets have room for all that is sent.
room=/proc/sys/net/core/rmem_default
echo $((16 << 20)) >$room
guest_do g1 "echo $((16 << 20)) >$room"

iperf3 -s -1 -D -I /run/iperf.pid
wait_until 30 tcp_listens 5201
out=$(guest_do g1 "iperf3 -c $DOM0_IP -u -b 4M -l 1200 -n 4M --connect-timeout 5000" 60)
grep -q ' 0/[0-9]* (0%) *receiver' <<<"$out" || fail "UDP to dom0 lost packets: $(grep receiver <<<"$out")"
note "UDP to dom0: $(grep receiver <<<"$out")"

iperf3 -s -1 -D -I /run/iperf.pid
wait_until 30 tcp_listens 5201
out=$(guest_do g1 "iperf3 -R -c $DOM0_IP -u -b 4M -l 1200 -n 4M --connect-timeout 5000" 60)
grep -q ' 0/[0-9]* (0%) *receiver' <<<"$out" || fail "UDP to the guest lost packets: $(grep receiver <<<"$out")"
note "UDP to the guest: $(grep receiver <<<"$out")"
guest_shutdown g1
pass
