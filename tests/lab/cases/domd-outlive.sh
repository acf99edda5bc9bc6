#!/bin/bash
# The domain that serves a disk and an interface dies under a log with fsync, and another takes its
# place: the same disk goes on, its file system stays mounted for writing, no record that was
# acknowledged is lost; and the same interface, with its address. Between the two the toolstack
# takes the devices away and makes others, as xl does, or rewrites the disk's. At last the disk
# moves while the domain that had it hangs, and that dies only then: the guest lives, whose
# processes come and go, with page tables made of any page that was given back.
# runs: test soak
# timeout: 800 3300
# needs: domd

[[ $LAB_DRIVERS == ours ]] || skip "with xen-blkfront I/O never ends"

disk_create a 32
records()	{ awk -v last="$1" 'BEGIN { for (n = 1; n <= last; n++) printf "%08d\n", n }'; }
forked()	{ guest_run g1 'stat -c %s /run/forked 2>/dev/null' || echo 0; }
forks_on()	{ (($(forked) > $1 + 8)); }
# serve attach|move: another driver domain dd, with the same image
serve()
{
	driver_domain dd "$(disk_line "$(disk_spec a xvda)")"
	guest_do dd 'until [[ -b /dev/xvda ]]; do sleep 0.1; done' 30
	"domd_disk_$1" dd g1 xvdb /dev/xvda
	domd_net_attach dd g1 0 9
}
acknowledged()	{ guest_run g1 'cat /run/acknowledged 2>/dev/null || echo 0'; }
goes_on()	{ (($(acknowledged) > $1)); }
state_is()	{ [[ $(guest_run g1 'cat /sys/block/xvdb/backend/state') == "$1" ]]; }
device_gone()	{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/$1 ]]"; }
pings()		{ guest_run g1 'ping -q -c 1 -W 2 10.9.0.1 | grep " 0% packet loss"' >/dev/null; }

guest_start g1 memory=256
serve attach
disk_wait g1 xvdb
guest_do g1 'mkfs.ext4 -q /dev/xvdb && mkdir -p /mnt/b && mount -t ext4 /dev/xvdb /mnt/b'
guest_do g1 'ip addr add 10.9.0.2/24 dev eth0 && ip link set eth0 up'
wait_until 20 pings || fail "no way to the driver domain"
same=$(guest_do g1 'cat /sys/block/xvdb/diskseq /sys/class/net/eth0/ifindex')
guest_spawn g1 log 'for ((n = 1; ; n++)); do
	printf "%08d\n" $n | dd of=/mnt/b/log oflag=append conv=notrunc,fsync status=none || exit
	echo $n >/run/acknowledged
	[[ ! -e /run/enough ]] || exit 0
done'
wait_until 30 goes_on 5 || fail "the log does not begin"

for ((round = 1; round <= $(soak 20 2); round++)); do
	guest_destroy dd
	wait_until 10 state_is parked || fail "round $round: the disk is $(guest_run g1 'cat /sys/block/xvdb/backend/state'), not parked"
	before=$(acknowledged)
	domd_forget g1 vif 0
	wait_until 10 device_gone vif-0 || fail "round $round: vif-0 stays 10 s after its nodes are gone"
	way=move
	if ((round % 2)); then
		way=attach
		domd_forget g1 vbd 51728
		wait_until 10 device_gone vbd-51728 || fail "round $round: vbd-51728 stays 10 s after its nodes are gone"
	fi
	guest_do g1 '[[ $(cat /sys/class/net/eth0/carrier) == 0 ]] && ip addr show eth0 | grep 10.9.0.2'
	expect "round $round: records acknowledged while there is no backend" "$(acknowledged)" "$before"
	serve $way
	start=$(cut -d' ' -f1 /proc/uptime)
	wait_until 20 goes_on "$before" || fail "round $round: the log does not go on: $(guest_run g1 'cat /sys/block/xvdb/backend/*')"
	note "round $round: goes on after record $before, $(awk -v s="$start" '{ print $1 - s }' /proc/uptime) s after the $way"
	wait_until 10 state_is live || fail "round $round: the disk is not live"
	wait_until 20 pings || fail "round $round: no way to the driver domain"
	expect "round $round: the disk's sequence number and the interface's index" \
		"$(guest_do g1 'cat /sys/block/xvdb/diskseq /sys/class/net/eth0/ifindex')" "$same"
	guest_do g1 'grep -q "^/dev/xvdb /mnt/b ext4 rw" /proc/mounts' || fail "round $round: not mounted for writing: $(guest_run g1 'grep /mnt/b /proc/mounts')"
	guest_do g1 '[[ $(readlink -f /sys/block/xvdb/device) == */vbd-51728 && $(readlink -f /sys/class/net/eth0/device) == */vif-0 ]]'
