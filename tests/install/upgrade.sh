# shellcheck shell=bash
# What a user's machine goes through: `make dkms-install` beside one of Debian's newer kernels, the
# upgrade to a kernel that we are not for, by the programs that its package runs, and `make
# uninstall`. The machine is this one with a layer over its /usr; DKMS's directory, /boot and /run are
# its own.

layer=$work/upgrade

upgraded() # COMMAND...
{
	# shellcheck disable=SC2016 # is for the shell started here
	"${as_root[@]}" unshare -m bash -c 'layer=$1; shift
		mount -t overlay -o "lowerdir=/usr,upperdir=$layer/usr,workdir=$layer/work" none /usr &&
		mount --bind "$layer/dkms" /var/lib/dkms && mount --bind "$layer/boot" /boot &&
		mount -t tmpfs none /run || exit 99
		exec "$@"' - "$layer" "$@"
}

# Directories that are written to are the layer's: a user's namespace may not write to others.
fill_layer()
{
	rm -rf "$layer"
	mkdir -p "$layer"/{work,dkms,boot} "$layer/usr"/{src,share/initramfs-tools/hooks,share/man/man7,share/man/man8} \
		"$layer/usr/lib"/{modules,modprobe.d,dracut/dracut.conf.d,udev/rules.d}
	ln -s usr/lib "$layer/lib"
	upgraded true 2>/dev/null || { echo "no layer over /usr is to be had"; return 4; }
}

# a_kernel RELEASE MODULES BUILD: a kernel of the layer, with the in-tree drivers that are in MODULES
a_kernel()
{
	local to=$layer/usr/lib/modules/$1
	mkdir -p "$to/kernel" && cp "$2"/modules.{order,builtin,builtin.modinfo} "$to" &&
		find "$2" \( -name 'xen-blkfront.ko*' -o -name 'xen-netfront.ko*' \) -exec cp -t "$to/kernel" {} + &&
		ln -s "$3" "$to/build" && depmod -b "$layer" "$1"
}

# The first kernel of scripts/supported that is not $release: $newer, its modules, its headers.
newer_kernel()
{
	local kernel image headers said=$layer/said rc=0
	kernel=$(awk -v r="$release" '$1 == "kernel" && index(r, $2 ".") != 1 { print $2; exit }' scripts/supported)
	headers=$(scripts/fetch-kernel headers "$kernel" 2>"$said") &&
		image=$(scripts/fetch-kernel image "$kernel" 2>"$said") || rc=$?
	[ $rc -ne 3 ] || { tail -n 1 "$said"; return 4; }
	[ $rc -eq 0 ] || fail "$(<"$said")" || return
	newer=$(<"$image/release")
	a_kernel "$newer" "$image/lib/modules/$newer" "$headers"
}

layer_loads() # RELEASE DISKS NETWORK
{
	guest
	root=$layer expect_loads "$1" xen:vbd "$2" && root=$layer expect_loads "$1" xen:vif "$3"
}

# Its headers are there, and would build anything.
unsupported_kernel()
{
	local headers=$layer/usr/src/linux-headers-$foreign
	mkdir -p "$headers/include"
	echo CONFIG_XEN_XENBUS_FRONTEND=y >"$headers/.config"
	printf 'all modules:\n\t@echo built >%s/built\n' "$layer" >"$headers/Makefile"
	a_kernel "$foreign" "/lib/modules/$release" "/usr/src/linux-headers-$foreign"
}

case_dkms_through_an_upgrade()
{
	local newer left
	! no_root || return 4
	fill_layer && newer_kernel || return
	layer_loads "$newer" xen-blkfront xen-netfront || return
	KDIR=/lib/modules/$newer/build upgraded scripts/install dkms || return
	layer_loads "$newer" "pvfront pvblk" "pvfront pvnet" && expect_log "" || return

	unsupported_kernel || return
	upgraded /etc/kernel/header_postinst.d/dkms "$foreign" && upgraded /etc/kernel/postinst.d/dkms "$foreign" ||
		fail "what the package of $foreign runs has failed" || return
	[ ! -e "$layer/built" ] || fail "a build for $foreign was tried" || return
	layer_loads "$foreign" xen-blkfront xen-netfront &&
		expect_log "pvguest: pvblk cannot be loaded: loading xen_blkfront instead
pvguest: pvnet cannot be loaded: loading xen_netfront instead" || return
	layer_loads "$newer" "pvfront pvblk" "pvfront pvnet" || return

	upgraded scripts/install remove || return
	layer_loads "$newer" xen-blkfront xen-netfront && layer_loads "$foreign" xen-blkfront xen-netfront &&
		expect_log "" || return
	left=$(find "$layer"/{usr,dkms} ! -type d ! -type c \( -path '*pvguest*' -o -name 'pv*.ko*' \))
	[ -z "$left" ] || fail "left behind: $left"
}

all+=" dkms_through_an_upgrade"
