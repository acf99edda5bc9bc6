#!/bin/bash
# deb-life.sh RELEASE DIR NEXT: a machine with the kernel RELEASE has our packages installed, upgraded
# to version NEXT, removed and purged. The machine is this one with a layer in memory over it, gone at
# the end. DIR has the packages: 0/ pvguest-common and -dkms, 1/ these of NEXT, image/ that of a kernel.
# Prints what is wrong, and ends with 1 then; with 4, and why, where no layer is to be had.
set -u
release=$1 dir=$(realpath "$2") next=$3 top=$PWD version=$(<VERSION)
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive

fail() { echo "$*"; exit 1; }

enter_layer()
{
	local layer=/mnt
	if ! mount -t tmpfs none $layer || ! mkdir $layer/{upper,work,root} ||
		! mount -t overlay -o lowerdir=/,upperdir=$layer/upper,workdir=$layer/work none $layer/root ||
		! mount --rbind /dev $layer/root/dev || ! mount -t proc none $layer/root/proc ||
		! mount -t tmpfs none $layer/root/run || ! mkdir -p "$layer/root$top" ||
		! mount --rbind "$top" "$layer/root$top"; then
		echo "no layer over / is to be had"
		exit 4
	fi
	# shellcheck disable=SC2016 # is for the shell started here
	exec chroot $layer/root /bin/bash -c 'cd "$1" && shift && IN_LAYER=1 exec "$@"' - "$top" "$0" "$release" "$dir" "$next"
}

if [ -z "${IN_NAMESPACE:-}" ]; then
	IN_NAMESPACE=1 exec unshare -m "$0" "$@"
elif [ -z "${IN_LAYER:-}" ]; then
	enter_layer
fi

# ---- the machine ----

# Its maker of an initramfs notes which kernel's it makes, and which modules of ours that has.
said=/run/said
fill_machine()
{
	dpkg-divert --quiet --local --rename --add /usr/sbin/update-initramfs >/dev/null 2>&1
	# shellcheck disable=SC2016 # is for the program made here
	printf '%s\n' '#!/bin/sh' 'while [ $# -gt 1 ]; do [ "$1" != -k ] || release=$2; shift; done' \
		"echo \$release \$(modinfo -k \$release -F version pvblk 2>/dev/null || echo none) >>$said" >/usr/sbin/update-initramfs
	chmod 755 /usr/sbin/update-initramfs
	fill_modules
	rm -f /boot/initrd.img-* && : >"/boot/initrd.img-$release"
	fill_headers
	before=$(files)
	: >$said
}

# One kernel, with the drivers that are of interest.
fill_modules()
{
	local from=/lib/modules/$release to=/run/modules/$release
	mkdir -p "$to/kernel" && cp "$from"/modules.{order,builtin,builtin.modinfo} "$to" &&
		find "$from" \( -name 'xen-blkfront.ko*' -o -name 'xen-netfront.ko*' \) -exec cp -t "$to/kernel" {} + &&
		mount --bind /run/modules /usr/lib/modules && depmod "$release"
}

# DKMS builds with headers that take our modules as they are; dkms.sh and upgrade.sh have it compile.
fill_headers()
{
	local build=/usr/src/headers-of-deb-life
	# shellcheck disable=SC2016 # is make's
	mkdir -p "$build/include" && ln -s "$build" "/lib/modules/$release/build" &&
		echo CONFIG_XEN_XENBUS_FRONTEND=y >"$build/.config" &&
		printf 'modules:\n\tcd %s && cp --parents drivers/*/*.ko $(M)\n\tsed -i "s/version=%s/version=$$(cat $(M)/VERSION)/" $(M)/drivers/*/*.ko\nclean:\n' \
			"$top" "$version" >"$build/Makefile"
}

# What may have something of ours.
files() { find /usr/lib /usr/share /usr/src /usr/sbin /boot /etc /var/lib/dkms ! -type d ! -path '/etc/ld.so.cache' ! -name 'modules.*' 2>/dev/null | sort; }

apt() { dpkg --force-unsafe-io --no-triggers "$@" >/run/log 2>&1; }

done_by() { [ "$1" -eq 0 ] || { tail -n 20 /run/log; fail "$2: status $1"; }; }

