#!/bin/bash
# Jumbo frames, the bounds of the MTU, and the toolstack's own idea of it.
# runs: soak
# timeout: 120

guest_start g1 "vif = [ 'mac=$(net_mac 2),bridge=xenbr0,mtu=1400' ]"
net_up g1 eth0 2
net_data g1 $((8 << 20))
[[ $LAB_DRIVERS != ours ]] ||
	expect "mtu as configured" "$(guest_do g1 'cat /sys/class/net/eth0/mtu')" 1400

for mtu in 67 65518; do
	! guest_run g1 "ip link set eth0 mtu $mtu" || fail "mtu $mtu was accepted"
done
for mtu in 68 65517 9000; do
	guest_do g1 "ip link set eth0 mtu $mtu"
done
ip link set "vif$(guest_domid g1).0" mtu 9000
ip link set xenbr0 mtu 9000

# Larger than two pages, and not to be segmented by anybody.
guest_do g1 'ethtool -K eth0 tso off; ip addr add fd00::2/64 dev eth0 nodad || :'
vif=/sys/class/net/vif$(guest_domid g1).0/statistics
packets=$(<"$vif/rx_packets") bytes=$(<"$vif/rx_bytes")
net_send g1 "$DOM0_IP"
size=$((($(<"$vif/rx_bytes") - bytes) / ($(<"$vif/rx_packets") - packets)))
((size > 5000 && size <= 9014)) || fail "$size bytes per packet with an mtu of 9000 and no TSO"
note "$size bytes per packet"
net_receive g1 10.0.0.2
for size in 8000 8972 60000; do
	guest_do g1 "ping -q -A -c 10 -W 5 -s $size $DOM0_IP | grep ' 0% packet loss'" 60
done
guest_do g1 'ethtool -K eth0 tso on'
net_send g1 "$DOM0_IP6"
net_receive g1 fd00::2
guest_shutdown g1
pass
