# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# The host: this machine's own Xen, kernel and QEMU, or those of another release of Debian, whose
# packages scripts/fetch-host unpacks. Nothing of the one is run with libraries of the other.

need_host() # OPTION VALUE
{
	local known
	known=$(awk '$1 == "host" { print $2 }' "$TOP/scripts/supported")
	# shellcheck disable=SC2086 # words
	need_word "$1" "$2" $known
}

# Sets HOST_ROOT: empty, or the directory that has the host's files.
prepare_host()
{
	HOST_ROOT=
	[[ -n $HOST ]] || return 0
	export PV_CACHE=$CACHE
	HOST_ROOT=$("$TOP/scripts/fetch-host" "$HOST") || exit 3
}

# newest PATTERN: the last of the files, in the order of versions
newest()
{
	compgen -G "$1" | sort -V | tail -n 1
}

# Sets XEN_DIR and IPXE_DIR, as they are called in dom0, XEN_IMAGE DOM0_KERNEL DOM0_VERSION.
find_host()
{
	XEN_DIR=$(newest "$HOST_ROOT/usr/lib/xen-4.*[0-9]")
	XEN_DIR=${XEN_DIR#"$HOST_ROOT"}
	XEN_IMAGE=$HOST_ROOT/boot/${XEN_DIR#/usr/lib/}-amd64.gz
	[[ -n $XEN_DIR && -r $XEN_IMAGE ]] || die_usage "$XEN_IMAGE: no Xen there that goes with '$XEN_DIR'"
	IPXE_DIR=/usr/share/qemu
	[[ -e $HOST_ROOT$IPXE_DIR/efi-rtl8139.rom ]] || IPXE_DIR=/usr/lib/ipxe/qemu
	DOM0_KERNEL=$(newest "$HOST_ROOT/boot/vmlinuz-*-amd64")
	DOM0_VERSION=${DOM0_KERNEL#"$HOST_ROOT/boot/vmlinuz-"}
	[[ -d $HOST_ROOT/lib/modules/$DOM0_VERSION ]] ||
		die_usage "$DOM0_KERNEL: its modules are not in $HOST_ROOT/lib/modules/$DOM0_VERSION; install linux-image-$DOM0_VERSION"
	[[ -r $DOM0_KERNEL ]] ||
		die_usage "$DOM0_KERNEL: cannot be read by this user"
}

# The host's programs on this machine: by their own loader, with their own libraries.
host_loader()
{
	local lib=$HOST_ROOT/usr/lib/x86_64-linux-gnu
	echo "$HOST_ROOT/lib64/ld-linux-x86-64.so.2 --library-path $lib:$HOST_ROOT$XEN_DIR/lib/x86_64-linux-gnu"
}

# The libraries of a program, by the paths that they have in dom0.
host_libraries() # PATH
{
	# shellcheck disable=SC2046 # words
	$(host_loader) --list "$HOST_ROOT$1" 2>/dev/null | grep -o "$HOST_ROOT/[^ ]*" | sed "s|^$HOST_ROOT||" | sort -u
}

# QEMU is no program of dom0.
host_qemu()
{
	local dir share=()
	if [[ -z $HOST_ROOT ]]; then
		echo qemu-system-x86_64
		return
	fi
	for dir in share/qemu share/seabios lib/ipxe/qemu; do
		share+=(-L "$HOST_ROOT/usr/$dir")
	done
	echo "$(host_loader) $HOST_ROOT/usr/bin/qemu-system-x86_64 ${share[*]}"
}

# A tool for dom0 that speaks to Xen, with libraries that xl has too. The compiler would look for them
# beside itself first.
host_gcc()
{
	local lib=$HOST_ROOT/usr/lib/x86_64-linux-gnu from=()
	[[ -z $HOST_ROOT ]] || from=(--sysroot="$HOST_ROOT" -B "$lib" -L "$lib" "-Wl,-rpath-link,$lib")
	gcc "${from[@]}" -O2 -Wall -Wextra -Werror "$@"
}