# expect_driver VERSION|none: the disks are for pvblk of that version, or for the kernel's own driver
expect_driver()
{
	local first version
	first=$(modprobe -S "$release" --show-depends xen:vbd | awk 'NR == 1 { print $1, $2, $3 }')
	version=$(modinfo -k "$release" -F version pvblk 2>/dev/null || echo none)
	[ "$version" = "$1" ] || fail "$2: pvblk is $version, expected $1"
	case $1 in
	none)	[[ $first == "insmod "*/xen-blkfront.ko* ]] || fail "$2: xen:vbd is '$first', expected xen-blkfront" ;;
	*)	[ "$first" = "install /usr/lib/pvguest/pvguest-load pvblk" ] || fail "$2: xen:vbd is '$first', expected pvguest-load" ;;
	esac
}

# expect_initramfs LINE...: what was made since the last time, the same twice counted once
expect_initramfs() # WHEN LINE...
{
	local when=$1 got
	shift
	got=$(uniq $said | paste -sd ,)
	[ "$got" = "$(printf '%s\n' "$@" | paste -sd ,)" ] || fail "$when: an initramfs was made of '$got', expected '$*'"
	: >$said
}

# ---- its life ----

refuses_beside_make_install()
{
	mkdir -p /usr/lib/pvguest && touch /usr/lib/pvguest/pvguest-load
	! apt -i "$dir"/0/*.deb || fail "installed over what make install has put in place"
	grep -q 'run make uninstall' /run/log || fail "it did not say why: $(</run/log)"
	rm -r /usr/lib/pvguest
	apt --purge pvguest-common pvguest-dkms
	: >$said
}

installs()
{
	local out
	apt -i "$dir"/0/*.deb
	done_by $? "the installation"
	expect_driver "$version" "installed"
	expect_initramfs "installed" "$release $version"
	for action in modules dkms remove; do
		! out=$(scripts/install $action 2>&1) || fail "make install's $action went over the packages"
		[[ $out == *"the package pvguest-common has these files"* ]] || fail "make install's $action said: $out"
	done
	expect_driver "$version" "after make uninstall"
}

upgrades()
{
	apt -i "$dir"/1/*.deb
	done_by $? "the upgrade"
	expect_driver "$next" "upgraded"
	expect_initramfs "upgraded" "$release $next"
	[ "$(echo /usr/src/pvguest-*)" = "/usr/src/pvguest-$next" ] || fail "sources: $(echo /usr/src/pvguest-*)"
}

# Without DKMS's modules the files that are common find the kernel's own driver; load.sh has shown that.
loses_its_modules()
{
	apt --remove pvguest-dkms
	done_by $? "the removal of pvguest-dkms"
	! modinfo -k "$release" pvblk >/dev/null 2>&1 || fail "pvblk is left"
	expect_initramfs "without modules" "$release none"
}

# A kernel of ours, without headers for DKMS: its initramfs comes and goes with it.
has_an_image()
{
	local own
	own=$(dpkg-deb -f "$dir"/image/*.deb Package)
	apt -i "$dir"/image/*.deb
	done_by $? "the installation of $own"
	own=${own#linux-image-}
	ls "/boot/vmlinuz-$own" "/boot/System.map-$own" "/boot/config-$own" >/dev/null || fail "no kernel $own in /boot"
	[ "$(modinfo -k "$own" -F version pvblk)" = "$version" ] || fail "no pvblk for $own"
	[ ! -e /etc/kernel/postinst.d/initramfs-tools ] || expect_initramfs "the image" "$own $version"
	apt --purge "linux-image-$own"
	done_by $? "the removal of linux-image-$own"
	[ -z "$(ls -d {/boot/*,/lib/modules/}"$own" 2>/dev/null)" ] || fail "left of the image: $(ls -d {/boot/*,/lib/modules/}"$own" 2>/dev/null)"
	: >$said
}

is_purged()
{
	local left
	apt --purge pvguest-common pvguest-dkms
	done_by $? "the purge"
	expect_driver none "purged"
	expect_initramfs "purged" "$release none"
	left=$(diff <(echo "$before") <(files) | grep '^[<>]')
	[ -z "$left" ] || fail "not as it was: $left"
}

fill_machine
refuses_beside_make_install
installs
upgrades
has_an_image
loses_its_modules
is_purged
