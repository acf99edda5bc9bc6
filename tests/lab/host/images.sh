# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# The RAM disks of dom0 and the guests, made from what is installed here.  Each
# is named after a hash of all it is made from, so it is made once per content.

CACHE=${PV_CACHE:-$TOP/build/lab/cache}

# What the host's tree is made of is under HOST_ROOT, see host.sh: FROM, when that is in the making.
FROM=

# One root file system tree in the making.
tree_start() # DIR
{
	mkdir -p "$1"/{dev,proc,sys,run,tmp,mnt,root,etc,var/lib,usr/bin,usr/sbin,usr/lib64}
	mkdir -p "$1/usr/lib/x86_64-linux-gnu"
	ln -s usr/bin usr/sbin usr/lib usr/lib64 "$1"
	ln -s ../run "$1/var/run"
	ln -s /proc/mounts "$1/etc/mtab"
	printf 'root:x:0:0:root:/root:/bin/bash\n' >"$1/etc/passwd"
	printf 'root:x:0:\n' >"$1/etc/group"
	printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
}

tree_file() # DIR PATH
{
	# Names under /bin, /lib and so on follow the links made above.
	mkdir -p "$1$(dirname "$2")"
	cp -a --dereference "$FROM$2" "$1$2"
}

# The libraries of a program, by their paths.
libraries() # PATH [STUBS]
{
	if [[ -n $FROM ]]; then
		host_libraries "$1"
	else
		LD_LIBRARY_PATH=${2:-} ldd "$1" 2>/dev/null | grep -o '/[^ ]*'
	fi
}

# DIR.stubs, where it exists, holds libraries to be taken instead of the real.
tree_binary() # DIR PATH
{
	local lib
	tree_file "$1" "$2"
	for lib in $(libraries "$2" "$1.stubs"); do
		if [[ $lib == "$1.stubs"/* ]]; then
			cp "$lib" "$1/usr/lib/x86_64-linux-gnu/"
		elif [[ ! -e $1$lib ]]; then
			tree_file "$1" "$lib"
		fi
	done
}

# The root directory under which the modules of a kernel are installed: the host's, beside
# the kernel where `make image` puts them, or this machine's.
modules_root() # VERSION
{
	local beside
	if [[ $1 == "$DOM0_VERSION" && -n $HOST_ROOT ]]; then
		echo "$HOST_ROOT"
		return
	fi
	beside=$(dirname "${KERNEL:-/none/none}")
	if [[ -d $beside/lib/modules/$1 ]]; then
		echo "$beside"
	fi
}

# Module names on stdin; adds them and what they need. A kernel that was built
# here has no more of them than it was configured for.
tree_modules() # DIR VERSION
{
	local name path root
	root=$(modules_root "$2")
	local from=$root/lib/modules/$2 to=$1/lib/modules/$2
	mkdir -p "$to"
	cp "$from"/modules.{builtin,order} "$from"/modules.builtin.modinfo "$to"
	while read -r name; do
		[[ -z $root ]] || modinfo -b "$root" -k "$2" -F filename "$name" >/dev/null 2>&1 || continue
		modprobe ${root:+-d "$root"} --show-depends -S "$2" -- "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | sort -u | while read -r path; do
		path=${path#"$root"}
		[[ -e $1$path ]] || (mkdir -p "$1$(dirname "$path")" && cp "$root$path" "$1$path")
	done
}

# What the Python in a program needs to start, if there is one in it.
tree_python() # DIR PATH
{
	local version lib part
	version=$(ldd "$2" | sed -n 's/^[[:space:]]*\(libpython3\.[0-9]*\).*/\1/p')
	[[ -n $version ]] || return 0
	lib=/usr/lib/${version#lib}
	[[ -d $lib/encodings ]] ||
		die_usage "$lib: not there, but $2 needs it; install lib${version#lib}-minimal"
	for part in "$lib"/{*.py,__pycache__,collections,encodings,importlib,re}; do
		tree_file "$1" "$part"
	done
}

# A module of one source file, for the guest's kernel.
tree_kmod() # DIR PATH SOURCE
{
	local build=$1.kmod from name
	from=$(modules_root "$GUEST_VERSION")/lib/modules/$GUEST_VERSION/build
	name=$(basename "$3" .c)
	mkdir -p "$build" "$1$(dirname "$2")"
	cp "$3" "$build"
	echo "obj-m := $name.o" >"$build/Makefile"
	make -s --no-print-directory -C "$from" "M=$build" modules >&2
	cp "$build/$name.ko" "$1$2"
}

# Fills DIR as LIST says, except its modules.
tree_from_list() # DIR LIST
{
	local kind a b
	local XEN=$XEN_DIR
	while read -r kind a b; do
		a=${a//\$XEN/$XEN} b=${b//\$XEN/$XEN} a=${a/\$IPXE/$IPXE_DIR}
		case $kind in
		''|\#*|module)	;;
		bin)		tree_binary "$1" "$a" ;;
		file)		tree_file "$1" "$a" ;;
		link)		mkdir -p "$1$(dirname "$a")"; ln -sf "$b" "$1$a" ;;
		python)		tree_python "$1" "$a" ;;
		prog)		gcc -g -O1 -Wall -Wextra -Werror -static -pthread -o "$1$a" "$LAB/$b" ;;
		kmod)		tree_kmod "$1" "$a" "$LAB/$b" ;;
		*)		die_usage "$2: $kind: not one of bin, file, link, module, python, prog, kmod" ;;
		esac
	done <"$2"
}

