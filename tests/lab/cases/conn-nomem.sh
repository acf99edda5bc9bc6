#!/bin/bash
# Allocations that fail while a disk and an interface connect cost time and not the device.
# runs: test soak
# timeout: 600
# image: nomem
# allow: Call Trace:$
# allow: cut here
# allow: WARNING: .* remove_proc_entry

[[ $LAB_DRIVERS == ours ]] || skip "the in-tree drivers give up"

disk_create a 16
# The kernel goes on without what it has no memory for under /proc/irq, and warns when
# that is to be removed.
guest_start g1 cmdline=panic_on_warn=0 vcpus=2 memory=384 "$(guest_ramdisk nomem)" "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
disk_wait g1 xvda
net_up g1 eth0 2
# The usual number of grants, after data has flowed.
guest_do g1 "dd if=/dev/urandom of=/dev/xvda bs=64k count=16 oflag=direct 2>/dev/null
	ping -q -c 3 -A -W 5 $DOM0_IP | grep ' 0% packet loss'"
grants_before=$(grants g1)

guest_run g1 'grep -q " should_failslab$" /proc/kallsyms' ||
	skip "the guest's kernel has no should_failslab() to probe"
guest_do g1 'insmod /lib/modules/nomem.ko
cat >/run/lib <<"END"
cd /sys/module/nomem/parameters

# refuse MODULE PAGES SKIP TIMES: of what is allocated for the module from now on
refuse()
{
	local size start
	read -r _ size _ _ _ start _ <<<"$(grep "^$1 " /proc/modules)"
	echo 0 >end && echo $2 >pages && echo $3 >skip && echo $4 >times && echo 0 >seen &&
		echo $start >start && printf "0x%x" $((start + size)) >end
}

connected()
{
	case $1 in
	vif-0)	ip link set eth0 up 2>/dev/null; [[ $(cat /sys/class/net/eth0/carrier 2>/dev/null) == 1 ]] ;;
	*)	dd if=/dev/xvda of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null ;;
	esac
}

# cycle DEVICE DRIVER MODULE PAGES SKIP TIMES: unbound, and bound again while the module is refused
cycle()
{
	local driver=/sys/bus/xen/drivers/$2 end=$((SECONDS + 20))
	echo $1 >$driver/unbind || return
	refuse $3 $4 $5 $6 || return
	# The bus does not probe again what a probe refused; an administrator does.
	until { echo $1 >$driver/bind; } 2>/dev/null; do
		((probes += 1, SECONDS < end)) || { echo "$1 cannot be bound"; return 1; }
	done
	until connected $1; do
		((SECONDS < end)) || { echo "$1 is not connected 20 s after $6 allocations failed"; return 1; }
	done
	[[ $6 == 0 || $(<times) != 0 ]] || ((met += 1))
	echo 0 >times
}

# cycles ROUNDS DEVICE DRIVER MODULE PAGES: the first refusal moves over all that a
# connection allocates, one to four of them in a row
cycles()
{
	local all probes=0 met=0 n
	cycle ${*:2} 0 0 || return
	all=$(<seen)
	((all)) || { echo "$4 allocates nothing"; return 1; }
	for ((n = 0; n < $1; n++)); do
		cycle ${*:2} $((n * all / $1)) $((n % 4 + 1)) || {
			echo "with $((n * all / $1)) given of $all"
			dmesg | tail -n 5; cat /sys/kernel/debug/pvfront/*; return 1; }
	done
	echo "$met $all $probes"
}
END'

# 200 connections; what of them can be looked at in less time.
rounds=$(soak 25 4) struck=0
for device in "vbd-51712 pvblk pvblk" "vbd-51712 pvblk pvfront" "vif-0 pvnet pvnet" "vif-0 pvnet pvfront"; do
	for pages in 0 1; do
		log="$CASE_DIR/${device// /-}-$pages.log"
		guest_do g1 ". /run/lib; cycles $rounds $device $pages" 300 >"$log"
		read -r met all probes <<<"$(tail -n 1 "$log")"
		note "$device pages=$pages: struck $met of $rounds times, at one of $all allocations; $probes probes failed"
		struck=$((struck + met))
	done
done
((struck >= 7 * rounds)) || fail "only $struck of $((8 * rounds)) connections met failures"

guest_do g1 'rmmod nomem'
guest_do g1 "ip addr add 10.0.0.2/24 dev eth0 2>/dev/null; ip link set eth0 up
	dd if=/dev/urandom of=/dev/xvda bs=64k count=16 oflag=direct 2>/dev/null"
pings()	{ guest_run g1 "ping -q -c 1 -W 2 $DOM0_IP | grep ' 0% packet loss'"; }
wait_until 30 pings || fail "no ping in the end"
returned()	{ (($(grants g1) <= grants_before)); }
wait_until 30 returned || fail "grants $(grants g1) in the end, $grants_before before"
guest_shutdown g1
pass
