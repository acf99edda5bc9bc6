#!/bin/bash
# An interface without traffic does not wake its guest; an event lost then is found all the same.
# runs: test soak
# timeout: 120

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront does not look for lost events"

# Events of the old kind: dom0 finds the guest's masks for them.
guest_start g1 cmdline=xen.fifo_events=0 "$(net_line 2)"
net_up g1 eth0 2

# A wire of their own, on which nobody asks who has an address, nor looks for routers.
vif=vif$(guest_domid g1).0
ip link set "$vif" nomaster
echo 1 >"/proc/sys/net/ipv6/conf/$vif/disable_ipv6"
ip addr add 10.7.0.1/24 dev "$vif"
ip neigh replace 10.7.0.2 lladdr "$(net_mac 2)" nud permanent dev "$vif"
guest_do g1 "echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6
	ip addr add 10.7.0.2/24 dev eth0
	ip neigh replace 10.7.0.1 lladdr $(<"/sys/class/net/$vif/address") nud permanent dev eth0
	ping -q -c 3 -A -W 5 10.7.0.1 | grep ' 0% packet loss'"

# Timers of the driver that were started in this time and wake an idle CPU: those that do not
# have D among their flags. A look a second would be one a second. A packet is worth two of
# them: one finds that it has moved, the next that nothing has.
watched=15
said=$(guest_do g1 "cd /sys/kernel/debug/tracing || cd /sys/kernel/tracing
	packets() { cat /sys/class/net/eth0/statistics/[rt]x_packets | { read -r a; read -r b; echo \$((a + b)); }; }
	until grep -q 'watch parked' /sys/kernel/debug/pvfront/vif-0; do sleep 0.1; done
	echo 0 >tracing_on; echo >trace; echo 1 >events/timer/timer_start/enable
	before=\$(packets); echo 1 >tracing_on
	sleep $watched
	echo 0 >tracing_on; echo 0 >events/timer/timer_start/enable
	grep 'function=[^ ]* \[pvnet\]' trace >/run/timers || :
	echo \$(grep -vc 'flags=[A-Z|]*D' /run/timers) \$((\$(packets) - before)) \$(grep -c . /run/timers)" $((watched + 40)))
read -r wakes packets all <<<"$said"
guest_get g1 /run/timers "$CASE_DIR/timers"
note "in $watched s with $packets packets $wakes timers that wake the guest, $all in all"
((packets <= 4)) || lab_error "$packets packets in $watched s, of whomever"
((wakes <= 2 * packets + 1)) || fail "$wakes timers in $watched s with $packets packets, see timers"

# The first packet after a rest is the one whose event is lost.
port=$(xs_read "$(frontend_path g1 vif 0)/event-channel-rx")
evloss "$(guest_domid g1)" "$port" on || lab_error "evloss"
rm -f /run/pong
{ ! ping -q -c 1 -W 15 10.7.0.2 | grep ' 0% packet loss' || touch /run/pong; } &
answered()	{ guest_run g1 true && [[ -e /run/pong ]]; }
wait_until 10 answered || fail "a packet whose event was lost is not answered in 10 s"
evloss "$(guest_domid g1)" "$port" off || fail "the guest unmasked its event without having had one"
guest_do g1 'ethtool -S eth0 | grep "rx0_lost_events: [1-9]"'
guest_shutdown g1
pass
