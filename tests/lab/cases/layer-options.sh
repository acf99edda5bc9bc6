#!/bin/bash
# A bad option or too little memory is said where somebody sees it, and good options do what they say.
# runs: image soak-wide
# timeout: 180
# allow: Kernel panic|Call Trace:|crash|Out of memory|page allocation failure

# log_said REGEX...: errors in the log of g1
log_said()
{
	local regex
	for regex; do
		grep -qE -- "$regex" "$CASE_DIR/log" || fail "the guest's log does not say /$regex/"
	done
}

guest_start g1 "cmdline=xen_fsgsbase=maybe xen_legacy_crash=2 xen_timer_slop=fast xen_msr_safe=0 xen_512gb_limit=9"
guest_do g1 dmesg >"$CASE_DIR/log"
grep -q 'guest layer of pvguest' "$CASE_DIR/log" || skip "the options of our kernel's layer"
log_said 'xen_fsgsbase=maybe: expected 0, 1, or no value' \
	'xen_legacy_crash=2: expected 0, 1, or no value' \
	'xen_timer_slop=fast: expected a number from 1 to 1000000000' \
	'xen_msr_safe=0: not in this kernel' \
	'xen_512gb_limit=9: expected 0, 1, or no value'
guest_do g1 'grep -qw fsgsbase /proc/cpuinfo'
guest_shutdown g1

good="xen_fsgsbase=0 xen_legacy_crash=1 xen_timer_slop=100000 xen_msr_safe=1 xen_512gb_limit"
! kernel_has CONFIG_PARAVIRT_SPINLOCKS || good+=" xen_nopvspin"
guest_start g1 vcpus=2 "cmdline=$good"
guest_do g1 dmesg >"$CASE_DIR/log"
! grep -E '(xen_|Malformed|Unknown).*(expected|ignored|option|parameter)' "$CASE_DIR/log" || fail "a good option was refused"
expect "least time to a timer" "$(guest_do g1 "awk '\$1 == \"min_delta_ns:\" { print \$2 }' /proc/timer_list | sort -u")" 100000
guest_do g1 '! grep -qw fsgsbase /proc/cpuinfo'
guest_shutdown g1

guest_start g1 memory=256 maxmem=4096
guest_do g1 dmesg >"$CASE_DIR/log"
log_said 'memory above [0-9]+ MB ignored: maxmem is more than 11 times the memory at boot'
guest_shutdown g1

# From nothing to enough: the builder refuses, then the kernel does, and none is silent.
head -c 512 /dev/zero >/run/empty.cpio
refused=0 panicked=0
for memory in 8 16 24 28 32 36 40 48 64; do
	if ! guest_doom "m$memory" memory=$memory 'ramdisk="/run/empty.cpio"'; then
		refused=$((refused + 1))
		grep -qi memory "$CASE_DIR/m$memory.xl.log" || fail "xl does not say what is wrong with $memory MB"
		! guest_alive "m$memory" || xl destroy "m$memory"
		continue
	fi
	guest_ended "m$memory" crash
	guest_said "m$memory" 'Kernel panic - not syncing'
	panicked=$((panicked + 1))
	note "$memory MB: $(grep -am 1 'Kernel panic' "/lab/out/console/guest-m$memory.log")"
done
note "$refused refused by the builder, $panicked ended by the kernel"
((refused && panicked)) || fail "$refused refused by the builder, $panicked ended by the kernel"
pass
