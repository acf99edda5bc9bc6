#!/bin/bash
# Unloading and loading the network driver 20 times under traffic leaks nothing.
# timeout: 400

rounds=20
guest_start g1 "$(net_line 2)"
net_up g1 eth0 2

unload()
{
	net_unload g1
	guest_do g1 '[[ ! -e /sys/class/net/eth0 ]]'
	xs_wait "$(backend_path g1 vif 0)/state" 6 20 ||
		fail "the back end did not close, state $(xs_read "$(backend_path g1 vif 0)/state")"
}

# dom0's bridge drops what comes before its port has followed the carrier.
forwards()	{ [[ $(<"/sys/class/net/vif$(guest_domid g1).0/brport/state") == 3 ]]; }
same_grants()	{ [[ $(grants g1) == "$grants_before" ]]; }

unload
grants_before=$(grants g1) channels_before=$(event_channels g1)
for ((i = 1; i <= rounds; i++)); do
	net_load g1
	net_up g1 eth0 2
	wait_until 20 forwards || fail "the bridge does not forward to the guest"
	guest_do g1 "ping -q -A -c 5 -W 5 -s 4000 $DOM0_IP | grep ' 0% packet loss'"
	guest_spawn g1 flood "ping -A -s 20000 $DOM0_IP"
	unload
	guest_run g1 'kill $(pidof ping) 2>/dev/null' || :
done
note "grants $grants_before, event channels $channels_before when unloaded"
wait_until 20 same_grants || fail "grants $(grants g1) after $rounds rounds, $grants_before before"
expect "event channels after $rounds rounds" "$(event_channels g1)" "$channels_before"
guest_shutdown g1
pass
