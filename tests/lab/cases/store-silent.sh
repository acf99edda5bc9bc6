#!/bin/bash
# The host's xenstored stands still for a while: running disks go on, who asks it hears of an
# error, and when it goes on so does everything else.
# image: xenstore
# runs: soak-lite
# timeout: 300

kernel_has CONFIG_XENSTORE_LITE || skip "the guest's kernel has Linux's own xenbus, which waits for ever"
disk_create a 16
disk_create b 16
guest_start g1 "$(guest_ramdisk xenstore)" "$(disk_line "$(disk_spec a xvda)")"
disk_wait g1 xvda
expect "a read before" "$(guest_run g1 'xenstore-read name')" g1

# Talking to the guest asks xenstored where its console is.
console=$(guest_tty g1)
guest_tty() { echo "$console"; }

# Whatever becomes of this case, dom0 gets its xenstored back: at its end this is killed.
xenstored=$(</run/xenstored.pid)
rm -f /run/never && mkfifo /run/never
{
	trap exit TERM
	trap 'kill -CONT "$xenstored"' EXIT
	read -rt 200 <>/run/never || :
} &

kill -STOP "$xenstored"
guest_spawn g1 reader 'xenstore-read name 2>&1; echo "status $?"'
guest_do g1 'for n in {1..20}; do
		head -c 1M /dev/urandom >/run/data
		dd if=/run/data of=/dev/xvda bs=1M oflag=direct 2>/dev/null
		dd if=/dev/xvda bs=1M count=1 iflag=direct 2>/dev/null | cmp - /run/data
	done'
said=$(guest_join g1 reader 60)
[[ $said == *"status 1" ]] || fail "a read of a xenstored that stands still ended with '$said'"
guest_do g1 'dmesg | grep -q "xenstored does not answer"'

kill -CONT "$xenstored"
expect "a read after" "$(guest_run g1 'xenstore-read name' 30)" g1
guest_do g1 'dmesg | grep "xenstored answers again"'
disk_attach g1 b xvdb
disk_wait g1 xvdb
disk_detach g1 xvdb
guest_shutdown g1
pass
