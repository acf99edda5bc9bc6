#!/bin/bash
# After `make install` the root disk and an interface are found by ours, from the RAM disk that
# Debian's mkinitramfs makes then, by its udev; with pvguest=off by the in-tree drivers.
# runs: test
# needs: installed
# timeout: 300

[[ $LAB_DRIVERS == ours ]] || skip "nothing of ours is installed"
ramdisk=$(extra installed)
cp "$ramdisk" /run/images/installed.cpio

# The root file system's own init would load what it finds by alias: nothing is left to it.
cp --sparse=always /lab/in/guest.ext4 "$(disk_path root)"
mkdir -p /mnt/root
mount -t ext4 -o loop "$(disk_path root)" /mnt/root
printf '#!/bin/sh\nexport PATH=/usr/sbin:/usr/bin HOME=/root\nexec guestd /dev/hvc0\n' >/mnt/root/sbin/only-guestd
chmod 755 /mnt/root/sbin/only-guestd
umount /mnt/root

# boot WORD...: start the guest with these words on its command line
boot()
{
	guest_start g1 memory=384 'ramdisk="/run/images/installed.cpio"' "$(disk_line "$(disk_spec root xvda)")" \
		"$(net_line 2)" "cmdline=root=/dev/xvda rw init=/sbin/only-guestd $*"
	wait_until 30 guest_run g1 'ls -d /sys/class/net/e*' >/dev/null || fail "no interface appeared"
}

# expect_drivers DISK NETWORK LOG: who has the devices, and what the kernel log says of it, sorted:
# udev loads both at once, and gives an interface the name that it likes.
expect_drivers()
{
	expect "root" "$(guest_do g1 'awk "\$2 == \"/\" { print \$1 }" /proc/mounts')" /dev/xvda
	expect "driver of the root disk" \
		"$(guest_do g1 'basename "$(readlink /sys/block/xvda/device/driver/module)"')" "$1"
	expect "driver of the interface" \
		"$(guest_do g1 'basename "$(readlink /sys/class/net/e*/device/driver/module)"')" "$2"
	expect "kernel log" "$(guest_do g1 "dmesg | sed -n 's/^\\[[^]]*\\] pvguest: //p' | sort")" "$3"
}

boot
expect_drivers pvblk pvnet ""
guest_do g1 'echo kept >/root/written && sync'
guest_shutdown g1

boot pvguest=off
expect_drivers xen_blkfront xen_netfront "pvguest=off: loading xen_blkfront instead
pvguest=off: loading xen_netfront instead"
expect "file written through pvblk" "$(guest_do g1 'cat /root/written')" kept
guest_shutdown g1
pass
