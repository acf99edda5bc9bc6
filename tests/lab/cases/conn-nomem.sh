#!/bin/bash
# Allocations that fail while a disk and an interface connect, 200 times, cost time and not the device.
# runs: image-wide soak-wide
# timeout: 400

for option in FAILSLAB FAIL_PAGE_ALLOC FAULT_INJECTION_DEBUG_FS FAULT_INJECTION_STACKTRACE_FILTER; do
	kernel_has CONFIG_$option || skip "the guest's kernel has no CONFIG_$option"
done
[[ $LAB_DRIVERS == ours ]] || skip "the in-tree drivers give up"

disk_create a 16
guest_start g1 vcpus=2 memory=384 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
disk_wait g1 xvda
net_up g1 eth0 2
grants_before=$(grants g1)

guest_do g1 'cat >/run/lib <<"END"
cd /sys/kernel/debug

# arm FAULT MODULE: some of what the module allocates from now on is refused
arm()
{
	local size start
	read -r _ size _ _ _ start _ < <(grep "^$2 " /proc/modules)
	echo $start >$1/require-start
	printf "0x%x" $((start + size)) >$1/require-end
	echo 32 >$1/stacktrace-depth
	echo N >$1/ignore-gfp-wait
	echo 0 >$1/verbose
	[[ $1 != fail_page_alloc ]] || echo 0 >$1/min-order
	echo $((RANDOM % 40000)) >$1/space	# bytes that are still given
	echo $((1 + RANDOM % 4)) >$1/times
	echo 100 >$1/probability
}

connected()
{
	case $1 in
	vif-0)	ip link set eth0 up 2>/dev/null; [[ $(cat /sys/class/net/eth0/carrier 2>/dev/null) == 1 ]] ;;
	*)	dd if=/dev/xvda of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null ;;
	esac
}

# cycle DRIVER DEVICE MODULE FAULT: unbound and bound again while the module meets failures
cycle()
{
	local driver=/sys/bus/xen/drivers/$1 end
	echo $2 >$driver/unbind || return
	arm $4 $3
	# The bus does not probe again what a probe refused; an administrator does.
	if ! echo $2 >$driver/bind; then
		probes=$((probes + 1))
		echo 0 >$4/probability
		echo $2 >$driver/bind || return
	fi 2>/dev/null
	end=$((SECONDS + 20))
	until connected $2; do
		((SECONDS < end)) || { echo "$2 is not connected 20 s after allocations failed"; return 1; }
	done
	(($(cat $4/times))) || met=$((met + 1))
	echo 0 >$4/probability
}
END'
met=0
for device in "pvblk vbd-51712 pvblk" "pvblk vbd-51712 pvfront" "pvnet vif-0 pvnet" "pvnet vif-0 pvfront"; do
	for fault in failslab fail_page_alloc; do
		said=$(guest_do g1 ". /run/lib; probes=0 met=0
			for ((n = 1; n <= 25; n++)); do
				cycle $device $fault || { dmesg | tail -n 3; echo \"$device, $fault, round \$n\"; exit 1; }
			done
			echo \"\$met \$probes\"" 200)
		note "$device: of 25 times $fault struck in ${said% *}, ${said#* } of them in the probe"
		met=$((met + ${said% *}))
	done
done
((met >= 50)) || fail "only $met of 200 connections met failures: nothing is shown"
guest_do g1 "ip addr add 10.0.0.2/24 dev eth0 2>/dev/null; ip link set eth0 up
	dd if=/dev/urandom of=/dev/xvda bs=64k count=16 oflag=direct 2>/dev/null"
pings()	{ guest_run g1 "ping -q -c 1 -W 2 $DOM0_IP | grep ' 0% packet loss'"; }
wait_until 30 pings || fail "no ping in the end"
returned()	{ (($(grants g1) <= grants_before)); }
wait_until 30 returned || fail "grants $(grants g1) in the end, $grants_before before"
guest_shutdown g1
pass
