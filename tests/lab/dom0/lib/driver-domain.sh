# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Driver domains: PV guests that serve other guests, as dom0 does, on Debian's kernel
# ("# needs: domd"). No daemon of the toolstack runs in them: dom0 does the part of the
# hotplug scripts, by writing into their xenstore directories. They are guests, so that
# guest_do, guest_destroy and the others take their names too. Consoles are served by
# dom0 only: xenconsoled and QEMU run there.

# driver_domain NAME [LINE...]: start one that serves /dev/ram0, of 32 MB; LINEs as for
# guest_start. A disk of its own is served as /dev/xvda.
driver_domain()
{
	local name=$1
	shift
	[[ -e /run/images/domd.cpio ]] ||
		cp "$(extra domd)" /run/images/domd.cpio || lab_error "no room for the driver domain's RAM disk"
	guest_start "$name" 'type="pv"' driver_domain=1 memory=192 "kernel=\"$(extra domd-kernel)\"" \
		'ramdisk="/run/images/domd.cpio"' "$@"
	guest_do "$name" 'modprobe -a xen-blkback xen-netback xenfs && modprobe brd rd_nr=1 rd_size=32768'
}

# domd_backend NAME GUEST TYPE ID: the directory of its back end for a device of the guest
domd_backend()
{
	echo "/local/domain/$(guest_domid "$1")/backend/$3/$(guest_domid "$2")/$4"
}

# domd_disk_attach NAME GUEST VDEV [DEVICE]: the guest gets DEVICE, else /dev/ram0, of it
domd_disk_attach()
{
	local back numbers dev=${4:-/dev/ram0} xl
	back=$(domd_backend "$1" "$2" vbd "$(vdev_id "$3")")
	numbers=$(guest_do "$1" "stat -c %t:%T $dev")
	xl block-attach "$2" "format=raw,backendtype=phy,backend=$1,vdev=$3,target=$dev" \
		>>"$CASE_DIR/$2.xl.log" 2>&1 &
	xl=$!
	wait_until 20 xs_exists "$back/frontend-id" || fail "xl block-attach wrote nothing for driver domain $1"
	xenstore-write "$back/physical-device" "$numbers" "$back/physical-device-path" "$dev" \
		"$back/hotplug-status" connected
	wait $xl || fail "xl block-attach of driver domain $1: $(tail -n 1 "$CASE_DIR/$2.xl.log")"
}

# domd_disk_move NAME GUEST VDEV DEVICE: the guest's disk is DEVICE of this driver domain from
# now on, in the nodes that it has: as a toolstack does that does not remove them
domd_disk_move()
{
	local back front numbers
	back=$(domd_backend "$1" "$2" vbd "$(vdev_id "$3")")
	front=$(frontend_path "$2" vbd "$(vdev_id "$3")")
	numbers=$(guest_do "$1" "stat -c %t:%T $4")
	# Before the back end is there: one that cannot read its frontend is passed over for good.
	xenstore-chmod -r "$front" "n$(guest_domid "$2")" "r$(guest_domid "$1")"
	xenstore-write "$back/frontend" "$front" "$back/frontend-id" "$(guest_domid "$2")" \
		"$back/online" 1 "$back/mode" w "$back/params" "$4" "$back/type" phy "$back/dev" "$3" \
		"$back/physical-device" "$numbers" "$back/physical-device-path" "$4" \
		"$back/hotplug-status" connected
	xenstore-chmod -r "$back" "n$(guest_domid "$1")" "r$(guest_domid "$2")"
	# At once: to a new back end no frontend may look connected, by keys that are for another's.
	xenstore-write "$back/state" 1 "$front/state" 1 \
		"$front/backend" "$back" "$front/backend-id" "$(guest_domid "$1")"
}

# domd_net_attach NAME GUEST DEVID N: the guest gets a vif whose other end, in it, has the
# address 10.N.0.1/24 and is vifDOMID.DEVID
domd_net_attach()
{
	local back xl vif
	back=$(domd_backend "$1" "$2" vif "$3")
	vif=vif$(guest_domid "$2").$3
	xl network-attach "$2" "backend=$1" "mac=$(net_mac "$4")" bridge=none \
		>>"$CASE_DIR/$2.xl.log" 2>&1 &
	xl=$!
	wait_until 20 xs_exists "$back/frontend-id" || fail "xl network-attach wrote nothing for driver domain $1"
	guest_do "$1" "until [[ -e /sys/class/net/$vif ]]; do sleep 0.1; done
		ip addr add 10.$4.0.1/24 dev $vif && ip link set $vif up" 20
	xs_write "$back/hotplug-status" connected
	wait $xl || fail "xl network-attach of driver domain $1: $(tail -n 1 "$CASE_DIR/$2.xl.log")"
}

# domd_forget GUEST TYPE ID: what the toolstack still has of a device of the guest whose
# driver domain is gone; without it xl does not attach another of that number
domd_forget()
{
	local domid
	domid=$(guest_domid "$1")
	xenstore-rm "/local/domain/$domid/device/$2/$3" "/libxl/$domid/device/$2/$3"
}
