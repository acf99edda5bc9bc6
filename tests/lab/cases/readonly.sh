#!/bin/bash
# A disk given read-only can be read and not written, not even by root.
# runs: test soak-intree rounds
# timeout: 120

disk_create a 16
head -c 16M /dev/urandom >"$(disk_path a)"
sum=$(backend_sha256 a)
guest_start g1 "$(disk_line "$(disk_spec a xvda r)")"
disk_wait g1 xvda
expect "read-only flag" "$(guest_run g1 'blockdev --getro /dev/xvda')" 1
expect "what is read" "$(guest_run g1 'sha256sum </dev/xvda | cut -d" " -f1')" "$sum"
guest_run g1 'dd if=/dev/zero of=/dev/xvda bs=4k count=1 conv=fsync' &&
	fail "a write to a read-only disk succeeded"
guest_run g1 'blockdev --setrw /dev/xvda; dd if=/dev/zero of=/dev/xvda bs=4k count=1 oflag=direct' &&
	fail "a write to a disk that the backend holds read-only succeeded"
guest_shutdown g1
expect "the disk afterwards" "$(backend_sha256 a)" "$sum"
pass
