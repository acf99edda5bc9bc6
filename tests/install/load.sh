# shellcheck shell=bash
# Which driver a device's alias loads, of ours and the kernel's own, in a root directory with
# what `make install` puts there.

# A root directory with the kernel's own front ends beside ours, and another kernel in it.
fill_root()
{
	local from=/lib/modules/$release to
	rm -rf "$root"
	for to in "$root/lib/modules"/{"$release","$foreign"}; do
		mkdir -p "$to/kernel"
		cp "$from"/modules.{order,builtin,builtin.modinfo} "$to"
		cp "$from"/kernel/drivers/{block/xen-blkfront,net/xen-netfront}.ko "$to/kernel"
		depmod -b "$root" "${to##*/}"
	done
}

# loads RELEASE NAME: the modules that loading NAME inserts in the root directory. Lines
# "install" are carried out as modprobe does it, by /bin/sh, with the root directory's
# pvguest-load, whose guest has $work/guest for a command line, a kernel log and /sys. shell: what
# runs it in place of /bin/sh; busybox's would take its own modprobe before any of PATH.
loads()
{
	local kind what bin=$work/bin
	mkdir -p "$bin"
	# shellcheck disable=SC2016 # is for the program made here
	printf '#!/bin/sh\nexec %s -d "%s" -C "%s" -C "%s" -S "%s" --show-depends "$@"\n' \
		"$(command -v modprobe)" "$root" "$root/etc/modprobe.d" "$root/usr/lib/modprobe.d" "$1" >"$bin/modprobe"
	[ ! -e "$root/usr/lib/pvguest/pvguest-load" ] ||
		sed "1s|/bin/sh|${shell:-/bin/sh}|; s|modprobe -q|$bin/&|; s|/proc/cmdline|$work/guest/cmdline|; s|>/dev/kmsg|>>$work/guest/kmsg|; s|/sys/module|$work/guest/sys|" \
			"$root/usr/lib/pvguest/pvguest-load" >"$bin/pvguest-load"
	chmod 755 "$bin"/*
	"$bin/modprobe" "$2" | while read -r kind what; do
		[ "$kind" != install ] || { PATH=$bin:$PATH sh -c "${what//"/usr/lib/pvguest/"}"; continue; }
		echo "$kind $what"
	done | sed -n 's|^insmod .*/\(.*\)\.ko[.a-z]* *$|\1|p' | paste -sd ' '
}

# guest WORD...: what `loads` takes for the guest; its kernel's command line is these words
guest()
{
	rm -rf "$work/guest"
	mkdir -p "$work/guest/sys"
	echo "root=/dev/xvda1 $* ro" >"$work/guest/cmdline"
	: >"$work/guest/kmsg"
}

expect_loads() # RELEASE NAME MODULES
{
	local got
	got=$(loads "$1" "$2")
	[ "$got" = "$3" ] || fail "$2 loads '$got' on $1, expected '$3'"
}

expect_log() # LINES: the guest's kernel log since `guest`
{
	local got
	got=$(<"$work/guest/kmsg")
	[ "$got" = "$1" ] || fail "the kernel log has '$got', expected '$1'"
}

case_install_gives_devices_to_ours()
{
	fill_root
	make -s install DESTDIR="$root" || return
	guest
	expect_loads "$release" xen:vbd "pvfront pvblk" &&
		expect_loads "$release" block-major-202-0 "pvfront pvblk" &&
		expect_loads "$release" xen:vif "pvfront pvnet" &&
		expect_loads "$release" xen_blkfront "xen-blkfront" &&
		expect_log "" &&
		[ -x "$root/usr/lib/udev/pvguest-console" ] &&
		[ -x "$root/usr/share/initramfs-tools/hooks/pvguest" ] && manual_is_found
}

manual_is_found()
{
	local page
	for page in man/*; do
		[ -f "$root/usr/share/man/man${page##*.}/${page#*/}" ] || fail "no $page" || return
	done
}

# What is installed for one kernel, or refused by it, takes no other kernel's devices away.
# The second disk of a guest is no news.
case_other_kernels_keep_theirs()
{
	guest
	expect_loads "$foreign" xen:vbd "xen-blkfront" &&
		mkdir "$work/guest/sys/xen_blkfront" &&
		expect_loads "$foreign" block-major-202-0 "xen-blkfront" &&
		expect_loads "$foreign" xen:vif "xen-netfront" &&
		expect_log "pvguest: pvblk cannot be loaded: loading xen_blkfront instead
pvguest: pvnet cannot be loaded: loading xen_netfront instead"
}

