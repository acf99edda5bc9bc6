#!/bin/bash
# A backend that says it can flush and answers flushes with an error: whoever asked for one
# hears of it, and is not told that data is safe which may be lost.
# runs: test soak
# timeout: 120

disk_create a 32
disk_create b 16
guest_start g1 memory=256
devices_outlive g1 0
fake_disk g1 xvdb a feature-flush-cache=1
disk_wait g1 xvdb
guest_do g1 'mkfs.ext4 -q /dev/xvdb && mkdir -p /mnt/b && mount -t ext4 /dev/xvdb /mnt/b && echo one >/mnt/b/file && sync'
flushes=$(fake_report g1 xvdb flushes)
((flushes > 0)) || fail "no flush came"

fake_do g1 xvdb "flush error"
! guest_run g1 'dd if=/dev/urandom of=/mnt/b/file bs=4k count=1 conv=fsync' ||
	fail "an fsync succeeds whose flush has failed"
(($(fake_report g1 xvdb flushes) > flushes)) || fail "no flush came to fail"
guest_do g1 'dmesg | grep "error, dev xvdb"'
# The other disk and the guest go on, and this one can be let go of.
guest_run g1 'umount /mnt/b' || guest_do g1 'umount -l /mnt/b'
fake_nodes_remove g1 xvdb
wait_until 20 guest_lacks_disk g1 xvdb || fail "the disk stays"
fake_quit g1 xvdb
# One that has nothing to flush says so once, and is asked no more.
fake_disk g1 xvdc b feature-flush-cache=1
disk_wait g1 xvdc
fsync()	{ guest_do g1 'dd if=/dev/zero of=/dev/xvdc bs=4k count=1 conv=fsync'; }
fake_do g1 xvdc "flush unsupported"
fsync
flushes=$(fake_report g1 xvdc flushes)
((flushes > 0)) || fail "no flush came"
fsync
expect "flushes sent after one that is not supported" "$(($(fake_report g1 xvdc flushes) - flushes))" 0
guest_do g1 'dmesg | grep "backend does not support flushes"'
fake_nodes_remove g1 xvdc
wait_until 20 guest_lacks_disk g1 xvdc || fail "the disk stays"
fake_quit g1 xvdc
guest_shutdown g1
pass
