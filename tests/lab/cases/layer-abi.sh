#!/bin/bash
# What the kernel's layer owes programs: segments, registers, ports, 32 bits, debugging.
# runs: soak soak-wide soak-debug
# timeout: 300

# Skips of this machine: QEMU's CPU is AMD's, which has no sysenter in 32-bit code, and it
# checks neither alignment nor segment limits nor non-canonical stacks and segment bases, and
# raises no icebp and no exception for SSE. A CPU that goes and comes back: layer-cpus.
SKIPS='LAYER_TEST_HOTPLUG|sysenter instruction|alignment check|segment limits|stack fault|not canonical|icebp|exceptions for SSE'

# A small kernel may be configured without some of it; ours with all of it can tell.
find_skips() # GUEST
{
	guest_run "$1" '[[ -e /proc/config.gz || $(uname -r) == *-amd64 ]]' ||
		SKIPS+='|int 0x80|the kernel (has|runs) no '
}

nmis()
{
	guest_do "$1" "awk '\$1 == \"NMI:\" { print \$2 }' /proc/interrupts"
}

more_nmis() # GUEST THAN
{
	(($(nmis "$1") > $2))
}

guest_start g1 vcpus=2
find_skips g1
# Of the CPUs that the in-tree layer brings up, its vDSO knows no number.
not_here=none
[[ $(guest_do g1 'uname -r') != *-amd64 ]] || not_here=layer:getcpu
tests=$(guest_do g1 "tar -xOzf /usr/lib/kselftest.tar.gz ./kselftest-list.txt |
	sed -n '/^$not_here\$/d; s/^layer:/-t &/p'")
guest_selftests g1 ktap 60 '' "${tests//$'\n'/ }"
! kernel_has CONFIG_UPROBE_EVENTS || ! grep -q 'SKIP.* no uprobe events' "$CASE_DIR/ktap" ||
	fail "no instruction was probed, and this kernel can probe"

# An NMI of unknown origin is said, and survived.
before=$(nmis g1)
xl trigger g1 nmi 0
wait_until 20 more_nmis g1 "$before" || fail "no NMI arrived"
guest_do g1 'dmesg | grep -q "NMI received for unknown reason"'
guest_shutdown g1

# With "emulate" the layer carries the instructions for segment bases out, too.
declare -A PAGE=([emulate]=r-xp [none]=none) MORE=([emulate]=xen_fsgsbase=0 [none]='')
declare -A TESTS=([emulate]='-t layer:vsyscall -t layer:fsgsbase -t layer:uprobe' [none]='-t layer:vsyscall')
for mode in emulate none; do
	guest_start g1 "cmdline=vsyscall=$mode ${MORE[$mode]}"
	# shellcheck disable=SC2086 # words
	guest_selftests g1 ktap-vsyscall-$mode 90 '' ${TESTS[$mode]}
	got=$(sed -n 's/^# # the page is //p' "$CASE_DIR/ktap-vsyscall-$mode")
	[[ $SKIPS == *kernel* ]] || expect "the page with vsyscall=$mode" "$got" "${PAGE[$mode]}"
	guest_shutdown g1
done
pass
