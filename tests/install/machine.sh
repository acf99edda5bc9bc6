# shellcheck shell=bash
# Removing from load.sh's root directory; and installing on and removing from a machine that is a
# directory, with what else it may have: an initramfs, its maker, remains of DKMS.

case_uninstall_leaves_nothing()
{
	local left
	make -s uninstall DESTDIR="$root" || return
	left=$(cd "$root" && find . ! -type d -path '*pv*')
	[ -z "$left" ] || fail "left behind: $left" || return
	mkdir -p "$root/usr/lib/modprobe.d"
	expect_loads "$release" xen:vbd "xen-blkfront" && expect_loads "$release" xen:vif "xen-netfront"
}

# A machine in $work/machine, with the kernels $release and $foreign, their initramfs and programs
# that say in $work/machine/said what they were run with. PROGRAMs are those of `on_machine`'s
# that come along.
fill_machine() # PROGRAM...
{
	local machine=$work/machine to program
	rm -rf "$machine"
	mkdir -p "$machine"/{bin,boot,usr/src}
	for to in "$machine/lib/modules"/{"$release","$foreign"}; do
		mkdir -p "$to"
		cp "/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$to"
		echo old >"$machine/boot/initrd.img-${to##*/}"
	done
	# The machine has no initramfs maker but the one of the case: no sbin in its PATH.
	ln -s "$(command -v modinfo)" "$(command -v depmod)" "$machine/bin"
	for program in udevadm "$@"; do
		declare -f "fake_$program" >"$machine/bin/$program"
		sed -i "1i#!/bin/bash\nmachine=$machine" "$machine/bin/$program"
		printf '%s\n' "echo $program \"\$*\" >>$machine/said" "fake_$program \"\$@\"" >>"$machine/bin/$program"
		chmod 755 "$machine/bin/$program"
	done
	: >"$machine/said"
}

# The programs. A machine's file "full" has dracut run out of space.
# shellcheck disable=SC2317 # they run as programs, which have the variable machine
{
fake_udevadm() { :; }
fake_update-initramfs() { :; }
fake_dkms()
{
	PATH=/usr/sbin:/sbin:/usr/bin:/bin dkms "$@" --dkmstree "$machine/dkms" --sourcetree "$machine/usr/src" --no-depmod
}
fake_dracut()
{
	local image=${*: -2:1}
	echo new >"$image"
	[ ! -e "$machine/full" ] || { rm -f "$image"; return 1; }
}
}

on_machine() # COMMAND...
{
	PV_TEST_MACHINE=$work/machine KDIR=$(scripts/kdir) PATH=$work/machine/bin:/usr/bin:/bin "$@"
}

# A /boot that is full leaves the initramfs of before.
case_a_failed_dracut_leaves_the_old()
{
	local image=$work/machine/boot/initrd.img-$release
	fill_machine dracut
	on_machine scripts/install modules || return
	[ "$(<"$image")" = new ] || fail "the initramfs was not made anew" || return
	echo old >"$image"
	touch "$work/machine/full"
	refuses "dracut failed for $release" on_machine scripts/install modules || return
	[ "$(cat "$image")" = old ] || fail "the initramfs is lost" || return
	[ ! -e "$image.new" ] || fail "half an initramfs is left behind" || return
	refuses "/initrd.img-$release is as it was" on_machine scripts/install modules
}

# What was removed from DKMS by hand has left its sources.
case_uninstall_after_dkms_remove()
{
	! no_root || return 4
	fill_machine dkms update-initramfs
	mkdir "$work/machine/dkms"
	scripts/install sources "$work/machine/usr/src/pvguest-$version" &&
		on_machine "${as_root[@]}" dkms add "pvguest/$version" &&
		on_machine "${as_root[@]}" dkms remove "pvguest/$version" --all &&
		on_machine "${as_root[@]}" scripts/install remove || return
	[ -z "$(ls "$work/machine/usr/src")" ] || fail "the sources are left" || return
	scripts/install sources "$work/machine/usr/src/pvguest-$version" &&
		on_machine "${as_root[@]}" dkms add "pvguest/$version" &&
		on_machine "${as_root[@]}" scripts/install remove || return
	[ -z "$(find "$work/machine"/{usr/src,dkms} -name "pvguest*")" ] || fail "DKMS still has it"
}

# The package dkms is gone, what it built is not. Every initramfs had our pvguest.conf.
case_uninstall_without_dkms()
{
	local machine=$work/machine dkms left said
	fill_machine update-initramfs
	dkms=$machine/lib/modules/$release/updates/dkms
	mkdir "$machine/usr/src/pvguest-0.0.9"
	install -D -t "$dkms" drivers/{pvfront,pvblk,pvnet,pvcon}/*.ko && touch "$dkms/other" &&
		echo old >"$machine/boot/initrd.img-5.0.0-gone" &&
		on_machine scripts/install remove || return
	left=$(cd "$machine" && echo lib/modules/*/updates/*/* usr/src/*)
	[ "$left" = "lib/modules/$release/updates/dkms/other usr/src/*" ] || fail "left: $left" || return
	said=$(grep -v udevadm "$machine/said")
	[ "$said" = "$(printf 'update-initramfs -u -k %s\n' "$release" "$foreign" | sort)" ] || fail "run: $said"
}

all+=" uninstall_leaves_nothing a_failed_dracut_leaves_the_old uninstall_after_dkms_remove uninstall_without_dkms"
