# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Disks: files in dom0's memory, served by xen-blkback through loop devices.

DISKS=/disks

# The module under test, as modprobe knows it.
BLK_MODULE=pvblk BLK_DRIVER=pvblk
[[ $LAB_DRIVERS == ours ]] || BLK_MODULE=xen_blkfront BLK_DRIVER=vbd

# disk_create NAME MB: an empty disk
disk_create()
{
	[[ ! -e $DISKS/$1 ]] || lab_error "disk $1 exists"
	truncate -s "${2}M" "$DISKS/$1" || lab_error "no room for disk $1"
}

disk_path()	{ echo "$DISKS/$1"; }

# disk_spec NAME VDEV [ACCESS]: a disk in xl's words; target has to come last
disk_spec()
{
	echo "format=raw,backendtype=phy,vdev=$2,access=${3:-w},target=$DISKS/$1"
}

# disk_line SPEC...: the configuration line for these disks
disk_line()
{
	local list=''
	while (($#)); do
		list+="'$1', "
		shift
	done
	echo "disk = [ ${list%, } ]"
}

# devices_outlive GUEST SECONDS: disks and interfaces that come from now on wait so long for another
# backend, where the driver can
devices_outlive()
{
	[[ $LAB_DRIVERS == intree ]] ||
		guest_do "$1" "for module in pvblk pvnet; do
		modprobe \$module; echo $2 >/sys/module/\$module/parameters/ctrl_loss_tmo; done"
}

# disk_attach GUEST NAME VDEV [ACCESS]
disk_attach()
{
	xl block-attach "$1" "$(disk_spec "$2" "$3" "${4:-w}")" \
		>>"$CASE_DIR/$1.xl.log" 2>&1
}

# disk_detach GUEST VDEV
disk_detach()
{
	xl block-detach "$1" "$2" >>"$CASE_DIR/$1.xl.log" 2>&1
}

# backend_sha256 NAME [MB]: of the backing file, or its first part
backend_sha256()
{
	if [[ -n ${2:-} ]]; then
		head -c "${2}M" "$DISKS/$1" | sha256sum | cut -d' ' -f1
	else
		sha256sum "$DISKS/$1" | cut -d' ' -f1
	fi
}

# disk_mount NAME: dom0's own view of a disk no guest uses any more, read only
disk_mount()
{
	mkdir -p "/mnt/$1"
	mount -t ext4 -o ro,loop "$DISKS/$1" "/mnt/$1" || fail "dom0 cannot mount disk $1"
	echo "/mnt/$1"
}

disk_umount()	{ umount "/mnt/$1"; }

# guest_has_disk GUEST DEV: the guest's device node is there
guest_has_disk()	{ guest_run "$1" "[[ -b /dev/$2 ]]"; }
guest_lacks_disk()	{ guest_run "$1" "[[ ! -e /dev/$2 ]]"; }

# disk_wait GUEST DEV...
disk_wait()
{
	local guest=$1 dev
	shift
	for dev; do
		wait_until 30 guest_has_disk "$guest" "$dev" ||
			fail "guest $guest: /dev/$dev did not appear"
	done
}
