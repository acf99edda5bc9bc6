# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# For the scripts: KTAP, and Xen's devices seen from inside the guest.
#
# ktap_set_plan N, then N results by ktap_test_pass, _fail, _skip or ktap_is, then
# ktap_finished. A script that ends in another way has failed.

KSFT_SKIP=4
KTAP_PLANNED=0 KTAP_FAILED=0 KTAP_SKIPPED=0 KTAP_DONE=0
XEN_DEVICES=/sys/bus/xen/devices
PVFRONT=/sys/kernel/debug/pvfront

# Programs built elsewhere come first in PATH, those installed are here.
PATH=$PATH:/usr/sbin:/sbin:$(dirname "$(realpath "$0")")

ktap_say()	{ printf '# %s\n' "$*"; }

ktap_set_plan() # N
{
	KTAP_PLANNED=$1
	printf 'TAP version 13\n1..%s\n' "$1"
}

# The test cannot be run here at all.
ktap_skip_all() # WHY
{
	printf 'TAP version 13\n1..0 # SKIP %s\n' "$*"
	exit $KSFT_SKIP
}

ktap_test_pass() # NAME
{
	KTAP_DONE=$((KTAP_DONE + 1))
	echo "ok $KTAP_DONE $1"
}

ktap_test_fail() # NAME WHY
{
	KTAP_DONE=$((KTAP_DONE + 1)) KTAP_FAILED=$((KTAP_FAILED + 1))
	ktap_say "${*:2}"
	echo "not ok $KTAP_DONE $1"
}

ktap_test_skip() # NAME WHY
{
	KTAP_DONE=$((KTAP_DONE + 1)) KTAP_SKIPPED=$((KTAP_SKIPPED + 1))
	echo "ok $KTAP_DONE $1 # SKIP ${*:2}"
}

# ktap_is NAME GOT WANTED
ktap_is()
{
	if [[ $2 == "$3" ]]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1" "got \"$2\", expected \"$3\""
	fi
}

# ktap_holds NAME EXPRESSION: an arithmetic one, printed when it is false
ktap_holds()
{
	if (($2)) 2>/dev/null; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1" "does not hold: $2"
	fi
}

ktap_finished()
{
	((KTAP_DONE == KTAP_PLANNED)) || {
		ktap_say "$KTAP_DONE results, planned were $KTAP_PLANNED"
		exit 1
	}
	((KTAP_FAILED == 0)) || exit 1
	((KTAP_SKIPPED < KTAP_DONE)) || exit $KSFT_SKIP
	exit 0
}

need_root()
{
	((EUID == 0)) || ktap_skip_all "has to be run as root"
}

# need_driver NAME: we are root in a Xen guest where this driver of ours is loaded
need_driver()
{
	need_root
	[[ -d $XEN_DEVICES ]] || ktap_skip_all "no /sys/bus/xen: this is not a Xen guest"
	[[ -d /sys/bus/xen/drivers/$1 ]] || ktap_skip_all "$1 is not loaded: modprobe $1"
	[[ -d $PVFRONT ]] ||
		ktap_skip_all "no $PVFRONT: mount -t debugfs debugfs /sys/kernel/debug"
}

# need_devices DRIVER PREFIX: sets DEVICES to the names of those bound to it
need_devices()
{
	local dev
	need_driver "$1"
	DEVICES=()
	for dev in "/sys/bus/xen/drivers/$1/$2"-*; do
		[[ ! -e $dev ]] || DEVICES+=("$(basename "$dev")")
	done
	((${#DEVICES[@]})) || ktap_skip_all "no $2 of this guest is bound to $1"
}

front_key()	{ xs_read "device/${1/-/\/}/$2"; }	# DEVICE KEY
front_debug()	{ sed -n "s/^$2 \([^ ]*\).*/\1/p" "$PVFRONT/$1"; }	# DEVICE WORD

# backend_key DEVICE KEY [DEFAULT]
backend_key()
{
	xs_read "$(front_key "$1" backend)/$2" 2>/dev/null || printf '%s\n' "${3-none}"
}

# Three results that every kind of device gives.
# shellcheck disable=SC2034 # for those who source this
CONNECTION_TESTS=3
connection_tests() # DEVICE
{
	ktap_is "$1: state" "$(<"$XEN_DEVICES/$1/state")" Connected
	ktap_is "$1: phase of the connection" "$(front_debug "$1" phase)" live
	ktap_is "$1: protocol errors" "$(front_debug "$1" protocol_errors)" 0
}

# kmsg_mark, then something that logs, then kmsg_since: the kernel's log from there on
kmsg_mark()
{
	KMSG_MARK="selftest $$ mark $((KTAP_DONE + 1)).$RANDOM"
	echo "$KMSG_MARK" >/dev/kmsg
}

kmsg_since()	{ dmesg | sed "1,/$KMSG_MARK/d"; }

# refuses NAME FILE VALUE WORDS: writing VALUE to FILE is refused with an error, the
# kernel's log has WORDS in a line, and FILE reads as before (if it can be read)
refuses()
{
	local before after message log
	before=$(cat "$2" 2>/dev/null)
	kmsg_mark
	if message=$({ printf '%s\n' "$3" >"$2"; } 2>&1); then
		ktap_test_fail "$1" "\"$3\" was taken, expected an error"
		[[ -z $before ]] || printf '%s\n' "$before" >"$2"
		return
	fi
	log=$(kmsg_since)
	after=$(cat "$2" 2>/dev/null)
	if [[ $log != *"$4"* ]]; then
		ktap_test_fail "$1" "refused (${message##*: }), but the kernel's log says \"$log\", expected \"$4\""
	else
		ktap_is "$1" "$after" "$before"
	fi
}
