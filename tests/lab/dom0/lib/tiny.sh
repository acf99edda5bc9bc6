# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Guests of one script and busybox, which need no driver and little memory: they report on
# their console and end.

# tiny_initrd SCRIPT: make /run/images/tiny.cpio, whose init runs SCRIPT in busybox's shell,
# which has all of busybox's commands, with proc, sys and dev mounted, then powers the guest off
tiny_initrd()
{
	local dir=/run/tiny-initrd
	rm -rf $dir
	mkdir -p $dir/{bin,proc,sys,dev}
	cp /bin/busybox $dir/bin/
	cat >$dir/init <<-END
		#!/bin/busybox sh
		/bin/busybox mount -t proc proc /proc
		mount -t sysfs sys /sys
		mount -t devtmpfs dev /dev 2>/dev/null
		exec >/dev/hvc0 2>&1
		report()	{ echo "tiny-report \$*"; }
		$1
		report end
		poweroff -f
	END
	chmod 755 $dir/init
	(cd $dir && find . | cpio -o -H newc 2>/dev/null) | gzip -1 >/run/images/tiny.cpio
}

# tiny_run NAME [LINE...]: start such a guest, wait until it has reported and powered off
tiny_run()
{
	local name=$1
	guest_config "$name" 'ramdisk="/run/images/tiny.cpio"' "${@:2}"
	guest_launch "$name"
	guest_ended "$name" poweroff
	tiny_said "$name" | grep -qx end || fail "guest $name ended before its report did; its console is guest-$name.log"
}

# tiny_said NAME [WORD]: what followed `report`, or `report WORD`, in its script
tiny_said()
{
	sed -n "s/^tiny-report ${2:+$2 }\\(.*[^\\r]\\)\\r*\$/\\1/p" "/lab/out/console/guest-$1.log"
}
