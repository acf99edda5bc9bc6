#!/bin/bash
# What an administrator does to an interface while verified streams run both ways: nothing is
# lost, nothing stalls, and what makes no sense is refused.
# xen-netfront is not asked to refuse an MTU of 65518: it takes it, though such a frame is too long.
# runs: test soak soak-intree
# timeout: 600 900

guest_start g1 vcpus=2 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((1 << 20))
# A stream is this data again and again. verify prints how often it came, and ends with its end.
echo "$NET_SUM" >/run/net-want
guest_put g1 /run/net-want /run/net-want
verify='n=0
	while got=$(head -c 1048576 | sha256sum) && [[ $got == "$(</run/net-want)" ]]; do n=$((n + 1)); done
	[[ $got == "$(sha256sum </dev/null)" ]] && echo $n'
gently='renice 10 $$ >/dev/null'
# With a rest between, for all this shares a processor with what the administrator does.
rest=$(soak 0.01 0.5)
repeat="exec 8<>/run/never; until [[ -e /run/enough ]]; do cat /run/net-data; read -t $rest -u 8 || :; done"
# A stream is slow to go on after its way was cut. Datagrams, 50 a second each way, are not.
beat='/5013; exec 8<>/run/never; until [[ -e /run/enough ]]; do
	printf "%300s" beat >&7 2>/dev/null || :; read -t 0.02 -u 8 || :; done'

mkfifo /run/never
socat -u -b 65536 TCP-LISTEN:5011,reuseaddr STDOUT | bash -c "$gently; $verify" >/run/verified &
in_dom0=$!
socat -u UDP-RECV:5013 OPEN:/dev/null &
guest_do g1 'mkfifo /run/never'
guest_spawn g1 in "$gently; socat -u -b 65536 TCP-LISTEN:5012,reuseaddr STDOUT | { $verify; }"
guest_spawn g1 datagrams 'exec socat -u UDP-RECV:5013 OPEN:/dev/null'
wait_until 30 tcp_listens 5011 || lab_error "dom0 does not listen"
wait_until 30 guest_listens g1 5012 || fail "the guest does not listen"
guest_spawn g1 out "$gently; { $repeat; } | socat -u -b 65536 STDIN TCP:$DOM0_IP:5011"
guest_spawn g1 beat "exec 7>/dev/udp/$DOM0_IP$beat"
bash -c "$gently; { $repeat; } | socat -u -b 65536 STDIN TCP:10.0.0.2:5012" &
bash -c "exec 7>/dev/udp/10.0.0.2$beat" &

other_comes()	{ quick_vif_attach g1 3; }
other_goes()	{ net_detach g1 "$(net_mac 3)"; }
other_state()	{ echo "$(frontend_path g1 vif 1)/state"; }

# Each step has to be followed by traffic both ways.
admin_start in out <<'END'
look() # [INTERFACE]
{
	local counters=/sys/class/net/${1:-eth0}/statistics
	read -r count[0] <$counters/tx_packets && read -r count[1] <$counters/rx_packets
}
addresses()	{ ip addr replace 10.0.0.2/24 dev "$1"; }
# The neighbours learn that the address is here now.
announce()	{ arping -q -U -c 1 -I "$1" 10.0.0.2 || :; }

link()
{
	for n in 1 2 3; do
		must ip link set eth0 down
		must ip link set eth0 up
		flows "down and up"
	done
}

refused()	{ ! "$@" 2>/dev/null; }
mtu()
{
	for n in 68 576 1300 9000 65517; do
		must ip link set eth0 mtu $n
		flows "MTU $n"
	done
	$ours refused ip link set eth0 mtu 65518
	must ip link set eth0 mtu 1500
	flows "MTU 1500"
}

shown()		{ ethtool -k eth0 | sed -n '/fixed/d; s/^\t*\([a-z0-9-]*\): \(on\|off\).*/\1 \2/p'; }
# All that are not fixed are changed, and changed back.
features()
{
	local what was other before=$(shown)
	while read -r what was <&7; do
		other=on; [[ $was == off ]] || other=off
		$ours ethtool -K eth0 "$what" $other
		flows "$what $other"
		$ours ethtool -K eth0 "$what" "$was"
	done 7<<<"$before"
	flows "features as they were"
	$ours test "$(shown)" = "$before"
}

settings()
{
	may ethtool -l eth0; may ethtool -g eth0; may ethtool -i eth0; may ethtool -S eth0
	may ethtool -L eth0 combined 2; may ethtool -G eth0 rx 64; may ethtool -A eth0 rx on
	may ethtool -s eth0 speed 1000 duplex full; may ethtool -t eth0; may ethtool -d eth0
	for what in "rx-usecs 0 tx-usecs 0" "rx-usecs 1000 rx-frames 128 tx-usecs 1000 tx-frames 64" \
			"adaptive-rx off adaptive-tx off" "adaptive-rx on adaptive-tx on" \
			"rx-usecs 100 rx-frames 32 tx-usecs 100 tx-frames 16"; do
		$ours ethtool -C eth0 $what
		flows "-C $what"
	done
	for what in "rx-copybreak 0" "tx-copybreak 0" "rx-copybreak 256" "tx-copybreak 128"; do
		$ours ethtool --set-tunable eth0 $what
		flows "$what"
	done
	must ip link set eth0 txqueuelen 2; flows "txqueuelen 2"; must ip link set eth0 txqueuelen 1000
}

