#!/bin/bash
# An interface without traffic does not wake its guest; an event lost then is found all the same.
# runs: soak
# timeout: 150

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront does not look for lost events"

# Events of the old kind: dom0 finds the guest's masks for them.
guest_start g1 cmdline=xen.fifo_events=0 "$(net_line 2)"
net_up g1 eth0 2
guest_do g1 "ping -q -c 3 -A -W 5 $DOM0_IP | grep ' 0% packet loss'"

# Timers of the driver that were started in 25 s and would wake an idle CPU: those that
# may not have no D among their flags. Traffic of dom0's bridge may start a few.
watched=25
wakes=$(guest_do g1 "cd /sys/kernel/debug/tracing || cd /sys/kernel/tracing
	echo 0 >tracing_on; echo >trace; echo 1 >events/timer/timer_start/enable; echo 1 >tracing_on
	sleep $watched
	echo 0 >tracing_on; echo 0 >events/timer/timer_start/enable
	grep 'function=[^ ]* \[pvnet\]' trace >/run/timers || :
	echo \$(grep -vc 'flags=[A-Z|]*D' /run/timers || :)" $((watched + 30)))
guest_get g1 /run/timers "$CASE_DIR/timers"
note "in $watched s without traffic $wakes timers that wake the guest, $(grep -c . "$CASE_DIR/timers" || :) in all"
((wakes <= 8)) || fail "$wakes timers in $watched s without traffic, see timers"

# The first packet after a rest is the one whose event is lost.
port=$(xs_read "$(frontend_path g1 vif 0)/event-channel-rx")
evloss "$(guest_domid g1)" "$port" on || lab_error "evloss"
rm -f /run/pong
{ ! ping -q -c 1 -W 15 10.0.0.2 | grep ' 0% packet loss' || touch /run/pong; } &
answered()	{ guest_run g1 true && [[ -e /run/pong ]]; }
wait_until 10 answered || fail "a packet whose event was lost is not answered in 10 s"
evloss "$(guest_domid g1)" "$port" off || fail "the guest unmasked its event without having had one"
guest_do g1 'ethtool -S eth0 | grep "rx0_lost_events: [1-9]"'
guest_shutdown g1
pass
