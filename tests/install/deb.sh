# shellcheck shell=bash
# What `make deb` builds: what is in the packages, and what they do to a machine.

no_debhelper() { ! command -v dh_dkms >/dev/null && echo "no debhelper; scripts/setup --all installs it"; }

# The version after, which is as long: modules have it put in the place of ours.
next=9${version#?}

# a_tree DIR VERSION: what scripts/deb needs of this tree, as if it were of that version
a_tree()
{
	rm -rf "$1" && mkdir -p "$1/scripts" && cp scripts/{deb,install,supported} "$1/scripts" &&
		cp -r COPYING Kbuild dkms.conf include packaging man "$1" && echo "$2" >"$1/VERSION" &&
		find drivers \( -name '*.[chS]' -o -name '*.def' -o -name Kbuild \) ! -name '*.mod.c' -exec cp --parents {} "$1" \;
}

# What `make image` leaves, as far as packing goes.
a_kernel_image() # DIR RELEASE
{
	local to=$1/lib/modules/$2
	rm -rf "$1" && mkdir -p "$to/updates" "$to/kernel" && touch "$1"/{vmlinuz,System.map,config} &&
		cp "/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$to" && touch "$to/modules.dep" &&
		find "/lib/modules/$release" \( -name 'xen-blkfront.ko*' -o -name 'xen-netfront.ko*' \) -exec cp -t "$to/kernel" {} + &&
		ln -s "$1" "$to/build" && cp drivers/*/*.ko "$to/updates"
}

case_debs_are_built()
{
	! no_debhelper || return 4
	rm -rf build/deb "$work/debs" && mkdir -p "$work/debs"/{0,1,image} && scripts/deb --all &&
		mv build/deb/*_all.deb "$work/debs/0" &&
		a_tree "$work/debs/next" "$next" && "$work/debs/next/scripts/deb" --all &&
		mv "$work/debs/next/build/deb"/*_all.deb "$work/debs/1" &&
		a_kernel_image "$work/debs/built" 6.1.0-none-pv &&
		PV_IMAGE=$work/debs/built "$work/debs/next/scripts/deb" --image &&
		mv "$work/debs/next/build/deb/linux-image-6.1.0-none-pv_${next}_amd64.deb" "$work/debs/image" || return
	refuses "unknown option '-x'; expected" scripts/deb -x &&
		refuses "PV_IMAGE='.*/nonexistent' has no vmlinuz" env PV_IMAGE=/nonexistent scripts/deb --image
}

# What is not of our files is the changelog's, the copyright's and lintian's.
packed() # PACKAGE-FILE
{
	dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's/^\.//' | grep -vE '/$|^/usr/share/(doc|lintian)/' | sed 's/\(\/man\/.*\)\.gz$/\1/' | sort
}

case_debs_have_what_install_puts()
{
	local root=$work/debs/put sources=/usr/src/pvguest-$version kernel=6.1.0-none-pv
	! no_debhelper || return 4
	rm -rf "$root" && DESTDIR=$root scripts/install files && scripts/install sources "$root/sources" || return
	diff <(cd "$root" && find usr ! -type d | sed 's/^/\//' | sort) <(packed "$work"/debs/0/pvguest-common_*.deb) || return
	diff <(cd "$root/sources" && find . ! -type d ! -name COPYING | sed "s|^\.|$sources|" | sort) \
		<(packed "$work"/debs/0/pvguest-dkms_*.deb) || return
	diff - <(packed "$work"/debs/image/*.deb) <<-END
		/boot/System.map-$kernel
		/boot/config-$kernel
		/boot/vmlinuz-$kernel
		/usr/lib/modules/$kernel/kernel/xen-blkfront.ko
		/usr/lib/modules/$kernel/kernel/xen-netfront.ko
		/usr/lib/modules/$kernel/modules.builtin
		/usr/lib/modules/$kernel/modules.builtin.modinfo
		/usr/lib/modules/$kernel/modules.order
		/usr/lib/modules/$kernel/updates/pvblk.ko
		/usr/lib/modules/$kernel/updates/pvcon.ko
		/usr/lib/modules/$kernel/updates/pvfront.ko
		/usr/lib/modules/$kernel/updates/pvnet.ko
	END
}

case_lintian_finds_nothing()
{
	local found
	command -v lintian >/dev/null || { echo "no lintian; scripts/setup --all installs it"; return 4; }
	found=$(lintian --allow-root --display-info "$work"/debs/{0,image}/*.deb 2>&1 | grep -v '^running with root')
	[ -z "$found" ] || fail "$found"
}

case_debs_through_their_life()
{
	! no_debhelper || return 4
	[ "$(id -u)" -eq 0 ] || { echo "dpkg needs root"; return 4; }
	tests/install/deb-life.sh "$release" "$work/debs" "$next"
}

# Minutes, and packages that nothing else needs: of `make soak`.
long+=" debs_are_built debs_have_what_install_puts lintian_finds_nothing debs_through_their_life"
