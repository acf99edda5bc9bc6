#!/bin/bash
# After `make install` the root disk and an interface are found by ours, from the RAM disk that
# Debian's mkinitramfs makes then, by its udev, and the disk by the serial that the host gives it;
# with pvguest=off by the in-tree drivers.
# runs: test
# needs: installed
# timeout: 300

[[ $LAB_DRIVERS == ours ]] || skip "nothing of ours is installed"
ramdisk=$(extra installed)
cp "$ramdisk" /run/images/installed.cpio

le32()	# NUMBER
{
	local shift
	for shift in 0 8 16 24; do
		printf '%b' "\\0$(printf %o $(($1 >> shift & 255)))"
	done
}

# A disk of one partition, behind 2048 sectors, which is the root file system.
disk=$(disk_path root)
dd if=/lab/in/guest.ext4 of="$disk" bs=1M seek=1 conv=sparse 2>/dev/null
truncate -s "$(($(stat -c %s /lab/in/guest.ext4) + (1 << 20)))" "$disk"
{ printf '\0\0\0\0\203\0\0\0' && le32 2048 && le32 $(($(stat -c %s /lab/in/guest.ext4) / 512)); } |
	dd of="$disk" bs=1 seek=446 conv=notrunc 2>/dev/null
printf '\125\252' | dd of="$disk" bs=1 seek=510 conv=notrunc 2>/dev/null

# Its own init would load what it finds by alias: nothing is left to it.
mkdir -p /mnt/root
mount -t ext4 -o loop,offset=$((1 << 20)) "$disk" /mnt/root
printf '#!/bin/sh\nexport PATH=/usr/sbin:/usr/bin HOME=/root\nexec guestd /dev/hvc0\n' >/mnt/root/sbin/only-guestd
chmod 755 /mnt/root/sbin/only-guestd
umount /mnt/root

# How a host without XenServer's storage manager gives disks a serial; this one means to get out of
# the directory of links.
cat >/run/block-serial <<'END'
#!/bin/sh
[ "$1" != add ] || xenstore-write "$XENBUS_PATH/serial" "../../root 1"
exec /etc/xen/scripts/block "$@"
END
chmod 755 /run/block-serial
link=/dev/disk/by-id/xen-.._.._root_1

# boot WORD...: start the guest with these words on its command line
boot()
{
	guest_start g1 memory=384 'ramdisk="/run/images/installed.cpio"' \
		"$(disk_line "script=/run/block-serial,$(disk_spec root xvda)")" \
		"$(net_line 2)" "cmdline=rw init=/sbin/only-guestd $*"
	wait_until 30 guest_run g1 'ls -d /sys/class/net/e*' >/dev/null || fail "no interface appeared"
}

# expect_drivers DISK NETWORK LOG: who has the devices, and what the kernel log says of it, sorted:
# udev loads both at once, and gives an interface the name that it likes.
expect_drivers()
{
	expect "root" "$(guest_do g1 'readlink -f "$(awk "\$2 == \"/\" { print \$1 }" /proc/mounts)"')" /dev/xvda1
	expect "driver of the root disk" \
		"$(guest_do g1 'basename "$(readlink /sys/block/xvda/device/driver/module)"')" "$1"
	expect "driver of the interface" \
		"$(guest_do g1 'basename "$(readlink /sys/class/net/e*/device/driver/module)"')" "$2"
	expect "kernel log" "$(guest_do g1 "dmesg | sed -n 's/^\\[[^]]*\\] pvguest: //p' | sort")" "$3"
}

boot root=$link-part1
expect_drivers pvblk pvnet ""
expect "link to the disk" "$(guest_do g1 "readlink -f $link")" /dev/xvda
expect "serial that lsblk shows" "$(guest_do g1 'lsblk -dno SERIAL /dev/xvda')" .._.._root_1
guest_do g1 'echo kept >/root/written && sync'
guest_shutdown g1

boot root=/dev/xvda1 pvguest=off
expect_drivers xen_blkfront xen_netfront "pvguest=off: loading xen_blkfront instead
pvguest=off: loading xen_netfront instead"
expect "file written through pvblk" "$(guest_do g1 'cat /root/written')" kept
guest_shutdown g1
pass
