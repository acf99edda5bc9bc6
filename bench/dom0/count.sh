# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What is counted beside time: events, hypercalls, time on the processor.

# Interrupts of the guest, those of its devices (without xenstore's, and the consoles'
# where they are not what is measured, as the primary one carries the lab's own traffic),
# and those of their back ends.
guest_events()
{
	local not=' xenbus| hvc_console'
	((!GUEST_CONSOLES)) || not=' xenbus'
	guest_do g1 "awk '
		{ n = 0; for (i = 2; \$i ~ /^[0-9]+\$/; i++) n += \$i }
		/ xen-/ { all += n }
		/xen-dyn/ && !/$not/ { events += n }
		END { print \"interrupts\", all + 0; print \"events\", events + 0 }' /proc/interrupts"
	awk '/ (blkif-backend|vif[0-9]+\.)|-(rx|tx)$|xen-blkback|blkif/ {
			for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i }
		END { print "backend-events", n + 0 }' /proc/interrupts
}

# since OLD: the lines "WHAT NUMBER" on stdin less those of OLD
since()
{
	awk 'NR == FNR { old[$1] = $2; next } { print $1, $2 - old[$1] }' <(echo "$1") -
}

domains_time()	{ "$BENCH/tools/dom" times; }

# time_since FILE: of the guests together, and of dom0
time_since()
{
	awk 'NR == FNR { old[$1] = $2; next }
		{ t[$1 ? "guest-cpu-ns" : "dom0-cpu-ns"] += $2 - old[$1] }
		END { for (w in t) printf "%s %d\n", w, t[w] }' "$1" -
}

TRACE=/run/bench.trace

# Guests have processor 1. The first record shows that the trace is on; what is
# counted are the records after this.
trace_start()
{
	rm -f $TRACE
	xentrace -D -e 0x00201000 -S 1024 $TRACE >/run/bench.xentrace 2>&1 &
	TRACE_PID=$!
	wait_until 20 trace_flows || lab_error "xentrace: $(tail -n 1 /run/bench.xentrace)"
	TRACE_FROM=$("$BENCH/tools/dom" now)
}

# dom0 is a PV guest itself, whose hypercalls are in the trace as well.
trace_flows()	{ [[ -s $TRACE ]]; }

# trace_stop FILE [OPTION]: the counts
trace_stop()
{
	kill -INT "$TRACE_PID"
	wait "$TRACE_PID" || :
	"$BENCH/tools/tracecount" ${2:+"$2"} "$TRACE_FROM" 1 $TRACE >"$1" || lab_error "tracecount failed"
	rm $TRACE
}

# The grants that the guest gives: now, and at most while a command runs.
guest_grants()	{ "$BENCH/tools/dom" grants "$(guest_domid g1)"; }

# peak_grants FILE COMMAND...
peak_grants()
{
	local file=$1 pid
	shift
	"$BENCH/tools/dom" grants-peak "$(guest_domid g1)" >"$file" &
	pid=$!
	"$@"
	kill $pid
	wait $pid || lab_error "the guest's grants cannot be read"
}

# What is free in the guest once its driver is gone, less what was with it: the last
# thing done with a guest. A page that the back end still maps is given back late: Linux
# looks at ten of these a second, so it takes as long as it grows.
bench_memory()
{
	local before after last
	((GUEST_DISKS + GUEST_VIFS)) || return 0
	guest_free >/dev/null	# loads what it runs
	before=$(guest_free)
	if ((GUEST_DISKS)); then
		module_unload g1 "$BLK_MODULE" "$BLK_DRIVER"
	else
		module_unload g1 "$NET_MODULE" "$NET_DRIVER"
	fi
	after=$(guest_free)
	until last=$after after=$(guest_free 10); ((after <= last + 64)); do :; done
	bench_count memory driver-kb $((after - before))
}

# guest_free [SECONDS]: kB, after some time. Free pages on a CPU's own list are free, too.
guest_free()
{
	guest_do g1 "sync; sleep ${1:-1}; echo 3 >/proc/sys/vm/drop_caches
		echo 1 >/proc/sys/vm/stat_refresh
		awk '\$1 == \"MemFree:\" { kb += \$2 } \$1 == \"count:\" { kb += 4 * \$2 }
			END { print kb }' /proc/meminfo /proc/zoneinfo"
}
