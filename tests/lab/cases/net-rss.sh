#!/bin/bash
# Which queue gets a packet, and whether it comes with its hash, are as ethtool sets them, with
# another number of queues and after a restore too; junk is refused, and a backend that has a
# control ring and does not answer on it leaves the interface as it is.
# runs: test
# timeout: 400

[[ $LAB_DRIVERS == ours ]] || skip "xen-netfront has no control ring"

KNOCKS=64
KEY=$(printf ':%02x' {1..40})
KEY=${KEY#:}

# backend REGEX: whether dom0's netback says so of the vif's hashes
backend()	{ grep -Eq -- "$1" "/sys/kernel/debug/xen-netback/vif$(guest_domid g1).0/ctrl"; }
expect_backend() { backend "$1" || fail "netback does not say \"$1\": $(cat "/sys/kernel/debug/xen-netback/vif$(guest_domid g1).0/ctrl")"; }

read_counters()
{
	read -r rx0 rx1 hashed < <(guest_do g1 'ethtool -S eth0' | awk '
		/rx0_packets:/ { a = $2 } /rx1_packets:/ { b = $2 } /rx[01]_hashed:/ { h += $2 }
		END { print a + 0, b + 0, h + 0 }')
}

# knock: KNOCKS connections from dom0 that the guest refuses; how many packets more each queue
# has, and how many came with a hash, in $got0, $got1, $gothash
knock()
{
	local port before0 before1 before
	read_counters
	before0=$rx0 before1=$rx1 before=$hashed
	for ((port = 1; port <= KNOCKS; port++)); do
		{ : <>"/dev/tcp/10.0.0.2/$port"; } 2>/dev/null || :
	done
	read_counters
	got0=$((rx0 - before0)) got1=$((rx1 - before1)) gothash=$((hashed - before))
	note "$got0 packets on queue 0, $got1 on queue 1, $gothash with a hash"
	((got0 + got1 >= KNOCKS)) || fail "$KNOCKS packets were sent, $((got0 + got1)) received"
}

# All of them on one side is not to be expected in a lifetime.
both()		{ ((got0 > KNOCKS / 8 && got1 > KNOCKS / 8)) || fail "$1: $got0 and $got1 packets"; }
only_second()	{ ((got0 == 0)) || fail "$1: $got0 packets on queue 0"; }
hashes()	{ ((gothash >= KNOCKS)) || fail "$1: $gothash of $KNOCKS packets with a hash"; }

has_queues()
{
	guest_run g1 "set -- /sys/class/net/eth0/queues/rx-*
		(( \$# == $1 )) && [[ \$(cat /sys/class/net/eth0/carrier) == 1 ]]"
}

set_queues()
{
	guest_do g1 "ethtool -L eth0 combined $1"
	within 20 "$1 queues" has_queues "$1"
	expect "queues asked for" "$(xs_read "$(frontend_path g1 vif 0)/multi-queue-num-queues" 2>/dev/null || echo 1)" "$1"
}

echo 2 >/sys/module/xen_netback/parameters/max_queues
disk_create a 16
guest_start g1 memory=256 vcpus=2 "$(net_line 2)"
net_up g1 eth0 2

expect_backend 'Hash Algorithm: NONE'
guest_do g1 "ethtool -k eth0 | grep '^receive-hashing: off\$' && ethtool -K eth0 rxhash on"
expect_backend 'Hash Algorithm: TOEPLITZ'
knock
both "rxhash on"
hashes "rxhash on"

# Without ports all come from one address to one.
guest_do g1 'ethtool -N eth0 rx-flow-hash tcp4 sd'
! backend 'IPv4 [+] TCP' || fail "ports are hashed"
knock
((got0 <= 4 || got1 <= 4)) || fail "hashed by address only: $got0 and $got1 packets"
guest_do g1 'ethtool -N eth0 rx-flow-hash tcp4 sdfn; ethtool -n eth0 rx-flow-hash tcp4 | grep "2 & 3"'
knock
both "hashed with ports"

# With one queue netback computes no hash.
set_queues 1
knock
set_queues 2

guest_do g1 "ethtool -X eth0 weight 0 1 hkey $KEY"
table_and_key()
{
	expect_backend '\[ +0 - +7\]: +1 +1 +1 +1 +1 +1 +1 +1 *$'
	expect_backend '\[ *120 - +127\]: +1 +1 +1 +1 +1 +1 +1 +1 *$'
	expect_backend '\[ 0 - +7\]: 01 02 03 04 05 06 07 08'
	expect_backend '\[32 - 39\]: 21 22 23 24 25 26 27 28'
	guest_do g1 "ethtool -x eth0 | grep -xi '$KEY'"
	knock
	only_second "all to queue 1"
	hashes "all to queue 1"
}
table_and_key

# The last one because the table needs queue 1. ethtool's status is 0 whatever becomes of -N.
before=$(guest_do g1 'ethtool -x eth0; ethtool -l eth0')
accepted=$(guest_do g1 'while read -r words; do
	said=$(ethtool $words 2>&1) && [[ $said != *"Cannot change"* ]] && echo "$words: $said"
done <<-end
	-X eth0 weight 0 0 1
	-X eth0 hkey 01:02:03
	-X eth0 hfunc xor
	-N eth0 rx-flow-hash udp4 sdfn
	-N eth0 rx-flow-hash tcp4 s
	-L eth0 combined 0
	-L eth0 combined 3
	-L eth0 combined 1
end
:')
expect "junk that was accepted" "$accepted" ""
expect "settings after junk" "$(guest_do g1 'ethtool -x eth0; ethtool -l eth0')" "$before"
guest_do g1 'dmesg | grep "fields 0x.* of flow type 2 cannot be hashed, only addresses (sd)"'

# The new vif knows nothing of it.
guest_save_restore g1
wait_until 30 guest_run g1 "ping -q -c 1 -w 2 $DOM0_IP" || fail "no answer after the restore"
table_and_key
guest_do g1 'ethtool -K eth0 rxhash off; ethtool -X eth0 default'
expect_backend 'Hash Algorithm: NONE'

# A backend of ours: it maps no control ring, and answers nothing.
fake_disk g1 vif7 a feature-rx-copy=1 feature-ctrl-ring=1
connected()	{ (($(fake_count g1 vif7 '^state 4') > 0)); }
wait_until 20 connected || fail "no interface: frontend $(xs_shown "$(fake_front g1 vif7)/state")"
xs_exists "$(fake_front g1 vif7)/ctrl-ring-ref" || fail "no ctrl-ring-ref was written"
shown()		{ guest_do g1 "sed -n 's/^$1 //p' /sys/kernel/debug/pvfront/vif-7"; }
silent()	{ [[ $(shown control_timeouts) == 1 ]]; }
within 20 "the timeout" silent
within 20 "a carrier" guest_run g1 '[[ $(cat /sys/bus/xen/devices/vif-7/net/*/carrier) == 1 ]] ||
	{ ip link set $(ls /sys/bus/xen/devices/vif-7/net) up; false; }'
guest_do g1 'dmesg | grep "has not answered on its control ring for 2000 ms (the hash function)"'
! guest_run g1 'ethtool -X $(ls /sys/bus/xen/devices/vif-7/net) weight 1' || fail "settings for a silent backend were accepted"
expect "state of its control ring" "$(shown control_ring)" unusable
expect "requests" "$(shown control_requests)" 1
fake_nodes_remove g1 vif7
fake_quit g1 vif7
guest_shutdown g1
pass