# Everything that is not there is busybox.
tree_busybox() # DIR
{
	local a
	for a in $("${FROM:+$FROM/bin/}busybox" --list); do
		[[ -e $1/usr/bin/$a || -e $1/usr/sbin/$a ]] ||
			ln -s /bin/busybox "$1/usr/bin/$a"
	done
}

list_modules() # LIST
{
	awk '$1 == "module" { print $2 }' "$1"
}

# Hash of the names, sizes and times of files and of the words given.
content_hash() # [WORD...] -- FILE...
{
	local words=('')
	while [[ $1 != -- ]]; do
		words+=("$1")
		shift
	done
	shift
	{
		printf '%s\n' "${words[@]}"
		find -L "$@" -type f -printf '%p %s %T@\n' | sort
	} | sha256sum | cut -c 1-16
}

list_files() # LIST
{
	awk -v xen="$XEN_DIR" -v ipxe="$IPXE_DIR" -v lab="$LAB" -v from="$FROM" '$1 == "bin" || $1 == "file" {
		sub(/\$XEN/, xen, $2); sub(/\$IPXE/, ipxe, $2); print from $2 }
		$1 == "prog" || $1 == "kmod" { print lab "/" $3 }' "$1"
}

pack_cpio() # DIR FILE
{
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --null --quiet -o -H newc -R 0:0) >"$2.new"
	mv "$2.new" "$2"
}

build_agent() # NAME FILE
{
	gcc -O2 -Wall -Wextra -Werror -static -o "$2" \
		"$LAB/agent/$1.c" "$LAB/agent/frame.c" -lresolv
}

# A tool for dom0 that speaks to Xen, with the libraries that xl has too.
build_tool() # NAME DIR
{
	host_gcc -o "$2/usr/bin/$1" "$LAB/agent/$1.c" -lxenctrl
}

