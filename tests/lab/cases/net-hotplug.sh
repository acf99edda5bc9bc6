#!/bin/bash
# Network devices come and go under traffic; the others do not notice.
# runs: test soak soak-intree soak-lite rounds
# timeout: 240

guest_start g1 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((8 << 20))
ip addr add 10.0.3.1/24 dev xenbr0
grants_before=$(grants g1) channels_before=$(event_channels g1)

same_grants()	{ [[ $(grants g1) == "$grants_before" ]]; }
gone()		{ ! guest_run g1 "[[ -e /sys/class/net/$1 ]]" && ! xs_exists "$2"; }

# flows VIF: more than a megabyte each way since it was made
flows()
{
	(($(<"/sys/class/net/$1/statistics/rx_bytes") > 1 << 20 &&
		$(<"/sys/class/net/$1/statistics/tx_bytes") > 1 << 20))
}

# flood ADDRESS: data to and from dom0's ADDRESS until the way is cut
flood()
{
	timeout 40 socat -b 65536 TCP-LISTEN:5003,reuseaddr OPEN:/dev/zero >/dev/null 2>&1 &
	sink=$!
	wait_until 30 tcp_listens 5003 || lab_error "dom0 does not listen"
	guest_spawn g1 flood "timeout 40 socat -b 65536 TCP:$1:5003 OPEN:/dev/zero"
}

flood_end()
{
	guest_run g1 'kill $(pidof socat) 2>/dev/null' || :
	kill "$sink" 2>/dev/null || :
	wait "$sink" 2>/dev/null || :
}

for ((round = 1; round <= $(soak 3 2); round++)); do
	net_attach g1 3 || lab_error "xl network-attach failed"
	net_up g1 eth1 3
	guest_do g1 'ip addr add 10.0.3.2/24 dev eth1'
	flood 10.0.3.1
	wait_until 30 flows "vif$(guest_domid g1).1" || fail "no traffic on the device attached"
	backend=$(backend_path g1 vif 1)
	net_detach g1 1 || fail "xl network-detach failed: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	wait_until 30 gone eth1 "$backend" || fail "eth1 or its backend is still there after the detach"
	flood_end
	net_send g1 "$DOM0_IP"
	net_receive g1 10.0.0.2
	note "round $round: attached, cut under traffic, eth0 data equal"
done
wait_until 30 same_grants || fail "grants $(grants g1) after the rounds, $grants_before before"
expect "event channels after the rounds" "$(event_channels g1)" "$channels_before"

# The only one as well.
flood "$DOM0_IP"
wait_until 30 flows "vif$(guest_domid g1).0" || fail "no traffic on eth0"
backend=$(backend_path g1 vif 0)
net_detach g1 0 || fail "xl network-detach failed: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
wait_until 30 gone eth0 "$backend" || fail "eth0 or its backend is still there after the detach"
flood_end
net_attach g1 2 || lab_error "xl network-attach failed"
net_up g1 eth0 2
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
wait_until 30 same_grants || fail "grants $(grants g1) in the end, $grants_before before"
expect "event channels in the end" "$(event_channels g1)" "$channels_before"

# The vif goes with its backend: the interface waits, until users set how long.
if [[ $LAB_DRIVERS == ours ]]; then
	devices_outlive g1 off
	guest_do g1 'dmesg -C; ping -f -s 8000 127.0.0.1 >/dev/null & echo $! >/run/busy'
	backend=$(backend_path g1 vif 0)
	domd_forget g1 vif 0
	vif_gone() { guest_run g1 '[[ ! -e /sys/bus/xen/devices/vif-0 ]]'; }
	wait_until 20 vif_gone || fail "vif-0 is still there when its nodes are gone"
	guest_do g1 '[[ $(cat /sys/class/net/eth0/carrier) == 0 ]] && ip addr show eth0 | grep 10.0.0.2 &&
		[[ $(readlink -f /sys/class/net/eth0) == /sys/devices/virtual/net/eth0 ]]'
	guest_do g1 'dmesg | grep "eth0: waits for another device/vif/0$"'
	guest_do g1 'echo 0 >/sys/module/pvnet/parameters/ctrl_loss_tmo'
	eth0_gone() { guest_run g1 '[[ ! -e /sys/class/net/eth0 ]]'; }
	wait_until 10 eth0_gone || fail "eth0 waits 10 s after ctrl_loss_tmo was set to 0"
	guest_do g1 'kill $(cat /run/busy); ! dmesg | grep -E "WARNING|flushing"'
	xenstore-rm "$backend"
	net_attach g1 2 || lab_error "xl network-attach failed"
	net_up g1 eth0 2
	net_send g1 "$DOM0_IP"
fi
guest_shutdown g1
pass
