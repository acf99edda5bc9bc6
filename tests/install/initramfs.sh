# shellcheck shell=bash
# What the makers of an initramfs take from us, in the root directory that load.sh has filled.

# What dracut takes from us: every driver of these that the kernel has, because dracut-install
# stops at the first that is not there, and because by itself it takes xen:vbd for our alias. That
# kernel's xen_netfront is gone since no_driver_at_all_is_said. Users have no sbin in PATH.
case_dracut_takes_ours()
{
	dracut_takes() # RELEASE
	{
		# shellcheck disable=SC2317 # the file calls it
		modinfo() { command modinfo -b "$root" "$@"; }
		local kernel=$1 add_drivers='' install_items='' PATH=/usr/bin:/bin
		. "$root/usr/lib/dracut/dracut.conf.d/pvguest.conf"
		[ "$PATH" = /usr/bin:/bin ] || fail "PATH is now $PATH" || return
		xargs <<<"$add_drivers $install_items"
	}
	local ours other
	ours=$(dracut_takes "$release") && other=$(dracut_takes "$foreign") || return
	local files="/usr/lib/pvguest/pvguest-load /usr/lib/udev/rules.d/60-pvguest-disk.rules"
	[ "$ours" = "pvfront pvblk pvnet xen_blkfront xen_netfront $files" ] ||
		fail "for $release dracut takes '$ours'" || return
	[ "$other" = "xen_blkfront $files" ] || fail "for $foreign dracut takes '$other'"
}

# A hook that fails ends mkinitramfs, and with it the installation of a kernel. The root directory has
# our pvguest-load and our rule, this machine has none.
case_hook_of_initramfs_tools_breaks_nothing()
{
	local to=$work/initramfs said=$work/hook.said module
	hook() # SED-SCRIPT [RELEASE]
	{
		sed "$1" packaging/initramfs-tools/hooks/pvguest >"$work/hook" &&
			MODPROBE_OPTIONS="-d $root" DESTDIR=$to version=${2:-$foreign} verbose=n sh "$work/hook" 2>"$said"
	}
	local ours="s|/usr/lib/pvguest/|$root&|; s|/usr/lib/udev/|$root&|"
	rm -rf "$to" && mkdir -p "$to" || return
	hook "$ours" || fail "status $? with all there is: $(<"$said")" || return
	[ -x "$to$root/usr/lib/pvguest/pvguest-load" ] || fail "no pvguest-load in the initramfs" || return
	[ -e "$to$root/usr/lib/udev/rules.d/60-pvguest-disk.rules" ] || fail "no rule in the initramfs" || return
	hook "$ours" || fail "status $? with pvguest-load in it already: $(<"$said")" || return
	! grep -q 'in this initramfs' "$said" || fail "said of what is there: $(<"$said")" || return
	hook "$ours" "$release" || fail "status $? with our modules: $(<"$said")" || return
	for module in pvfront pvblk pvnet xen-blkfront; do
		[ -n "$(find "$to" -name "$module.ko*")" ] || fail "no $module in the initramfs" || return
	done
	hook 's|/usr/lib/pvguest/|/nonexistent/|; s|/usr/lib/udev/|/nonexistent/|' || fail "status $? without pvguest-load: $(<"$said")" || return
	grep -q '^W: pvguest: no /nonexistent/pvguest-load; ' "$said" || fail "said: $(<"$said")" || return
	grep -q '^W: pvguest: no /nonexistent/rules.d/.*by-id' "$said" || fail "said: $(<"$said")"
}

all+=" hook_of_initramfs_tools_breaks_nothing dracut_takes_ours"
