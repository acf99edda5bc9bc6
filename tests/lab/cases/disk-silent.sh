#!/bin/bash
# A backend that stops answering, in the first partition scan or later, holds up its own disk only:
# the guest is saved and shut down, devices come and go, each within a bound.
# runs: test soak
# timeout: 600
# allow: g\.e\. .* still in use

[[ $LAB_DRIVERS == ours ]] || skip "xen-blkfront waits for ever"

# Bounds in seconds. A disk that is removed while its backend is silent has 5, the rest is the
# lab's: emulation, and what xl itself needs.
SCAN=80 REMOVE=10 ATTACH=15 BACK=40 SAVE=100 SHUTDOWN=110

for name in a b c d; do disk_create $name 16; done
guest_start g1 memory=256 "$(disk_line "$(disk_spec a xvda)")" "$(net_line 2)"
devices_outlive g1 0
disk_wait g1 xvda
net_up g1 eth0 2

device_gone()	{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/vbd-$(vdev_id "$1") && ! -e /dev/$1 ]]"; }
device_bound()	{ guest_run g1 "[[ -e /sys/bus/xen/devices/vbd-$(vdev_id "$1")/driver ]]"; }

# others_live: the other disk and the interface work, and a disk and an interface come and go
others_live()
{
	guest_do g1 "dd if=/dev/xvda of=/dev/null bs=64k count=8 iflag=direct 2>/dev/null &&
		ping -q -c 1 -W 5 $DOM0_IP | grep -q ' 0% packet loss'" 20
	disk_attach g1 c xvdc || fail "xl block-attach beside the silent disk: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	within $ATTACH "another disk appears" guest_has_disk g1 xvdc
	disk_detach g1 xvdc || fail "xl block-detach beside the silent disk: $(tail -n 1 "$CASE_DIR/g1.xl.log")"
	within $ATTACH "it is gone again" device_gone xvdc
}

# silent_scan VDEV: a new disk whose backend connects and answers nothing
silent_scan()
{
	fake_serve g1 "$1" b
	fake_do g1 "$1" "silent 0"
	fake_nodes g1 "$1"
	within 20 "$1: the backend is connected" fake_said g1 "$1" '^state 4'
}
holds()	{ (($(fake_report g1 "$1" held) > 0)); }

note "silent in the partition scan, then its nodes are removed"
silent_scan xvdb
wait_until 20 holds xvdb || fail "no request of a partition scan came"
fake_nodes_remove g1 xvdb
others_live
within $REMOVE "the silent disk is gone" device_gone xvdb
fake_quit g1 xvdb

note "silent in the partition scan, then unbound"
silent_scan xvdb
guest_spawn g1 unbind 'echo vbd-51728 >/sys/bus/xen/drivers/pvblk/unbind'
others_live
guest_join g1 unbind $SCAN || fail "unbind: status $?"
fake_quit g1 xvdb
wait_until $REMOVE device_gone xvdb || fail "the unbound disk stays"

note "silent with requests in flight, then its nodes are removed"
fake_disk g1 xvdb b
disk_wait g1 xvdb
fake_do g1 xvdb "silent 0"
guest_spawn g1 write 'dd if=/dev/zero of=/dev/xvdb bs=64k count=16 oflag=direct'
wait_until 20 holds xvdb || fail "no write came"
fake_nodes_remove g1 xvdb
others_live
within $REMOVE "the silent disk is gone" device_gone xvdb
status=0
guest_join g1 write 20 >/dev/null || status=$?
[[ $status == 1 ]] || fail "the writer ended with $status, expected an error"
fake_quit g1 xvdb

# keeps_read VDEV: a disk whose backend maps memory that a program reads into, and keeps it mapped
keeps_read()
{
	fake_disk g1 "$1" b
	disk_wait g1 "$1"
	fake_do g1 "$1" "keep 1"
	fake_do g1 "$1" "silent 0"
	guest_spawn g1 read "exec dd if=/dev/$1 of=/dev/null bs=64k count=4 iflag=direct"
	wait_until 20 holds "$1" || fail "no read came"
}
# read_ends: once the backend has let go, not before, and with an error
read_ends()
{
	local status=0
	guest_run g1 "[[ ! -s /run/bg/read.status ]]" || fail "the read ended while the backend had its memory"
	fake_do g1 "$1" unmap
	guest_join g1 read 30 >/dev/null || status=$?
	[[ $status == 1 ]] || fail "the reader ended with $status, expected an error"
}

note "silent with memory of a program mapped, then its nodes are removed"
keeps_read xvdf
fake_nodes_remove g1 xvdf
# The disk itself stays for the read, at least in 7.x.
unplugged()	{ guest_run g1 "[[ ! -e /sys/bus/xen/devices/vbd-$(vdev_id "$1") ]]"; }
within $REMOVE "the silent device is gone" unplugged xvdf
others_live
read_ends xvdf
within $REMOVE "its disk is gone" device_gone xvdf
fake_quit g1 xvdf

note "silent with memory of a program mapped, then unbound and bound"
keeps_read xvdg
guest_spawn g1 unbind "echo vbd-$(vdev_id xvdg) >/sys/bus/xen/drivers/pvblk/unbind"
guest_join g1 unbind $SCAN || fail "unbind: status $?"
guest_do g1 "echo vbd-$(vdev_id xvdg) >/sys/bus/xen/drivers/pvblk/bind"
fake_do g1 xvdg answer
read_ends xvdg
within $BACK "the disk is back" guest_has_disk g1 xvdg
fake_nodes_remove g1 xvdg
within $REMOVE "the disk is gone" device_gone xvdg
fake_quit g1 xvdg

note "silent in the partition scan, then saved"
silent_scan xvdb
timeout $SAVE xl save g1 /run/g1.saved >"$CASE_DIR/g1.save.log" 2>&1 ||
	fail "xl save beside a silent disk: $(tail -n 1 "$CASE_DIR/g1.save.log")"
fake_quit g1 xvdb
xl restore -e /run/g1.saved >"$CASE_DIR/g1.restore.log" 2>&1 ||
	fail "xl restore: $(tail -n 1 "$CASE_DIR/g1.restore.log")"
rm /run/g1.saved
guest_adopt g1
guest_wait g1
# Linux keeps the device, which the new host knows nothing of: its number is not used again here.
disk_gone()	{ guest_run g1 "[[ ! -e /dev/xvdb ]]"; }
within $REMOVE "the disk that was not restored is gone" disk_gone
others_live

note "silent in the partition scan, then shut down"
silent_scan xvde
error_node()	{ echo "/local/domain/$(guest_domid g1)/error/device/vbd/$(vdev_id xvde)/error"; }
refused()	{ [[ $(xs_read "$(error_node)" 2>/dev/null) == *"broken off: no answer while the partition table was read"* ]]; }
within $SCAN "the silent disk is refused" refused
note "$(xs_read "$(error_node)")"
fake_quit g1 xvde
silent_scan xvdd
xl shutdown g1 >>"$CASE_DIR/g1.xl.log" 2>&1
within $SHUTDOWN "the guest is shut down" guest_gone g1
kill "$(<"/run/backend-g1-xvdd.pid")"
pass
