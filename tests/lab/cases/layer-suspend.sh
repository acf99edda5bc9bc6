#!/bin/bash
# Saved and restored again and again under disk, network and memory load, 2 vCPUs. The clock is the
# host's all the time, also in a guest that had a tenth of a CPU while its kernel began.
# runs: image soak-image soak-wide soak-debug
# timeout: 600 2400

rounds=$(soak 20 3)
disk_create a 64
# The tables of lockdep leave too little of 128 MB to unpack the RAM disk in.
memory=128
! kernel_has CONFIG_PROVE_LOCKING || memory=256
guest_config g1 memory=$memory vcpus=2 cap=10 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
guest_launch g1
# The first that a kernel writes into xenstore, as a device's initcall.
xs_wait "/local/domain/$(guest_domid g1)/control/feature-poweroff" 1 300 || fail "the kernel does not boot"
note "$(xl sched-credit2 -d g1 | tail -n 1)"
xl sched-credit2 -d g1 -c 0 || lab_error "xl does not lift the cap"
guest_wait g1
disk_wait g1 xvda
net_up g1 eth0 2
grants_before=$(grants g1) channels_before=$(event_channels g1)

# The guest's clock against dom0's, read before and after it.
check_clock()
{
	local before guest after
	before=$(date +%s)
	guest=$(guest_do g1 'date +%s')
	after=$(date +%s)
	((guest >= before - 1 && guest <= after + 1)) ||
		fail "$1 the guest's clock says $guest, dom0's $before to $after"
}

lost=$(guest_do g1 "dmesg | sed -n 's/.*sched_clock: Marking stable.*, -\([0-9]*\))\$/\1/p'")
((${lost:-0} > 3000000000)) || lab_error "the guest's clock lost ${lost:-0} ns while it booted, 3 s at least were wanted"
check_clock "after the boot"

# Disk: every block is read back by the fio that wrote it, before it starts anew.
guest_spawn g1 disk 'done=0
	until [[ -e /run/stop ]]; do
		fio --name=v --filename=/dev/xvda --size=8m --ioengine=libaio --direct=1 --iodepth=8 \
			--rw=randwrite --bsrange=4k-128k --rate=3m --verify=crc32c --verify_fatal=1 >/run/fio.log 2>&1 ||
			{ cat /run/fio.log; exit 1; }
		echo $((done += 1)) >/run/done.disk
	done'
# Network: one TCP connection all the time, its content compared at the end.
socat -u TCP-LISTEN:5005 STDOUT | tee >(wc -c >/run/flow-bytes) | sha256sum >/run/flow-sum &
wait_until 30 tcp_listens 5005 || lab_error "dom0 does not listen"
guest_spawn g1 net "n=0
	mkfifo /run/sent
	sha256sum </run/sent >/run/sent-sum &
	until [[ -e /run/stop ]]; do
		seq \$n \$((n += 5000)); sleep 0.1
	done | tee /run/sent | socat -u STDIN TCP:$DOM0_IP:5005 && wait"
guest_spawn g1 flood "ping -A -s 4000 $DOM0_IP"
# Memory: data that stays, and copies of it in pages allocated anew.
guest_do g1 'head -c 8M /dev/urandom >/run/data; sha256sum </run/data >/run/sum'
guest_spawn g1 memory 'done=0
	until [[ -e /run/stop ]]; do
		cp /run/data /run/copy && cmp /run/data /run/copy && rm /run/copy || exit 1
		echo $((done += 1)) >/run/done.memory
	done'
working()	{ guest_run g1 '[[ -s /run/done.disk && -s /run/done.memory ]]'; }
wait_until 60 working || fail "the load does not get going"

for ((round = 1; round <= rounds; round++)); do
	guest_save_restore g1
	check_clock "after restore $round"
	guest_do g1 'sha256sum </run/data | cmp - /run/sum && rm -f /run/done.*'
	wait_until 60 working || fail "after restore $round the load does not go on"
	note "round $round"
done
guest_do g1 'touch /run/stop'
for load in disk net memory; do
	out=$(guest_join g1 $load 60) || fail "$load: $out"
done
wait_until 30 test -s /run/flow-sum || fail "dom0 did not see the end of the connection"
expect "sha256 of what went through the connection" "$(</run/flow-sum)" "$(guest_do g1 'cat /run/sent-sum')"
note "bytes through the connection: $(</run/flow-bytes)"
guest_run g1 'kill $(pidof ping)' 2>/dev/null || :
guest_do g1 "ping -q -A -c 10 -W 5 $DOM0_IP | grep ' 0% packet loss'"
expect "event channels" "$(event_channels g1)" "$channels_before"
note "grants $grants_before before, $(grants g1) now"
sum=$(guest_do g1 'sha256sum </dev/xvda | cut -d" " -f1' 60)
guest_shutdown g1
expect "sha256 in dom0" "$(backend_sha256 a)" "$sum"
pass