modes()
{
	for what in "promisc on" "allmulticast on" "multicast off" "multicast on" "allmulticast off" "promisc off"; do
		must ip link set eth0 $what
		flows "$what"
	done
	# Neither driver has a filter for the kernel to put it into.
	may ip maddr add 01:00:5e:01:02:03 dev eth0; may ip maddr del 01:00:5e:01:02:03 dev eth0
}

names()
{
	local mac=$(</sys/class/net/eth0/address)
	must ip link set eth0 down
	must ip link set eth0 address 02:00:00:00:00:42
	must ip link set eth0 name lan0
	must ip link set lan0 up; announce lan0
	flows "another name and address" lan0
	must ip link set lan0 down
	must ip link set lan0 address "$mac"
	must ip link set lan0 name eth0
	must ip link set eth0 up; announce eth0
	flows "its own name and address"
	must ip netns add away
	must ip link set eth0 netns away
	must ip -n away link set eth0 up
	must ip -n away link set eth0 down
	must ip -n away link set eth0 netns 1
	must ip netns del away
	addresses eth0
	must ip link set eth0 up
	flows "another namespace and back"
}

# on_top KIND WORDS...: the address moves to an interface above, and back
on_top()
{
	must ip link add top type "$@"
	must ip addr flush dev eth0
	[[ $1 != bond ]] || must ip link set eth0 down
	must ip link set eth0 master top
	must ip link set eth0 up
	must ip link set top up
	addresses top; announce top
	flows "$1 on top"
	must ip link del top
	must ip link set eth0 up
	addresses eth0; announce eth0
	flows "no $1"
}

above()
{
	on_top bridge
	on_top bond mode active-backup
	must ip link add link eth0 name eth0.5 type vlan id 5
	must ip addr add 10.0.5.2/24 dev eth0.5
	must ip link set eth0.5 up
	may ping -q -c 2 -W 1 10.0.5.1
	(($(</sys/class/net/eth0.5/statistics/tx_packets) > 0)) || { echo "nothing was sent on a VLAN"; exit 1; }
	must ip link del eth0.5
	must ip link add link eth0 name mv0 type macvlan mode bridge
	must ip addr add 10.0.0.22/32 dev mv0
	must ip link set mv0 up
	must ping -q -c 2 -A -W 5 -I 10.0.0.22 10.0.0.1
	must ip link del mv0
	flows "VLAN and macvlan"
	for what in fq "tbf rate 200mbit burst 64k latency 50ms" prio pfifo; do
		must tc qdisc replace dev eth0 root $what
		flows "qdisc $what"
	done
	must tc qdisc del dev eth0 root
	flows "no qdisc of its own"
}

cpus()
{
	taskset 1 ping -q -A -c 100 -W 5 -s 60 10.0.0.1 & one=$!
	taskset 2 ping -q -A -c 100 -W 5 -s 1400 10.0.0.1 & two=$!
	must wait $one; must wait $two
	flows "traffic of two CPUs"
}

# Every attribute of the interface and of its driver is read; those that can be written get junk.
junk() # MODULE
{
	local file text
	find -L /sys/class/net/eth0/ -maxdepth 3 -type f 2>/dev/null | grep -v '/device/.*/net/' >/run/files
	ls /sys/module/"$1"/parameters/* /sys/kernel/debug/pvfront/* 2>/dev/null >>/run/files || :
	while read -r file; do
		read -r -d '' -t 5 text <"$file" || :
	done </run/files 2>/dev/null
	grep -E '/(mtu|tx_queue_len|tx_maxrate)$|/parameters/|/pvfront/|/byte_queue_limits/' /run/files >/run/writable
	while read -r file; do
		for text in junk -1 4294967296 ''; do
			write "$file" "$text" || :
		done
	done </run/writable
	must ip link set eth0 mtu 1500 txqueuelen 1000
	flows "junk"
}
END
admin link
admin mtu
admin features
admin settings
admin modes
# While eth0 has another name or is away, the other interface would be given that name.
flock "$TURN"
admin names
flock -u "$TURN"
admin above
admin cpus
admin parameters "$NET_MODULE"
admin junk "$NET_MODULE"

admin_enough
wait "$in_dom0" || fail "what dom0 got is not what the guest sent"
guest_join g1 out 30 || fail "the guest could not send it all"
into=$(guest_join g1 in 30) || fail "what the guest got is not what dom0 sent"
(($(</run/verified) > 0 && into > 0)) || fail "only $(</run/verified) MB went out, and $into in"
note "$(</run/verified) MB went out and $into in, as they were sent"
guest_shutdown g1
pass