# The back end that can misbehave.
build_backend() # DIR
{
	host_gcc -o "$1/usr/bin/pv-backend" "$LAB"/backend/*.c -lxengnttab -lxenevtchn -lxenstore
}

# Builds into a scratch directory; BUILD DIR FILE leaves FILE there.  An image
# that exists already is only marked as used.
cached_image() # FILE BUILD-FUNCTION
{
	local work
	if [[ -e $1 ]]; then
		touch -c "$1"
		return
	fi
	echo "building $(basename "$1")"
	find "$CACHE" -maxdepth 1 -type f -mtime +7 -delete
	work=$(mktemp -d "$CACHE/work.XXXXXX")
	if ! "$2" "$work" "$1"; then
		rm -rf "$work"
		echo "tests/lab/run: building $1 failed" >&2
		exit 3
	fi
	rm -rf "$work"
}

le() # FILE OFFSET BYTES: a little-endian number
{
	od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# The kernel inside a bzImage.  Xen and xl would unpack it at every boot, which
# takes many seconds in emulation.
build_vmlinux() # WORK FILE
{
	local offset length unpack
	[[ $(dd if="$KERNEL_IN" bs=1 skip=514 count=4 status=none) == HdrS ]] || {
		cp "$KERNEL_IN" "$2"
		return
	}
	offset=$((($(le "$KERNEL_IN" 497 1) + 1) * 512 + $(le "$KERNEL_IN" 584 4)))
	length=$(le "$KERNEL_IN" 588 4)
	# The last four bytes are the unpacked size, not part of the stream.
	tail -c "+$((offset + 1))" "$KERNEL_IN" | head -c "$((length - 4))" >"$1/packed"
	case $(od -An -v -t x1 -N 4 "$1/packed" | tr -d ' ') in
	1f8b*)		unpack=gzip ;;
	fd377a58)	unpack=xz ;;
	28b52ffd)	unpack=zstd ;;
	02214c18)	unpack=lz4 ;;
	*)		cp "$KERNEL_IN" "$2"; return ;;
	esac
	command -v "$unpack" >/dev/null ||
		die_usage "$KERNEL_IN: packed with $unpack, which is not installed (package ${unpack/%xz/xz-utils})"
	"$unpack" -dc <"$1/packed" >"$1/vmlinux" && mv "$1/vmlinux" "$2"
}

# Prints the file the unpacked kernel is in.
unpacked_kernel() # FILE
{
	local KERNEL_IN=$1 out
	out=$CACHE/vmlinux-$(content_hash -- "$1")
	cached_image "$out" build_vmlinux >&2
	echo "$out"
}

build_dom0() # WORK FILE
{
	local FROM=$HOST_ROOT
	set -e
	tree_start "$1/t"
	tree_from_list "$1/t" "$LAB/images/dom0.list"
	tree_busybox "$1/t"
	list_modules "$LAB/images/dom0.list" | tree_modules "$1/t" "$DOM0_VERSION"
	depmod -b "$1/t" "$DOM0_VERSION"
	mkdir -p "$1/t/var/lib/xen" "$1/t/var/log/xen" "$1/t/lab"
	build_agent guestctl "$1/t/usr/bin/guestctl"
	# Called for its status, a function goes on after what fails.
	build_tool evloss "$1/t" && build_tool memmap "$1/t" && build_backend "$1/t" || return
	install -m 755 "$LAB/dom0/init" "$1/t/init"
	pack_cpio "$1/t" "$2"
}

our_modules()
{
	local dir
	dir=$(modules_root "$GUEST_VERSION")
	dir=${dir:+$dir/lib/modules/$GUEST_VERSION/updates}
	find "${dir:-$TOP/drivers}" -name '*.ko' 2>/dev/null | sort
}

# Whether our drivers are in the guest's kernel itself.
drivers_built_in()	{ kernel_config | grep -qx CONFIG_PV_FRONTENDS=y; }

# Adds the drivers under test: ours or the in-tree ones, never both.
tree_drivers() # DIR
{
	local ko
	if [[ $DRIVERS == intree ]]; then
		printf '%s\n' xen-blkfront xen-netfront |
			tree_modules "$1" "$GUEST_VERSION"
		return
	fi
	install -D -m 755 "$TOP/packaging/udev/pvguest-console" \
		"$1/usr/sbin/pvguest-console"
	mkdir -p "$1/lib/modules/$GUEST_VERSION/updates"
	for ko in $(our_modules); do
		cp "$ko" "$1/lib/modules/$GUEST_VERSION/updates"
	done
}

# Packed, so that guests of all the other cases pay little for them.
tree_selftests() # DIR
{
	make -s --no-print-directory -C "$TOP/tests/selftests" gen_tar \
		"O=$1.selftests" "INSTALL_PATH=$1.selftests/install" &&
		cp "$1.selftests/install/kselftest-packages/kselftest.tar.gz" "$1/usr/lib/"
}

build_guest_tree() # DIR
{
	tree_start "$1"
	"$LAB/images/fio-stubs.sh" "$1.stubs" >/dev/null
	tree_from_list "$1" "$LAB/images/guest.list"
	tree_busybox "$1"
	if [[ -d $(modules_root "$GUEST_VERSION")/lib/modules/$GUEST_VERSION ]]; then
		list_modules "$LAB/images/guest.list" |
			tree_modules "$1" "$GUEST_VERSION"
	fi
	tree_drivers "$1"
	tree_selftests "$1"
	depmod -b "$1" "$GUEST_VERSION"
	build_agent guestd "$1/usr/sbin/guestd"
	build_agent netdevs "$1/usr/bin/netdevs"
	install -m 755 "$LAB/guest/init" "$1/init"
	ln -s ../../init "$1/usr/sbin/init"
	install -m 755 "$LAB/guest/hotplug" "$LAB/guest/poweroff" "$1/usr/sbin/"
}

build_guest() # WORK FILE
{
	set -e
	build_guest_tree "$1/t"
	pack_cpio "$1/t" "$2"
	# The same as a disk, for a guest whose root file system is one.
	touch "$1/t/etc/on-disk"
	mke2fs -q -t ext4 -F -L pvroot -E root_owner=0:0 -d "$1/t" "$2.ext4.new" 192M >/dev/null 2>&1
	mv "$2.ext4.new" "$2.ext4"
}

check_drivers()
{
	local ko
	if [[ $DRIVERS == intree ]]; then
		[[ -d $(modules_root "$GUEST_VERSION")/lib/modules/$GUEST_VERSION ]] ||
			die_usage "--drivers intree: no /lib/modules/$GUEST_VERSION"
		! drivers_built_in ||
			die_usage "--drivers intree: $GUEST_KERNEL has ours built in"
		return
	fi
	! drivers_built_in || return 0
	[[ -n $(our_modules) ]] ||
		die_usage "--drivers ours: no modules in $TOP/drivers; build them with: make modules"
	for ko in $(our_modules); do
		[[ $(modinfo -F vermagic "$ko") == "$GUEST_VERSION "* ]] ||
			die_usage "$ko: built for $(modinfo -F vermagic "$ko" | cut -d' ' -f1), the guest's kernel is $GUEST_VERSION; build it with: make modules"
	done
}

# What a case adds to the guests' RAM disk, by its line "# image: NAME".
build_overlay() # WORK FILE
{
	set -e
	tree_start "$1/t"
	tree_from_list "$1/t" "$OVERLAY_LIST"
	pack_cpio "$1/t" "$2"
}

# Which kernel a list's modules are for: its name and when it was built.
kmod_release() # LIST
{
	local root
	grep -q '^kmod' "$1" || return 0
	root=$(modules_root "$GUEST_VERSION")
	stat -c "$GUEST_VERSION %Y" "$root/lib/modules/$GUEST_VERSION/modules.dep"
}

# Sets OVERLAYS: "name file" each, of the cases to be run.
build_overlays()
{
	local name file hash names
	OVERLAYS=()
	mapfile -t names < <(sed -n 's/^# image: \([a-z0-9-]*\)$/\1/p' "${CASE_FILES[@]}" | sort -u)
	for name in "${names[@]}"; do
		OVERLAY_LIST=$LAB/images/$name.list
		[[ -r $OVERLAY_LIST ]] ||
			die_usage "\"# image: $name\" in a case: no $OVERLAY_LIST"
		# shellcheck disable=SC2046 # our lists hold no spaces
		hash=$(content_hash "$(kmod_release "$OVERLAY_LIST")" -- $(list_files "$OVERLAY_LIST") "$OVERLAY_LIST" "$LAB/host/images.sh")
		file=$CACHE/$name-$hash.cpio
		cached_image "$file" build_overlay
		OVERLAYS+=("$name $file")
	done
}

# Sets DOM0_IMAGE GUEST_IMAGE (and $GUEST_IMAGE.ext4) DOM0_VMLINUX GUEST_VMLINUX.
# Two labs with the same cache do not build the same image at once.
build_images()
{
	local hash root cache_lock drivers=()
	check_drivers
	mkdir -p "$CACHE"
	exec {cache_lock}>"$CACHE/lock"
	flock "$cache_lock"
	# shellcheck disable=SC2046 # our lists hold no spaces
	hash=$(content_hash "$DOM0_VERSION" -- $(FROM=$HOST_ROOT list_files "$LAB/images/dom0.list") \
		"$HOST_ROOT/lib/modules/$DOM0_VERSION/modules.dep" "$LAB/images/dom0.list" \
		"$LAB"/agent/*.[ch] "$LAB"/backend/*.[ch] "$LAB"/host/{images,host}.sh "$LAB/dom0/init")
	DOM0_IMAGE=$CACHE/dom0-$hash.cpio
	cached_image "$DOM0_IMAGE" build_dom0

	[[ $DRIVERS == intree ]] || mapfile -t drivers < <(our_modules)
	root=$(modules_root "$GUEST_VERSION")
	[[ ! -d $root/lib/modules/$GUEST_VERSION ]] ||
		drivers+=("$root/lib/modules/$GUEST_VERSION/modules.dep")
	# shellcheck disable=SC2046
	hash=$(content_hash "$GUEST_VERSION" "$DRIVERS" -- \
		$(list_files "$LAB/images/guest.list") "${drivers[@]}" \
		"$LAB"/images/{guest.list,fio-stubs.sh} "$LAB"/agent/*.[ch] \
		"$TOP/packaging/udev/pvguest-console" "$TOP/tests/selftests" \
		"$LAB/host/images.sh" "$LAB"/guest/*)
	GUEST_IMAGE=$CACHE/guest-$DRIVERS-$hash.cpio
	cached_image "$GUEST_IMAGE" build_guest

	DOM0_VMLINUX=$(unpacked_kernel "$DOM0_KERNEL")
	GUEST_VMLINUX=$(unpacked_kernel "$GUEST_KERNEL")
	build_extras
	exec {cache_lock}>&-
}
