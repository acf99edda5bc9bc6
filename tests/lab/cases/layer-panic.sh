#!/bin/bash
# A guest that ends badly leaves a reason: on its console, as xl's reason, in Xen's log. A change of a page table
# that Xen refuses is named.
# runs: image soak-wide
# timeout: 120
# image: broken
# allow: Kernel panic|Call Trace:|sysrq|domain_crash|crash|BUG:|WARNING|cut here|Oops:|BAD: |d[0-9]+v[0-9]

# A panic of a guest that runs, with the log before it.
guest_start g1
if guest_run g1 '[[ -e /proc/sysrq-trigger ]]'; then
	guest_spawn g1 crash 'echo lab: last words >/dev/kmsg; echo c >/proc/sysrq-trigger'
	guest_ended g1 crash
	guest_said g1 'lab: last words' 'Kernel panic - not syncing: sysrq triggered crash' 'Call Trace:'
else
	guest_shutdown g1
fi
note "panic by sysrq"

# A panic at the end of the boot.
guest_doom g2 "cmdline=rdinit=/bin/false"
guest_ended g2 crash
guest_said g2 'Kernel panic - not syncing: Attempted to kill init'
note "panic of init"

# The same, ended before the rest of a panic.
guest_doom g3 "cmdline=rdinit=/bin/false xen_legacy_crash"
guest_ended g3 crash
guest_said g3 'Kernel panic - not syncing: Attempted to kill init'
note "panic with xen_legacy_crash"

# An entry of a page table that Xen refuses: which, and who wanted it. The lab's guests end with a warning.
guest_start g5 "$(guest_ramdisk broken)"
guest_spawn g5 crash 'insmod /lib/modules/broken-pte.ko'
guest_ended g5 crash
guest_said g5 'part of mmu_update\(0x[0-9a-f]+, 0x8000fffffffff063, 0x0\) failed: -[0-9]+, called from broken_pte_set\+'
note "refused entry"

# An exception without a stack to handle it on: no code of the guest can say anything.
# Xen can, and does.
guest_start g4 "$(guest_ramdisk broken)"
guest_spawn g4 crash 'insmod /lib/modules/broken-stack.ko'
guest_ended g4 crash
xl dmesg >"$CASE_DIR/xen-now.log"
for regex in 'domain_crash(_sync)? called from' 'Domain [0-9]+ \(vcpu#0\) crashed' 'RIP: .*ffffffff' 'rsp: .*dead000'; do
	grep -aqE "$regex" "$CASE_DIR/xen-now.log" || fail "Xen's log does not say /$regex/"
done
pass