done
note "the disk moves while dd hangs"
driver_domain dd2 "$(disk_line "$(quick_disk a xvda)")"
guest_do dd2 'until [[ -b /dev/xvda ]]; do sleep 0.1; done' 30
guest_spawn g1 reads 'until [[ -e /run/enough ]]; do dd if=/dev/xvdb of=/dev/null bs=64k count=64 iflag=direct status=none || exit; done'
guest_spawn g1 forks 'until [[ -e /run/enough ]]; do
	for n in 1 2 3 4 5 6 7 8; do (exec stat / >/dev/null) & done; wait
	echo >>/run/forked
done'
wait_until 60 forks_on 0 || fail "no processes come and go"
xl pause dd
domd_disk_move dd2 g1 xvdb /dev/xvda
wait_until 30 state_is connecting || fail "the disk is $(guest_run g1 'cat /sys/block/xvdb/backend/state'), not connecting, while dd hangs with its requests"
before=$(acknowledged)
# It has requests still: none is sent again.
expect "records acknowledged while dd may carry writes out" "$(acknowledged)" "$before"
before_forked=$(forked)
guest_destroy dd
wait_until 30 goes_on "$before" || fail "the log does not go on when dd is gone: $(guest_run g1 'cat /sys/block/xvdb/backend/*')"
wait_until 60 forks_on "$before_forked" || fail "dd is gone, guest g1 $(guest_end g1), or its processes come and go no more"
wait_until 10 state_is live || fail "the disk is not live"
note "goes on after record $before"
note "the disk moves while dd2 serves it"
driver_domain dd "$(disk_line "$(quick_disk a xvda)")"
guest_do dd 'until [[ -b /dev/xvda ]]; do sleep 0.1; done' 30
before=$(acknowledged)
start=$(cut -d' ' -f1 /proc/uptime)
domd_disk_move dd g1 xvdb /dev/xvda
moved()		{ [[ $(guest_do g1 'dmesg | grep -c "vbd-51728: connected again"') -gt $1 ]]; }
connected=$(guest_do g1 'dmesg | grep -c "vbd-51728: connected again"')
wait_until 20 moved "$connected" || fail "the disk was not connected again: $(guest_run g1 'cat /sys/block/xvdb/backend/*')"
let_go()	{ guest_run dd2 "[[ ! -e /sys/bus/xen-backend/devices/vbd-$(guest_domid g1)-51728 ]]"; }
wait_until 10 let_go || fail "dd2 still has the disk"
before=$(acknowledged)
wait_until 10 goes_on "$before" || fail "the log does not go on: $(guest_run g1 'cat /sys/block/xvdb/backend/*')"
note "goes on $(awk -v s="$start" '{ print $1 - s }' /proc/uptime) s after the move"
guest_destroy dd2
before=$(acknowledged)
wait_until 10 goes_on "$before" || fail "the log does not go on without dd2"

guest_do g1 'touch /run/enough'
guest_join g1 forks 30 || fail "the forking shell failed"
guest_join g1 reads 30 || fail "a read failed: status $?"
guest_join g1 log 30 || fail "a record was refused: status $?"
last=$(acknowledged)
guest_do g1 "umount /mnt/b && ! dmesg | grep -E 'I/O error|EXT4-fs (error|warning)|Aborting journal'"
guest_shutdown g1
guest_destroy dd
quick_end
log=$(disk_mount a)/log
expect "records of the log that are not in order" "$(records "$last" | cmp - "$log" 2>&1)" ""
note "$last records, none lost"
disk_umount a
pass
