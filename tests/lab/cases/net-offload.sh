#!/bin/bash
# Data arrives whole with every mix of offloads, over IPv4 and IPv6.
# runs: test soak-intree rounds
# timeout: 400

guest_start g1 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((8 << 20))
vif=/sys/class/net/vif$(guest_domid g1).0/statistics

# bytes_per_packet IN|OUT COMMAND...: as dom0's side of the vif counts them
bytes_per_packet()
{
	local side=$1 packets bytes
	shift
	packets=$(<"$vif/${side}_packets") bytes=$(<"$vif/${side}_bytes")
	"$@" >/dev/null
	packets=$(($(<"$vif/${side}_packets") - packets))
	echo $((($(<"$vif/${side}_bytes") - bytes) / packets))
}

checksum_errors()
{
	awk '$1 == "Tcp:" && $2 == "RtoAlgorithm" { for (i = 2; i <= NF; i++) name[i] = $i }
		$1 == "Tcp:" { for (i = 2; i <= NF; i++) if (name[i] == "InCsumErrors") n = $i }
		END { print n }' /proc/net/snmp
}

# try FEATURES LARGE: transfers with these; LARGE is whether packets may exceed the MTU
try()
{
	local to size
	guest_do g1 "ethtool -K eth0 $1"
	for to in "$DOM0_IP 10.0.0.2" "$DOM0_IP6 fd00::2"; do
		size=$(bytes_per_packet rx net_send g1 "${to% *}")
		if [[ $2 == yes ]]; then
			((size > 3000)) || fail "$1: $size bytes per packet to ${to% *}, expected large ones"
		else
			((size <= 1514)) || fail "$1: $size bytes per packet to ${to% *}, expected 1514 at most"
		fi
		net_receive g1 "${to#* }"
	done
	note "$1: data equal"
}

try 'tx on sg on tso on rx on' yes
try 'tso off' no
try 'sg off' no
if [[ $LAB_DRIVERS == ours ]]; then
	# The in-tree driver has these fixed.
	try 'sg on tx off' no
	try 'rx off' no
	try 'tx on tso on' yes
	try 'rx on gro off' yes
	# The driver's state of a packet in flight is in the packet: it is not for sending twice at once.
	if guest_run g1 'modprobe pktgen'; then
		guest_do g1 'echo add_device eth0 >/proc/net/pktgen/kpktgend_0'
		! guest_run g1 'echo clone_skb 4 >/proc/net/pktgen/eth0' ||
			fail "pktgen may send one packet several times at once"
		note "pktgen may not send clones"
	else
		note "this kernel has no pktgen"
	fi
fi
expect "checksum errors in dom0" "$(checksum_errors)" 0
expect "checksum errors in the guest" "$(guest_do g1 "$(declare -f checksum_errors); checksum_errors")" 0
guest_shutdown g1
pass
