#!/bin/bash
# What the backend has not answered when the interface goes down hurts nobody, and is let go
# of when it is answered, be the interface down, in another namespace, or its events lost.
# runs: test soak
# timeout: 240

# Events of the old kind: dom0 finds the guest's masks for them.
guest_start g1 cmdline=xen.fifo_events=0 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((1 << 20))
vif=vif$(guest_domid g1).0
mac=$(</sys/class/net/xenbr0/address)
frontend=$(frontend_path g1 vif 0)

# The backend answers nothing while its interface is down.
withhold()	{ ip link set "$vif" down; }
answer()	{ ip link set "$vif" up; }

# Bytes in flight of the sockets that send to port 7777: packets the driver has not freed.
held='n=0
	while read -r _ _ to _ queue _; do
		[[ $to != *:1E61 ]] || n=$((n + 16#${queue%:*}))
	done </proc/net/udp
	echo $n'
bytes_held()	{ guest_do g1 "$held"; }
none_held()	{ [[ $(bytes_held) == 0 ]]; }

# The packets in flight as the driver counts them.
driver_holds()	{ guest_do g1 "sed -n 's/.* held \\([0-9]*\\) .*/\\1/p' /sys/kernel/debug/pvfront/vif-0"; }

# hold: four packets in flight that the backend does not answer. No question of who has the
# address may go the way that is blocked.
hold()
{
	guest_do g1 "ip neigh replace 10.0.0.1 lladdr $mac nud permanent dev eth0"
	withhold
	guest_spawn g1 sender 'exec 7>/dev/udp/10.0.0.1/7777
		for n in 1 2 3 4; do head -c 1400 /dev/zero >&7; done
		echo >/run/sent; read -r _ </run/never'
	wait_until 10 guest_run g1 'rm /run/sent 2>/dev/null' || fail "four packets cannot be sent"
	bytes=$(bytes_held)
	((bytes >= 4 * 1400)) || fail "the driver holds $bytes bytes of four packets"
	still_held "sent"
}

# still_held WHEN: nothing was freed, nor forgotten, that the backend may still read
still_held()
{
	expect "$1, not answered: bytes of packets in flight" "$(bytes_held)" "$bytes"
	[[ $LAB_DRIVERS != ours ]] || expect "$1, not answered: packets held" "$(driver_holds)" 4
}

# released WHEN: all are let go of within a second; a look through the console takes another
released()
{
	wait_until 2 none_held || fail "$1: $(bytes_held) bytes are held 2 s after their answers"
	[[ $LAB_DRIVERS != ours ]] || expect "$1: packets held" "$(driver_holds)" 0
	guest_do g1 'echo >/run/never'
	guest_join g1 sender 10 || fail "$1: the sender did not end"
	note "$1: let go of"
}

# carries WHEN: data gets through again, both ways, as it was sent
carries()
{
	guest_do g1 'ip link set eth0 up'
	wait_until 20 guest_run g1 "ping -q -c 1 -W 1 $DOM0_IP >/dev/null" || fail "$1: nothing gets through"
	net_send g1 "$DOM0_IP"
	net_receive g1 10.0.0.2
	note "$1: data as it was sent"
}
guest_do g1 'mkfifo /run/never'

hold
guest_do g1 'for n in 1 2 3; do ip link set eth0 down; ip link set eth0 up; done'
still_held "after down and up"
answer
released "answered after down and up"
carries "down and up"

hold
guest_do g1 'ip link set eth0 down'
still_held "while down"
answer
released "answered while down"
carries "down for a while"

if [[ $LAB_DRIVERS == ours ]]; then
	port=$(xs_read "$frontend/event-channel-tx")
	evloss "$(guest_domid g1)" "$port" on || lab_error "evloss"
	hold
	guest_do g1 'ip link set eth0 down'
	still_held "while down, events lost"
	answer
	released "answered while down, the event lost"
	evloss "$(guest_domid g1)" "$port" off || lab_error "evloss"
	carries "events lost"
fi

hold
guest_do g1 'ip link set eth0 mtu 9000; ip link set eth0 mtu 1500
	ethtool -K eth0 tso off sg off; ethtool -K eth0 sg on tso on'
guest_do g1 'ip netns add other; ip link set eth0 netns other
	ip netns exec other ip link set eth0 up; ip netns exec other ip link set eth0 down'
still_held "in another namespace"
answer
released "answered in another namespace"
guest_do g1 'ip netns exec other ip link set eth0 netns 1; ip netns del other
	ip addr add 10.0.0.2/24 dev eth0'
carries "another namespace and back"
guest_shutdown g1
pass