case_no_driver_at_all_is_said()
{
	guest
	mv "$root/lib/modules/$foreign/kernel/xen-netfront.ko" "$work" && depmod -b "$root" "$foreign" &&
		expect_loads "$foreign" xen:vif "" &&
		expect_log "pvguest: pvnet cannot be loaded: loading xen_netfront instead
pvguest: xen_netfront cannot be loaded; no driver for this device"
}

case_a_parameter_keeps_ours_away()
{
	local words
	for words in pvguest=off 'pvguest=on pvguest=off'; do
		guest "$words"
		expect_loads "$release" xen:vbd "xen-blkfront" &&
			expect_loads "$release" xen:vif "xen-netfront" &&
			expect_log "pvguest: pvguest=off: loading xen_blkfront instead
pvguest: pvguest=off: loading xen_netfront instead" || return
	done
	for words in nopvguest=off 'pvguest=off pvguest=on'; do
		guest "$words"
		expect_loads "$release" xen:vbd "pvfront pvblk" && expect_log "" || return
	done
	guest pvguest=no
	expect_loads "$release" xen:vbd "pvfront pvblk" &&
		expect_log "pvguest: pvguest='no' on the kernel's command line is no word of ours; expected off, or on; taken as on"
}

# The kernel takes words between blanks of any kind, and quoted ones: what is between quotes is one word,
# or a part of one. The shells are those that an initramfs may have.
case_every_shell_reads_the_command_line()
{
	local shell words shells=0
	for shell in /bin/sh "/bin/busybox sh" /usr/lib/klibc/bin/sh; do
		[ -x "${shell% sh}" ] || continue
		shells=$((shells + 1))
		for words in pvguest=off $'x\tpvguest=off\ty' '"pvguest=off"' 'pvguest="off"' '* pvguest=on pvguest=off' \
			'a="b c" pvguest=off "d e=f"' 'pvguest=off a="pvguest=on b"'; do
			guest "$words"
			expect_loads "$release" xen:vbd "xen-blkfront" &&
				expect_log "pvguest: pvguest=off: loading xen_blkfront instead" ||
				fail "$shell, '$words'" || return
		done
		# No newline; a quote that nothing ends.
		for words in 'ro pvguest=off' 'ro "pvguest=off'; do
			guest
			printf %s "$words" >"$work/guest/cmdline"
			expect_loads "$release" xen:vbd "xen-blkfront" || fail "$shell, '$words' ends it" || return
		done
		for words in '' nopvguest=off 'a="b pvguest=off c"' '"a=b pvguest=off"' 'a="b pvguest=off' pvguest='*'; do
			guest "$words"
			expect_loads "$release" xen:vbd "pvfront pvblk" || fail "$shell, '$words'" || return
		done
		[[ $(<"$work/guest/kmsg") == "pvguest: pvguest='*' on the kernel's"* ]] ||
			fail "$shell: $(<"$work/guest/kmsg")" || return
		# No /proc.
		rm "$work/guest/cmdline"
		: >"$work/guest/kmsg"
		expect_loads "$release" xen:vbd "pvfront pvblk" && expect_log "" &&
			expect_loads "$foreign" xen:vbd "xen-blkfront" &&
			expect_log "pvguest: pvblk cannot be loaded: loading xen_blkfront instead" ||
			fail "$shell, no command line" || return
	done
	[ $shells -ge 2 ] || fail "no shells to try it with"
}

# An initramfs made by something that knows neither of our hooks.
case_no_helper_no_matter()
{
	guest
	mv "$root/usr/lib/pvguest/pvguest-load" "$work/pvguest-load" && rm -f "$work/bin/pvguest-load"
	expect_loads "$release" xen:vbd "xen-blkfront" &&
		expect_loads "$release" xen:vif "xen-netfront" &&
		mv "$work/pvguest-load" "$root/usr/lib/pvguest/pvguest-load"
}

# The way back that pvguest.conf names: its lines in a file of /etc.
case_way_back_with_ours_installed()
{
	local etc=$root/etc/modprobe.d
	guest
	mkdir -p "$etc" && sed -n 's/^#	alias/alias/p' packaging/modprobe.d/pvguest.conf >"$etc/pvguest.conf"
	expect_loads "$release" xen:vbd "xen-blkfront" &&
		expect_loads "$release" block-major-202-0 "xen-blkfront" &&
		expect_loads "$release" xen:vif "xen-netfront" &&
		expect_log "" && rm -r "${root:?}/etc"
}

all+=" install_gives_devices_to_ours other_kernels_keep_theirs no_driver_at_all_is_said
	a_parameter_keeps_ours_away every_shell_reads_the_command_line no_helper_no_matter
	way_back_with_ours_installed"
