#!/bin/bash
# What is put off is done in time, in every setting; a lost event is mended; nonsense is refused.
# runs: test
# timeout: 240

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront has nothing to set"

guest_start g1 "$(net_line 2)"
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
	refused "$what is 1001, expected 0 to 1000" "ethtool -C eth0 $what 1001"
	refused "$what is 4000000000, expected 0 to 1000" "ethtool -C eth0 $what 4000000000"
done
refused 'rx-frames is 0, expected 1 to 128' 'ethtool -C eth0 rx-frames 0'
refused 'rx-frames is 129, expected 1 to 128' 'ethtool -C eth0 rx-frames 129'
refused 'tx-frames is 0, expected 1 to 64' 'ethtool -C eth0 tx-frames 0'
refused 'tx-frames is 65, expected 1 to 64' 'ethtool -C eth0 tx-frames 65'
refused 'pvnet: rx-usecs and tx-usecs are 0 to 1000, rx-frames 1 to 128, tx-frames 1 to 64' \
	'ethtool -C eth0 tx-frames 65'
refused 'rx-copybreak is 257, expected 0 to 256' 'ethtool --set-tunable eth0 rx-copybreak 257'
refused 'tx-copybreak is 129, expected 0 to 128' 'ethtool --set-tunable eth0 tx-copybreak 129'
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

# lost FLAG COUNTER COMMAND...: with events of one kind lost, pings come through late
lost()
{
	local before
	before=$(counter "$2")
	guest_do g1 "ethtool --set-priv-flags eth0 $1 on"
	"${@:3}" || fail "with $1 a ping is not answered within 10 s"
	guest_do g1 "ethtool --set-priv-flags eth0 $1 off"
	(($(counter "$2") > before)) || fail "$2 did not count what was lost"
	guest_do g1 "ping -q -A -c 20 -W 5 $DOM0_IP | grep ' 0% packet loss'"
	note "$1: mended $(($(counter "$2") - before)) times"
}

ping_the_guest()	{ ping -q -c 1 -W 10 10.0.0.2 | grep ' 0% packet loss'; }
ping_dom0()		{ guest_do g1 "ping -q -c 1 -W 10 $DOM0_IP | grep ' 0% packet loss'"; }
lost lose-events tx0_lost_events ping_the_guest
lost lose-doorbells tx0_lost_doorbells ping_dom0
guest_do g1 'dmesg | grep "eth0: queue 0: an event .* was lost"'
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
guest_shutdown g1
pass
