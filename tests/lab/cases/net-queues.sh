#!/bin/bash
# Every queue carries packets both ways; the number of queues can change.
# runs: test soak-intree
# timeout: 180

# interrupts QUEUE DIRECTION: how many the guest's processors took
interrupts()
{
	guest_do g1 "grep -E ' (eth0|vif0)-q$1-$2\$' /proc/interrupts" |
		awk '{ for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }'
}

frontend_has()	{ xs_exists "$(frontend_path g1 vif 0)/$1"; }

# The backend serves as many queues as dom0 has processors unless told otherwise.
echo 2 >/sys/module/xen_netback/parameters/max_queues
guest_start g1 vcpus=2 "$(net_line 2)"
net_up g1 eth0 2
net_data g1 $((4 << 20))
expect "queues asked for" "$(xs_read "$(frontend_path g1 vif 0)/multi-queue-num-queues")" 2
declare -A before
for queue in 0-tx 0-rx 1-tx 1-rx; do
	before[$queue]=$(interrupts "${queue%-*}" "${queue#*-}")
done

# Sixteen flows each way, sent from both processors: all on one side is not to
# be expected in a lifetime.
for ((port = 5201; port < 5205; port++)); do
	iperf3 -s -1 -D -p $port
	wait_until 30 tcp_listens $port || lab_error "iperf3 does not listen on $port"
done
guest_do g1 "taskset 1 iperf3 -c $DOM0_IP -p 5201 -P 8 -n 16M >/dev/null & other=\$!
	taskset 2 iperf3 -c $DOM0_IP -p 5202 -P 8 -n 16M >/dev/null && wait \$other" 60
guest_do g1 "iperf3 -R -c $DOM0_IP -p 5203 -P 8 -n 16M >/dev/null & other=\$!
	iperf3 -R -c $DOM0_IP -p 5204 -P 8 -n 16M >/dev/null && wait \$other" 60
for queue in 0-tx 0-rx 1-tx 1-rx; do
	n=$(($(interrupts "${queue%-*}" "${queue#*-}") - before[$queue]))
	((n > 20)) || fail "queue $queue took $n interrupts only"
	note "queue $queue: $n interrupts"
done
if [[ $LAB_DRIVERS == ours ]]; then
	guest_do g1 'ethtool -S eth0 | awk "/[01]_packets/ { print; if (\$2 < 100) bad = 1; n++ }
		END { exit bad || n != 4 }"'
fi

# While packets flow none is stopped, also of those that are used no more: the stack's watchdog
# would report it each half minute.
if [[ $LAB_DRIVERS == ours ]]; then
	stopped() { guest_do g1 'sed -n "s/^tx_stopped //p" /sys/kernel/debug/pvfront/vif-0'; }
	guest_do g1 'ethtool -L eth0 combined 1'
	one_queue() { guest_run g1 'grep -q "^queues 1$" /sys/kernel/debug/pvfront/vif-0 && [[ $(cat /sys/class/net/eth0/carrier) == 1 ]]'; }
	wait_until 20 one_queue || fail "ethtool -L eth0 combined 1: $(guest_run g1 'cat /sys/kernel/debug/pvfront/vif-0')"
	net_send g1 "$DOM0_IP"
	expect "stopped transmit queues with one of two in use" "$(stopped)" 0
	guest_do g1 'ethtool -L eth0 combined 2'
fi

# One queue has its keys elsewhere; none of the others may be left behind.
net_unload g1
net_load g1 max_queues=1
net_up g1 eth0 2
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
frontend_has tx-ring-ref || fail "one queue, and no tx-ring-ref in the device's own directory"
if frontend_has multi-queue-num-queues; then
	expect "queues asked for" "$(xs_read "$(frontend_path g1 vif 0)/multi-queue-num-queues")" 1
fi
net_unload g1
net_load g1
net_up g1 eth0 2
net_send g1 "$DOM0_IP"
net_receive g1 10.0.0.2
expect "queues asked for" "$(xs_read "$(frontend_path g1 vif 0)/multi-queue-num-queues")" 2
guest_shutdown g1
pass
