# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What only cases that ask for it have, variants of a case, what a kernel may say.

# extra NAME: its file; the case's "# needs:" names it too
extra()
{
	[[ ! -e /lab/in/$1.why ]] || lab_error "$(<"/lab/in/$1.why")"
	[[ -e /lab/in/$1 ]] || lab_error "the case has no \"# needs: $1\""
	echo "/lab/in/$1"
}

# kernel_has CONFIG_NAME: the guests' kernel was configured with it
kernel_has()	{ grep -qE "^$1=[ym]$" /lab/in/guest-config; }

# soak LONG SHORT: what a long run (--soak) takes, and what all others do
soak()		{ [[ -n $LAB_SOAK ]] && echo "$1" || echo "$2"; }

# Messages of level warning and above that tell of no trouble: one that has no level of
# its own, one that Linux prints in every guest, that the TSC, which in emulation keeps
# time with no other clock, is given up for ours, that our modules come from outside the
# kernel's tree, and that a back end took over five seconds, which on a busy machine it does;
# what lockdep says of itself where it begins.
KERNEL_HARMLESS='Grant table initialized|xen:xen_privcmd: No target domain found'
KERNEL_HARMLESS+='|clocksource: .*Marking clocksource .tsc. as unstable'
KERNEL_HARMLESS+='|clocksource: +.(xen|tsc). ((wd|cs)_nsec: |\(not .tsc.\) is current)'
KERNEL_HARMLESS+='|loading out-of-tree module taints kernel|module verification failed: signature'
KERNEL_HARMLESS+='|xenbus_probe_frontend: Waiting for devices to initialise'
KERNEL_HARMLESS+='|Lock dependency validator: Copyright|\.\.\. (MAX_LOCK|CLASSHASH_|CHAINHASH_)'
KERNEL_HARMLESS+='|(memory used (by lock dependency info|for stack traces)|per task-struct memory footprint):'
