# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # the parts of run share variables
# Guests on one of the kernels that scripts/supported names, as Debian packages it.

need_guest_kernel() # OPTION VALUE
{
	local known
	known=$(awk '$1 == "kernel" { print $2 }' "$TOP/scripts/supported")
	# shellcheck disable=SC2086 # words
	need_word "$1" "$2" $known
}

# Sets KERNEL: a kernel with its modules, and ours, beside it, as `make image` leaves them.
prepare_guest_kernel()
{
	local from to release log=$TOP/build/guest-kernel/$GUEST_KERNEL_WANTED.log
	[[ -n $GUEST_KERNEL_WANTED ]] || return 0
	[[ -z $KERNEL ]] || die_usage "--guest-kernel and --kernel: only one of them"
	export PV_CACHE=$CACHE
	from=$("$TOP/scripts/fetch-kernel" image "$GUEST_KERNEL_WANTED") || exit 3
	release=$(<"$from/release")
	to=$TOP/build/guest-kernel/$GUEST_KERNEL_WANTED
	rm -rf "$to"
	mkdir -p "$to/lib/modules/$release/updates"
	ln -s "$from"/{vmlinuz,config} "$to"
	ln -s "$from/lib/modules/$release"/{kernel,modules.{builtin,order,builtin.modinfo}} "$to/lib/modules/$release"
	if [[ $DRIVERS == ours ]]; then
		"$TOP/scripts/modules" "$GUEST_KERNEL_WANTED" >"$log" 2>&1 ||
			{ tail -n 20 "$log" >&2; exit 3; }
		cp "$TOP/build/modules/$GUEST_KERNEL_WANTED"/drivers/*/*.ko "$to/lib/modules/$release/updates"
	fi
	depmod -b "$to" "$release"
	KERNEL=$to/vmlinuz
}
