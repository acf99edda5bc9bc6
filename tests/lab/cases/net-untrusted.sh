#!/bin/bash
# With trusted=0 every packet sent is copied first, to a page of its own unless it is small.
# runs: test soak-intree
# timeout: 90

guest_start g1 "vif = [ 'mac=$(net_mac 2),bridge=xenbr0,untrusted' ]"
net_up g1 eth0 2
expect "the toolstack's key" "$(xs_read "$(frontend_path g1 vif 0)/trusted")" 0
net_data g1 $((16 << 20))
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
net_send g1 "$DOM0_IP6"
net_receive g1 fd00::2
if [[ $LAB_DRIVERS == ours ]]; then
	guest_do g1 'ethtool -S eth0 | awk "/tx0_packets/ { n = \$2 } /tx0_small/ { small = \$2 }
		/tx0_copied/ { print; exit n < 100 || n != small + \$2 }"'
fi
guest_shutdown g1
pass
