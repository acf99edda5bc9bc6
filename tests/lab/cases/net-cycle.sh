#!/bin/bash
# An interface goes down and up, changes MTU and features and moves between namespaces under a
# flood both ways: no panic, no stall, no grant lost. net-held has the backend that does not answer.
# runs: test soak soak-intree
# timeout: 600 900

guest_start g1 vcpus=2 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((2 << 20))
guest_do g1 "ping -q -c 1 -W 5 $DOM0_IP | grep ' 0% packet loss'"
grants_before=$(grants g1)

# Floods: a stream and datagrams, each way. None of them ends when the way is cut, so that each
# goes on at once; they leave the processor to who changes the interface.
gently='renice 10 $$ >/dev/null; exec'
datagrams="$gently 7>/dev/udp/"
flood='/5004
	printf -v data "%1400s" ""
	until [[ -e /run/enough ]]; do printf %s "$data" >&7; done 2>/dev/null'
flood_start()
{
	socat -u -b 65536 TCP-LISTEN:5003,reuseaddr OPEN:/dev/null &
	socat -u UDP-RECV:5004 OPEN:/dev/null &
	guest_spawn g1 tcp-sink "$gently socat -u -b 65536 TCP-LISTEN:5005,reuseaddr OPEN:/dev/null"
	guest_spawn g1 udp-sink "$gently socat -u UDP-RECV:5004 OPEN:/dev/null"
	wait_until 20 tcp_listens 5003 || lab_error "dom0 does not listen"
	wait_until 20 guest_listens g1 5005 || fail "the guest does not listen"
	guest_spawn g1 tcp-out "$gently socat -u -b 65536 OPEN:/dev/zero TCP:$DOM0_IP:5003"
	guest_spawn g1 udp-out "$datagrams$DOM0_IP$flood"
	bash -c "$gently socat -u -b 65536 OPEN:/dev/zero TCP:10.0.0.2:5005" &
	bash -c "${datagrams}10.0.0.2$flood" &
}

flood_end()
{
	touch /run/enough
	guest_do g1 'touch /run/enough; kill $(pidof socat)'
	pidof socat | xargs -r kill
	rm /run/enough
}

# In the guest: until so many packets more have gone each way; else what the driver knows.
guest_do g1 'cat >/run/lib <<"END"
look() { read -r tx <$counters/tx_packets && read -r rx <$counters/rx_packets; }
flows() # PACKETS
{
	local tx rx to from counters=/sys/class/net/eth0/statistics end=$((SECONDS + 20))
	look && to=$((tx + $1)) from=$((rx + $1))
	until ((tx >= to && rx >= from)); do
		((SECONDS < end)) || {
			echo "stalled: $((to - tx)) packets are not sent, $((from - rx)) not received of $1 in 20 s"
			ip -s link show eth0; grep -s . /sys/kernel/debug/pv*/*; return 1; }
		look
	done
}
END'

# dom0 need not ask anew who has the address whenever the link was down.
ip neigh replace 10.0.0.2 lladdr "$(net_mac 2)" nud permanent dev xenbr0
flood_start
guest_do g1 '. /run/lib; flows 200' 40
rounds=$(soak 200 50)
guest_do g1 ". /run/lib; for ((n = 1; n <= $rounds; n++)); do
	ip link set eth0 down && ip link set eth0 up && flows 5 || { echo \"in cycle \$n\"; exit 1; }
done" $((4 * rounds + 40))
note "$rounds times down and up under the flood"

guest_do g1 '. /run/lib; for mtu in 1300 68 1500 576 1500; do
	ip link set eth0 mtu $mtu && flows 20 || { echo "MTU $mtu"; exit 1; }
done' 60
note "MTU changed under the flood"

may=':'
[[ $LAB_DRIVERS == intree ]] || may='exit 1'	# netfront has some of them fixed
guest_do g1 '. /run/lib; for what in tx sg tso gso gro rx; do for how in off on; do
	ethtool -K eth0 $what $how >/dev/null 2>&1 || { echo "$what $how refused"; '"$may"'; }
	flows 20 || { echo "$what $how"; exit 1; }
done; done' 120
note "features off and on under the flood"

if kernel_has CONFIG_NET_NS; then
	guest_do g1 '. /run/lib; for n in 1 2 3; do
		ip netns add away && ip link set eth0 netns away && ip -n away link set eth0 up &&
		ip -n away link set eth0 down && ip -n away link set eth0 netns 1 && ip netns del away &&
		ip addr add 10.0.0.2/24 dev eth0 && ip addr add fd00::2/64 dev eth0 nodad &&
		ip link set eth0 up && flows 20 || { echo "in round $n"; exit 1; }
	done' 60
	note "away to another namespace and back under the flood"
fi

flood_end
ip neigh del 10.0.0.2 dev xenbr0

carrier()	{ guest_run g1 "ping -q -c 1 -W 2 $DOM0_IP | grep ' 0% packet loss'"; }
wait_until 30 carrier || fail "no ping after the cycles"
guest_do g1 "ip addr add fd00::2/64 dev eth0 nodad 2>/dev/null; ping -q -A -c 20 -W 5 $DOM0_IP | grep ' 0% packet loss'"
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
same_grants()	{ [[ $(grants g1) == "$grants_before" ]]; }
wait_until 30 same_grants || fail "grants $(grants g1) in the end, $grants_before before"
guest_shutdown g1
pass
