#!/bin/bash
# Whoever writes a limit of a disk whose backend is away waits for it with the limits locked: the
# disk connects all the same, and what the new backend supports is taken.
# runs: test kernels soak
# timeout: 120

disk_create a 16
guest_start g1 memory=256
fake_disk g1 xvdb a feature-flush-cache=0
disk_wait g1 xvdb
expect "write_cache" "$(guest_do g1 'cat /sys/block/xvdb/queue/write_cache')" "write through"

fake_do g1 xvdb "silent 0"
guest_spawn g1 writer 'dd if=/dev/zero of=/dev/xvdb bs=64k count=8 oflag=direct 2>/dev/null'
held()	{ (($(fake_report g1 xvdb held) > 0)); }
wait_until 20 held || fail "no write came"
fake_do g1 xvdb "disconnect"
guest_spawn g1 sysfs 'echo 32 >/sys/block/xvdb/queue/max_sectors_kb'
# It has frozen the queue, or on Linux 6.1, which freezes none for this, has ended.
waits()	{ guest_run g1 'grep -q blk_mq_freeze_queue /proc/*/stack 2>/dev/null || [[ -e /run/bg/sysfs.status ]]'; }
wait_until 20 waits || fail "the writer of max_sectors_kb neither waits nor ends"

fake_do g1 xvdb answer
fake_do g1 xvdb "set feature-flush-cache 1"
fake_do g1 xvdb "state 2"
guest_join g1 writer 30 || fail "writing ended with $?"
guest_join g1 sysfs 30 || fail "max_sectors_kb: status $?"
cached()	{ [[ $(guest_run g1 'cat /sys/block/xvdb/queue/write_cache') == "write back" ]]; }
within 20 "the new backend's cache is known" cached
expect "max_sectors_kb" "$(guest_do g1 'cat /sys/block/xvdb/queue/max_sectors_kb')" 32
fake_quit g1 xvdb
guest_shutdown g1
pass
