#!/bin/bash
# The kernel's tracers for ten seconds each under load: functions, call graph, interrupts off, wake-ups;
# the events of Xen's.
# runs: soak-wide soak-debug
# timeout: 240 400

guest_start g1 vcpus=2 memory=384
guest_run g1 'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || [[ -e /sys/kernel/debug/tracing/README ]]' ||
	skip "the guest's kernel has no tracing"
TRACING=$(guest_do g1 'for dir in /sys/kernel/tracing /sys/kernel/debug/tracing; do
		[[ ! -e $dir/current_tracer ]] || { echo $dir; break; }
	done')
available=" $(guest_do g1 "cat $TRACING/available_tracers") "
[[ $available == *" function_graph "* ]] || skip "the guest's kernel has no function tracer"
note "tracers:$available"

# The layer's functions and those around them: to patch all of a large kernel takes minutes here.
guest_do g1 "for functions in 'xpv_*' 'xen_*' 'hq_*' 'hbatch_*' 'hcall_*' '*sched_clock*' 'do_*' 'vfs_*' \
			'handle_*' 'tick_*' 'hrtimer_*' 'schedule*' '__x64_sys_*'; do
		echo \"\$functions\" >>$TRACING/set_ftrace_filter || :
	done 2>/dev/null
	((\$(wc -l <$TRACING/set_ftrace_filter) > 500))" 90
guest_do g1 "grep -qE '^(xpv|xen)_' $TRACING/set_ftrace_filter"

# Page tables, processes, timers, system calls, and output on the console; each result is checked.
guest_do g1 'head -c 300k /dev/urandom >/run/data; sha256sum </run/data >/run/sum'
for n in 1 2; do
	guest_spawn g1 "work$n" "done=0
		until [[ -e /run/stop ]]; do
			sha256sum </run/data | cmp -s - /run/sum || exit 1
			(usleep 1000; :)
			echo \$((done += 1)) >/run/done$n
		done"
done
working()	{ guest_run g1 '[[ -s /run/done1 && -s /run/done2 ]]' 60; }

# More entries than the buffer held, in both CPUs' buffers, or a longest latency that was measured.
traced() # TRACER
{
	case $1 in
	function*)	guest_do g1 "awk '\$1 == \"entries:\" || \$1 == \"overrun:\" { n += \$2 }
				END { exit n < 10000 }' $TRACING/per_cpu/cpu0/stats" 60 ;;
	*)		guest_do g1 "((\$(cat $TRACING/tracing_max_latency) > 0))" 60 ;;
	esac
}

seconds=$(soak 30 10)
for tracer in function function_graph irqsoff $(soak 'preemptoff preemptirqsoff wakeup wakeup_rt' ''); do
	[[ $available == *" $tracer "* ]] || continue
	guest_do g1 "echo 0 >$TRACING/tracing_max_latency 2>/dev/null; rm -f /run/done*
		echo $tracer >$TRACING/current_tracer" 90
	guest_do g1 "end=\$((SECONDS + $seconds)); while ((SECONDS < end)); do usleep 200000; done" $((seconds + 60))
	wait_until 60 working || fail "with $tracer the load does not go on"
	traced "$tracer" || fail "$tracer traced nothing: $(guest_run g1 "cat $TRACING/per_cpu/cpu0/stats $TRACING/tracing_max_latency" | tr '\n' ' ')"
	guest_do g1 "echo nop >$TRACING/current_tracer" 60
	note "$tracer: $seconds s"
done

# What <trace/events/xen.h> has for calls and page tables: each event comes under this load.
events='mc_entry mc_callback mc_flush mmu_set_pte mmu_set_pmd mmu_set_pud mmu_set_p4d mmu_ptep_modify_prot_commit
	mmu_alloc_ptpage mmu_release_ptpage mmu_pgd_pin mmu_pgd_unpin mmu_write_cr3'
guest_do g1 "for event in ${events//$'\n'/ }; do
		echo >$TRACING/trace
		echo 1 >$TRACING/events/xen/xen_\$event/enable
		end=\$((SECONDS + 30))
		until head -n 100 $TRACING/trace | grep -q xen_\$event:; do
			((SECONDS < end)) || { echo \"no event xen_\$event under load\"; exit 1; }
			usleep 100000
		done
		echo 0 >$TRACING/events/xen/xen_\$event/enable
	done" 300
note "events: $(wc -w <<<"$events")"

# A CPU comes and goes, the guest is saved and restored, while calls are traced.
if kernel_has CONFIG_HOTPLUG_CPU; then
	guest_do g1 "echo function_graph >$TRACING/current_tracer" 60
	for cpus in 1 2; do
		xl vcpu-set --ignore-host g1 $cpus
		wait_until 60 guest_run g1 "((\$(nproc) == $cpus))" 60 || fail "not $cpus CPUs after xl vcpu-set under function_graph"
	done
	guest_save_restore g1
	guest_do g1 "echo nop >$TRACING/current_tracer" 60
	note "CPU hotplug, save and restore under function_graph"
fi
guest_do g1 'rm -f /run/done*'
wait_until 60 working || fail "after all the load does not go on"
guest_do g1 'touch /run/stop'
for n in 1 2; do
	guest_join g1 "work$n" 30 || fail "worker $n: a checksum was wrong"
done
guest_shutdown g1
pass
