#!/bin/bash
# What is put off is done in time, in every setting; a lost event is mended; nonsense is refused.
# runs: test
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront has nothing to set"

# Events of the old kind: dom0 finds the guest's masks for them.
guest_start g1 cmdline=xen.fifo_events=0 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((4 << 20))

# counter NAME: of the interface's only queue
counter()	{ guest_do g1 "ethtool -S eth0" | awk -v n="$1:" '$1 == n { print $2 }'; }

settings()
{
	guest_do g1 'ethtool -c eth0; ethtool --get-tunable eth0 rx-copybreak
		ethtool --get-tunable eth0 tx-copybreak'
}

# refused RANGE COMMAND: it fails, names the range, and leaves all as it was
refused()
{
	local before out
	before=$(settings)
	! out=$(guest_run g1 "$2 2>&1") || fail "accepted: $2"
	out+=$(guest_do g1 'dmesg | tail -n 2')
	grep -q "$1" <<<"$out" || fail "$2: the range $1 is not named: $out"
	expect "settings after: $2" "$(settings)" "$before"
}

for what in rx-usecs tx-usecs; do
	refused "$what is 1001, not a number from 0 to 1000" "ethtool -C eth0 $what 1001"
	refused "$what is 4000000000, not a number from 0 to 1000" "ethtool -C eth0 $what 4000000000"
done
refused 'rx-frames is 0, not a number from 1 to 128' 'ethtool -C eth0 rx-frames 0'
refused 'rx-frames is 129, not a number from 1 to 128' 'ethtool -C eth0 rx-frames 129'
refused 'tx-frames is 0, not a number from 1 to 64' 'ethtool -C eth0 tx-frames 0'
refused 'tx-frames is 65, not a number from 1 to 64' 'ethtool -C eth0 tx-frames 65'
refused 'pvnet: rx-usecs and tx-usecs are 0 to 1000, rx-frames 1 to 128, tx-frames 1 to 64' \
	'ethtool -C eth0 tx-frames 65'
refused 'rx-copybreak is 257, not a number from 0 to 256' 'ethtool --set-tunable eth0 rx-copybreak 257'
refused 'tx-copybreak is 129, not a number from 0 to 128' 'ethtool --set-tunable eth0 tx-copybreak 129'
note "nonsense refused"

# carries WORDS: with these settings data arrives as it was sent, in packets of all sizes
carries()
{
	guest_do g1 "ethtool -C eth0 $1"
	net_send g1 "$DOM0_IP"
	net_receive g1 10.0.0.2
	guest_do g1 "for size in 0 60 200 1400 8000; do
		ping -q -A -c 10 -W 5 -s \$size $DOM0_IP | grep ' 0% packet loss' || exit
	done"
	note "carries data with $1"
}

carries "adaptive-rx off adaptive-tx off rx-usecs 0 tx-usecs 0"
carries "adaptive-rx off adaptive-tx off rx-usecs 1000 rx-frames 128 tx-usecs 1000 tx-frames 64"
carries "adaptive-rx off adaptive-tx off rx-usecs 20 rx-frames 1 tx-usecs 20 tx-frames 1"
guest_do g1 "ethtool --set-tunable eth0 rx-copybreak 0; ethtool --set-tunable eth0 tx-copybreak 0"
carries "adaptive-rx on adaptive-tx on rx-usecs 100 rx-frames 4 tx-usecs 100 tx-frames 4"
guest_do g1 "ethtool --set-tunable eth0 rx-copybreak 256; ethtool --set-tunable eth0 tx-copybreak 128"
carries "adaptive-rx on adaptive-tx on rx-usecs 1000 rx-frames 128 tx-usecs 1000 tx-frames 64"

# One packet in flight, and nothing but the timer to have it told of: a ping waits
# for the answer to the one before. The counter says that each did wait.
guest_do g1 "ethtool -C eth0 adaptive-rx off adaptive-tx off rx-usecs 1000 rx-frames 128 \
	tx-usecs 1000 tx-frames 64"
waited=$(counter tx0_waited)
guest_do g1 "ping -q -A -c 50 -W 5 $DOM0_IP | grep ' 0% packet loss'"
waited=$(($(counter tx0_waited) - waited))
((waited >= 50)) || fail "of 50 packets $waited waited for the timer"
note "50 single packets waited for the timer, and were sent"
guest_do g1 "ethtool -C eth0 adaptive-rx on adaptive-tx on rx-usecs 100 rx-frames 32 \
	tx-usecs 100 tx-frames 16"

# lost RING COMMAND...: with events of a ring lost, what waits for one comes late, and is counted
lost()
{
	local port before
	port=$(xs_read "$(frontend_path g1 vif 0)/event-channel-$1")
	before=$(counter "$1"0_lost_events)
	evloss "$(guest_domid g1)" "$port" on || lab_error "evloss"
	"${@:2}" || fail "with events of the $1 ring lost: not within 10 s: ${*:2}"
	evloss "$(guest_domid g1)" "$port" off || fail "the guest unmasked its event without having had one"
	(($(counter "$1"0_lost_events) > before)) || fail "$1: no lost event was counted"
	guest_do g1 "ping -q -A -c 20 -W 5 $DOM0_IP | grep ' 0% packet loss'"
	note "events of the $1 ring: mended $(($(counter "$1"0_lost_events) - before)) times"
}

# The guest takes commands meanwhile: an idle one is not woken to look for lost events.
answers()		{ guest_run g1 'read -r rx </sys/class/net/eth0/statistics/rx_packets' && [[ -e /run/pong ]]; }
ping_the_guest()
{
	rm -f /run/pong
	{ ! ping -q -c 1 -W 15 10.0.0.2 | grep ' 0% packet loss' || touch /run/pong; } &
	wait_until 10 answers
}
# Nobody answers this, so nothing but the event has the packet freed, which is too large to be copied.
held()			{ guest_do g1 "sed -n 's/^queue 0 .* held \([0-9]*\).*/\1/p' /sys/kernel/debug/pvfront/vif-0"; }
send_into_the_void()
{
	guest_do g1 'ip neigh replace 10.0.0.99 lladdr 02:00:00:00:00:99 nud permanent dev eth0
		head -c 1400 /dev/zero >/dev/udp/10.0.0.99/7'
	wait_until 10 nothing_held
}
nothing_held()		{ [[ $(held) == 0 ]]; }
lost rx ping_the_guest
lost tx send_into_the_void
guest_do g1 'dmesg | grep "eth0: queue 0: an event .* was lost"'
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
guest_shutdown g1
pass
