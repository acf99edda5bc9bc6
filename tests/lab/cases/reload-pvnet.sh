#!/bin/bash
# Unloading and loading the network driver again and again under traffic leaks nothing.
# runs: test kernels soak soak-intree rounds
# timeout: 240 400

rounds=$(soak 50 15)
guest_start g1 "$(net_line 2)"
net_up g1 eth0 2
backend=$(backend_path g1 vif 0)

unload()
{
	module_unload g1 "$NET_MODULE" "$NET_DRIVER" '[[ ! -e /sys/class/net/eth0 ]]'
	xs_wait "$backend/state" 6 20 ||
		fail "the back end did not close, state $(xs_read "$backend/state")"
}

same_grants()	{ [[ $(grants g1) == "$grants_before" ]]; }

# dom0's bridge drops what comes before its port has followed the carrier, so the
# first answer is waited for; after it none may be lost.
unload
grants_before=$(grants g1) channels_before=$(event_channels g1)
for ((i = 1; i <= rounds; i++)); do
	guest_do g1 "modprobe $NET_MODULE
		until [[ -e /sys/class/net/eth0 ]]; do ((SECONDS < 30)) || exit; sleep 0.05; done
		ip addr add 10.0.0.2/24 dev eth0 && ip link set eth0 up || exit
		until ping -q -c 1 -W 1 $DOM0_IP; do ((SECONDS < 30)) || exit; done >/dev/null
		ping -q -A -c 5 -W 5 -s 4000 $DOM0_IP | grep -q ' 0% packet loss' || exit
		ping -q -A -s 20000 $DOM0_IP >/dev/null 2>&1 &"
	unload
	guest_run g1 'kill $(pidof ping) 2>/dev/null' || :
done
note "grants $grants_before, event channels $channels_before when unloaded"
wait_until 20 same_grants || fail "grants $(grants g1) after $rounds rounds, $grants_before before"
expect "event channels after $rounds rounds" "$(event_channels g1)" "$channels_before"
guest_shutdown g1
pass
