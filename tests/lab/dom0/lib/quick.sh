# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Devices whose hotplug script does what one needs and no more: Xen's own take turns at a
# lock, and xl kills one that has waited for 10 s. For cases with many devices, or with
# ones that come and go under load.

mkdir -p /run/quick
cat >/run/quick/block <<'END'
#!/bin/sh
[ "$1" = add ] || exit 0
dev=$(xenstore-read "$XENBUS_PATH/params")
xenstore-write "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$dev")" \
	"$XENBUS_PATH/physical-device-path" "$dev" "$XENBUS_PATH/hotplug-status" connected
END
cat >/run/quick/vif <<'END'
#!/bin/sh
case $1 in add | online) ;; *) exit 0 ;; esac
ip link set "$vif" master xenbr0 && ip link set "$vif" up &&
	xenstore-write "$XENBUS_PATH/hotplug-status" connected
END
chmod 755 /run/quick/*

# quick_disk NAME VDEV: in xl's words, on a loop device; quick_end takes that away
quick_disk()
{
	echo "format=raw,backendtype=phy,vdev=$2,script=/run/quick/block,target=$(losetup -f --show "$(disk_path "$1")")"
}

# quick_vif N: in xl's words
quick_vif()	{ echo "mac=$(net_mac "$1"),script=/run/quick/vif"; }

# quick_vif_attach GUEST N: each option is a word here; xl drops what follows a comma.
quick_vif_attach()
{
	local options
	IFS=, read -ra options <<<"$(quick_vif "$2")"
	xl network-attach "$1" "${options[@]}" >>"$CASE_DIR/$1.xl.log" 2>&1
}

# When the guests are gone.
quick_end()	{ losetup -D; }
