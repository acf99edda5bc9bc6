#!/bin/bash
# vCPUs go and come back, 20 times, under load that verifies its work.
# runs: image soak-image soak-debug soak-lite
# timeout: 300 900

kernel_has CONFIG_HOTPLUG_CPU || skip "the guest's kernel has no CPU hotplug"
rounds=$(soak 60 20)
guest_start g1 vcpus=4 memory=256

vcpu_set() # GUEST N
{
	xl vcpu-set --ignore-host "$1" "$2" >>"$CASE_DIR/$1.xl.log" 2>&1 || fail "xl vcpu-set $1 $2 failed"
	guest_do "$1" "until ((\$(nproc) == $2)); do
			((SECONDS < 40)) || { echo \"$2 CPUs wanted, after 40 s there are \$(nproc)\"; exit 1; }
			usleep 50000
		done"
}

# Tasks find their registers on a CPU that was away, and their CPU's number.
guest_selftests g1 ktap 60 LAYER_TEST_HOTPLUG=yes -t layer:xstate -t layer:getcpu

# Each worker starts processes too, and ends with an error at the first wrong result.
guest_do g1 'head -c 300k /dev/urandom >/run/data; sha256sum </run/data >/run/sum'
for n in 1 2 3; do
	guest_spawn g1 "work$n" "want=\$(</run/sum)
		until [[ -e /run/stop ]]; do
			sum=\$(sha256sum </run/data) || { echo \"sha256sum: status \$?\"; exit 1; }
			[[ \$sum == \"\$want\" ]] || { echo \"sum is \$sum, expected \$want\"; exit 1; }
			echo >>/run/done$n
		done"
done

# Hypercalls are counted on a CPU that comes up, too.
guest_do g1 'echo 1 >/sys/kernel/debug/hypercalls/counting'
vcpu_set g1 3
vcpu_set g1 4
guest_do g1 'echo 0 >/sys/kernel/debug/hypercalls/counting'

for ((round = 1; round <= rounds; round++)); do
	# One CPU of four goes, in every fifth round three of them.
	vcpu_set g1 $((round % 5 ? 3 : 1))
	vcpu_set g1 4
	note "round $round"
done

# Every CPU runs processes, and its timer wakes them.
for cpu in 0 1 2 3; do
	guest_do g1 "taskset -c $cpu bash -c 'for n in {1..20}; do usleep 10000; done'" 20
done
worked()
{
	guest_do g1 'for n in 1 2 3; do wc -l </run/done$n; done' | tr '\n' ' '
}
before=$(worked)
more()
{
	guest_run g1 "set -- $before; for n in 1 2 3; do ((\$(wc -l </run/done\$n) > \$1)) || exit; shift; done"
}
stuck=
wait_until 60 more || stuck="a worker made no progress in 60 s; checksums done: $before, $(worked)"
guest_do g1 'touch /run/stop'
for n in 1 2 3; do
	guest_join g1 "work$n" 30 || fail "worker $n ended in an error"
done
[[ -z $stuck ]] || fail "$stuck"
note "checksums by each worker: $before"
guest_shutdown g1
pass
