#!/bin/bash
# A TCP connection with data on its way outlives save and restore; neighbours are told.
# runs: test soak-intree rounds
# timeout: 240

guest_start g1 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((8 << 20))
grants_before=$(grants g1) channels_before=$(event_channels g1)

socat -u TCP-LISTEN:5004 STDOUT | sha256sum >/run/flow-sum &
wait_until 30 tcp_listens 5004 || lab_error "dom0 does not listen"
guest_spawn g1 flow "{ head -c 4M /run/net-data; touch /run/half
	until [[ -e /run/go ]]; do usleep 100000; done
	tail -c +$((1 + (4 << 20))) /run/net-data; } | socat -u STDIN TCP:$DOM0_IP:5004"
guest_spawn g1 flood "ping -A -s 20000 $DOM0_IP"
guest_do g1 "timeout 20 sh -c 'until [ -e /run/half ]; do usleep 100000; done'" 30

# Every ARP packet that dom0 gets on any interface, without its link-layer header.
socat -u SOCKET-RECV:17:2:1544:x080600000000000000000000000000000000 \
	OPEN:/run/arp,creat,trunc & arp=$!
# An unasked one has the guest's address as both sender's and target's.
announced()
{
	od -An -v -tx1 /run/arp | tr -d ' \n' | grep -Eq '000108000604000[12].{12}0a000002.{12}0a000002'
}
announced && lab_error "the guest announces itself before it was restored"

guest_save_restore g1
wait_until 10 announced || fail "the restored guest did not tell its neighbours where it is"
kill "$arp"
note "neighbours were told"

guest_do g1 'touch /run/go'
guest_join g1 flow 60 || fail "the connection broke"
wait_until 30 test -s /run/flow-sum || fail "dom0 did not see the end of the data"
expect "sha256 of what went through" "$(</run/flow-sum)" "$NET_SUM"
# In-tree's may have ended: sending fails while there is no carrier.
guest_run g1 'kill $(pidof ping)' 2>/dev/null || :
net_send g1 "$DOM0_IP6"
net_receive g1 10.0.0.2
expect "grants" "$(grants g1)" "$grants_before"
expect "event channels" "$(event_channels g1)" "$channels_before"
guest_shutdown g1
pass
