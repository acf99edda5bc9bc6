# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# What only some cases need ("# needs: userland", "# needs: stress", "# needs: domd", "# needs:
# installed"; kselftests.sh has more): built when one of them runs, cached as the other images are.

# An extra that cannot be built is not the end of the run. Its cases get to know
# why and end with ERROR.
build_extra() # NAME FILE BUILD-FUNCTION
{
	local log=$CACHE/$1.log
	if ! (cached_image "$2" "$3") >"$log" 2>&1; then
		EXTRA_WHY[$1]="cannot build $(basename "$2"): $(grep -vE '^$|^tests/lab/run: building ' "$log" | tail -n 1)"
	else
		EXTRA_FILE[$1]=$2
	fi
}

extra_wanted() # NAME
{
	local file
	[[ -z $SHELL_WANTED ]] || return 0
	for file in "${CASE_FILES[@]}"; do
		! case_needs "$file" "$1" || return 0
	done
	return 1
}

# A Debian whose kernel and modules come from the guest's RAM disk.
build_userland() # WORK FILE
{
	set -e
	"$LAB/images/userland.sh" "$1/t"
	build_agent guestd "$1/t/usr/local/sbin/guestd"
	mke2fs -q -t ext4 -F -L pvdebian -d "$1/t" "$2.new" 384M
	mv "$2.new" "$2"
}

# Unpacked over the guests' own RAM disk, which stays small without it.
build_stress() # WORK FILE
{
	set -e
	tree_start "$1/t"
	tree_binary "$1/t" /usr/bin/stress-ng
	pack_cpio "$1/t" "$2"
}

# The RAM disk of driver domains.
build_domd() # WORK FILE
{
	set -e
	tree_start "$1/t"
	tree_from_list "$1/t" "$LAB/images/domd.list"
	tree_busybox "$1/t"
	list_modules "$LAB/images/domd.list" | tree_modules "$1/t" "$DOM0_VERSION"
	depmod -b "$1/t" "$DOM0_VERSION"
	build_agent guestd "$1/t/usr/sbin/guestd"
	install -m 755 "$LAB/guest/init" "$1/t/init"
	install -m 755 "$LAB/guest/hotplug" "$LAB/guest/poweroff" "$1/t/usr/sbin/"
	pack_cpio "$1/t" "$2"
}

# What Debian's mkinitramfs makes here after `make install`: that is done in a directory, which
# a mount namespace has on top of /usr. Unpacked, which dom0 and the guest would take longer for.
build_installed() # WORK FILE
{
	local t=$1/t conf=$1/conf share=(unshare -m)
	((!EUID)) || share=(unshare -rm)
	mkdir -p "$t/usr/lib" "$conf"/{hooks,scripts} && ln -s usr/lib "$t/lib" &&
		printf '%s\n' ext4 crc32c-intel xen-blkfront xen-netfront | tree_modules "$t" "$GUEST_VERSION" &&
		DESTDIR=$t "$TOP/scripts/install" modules || return
	echo ext4 >"$conf/modules"
	printf '%s\n' MODULES=list BUSYBOX=auto KEYMAP=n COMPRESS=gzip RESUME=none >"$conf/initramfs.conf"
	"${share[@]}" sh -ec 'mount -t overlay overlay -o lowerdir="$1/usr:/usr" /usr
		TMPDIR=$2 mkinitramfs -d "$3" -o "$4" "$5"' sh "$t" "$1" "$conf" "$1/initrd" "$GUEST_VERSION" &&
		gzip -dc "$1/initrd" >"$2.new" && mv "$2.new" "$2"
}

# Sets EXTRA_FILE[NAME], or EXTRA_WHY[NAME] where that failed.
build_extras()
{
	local hash cache_lock
	declare -gA EXTRA_FILE=() EXTRA_WHY=()
	exec {cache_lock}>"$CACHE/lock-extras"
	flock "$cache_lock"
	if extra_wanted userland; then
		hash=$(content_hash "$("$LAB/images/userland.sh" --sources)" -- \
			"$LAB/images/userland.sh" "$LAB"/agent/*.[ch])
		build_extra userland "$CACHE/userland-$hash.ext4" build_userland
	fi
	if extra_wanted stress; then
		hash=$(content_hash -- /usr/bin/stress-ng "$LAB/host/extras.sh")
		build_extra stress "$CACHE/stress-$hash.cpio" build_stress
	fi
	if extra_wanted domd; then
		# shellcheck disable=SC2046 # our lists hold no spaces
		hash=$(content_hash "$DOM0_VERSION" -- $(list_files "$LAB/images/domd.list") \
			"$HOST_ROOT/lib/modules/$DOM0_VERSION/modules.dep" "$LAB/images/domd.list" \
			"$LAB"/agent/*.[ch] "$LAB"/guest/* "$LAB"/host/{images,extras}.sh)
		build_extra domd "$CACHE/domd-$hash.cpio" build_domd
		EXTRA_FILE[domd-kernel]=$DOM0_VMLINUX
	fi
	if extra_wanted installed; then
		# shellcheck disable=SC2046 # our lists hold no spaces
		hash=$(content_hash "$GUEST_VERSION" -- $(our_modules) "/lib/modules/$GUEST_VERSION/modules.dep" \
			"$TOP/packaging" "$TOP/scripts/install" /usr/share/initramfs-tools /usr/sbin/mkinitramfs \
			"$LAB"/host/{images,extras}.sh)
		build_extra installed "$CACHE/installed-$hash.cpio" build_installed
	fi
	! extra_wanted kselftests || kselftests_extra
	exec {cache_lock}>&-
}

link_extras() # DIR
{
	local name
	for name in "${!EXTRA_FILE[@]}"; do
		ln "${EXTRA_FILE[$name]}" "$1/$name" 2>/dev/null ||
			cp --sparse=always "${EXTRA_FILE[$name]}" "$1/$name"
	done
	for name in "${!EXTRA_WHY[@]}"; do
		echo "${EXTRA_WHY[$name]}" >"$1/$name.why"
	done
}
