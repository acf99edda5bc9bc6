#!/bin/bash
# A backend that says it can flush and answers flushes with an error: flushes are given up, with
# a message, and the file system goes on.
# runs: test
# timeout: 120

disk_create a 32
guest_start g1 memory=256
fake_disk g1 xvdb a feature-flush-cache=1
disk_wait g1 xvdb
guest_do g1 'mkfs.ext4 -q /dev/xvdb && mkdir -p /mnt/b && mount -t ext4 /dev/xvdb /mnt/b && echo one >/mnt/b/file && sync'
flushes=$(fake_report g1 xvdb flushes)
((flushes > 0)) || fail "no flush came"

fake_do g1 xvdb "flush error"
guest_do g1 'cd /mnt/b && for n in 1 2 3 4 5; do
	echo $n >file && dd if=/dev/urandom of=data bs=64k count=4 conv=fsync 2>/dev/null || { echo "fsync $n"; exit 1; }
done'
more=$(fake_report g1 xvdb flushes)
guest_do g1 'cd /mnt/b && for n in 1 2 3; do echo $n >again && dd if=again of=copy conv=fsync 2>/dev/null || exit; done
	touch /mnt/b/writable && [[ $(cat /sys/block/xvdb/queue/write_cache) == "write through" ]]'
expect "flushes after they were given up" "$(fake_report g1 xvdb flushes)" "$more"
guest_do g1 'dmesg | grep -i "xvdb.*flush\|flush.*xvdb\|empty write.*failed"'
guest_do g1 'sum=$(sha256sum </mnt/b/data) && umount /mnt/b && echo 3 >/proc/sys/vm/drop_caches &&
	e2fsck -fn /dev/xvdb >/dev/null 2>&1 && mount -t ext4 /dev/xvdb /mnt/b && [[ $(sha256sum </mnt/b/data) == "$sum" ]] && umount /mnt/b'
fake_nodes_remove g1 xvdb
wait_until 20 guest_lacks_disk g1 xvdb || fail "the disk stays"
fake_quit g1 xvdb
guest_shutdown g1
pass
