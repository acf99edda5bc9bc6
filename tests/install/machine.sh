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

# The programs. A machine's file "full" has dracut run out of space, "fails" names the kernels whose
# initramfs cannot be made, and "headers" are what DKMS builds with.
# shellcheck disable=SC2317 # they run as programs, which have the variable machine
{
fake_udevadm() { :; }
fake_uname() { echo 6.6.0-none-amd64; }
fake_update-initramfs() { [ ! -e "$machine/fails" ] || ! grep -qxF "$3" "$machine/fails"; }
fake_dkms()
{
	[ "$1" != install ] || set -- "$@" --kernelsourcedir "$machine/headers"
	PATH=$machine/bin:/usr/sbin:/sbin:/usr/bin:/bin /usr/sbin/dkms "$@" --dkmstree "$machine/dkms" \
		--sourcetree "$machine/usr/src" --installtree "$machine/lib/modules" --no-depmod
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

# expect_run LINE...: what the machine has run, beside udevadm and uname
expect_run()
{
	local run
	run=$(grep -vE '^(udevadm|uname) ' "$work/machine/said")
	[ "$run" = "$(printf '%s\n' "$@")" ] || fail "run: $run" || return
	: >"$work/machine/said"
}

# One kernel's initramfs that cannot be made keeps no other from being made. Each has our pvguest.conf.
case_a_failed_initramfs_is_one_of_many()
{
	local machine=$work/machine action
	fill_machine update-initramfs
	echo "$release" >"$machine/fails"
	for action in modules remove; do
		refuses "all is done but what failed above, for: $release;" on_machine scripts/install $action &&
			expect_run "update-initramfs -u -k $release" "update-initramfs -u -k $foreign" || fail "$action" || return
	done
	[ ! -e "$machine/usr/lib/pvguest" ] || fail "/usr/lib/pvguest is left"
}

# Our modules are for one kernel. It is said which have lost theirs, and which one to boot.
case_install_is_for_one_kernel()
{
	local machine=$work/machine said
	fill_machine update-initramfs uname
	install -D -t "$machine/lib/modules/$foreign/updates/pvguest" drivers/pvblk/pvblk.ko &&
		said=$(on_machine scripts/install modules) || return
	grep -q "^taken from: $foreign;" <<<"$said" && grep -q "next boot of $release: $foreign runs" <<<"$said" ||
		fail "said: $said" || return
	[ ! -e "$machine/lib/modules/$foreign/updates" ] || fail "$foreign still has ours" || return
	said=$(on_machine scripts/install modules) || return
	! grep -q "^taken from" <<<"$said" || fail "said again: $said"
}

case_install_wants_the_kernel_itself()
{
	local machine=$work/machine action
	fill_machine dkms
	rm "$machine/lib/modules/$release/modules.order"
	for action in modules dkms; do
		refuses "kernel $release is not installed here: install linux-image-$release, or" on_machine scripts/install $action &&
			[ -z "$(find "$machine/usr" "$machine/lib" -path '*pv*')" ] || fail "$action wrote" || return
	done
}

# fill_headers RECIPE: headers that make our modules by that
fill_headers()
{
	mkdir -p "$work/machine"/{dkms,headers/include} && echo CONFIG_XEN_XENBUS_FRONTEND=y >"$work/machine/headers/.config" &&
		printf 'modules:\n\t%s\nclean:\n' "$1" >"$work/machine/headers/Makefile"
}

# Modules that DKMS has and cannot build fail the installation of every kernel's package.
case_a_failed_dkms_is_undone()
{
	local machine=$work/machine
	! no_root || return 4
	fill_machine dkms update-initramfs
	fill_headers "@echo broken; false"
	install -D -t "$machine/lib/modules/$foreign/updates/pvguest" drivers/pvblk/pvblk.ko || return
	refuses "dkms install failed for $release, .*make modules" on_machine "${as_root[@]}" scripts/install dkms || return
	[ -z "$(find "$machine"/{usr/src,dkms} -path '*pvguest*')" ] || fail "left: $(find "$machine"/{usr/src,dkms})" || return
	[ -z "$(on_machine "${as_root[@]}" dkms status)" ] || fail "DKMS still has it" || return
	grep -q "^update-initramfs .*$foreign" "$machine/said" || fail "$foreign has ours in its initramfs"
}

# Headers that come after their kernel: the initramfs gets what DKMS builds then. What scripts/install
# does itself DKMS does not do before.
case_dkms_makes_the_initramfs()
{
	local machine=$work/machine
	! no_root || return 4
	fill_machine dkms update-initramfs
	fill_headers "cd $PWD && cp --parents drivers/*/*.ko \$(M)"
	on_machine "${as_root[@]}" scripts/install dkms || return
	grep -v dkms "$machine/said" >"$work/said" && mv "$work/said" "$machine/said" &&
		expect_run "update-initramfs -u -k $release" "update-initramfs -u -k $foreign" || return
	on_machine "${as_root[@]}" dkms uninstall "pvguest/$version" -k "$release" && depmod -b "$machine" "$release" &&
		: >"$machine/said" && on_machine "${as_root[@]}" dkms install "pvguest/$version" -k "$release" &&
		expect_run "dkms install pvguest/$version -k $release" "update-initramfs -u -k $release" || return
	grep -q '^updates/dkms/pvblk.ko' "$machine/lib/modules/$release/modules.dep" || fail "made before depmod"
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

all+=" uninstall_leaves_nothing a_failed_dracut_leaves_the_old a_failed_initramfs_is_one_of_many
	install_is_for_one_kernel install_wants_the_kernel_itself a_failed_dkms_is_undone dkms_makes_the_initramfs
	uninstall_after_dkms_remove uninstall_without_dkms"
