#!/bin/bash
# stress-ng on 4 vCPUs: what leans on page tables, traps, timers and signals.
# runs: image soak-image soak-wide soak-debug
# timeout: 300 900
# needs: stress

seconds=$(soak 30 3)
mb=$(soak 64m 8m)
cat /run/images/guest.cpio "$(extra stress)" >/run/images/stress.cpio
guest_start g1 vcpus=4 memory=512 'ramdisk="/run/images/stress.cpio"'
rm /run/images/stress.cpio

for stressor in cpu vm fork mmap mprotect signal futex timer clock switch sigsegv fault; do
	out=$(guest_run g1 "cd /tmp && stress-ng --$stressor 4 --vm-bytes $mb --mmap-bytes $mb \
		--timeout $seconds --verify --metrics-brief 2>&1" $((seconds + 60))) ||
		fail "stress-ng --$stressor: status $?: $(grep -iE 'fail|error|abort|terminat' <<<"$out" | head -n 1)"
	ops=$(awk -v s="$stressor" '$4 == s && $5 ~ /^[0-9]+$/ { print $5 }' <<<"$out")
	note "$stressor: $ops operations"
	((ops)) || fail "stress-ng --$stressor: $ops operations done in $seconds s"
	grep -q "successful run completed" <<<"$out" || fail "stress-ng --$stressor: $(tail -n 1 <<<"$out")"
	! grep -qE 'skipp|not supported|unimplemented' <<<"$out" ||
		fail "stress-ng --$stressor did nothing: $(grep -E 'skipp|not supported|unimplemented' <<<"$out" | head -n 1)"
done
expect "CPUs at the end" "$(guest_do g1 nproc)" 4
# Four CPUs take turns on one processor: a timer's interrupt may lose it half-way.
harmless="$KERNEL_HARMLESS|segfault at|hrtimer: interrupt took"
expect "warnings of the kernel" "$(guest_do g1 "dmesg -r | grep '^<[0-4]>' | grep -vE '$harmless' || :")" ""
guest_shutdown g1
pass
